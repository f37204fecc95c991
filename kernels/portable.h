/* The dialect in which every other kernel file is written, and the only file that knows which compiler reads it.
 *
 * One source, three readings, chosen by ZEM_LANES, the number of trials that one `real` carries:
 *   OpenCL C, ZEM_LANES 1        one trial per work-item (GPUs)
 *   OpenCL C, ZEM_LANES 8 or 16  one trial per vector lane (CPU devices)
 *   native C, ZEM_LANES 1        one trial (known answers, trace, the scalar measure of speed)
 *   native C, ZEM_LANES 4 to 16  one trial per vector lane, GNU vectors: SSE2, AVX2, AVX-512, NEON
 * and one that no result comes from: native C with ZEM_DOUBLE, one trial or vectors of them in double precision, whose elementary
 * functions are those of host/double_math.h. Held against the others it shows what rounding does to a miss; the contract is not for it.
 *
 * Contract, on which bit-identity rests: + - * and fmadd on single precision are correctly rounded and never contracted or
 * reassociated; no division, no square root, no library function, no double, no conversion that rounds. Comparisons give a
 * `mask`; control flow on lanes goes through choose(); plain `if` is for what is uniform over all trials of a cell. */
#ifndef ZEM_PORTABLE_H
#define ZEM_PORTABLE_H

#if defined(__FAST_MATH__) || defined(__FAST_RELAXED_MATH__)
#error "relaxed math breaks bit-identity: compile without it"
#endif

#ifndef ZEM_LANES
#define ZEM_LANES 1
#endif

#if defined(__OPENCL_C_VERSION__)
/* ------------------------------------------------------------------ OpenCL C */
#define ZEM_PASTE_(a, b) a##b
#define ZEM_PASTE(a, b) ZEM_PASTE_(a, b)
#pragma OPENCL FP_CONTRACT OFF
typedef uint u32;
typedef int i32;
typedef ulong u64;
#define ZEM_SIZE_CHECK(type, bytes) __constant char ZEM_PASTE(zem_size_check_, __LINE__)[sizeof(type) == (bytes) ? 1 : -1] = {0}
#define UNIFORM __global const /* memory that holds what is uniform over a work-group */
#define TABLE __constant       /* constant tables at file scope */
#define ZEM_FUNCTION __attribute__((always_inline)) static inline
#define ZEM_UNROLL _Pragma("unroll") /* before a loop over indexed arrays that have to stay in registers */

#if ZEM_LANES == 1
typedef float real;
typedef uint bits;
typedef int mask;
#define as_real as_float
#define as_bits as_uint
ZEM_FUNCTION real choose(mask m, real a, real b) { return m ? a : b; }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return m ? a : b; }
ZEM_FUNCTION mask mask_not(mask m) { return !m; }
ZEM_FUNCTION int any_lane(mask m) { return m; }
ZEM_FUNCTION real small_to_real(bits x) { return (float)x; }
ZEM_FUNCTION bits signed_shift_right(bits x, int n) { return as_uint(as_int(x) >> n); }
ZEM_FUNCTION real signed_to_real(bits x) { return (float)as_int(x); }
ZEM_FUNCTION real lookup(TABLE const float *table, bits index) { return table[index]; }
ZEM_FUNCTION float lane(real x, int i) { return x; }
ZEM_FUNCTION u32 lane_bits(bits x, int i) { return x; }
ZEM_FUNCTION bits lane_numbers(void) { return 0u; }
#else
typedef ZEM_PASTE(float, ZEM_LANES) real;
typedef ZEM_PASTE(uint, ZEM_LANES) bits;
typedef ZEM_PASTE(int, ZEM_LANES) mask;
#define as_real ZEM_PASTE(as_float, ZEM_LANES)
#define as_bits ZEM_PASTE(as_uint, ZEM_LANES)
ZEM_FUNCTION real choose(mask m, real a, real b) { return select(b, a, m); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return select(b, a, m); }
ZEM_FUNCTION mask mask_not(mask m) { return ~m; }
ZEM_FUNCTION int any_lane(mask m) { return any(m); }
ZEM_FUNCTION real small_to_real(bits x) { return ZEM_PASTE(convert_float, ZEM_LANES)(ZEM_PASTE(as_int, ZEM_LANES)(x)); }
ZEM_FUNCTION bits signed_shift_right(bits x, int n) { return as_bits(ZEM_PASTE(as_int, ZEM_LANES)(x) >> n); }
ZEM_FUNCTION real signed_to_real(bits x) { return ZEM_PASTE(convert_float, ZEM_LANES)(ZEM_PASTE(as_int, ZEM_LANES)(x)); }
union lanes { real r; bits b; float f[ZEM_LANES]; u32 u[ZEM_LANES]; };
ZEM_FUNCTION float lane(real x, int i) { union lanes l; l.r = x; return l.f[i]; }
ZEM_FUNCTION u32 lane_bits(bits x, int i) { union lanes l; l.b = x; return l.u[i]; }
ZEM_FUNCTION bits lane_numbers(void) { union lanes l; for (int i = 0; i < ZEM_LANES; i++) l.u[i] = (u32)i; return l.b; }
ZEM_FUNCTION real lookup(TABLE const float *table, bits index)
{
    union lanes i, l;
    i.b = index;
    for (int k = 0; k < ZEM_LANES; k++)
        l.f[k] = table[i.u[k]];
    return l.r;
}
#endif
ZEM_FUNCTION real splat(float x) { return (real)(x); }
ZEM_FUNCTION bits splat_bits(u32 x) { return (bits)(x); }
ZEM_FUNCTION real fmadd(real a, real b, real c) { return fma(a, b, c); }
ZEM_FUNCTION mask less(real a, real b) { return a < b; }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return a == b; }
ZEM_FUNCTION mask no_lane(void) { return (mask)(0); }
ZEM_FUNCTION mask both(mask a, mask b) { return a & b; }
ZEM_FUNCTION mask either(mask a, mask b) { return a | b; }
ZEM_FUNCTION void multiply_wide(bits a, u32 b, bits *high, bits *low) { *high = mul_hi(a, (bits)(b)); *low = a * b; }

#else
/* ------------------------------------------------------------------ native C */
#include <stdint.h>
#include <string.h>
typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;
#define ZEM_SIZE_CHECK(type, bytes) _Static_assert(sizeof(type) == (bytes), "layout of " #type)
#define UNIFORM const
#define TABLE static const
#define ZEM_FUNCTION __attribute__((always_inline, unused)) static inline
#define ZEM_UNROLL _Pragma("GCC unroll 16")

#if ZEM_LANES == 1
#ifdef ZEM_DOUBLE
typedef double real;
typedef u64 double_bits; /* the bits of a real */
ZEM_FUNCTION double_bits as_double_bits(real x) { double_bits y; memcpy(&y, &x, sizeof y); return y; }
ZEM_FUNCTION real double_bits_as_real(double_bits x) { real y; memcpy(&y, &x, sizeof y); return y; }
ZEM_FUNCTION double_bits widen(u32 x) { return x; }
ZEM_FUNCTION real fmadd(real a, real b, real c) { return a * b + c; }
ZEM_FUNCTION real native_root(real x) { return __builtin_sqrt(x); }
#else
typedef float real;
ZEM_FUNCTION real fmadd(real a, real b, real c) { return __builtin_fmaf(a, b, c); }
#endif
typedef u32 bits;
typedef int mask;
ZEM_FUNCTION real as_real(bits x) { float y; memcpy(&y, &x, sizeof y); return y; }
ZEM_FUNCTION bits as_bits(real x) { const float y = (float)x; bits z; memcpy(&z, &y, sizeof z); return z; }
ZEM_FUNCTION real splat(real x) { return x; }
ZEM_FUNCTION bits splat_bits(u32 x) { return x; }
ZEM_FUNCTION mask less(real a, real b) { return a < b; }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return a == b; }
ZEM_FUNCTION real choose(mask m, real a, real b) { return m ? a : b; }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return m ? a : b; }
ZEM_FUNCTION mask mask_not(mask m) { return !m; }
ZEM_FUNCTION mask no_lane(void) { return 0; }
ZEM_FUNCTION mask both(mask a, mask b) { return a & b; }
ZEM_FUNCTION mask either(mask a, mask b) { return a | b; }
ZEM_FUNCTION int any_lane(mask m) { return m; }
ZEM_FUNCTION real small_to_real(bits x) { return (real)(i32)x; }
ZEM_FUNCTION bits signed_shift_right(bits x, int n) { return (bits)((i32)x >> n); }
ZEM_FUNCTION real signed_to_real(bits x) { return (real)(i32)x; }
ZEM_FUNCTION real lookup(const float *table, bits index) { return table[index]; }
ZEM_FUNCTION float lane(real x, int i) { (void)i; return (float)x; }
ZEM_FUNCTION u32 lane_bits(bits x, int i) { (void)i; return x; }
ZEM_FUNCTION bits lane_numbers(void) { return 0u; }
ZEM_FUNCTION void multiply_wide(bits a, u32 b, bits *high, bits *low)
{
    u64 product = (u64)a * b;
    *high = (u32)(product >> 32);
    *low = (u32)product;
}

#else /* vectors */
#ifdef ZEM_DOUBLE
typedef double component;
#else
typedef float component;
#endif
typedef component real __attribute__((vector_size(sizeof(component) * ZEM_LANES)));
typedef u32 bits __attribute__((vector_size(4 * ZEM_LANES)));
typedef i32 signed_bits __attribute__((vector_size(4 * ZEM_LANES)));
ZEM_FUNCTION real splat(component x) { return x - (real){0}; }
ZEM_FUNCTION bits splat_bits(u32 x) { return x - (bits){0}; }
ZEM_FUNCTION real small_to_real(bits x) { return __builtin_convertvector((signed_bits)x, real); }
ZEM_FUNCTION bits signed_shift_right(bits x, int n) { return (bits)((signed_bits)x >> n); }
ZEM_FUNCTION real signed_to_real(bits x) { return __builtin_convertvector((signed_bits)x, real); }
ZEM_FUNCTION float lane(real x, int i) { return (float)x[i]; }
ZEM_FUNCTION u32 lane_bits(bits x, int i) { return x[i]; }
ZEM_FUNCTION bits lane_numbers(void)
{
    bits x;
    for (int i = 0; i < ZEM_LANES; i++)
        x[i] = (u32)i;
    return x;
}

#ifdef ZEM_DOUBLE
typedef float narrow __attribute__((vector_size(4 * ZEM_LANES)));
typedef u64 double_bits __attribute__((vector_size(8 * ZEM_LANES))); /* the bits of a real */
ZEM_FUNCTION double_bits as_double_bits(real x) { return (double_bits)x; }
ZEM_FUNCTION real double_bits_as_real(double_bits x) { return (real)x; }
ZEM_FUNCTION double_bits widen(bits x) { return __builtin_convertvector(x, double_bits); }
ZEM_FUNCTION real as_real(bits x) { return __builtin_convertvector((narrow)x, real); }
ZEM_FUNCTION bits as_bits(real x) { return (bits)__builtin_convertvector(x, narrow); }
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
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return (bits)_mm256_mask_blend_epi32(m, (__m256i)b, (__m256i)a); }
ZEM_FUNCTION mask mask_not(mask m) { return (mask)~m; }
ZEM_FUNCTION mask no_lane(void) { return 0; }
ZEM_FUNCTION mask both(mask a, mask b) { return (mask)(a & b); }
ZEM_FUNCTION mask either(mask a, mask b) { return (mask)(a | b); }
ZEM_FUNCTION int any_lane(mask m) { return m != 0; }
ZEM_FUNCTION double_bits multiply_words(double_bits a, u32 b) { return (double_bits)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64((long long)b)); }
#else
typedef int64_t mask __attribute__((vector_size(8 * ZEM_LANES))); /* lanes of 0 or -1 */
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
ZEM_FUNCTION double_bits multiply_words(double_bits a, u32 b) { return (double_bits)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x((long long)b)); }
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
#define ZEM_SPLIT_WORDS /* here a word is a lane of 64 bits whose high half is not looked at */
struct word { double_bits lanes; };
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){widen(x)}; }
ZEM_FUNCTION bits word_bits(struct word w) { return __builtin_convertvector(w.lanes, bits); }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor) { return (struct word){multiply_words(w.lanes, factor)}; }
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key) { return (struct word){(product.lanes >> 32) ^ w.lanes ^ (u64)key}; }

#else
ZEM_FUNCTION real as_real(bits x) { return (real)x; }
ZEM_FUNCTION bits as_bits(real x) { return (bits)x; }
#if defined(__AVX512F__) && ZEM_LANES == 16
#include <immintrin.h>
typedef __mmask16 mask;
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
ZEM_FUNCTION mask less(real a, real b) { return _mm512_cmp_ps_mask((__m512)a, (__m512)b, _CMP_LT_OQ); }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)_mm512_mask_blend_ps(m, (__m512)b, (__m512)a); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return (bits)_mm512_mask_blend_epi32(m, (__m512i)b, (__m512i)a); }
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
struct word { __m512i even, odd; };
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){(__m512i)x, _mm512_srli_epi64((__m512i)x, 32)}; }
ZEM_FUNCTION bits word_bits(struct word w) { return (bits)_mm512_mask_blend_epi32(0xAAAA, w.even, _mm512_slli_epi64(w.odd, 32)); }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    const __m512i f = _mm512_set1_epi64((long long)factor);
    return (struct word){_mm512_mul_epu32(w.even, f), _mm512_mul_epu32(w.odd, f)};
}
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    const __m512i k = _mm512_set1_epi64((long long)key);
    return (struct word){_mm512_ternarylogic_epi64(_mm512_srli_epi64(product.even, 32), w.even, k, 0x96),
                         _mm512_ternarylogic_epi64(_mm512_shuffle_epi32(product.odd, 0xF5), w.odd, k, 0x96)};
}

#else
typedef signed_bits mask; /* lanes of 0 or -1 */
ZEM_FUNCTION mask less(real a, real b) { return a < b; }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return (mask)(a == b); }
ZEM_FUNCTION mask mask_not(mask m) { return ~m; }
ZEM_FUNCTION mask no_lane(void) { return (mask){0}; }
ZEM_FUNCTION mask both(mask a, mask b) { return a & b; }
ZEM_FUNCTION mask either(mask a, mask b) { return a | b; }
#if defined(__AVX2__) && defined(__FMA__) && ZEM_LANES == 8
#include <immintrin.h>
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)m); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return (bits)choose(m, (real)a, (real)b); }
ZEM_FUNCTION int any_lane(mask m) { return _mm256_movemask_ps((__m256)m) != 0; }
ZEM_FUNCTION real lookup(const float *table, bits index) { return (real)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), (__m256i)index); }
#define ZEM_SPLIT_WORDS
struct word { __m256i even, odd; };
ZEM_FUNCTION struct word word_of(bits x) { return (struct word){(__m256i)x, _mm256_srli_epi64((__m256i)x, 32)}; }
ZEM_FUNCTION bits word_bits(struct word w) { return (bits)_mm256_blend_epi32(w.even, _mm256_slli_epi64(w.odd, 32), 0xAA); }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor)
{
    const __m256i f = _mm256_set1_epi64x((long long)factor);
    return (struct word){_mm256_mul_epu32(w.even, f), _mm256_mul_epu32(w.odd, f)};
}
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key)
{
    const __m256i k = _mm256_set1_epi64x((long long)key);
    return (struct word){_mm256_xor_si256(_mm256_srli_epi64(product.even, 32), _mm256_xor_si256(w.even, k)),
                         _mm256_xor_si256(_mm256_srli_epi64(product.odd, 32), _mm256_xor_si256(w.odd, k))};
}
#else
ZEM_FUNCTION real choose(mask m, real a, real b) { return (real)(((mask)a & m) | ((mask)b & ~m)); }
ZEM_FUNCTION bits choose_bits(mask m, bits a, bits b) { return (a & (bits)m) | (b & ~(bits)m); }
ZEM_FUNCTION int any_lane(mask m)
{
    i32 all = 0;
    for (int i = 0; i < ZEM_LANES; i++)
        all |= m[i];
    return all != 0;
}
#if defined(__aarch64__) && ZEM_LANES == 4
#include <arm_neon.h>
ZEM_FUNCTION real fmadd(real a, real b, real c) { return (real)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b); }
#else
/* No instruction for it: the C library's fmaf is correctly rounded, and one copy of the loop is enough. */
__attribute__((noinline, unused)) static real fmadd(real a, real b, real c)
{
    real sum;
    for (int i = 0; i < ZEM_LANES; i++)
        sum[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return sum;
}
#endif
ZEM_FUNCTION real lookup(const float *table, bits index)
{
    real x;
    for (int i = 0; i < ZEM_LANES; i++)
        x[i] = table[index[i]];
    return x;
}
ZEM_FUNCTION void multiply_wide(bits a, u32 b, bits *high, bits *low)
{
    typedef u64 wide __attribute__((vector_size(8 * ZEM_LANES)));
    const wide product = __builtin_convertvector(a, wide) * (u64)b;
    *high = __builtin_convertvector(product >> 32, bits);
    *low = __builtin_convertvector(product, bits);
}
#endif
#endif
#endif /* single precision */
#endif /* vectors */
#endif /* native */

/* 32-bit words of a counter-based generator. A product of two has 64 bits; taken as a word it is its low half. Vector units multiply every other
 * lane only, so there the even and the odd lanes are kept apart, each in lanes of 64 bits: the high half is that of a product, and is not
 * looked at in a word. Elsewhere the halves are two words. word_mix_high is the high half of a product ^ w ^ key. */
#ifndef ZEM_SPLIT_WORDS
struct word { bits low, high; };
ZEM_FUNCTION struct word word_of(bits x) { struct word w; w.low = w.high = x; return w; }
ZEM_FUNCTION bits word_bits(struct word w) { return w.low; }
ZEM_FUNCTION struct word word_multiply(struct word w, u32 factor) { struct word p; multiply_wide(w.low, factor, &p.high, &p.low); return p; }
ZEM_FUNCTION struct word word_mix_high(struct word product, struct word w, u32 key) { return word_of(product.high ^ w.low ^ key); }
#endif

#endif
