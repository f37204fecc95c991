/* The elementary functions of kernels/fpmath.h in double precision, by the C library. Takes that file's place in the double reading
 * (double_engine.c), by holding its include guard; no result comes from here, so the bits may differ between machines. */
#ifndef ZEM_FPMATH_H
#define ZEM_FPMATH_H

#include <math.h>

ZEM_FUNCTION real lesser(real a, real b) { return a < b ? a : b; }
ZEM_FUNCTION real greater(real a, real b) { return a < b ? b : a; }
ZEM_FUNCTION real magnitude(real x) { return fabs(x); }
ZEM_FUNCTION real reciprocal(real x) { return 1.0 / x; }
ZEM_FUNCTION real divide(real a, real b) { return a / b; }

/* Zero gives a large finite number, as in fpmath.h: its product with zero is zero. */
ZEM_FUNCTION real inverse_square_root(real x) { return 1.0 / sqrt(x > 1e-200 ? x : 1e-200); }
ZEM_FUNCTION real square_root(real x) { return sqrt(x); }
ZEM_FUNCTION real exponential(real x) { return exp(x); }
ZEM_FUNCTION real logarithm(real x) { return log(x); }

/* Angles in turns, reduced exactly before they are multiplied by 2 pi. */
ZEM_FUNCTION real sine_turns(real u) { return sin(6.283185307179586476925 * (u - rint(u))); }
ZEM_FUNCTION void sine_cosine_turns(real u, real *sine, real *cosine)
{
    const real angle = 6.283185307179586476925 * (u - rint(u));
    *sine = sin(angle);
    *cosine = cos(angle);
}

#endif
