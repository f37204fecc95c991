/* Elementary functions in double precision whose bits are the same on every machine: they use + - * / and bit
 * operations alone, never the mathematical library. For host values that reach a kernel or a result. Compile with
 * -ffp-contract=off. Errors are bounds asserted by tests/exact_math_test.c. */
#ifndef ZEM_EXACT_MATH_H
#define ZEM_EXACT_MATH_H

/* exp(x), error below 1 ulp; 0 below -745.2, infinity above 709.8. */
double zem_exact_exp(double x);

/* Natural logarithm, error below 1 ulp; -infinity at 0, NaN below. */
double zem_exact_log(double x);

/* Sine and cosine of an angle in radians, |x| < 1e5, error below 1 ulp; NaN outside. */
double zem_exact_sin(double x);
double zem_exact_cos(double x);
void zem_exact_sincos(double x, double *sine, double *cosine);

#endif
