/* The seeker: what the line of sight looks like, the noise on it, the first-order tracker and the noise filter. */
#ifndef ZEM_SEEKER_H
#define ZEM_SEEKER_H

/* The line of sight at one instant, common to both channels. Small angles from the reference line. */
struct sight {
    real inverse_range; /* 1/R, 1/m */
    real closing_rate;  /* Vc/R, 1/s: in linear kinematics the inverse of time-to-go */
    real closing_speed; /* Vc, m/s */
};

/* Line-of-sight angle and rate of a channel with relative position and velocity. */
ZEM_FUNCTION real sight_angle(const struct sight *sight, real position) { return position * sight->inverse_range; }
ZEM_FUNCTION real sight_rate(const struct sight *sight, real position, real velocity)
{
    return fmadd(position, sight->closing_rate, velocity) * sight->inverse_range;
}

/* Power spectral density of the angle noise at a range, two-sided, rad2/Hz. */
ZEM_FUNCTION real noise_density(UNIFORM struct cell_parameters *cell, real range, real inverse_range)
{
    const real square = range * range;
    const real far = fmadd(cell->active_noise * square, square,
                           fmadd(splat(cell->semiactive_noise), square, splat(cell->angle_noise)));
    return fmadd(cell->glint * inverse_range, inverse_range, far);
}

/* What is drawn of white noise for one step: of its expansion in Legendre polynomials over the step the mean, a
 * standard normal, and the slope. Of the slope only the second moment matters, so a random sign does: no step is alone
 * in what it moves (weak approximation; Kloeden and Platen, Numerical Solution of Stochastic Differential Equations,
 * 1992, section 14.1). With the mean alone the miss is off by some tenths of a per cent where the loop's response or
 * the density changes over the step. */
struct noise {
    real mean_y, mean_z;
    bits signs; /* of the slopes: bit 0 of y, bit 1 of z */
};

/* Steps whose noise is drawn at once; one call of the generator serves two. Vectors of trials whose step leaves
 * registers free do better with four, which hide each other's waiting: the build says so. */
#ifndef ZEM_NOISE_STEPS_LOG
#define ZEM_NOISE_STEPS_LOG 1 /* of base 2 */
#endif
#define ZEM_NOISE_STEPS (1u << ZEM_NOISE_STEPS_LOG)
struct noise_block {
    struct noise step[ZEM_NOISE_STEPS];
};

ZEM_FUNCTION struct noise_block noise_block_empty(void)
{
    struct noise_block block;
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++) {
        block.step[k].mean_y = block.step[k].mean_z = splat(0.0f);
        block.step[k].signs = splat_bits(0u);
    }
    return block;
}

/* Draws block number `index`. Bits that the normals leave unused are the signs. */
ZEM_FUNCTION void noise_draw(struct noise_block *block, const struct address *address, u32 index)
{
    struct counter c[ZEM_NOISE_STEPS >> 1];
    real radius[ZEM_NOISE_STEPS];
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS >> 1; k++)
        c[k] = draw_counter(address, ZEM_STREAM_SEEKER, splat_bits(index * (ZEM_NOISE_STEPS >> 1) + k));
    philox_words(c, ZEM_NOISE_STEPS >> 1, address->seed_low, address->seed_high);
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++)
        radius[k] = normal_radius(c[k >> 1].word[2u * (k & 1u)]);
    ZEM_UNROLL
    for (u32 k = 0; k < ZEM_NOISE_STEPS; k++) {
        const bits word = c[k >> 1].word[2u * (k & 1u) + 1u];
        real cosine, sine;
        direction(word, &cosine, &sine);
        block->step[k].mean_y = radius[k] * cosine;
        block->step[k].mean_z = radius[k] * sine;
        block->step[k].signs = word;
    }
}

/* Noise of a step; steps have to come in order. */
ZEM_FUNCTION struct noise noise_take(struct noise_block *block, const struct address *address, u32 step_index)
{
    const u32 k = step_index & (ZEM_NOISE_STEPS - 1u);
    if (k == 0u)
        noise_draw(block, address, step_index >> ZEM_NOISE_STEPS_LOG);
#if ZEM_NOISE_STEPS_LOG == 1
    return k == 0u ? block->step[0] : block->step[1];
#else
    return block->step[k];
#endif
}

/* Where a trial takes the noise of its steps from. A reading of the kernels that cuts steps into parts names a header
 * with a source of its own in ZEM_NOISE_SOURCE. */
#ifndef ZEM_NOISE_SOURCE
struct noise_source {
    struct noise_block drawn; /* of this step and its neighbours */
};
ZEM_FUNCTION struct noise_source noise_source_begin(void)
{
    struct noise_source source;
    source.drawn = noise_block_empty();
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement)
{
    (void)source;
    (void)refinement;
}
ZEM_FUNCTION struct noise noise_next(struct noise_source *source, const struct address *address, u32 step_index)
{
    return noise_take(&source->drawn, address, step_index);
}
#endif

/* Angle noise of a channel at start, middle and end of a step, where its standard deviations over the step are sigma,
 * square root of density over duration: z + sqrt(3) s (2 u - 1), u from 0 to 1. `sign` has the slope's sign in its
 * highest bit. */
ZEM_FUNCTION real noise_slope(bits sign) { return as_real((sign & 0x80000000u) | 0x3FDDB3D7u); } /* sqrt(3) */
ZEM_FUNCTION void noise_nodes(real mean, bits sign, const real sigma[3], real noise[3])
{
    const real slope = noise_slope(sign);
    noise[0] = sigma[0] * (mean - slope);
    noise[1] = sigma[1] * mean;
    noise[2] = sigma[2] * (mean + slope);
}

#endif
