/* The steps of the linear kinematics of one cell: h = min(step, tgo / step_ratio) down to blind_time. The host
 * tabulates them before a run with the scalar form of the kernels, so that the values have the same bits on every
 * machine. No kernel may include this file. */
#ifndef ZEM_SCHEDULE_H
#define ZEM_SCHEDULE_H

#include "transition_table.h"

/* Tabulates the angles by which a weave or spiral of the cell's period turns in a step and in half of it. */
ZEM_FUNCTION void schedule_turn_set(const struct cell_parameters *cell, struct schedule_step *s)
{
    const real turns = reciprocal(cell->varied[ZEM_VARIED_PERIOD].base) * s->step;
    sine_cosine_turns(0.5f * turns, &s->half_turn_sine, &s->half_turn_cosine);
    sine_cosine_turns(turns, &s->turn_sine, &s->turn_cosine);
}

/* Propagates the estimator's covariance over a step of this duration with a measurement in its middle, at this range
 * (m) and with this standard deviation of the mean noise (rad). Returns the gain. */
ZEM_FUNCTION struct kalman_gain schedule_filter(const struct cell_parameters *cell, struct covariance *covariance,
                                                real step, real range, real sigma)
{
    const real deviation = range * sigma;
    covariance_propagate(cell, covariance, 0.5f * step);
    const struct kalman_gain gain = covariance_update(covariance, deviation * deviation);
    covariance_propagate(cell, covariance, 0.5f * step);
    return gain;
}

/* The same for a sampled seeker, which measures at the start of the step, at this range, if `event` says so. */
ZEM_FUNCTION struct kalman_gain schedule_filter_sampled(const struct cell_parameters *cell,
                                                        struct covariance *covariance, real step, real range, u32 event)
{
    struct kalman_gain gain;
    gain.position = gain.velocity = gain.acceleration = 0;
    if ((event & ZEM_EVENT_SAMPLE) != 0u)
        gain = covariance_update(covariance, sample_variance(cell, range, reciprocal(range)));
    covariance_propagate(cell, covariance, step);
    return gain;
}

/* Standard deviation of the mean noise over a step if its density is that at `range` (m), rad. */
ZEM_FUNCTION real schedule_sigma(const struct cell_parameters *cell, real range, real step)
{
    return square_root(noise_density(cell, range, reciprocal(range)) * reciprocal(step));
}

/* Tabulates the step from time to go `to_go` to time to go `end`, s, at whose start a sampled seeker does what `event`
 * says. Propagates the estimator's covariance over it. */
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
    const struct kalman_gain gain = HAS(cell, ZEM_FEATURE_SAMPLED)
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

/* Propagates the estimator's covariance over a step that starts at `to_go` and is not tabulated. */
ZEM_FUNCTION void schedule_step_pass(const struct cell_parameters *cell, real to_go, real step, u32 event,
                                     struct covariance *covariance)
{
    const real range = cell->closing_speed * (to_go - 0.5f * step);
    if (HAS(cell, ZEM_FEATURE_KALMAN) && HAS(cell, ZEM_FEATURE_SAMPLED))
        schedule_filter_sampled(cell, covariance, step, cell->closing_speed * to_go, event);
    else if (HAS(cell, ZEM_FEATURE_KALMAN))
        schedule_filter(cell, covariance, step, range, schedule_sigma(cell, range, step));
}

/* Returns the duration of the step that starts at `to_go` and sets the time to go at its end, s. `covariance` is that
 * of the estimator at the start of the step. */
ZEM_FUNCTION real schedule_step_choose(const struct cell_parameters *cell, real to_go,
                                       const struct covariance *covariance, real *end)
{
    const real left = to_go - cell->blind_time;
    real step = to_go * cell->inverse_step_ratio < cell->step ? to_go * cell->inverse_step_ratio : cell->step;
    if (HAS(cell, ZEM_FEATURE_KALMAN) && !HAS(cell, ZEM_FEATURE_SAMPLED) && cell->filter_share > 0.0f) {
        const real range = cell->closing_speed * to_go;
        step = estimator_step(cell, covariance, range, noise_density(cell, range, reciprocal(range)), step);
    }
    /* A remainder below a thousandth of a step is joined to the last step. */
    const int last = left <= step * 1.0009765625f;
    *end = last ? cell->blind_time : to_go - step;
    return last ? left : step;
}

/* Where the tabulation of a cell's steps has come to. */
struct schedule_walk {
    real to_go;                   /* time to go at the start of the next step, s */
    struct covariance covariance; /* of the estimator there; the caller propagates it */
    struct sample_clock clock;    /* of a sampled seeker */
};

ZEM_FUNCTION struct schedule_walk schedule_walk_begin(const struct cell_parameters *cell)
{
    struct schedule_walk walk;
    walk.to_go = cell->flight_time;
    walk.covariance = covariance_begin(cell);
    walk.clock = sample_clock_begin();
    return walk;
}

/* Returns the duration of the next step and sets the time to go at its end, s, and the events of a sampled seeker at
 * its start (enum zem_event). A step ends at the latest at the next instant of the seeker. */
ZEM_FUNCTION real schedule_walk_choose(const struct cell_parameters *cell, struct schedule_walk *walk, real *end,
                                       u32 *event)
{
    const real step = schedule_step_choose(cell, walk->to_go, &walk->covariance, end);
    *event = 0u;
    if (!HAS(cell, ZEM_FEATURE_SAMPLED))
        return step;
    const struct seeker_events due = sample_clock_due(cell, &walk->clock, cell->flight_time - walk->to_go);
    *event = (due.sample ? (u32)ZEM_EVENT_SAMPLE : 0u) | (due.release ? (u32)ZEM_EVENT_RELEASE : 0u);
    sample_clock_advance(cell, &due, &walk->clock);
    const real at = cell->flight_time - sample_clock_next(&walk->clock);
    if (!(at > *end) || !(at > cell->blind_time))
        return step;
    *end = at;
    return walk->to_go - at;
}

/* Writes up to `capacity` steps. Returns the number of steps of the cell, which may exceed the capacity, or `limit` if
 * there are more. To count only, pass NULL and capacity 0. */
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
