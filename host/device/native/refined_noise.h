/* The seeker's noise for steps that are cut into 2^refinement parts, in double precision. The parts share the noise of
 * the whole, so that a flight with finer steps sees the same white noise. kernels/model.h includes this file in place
 * of the noise of whole steps. */
#ifndef ZEM_REFINED_NOISE_H
#define ZEM_REFINED_NOISE_H

#include "device/native/native_engine.h"

/* The refining draws of the seeker's noise; no stream of kernels/philox.h. */
#define STREAM_REFINEMENT 0x80u
#define ROOT_HALF 0.70710678118654752440

/* The noise of one step and of its parts: a binary tree, walked from the left, in which every node is drawn once. */
struct noise_source {
    struct noise_block drawn;                      /* of whole steps */
    struct noise right[ZEM_REFINEMENT_LIMIT + 1u]; /* halves on the right of the path to the present part, by level */
    u32 refinement;                                /* a step has 2^refinement parts */
};

ZEM_FUNCTION struct noise_source noise_source_begin(void)
{
    struct noise_source source;
    source.drawn = noise_block_empty();
    source.refinement = 0u;
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement) { source->refinement = refinement; }

/* The size of x, with the sign that bit 0 says (set: negative). */
ZEM_FUNCTION real signed_as(real x, bits sign)
{
    return double_bits_as_real(as_double_bits(magnitude(x)) | (widen(sign) << 63));
}

/* Halves number 2 index and 2 index + 1 of a level from the part of the level above that they make up. The mean of a
 * white noise is halved as Levy and Ciesielski halve Brownian motion: from z of the whole come (z - x)/sqrt 2 and (z +
 * x)/sqrt 2 of its halves. x is normal and nearly the whole's slope: drawn anew, it takes the sign of that. */
ZEM_FUNCTION void noise_halve(const struct address *address, u32 level, u32 index, struct noise whole,
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

/* Noise of part `index` of the trial, counted over all steps; parts have to come in order. */
ZEM_FUNCTION struct noise noise_next(struct noise_source *source, const struct address *address, u32 index)
{
    const u32 refinement = source->refinement;
    const u32 step = index >> refinement, part = index & ((1u << refinement) - 1u);
    u32 level = 0u;
    struct noise z;
    if (part == 0u)
        z = noise_take(&source->drawn, address, step);
    else {
        level = refinement - (u32)__builtin_ctz(part);
        z = source->right[level];
    }
    while (level < refinement) {
        level++;
        noise_halve(address, level, (step << (level - 1u)) | (part >> (refinement - level + 1u)), z, &z,
                    &source->right[level]);
    }
    return z;
}

#endif
