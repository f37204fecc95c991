/* The seeker's noise for steps that are flown in 2^refinement parts, in double precision. The noise of the parts adds
 * up to that of the whole step, so that flights with different steps have the same white noise. native_engine.c defines
 * ZEM_NOISE_SOURCE as the name of this file. */
#ifndef ZEM_REFINED_NOISE_H
#define ZEM_REFINED_NOISE_H

#include "device/native/native_engine.h"

/* The first of the random-number streams that refine the noise. Every level of refinement has a stream of its own. They
 * are beyond the streams of kernels/philox.h. */
#define STREAM_REFINEMENT 0x80u
#define ROOT_HALF 0.70710678118654752440

/* The noise of a step and of its parts. The parts form a binary tree: halving a part gives the two parts of the next
 * level. The tree is walked from the left, and every node is drawn once. */
struct noise_source {
    struct noise_block drawn;                      /* of whole steps */
    struct noise right[ZEM_REFINEMENT_LIMIT + 1u]; /* by level: the right half that the walk comes to later */
    u32 refinement;                                /* a step has 2^refinement parts */
};

ZEM_FUNCTION struct noise_source noise_source_begin(const struct address *address)
{
    struct noise_source source;
    source.drawn = noise_block_begin(address);
    source.refinement = 0u;
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement) { source->refinement = refinement; }
ZEM_FUNCTION void noise_source_place(struct noise_source *source, const struct cell_parameters *cell, real range,
                                     real inverse_range)
{
    (void)source;
    (void)cell;
    (void)range;
    (void)inverse_range;
}

/* Returns |x|, with a negative sign if bit 0 of `sign` is set. */
ZEM_FUNCTION real signed_as(real x, bits sign)
{
    return double_bits_as_real(as_double_bits(magnitude(x)) | (widen(sign) << 63));
}

/* Draws the noise of the two halves of a part from that of the whole part. The halves have the numbers 2 index and 2
 * index + 1 of their level. The means are halved as in the construction of Brownian motion by Levy and Ciesielski: a
 * mean z gives (z - x)/sqrt 2 and (z + x)/sqrt 2, where x is normal. x is closely related to the slope of the whole
 * part, so it takes the sign of that slope. Its magnitude is drawn. */
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

/* Returns the noise of a part of a step. `index` counts the parts over all steps of the trial. Parts must come in
 * order. */
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
