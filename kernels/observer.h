/* Who watches a flight: nobody. A reading of the kernels that wants to see one names a header of its own in
 * ZEM_OBSERVER, which has these four functions and the structure with other contents. They may read the state of the
 * trial and may not change it. */
#ifndef ZEM_OBSERVER_H
#define ZEM_OBSERVER_H

struct observer {
    u32 unused; /* OpenCL C has no empty structures */
};

/* Before a step of linear kinematics. */
ZEM_FUNCTION void observe_linear(struct observer *o, UNIFORM struct cell_parameters *cell,
                                 UNIFORM struct schedule_step *step, const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

/* Before a step of point-mass kinematics of this duration, s. */
ZEM_FUNCTION void observe_point_mass(struct observer *o, UNIFORM struct cell_parameters *cell, real step,
                                     const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

/* Where the blind arc begins. */
ZEM_FUNCTION void observe_blind(struct observer *o, UNIFORM struct cell_parameters *cell, const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)e;
}

/* After the closest approach. */
ZEM_FUNCTION void observe_end(struct observer *o, UNIFORM struct cell_parameters *cell, const struct engagement *e,
                              const struct flight *flight)
{
    (void)o;
    (void)cell;
    (void)e;
    (void)flight;
}

#endif
