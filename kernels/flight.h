/* The flight of a trial from start of homing to closest approach. The same functions fly trials that a run counts,
 * single trials that are flown again, and flights in finer steps. observer.h defines what an observer of the flight
 * sees. */
#ifndef ZEM_FLIGHT_H
#define ZEM_FLIGHT_H

/* Flies a trial in linear kinematics down to the blind time, over the steps of `schedule`. */
ZEM_APART void flight_linear(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule,
                             struct observer *observer, struct engagement *e)
{
    for (u32 k = 0; k < cell->schedule_steps; k++) {
        if (HAS(cell, ZEM_FEATURE_ACQUISITION))
            linear_look(cell, &schedule[k], e);
        if (HAS(cell, ZEM_FEATURE_SAMPLED))
            linear_sample(cell, &schedule[k], e);
        observe_linear(observer, cell, &schedule[k], e);
        engagement_advance_linear(cell, &schedule[k], e);
    }
}

/* Flies trials in point-mass kinematics until the flight has ended in every lane (trial). Each step is chosen as a
 * whole and then flown in 2^refinement equal parts. Lanes end at different times, so the state of a lane is saved when
 * it ends. */
ZEM_APART void flight_point_mass(UNIFORM struct cell_parameters *cell, struct observer *observer,
                                 struct engagement *state)
{
    const u32 parts = 1u << state->refinement;
    struct engagement e = *state;
#if ZEM_LANES > 1
    struct engagement kept = e;
#endif
    while (any_lane(e.flying)) {
        real step;
        REFRESH(cell, e.address.trial_high);
        if (HAS(cell, ZEM_FEATURE_ACQUISITION))
            bodies_look(cell, &e);
        if (HAS(cell, ZEM_FEATURE_SAMPLED))
            bodies_sample(cell, &e);
#if ZEM_LANES > 1
        const mask ended = engagement_classify(cell, &e, &step);
        if (any_lane(ended))
            engagement_keep(ended, &e, &kept);
#else
        engagement_classify(cell, &e, &step);
#endif
        if (!any_lane(e.flying))
            break;
        const real part_step = parts == 1u ? step : step * reciprocal(small_to_real(splat_bits(parts)));
        for (u32 part = 0u; part < parts; part++) {
            observe_point_mass(observer, cell, part_step, &e);
            engagement_advance_point_mass(cell, &e, part_step);
        }
    }
#if ZEM_LANES > 1
    e = kept;
#endif
    *state = e;
}

/* Flies the trial at `address` and returns its result. `schedule` points at the cell's first step and is read in linear
 * kinematics only. Every step is flown in 2^refinement parts. Runs use refinement 0; for any other the caller must have
 * refined the schedule and cell->blind_steps already. */
ZEM_SHARED struct flight flight_fly(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule,
                                    struct address address, u32 refinement, struct observer *observer)
{
    struct engagement e;
    struct flight flight;
    const struct handover handover = engagement_begin(cell, address, &e);
    e.refinement = refinement;
    noise_source_refine(&e.noise, refinement);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        flight_point_mass(cell, observer, &e);
        observe_blind(observer, cell, &e);
        flight = engagement_finish_point_mass(cell, &e);
    } else {
        linear_begin(cell, &handover, &e);
        flight_linear(cell, schedule, observer, &e);
        observe_blind(observer, cell, &e);
        flight = engagement_finish_linear(cell, &e);
    }
    observe_end(observer, cell, &e, &flight);
    engagement_close(cell, &e, &flight);
    return flight;
}

#ifndef ZEM_OBSERVER
/* Flies the trial at `address` as a run does, without refinement and observer, and returns its result. */
ZEM_FUNCTION struct flight engagement_fly(UNIFORM struct cell_parameters *cell, UNIFORM struct schedule_step *schedule,
                                          struct address address)
{
    struct observer nobody = {0};
    return flight_fly(cell, schedule, address, 0u, &nobody);
}
#endif

#endif
