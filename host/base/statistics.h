/* Estimates and intervals from integer counts: binomial probabilities and quantiles of a histogram. Every function here
 * is a pure function of numbers; cells and files are unknown. */
#ifndef ZEM_STATISTICS_H
#define ZEM_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zem_interval_method { ZEM_WILSON, ZEM_CLOPPER_PEARSON, ZEM_INTERVAL_METHODS };

/* Their words on the command line and in files, by the enumerator. */
extern const char *const zem_interval_words[ZEM_INTERVAL_METHODS];

/* The method of a word; ZEM_INTERVAL_METHODS if it is none. */
enum zem_interval_method zem_interval_method_of(const char *word);

struct zem_interval {
    double lower, upper;
};

/* The two-sided confidence interval of a binomial probability, from `hits` in `trials`; [0, 1] without trials. Sources:
 * Wilson (1927), JASA 22, 209-212, the interval of the score test; Clopper and Pearson (1934), Biometrika 26,
 * 404-413. */
struct zem_interval zem_interval_binomial(uint64_t hits, uint64_t trials, double confidence,
                                          enum zem_interval_method method);

/* The quantile of the standard normal distribution for 0 < p < 1, with a relative error below 1e-14. */
double zem_normal_quantile(double p);

/* Whether P(B >= hits) <= tail for B binomial(trials, p), where 0 < p < 1, hits <= trials and 0 < tail < 1/2. */
bool zem_binomial_at_least_is_rare(uint64_t hits, uint64_t trials, double p, double tail);

/* A quantile of the miss distance and its confidence interval, in metres. */
struct zem_quantile {
    double value, lower, upper;
};

/* The quantile `p` from a histogram of `slots` counts with slots - 1 increasing edges in metres. Slot 0 holds the
 * underflow, which stands for [0, first edge]; the last slot holds the overflow, which stands for infinity. The
 * estimate is interpolated in the logarithm of the miss inside its bin. The interval is that of order statistics,
 * widened to whole bins, with a coverage of at least `confidence`. Without counts all three are NaN. */
struct zem_quantile zem_quantile_from_histogram(const uint64_t *counts, const double *edges, size_t slots, double p,
                                                double confidence);

/* The three parts of zem_quantile_from_histogram, for callers that need one of them. A bound costs about two
 * integrals; quantile_ranks.h gives the same bounds of many histograms for less. */
double zem_quantile_estimate(const uint64_t *counts, const double *edges, size_t slots, double p);
double zem_quantile_lower(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);
double zem_quantile_upper(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);

/* The precision rule looks at a cell only after fixed numbers of trials, because a look after every trial would bias
 * the result. The numbers grow by a factor of 1.25 in integer arithmetic: 1000, 1250, 1562, ... Returns the smallest of
 * them above `trials`, at most `bound`. */
uint64_t zem_precision_checkpoint(uint64_t trials, uint64_t bound);

#endif
