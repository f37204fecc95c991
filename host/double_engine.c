/* Implementation of double_engine.h: the kernels read once more, scalar and in double precision (ZEM_DOUBLE in kernels/portable.h). */
#define ZEM_LANES 1
#define ZEM_DOUBLE
#include "../kernels/portable.h"

#include "double_math.h"

#include "../kernels/model.h"
#include "../kernels/schedule.h"

#include "double_engine.h"

#include <omp.h>
#include <stdlib.h>

/* The refining draws of the seeker's noise; no stream of kernels/philox.h. */
#define STREAM_REFINEMENT 0x80u
#define ROOT_HALF 0.70710678118654752440

static struct noise normals(const struct address *address, u32 stream, u32 index, int second)
{
    const struct counter c = draw(address, stream, index);
    struct noise noise;
    normal_pair(c.word[second ? 2 : 0], c.word[second ? 3 : 1], &noise.mean_y, &noise.mean_z);
    noise.signs = c.word[second ? 3 : 1];
    return noise;
}

/* The size of x, with the sign that bit 0 says (set: negative). */
static double signed_as(double x, bits sign) { return (sign & 1u) ? -fabs(x) : fabs(x); }

/* Noise of part `part` of 2^refinement of step `step`. The mean of a white noise is halved as Levy and Ciesielski halve Brownian motion: from z of
 * the whole come (z - x)/sqrt 2 and (z + x)/sqrt 2 of its halves. x is normal and nearly the whole's slope: drawn anew, it takes the sign of that. */
static struct noise refined_noise(const struct address *address, u32 step, u32 part, unsigned refinement)
{
    struct noise z = normals(address, ZEM_STREAM_SEEKER, step >> 1, step & 1u);
    for (unsigned level = 1; level <= refinement; level++) {
        const u32 half = (step << level) | (part >> (refinement - level));
        const struct noise x = normals(address, STREAM_REFINEMENT + level, half >> 1, 0);
        const struct noise slope = normals(address, STREAM_REFINEMENT + level, half >> 1, 1);
        const double side = (half & 1u) ? 1.0 : -1.0;
        z.mean_y = ROOT_HALF * (z.mean_y + side * signed_as(x.mean_y, z.signs));
        z.mean_z = ROOT_HALF * (z.mean_z + side * signed_as(x.mean_z, z.signs >> 1));
        z.signs = slope.signs >> (2u * (half & 1u));
    }
    return z;
}

/* Puts the noise of the next advance where noise_draw finds it: at an odd step index it takes what was saved and draws nothing. */
static void set_noise(const struct cell_parameters *cell, struct engagement *e, u32 step, u32 part, unsigned refinement)
{
    if (!HAS(cell, ZEM_FEATURE_NOISE))
        return;
    e->next_noise = refined_noise(&e->address, step, part, refinement);
    e->step_index = 1u;
}

/* Distance at closest approach of p + v t + a t^2/2, t near 0: Newton's steps on the derivative of its square. */
static double curved_miss(struct vector p, struct vector v, struct vector a)
{
    double t = 0.0;
    struct vector position = p;
    for (int k = 0; k < 8; k++) {
        const struct vector velocity = vector_add_scaled(t, a, v);
        position = vector_add_scaled(t, vector_add_scaled(0.5 * t, a, v), p);
        t -= vector_dot(position, velocity) / (vector_dot(velocity, velocity) + vector_dot(position, a));
    }
    return sqrt(vector_dot(position, position));
}

/* The relative acceleration is the mean one over the last, blind arc. */
static double formula_error(const struct engagement *before, const struct engagement *after, double miss)
{
    const struct vector v = relative_velocity(&after->bodies), start = relative_velocity(&before->bodies);
    const double duration = after->time - before->time;
    if (!(duration > 0.0) || after->outcome != ZEM_OUTCOME_PASSED)
        return 0.0;
    return miss - curved_miss(after->bodies.position.high, v, vector_scale(1.0 / duration, vector_difference(v, start)));
}

static void fly_point_mass(const struct cell_parameters *cell, unsigned refinement, struct engagement *e)
{
    const u32 parts = 1u << refinement;
    struct cell_parameters unlimited = *cell;
    unlimited.step_limit = 0xFFFFFFFFu;
    for (u32 step = 0; e->flying; step++) {
        real whole;
        engagement_classify(&unlimited, e, &whole);
        if (e->flying && step >= cell->step_limit) {
            e->outcome = ZEM_OUTCOME_TIME_LIMIT;
            e->flying = 0;
        }
        for (u32 part = 0; e->flying && part < parts; part++) {
            set_noise(cell, e, step, part, refinement);
            engagement_advance_point_mass(cell, e, whole / parts);
        }
    }
}

static struct zem_double_flight fly(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 steps, unsigned refinement, u64 trial)
{
    struct engagement e, before;
    struct flight flight;
    struct zem_double_flight out = {0};
    const struct address address = {.trial_low = (u32)trial, .trial_high = (u32)(trial >> 32), .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low, .seed_high = cell->seed_high, .shot = 0u};
    const struct handover handover = engagement_begin(cell, address, &e);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        fly_point_mass(cell, refinement, &e);
        before = e;
        flight = engagement_finish_point_mass(cell, &e);
        out.formula_error = formula_error(&before, &e, flight.miss);
    } else {
        linear_begin(cell, &handover, &e);
        for (u32 k = 0; k < steps; k++) {
            set_noise(cell, &e, k >> refinement, k & ((1u << refinement) - 1u), refinement);
            engagement_advance_linear(cell, &schedule[k], &e);
        }
        flight = engagement_finish_linear(cell, &e);
    }
    engagement_close(&e, &flight);
    out.miss = flight.miss;
    out.scored = scored_miss(cell, &address, flight.miss);
    out.outcome = flight.outcome;
    return out;
}

/* The schedule of the cell with every step cut into equal parts. NULL without memory. */
static struct schedule_step *refined_schedule(const struct cell_parameters *cell, unsigned refinement, u32 *steps)
{
    const u32 parts = 1u << refinement;
    *steps = schedule_fill(cell, NULL, 0u, 2u * cell->schedule_steps + 2u) << refinement;
    struct schedule_step *schedule = malloc(((size_t)*steps + 1u) * sizeof *schedule);
    struct covariance covariance = covariance_begin(cell);
    real to_go = cell->flight_time;
    u32 count = 0;
    while (schedule != NULL && count < *steps) {
        real end;
        const real part = schedule_step_choose(cell, to_go, &end) / parts;
        for (u32 k = 1; k <= parts; k++) {
            const real next = k == parts ? end : to_go - part;
            schedule_step_set(cell, to_go, part, next, &covariance, &schedule[count++]);
            to_go = next;
        }
    }
    return schedule;
}

int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, size_t count, struct zem_double_flight *flights)
{
    struct cell_parameters local = *cell;
    struct schedule_step *schedule = NULL;
    const int team = threads > 0 ? (int)threads : omp_get_num_procs();
    u32 steps = 0;
    local.blind_steps <<= refinement;
    if (!HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        schedule = refined_schedule(cell, refinement, &steps);
        if (schedule == NULL)
            return -1;
    }
#pragma omp parallel for schedule(dynamic, 16) num_threads(team)
    for (size_t trial = 0; trial < count; trial++)
        flights[trial] = fly(&local, schedule, steps, refinement, trial);
    free(schedule);
    return 0;
}
