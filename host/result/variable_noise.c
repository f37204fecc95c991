/* The variance of the estimate of a variable. Probabilities are binomial. Moments of the miss take their variance from
 * the sums of the miss or, where a fourth moment is needed, from the miss histogram. */
#include "result/effects.h"

#include "base/kernel_types.h"
#include "result/cell_totals.h"
#include "result/extremes.h"

#include <math.h>
#include <string.h>

/* The mean of ((miss - shift)^2 - center)^2 over the histogram, with the miss of a bin at the geometric mean of its
 * edges. */
static double spread_of_squares(const struct zem_result *result, uint64_t cell, double shift, double center)
{
    uint64_t counts[ZEM_HISTOGRAM_SLOTS];
    const double *edges = zem_histogram_edges();
    double sum = 0.0, count = 0.0;
    zem_totals_histogram(&result->totals, cell, counts);
    for (size_t slot = 0; slot <= ZEM_HISTOGRAM_BINS + 1 && slot < ZEM_HISTOGRAM_SLOTS; slot++) {
        const double miss = slot == 0                        ? 0.5 * edges[0]
                            : slot == ZEM_HISTOGRAM_BINS + 1 ? edges[ZEM_HISTOGRAM_BINS]
                                                             : sqrt(edges[slot - 1] * edges[slot]),
                     square = (miss - shift) * (miss - shift) - center;
        sum += (double)counts[slot] * square * square;
        count += (double)counts[slot];
    }
    return sum / count;
}

/* The variance of the estimate of `root`, the root mean square of the miss about `shift`. It is the variance of the
 * mean square divided by (2 root)^2. */
static double root_noise(const struct zem_result *result, uint64_t cell, double shift, double root)
{
    const double passed = (double)zem_passed_count(result, cell);
    return root > 0.0 ? spread_of_squares(result, cell, shift, root * root) / (4.0 * root * root * passed) : 0.0;
}

double zem_variable_noise(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                          uint64_t cell)
{
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++)
        if (strcmp(variable->name, zem_counted_names[kind]) == 0) {
            const struct zem_proportion c = zem_counted(result, (enum zem_counted_kind)kind, element, cell);
            const double p = (double)c.hits / (double)c.trials;
            return c.trials > 1 ? p * (1.0 - p) / ((double)c.trials - 1.0) : 0.25;
        }
    const double deviation = zem_miss_deviation(result, cell), passed = (double)zem_passed_count(result, cell);
    if (strcmp(variable->name, "miss_mean") == 0)
        return deviation * deviation / passed;
    if (strcmp(variable->name, "miss_rms") == 0)
        return root_noise(result, cell, 0.0, sqrt(zem_mean_of_passed(result, cell, ZEM_TALLY_MISS_SQUARED)));
    if (strcmp(variable->name, "miss_std") == 0)
        return root_noise(result, cell, zem_mean_of_passed(result, cell, ZEM_TALLY_MISS), deviation);
    if (strcmp(variable->name, "miss_quantile") == 0) {
        const double confidence = 0.68; /* an interval of about one standard deviation on either side */
        uint64_t counts[ZEM_HISTOGRAM_SLOTS];
        zem_totals_histogram(&result->totals, cell, counts);
        const struct zem_quantile q = zem_quantile_from_histogram(counts, zem_histogram_edges(), ZEM_HISTOGRAM_SLOTS,
                                                                  zem_quantile_levels[element], confidence);
        const double half = 0.5 * (q.upper - q.lower) / zem_normal_quantile(0.5 + 0.5 * confidence);
        return half * half;
    }
    return (double)NAN;
}

bool zem_variable_has_normal_limits(const struct zem_variable *variable)
{
    return strcmp(variable->name, "miss_mean") == 0 || strcmp(variable->name, "miss_rms") == 0
           || strcmp(variable->name, "miss_std") == 0;
}

struct zem_interval zem_variable_normal_limits(const struct zem_result *result, const struct zem_variable *variable,
                                               uint64_t cell, double confidence)
{
    double value = (double)NAN;
    if (zem_passed_count(result, cell) < 2)
        return (struct zem_interval){(double)NAN, (double)NAN};
    variable->compute(result, cell, NULL, &value);
    const double width =
        zem_normal_quantile(0.5 + 0.5 * confidence) * sqrt(zem_variable_noise(result, variable, 0, cell));
    return (struct zem_interval){fmax(value - width, 0.0), value + width};
}
