/* Estimates and intervals from integer counts: binomial probabilities and quantiles of a histogram. Every function here
 * is a pure function of numbers. */
#ifndef ZEM_STATISTICS_H
#define ZEM_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zem_interval_method { ZEM_WILSON, ZEM_CLOPPER_PEARSON, ZEM_INTERVAL_METHODS };

/* The names of the interval methods on the command line and in files. The index is the enumerator. */
extern const char *const zem_interval_words[ZEM_INTERVAL_METHODS];

/* Returns the method that has this name, or ZEM_INTERVAL_METHODS if there is none. */
enum zem_interval_method zem_interval_method_of(const char *word);

struct zem_interval {
    double lower, upper;
};

/* The two-sided confidence interval of a binomial probability, from `hits` in `trials`; [0, 1] without trials. Sources:
 * Wilson (1927), JASA 22, 209-212, the interval of the score test; Clopper and Pearson (1934), Biometrika 26,
 * 404-413. */
struct zem_interval zem_interval_binomial(uint64_t hits, uint64_t trials, double confidence,
                                          enum zem_interval_method method);

/* The two-sided confidence interval of the difference of two probabilities that are estimated from the same `trials`
 * trials. `gained` trials are hits for the first probability only, and `lost` trials are hits for the second only, so
 * the estimate of the difference is (gained - lost) / trials. The Clopper-Pearson intervals of the two shares are
 * combined (Zou and Donner (2008), Statistics in Medicine 27, 1693-1702, equation 5 with the correlation of two counts
 * of a multinomial distribution), so the interval has a width even if `gained` and `lost` are 0. [-1, 1] without
 * trials. */
struct zem_interval zem_interval_paired(uint64_t gained, uint64_t lost, uint64_t trials, double confidence);

/* The logarithm of the probability of exactly `hits` hits and `misses` misses, if a trial is a hit with the probability
 * p and a miss with q = 1 - p. `hits` and `misses` are whole numbers. -INFINITY if the outcome is impossible. Source:
 * Loader 2000, "Fast and accurate computation of binomial probabilities". */
double zem_binomial_log_probability(double hits, double misses, double p, double q);

/* P(B <= hits) and P(B >= hits) for B binomial(trials, p), 0 <= p <= 1. The relative error of a tail of at most 1/2 is
 * below 1e-12; the absolute error of a larger tail is below 1e-12. */
double zem_binomial_lower_tail(uint64_t hits, uint64_t trials, double p);
double zem_binomial_upper_tail(uint64_t hits, uint64_t trials, double p);

/* The quantile of the standard normal distribution for 0 < p < 1, with a relative error below 1e-14. */
double zem_normal_quantile(double p);

/* Whether P(B >= hits) <= tail for B binomial(trials, p), where 0 < p < 1, hits <= trials and 0 < tail < 1/2. */
bool zem_binomial_at_least_is_rare(uint64_t hits, uint64_t trials, double p, double tail);

/* A quantile of the miss distance and its confidence interval, in metres. */
struct zem_quantile {
    double value, lower, upper;
};

/* The quantile `p` from a histogram of `slots` counts with slots - 1 increasing edges in metres. Slot 0 counts the
 * samples from 0 to the first edge; the last slot counts those beyond the last edge, and a quantile in it is infinite.
 * The estimate is interpolated in the logarithm of the miss inside its slot. The interval is that of order statistics,
 * widened to whole slots, with a coverage of at least `confidence`. All three values are NaN without samples. */
struct zem_quantile zem_quantile_from_histogram(const uint64_t *counts, const double *edges, size_t slots, double p,
                                                double confidence);

/* The estimate, the lower limit and the upper limit of zem_quantile_from_histogram, for callers that need one of them.
 * quantile_ranks.h gives the same limits in less time for many histograms with equally many samples. */
double zem_quantile_estimate(const uint64_t *counts, const double *edges, size_t slots, double p);
double zem_quantile_lower(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);
double zem_quantile_upper(const uint64_t *counts, const double *edges, size_t slots, double p, double confidence);

/* Writes the estimates of several quantiles to estimates[level_count] in one pass over the counts. levels[level_count]
 * holds the levels of the quantiles, between 0 and 1 and increasing. */
void zem_quantile_estimates(const uint64_t *counts, const double *edges, size_t slots, const double *levels,
                            size_t level_count, double *estimates);

#endif
