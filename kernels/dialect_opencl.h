/* The dialect of portable.h in OpenCL C. With ZEM_LANES 1 each work-item flies one trial. Otherwise a work-item flies
 * ZEM_LANES trials side by side, one in each lane of a vector. */
#ifndef ZEM_DIALECT_OPENCL_H
#define ZEM_DIALECT_OPENCL_H

#define ZEM_PASTE_(a, b) a##b
#define ZEM_PASTE(a, b) ZEM_PASTE_(a, b)
#pragma OPENCL FP_CONTRACT OFF
typedef uint u32;
typedef int i32;
typedef ulong u64;
#define ZEM_CHECK(condition) __constant char ZEM_PASTE(zem_check_, __LINE__)[(condition) ? 1 : -1] = {0}
#define ZEM_SIZE_CHECK(type, bytes) \
    __constant char ZEM_PASTE(zem_size_check_, __LINE__)[sizeof(type) == (bytes) ? 1 : -1] = {0}
/* Memory whose contents all work-items of a group share. UNIFORM_POINTER makes a pointer to it from a pointer to global
 * memory. For AMD GPUs it is constant memory, because the compiler loads from there into scalar registers, one for all
 * work-items of a wavefront. Elsewhere it is global memory, because other devices have little constant memory. */
#ifdef __AMDGCN__
#define UNIFORM __constant const
#define UNIFORM_POINTER(type, pointer) ((UNIFORM type *)(size_t)(pointer))
#define REFRESH(pointer, trial_high) (pointer += (trial_high) >> 24)
#else
#define UNIFORM __global const
#define UNIFORM_POINTER(type, pointer) (pointer)
#define REFRESH(pointer, trial_high) ((void)(pointer))
#endif
#define TABLE __constant /* constant tables at file scope */
#define ZEM_FUNCTION __attribute__((always_inline)) static inline
#define ZEM_APART ZEM_FUNCTION
#define ZEM_PART ZEM_FUNCTION
#define ZEM_SHARED ZEM_FUNCTION
#define ZEM_UNROLL _Pragma("unroll") /* before loops over arrays that must stay in registers */

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
ZEM_FUNCTION void lane_values(real x, float values[1]) { values[0] = x; }
ZEM_FUNCTION void lane_words(bits x, u32 words[1]) { words[0] = x; }
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
ZEM_FUNCTION real signed_to_real(bits x)
{
    return ZEM_PASTE(convert_float, ZEM_LANES)(ZEM_PASTE(as_int, ZEM_LANES)(x));
}
union lanes {
    real r;
    bits b;
    float f[ZEM_LANES];
    u32 u[ZEM_LANES];
};
ZEM_FUNCTION float lane(real x, int i)
{
    union lanes l;
    l.r = x;
    return l.f[i];
}
ZEM_FUNCTION u32 lane_bits(bits x, int i)
{
    union lanes l;
    l.b = x;
    return l.u[i];
}
ZEM_FUNCTION void lane_values(real x, float values[ZEM_LANES]) { ZEM_PASTE(vstore, ZEM_LANES)(x, 0, values); }
ZEM_FUNCTION void lane_words(bits x, u32 words[ZEM_LANES]) { ZEM_PASTE(vstore, ZEM_LANES)(x, 0, words); }
ZEM_FUNCTION bits lane_numbers(void)
{
    union lanes l;
    for (int i = 0; i < ZEM_LANES; i++)
        l.u[i] = (u32)i;
    return l.b;
}
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
ZEM_FUNCTION void multiply_wide(bits a, u32 b, bits *high, bits *low)
{
    *high = mul_hi(a, (bits)(b));
    *low = a * b;
}

#endif
