/* The dialect of portable.h in C for one trial at a time, in single precision or, with ZEM_DOUBLE, in double. */
#ifndef ZEM_DIALECT_SCALAR_H
#define ZEM_DIALECT_SCALAR_H

#ifdef ZEM_DOUBLE
typedef double real;
typedef u64 double_bits; /* the bits of a real */
ZEM_FUNCTION double_bits as_double_bits(real x)
{
    double_bits y;
    memcpy(&y, &x, sizeof y);
    return y;
}
ZEM_FUNCTION real double_bits_as_real(double_bits x)
{
    real y;
    memcpy(&y, &x, sizeof y);
    return y;
}
ZEM_FUNCTION double_bits widen(u32 x) { return x; }
ZEM_FUNCTION real fmadd(real a, real b, real c) { return a * b + c; }
ZEM_FUNCTION real native_root(real x) { return __builtin_sqrt(x); }
#else
typedef float real;
ZEM_FUNCTION real fmadd(real a, real b, real c) { return __builtin_fmaf(a, b, c); }
#endif
typedef u32 bits;
typedef int mask;
ZEM_FUNCTION real as_real(bits x)
{
    float y;
    memcpy(&y, &x, sizeof y);
    return y;
}
ZEM_FUNCTION bits as_bits(real x)
{
    const float y = (float)x;
    bits z;
    memcpy(&z, &y, sizeof z);
    return z;
}
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
ZEM_FUNCTION float lane(real x, int i)
{
    (void)i;
    return (float)x;
}
ZEM_FUNCTION u32 lane_bits(bits x, int i)
{
    (void)i;
    return x;
}
ZEM_FUNCTION void lane_values(real x, float values[1]) { values[0] = (float)x; }
ZEM_FUNCTION void lane_words(bits x, u32 words[1]) { words[0] = x; }
ZEM_FUNCTION bits lane_numbers(void) { return 0u; }
ZEM_FUNCTION void multiply_wide(bits a, u32 b, bits *high, bits *low)
{
    u64 product = (u64)a * b;
    *high = (u32)(product >> 32);
    *low = (u32)product;
}

#endif
