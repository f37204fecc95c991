/* The Kalman filter of one channel. Its three states are relative position, relative velocity and target acceleration.
 * It measures R lambda* and assumes process noise on the target's acceleration (random-start shaping; Zarchan, Tactical
 * and Strategic Missile Guidance, chapter 9). Both channels share one covariance. The loop carries the error of the
 * estimate in position and velocity instead of the estimate, because the error does not change when the frame follows
 * the line of sight. */
#ifndef ZEM_ESTIMATOR_H
#define ZEM_ESTIMATOR_H

/* Covariance of the estimation error, symmetric. Index 1 is position, 2 velocity and 3 acceleration; SI units. */
struct covariance {
    real p11, p12, p13, p22, p23, p33;
};
/* Gains of the states for a residual of position: of unit 1, 1/s and 1/s2. */
struct kalman_gain {
    real position, velocity, acceleration;
};

/* Covariance at start of homing, which is diagonal. */
ZEM_FUNCTION struct covariance covariance_begin(UNIFORM struct cell_parameters *cell)
{
    struct covariance p;
    p.p11 = splat(cell->initial_variance[0]);
    p.p22 = splat(cell->initial_variance[1]);
    p.p33 = splat(cell->initial_variance[2]);
    p.p12 = p.p13 = p.p23 = splat(0.0f);
    return p;
}

/* Updates the covariance with a measurement of position of this variance (m2). Returns the gain. */
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

/* Variance of a sample's measurement of position, m2: that of white noise averaged over the interval. */
ZEM_FUNCTION real sample_variance(UNIFORM struct cell_parameters *cell, real range, real inverse_range)
{
    return range * range * (noise_density(cell, range, inverse_range) * reciprocal(splat(cell->sample_interval)));
}

/* The covariance `a` in the lanes of m, and `b` elsewhere. */
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

/* Propagates the covariance over a step of duration h to F P F' + Q. For white jerk of density s, Q is symmetric:
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

/* Longest step that follows the filter, s: cell->filter_share times the time in which a measurement of the range
 * `range` (m) moves the estimate of position. That time is the noise's spectral density in position, m2/Hz, over the
 * variance of the estimate. A step is never cut below a sixteenth of `longest`: in a filter that knows next to
 * nothing the first measurement decides, whatever its length. */
ZEM_FUNCTION real estimator_step(UNIFORM struct cell_parameters *cell, const struct covariance *p, real range,
                                 real density, real longest)
{
    const real own = cell->filter_share * (range * range * density) * reciprocal(greater(p->p11, splat(1.0e-12f)));
    return lesser(longest, greater(own, 0.0625f * longest));
}

/* A sampled seeker measures in the lanes of `m`: a measurement of position whose error is `error` in m makes the
 * estimates of a channel jump (Zarchan, Tactical and Strategic Missile Guidance, chapter 9). */
ZEM_FUNCTION void channel_jump(mask m, const struct kalman_gain *gain, real error, struct channel *c)
{
    const real residual = error - c->error_position;
    c->error_position = choose(m, fmadd(gain->position, residual, c->error_position), c->error_position);
    c->error_velocity = choose(m, fmadd(gain->velocity, residual, c->error_velocity), c->error_velocity);
    c->estimate_acceleration =
        choose(m, fmadd(gain->acceleration, residual, c->estimate_acceleration), c->estimate_acceleration);
}

/* A measurement of the Kalman filter. It acts over the whole step at the rate gain times residual, because it stands
 * for a continuous measurement. The residual follows the noise within the step. The gain is that of a measurement in
 * the middle of the step. */
struct measurement {
    struct kalman_gain gain;           /* of the measurement divided by the step, 1/s */
    real residual_y[3], residual_z[3]; /* m */
    /* Correction of the rate of position, m/s. A residual that slopes within the step moves the position by way of the
     * velocity. The correction cancels that displacement. */
    real shift_y, shift_z;
};

/* Computes the residuals of a channel at start, middle and end of a step, m. A residual is the measured position, with
 * the noise (rad) at that range (m), minus the position estimated for the middle of the step. */
ZEM_FUNCTION void channel_residual(const struct channel *c, const real range[3], const real noise[3], real disturbance,
                                   real half_step, real residual[3])
{
    const real drift = fmadd(0.5f * half_step, c->estimate_acceleration - disturbance, c->error_velocity);
    const real error = fmadd(half_step, drift, c->error_position);
    ZEM_UNROLL
    for (int node = 0; node < 3; node++)
        residual[node] = fmadd(range[node], noise[node], -error);
}

/* Makes the measurement of a step from the noise (rad), the ranges (m) and the disturbances in its middle (m/s2).
 * Kalman gains belong to a jump of the estimate in the middle of the step: a jump a of the acceleration moves the
 * position by a h^2/8 until the end. The same change spread over the step moves it by a h^2/6. The gain of position is
 * reduced by the difference, h^2/24 times the gain of acceleration. */
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
