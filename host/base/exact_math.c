/* Elementary functions by argument reduction with split constants (Cody and Waite, Software Manual for the Elementary
 * Functions, 1980), followed by a Taylor or atanh series whose truncation error is below 2^-57 of the result. The parts
 * of ln 2 and pi/2 end in zero bits, so that their products with the integers that occur here are exact. No function of
 * the mathematical library may be called. */
#include "base/exact_math.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static const double ln2_high = 0x1.62e42feep-1;      /* 32 bits: its product with an 11-bit exponent is exact */
static const double ln2_low = 0x1.a39ef35793c76p-33; /* ln 2 - ln2_high */

static const double half_pi_1 = 0x1.921fb544p+0; /* 33 bits each: the product with a 17-bit integer is exact */
static const double half_pi_2 = 0x1.0b4611a6p-34;
static const double half_pi_3 = 0x1.3198a2ep-69;
static const double half_pi_4 = 0x1.b839a252049c1p-104; /* what remains of pi/2 */

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

/* The whole number nearest to x, |x| < 2^31. Either neighbour serves for a tie, because both leave a remainder in
 * range. */
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
    /* The scale is applied as two factors, because 2^k alone may lie outside the normal numbers. */
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
    /* log(1 + f) = 2 atanh(s) with s = f / (2 + f). Its leading term 2 s is written as f - s f, so that f enters
     * without rounding. */
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
    /* Both differences are exact as a sum of two numbers: a - b = s + s_error and s - c = t + t_error (Knuth, The
     * Art of Computer Programming, volume 2, section 4.2.2). */
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
