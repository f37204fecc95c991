/* Random variables from random words: uniform, normal, and the quantities of a scenario that vary per trial. */
#ifndef ZEM_SAMPLE_H
#define ZEM_SAMPLE_H

/* Uniform on [0, 1). The upper 24 bits convert exactly. */
ZEM_FUNCTION real uniform(bits word) { return small_to_real(word >> 8) * 5.96046448e-08f; }

/* Uniform on (0, 1]. */
ZEM_FUNCTION real uniform_positive(bits word) { return small_to_real((word >> 8) + 1u) * 5.96046448e-08f; }

/* Cosine and sine of an angle uniform over the circle. The top bit chooses the half circle, and the next 24 bits an
 * angle within a quarter turn to either side of its middle. */
ZEM_FUNCTION void direction(bits word, real *cosine, real *sine)
{
    const real turns = signed_to_real(signed_shift_right(word << 1, 8)) * 2.98023224e-08f;
    const bits half_turn = word & 0x80000000u;
    sine_cosine_quarter(turns, sine, cosine);
    *cosine = negated_if(half_turn, *cosine);
    *sine = negated_if(half_turn, *sine);
}

/* Two independent standard normals from two words, as radius and direction (Box and Muller, Ann. Math. Statist. 29,
 * 1958, 610-611). Magnitudes up to sqrt(2 ln 2^24) = 5.77 occur. */
ZEM_FUNCTION real normal_radius(bits word) { return square_root(-2.0f * logarithm(uniform_positive(word))); }
ZEM_FUNCTION void normal_pair(bits word0, bits word1, real *first, real *second)
{
    const real radius = normal_radius(word0);
    real cosine, sine;
    direction(word1, &cosine, &sine);
    *first = radius * cosine;
    *second = radius * sine;
}

/* Value of a cell's quantity in this trial. `index` is an enum zem_varied. Two quantities share a draw: one takes words
 * 0 and 1, the other words 2 and 3. */
ZEM_PART real sample_quantity(UNIFORM struct cell_parameters *cell, const struct address *address, u32 stream,
                              u32 index)
{
    const float base = cell->varied[index].base, scale = cell->varied[index].scale;
    const u32 kind = cell->varied[index].kind;
    if (kind == ZEM_QUANTITY_CONSTANT)
        return splat(base);
    const struct address drawn = source_address(address, index);
    const struct counter c = draw(&drawn, stream, index >> 1);
    const bits word0 = (index & 1u) ? c.word[2] : c.word[0], word1 = (index & 1u) ? c.word[3] : c.word[1];
    if (kind == ZEM_QUANTITY_UNIFORM)
        return fmadd(splat(scale), uniform(word0), splat(base));
    real normal, unused;
    normal_pair(word0, word1, &normal, &unused);
    return fmadd(splat(scale), normal, splat(base));
}

#endif
