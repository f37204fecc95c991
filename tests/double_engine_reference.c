/* Compiles the kernels as C in double precision, with the C library in place of kernels/fpmath.h. Flies one trial, with
 * each of its steps divided into 2^refinement parts. Must not call the engines, which are compared with it. */
#define ZEM_LANES 1
#define ZEM_DOUBLE
#include "kernels/portable.h"

/* In place of kernels/fpmath.h, whose include guard is defined here. */
#define ZEM_FPMATH_H
#include <math.h>
ZEM_FUNCTION real lesser(real a, real b) { return a < b ? a : b; }
ZEM_FUNCTION real greater(real a, real b) { return a < b ? b : a; }
ZEM_FUNCTION real magnitude(real x) { return fabs(x); }
ZEM_FUNCTION real reciprocal(real x) { return 1.0 / x; }
ZEM_FUNCTION real divide(real a, real b) { return a / b; }
ZEM_FUNCTION real inverse_square_root(real x) { return 1.0 / sqrt(x > 1e-200 ? x : 1e-200); }
ZEM_FUNCTION real square_root(real x) { return sqrt(x); }
ZEM_FUNCTION real exponential(real x) { return exp(x); }
ZEM_FUNCTION real logarithm(real x) { return log(x); }
ZEM_FUNCTION real sine_turns(real u) { return sin(6.283185307179586476925 * (u - rint(u))); }
ZEM_FUNCTION real negated_if(bits sign, real x) { return sign & 0x80000000u ? -x : x; }
ZEM_FUNCTION void sine_cosine_turns(real u, real *sine, real *cosine)
{
    *sine = sine_turns(u);
    *cosine = cos(6.283185307179586476925 * (u - rint(u)));
}
ZEM_FUNCTION void sine_cosine_quarter(real s, real *sine, real *cosine) { sine_cosine_turns(s, sine, cosine); }

#include "kernels/model.h"
#include "kernels/schedule.h"

#include "double_engine_reference.h"

#define STREAM_REFINEMENT 0x80u

/* Returns the noise of part `part` of the 2^refinement parts of step `step`. */
static struct noise part_noise(const struct address *address, u32 step, u32 part, unsigned refinement)
{
    struct noise_block block;
    noise_draw(&block, address, step / ZEM_NOISE_STEPS);
    struct noise z = block.step[step % ZEM_NOISE_STEPS];
    for (unsigned level = 1; level <= refinement; level++) {
        const u32 half = (step << level) | (part >> (refinement - level));
        const struct counter c = draw(address, STREAM_REFINEMENT + level, half >> 1);
        const double side = (half & 1u) ? 1.0 : -1.0;
        double y, x;
        normal_pair(c.word[0], c.word[1], &y, &x);
        z.mean_y = (z.mean_y + side * copysign(y, (z.signs & 1u) ? -1.0 : 1.0)) / sqrt(2.0);
        z.mean_z = (z.mean_z + side * copysign(x, (z.signs & 2u) ? -1.0 : 1.0)) / sqrt(2.0);
        z.signs = c.word[3] >> (2u * (half & 1u));
    }
    return z;
}

static void set_noise(const struct cell_parameters *cell, struct engagement *e, u32 step, u32 part, unsigned refinement)
{
    if (HAS(cell, ZEM_FEATURE_NOISE)) {
        e->noise.drawn.step[1] = part_noise(&e->address, step, part, refinement);
        e->step_index = 1u; /* makes the kernel take the saved noise */
    }
}

static struct flight fly_bodies(const struct cell_parameters *cell, unsigned refinement, struct engagement *e)
{
    const u32 parts = 1u << refinement;
    for (u32 step = 0; e->flying; step++) {
        real whole;
        e->step_index = step;
        engagement_classify(cell, e, &whole);
        for (u32 part = 0; e->flying && part < parts; part++) {
            set_noise(cell, e, step, part, refinement);
            engagement_advance_point_mass(cell, e, whole / parts);
        }
    }
    return engagement_finish_point_mass(cell, e);
}

static struct flight fly_channels(const struct cell_parameters *cell, unsigned refinement, struct engagement *e)
{
    const u32 parts = 1u << refinement;
    struct covariance ahead = covariance_begin(cell), covariance = ahead;
    real to_go = cell->flight_time, end;
    for (u32 step = 0; to_go > cell->blind_time; step++) {
        const real whole = schedule_step_choose(cell, to_go, &ahead, &end), part_step = whole / parts;
        schedule_step_pass(cell, to_go, whole, 0u, &ahead);
        for (u32 part = 0; part < parts; part++) {
            struct schedule_step s;
            const real next = part + 1u == parts ? end : to_go - part_step;
            schedule_step_set(cell, to_go, part_step, next, 0u, &covariance, &s);
            set_noise(cell, e, step, part, refinement);
            engagement_advance_linear(cell, &s, e);
            to_go = next;
        }
    }
    return engagement_finish_linear(cell, e);
}

struct zem_flown double_engine_reference(const struct cell_parameters *cell, unsigned refinement, uint64_t trial)
{
    struct engagement e;
    struct flight flight;
    struct cell_parameters refined = *cell;
    const struct address address = {.trial_low = (u32)trial,
                                    .trial_high = (u32)(trial >> 32),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .shot = 0u};
    const struct handover handover = engagement_begin(cell, address, &e);
    refined.blind_steps <<= refinement;
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        flight = fly_bodies(&refined, refinement, &e);
    } else {
        linear_begin(cell, &handover, &e);
        flight = fly_channels(&refined, refinement, &e);
    }
    engagement_close(cell, &e, &flight);
    return (struct zem_flown){
        .miss = flight.miss, .scored = scored_miss(cell, &address, flight.miss), .outcome = flight.outcome};
}
