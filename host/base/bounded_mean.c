/* Intervals of the mean of a bounded number, as shifts of its distribution. With the mean x, the variance s^2, an end b
 * of the possible values and d = |b - x|, the distribution that has the share w moved to b has the mean x + w (b - x)
 * and the variance (1 - w) (s^2 + w d^2). */
#include "base/bounded_mean.h"

#include <math.h>

/* Shares below this of a range are the rounding of sums. */
#define ROUNDING 1e-9

/* Solves n (w d)^2 = z^2 (1 - w) (s^2 + w d^2) for w, with q = s^2 / d^2 and t = z^2. With two values s^2 = d (D - d),
 * where D is their distance, and the equation is Wilson's. */
static double wilson_share(double n, double t, double q)
{
    const double middle = 1 - q, root = sqrt(middle * middle + 4 * (1 + n / t) * q);
    if (middle < 0) /* without the difference of numbers that are almost equal */
        return 2 * q / (root - middle);
    return t * (middle + root) / (2 * (n + t));
}

/* The shift that moves the share of a binomial probability from `share` hits to `limit`, counted from the end that is
 * moved away from. */
static double binomial_share(double share, double limit)
{
    return share < 1 ? fmin(fmax(limit - share, 0) / (1 - share), 1) : 0;
}

struct zem_mean_shift zem_bounded_mean_shift(const uint64_t *count, const double *value, size_t classes,
                                             double confidence, enum zem_interval_method method)
{
    double low = value[0], high = value[0], sum = 0, squares = 0;
    uint64_t all = 0;
    for (size_t i = 0; i < classes; i++) {
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
        all += count[i];
    }
    const double n = (double)all, range = high - low;
    if (!(range > 0))
        return (struct zem_mean_shift){0, 0};
    for (size_t i = 0; i < classes; i++)
        sum += (double)count[i] * ((value[i] - low) / range);
    const double mean = fmin(sum / n, 1);
    for (size_t i = 0; i < classes; i++) {
        const double apart = (value[i] - low) / range - mean;
        squares += (double)count[i] * apart * apart;
    }
    if (method == ZEM_CLOPPER_PEARSON) {
        const double hits = mean * n, below = floor(hits + ROUNDING), above = ceil(hits - ROUNDING);
        const double least = zem_interval_binomial((uint64_t)below, all, confidence, method).lower,
                     most = zem_interval_binomial((uint64_t)fmin(above, n), all, confidence, method).upper;
        return (struct zem_mean_shift){binomial_share(1 - mean, 1 - least), binomial_share(mean, most)};
    }
    const double z = zem_normal_quantile(0.5 * (1 - confidence)), up = 1 - mean;
    return (struct zem_mean_shift){mean > ROUNDING * ROUNDING ? wilson_share(n, z * z, squares / n / (mean * mean)) : 0,
                                   up > ROUNDING * ROUNDING ? wilson_share(n, z * z, squares / n / (up * up)) : 0};
}
