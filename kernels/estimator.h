/* The Kalman filter of one channel: three states (relative position, relative velocity, target acceleration), measurement R lambda*, process
 * noise on the target's acceleration (random-start shaping; Zarchan, Tactical and Strategic Missile Guidance, chapter 9). The channels
 * share one covariance. What is carried is the error of the estimate, which no change of frame touches. */
#ifndef ZEM_ESTIMATOR_H
#define ZEM_ESTIMATOR_H

/* Covariance of the estimate, symmetric: position 1, velocity 2, acceleration 3. */
struct covariance {
    real p11, p12, p13, p22, p23, p33;
};
struct kalman_gain {
    real position, velocity, acceleration;
};

ZEM_FUNCTION struct covariance covariance_begin(UNIFORM struct cell_parameters *cell)
{
    struct covariance p;
    p.p11 = splat(cell->initial_variance[0]);
    p.p22 = splat(cell->initial_variance[1]);
    p.p33 = splat(cell->initial_variance[2]);
    p.p12 = p.p13 = p.p23 = splat(0.0f);
    return p;
}

/* Gain of a measurement of position with this variance, and the covariance after it. */
ZEM_FUNCTION struct kalman_gain covariance_update(struct covariance *p, real variance)
{
    struct kalman_gain gain;
    const real inverse = reciprocal(greater(p->p11 + variance, splat(1.0e-12f)));
    gain.position = p->p11 * inverse;
    gain.velocity = p->p12 * inverse;
    gain.acceleration = p->p13 * inverse;
    const real rest = variance * inverse; /* 1 - gain.position without cancellation */
    p->p22 = fmadd(-gain.velocity, p->p12, p->p22);
    p->p23 = fmadd(-gain.velocity, p->p13, p->p23);
    p->p33 = fmadd(-gain.acceleration, p->p13, p->p33);
    p->p11 = p->p11 * rest;
    p->p12 = p->p12 * rest;
    p->p13 = p->p13 * rest;
    return gain;
}

/* Covariance after a step of duration h: F P F' + Q, F = [1 h h^2/2; 0 1 h; 0 0 1], white jerk of density s: Q = s [h^5/20 h^4/8 h^3/6;
 * h^3/3 h^2/2; h]. */
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

#endif
