/* Elementary functions in double precision that give the same bits on every machine, because they use + - * / and bit
 * operations alone. The host uses them for every value that a kernel or a result gets, because the C mathematical
 * library may differ in the last bit from machine to machine. The compiler must not fuse multiplications and additions
 * (-ffp-contract=off). tests/exact_math_test.c asserts the error bounds stated here. */
#ifndef ZEM_EXACT_MATH_H
#define ZEM_EXACT_MATH_H

/* exp(x) with an error below 1 ulp (unit in the last place); 0 for x below -745.2 and infinity for x above 709.79. */
double zem_exact_exp(double x);

/* Natural logarithm with an error below 1 ulp; -infinity at 0, NaN for negative x. */
double zem_exact_log(double x);

/* Sine and cosine of an angle in radians with an error below 1 ulp; NaN unless |x| < 1e5. */
double zem_exact_sin(double x);
double zem_exact_cos(double x);
void zem_exact_sincos(double x, double *sine, double *cosine);

/* The probability that a standard normal variable is below x. The relative error is below 2e-15 for x >= -37. The
 * inverse function is zem_normal_quantile (statistics.h). Source: Cody (1969), "Rational Chebyshev approximations for
 * the error function", Mathematics of Computation 23, 631-637, in the form of his routine CALERF. */
double zem_exact_normal_tail(double x);

#endif
