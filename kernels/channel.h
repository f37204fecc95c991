/* The state of the homing loop: relative motion, tracker, filter, estimator and autopilot stages of both channels.
 * homing.h and transition.h integrate it. */
#ifndef ZEM_CHANNEL_H
#define ZEM_CHANNEL_H

/* State of one channel, that is of one of the two directions normal to the line of sight. The autopilot stages in use
 * are the last ones of `stage`, so stage[ZEM_STAGES_LIMIT - 1] is always the achieved acceleration. */
struct channel {
    real position, velocity;             /* target minus interceptor, m, m/s */
    real tracker;                        /* pointing angle of the tracker, or estimate of a sampled seeker, rad */
    real error_position, error_velocity; /* kalman: estimate minus truth, m, m/s; else as named below */
    real estimate_acceleration;          /* kalman: estimated target acceleration, m/s2; else as named below */
    real filter;                         /* line-of-sight rate, filtered or by a sampled seeker, rad/s; see below */
    real stage[ZEM_STAGES_LIMIT];
};
struct homing {
    struct channel y, z;
};

/* Three members of struct channel that only a Kalman filter needs hold other states in a cell without one. The members
 * are shared, because the kernels are up to a half slower with a larger structure.
 *
 *   ANGLE_BY_RADOME  the radome's slope times the angle by which the flight path has turned, rad; a cell with a
 *                    Kalman filter has it in `filter`
 *   PENDING_RATE     latest estimate of the line-of-sight rate by a sampled seeker, rad/s
 *   TRACKER_DRIVE    T x' of a tracker that is a quadratic lag, with its state x and its time constant T, rad
 *   FILTER_DRIVE     T x' of a noise filter that is a quadratic lag, rad/s */
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

/* Returns the achieved acceleration, m/s2: the last autopilot stage, or `command` where there is no autopilot. */
ZEM_FUNCTION real channel_achieved(UNIFORM struct cell_parameters *cell, const struct channel *c, real command)
{
    return HAS(cell, ZEM_FEATURE_AUTOPILOT) ? c->stage[ZEM_STAGES_LIMIT - 1] : command;
}

/* Applies an angle (rad) that a sampled seeker measures, in the lanes (trials) of `m`. A fading-memory filter of two
 * states estimates angle and rate (Zarchan, Tactical and Strategic Missile Guidance, chapter 7). With memory b the
 * gains of the residual are 1 - b^2 for the angle and (1 - b)^2 / interval for the rate. */
ZEM_FUNCTION void channel_sample(UNIFORM struct cell_parameters *cell, mask m, real angle, struct channel *c)
{
    const real predicted = fmadd(splat(cell->sample_interval), c->PENDING_RATE, c->tracker),
               residual = angle - predicted;
    c->tracker = choose(m, fmadd(splat(cell->memory_angle), residual, predicted), c->tracker);
    c->PENDING_RATE = choose(m, fmadd(splat(cell->memory_rate), residual, c->PENDING_RATE), c->PENDING_RATE);
}

/* Sets the rates of change of tracker and filter to 0 in the lanes (trials) outside m, whose seeker waits for the
 * target. */
ZEM_FUNCTION void channel_wait(UNIFORM struct cell_parameters *cell, mask m, struct channel *rate)
{
    const real zero = splat(0.0f);
    rate->tracker = choose(m, rate->tracker, zero);
    rate->filter = choose(m, rate->filter, zero);
    if (HAS(cell, ZEM_FEATURE_QUADRATIC_TRACKER))
        rate->TRACKER_DRIVE = choose(m, rate->TRACKER_DRIVE, zero);
    if (HAS(cell, ZEM_FEATURE_QUADRATIC_FILTER))
        rate->FILTER_DRIVE = choose(m, rate->FILTER_DRIVE, zero);
}

#endif
