/* The confidence interval of a quantile by ranks (order statistics). The rank of a sample is its place when all samples
 * are sorted. The ranks that bound a quantile depend only on the number of samples. They are computed once, from tails
 * of the binomial distribution, for all cells that have equally many samples. */
#ifndef ZEM_QUANTILE_RANKS_H
#define ZEM_QUANTILE_RANKS_H

#include <stddef.h>
#include <stdint.h>

/* The numbers of samples that bound a quantile. A number of `total` + 1 cannot be reached and means that there are too
 * few samples for that limit. */
struct zem_quantile_ranks {
    uint64_t below; /* a value with at least so many samples below it is an upper limit of the quantile */
    uint64_t above; /* a value with at least so many samples not below it is a lower limit */
};

/* Returns the ranks for the two-sided confidence interval of the quantile `p` from `total` samples, 0 < p < 1 and 0 <
 * confidence < 1. zem_quantile_lower and zem_quantile_upper (statistics.h) use the same ranks. */
struct zem_quantile_ranks zem_quantile_ranks(uint64_t total, double p, double confidence);

/* The limits of a quantile from a histogram of `slots` slots with slots - 1 edges, as zem_quantile_from_histogram
 * (statistics.h) describes it. below[i], for i from 0 to `slots`, is the number of samples in the slots before slot i.
 * The limits equal those of zem_quantile_lower and zem_quantile_upper. NaN without samples. */
double zem_quantile_ranks_lower(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots);
double zem_quantile_ranks_upper(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots);

#endif
