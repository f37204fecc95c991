/* The state of the homing loop: relative motion, tracker, filter, estimator and autopilot stages of both channels.
 * homing.h and transition.h integrate it. */
#ifndef ZEM_CHANNEL_H
#define ZEM_CHANNEL_H

/* State of one channel. The autopilot stages in use are the last ones of `stage`, so that stage[ZEM_STAGES_LIMIT - 1]
 * is always the achieved acceleration. */
struct channel {
    real position, velocity;             /* target minus interceptor, m, m/s */
    real tracker;                        /* pointing angle of the tracker, or estimate of a sampled seeker, rad */
    real error_position, error_velocity; /* kalman: estimate minus truth, m, m/s; else see below */
    real estimate_acceleration;          /* kalman: estimated target acceleration, m/s2; else see below */
    real filter;                         /* filtered line-of-sight rate; of a sampled seeker the one in use, rad/s */
    real stage[ZEM_STAGES_LIMIT];
};
struct homing {
    struct channel y, z;
};

/* The members that only a Kalman filter needs serve a seeker without one, which has no other room: engines are up to a
 * half slower with a larger state. ANGLE_BY_RADOME is the radome's slope times the angle by which the flight path has
 * turned, rad; behind a Kalman filter the member `filter` has it. PENDING_RATE is a sampled seeker's latest estimate of
 * the line-of-sight rate, rad/s. A quadratic lag x has the further state x' T, where T is its time constant:
 * TRACKER_DRIVE of the tracker, rad, and FILTER_DRIVE of the noise filter, rad/s. */
#define ANGLE_BY_RADOME error_position
#define PENDING_RATE error_velocity
#define TRACKER_DRIVE error_velocity
#define FILTER_DRIVE estimate_acceleration

ZEM_FUNCTION struct channel channel_zero(void)
{
    struct channel c;
    c.position = c.velocity = c.tracker = c.filter = splat(0.0f);
    c.error_position = c.error_velocity = c.estimate_acceleration = splat(0.0f);
    ZEM_UNROLL
    for (int k = 0; k < ZEM_STAGES_LIMIT; k++)
        c.stage[k] = splat(0.0f);
    return c;
}

/* Achieved acceleration, m/s2: the last autopilot stage, or the command itself without an autopilot. */
ZEM_FUNCTION real channel_achieved(UNIFORM struct cell_parameters *cell, const struct channel *c, real command)
{
    return HAS(cell, ZEM_FEATURE_AUTOPILOT) ? c->stage[ZEM_STAGES_LIMIT - 1] : command;
}

#endif
