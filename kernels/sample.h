/* Random variables made from 32-bit random words: uniform and normal variables, and the quantities of a scenario that
 * vary per trial. */
#ifndef ZEM_SAMPLE_H
#define ZEM_SAMPLE_H

/* Returns a number uniform on [0, 1), from the upper 24 bits of `word`, which convert exactly. */
ZEM_FUNCTION real uniform(bits word) { return small_to_real(word >> 8) * 5.96046448e-08f; }

/* Returns a number uniform on (0, 1]. */
ZEM_FUNCTION real uniform_positive(bits word) { return small_to_real((word >> 8) + 1u) * 5.96046448e-08f; }

/* Computes cosine and sine of an angle that is uniform over the circle. The top bit of `word` chooses one half of the
 * circle. The next 24 bits choose the angle within a quarter turn to either side of the middle of that half. */
ZEM_FUNCTION void direction(bits word, real *cosine, real *sine)
{
    const real turns = signed_to_real(signed_shift_right(word << 1, 8)) * 2.98023224e-08f;
    const bits half_turn = word & 0x80000000u;
    sine_cosine_quarter(turns, sine, cosine);
    *cosine = negated_if(half_turn, *cosine);
    *sine = negated_if(half_turn, *sine);
}

/* normal_pair makes two independent standard normals from two words (Box and Muller, Ann. Math. Statist. 29, 1958,
 * 610-611). They are the components of a vector: word0 gives its length by normal_radius, word1 its direction.
 * Magnitudes up to sqrt(2 ln 2^24) = 5.77 occur. */
ZEM_FUNCTION real normal_radius(bits word) { return square_root(-2.0f * logarithm(uniform_positive(word))); }
ZEM_FUNCTION void normal_pair(bits word0, bits word1, real *first, real *second)
{
    const real radius = normal_radius(word0);
    real cosine, sine;
    direction(word1, &cosine, &sine);
    *first = radius * cosine;
    *second = radius * sine;
}

/* Returns the value of a quantity of the cell in the trial at `address`. `index` is an enum zem_varied. A draw has four
 * words and serves two quantities: that of even index takes words 0 and 1, that of odd index words 2 and 3. */
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
