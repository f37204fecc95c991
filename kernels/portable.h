/* The dialect in which all other kernel files are written: types and functions that OpenCL C and C compilers both
 * understand. This is the only file that knows which compiler reads it.
 *
 * ZEM_LANES is the number of trials that one `real` carries, one in each lane. The same source compiles as:
 *
 *   OpenCL C, ZEM_LANES 1        one trial in each work-item (GPUs)
 *   OpenCL C, ZEM_LANES 8 or 16  one trial in each vector lane (CPU devices)
 *   native C, ZEM_LANES 1        one trial (known answers, replay, the scalar reference of speed)
 *   native C, ZEM_LANES 4 to 16  one trial in each lane of a GNU vector: SSE2, AVX2, AVX-512, NEON
 *
 * With ZEM_DOUBLE native C compiles the source in double precision, for one trial or a vector, with the elementary
 * functions of host/device/native/double_math.h. No result of a run comes from such code. The difference between its
 * flights and the others shows the rounding error of a miss distance.
 *
 * The names that every dialect defines:
 *
 *   real, bits, mask          in each lane: a number, a 32-bit word, a condition
 *   splat, splat_bits         the same value in every lane
 *   less, equal_bits          comparisons; both, either, mask_not and no_lane combine their masks
 *   choose, choose_bits       the second argument in the lanes of a mask, the third in the others
 *   any_lane                  whether a mask holds in some lane
 *   fmadd(a, b, c)            a b + c, rounded once
 *   small_to_real             a word below 2^24 as a number, exactly
 *   lookup                    in each lane an entry of a table; tables have 8 entries
 *   lane, lane_bits           the value of one lane
 *   lane_values, lane_words   the values of all lanes, in an array
 *   UNIFORM, TABLE            memory that all trials share; constant tables
 *   REFRESH                   leaves the pointer to a cell as it is, but the compiler for AMD GPUs does not know it
 *   ZEM_FUNCTION              before a function that is compiled into its callers
 *   ZEM_APART, ZEM_PART, ZEM_SHARED  before a larger function, which native engines may compile by itself
 *
 * REFRESH(pointer, trial_high) stands in loops over trials, shots and steps. Otherwise the compiler for AMD GPUs
 * computes everything that depends on the cell alone before the loop, and keeps the results in registers during the
 * whole loop, more than the loop itself needs. The macro adds the bits 56 to 63 of the trial's number, which are 0, to
 * the pointer.
 *
 * All devices give the same bits, because the dialects in single precision keep these rules. + - * and fmadd are
 * correctly rounded and never contracted or reassociated. There is no division, square root, library function, double
 * or conversion that rounds. Comparisons give a `mask`, and choose() selects by lane. A plain `if` may only test what
 * all trials of a cell share. */
#ifndef ZEM_PORTABLE_H
#define ZEM_PORTABLE_H

#if defined(__FAST_MATH__) || defined(__FAST_RELAXED_MATH__)
#error "relaxed math breaks bit-identity: compile without it"
#endif

#ifndef ZEM_LANES
#define ZEM_LANES 1
#endif

#ifdef __OPENCL_C_VERSION__
#include "dialect_opencl.h"
#else
#include "dialect_native.h"
#endif

/* `struct word` is a 32-bit word of a counter-based random number generator, or the 64-bit product of such a word and a
 * constant. A product that is read as a word is its low half. word_mix returns w ^ key, and word_mix_high (high half of
 * `product`) ^ w ^ key. word_splat returns the same word in every lane.
 *
 * Vector units multiply only every other lane. Dialects for them define ZEM_SPLIT_WORDS and a structure of their own,
 * which keeps even and odd lanes apart in lanes of 64 bits. The upper halves of these lanes hold the high half of a
 * product; in a word they are ignored. All other dialects use the structure below, whose members are the two halves. */
#ifndef ZEM_SPLIT_WORDS
struct word {
    bits low, high;
};
ZEM_FUNCTION struct word word_of(bits x)
{
    struct word w;
    w.low = w.high = x;
    return w;
}
ZEM_FUNCTION struct word word_splat(u32 x) { return word_of(splat_bits(x)); }
ZEM_FUNCTION bits word_bits(struct word w) { return w.low; }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    struct word p;
    multiply_wide(w.low, factor, &p.high, &p.low);
    return p;
}
ZEM_FUNCTION struct word word_mix(struct word w, u32 key) { return word_of(w.low ^ key); }
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    return word_of(product.high ^ w.low ^ key);
}
#endif

#endif
