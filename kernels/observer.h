/* The observer of a flight, for flights that nobody observes: its functions do nothing. A program that observes flights
 * defines ZEM_OBSERVER as the name of a header with the same structure and functions. An observer may read the state of
 * the trial and must not change it. */
#ifndef ZEM_OBSERVER_H
#define ZEM_OBSERVER_H

struct observer {
    u32 unused; /* OpenCL C has no empty structures */
};

/* Called before each step of linear kinematics. */
ZEM_FUNCTION void observe_linear(struct observer *o, UNIFORM struct cell_parameters *cell,
                                 UNIFORM struct schedule_step *step, const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

/* Called before each step, or part of a step, of point-mass kinematics; `step` is its duration, s. */
ZEM_FUNCTION void observe_point_mass(struct observer *o, UNIFORM struct cell_parameters *cell, real step,
                                     const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)step;
    (void)e;
}

/* Called once after the last step: at the start of the blind time, or where a trial without a miss distance ended. */
ZEM_FUNCTION void observe_blind(struct observer *o, UNIFORM struct cell_parameters *cell, const struct engagement *e)
{
    (void)o;
    (void)cell;
    (void)e;
}

/* Called after the closest approach. */
ZEM_FUNCTION void observe_end(struct observer *o, UNIFORM struct cell_parameters *cell, const struct engagement *e,
                              const struct flight *flight)
{
    (void)o;
    (void)cell;
    (void)e;
    (void)flight;
}

#endif
