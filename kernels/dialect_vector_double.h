/* The dialect of portable.h in C with vectors of double precision: each vector carries ZEM_LANES trials, one in each
 * lane. Only studies of the rounding error use it. The results of runs come from single precision. */
#ifndef ZEM_DIALECT_VECTOR_DOUBLE_H
#define ZEM_DIALECT_VECTOR_DOUBLE_H

typedef double component;
#include "dialect_vector_types.h"

typedef float narrow __attribute__((vector_size(4 * ZEM_LANES)));
typedef u64 double_bits __attribute__((vector_size(8 * ZEM_LANES))); /* the bits of a real */
ZEM_FUNCTION double_bits as_double_bits(real x) { return (double_bits)x; }
ZEM_FUNCTION real double_bits_as_real(double_bits x) { return (real)x; }
ZEM_FUNCTION double_bits widen(bits x) { return __builtin_convertvector(x, double_bits); }
ZEM_FUNCTION real as_real(bits x) { return __builtin_convertvector((narrow)x, real); }
ZEM_FUNCTION bits as_bits(real x) { return (bits) __builtin_convertvector(x, narrow); }
ZEM_FUNCTION void lane_values(real x, float values[ZEM_LANES])
{
    const narrow y = __builtin_convertvector(x, narrow);
    memcpy(values, &y, sizeof y);
}
ZEM_FUNCTION real lookup(const float *table, bits index)
{
    narrow x;
    for (int i = 0; i < ZEM_LANES; i++)
        x[i] = table[index[i]];
    return __builtin_convertvector(x, real);
}
#if defined(__AVX512F__) && defined(__AVX512VL__) && ZEM_LANES == 8
#include <immintrin.h>
typedef __mmask8 mask;
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c); }
ZEM_FUNCTION real native_root(real x) { return (real)_mm512_sqrt_pd((__m512d)x); }
ZEM_FUNCTION mask less(real a, real b) { return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ); }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return _mm256_cmpeq_epi32_mask((__m256i)a, (__m256i)b); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)_mm512_mask_blend_pd(m, (__m512d)b, (__m512d)a); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b)
{
    return (bits)_mm256_mask_blend_epi32(m, (__m256i)b, (__m256i)a);
}
ZEM_FUNCTION mask mask_not(mask m) { return (mask)~m; }
ZEM_FUNCTION mask no_lane(void) { return 0; }
ZEM_FUNCTION mask both(mask a, mask b) { return (mask)(a & b); }
ZEM_FUNCTION mask either(mask a, mask b) { return (mask)(a | b); }
ZEM_FUNCTION int any_lane(mask m) { return m != 0; }
ZEM_FUNCTION double_bits multiply_words(double_bits a, u32 b)
{
    return (double_bits)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64((long long)b));
}
#else
typedef int64_t mask __attribute__((vector_size(8 * ZEM_LANES))); /* every lane is 0 or -1 */
ZEM_FUNCTION mask less(real a, real b) { return a < b; }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return __builtin_convertvector(a == b, mask); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)(((mask)a & m) | ((mask)b & ~m)); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b)
{
    const bits n = __builtin_convertvector(m, bits);
    return (a & n) | (b & ~n);
}
ZEM_FUNCTION mask mask_not(mask m) { return ~m; }
ZEM_FUNCTION mask no_lane(void) { return (mask){0}; }
ZEM_FUNCTION mask both(mask a, mask b) { return a & b; }
ZEM_FUNCTION mask either(mask a, mask b) { return a | b; }
ZEM_FUNCTION int any_lane(mask m)
{
    int64_t all = 0;
    for (int i = 0; i < ZEM_LANES; i++)
        all |= m[i];
    return all != 0;
}
#if defined(__AVX2__) && defined(__FMA__) && ZEM_LANES == 4
#include <immintrin.h>
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c); }
ZEM_FUNCTION real native_root(real x) { return (real)_mm256_sqrt_pd((__m256d)x); }
ZEM_FUNCTION double_bits multiply_words(double_bits a, u32 b)
{
    return (double_bits)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x((long long)b));
}
#else
ZEM_FUNCTION real fmadd(real a, real b, real c) { return a * b + c; }
ZEM_FUNCTION real native_root(real x)
{
    for (int i = 0; i < ZEM_LANES; i++)
        x[i] = __builtin_sqrt(x[i]);
    return x;
}
ZEM_FUNCTION double_bits multiply_words(double_bits a, u32 b) { return (a & 0xFFFFFFFFu) * (u64)b; }
#endif
#endif

#define ZEM_SPLIT_WORDS
struct word {
    double_bits lanes;
};
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){widen(x)}; }
ZEM_FUNCTION struct word word_splat(u32 x) { return word_of(splat_bits(x)); }
ZEM_FUNCTION bits word_bits(struct word w) { return __builtin_convertvector(w.lanes, bits); }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    return (struct word){multiply_words(w.lanes, factor)};
}
ZEM_FUNCTION struct word word_mix(struct word w, u32 key) { return (struct word){w.lanes ^ (u64)key}; }
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    return (struct word){(product.lanes >> 32) ^ w.lanes ^ (u64)key};
}

#endif
