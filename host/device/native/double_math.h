/* The elementary functions of kernels/fpmath.h in double precision, good to a few units in the last place
 * (tests/double_engine_test.c). An engine in double precision includes this file before the kernels. The file defines
 * the include guard of fpmath.h and so takes its place. No result of a run comes from it, so its bits may differ
 * between machines. The polynomials are Taylor series, which at these lengths are as good as minimax fits. */
#ifndef ZEM_FPMATH_H
#define ZEM_FPMATH_H

#define ZEM_WIDE_MAGIC 6755399441055744.0 /* 1.5 * 2^52; adding it rounds |x| < 2^51 to the nearest integer */

ZEM_FUNCTION real lesser(real a, real b) { return choose(less(a, b), a, b); }
ZEM_FUNCTION real greater(real a, real b) { return choose(less(a, b), b, a); }
ZEM_FUNCTION real magnitude(real x) { return double_bits_as_real(as_double_bits(x) & 0x7FFFFFFFFFFFFFFFu); }
ZEM_FUNCTION real negated_if(bits sign, real x) { return double_bits_as_real(as_double_bits(x) ^ (widen(sign) << 32)); }
ZEM_FUNCTION real reciprocal(real x) { return 1.0 / x; }
ZEM_FUNCTION real divide(real a, real b) { return a / b; }

/* Returns 1/sqrt(x). For x = 0 it returns a large finite number, as in fpmath.h, so that its product with 0 is 0. */
ZEM_FUNCTION real inverse_square_root(real x) { return 1.0 / native_root(greater(x, splat(1e-200))); }
ZEM_FUNCTION real square_root(real x) { return native_root(x); }

/* Returns the sum of coefficient[k] x^k over `count` coefficients. */
ZEM_FUNCTION real power_series(const double *coefficient, int count, real x)
{
    real sum = splat(coefficient[count - 1]);
    for (int k = count - 2; k >= 0; k--)
        sum = fmadd(sum, x, splat(coefficient[k]));
    return sum;
}

/* Returns e^x for x <= 700, and 0 for x below -700. With a whole number n, x = n ln 2 + f and |f| <= ln 2 / 2. */
ZEM_FUNCTION real exponential(real x)
{
    static const double inverse_factorial[14] = {
        1.0,        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,       1.0 / 720,
        1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};
    const real bounded = greater(x, splat(-700.0));
    const real shifted = fmadd(bounded, splat(1.44269504088896340736), splat(ZEM_WIDE_MAGIC)),
               n = shifted - ZEM_WIDE_MAGIC;
    const real f = fmadd(n, splat(-1.90821492927058770002e-10),
                         fmadd(n, splat(-6.93147180369123816490e-01), bounded)); /* ln 2 in two parts */
    const real scaled =
        double_bits_as_real(as_double_bits(power_series(inverse_factorial, 14, f)) + (as_double_bits(shifted) << 52));
    return choose(less(x, splat(-700.0)), splat(0.0), scaled);
}

/* Returns ln x for normal x > 0. With a whole number e, x = 2^e m and m lies in [0.7071, 1.4142). ln m is 2 artanh(s)
 * with s = (m - 1)/(m + 1). */
ZEM_FUNCTION real logarithm(real x)
{
    static const double odd_inverse[11] = {2.0,      2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9, 2.0 / 11,
                                           2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21};
    const u64 root_half = 0x3FE6A09E667F3BCDu;
    const double_bits offset = as_double_bits(x) - root_half;
    const real e = double_bits_as_real(((offset + 0x3FF0000000000000u) >> 52) | 0x4330000000000000u)
                   - 4503599627371519.0; /* 2^52 + 1023 */
    const real f = double_bits_as_real((offset & 0x000FFFFFFFFFFFFFu) + root_half) - 1.0;
    const real s = f / (2.0 + f);
    return fmadd(e, splat(6.93147180559945309417e-01), s * power_series(odd_inverse, 11, s * s));
}

/* Computes sine and cosine of an angle of u turns. With a whole number k, u = k/2 + s and |s| <= 1/4; an odd k changes
 * the sign. */
ZEM_FUNCTION void sine_cosine_turns(real u, real *sine, real *cosine)
{
    static const double odd[11] = {1.0,
                                   -1.0 / 6,
                                   1.0 / 120,
                                   -1.0 / 5040,
                                   1.0 / 362880,
                                   -1.0 / 39916800,
                                   1.0 / 6227020800.0,
                                   -1.0 / 1307674368000.0,
                                   1.0 / 355687428096000.0,
                                   -1.0 / 121645100408832000.0,
                                   1.0 / 51090942171709440000.0};
    static const double even[12] = {1.0,
                                    -1.0 / 2,
                                    1.0 / 24,
                                    -1.0 / 720,
                                    1.0 / 40320,
                                    -1.0 / 3628800,
                                    1.0 / 479001600,
                                    -1.0 / 87178291200.0,
                                    1.0 / 20922789888000.0,
                                    -1.0 / 6402373705728000.0,
                                    1.0 / 2432902008176640000.0,
                                    -1.0 / 1124000727777607680000.0};
    const real shifted = fmadd(u, splat(2.0), splat(ZEM_WIDE_MAGIC));
    const real angle = fmadd(shifted - ZEM_WIDE_MAGIC, splat(-0.5), u) * 6.283185307179586476925,
               square = angle * angle;
    const double_bits sign = as_double_bits(shifted) << 63;
    *sine = double_bits_as_real(as_double_bits(angle * power_series(odd, 11, square)) ^ sign);
    *cosine = double_bits_as_real(as_double_bits(power_series(even, 12, square)) ^ sign);
}
ZEM_FUNCTION void sine_cosine_quarter(real s, real *sine, real *cosine) { sine_cosine_turns(s, sine, cosine); }
ZEM_FUNCTION real sine_turns(real u)
{
    real sine, unused;
    sine_cosine_turns(u, &sine, &unused);
    return sine;
}

#endif
