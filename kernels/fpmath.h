/* Elementary functions in single precision. Each is a fixed sequence of correctly rounded operations and therefore
 * gives the same bits on every device. tests/fpmath_test.c measures the errors over all arguments. Arguments are finite
 * and normal numbers unless a comment says otherwise. The polynomials are minimax fits for the intervals stated. */
#ifndef ZEM_FPMATH_H
#define ZEM_FPMATH_H

#define ZEM_ROUND_MAGIC 12582912.0f /* 1.5 * 2^23; adding it rounds |x| < 2^22 to the nearest integer, ties to even */

/* Return the smaller and the larger of two finite numbers. */
ZEM_FUNCTION real lesser(real a, real b) { return choose(less(a, b), a, b); }
ZEM_FUNCTION real greater(real a, real b) { return choose(less(a, b), b, a); }

/* magnitude returns |x|. negated_if changes the sign of x where the top bit of `sign` is set; all other bits of `sign`
 * must be 0. */
ZEM_FUNCTION real magnitude(real x) { return as_real(as_bits(x) & 0x7FFFFFFFu); }
ZEM_FUNCTION real negated_if(bits sign, real x) { return as_real(as_bits(x) ^ sign); }

/* Returns 1/a for 2^-125 < |a| < 2^125. A first value x from the bits of `a` is good to 12 %. Two steps of third order
 * improve it:
 *
 *   x <- x (1 + e + e^2),  e = 1 - a x */
ZEM_FUNCTION real reciprocal(real a)
{
    real x = as_real(0x7EF311C3u - as_bits(a));
    real e = fmadd(-a, x, splat(1.0f));
    x = fmadd(x, fmadd(e, e, e), x);
    e = fmadd(-a, x, splat(1.0f));
    return fmadd(x, fmadd(e, e, e), x);
}

/* Returns a/b for 2^-125 < |b| < 2^125. The remainder of the first quotient corrects it once. */
ZEM_FUNCTION real divide(real a, real b)
{
    const real inverse = reciprocal(b);
    const real quotient = a * inverse;
    return fmadd(fmadd(-b, quotient, a), inverse, quotient);
}

/* Returns 1/sqrt(a) with a relative error of up to 1.1e-4. A first value y from the bits of `a` is good to 3.4 %. One
 * step of third order improves it:
 *
 *   y <- y (1 + e/2 + 3 e^2/8),  e = 1 - a y^2 */
ZEM_FUNCTION real inverse_square_root_near(real a)
{
    const real y = as_real(0x5F375A86u - (as_bits(a) >> 1));
    const real e = fmadd(-(a * y), y, splat(1.0f));
    return fmadd(y * e, fmadd(e, splat(0.375f), splat(0.5f)), y);
}

/* Returns 1/sqrt(a) for 2^-100 < a < 2^125. One step of second order improves the value of inverse_square_root_near.
 * For a = 0 the function returns a large finite number. */
ZEM_FUNCTION real inverse_square_root(real a)
{
    const real y = inverse_square_root_near(a);
    return fmadd(0.5f * y, fmadd(-(a * y), y, splat(1.0f)), y);
}

/* Returns sqrt(a) for 0 <= a < 2^125. Arguments below 1e-30, subnormal numbers included, give 0. One Newton step
 * corrects the root. */
ZEM_FUNCTION real square_root(real a)
{
    const real y = inverse_square_root_near(a);
    const real root = a * y;
    const real corrected = fmadd(fmadd(-root, root, a), 0.5f * y, root);
    return choose(less(a, splat(1.0e-30f)), splat(0.0f), corrected);
}

/* Returns e^x for x <= 88, and 0 for x below -87. With a whole number n, x = n ln 2 + f and |f| <= ln 2 / 2, and a
 * polynomial p gives e^f = 1 + f + f^2 p(f). */
ZEM_FUNCTION real exponential(real x)
{
    const real shifted = fmadd(x, splat(1.44269504f), splat(ZEM_ROUND_MAGIC));
    const real n = shifted - ZEM_ROUND_MAGIC;
    const real f = fmadd(n, splat(-1.42860677e-06f), fmadd(n, splat(-0.693145752f), x)); /* ln 2 in two parts */
    real p = splat(0.00139504788f);
    p = fmadd(p, f, splat(0.00836888421f));
    p = fmadd(p, f, splat(0.041666206f));
    p = fmadd(p, f, splat(0.166665182f));
    p = fmadd(p, f, splat(0.5f));
    p = fmadd(p * f, f, f) + 1.0f;
    const real scaled = as_real(as_bits(p) + (as_bits(shifted) << 23));
    return choose(less(x, splat(-87.0f)), splat(0.0f), scaled);
}

/* Returns ln x for normal x > 0. With a whole number e, x = 2^e m and m lies in [0.7071, 1.4142). With f = m - 1, a
 * polynomial q gives ln m = f - f^2/2 + f^3 q(f). */
ZEM_FUNCTION real logarithm(real x)
{
    const bits offset = as_bits(x) - 0x3F3504F3u;
    const real e = signed_to_real(signed_shift_right(offset, 23));
    const real f = as_real((offset & 0x007FFFFFu) + 0x3F3504F3u) - 1.0f;
    real q = splat(-0.0763220862f);
    q = fmadd(q, f, splat(0.127608299f));
    q = fmadd(q, f, splat(-0.131606475f));
    q = fmadd(q, f, splat(0.14201887f));
    q = fmadd(q, f, splat(-0.166233256f));
    q = fmadd(q, f, splat(0.200012207f));
    q = fmadd(q, f, splat(-0.250008225f));
    q = fmadd(q, f, splat(0.333333313f));
    const real square = f * f;
    const real small = fmadd(square * f, q, fmadd(square, splat(-0.5f), e * 1.42860677e-06f));
    return fmadd(e, splat(0.693145752f), f + small);
}

/* Return sin(2 pi s) and cos(2 pi s) for |s| <= 1/4. */
ZEM_FUNCTION real sine_polynomial(real s)
{
    const real t = s * s;
    real p = splat(39.7109184f);
    p = fmadd(p, t, splat(-76.5749893f));
    p = fmadd(p, t, splat(81.6022339f));
    p = fmadd(p, t, splat(-41.3416786f));
    p = fmadd(p, t, splat(6.28318548f));
    return p * s;
}
ZEM_FUNCTION real cosine_polynomial(real s)
{
    const real t = s * s;
    real p = splat(-25.006794f);
    p = fmadd(p, t, splat(60.1482048f));
    p = fmadd(p, t, splat(-85.4538269f));
    p = fmadd(p, t, splat(64.9393539f));
    p = fmadd(p, t, splat(-19.7392082f));
    return fmadd(p, t, splat(1.0f));
}

/* Computes sine and cosine of an angle of s turns for |s| <= 1/4. One turn is 2 pi rad. */
ZEM_FUNCTION void sine_cosine_quarter(real s, real *sine, real *cosine)
{
    *sine = sine_polynomial(s);
    *cosine = cosine_polynomial(s);
}

/* Compute the sine, or sine and cosine, of an angle of u turns for |u| < 2^20. One turn is 2 pi rad. With a whole
 * number k, u = k/2 + s and |s| <= 1/4; an odd k changes the sign. */
ZEM_FUNCTION real sine_turns(real u)
{
    const real shifted = fmadd(u, splat(2.0f), splat(ZEM_ROUND_MAGIC));
    const real s = fmadd(shifted - ZEM_ROUND_MAGIC, splat(-0.5f), u);
    return as_real(as_bits(sine_polynomial(s)) ^ (as_bits(shifted) << 31));
}
ZEM_FUNCTION void sine_cosine_turns(real u, real *sine, real *cosine)
{
    const real shifted = fmadd(u, splat(2.0f), splat(ZEM_ROUND_MAGIC));
    const real s = fmadd(shifted - ZEM_ROUND_MAGIC, splat(-0.5f), u);
    const bits sign = as_bits(shifted) << 31;
    *sine = as_real(as_bits(sine_polynomial(s)) ^ sign);
    *cosine = as_real(as_bits(cosine_polynomial(s)) ^ sign);
}

#endif
