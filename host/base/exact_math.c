/* Elementary functions by argument reduction with split constants (Cody and Waite, Software Manual for the Elementary
 * Functions, 1980), followed by a Taylor or atanh series whose truncation error is below 2^-57 of the result. ln 2 and
 * pi/2 are sums of several constants. All but the last constant of each sum end in zero bits, so that their products
 * with the integers that occur here are exact. No function of the mathematical library may be called. */
#include "base/exact_math.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static const double ln2_high = 0x1.62e42feep-1;      /* 32 bits: its product with an 11-bit exponent is exact */
static const double ln2_low = 0x1.a39ef35793c76p-33; /* ln 2 - ln2_high */

static const double half_pi_1 = 0x1.921fb544p+0; /* 33 bits each: products with a 17-bit integer are exact */
static const double half_pi_2 = 0x1.0b4611a6p-34;
static const double half_pi_3 = 0x1.3198a2ep-69;
static const double half_pi_4 = 0x1.b839a252049c1p-104; /* pi/2 minus the three constants above */

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* 2^exponent for -1022 <= exponent <= 1023, assembled from its bits. */
static double power_of_two(int exponent)
{
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The whole number n nearest to x, |x| < 2^31. If x lies halfway between two whole numbers, either one may be returned,
 * because x - n has the same magnitude for both, which the series of the callers allow. */
static int nearest(double x) { return (int)(x < 0 ? x - 0.5 : x + 0.5); }

double zem_exact_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.79)
        return (double)INFINITY;
    if (x < -745.2)
        return 0;
    /* x = k ln2 + r, |r| <= 0.3466; exp(r) = 1 + r + r^2 (1/2! + r/3! + ... + r^11/13!) */
    int k = nearest(x * 0x1.71547652b82fep+0);
    double high = x - k * ln2_high, low = k * ln2_low, r = high - low;
    double lost = (high - r) - low;
    double p = 1.0 / 6227020800;
    static const double inverse_factorial[] = {
        1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720,       1.0 / 120,      1.0 / 24,      1.0 / 6,      0.5};
    for (unsigned i = 0; i < sizeof inverse_factorial / sizeof inverse_factorial[0]; i++)
        p = p * r + inverse_factorial[i];
    double y = 1 + (r + (lost + r * r * p));
    /* The factor 2^k is applied as two factors, because 2^k alone may be too large or too small for a normal double. */
    int half = k / 2;
    return y * power_of_two(half) * power_of_two(k - half);
}

double zem_exact_log(double x)
{
    if (isnan(x) || x < 0)
        return (double)NAN;
    if (x == 0)
        return -(double)INFINITY;
    if (isinf(x))
        return x;
    int k = 0;
    if (x < DBL_MIN) {
        x *= 0x1p54;
        k = -54;
    }
    /* x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2) */
    uint64_t bits = bits_of(x);
    k += (int)(bits >> 52) - 1023;
    bits = (bits & UINT64_C(0xFFFFFFFFFFFFF)) | UINT64_C(0x3FF0000000000000);
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 0x1.6a09e667f3bcdp+0) {
        m *= 0.5;
        k++;
    }
    /* log(1 + f) = 2 atanh(s) with s = f / (2 + f). The leading term 2 s of the series is written as f - s f, because f
     * has no rounding error. */
    double f = m - 1, s = f / (2 + f), z = s * s, p = 2.0 / 23;
    for (int n = 21; n >= 3; n -= 2)
        p = p * z + 2.0 / n;
    return k * ln2_high + (f - (s * (f - p * z) - k * ln2_low));
}

/* Splits x = n pi/2 + (high + low) with |high| <= pi/4 and returns n modulo 4. For |x| < 1e5 the relative error of the
 * remainder is below 2^-60. */
static unsigned reduce(double x, double *high, double *low)
{
    int n = nearest(x * 0x1.45f306dc9c883p-1);
    double a = x - n * half_pi_1, b = n * half_pi_2, c = n * half_pi_3;
    /* Each difference is written exactly as a rounded value and its rounding error: a - b = s + s_error and s - c = t +
     * t_error (Knuth, The Art of Computer Programming, volume 2, section 4.2.2). */
    double s = a - b, v = s - a, s_error = (a - (s - v)) - (b + v);
    double t = s - c;
    v = t - s;
    double t_error = (s - (t - v)) - (c + v);
    double rest = t_error + (s_error - n * half_pi_4);
    *high = t + rest;
    *low = (t - *high) + rest;
    return (unsigned)n & 3;
}

static double sine_kernel(double r, double low)
{
    double z = r * r, p = 1.0 / 355687428096000; /* 1/17! */
    static const double coefficient[] = {-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880,
                                         -1.0 / 5040,          1.0 / 120,        -1.0 / 6};
    for (unsigned i = 0; i < sizeof coefficient / sizeof coefficient[0]; i++)
        p = p * z + coefficient[i];
    return r + (r * z * p + low * (1 - 0.5 * z));
}

static double cosine_kernel(double r, double low)
{
    double z = r * r, p = 1.0 / 20922789888000; /* 1/16! */
    static const double coefficient[] = {-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800,
                                         1.0 / 40320,        -1.0 / 720,      1.0 / 24};
    for (unsigned i = 0; i < sizeof coefficient / sizeof coefficient[0]; i++)
        p = p * z + coefficient[i];
    double half = 0.5 * z, w = 1 - half;
    return w + (((1 - w) - half) + (z * z * p - r * low));
}

void zem_exact_sincos(double x, double *sine, double *cosine)
{
    if (!(x > -1e5 && x < 1e5)) {
        *sine = *cosine = (double)NAN;
        return;
    }
    double high, low;
    unsigned quadrant = reduce(x, &high, &low);
    double s = sine_kernel(high, low), c = cosine_kernel(high, low);
    *sine = (quadrant & 1) != 0 ? c : s;
    *cosine = (quadrant & 1) != 0 ? s : c;
    if ((quadrant & 2) != 0)
        *sine = -*sine;
    if (quadrant == 1 || quadrant == 2)
        *cosine = -*cosine;
}

double zem_exact_sin(double x)
{
    double sine, cosine;
    zem_exact_sincos(x, &sine, &cosine);
    return sine;
}

double zem_exact_cos(double x)
{
    double sine, cosine;
    zem_exact_sincos(x, &sine, &cosine);
    return cosine;
}

/* The ratio of two polynomials of degree n at x. numerator[0] to numerator[n] are the coefficients of x^n down to x^0.
 * The coefficient of x^n in the denominator is 1; denominator[0] to denominator[n - 1] are those of x^(n - 1) down to
 * x^0. */
static double polynomials(const double *numerator, const double *denominator, int n, double x)
{
    double above = numerator[0] * x, below = x;
    for (int i = 1; i < n; i++) {
        above = (above + numerator[i]) * x;
        below = (below + denominator[i - 1]) * x;
    }
    return (above + numerator[n]) / (below + denominator[n - 1]);
}

/* erfc(y) exp(y^2) for y > 0.46875. */
static double scaled_complement(double y)
{
    static const double c[] = {2.15311535474403846343e-8, 5.64188496988670089180e-1, 8.88314979438837594118e0,
                               6.61191906371416294775e1,  2.98635138197400131132e2,  8.81952221241769090411e2,
                               1.71204761263407058314e3,  2.05107837782607146532e3,  1.23033935479799725272e3};
    static const double d[] = {1.57449261107098347253e1, 1.17693950891312499305e2, 5.37181101862009857509e2,
                               1.62138957456669018874e3, 3.29079923573345962678e3, 4.36261909014324715820e3,
                               3.43936767414372163696e3, 1.23033935480374942043e3};
    static const double p[] = {1.63153871373020978498e-2, 3.05326634961232344035e-1, 3.60344899949804439429e-1,
                               1.25781726111229246204e-1, 1.60837851487422766278e-2, 6.58749161529837803157e-4};
    static const double q[] = {2.56852019228982242072e0, 1.87295284992346047209e0, 5.27905102951428412248e-1,
                               6.05183413124413191178e-2, 2.33520497626869185443e-3};
    if (y <= 4.0)
        return polynomials(c, d, 8, y);
    const double square = 1.0 / (y * y);
    return (5.6418958354775628695e-1 - square * polynomials(p, q, 5, square)) / y;
}

double zem_exact_normal_tail(double x)
{
    static const double a[] = {1.85777706184603152673e-1, 3.16112374387056560e0, 1.13864154151050156e2,
                               3.77485237685302021e2, 3.20937758913846947e3};
    static const double b[] = {2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3,
                               2.84423683343917062e3};
    const double y = fabs(x) * 0.707106781186547524401; /* the probability is erfc(y) / 2 for x < 0 */
    if (isnan(x))
        return x;
    if (y <= 0.46875)
        return 0.5 + 0.5 * (x < 0.0 ? -y : y) * polynomials(a, b, 4, y * y);
    if (y > 27.0)
        return x < 0.0 ? 0.0 : 1.0;
    /* exp(-y^2) = exp(-x^2/2) is computed as exp(-coarse^2/2) exp(-rest/2), where rest = x^2 - coarse^2. The square of
     * `coarse` is exact, because `coarse` is a multiple of 1/16, so the rounding error of y^2 does not enter. */
    const double coarse = floor(fabs(x) * 16.0) / 16.0, rest = (fabs(x) - coarse) * (fabs(x) + coarse);
    const double tail = 0.5 * zem_exact_exp(-0.5 * coarse * coarse) * zem_exact_exp(-0.5 * rest) * scaled_complement(y);
    return x < 0.0 ? tail : 1.0 - tail;
}
