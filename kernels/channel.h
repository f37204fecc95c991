/* The state of the homing loop: what the seeker, the filter, the estimator and the autopilot of one channel remember,
 * and its relative motion. */
#ifndef ZEM_CHANNEL_H
#define ZEM_CHANNEL_H

/* State of one channel. Autopilot stages fill the array from its end, so that the last is always the achieved
 * acceleration. */
struct channel {
    real position, velocity;             /* target minus interceptor, m, m/s */
    real tracker;                        /* angle of the tracker, rad */
    real error_position, error_velocity; /* kalman: estimate minus truth, m, m/s */
    real estimate_acceleration;          /* kalman: of the target, m/s2 */
    real filter;                         /* filtered line-of-sight rate, rad/s */
    real stage[ZEM_STAGES_LIMIT];
};
struct homing {
    struct channel y, z;
};

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

ZEM_FUNCTION real channel_achieved(UNIFORM struct cell_parameters *cell, const struct channel *c, real command)
{
    return HAS(cell, ZEM_FEATURE_AUTOPILOT) ? c->stage[ZEM_STAGES_LIMIT - 1] : command;
}

#endif
