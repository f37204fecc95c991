/* The Kalman filter that estimates relative position, relative velocity and target acceleration in one channel. It
 * measures the position R lambda*, where R is the range and lambda* the measured angle of the line of sight. It assumes
 * process noise on the target's acceleration (random-start shaping; Zarchan, Tactical and Strategic Missile Guidance,
 * chapter 9). Both channels share one covariance. The homing loop stores the errors of the estimated position and
 * velocity, not the estimates, because the errors do not change when the axes follow the line of sight. */
#ifndef ZEM_ESTIMATOR_H
#define ZEM_ESTIMATOR_H

/* Covariance of the estimation error, symmetric. Index 1 is position, 2 velocity and 3 acceleration; SI units. */
struct covariance {
    real p11, p12, p13, p22, p23, p33;
};
/* The Kalman gains: changes of the three estimates for each metre of residual, in units of 1, 1/s and 1/s2. */
struct kalman_gain {
    real position, velocity, acceleration;
};

/* Returns the covariance at start of homing. It is diagonal. */
ZEM_FUNCTION struct covariance covariance_begin(UNIFORM struct cell_parameters *cell)
{
    struct covariance p;
    p.p11 = splat(cell->initial_variance[0]);
    p.p22 = splat(cell->initial_variance[1]);
    p.p33 = splat(cell->initial_variance[2]);
    p.p12 = p.p13 = p.p23 = splat(0.0f);
    return p;
}

/* Updates the covariance with a measurement of position that has this variance (m2). Returns the gain. */
ZEM_FUNCTION struct kalman_gain covariance_update(struct covariance *p, real variance)
{
    struct kalman_gain gain;
    const real inverse = reciprocal(greater(p->p11 + variance, splat(1.0e-12f)));
    gain.position = p->p11 * inverse;
    gain.velocity = p->p12 * inverse;
    gain.acceleration = p->p13 * inverse;
    const real rest = variance * inverse; /* equals 1 - gain.position without cancellation */
    p->p22 = fmadd(-gain.velocity, p->p12, p->p22);
    p->p23 = fmadd(-gain.velocity, p->p13, p->p23);
    p->p33 = fmadd(-gain.acceleration, p->p13, p->p33);
    p->p11 = p->p11 * rest;
    p->p12 = p->p12 * rest;
    p->p13 = p->p13 * rest;
    return gain;
}

/* Returns the variance of the position (m2) that a sampled seeker measures at a range (m). It is that of white noise
 * averaged over the sample interval. */
ZEM_FUNCTION real sample_variance(UNIFORM struct cell_parameters *cell, real range, real inverse_range)
{
    return range * range * (noise_density(cell, range, inverse_range) * reciprocal(splat(cell->sample_interval)));
}

/* Returns the covariance `a` in the lanes (trials) of m, and `b` in the others. */
ZEM_FUNCTION struct covariance covariance_choose(mask m, const struct covariance *a, const struct covariance *b)
{
    struct covariance p;
    p.p11 = choose(m, a->p11, b->p11);
    p.p12 = choose(m, a->p12, b->p12);
    p.p13 = choose(m, a->p13, b->p13);
    p.p22 = choose(m, a->p22, b->p22);
    p.p23 = choose(m, a->p23, b->p23);
    p.p33 = choose(m, a->p33, b->p33);
    return p;
}

/* Propagates the covariance P over a step of duration h (s) to F P F' + Q, where F' is the transpose of F. Q is the
 * covariance of white jerk of spectral density s. It is symmetric; the dots stand for its lower half.
 *
 *   F = [1 h h^2/2; 0 1 h; 0 0 1],  Q = s [h^5/20 h^4/8 h^3/6; . h^3/3 h^2/2; . . h] */
ZEM_FUNCTION void covariance_propagate(UNIFORM struct cell_parameters *cell, struct covariance *p, real h)
{
    const real s = cell->process_noise * h;
    const real half_square = 0.5f * h * h;
    /* rows of F P */
    const real a11 = fmadd(half_square, p->p13, fmadd(h, p->p12, p->p11));
    const real a12 = fmadd(half_square, p->p23, fmadd(h, p->p22, p->p12));
    const real a13 = fmadd(half_square, p->p33, fmadd(h, p->p23, p->p13));
    const real a22 = fmadd(h, p->p23, p->p22);
    const real a23 = fmadd(h, p->p33, p->p23);
    const real sh = s * h, shh = sh * h;
    p->p11 = fmadd(shh * h, 0.05f * h, fmadd(half_square, a13, fmadd(h, a12, a11)));
    p->p12 = fmadd(shh, 0.125f * h, fmadd(h, a13, a12));
    p->p13 = fmadd(shh, splat(0.166666672f), a13);
    p->p22 = fmadd(shh, splat(0.333333343f), fmadd(h, a23, a22));
    p->p23 = fmadd(sh, splat(0.5f), a23);
    p->p33 = p->p33 + s;
}

/* Returns the longest step that still follows the changes of a Kalman filter, s: cell->filter_share times the time in
 * which a measurement moves the estimate of position. That time is the spectral density of the noise in position,
 * m2/Hz, over the variance of the estimate. The density is `range` (m) squared times `density` (rad2/Hz). The step is
 * at most `longest` and at least a sixteenth of it. The lower bound acts while the variance is large: the time is then
 * very short, but a shorter step gains nothing, because the first measurement alone decides the estimate. */
ZEM_FUNCTION real estimator_step(UNIFORM struct cell_parameters *cell, const struct covariance *p, real range,
                                 real density, real longest)
{
    const real own = cell->filter_share * (range * range * density) * reciprocal(greater(p->p11, splat(1.0e-12f)));
    return lesser(longest, greater(own, 0.0625f * longest));
}

/* Applies the measurement of a sampled seeker to the estimates of a channel in the lanes (trials) of `m`. The estimates
 * jump by gain times residual (Zarchan, Tactical and Strategic Missile Guidance, chapter 9). `error` is the measured
 * minus the true position, m. */
ZEM_FUNCTION void channel_jump(mask m, const struct kalman_gain *gain, real error, struct channel *c)
{
    const real residual = error - c->error_position;
    c->error_position = choose(m, fmadd(gain->position, residual, c->error_position), c->error_position);
    c->error_velocity = choose(m, fmadd(gain->velocity, residual, c->error_velocity), c->error_velocity);
    c->estimate_acceleration =
        choose(m, fmadd(gain->acceleration, residual, c->estimate_acceleration), c->estimate_acceleration);
}

/* A measurement of the Kalman filter over one step. It stands for a continuous measurement, so it changes the estimates
 * at the rate gain times residual over the whole step. The gain is that of a measurement in the middle of the step. The
 * residual follows the noise within the step. */
struct measurement {
    struct kalman_gain gain;           /* Kalman gain divided by the step's duration */
    real residual_y[3], residual_z[3]; /* m */
    /* Correction of the rate of the estimated position, m/s. A residual that changes within the step displaces the
     * position by way of the velocity. The correction cancels this displacement. */
    real shift_y, shift_z;
};

/* Computes the residuals of a channel at start, middle and end of a step, m. A residual is the measured position minus
 * the position estimated for the middle of the step. Both positions are counted from the true position, so the measured
 * one is `range` (m) times `noise` (rad), and the estimated one is the error of the estimate. `disturbance` is the true
 * relative acceleration (m/s2), and `half_step` half the duration (s). */
ZEM_FUNCTION void channel_residual(const struct channel *c, const real range[3], const real noise[3], real disturbance,
                                   real half_step, real residual[3])
{
    const real drift = fmadd(0.5f * half_step, c->estimate_acceleration - disturbance, c->error_velocity);
    const real error = fmadd(half_step, drift, c->error_position);
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        residual[node] = fmadd(range[node], noise[node], -error);
}

/* Makes the measurement of a step from the ranges (m) and the noise (rad) at its start, middle and end, and from the
 * disturbances in its middle (m/s2).
 *
 * `gain` is made for a jump of the estimates in the middle of the step. A jump a of the acceleration there moves the
 * position by a h^2/8 until the end of a step of duration h. The same change, spread over the step, moves the position
 * by a h^2/6. So the gain of position is reduced by the difference, h^2/24 times the gain of acceleration. */
ZEM_FUNCTION void measurement_make(const struct homing *h, const struct kalman_gain *gain, real step,
                                   const real range[3], const real noise_y[3], const real noise_z[3],
                                   real disturbance_y, real disturbance_z, struct measurement *m)
{
    const real inverse_step = reciprocal(greater(step, splat(1.0e-9f))), half_step = 0.5f * step;
    m->gain.acceleration = gain->acceleration * inverse_step;
    m->gain.velocity = gain->velocity * inverse_step;
    m->gain.position =
        fmadd(-0.166666672f * half_step * half_step, m->gain.acceleration, gain->position * inverse_step);
    channel_residual(&h->y, range, noise_y, disturbance_y, half_step, m->residual_y);
    channel_residual(&h->z, range, noise_z, disturbance_z, half_step, m->residual_z);
    /* a twelfth of the step times the gain of velocity */
    const real slope_share = 0.166666672f * half_step * m->gain.velocity;
    m->shift_y = slope_share * (m->residual_y[2] - m->residual_y[0]);
    m->shift_z = slope_share * (m->residual_z[2] - m->residual_z[0]);
}

/* Returns a measurement that leaves the estimate unchanged. */
ZEM_FUNCTION struct measurement measurement_none(void)
{
    struct measurement m;
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        m.residual_y[node] = m.residual_z[node] = splat(0.0f);
    m.shift_y = m.shift_z = splat(0.0f);
    m.gain.position = m.gain.velocity = m.gain.acceleration = splat(0.0f);
    return m;
}

#endif
