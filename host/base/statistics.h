/* Estimates and intervals from integer counts. Pure functions of numbers; knows nothing of cells or files. */
#ifndef ZEM_STATISTICS_H
#define ZEM_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

enum zem_interval_method { ZEM_WILSON, ZEM_CLOPPER_PEARSON };

struct zem_interval {
    double lower, upper;
};

/* Two-sided confidence interval of a binomial probability from `hits` in `trials`; trials = 0 gives [0, 1].
 * Wilson (1927), JASA 22, 209-212, eq. for p from the score test; Clopper and Pearson (1934), Biometrika 26, 404-413.
 */
struct zem_interval zem_interval_binomial(uint64_t hits, uint64_t trials, double confidence,
                                          enum zem_interval_method method);

/* Quantile of the standard normal distribution, 0 < p < 1, relative error below 1e-14. */
double zem_normal_quantile(double p);

/* Quantile `p` of a miss distance from a histogram of `slots` counts (slot 0 underflow, last slot overflow) whose
 * slots - 1 edges are in metres, increasing: the estimate (interpolated inside its bin in the logarithm), and an
 * order-statistic interval of at least `confidence` widened to whole bins. Underflow stands for [0, first edge],
 * overflow for infinity. No counts: all NaN. */
struct zem_quantile {
    double value, lower, upper;
};
struct zem_quantile zem_quantile_from_histogram(const uint64_t *counts, const double *edges, size_t slots, double p,
                                                double confidence);

/* The parts of zem_quantile_from_histogram, for callers that need only one; the bounds cost an integral or two. */
double zem_quantile_estimate(const uint64_t *counts, const double *edges, size_t slots, double p);
double zem_quantile_lower(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);
double zem_quantile_upper(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);

/* Precision rule: number of trials after which a cell may be looked at, growing by 1.25 from 1000: the smallest
 * checkpoint above `trials`, at most `bound`. The sequence is integer arithmetic only: 1000, 1250, 1562, ... */
uint64_t zem_precision_checkpoint(uint64_t trials, uint64_t bound);

#endif
