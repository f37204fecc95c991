/* The part of dialect_vector.h for processors without AVX2: vectors of single precision in GNU C. On AArch64 it uses
 * the fused multiply-add of NEON. */
#ifndef ZEM_DIALECT_PLAIN_H
#define ZEM_DIALECT_PLAIN_H

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
ZEM_FUNCTION real fmadd(real a, real b, real c)
{
    return (real)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
}
#else
/* Applies the C library's fmaf to every lane, because GNU C has no fused multiply-add of vectors. fmaf rounds
 * correctly. The function is not inlined, because one copy of it suffices. */
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
