/* The observer that stores where a flight in linear kinematics ends: the relative positions y and z, whose squares add
 * up to the square of the miss distance. In point-mass kinematics it stores 0, because the channels are not fixed
 * there. native_exchange.c and study/linear_response.c define ZEM_OBSERVER as the name of this file. */
#ifndef ZEM_END_OBSERVER_H
#define ZEM_END_OBSERVER_H

struct observer {
    real y, z; /* m; 0 in point-mass kinematics */
};

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
    (void)o;
    (void)cell;
    (void)e;
}

ZEM_FUNCTION void observe_end(struct observer *o, const struct cell_parameters *cell, const struct engagement *e,
                              const struct flight *flight)
{
    (void)flight;
    o->y = o->z = splat(0.0f);
    if (!HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        o->y = e->homing.y.position;
        o->z = e->homing.z.position;
    }
}

#endif
