/* The functions of kernels/fpmath.h computed in several lanes at once, for fpmath_test.c. */
#ifndef ZEM_FPMATH_LANES_H
#define ZEM_FPMATH_LANES_H

#include <stdint.h>

enum { FPMATH_LANES = 4, FPMATH_ANSWERS = 12 };

/* Writes into answers[k] the bits of the results of all functions for the number words[k]. `words` are the bits of
 * finite numbers. A number outside a function's range is cut to the range. */
void fpmath_lanes(const uint32_t words[FPMATH_LANES], uint32_t answers[FPMATH_LANES][FPMATH_ANSWERS]);

#endif
