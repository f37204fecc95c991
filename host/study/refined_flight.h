/* Flights in vectors of double precision with every step cut into 2^refinement parts: the kernels' own functions, and
 * what refinement needs besides, noise above all. Read by flight_native.c after the kernels. */
#ifndef ZEM_REFINED_FLIGHT_H
#define ZEM_REFINED_FLIGHT_H

#include "study/double_engine.h"

/* The refining draws of the seeker's noise; no stream of kernels/philox.h. */
#define STREAM_REFINEMENT 0x80u
#define ROOT_HALF 0.70710678118654752440

/* The noise of one step and of its parts: a binary tree, walked from the left, in which every node is drawn once. */
struct noise_tree {
    struct noise_block drawn;                      /* of whole steps */
    struct noise right[ZEM_REFINEMENT_LIMIT + 1u]; /* halves on the right of the path to the present part, by level */
};

/* The size of x, with the sign that bit 0 says (set: negative). */
ZEM_FUNCTION real signed_as(real x, bits sign)
{
    return double_bits_as_real(as_double_bits(magnitude(x)) | (widen(sign) << 63));
}

/* Halves number 2 index and 2 index + 1 of a level from the part of the level above that they make up. The mean of a
 * white noise is halved as Levy and Ciesielski halve Brownian motion: from z of the whole come (z - x)/sqrt 2 and (z +
 * x)/sqrt 2 of its halves. x is normal and nearly the whole's slope: drawn anew, it takes the sign of that. */
ZEM_FUNCTION void noise_halve(const struct address *address, unsigned level, u32 index, struct noise whole,
                              struct noise *left, struct noise *right)
{
    const struct counter c = draw(address, STREAM_REFINEMENT + level, index);
    real x, y;
    normal_pair(c.word[0], c.word[1], &y, &x);
    y = ROOT_HALF * signed_as(y, whole.signs);
    x = ROOT_HALF * signed_as(x, whole.signs >> 1);
    left->mean_y = fmadd(splat(ROOT_HALF), whole.mean_y, -y);
    left->mean_z = fmadd(splat(ROOT_HALF), whole.mean_z, -x);
    right->mean_y = fmadd(splat(ROOT_HALF), whole.mean_y, y);
    right->mean_z = fmadd(splat(ROOT_HALF), whole.mean_z, x);
    left->signs = c.word[3];
    right->signs = c.word[3] >> 2;
}

/* Noise of part `part` of 2^refinement of step `step`; to be asked for in this order. */
ZEM_FUNCTION struct noise refined_noise(struct noise_tree *tree, const struct address *address, u32 step, u32 part,
                                        unsigned refinement)
{
    unsigned level = 0;
    struct noise z;
    if (part == 0u)
        z = noise_take(&tree->drawn, address, step);
    else {
        level = refinement - (unsigned)__builtin_ctz(part);
        z = tree->right[level];
    }
    while (level < refinement) {
        level++;
        noise_halve(address, level, (step << (level - 1u)) | (part >> (refinement - level + 1u)), z, &z,
                    &tree->right[level]);
    }
    return z;
}

/* Puts the noise of the next advance where noise_take finds it: at step index 1 it draws nothing. */
ZEM_FUNCTION void set_noise(const struct cell_parameters *cell, struct noise_tree *tree, struct engagement *e, u32 step,
                            u32 part, unsigned refinement)
{
    if (!HAS(cell, ZEM_FEATURE_NOISE))
        return;
    e->noise.step[1] = refined_noise(tree, &e->address, step, part, refinement);
    e->step_index = 1u;
}

/* Distance at closest approach of p + v t + a t^2/2, t near 0: Newton's steps on the derivative of its square. */
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

/* The relative acceleration is the mean one over the last, blind arc. */
ZEM_FUNCTION real formula_error(const struct engagement *before, const struct engagement *after, real miss)
{
    const struct vector v = relative_velocity(&after->bodies), start = relative_velocity(&before->bodies);
    const real duration = after->time - before->time;
    const mask known = both(less(splat(0.0), duration), equal_bits(after->outcome, splat_bits(ZEM_OUTCOME_PASSED)));
    const struct vector acceleration =
        vector_scale(1.0 / choose(known, duration, splat(1.0)), vector_difference(v, start));
    return choose(known, miss - curved_miss(after->bodies.position.high, v, acceleration), splat(0.0));
}

/* As engagement_fly_point_mass; a step's length and whether there is one are settled before it is cut. */
ZEM_FUNCTION void refined_point_mass(const struct cell_parameters *cell, unsigned refinement, struct engagement *e)
{
    const u32 parts = 1u << refinement;
    struct noise_tree tree;
    struct engagement kept = *e;
    struct cell_parameters unlimited = *cell;
    unlimited.step_limit = 0xFFFFFFFFu;
    for (u32 step = 0; any_lane(e->flying); step++) {
        const mask before = e->flying;
        real whole;
        engagement_classify(&unlimited, e, &whole);
        if (step >= cell->step_limit) {
            e->outcome = choose_bits(e->flying, splat_bits(ZEM_OUTCOME_TIME_LIMIT), e->outcome);
            e->flying = no_lane();
        }
        const mask ended = both(before, mask_not(e->flying));
        if (any_lane(ended))
            engagement_keep(ended, e, &kept);
        for (u32 part = 0; any_lane(e->flying) && part < parts; part++) {
            set_noise(cell, &tree, e, step, part, refinement);
            engagement_advance_point_mass(cell, e, whole * (1.0 / parts));
        }
    }
    *e = kept;
}

ZEM_FUNCTION void refined_linear(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 steps,
                                 unsigned refinement, struct engagement *e)
{
    struct noise_tree tree;
    for (u32 k = 0; k < steps; k++) {
        set_noise(cell, &tree, e, k >> refinement, k & ((1u << refinement) - 1u), refinement);
        engagement_advance_linear(cell, &schedule[k], e);
    }
}

/* Flies the trials of `address`. `schedule` has `steps` steps, already refined (linear kinematics); cell->blind_steps
 * is refined too. */
ZEM_FUNCTION struct flight refined_flight(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                          u32 steps, unsigned refinement, struct address address, real *error)
{
    struct engagement e, before;
    struct flight flight;
    const struct handover handover = engagement_begin(cell, address, &e);
    *error = splat(0.0);
    if (HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        bodies_begin(cell, &handover, &e);
        refined_point_mass(cell, refinement, &e);
        before = e;
        flight = engagement_finish_point_mass(cell, &e);
        *error = formula_error(&before, &e, flight.miss);
    } else {
        linear_begin(cell, &handover, &e);
        refined_linear(cell, schedule, steps, refinement, &e);
        flight = engagement_finish_linear(cell, &e);
    }
    engagement_close(&e, &flight);
    return flight;
}

#endif
