/* How the functions of kernels/fpmath.h, sample.h and atmosphere.h are compared with double precision: over all 2^23
 * mantissas of each binade (the floats between two powers of two) whose errors no other binade repeats, over all 2^24
 * uniforms, and with a stride elsewhere. A limit is the largest error that was measured, rounded up in its third digit.
 * The bits are fixed, and so are the errors, so that a change that makes one worse is seen. The double functions of the
 * C library err by 1e-16, a hundred millionth of what is measured. */
#ifndef ZEM_KERNEL_ERRORS_H
#define ZEM_KERNEL_ERRORS_H

#include "kernels/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Builds without optimisation or with a sanitizer test every 16th argument. */
#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) \
    && !defined(ZEM_TEST_COARSE)
#define EVERY 1u
#else
#define EVERY 16u
#endif

#define BINADE (1u << 23)
#define SIGN 0x80000000u

static inline u32 bits_of(float x) { return as_bits(x); }

/* Returns the distance of a float from the exact value, in units of the last place of the exact value. */
static inline double ulps(float value, double exact)
{
    int exponent;
    frexp(exact, &exponent);
    return fabs((double)value - exact) / ldexp(1.0, exponent - 24);
}

/* Returns the error at the argument whose bits are `word`. */
typedef double error_function(u32 word);

/* Returns the largest error over the words from `first` below `end`. An error that is not a number counts as
 * infinite. */
static inline double worst(error_function *error, u32 first, u32 end, u32 stride)
{
    const u32 step = stride * EVERY, count = (end - first + step - 1u) / step;
    double largest = 0.0;
#pragma omp parallel for schedule(static) reduction(max : largest)
    for (u32 k = 0; k < count; k++) {
        const double e = error(first + k * step);
        largest = e <= largest ? largest : e >= 0.0 ? e : HUGE_VAL;
    }
    return largest;
}

/* Fails if the error exceeds the limit, or is so far below it that the limit says nothing. */
static inline void assert_error(const char *what, double error, double limit)
{
    printf("%s: largest error %.6g, limit %.6g\n", what, error, limit);
    if (!(error <= limit))
        fail_msg("%s: error %.6g exceeds %.6g", what, error, limit);
    if (EVERY == 1u && error < 0.9 * limit)
        fail_msg("%s: error %.6g is so far below its limit %.6g that the limit says nothing", what, error, limit);
}

/* Returns for how many words a property does not hold. Of the `count` words from `first` on it tests one in every
 * stride EVERY. */
static inline u32 violations(int (*holds)(u32 word), u32 first, u32 count, u32 stride)
{
    u32 bad = 0;
#pragma omp parallel for schedule(static) reduction(+ : bad)
    for (u32 k = 0; k < count / (stride * EVERY); k++)
        bad += holds(first + k * stride * EVERY) ? 0u : 1u;
    return bad;
}

/* Makes two well-mixed words from one. */
static inline void words_from(u32 seed, u32 *a, u32 *b)
{
    const u64 mixed = trial_mix(seed, 0u, 0u);
    *a = (u32)mixed;
    *b = (u32)(mixed >> 32);
}

#endif
