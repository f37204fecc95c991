/* The part of dialect_vector.h for AVX2 with fused multiply-add: vectors of eight numbers of single precision. */
#ifndef ZEM_DIALECT_AVX2_H
#define ZEM_DIALECT_AVX2_H

#include <immintrin.h>
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)m); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return (bits)choose(m, (real)a, (real)b); }
ZEM_FUNCTION int any_lane(mask m) { return _mm256_movemask_ps((__m256)m) != 0; }
ZEM_FUNCTION real lookup(const float *table, bits index)
{
    return (real)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)index);
}
#define ZEM_SPLIT_WORDS
struct word {
    __m256i even, odd;
};
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){(__m256i)x, _mm256_srli_epi64((__m256i)x, 32)}; }
ZEM_FUNCTION struct word word_splat(u32 x)
{
    const __m256i w = _mm256_set1_epi64x((long long)x);
    return (struct word){w, w};
}
ZEM_FUNCTION bits word_bits(struct word w)
{
    return (bits)_mm256_blend_epi32(w.even, _mm256_slli_epi64(w.odd, 32), 0xAA);
}
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    const __m256i f = _mm256_set1_epi64x((long long)factor);
    return (struct word){_mm256_mul_epu32(w.even, f), _mm256_mul_epu32(w.odd, f)};
}
ZEM_FUNCTION struct word word_mix(struct word w, u32 key)
{
    const __m256i k = _mm256_set1_epi64x((long long)key);
    return (struct word){_mm256_xor_si256(w.even, k), _mm256_xor_si256(w.odd, k)};
}
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    const __m256i k = _mm256_set1_epi64x((long long)key);
    return (struct word){_mm256_xor_si256(_mm256_srli_epi64(product.even, 32), _mm256_xor_si256(w.even, k)),
                         _mm256_xor_si256(_mm256_srli_epi64(product.odd, 32), _mm256_xor_si256(w.odd, k))};
}

#endif
