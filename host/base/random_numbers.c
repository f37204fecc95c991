/* Draws counts by inversion: probabilities are summed from the mode of the distribution to both sides until the sum
 * reaches a uniform random number. */
#include "base/random_numbers.h"

#include "base/statistics.h"

#include <math.h>

#define NORMAL_VARIANCE 1e3 /* above this variance a count is a rounded normal variable */

double zem_random_uniform(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

double zem_random_binomial(double trials, double p, uint64_t *state)
{
    const double variance = trials * p * (1.0 - p);
    if (!(variance > 0.0))
        return p > 0.5 ? trials : 0.0;
    if (variance > NORMAL_VARIANCE)
        return fmin(fmax(rint(trials * p + sqrt(variance) * zem_normal_quantile(zem_random_uniform(state))), 0.0),
                    trials);
    const double mode = floor((trials + 1.0) * p), odds = p / (1.0 - p);
    double above = exp(zem_binomial_log_probability(mode, trials - mode, p, 1.0 - p)), below = above, up = mode,
           down = mode, left = zem_random_uniform(state) - above;
    while (left > 0.0 && (up < trials || down > 0.0) && above + below > 1e-300) {
        above *= up < trials ? (trials - up) / (up + 1.0) * odds : 0.0;
        up += 1.0;
        left -= above;
        if (left <= 0.0)
            return up;
        below *= down > 0.0 ? down / (trials - down + 1.0) / odds : 0.0;
        down -= 1.0;
        left -= below;
        if (left <= 0.0)
            return down;
    }
    return mode;
}

double zem_random_hypergeometric(double trials, double hits, double all, uint64_t *state)
{
    const double low = fmax(0.0, trials + hits - all), high = fmin(trials, hits), share = hits / all;
    const double variance = trials * share * (1.0 - share) * ((all - trials) / fmax(all - 1.0, 1.0));
    if (!(low < high))
        return low;
    if (variance > NORMAL_VARIANCE)
        return fmin(fmax(rint(trials * share + sqrt(variance) * zem_normal_quantile(zem_random_uniform(state))), low),
                    high);
    double up = fmin(fmax(floor((trials + 1.0) * ((hits + 1.0) / (all + 2.0))), low), high), down = up;
    double above = exp(zem_binomial_log_probability(up, trials - up, share, 1.0 - share)
                       + zem_binomial_log_probability(hits - up, all - trials - hits + up, share, 1.0 - share)
                       - zem_binomial_log_probability(hits, all - hits, share, 1.0 - share));
    double below = above, left = zem_random_uniform(state) - above;
    const double mode = up;
    while (left > 0.0 && (up < high || down > low) && above + below > 1e-300) {
        above *= up < high ? (trials - up) * (hits - up) / ((up + 1.0) * (all - trials - hits + up + 1.0)) : 0.0;
        up += 1.0;
        left -= above;
        if (left <= 0.0)
            return up;
        below *= down > low ? down * (all - trials - hits + down) / ((trials - down + 1.0) * (hits - down + 1.0)) : 0.0;
        down -= 1.0;
        left -= below;
        if (left <= 0.0)
            return down;
    }
    return mode;
}
