/* The steps of one cell in linear kinematics, from the start of homing until only blind_time is left. A step that
 * starts at the time to go tgo takes min(step, tgo / step_ratio). It is shorter while a Kalman filter changes fast, and
 * it ends at the next instant of a sampled seeker at the latest. The host tabulates the steps before a run with the
 * scalar form of the kernels, so that every machine has the same bits. No kernel may include this file. */
#ifndef ZEM_SCHEDULE_H
#define ZEM_SCHEDULE_H

#include "transition_table.h"

/* Sets cosine and sine of the angles by which a weave or spiral of the cell's period turns in a step and in half of
 * it. */
ZEM_FUNCTION void schedule_turn_set(const struct cell_parameters *cell, struct schedule_step *s)
{
    const real turns = reciprocal(cell->varied[ZEM_VARIED_PERIOD].base) * s->step;
    sine_cosine_turns(0.5f * turns, &s->half_turn_sine, &s->half_turn_cosine);
    sine_cosine_turns(turns, &s->turn_sine, &s->turn_cosine);
}

/* Propagates the Kalman filter's covariance over a step of duration `step` (s) with a measurement in its middle. There
 * the range is `range` (m), and the mean noise has the standard deviation `sigma` (rad). Returns the gain of the
 * measurement. */
ZEM_FUNCTION struct kalman_gain schedule_filter(const struct cell_parameters *cell, struct covariance *covariance,
                                                real step, real range, real sigma)
{
    const real deviation = range * sigma;
    covariance_propagate(cell, covariance, 0.5f * step);
    const struct kalman_gain gain = covariance_update(covariance, deviation * deviation);
    covariance_propagate(cell, covariance, 0.5f * step);
    return gain;
}

/* Propagates the Kalman filter's covariance over a step with a sampled seeker, which measures at the start of the step
 * if `event` says so. The range there is `range` (m). Before the acquisition no seeker measures, and one that is not
 * sampled takes this function too. Returns the gain of the measurement, or 0 without one. */
ZEM_FUNCTION struct kalman_gain schedule_filter_sampled(const struct cell_parameters *cell,
                                                        struct covariance *covariance, real step, real range, u32 event)
{
    struct kalman_gain gain;
    gain.position = gain.velocity = gain.acceleration = 0;
    if ((event & (ZEM_EVENT_SAMPLE | ZEM_EVENT_COAST)) == ZEM_EVENT_SAMPLE)
        gain = covariance_update(covariance, sample_variance(cell, range, reciprocal(range)));
    covariance_propagate(cell, covariance, step);
    return gain;
}

/* Returns the standard deviation of the mean noise over a step, rad, if its density is that at `range` (m). */
ZEM_FUNCTION real schedule_sigma(const struct cell_parameters *cell, real range, real step)
{
    return square_root(noise_density(cell, range, reciprocal(range)) * reciprocal(step));
}

/* Tabulates the step between the times to go `to_go` and `end`, s. `event` says what the seeker does at its start.
 * Propagates the Kalman filter's covariance over the step. */
ZEM_FUNCTION void schedule_step_set(const struct cell_parameters *cell, real to_go, real step, real end, u32 event,
                                    struct covariance *covariance, struct schedule_step *s)
{
    s->step = step;
    s->time_to_go[0] = to_go;
    s->time_to_go[1] = to_go - 0.5f * step;
    s->time_to_go[2] = end;
    ZEM_UNROLL
    for (int node = 0; node < 3; node++) {
        const real range = cell->closing_speed * s->time_to_go[node];
        s->range[node] = range;
        s->time[node] = cell->flight_time - s->time_to_go[node];
        s->inverse_time_to_go[node] = reciprocal(s->time_to_go[node]);
        s->inverse_range[node] = reciprocal(range);
        s->noise_sigma[node] = schedule_sigma(cell, range, step);
    }
    const struct kalman_gain gain = HAS(cell, ZEM_FEATURE_SAMPLED) || (event & ZEM_EVENT_COAST) != 0u
                                        ? schedule_filter_sampled(cell, covariance, step, s->range[0], event)
                                        : schedule_filter(cell, covariance, step, s->range[1], s->noise_sigma[1]);
    s->gain[0] = gain.position;
    s->gain[1] = gain.velocity;
    s->gain[2] = gain.acceleration;
    schedule_turn_set(cell, s);
    s->event = (real)event;
    if (HAS(cell, ZEM_FEATURE_TRANSITION))
        transition_set(cell, to_go, step, &s->transition);
}

/* Propagates the Kalman filter's covariance over a step that is only counted and not tabulated. The step starts at the
 * time to go `to_go`, s. */
ZEM_FUNCTION void schedule_step_pass(const struct cell_parameters *cell, real to_go, real step, u32 event,
                                     struct covariance *covariance)
{
    const real range = cell->closing_speed * (to_go - 0.5f * step);
    if (HAS(cell, ZEM_FEATURE_KALMAN) && (HAS(cell, ZEM_FEATURE_SAMPLED) || (event & ZEM_EVENT_COAST) != 0u))
        schedule_filter_sampled(cell, covariance, step, cell->closing_speed * to_go, event);
    else if (HAS(cell, ZEM_FEATURE_KALMAN))
        schedule_filter(cell, covariance, step, range, schedule_sigma(cell, range, step));
}

/* Returns the duration of the step that starts at the time to go `to_go`, and sets `*end` to the time to go at its end,
 * s. `covariance` is that of the Kalman filter at the start of the step, or NULL if the filter gets no measurement. */
ZEM_FUNCTION real schedule_step_choose(const struct cell_parameters *cell, real to_go,
                                       const struct covariance *covariance, real *end)
{
    const real left = to_go - cell->blind_time;
    real step = to_go * cell->inverse_step_ratio < cell->step ? to_go * cell->inverse_step_ratio : cell->step;
    if (HAS(cell, ZEM_FEATURE_KALMAN) && !HAS(cell, ZEM_FEATURE_SAMPLED) && cell->filter_share > 0.0f
        && covariance != 0) {
        const real range = cell->closing_speed * to_go;
        step = estimator_step(cell, covariance, range, noise_density(cell, range, reciprocal(range)), step);
    }
    /* What remains after this step is joined to it if it is shorter than a thousandth of the step. */
    const int last = left <= step * 1.0009765625f;
    *end = last ? cell->blind_time : to_go - step;
    return last ? left : step;
}

/* The state of a walk through the steps of a cell, at the start of the next step. */
struct schedule_walk {
    real to_go;                   /* time to go, s */
    struct covariance covariance; /* of the Kalman filter; the caller propagates it */
    struct sample_clock clock;    /* of the sampled seeker */
    int waits;                    /* acquisition: the seeker has not looked for the target yet */
};

ZEM_FUNCTION struct schedule_walk schedule_walk_begin(const struct cell_parameters *cell)
{
    struct schedule_walk walk;
    walk.to_go = cell->flight_time;
    walk.covariance = covariance_begin(cell);
    walk.clock = sample_clock_begin();
    walk.waits = HAS(cell, ZEM_FEATURE_ACQUISITION) ? 1 : 0;
    return walk;
}

/* Shortens a step of duration `step` (s) that would end after the time to go `at`, so that it ends there. Sets `*end`
 * to the time to go at its end, s. Returns the duration. Instants in the blind time shorten no step. */
ZEM_FUNCTION real schedule_step_cut(const struct cell_parameters *cell, const struct schedule_walk *walk, real step,
                                    real at, real *end)
{
    if (!(at > *end) || !(at > cell->blind_time))
        return step;
    *end = at;
    return walk->to_go - at;
}

/* Returns the duration of the next step, and sets `*end` to the time to go at its end, s. Sets `*event` to what the
 * seeker does at its start (bits of enum zem_event). A step ends at the next instant of the seeker at the latest. */
ZEM_FUNCTION real schedule_walk_choose(const struct cell_parameters *cell, struct schedule_walk *walk, real *end,
                                       u32 *event)
{
    real look_at = 0;
    *event = 0u;
    if (walk->waits) {
        look_at = cell->acquisition_range * reciprocal(cell->closing_speed);
        walk->waits = walk->to_go > ZEM_LOOK_RANGE * look_at;
        *event = walk->waits ? (u32)ZEM_EVENT_COAST : (u32)ZEM_EVENT_LOOK;
    }
    real step = schedule_step_choose(cell, walk->to_go, walk->waits ? 0 : &walk->covariance, end);
    if (walk->waits)
        step = schedule_step_cut(cell, walk, step, look_at, end);
    if (!HAS(cell, ZEM_FEATURE_SAMPLED))
        return step;
    const struct seeker_events due = sample_clock_due(cell, &walk->clock, cell->flight_time - walk->to_go);
    *event |= (due.sample ? (u32)ZEM_EVENT_SAMPLE : 0u) | (due.release ? (u32)ZEM_EVENT_RELEASE : 0u);
    sample_clock_advance(cell, &due, &walk->clock);
    return schedule_step_cut(cell, walk, step, cell->flight_time - sample_clock_next(&walk->clock), end);
}

/* Writes the steps of the cell to `steps`, at most `capacity` of them. Returns the number of steps that the cell has,
 * which may exceed the capacity, or `limit` if it has more. With NULL and capacity 0 it only counts. */
ZEM_FUNCTION u32 schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps, u32 capacity, u32 limit)
{
    struct schedule_walk walk = schedule_walk_begin(cell);
    u32 count = 0;
    for (; walk.to_go > cell->blind_time && count < limit; count++) {
        real end;
        u32 event;
        const real step = schedule_walk_choose(cell, &walk, &end, &event);
        if (count < capacity) {
            schedule_step_set(cell, walk.to_go, step, end, event, &walk.covariance, &steps[count]);
        } else
            schedule_step_pass(cell, walk.to_go, step, event, &walk.covariance);
        walk.to_go = end;
    }
    return count;
}

#endif
