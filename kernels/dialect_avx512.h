/* The part of dialect_vector.h for AVX-512: vectors of sixteen numbers of single precision. A mask has one bit for each
 * lane and lies in a mask register. */
#ifndef ZEM_DIALECT_AVX512_H
#define ZEM_DIALECT_AVX512_H

#include <immintrin.h>
typedef __mmask16 mask;
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
ZEM_FUNCTION mask less(real a, real b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ); }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)_mm512_mask_blend_ps(m, (__m512)b, (__m512)a); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b)
{
    return (bits)_mm512_mask_blend_epi32(m, (__m512i)b, (__m512i)a);
}
ZEM_FUNCTION mask mask_not(mask m) { return (mask)~m; }
ZEM_FUNCTION mask no_lane(void) { return 0; }
ZEM_FUNCTION mask both(mask a, mask b) { return (mask)(a & b); }
ZEM_FUNCTION mask either(mask a, mask b) { return (mask)(a | b); }
ZEM_FUNCTION int any_lane(mask m) { return m != 0; }
ZEM_FUNCTION real lookup(const float *table, bits index) /* tables have 8 entries */
{
    return (real)_mm512_permutexvar_ps((__m512i)index, _mm512_castps256_ps512(_mm256_loadu_ps(table)));
}
#define ZEM_SPLIT_WORDS
struct word {
    __m512i even, odd;
};
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){(__m512i)x, _mm512_srli_epi64((__m512i)x, 32)}; }
ZEM_FUNCTION struct word word_splat(u32 x)
{
    const __m512i w = _mm512_set1_epi64((long long)x);
    return (struct word){w, w};
}
ZEM_FUNCTION bits word_bits(struct word w)
{
    return (bits)_mm512_mask_blend_epi32(0xAAAA, w.even, _mm512_slli_epi64(w.odd, 32));
}
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    const __m512i f = _mm512_set1_epi64((long long)factor);
    return (struct word){_mm512_mul_epu32(w.even, f), _mm512_mul_epu32(w.odd, f)};
}
ZEM_FUNCTION struct word word_mix(struct word w, u32 key)
{
    const __m512i k = _mm512_set1_epi64((long long)key);
    return (struct word){_mm512_xor_epi64(w.even, k), _mm512_xor_epi64(w.odd, k)};
}
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    const __m512i k = _mm512_set1_epi64((long long)key);
    return (struct word){_mm512_ternarylogic_epi64(_mm512_srli_epi64(product.even, 32), w.even, k, 0x96),
                         _mm512_ternarylogic_epi64(_mm512_shuffle_epi32(product.odd, 0xF5), w.odd, k, 0x96)};
}

#endif
