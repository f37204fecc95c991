/* The dialect in which every other kernel file is written, and the only file that knows which compiler reads it.
 *
 * One source, three readings, chosen by ZEM_LANES, the number of trials that one `real` carries:
 *   OpenCL C, ZEM_LANES 1        one trial per work-item (GPUs)
 *   OpenCL C, ZEM_LANES 8 or 16  one trial per vector lane (CPU devices)
 *   native C, ZEM_LANES 1        one trial (known answers, trace, the scalar measure of speed)
 *   native C, ZEM_LANES 4 to 16  one trial per vector lane, GNU vectors: SSE2, AVX2, AVX-512, NEON
 * and one that no result comes from: native C with ZEM_DOUBLE, one trial or vectors of them in double precision, whose
 * elementary functions are those of host/device/native/double_math.h. Held against the others it shows what rounding
 * does to a miss; the contract is not for it.
 *
 * Contract, on which bit-identity rests: + - * and fmadd on single precision are correctly rounded and never contracted
 * or reassociated; no division, no square root, no library function, no double, no conversion that rounds. Comparisons
 * give a `mask`; control flow on lanes goes through choose(); plain `if` is for what is uniform over all trials of a
 * cell. */
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

/* 32-bit words of a counter-based generator. A product of two has 64 bits; taken as a word it is its low half. Vector
 * units multiply every other lane only, so there the even and the odd lanes are kept apart, each in lanes of 64 bits:
 * the high half is that of a product, and is not looked at in a word. Elsewhere the halves are two words. word_mix_high
 * is the high half of a product ^ w ^ key. */
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
ZEM_FUNCTION bits word_bits(struct word w) { return w.low; }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    struct word p;
    multiply_wide(w.low, factor, &p.high, &p.low);
    return p;
}
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    return word_of(product.high ^ w.low ^ key);
}
#endif

#endif
