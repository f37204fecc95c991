/* The seeker's noise with draws of its own for every kind of noise, so that each kind is a source of chance by itself.
 * native_exchange.c defines ZEM_NOISE_SOURCE as the name of this file.
 *
 * The density Phi of the noise is the sum of the densities Phi_k of its kinds. All are taken at the range in the middle
 * of the step, or at the range of the measurement of a sampled seeker. Within a step the noise has a mean and a slope
 * (struct noise in kernels/seeker.h). The mean is z = sum of sqrt(Phi_k / Phi) z_k, which is a standard normal as in a
 * run. The sign of the slope is that of kind k with probability Phi_k / Phi. A further draw, which all flights of a
 * trial share, chooses this kind. The noise has the same distribution as in a run, whatever that draw chooses. In a
 * cell with one kind of noise the draws are those of a run. */
#ifndef ZEM_NOISE_BY_KIND_H
#define ZEM_NOISE_BY_KIND_H

/* The draws of the kinds differ in the shot, 8 bits of the random-number counter, from bit KIND_SHIFT on. These bits
 * hold 1 to ZEM_NOISE_KINDS for the kinds, and one number more for the choice of the kind that gives the slope its
 * sign. */
#define KIND_SHIFT 4u
ZEM_CHECK(ZEM_NOISE_KINDS + 1 < 1 << 3);

struct noise_source {
    struct noise_block drawn[ZEM_NOISE_KINDS];
    real share[ZEM_NOISE_KINDS]; /* Phi_k / Phi of the next step or measurement */
    u32 present;                 /* set of the kinds whose density is not 0 */
};

ZEM_FUNCTION struct noise_source noise_source_begin(const struct address *address)
{
    struct noise_source source;
    for (u32 k = 0; k < ZEM_NOISE_KINDS; k++) {
        source.drawn[k] = noise_block_begin(address);
        source.share[k] = splat(0.0f);
    }
    source.present = 0u;
    return source;
}
ZEM_FUNCTION void noise_source_refine(struct noise_source *source, u32 refinement)
{
    (void)source;
    (void)refinement;
}

ZEM_FUNCTION void noise_source_place(struct noise_source *source, const struct cell_parameters *cell, real range,
                                     real inverse_range)
{
    const float density[ZEM_NOISE_KINDS] = {cell->glint, cell->angle_noise, cell->semiactive_noise, cell->active_noise};
    const real square = range * range;
    real total = splat(0.0f);
    source->share[0] = inverse_range * inverse_range;
    source->share[1] = splat(1.0f);
    source->share[2] = square;
    source->share[3] = square * square;
    source->present = 0u;
    for (u32 k = 0; k < ZEM_NOISE_KINDS; k++) {
        source->share[k] = density[k] * source->share[k];
        total = total + source->share[k];
        source->present |= density[k] > 0.0f ? 1u << k : 0u;
    }
    for (u32 k = 0; k < ZEM_NOISE_KINDS; k++)
        source->share[k] = divide(source->share[k], greater(total, splat(1.0e-37f)));
}

/* Returns the address from which a kind of noise takes its draws. For ZEM_NOISE_KINDS it returns the address of the
 * draw that chooses the kind whose sign the slope takes. */
ZEM_FUNCTION struct address kind_address(const struct address *address, u32 kind)
{
    struct address drawn = kind < ZEM_NOISE_KINDS ? source_address(address, ZEM_SOURCE_NOISE + kind) : *address;
    drawn.shot |= (kind + 1u) << KIND_SHIFT;
    return drawn;
}

/* Adds the noise of one kind to `sum`. `share` is Phi_k / Phi, and `low` is the sum of the shares of the kinds before.
 * The slope takes its sign from this kind if `choice`, uniform on [0, 1), is between `low` and low + share. */
ZEM_FUNCTION void kind_add(const struct noise *kind, real share, real low, const real choice[2], struct noise *sum)
{
    const real root = square_root(share), high = low + share;
    sum->mean_y = fmadd(root, kind->mean_y, sum->mean_y);
    sum->mean_z = fmadd(root, kind->mean_z, sum->mean_z);
    for (u32 channel = 0; channel < 2u; channel++) {
        const mask chosen = both(mask_not(less(choice[channel], low)), less(choice[channel], high));
        const bits others = sum->signs & ~(1u << channel);
        sum->signs = choose_bits(chosen, others | (kind->signs & (1u << channel)), sum->signs);
    }
}

ZEM_FUNCTION struct noise noise_next(struct noise_source *source, const struct address *address, u32 step_index)
{
    const struct address choosing = kind_address(address, ZEM_NOISE_KINDS);
    struct noise sum;
    if ((source->present & (source->present - 1u)) == 0u) {
        const u32 kind = source->present == 0u ? 0u : (u32)__builtin_ctz(source->present);
        const struct address drawn = source_address(address, ZEM_SOURCE_NOISE + kind);
        return noise_take(&source->drawn[0], &drawn, step_index);
    }
    const struct counter c = draw(&choosing, ZEM_STREAM_SEEKER, step_index);
    const real choice[2] = {uniform(c.word[0]), uniform(c.word[1])};
    real low = splat(0.0f);
    sum.mean_y = sum.mean_z = splat(0.0f);
    sum.signs = c.word[2]; /* used if the shares add up to less than the choice, by rounding */
    for (u32 k = 0; k < ZEM_NOISE_KINDS; k++)
        if (source->present >> k & 1u) {
            const struct address drawn = kind_address(address, k);
            const struct noise kind = noise_take(&source->drawn[k], &drawn, step_index);
            kind_add(&kind, source->share[k], low, choice, &sum);
            low = low + source->share[k];
        }
    return sum;
}

/* Draws the noise of measurement number `index` of a sampled seeker in both channels, standard normals: the sum of
 * sqrt(Phi_k / Phi) z_k over the kinds. */
ZEM_FUNCTION void noise_sample(const struct noise_source *source, const struct address *address, bits index, real *y,
                               real *z)
{
    const int alone = (source->present & (source->present - 1u)) == 0u;
    *y = *z = splat(0.0f);
    for (u32 k = 0; k < ZEM_NOISE_KINDS; k++)
        if (source->present >> k & 1u) {
            const struct address drawn =
                alone ? source_address(address, ZEM_SOURCE_NOISE + k) : kind_address(address, k);
            const struct counter c = draw_lanes(&drawn, ZEM_STREAM_SEEKER, index);
            const real root = alone ? splat(1.0f) : square_root(source->share[k]);
            real first, second;
            normal_pair(c.word[0], c.word[1], &first, &second);
            *y = fmadd(root, first, *y);
            *z = fmadd(root, second, *z);
        }
}

#endif
