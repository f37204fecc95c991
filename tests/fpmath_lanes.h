/* What fpmath_lanes.c answers to fpmath_test.c: bits of functions of a number, in several lanes at once. */
#ifndef ZEM_FPMATH_LANES_H
#define ZEM_FPMATH_LANES_H

#include <stdint.h>

enum { FPMATH_LANES = 4, FPMATH_ANSWERS = 12 };

/* `words` are the bits of finite numbers; what lies outside a function's range is cut to it. */
void fpmath_lanes(const uint32_t words[FPMATH_LANES], uint32_t answers[FPMATH_LANES][FPMATH_ANSWERS]);

#endif
