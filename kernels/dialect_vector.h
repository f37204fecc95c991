/* The dialect of portable.h in C with vectors of single precision: each vector carries ZEM_LANES trials, one in each
 * lane. The operations that differ between instruction sets are in dialect_avx512.h, dialect_avx2.h and
 * dialect_plain.h. */
#ifndef ZEM_DIALECT_VECTOR_H
#define ZEM_DIALECT_VECTOR_H

typedef float component;
#include "dialect_vector_types.h"

ZEM_FUNCTION real as_real(bits x) { return (real)x; }
ZEM_FUNCTION bits as_bits(real x) { return (bits)x; }
ZEM_FUNCTION void lane_values(real x, float values[ZEM_LANES]) { memcpy(values, &x, sizeof x); }
#if defined(__AVX512F__) && ZEM_LANES == 16
#include "dialect_avx512.h"
#else
typedef signed_bits mask; /* every lane is 0 or -1 */
ZEM_FUNCTION mask less(real a, real b) { return a < b; }
ZEM_FUNCTION mask equal_bits(bits a, bits b) { return (mask)(a == b); }
ZEM_FUNCTION mask mask_not(mask m) { return ~m; }
ZEM_FUNCTION mask no_lane(void) { return (mask){0}; }
ZEM_FUNCTION mask both(mask a, mask b) { return a & b; }
ZEM_FUNCTION mask either(mask a, mask b) { return a | b; }
#if defined(__AVX2__) && defined(__FMA__) && ZEM_LANES == 8
#include "dialect_avx2.h"
#else
#include "dialect_plain.h"
#endif
#endif

#endif
