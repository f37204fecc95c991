/* Single trials flown again by the scalar reading of the kernels: the same bits as the ones that a run counted. Trials
 * have an address (cell, number, shot) and need nothing else. */
#ifndef ZEM_REPLAY_H
#define ZEM_REPLAY_H

#include "base/kernel_types.h"

#include <stdbool.h>

/* The start of one step, as the trial saw it. Two values are those of channels y and z. */
struct zem_replay_step {
    float time;        /* since start of homing, s */
    float time_to_go;  /* s; point-mass: to the closest approach on straight lines */
    float range;       /* m */
    float position[3]; /* target minus interceptor, m. linear: [1], [2] are channels y, z. point-mass: Earth axes */
    float target_velocity[3];      /* point-mass: Earth axes, m/s */
    float target_altitude;         /* point-mass: m */
    float step;                    /* duration, s */
    float sight_rate[2];           /* of the line of sight, rad/s, without noise */
    float noise[2];                /* of the measured angle, rad */
    float command[2], achieved[2]; /* of the interceptor, m/s2 */
    float target_acceleration[2];  /* maneuver, m/s2 */
    bool saturated;                /* the command is at its limit */
    bool blind;                    /* the seeker is blind: what lies between step and blind is not known and 0 */
};

/* How the trial ended, as it is counted. */
struct zem_replay_end {
    float miss, scored;                        /* m; scored is held against the hit radii */
    float flight_time, divert, saturated_time; /* s, m/s, s */
    uint32_t outcome;                          /* enum zem_outcome */
    uint64_t mix;                              /* what it adds to ZEM_TALLY_MIX */
};

/* Flies a trial. `schedule` has the steps of the cell (linear kinematics). `observe` may be NULL; it is called at the
 * start of every step down to blind time, and once more where the blind arc begins. */
struct zem_replay_end zem_replay_fly(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                     uint64_t trial, uint32_t shot,
                                     void (*observe)(void *context, const struct zem_replay_step *step), void *context);

#endif
