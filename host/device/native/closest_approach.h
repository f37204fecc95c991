/* The observer of a flight in double precision that measures the error of the formula for the closest approach. The
 * formula assumes straight relative motion after the last step, but drag, maneuver and command curve the motion.
 * native_engine.c defines ZEM_OBSERVER as the name of this file. The study of the error budget reads the error. */
#ifndef ZEM_CLOSEST_APPROACH_H
#define ZEM_CLOSEST_APPROACH_H

struct observer {
    struct engagement before; /* point-mass: state at the start of the blind time */
    real formula_error;       /* miss distance minus closest approach of the curved path, m */
};

/* Returns the closest approach of the relative path p + v t + a t^2/2 near t = 0, m. Newton's method finds the time at
 * which the derivative of the squared distance is zero. */
ZEM_FUNCTION real curved_miss(struct vector p, struct vector v, struct vector a)
{
    real t = splat(0.0);
    struct vector position = p;
    for (int k = 0; k < 8; k++) {
        const struct vector velocity = vector_add_scaled(t, a, v);
        position = vector_add_scaled(t, vector_add_scaled(0.5 * t, a, v), p);
        t -= vector_dot(position, velocity) / (vector_dot(velocity, velocity) + vector_dot(position, a));
    }
    return square_root(vector_dot(position, position));
}

/* Returns the error of the formula, m: the miss distance minus the closest approach of a curved path. The path has the
 * mean relative acceleration of the blind time. `before` is the state at the start of the blind time, `after` that at
 * its end. */
ZEM_FUNCTION real formula_error(const struct engagement *before, const struct engagement *after, real miss)
{
    const struct vector v = relative_velocity(&after->bodies), start = relative_velocity(&before->bodies);
    const real duration = after->time - before->time;
    const mask known = both(less(splat(0.0), duration), equal_bits(after->outcome, splat_bits(ZEM_OUTCOME_PASSED)));
    const struct vector acceleration =
        vector_scale(1.0 / choose(known, duration, splat(1.0)), vector_difference(v, start));
    return choose(known, miss - curved_miss(after->bodies.position.high, v, acceleration), splat(0.0));
}

ZEM_FUNCTION void observe_linear(struct observer *o, const struct cell_parameters *cell,
                                 const struct schedule_step *step, const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

ZEM_FUNCTION void observe_point_mass(struct observer *o, const struct cell_parameters *cell, real step,
                                     const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

ZEM_FUNCTION void observe_blind(struct observer *o, const struct cell_parameters *cell, const struct engagement *e)
{
    o->formula_error = splat(0.0);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS))
        o->before = *e;
}

ZEM_FUNCTION void observe_end(struct observer *o, const struct cell_parameters *cell, const struct engagement *e,
                              const struct flight *flight)
{
    if (HAS(cell, ZEM_FEATURE_POINT_MASS))
        o->formula_error = formula_error(&o->before, e, flight->miss);
}

#endif
