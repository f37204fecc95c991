/* Flies single trials of a cell again. A trial has the same bits as when a run counted it, because its random numbers
 * depend only on its address (cell, number, shot). */
#ifndef ZEM_REPLAY_H
#define ZEM_REPLAY_H

#include "base/kernel_types.h"

#include <stdbool.h>

/* The state of a trial at the start of a step. Members with two values belong to channels y and z. */
struct zem_replay_step {
    float time;        /* since start of homing, s */
    float time_to_go;  /* s; point-mass: until closest approach if neither body accelerated */
    float range;       /* m */
    float position[3]; /* target minus interceptor, m; linear: [1], [2] are channels y, z; point-mass: Earth axes */
    float target_velocity[3];      /* m/s, Earth axes; only with point-mass kinematics, else 0 */
    float target_altitude;         /* m; only with point-mass kinematics, else 0 */
    float step;                    /* duration, s */
    float sight_rate[2];           /* of the line of sight without noise, rad/s */
    float noise[2];                /* of the measured angle at the start of the step, rad */
    float command[2], achieved[2]; /* acceleration of the interceptor, m/s2 */
    float target_acceleration[2];  /* maneuver, m/s2 */
    bool saturated;                /* the command is at its limit */
    /* Set in the call after the last step. `step` to `saturated` are then unknown and 0. */
    bool blind;
};

/* The result of a trial, as a run counts it. */
struct zem_replay_end {
    float miss, scored;                        /* m; `scored` is compared with the hit radii */
    float flight_time, divert, saturated_time; /* s, m/s, s */
    uint32_t outcome;                          /* enum zem_outcome */
    /* The trial's term in the sum ZEM_TALLY_MIX: trial_mix of kernels/tally.h. */
    uint64_t mix;
};

/* Flies shot `shot` of a trial and returns its result. `schedule` has the steps of the cell for linear kinematics.
 * `observe` is called at the start of every step, and once after the last step: at the start of the blind time, or
 * where a trial without a miss distance ended. It may be NULL. */
struct zem_replay_end zem_replay_fly(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                     uint64_t trial, uint32_t shot,
                                     void (*observe)(void *context, const struct zem_replay_step *step), void *context);

#endif
