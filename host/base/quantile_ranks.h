/* The interval of a quantile by ranks. The ranks depend on the number of samples alone, so that cells with equally many
 * samples share them, and only the first one pays for tails of the binomial distribution. */
#ifndef ZEM_QUANTILE_RANKS_H
#define ZEM_QUANTILE_RANKS_H

#include <stddef.h>
#include <stdint.h>

/* The numbers of samples that bound a quantile. One that is `total` + 1 is never reached: there are too few samples. */
struct zem_quantile_ranks {
    uint64_t below; /* a point with so many samples below it is an upper limit of the quantile */
    uint64_t above; /* a point with so many samples not below it is a lower limit */
};

/* The ranks of the two-sided interval of the quantile `p` from `total` samples, 0 < p < 1 and 0 < confidence < 1. They
 * are those of zem_quantile_lower and zem_quantile_upper (statistics.h). */
struct zem_quantile_ranks zem_quantile_ranks(uint64_t total, double p, double confidence);

/* The limits from a histogram as in statistics.h. below[i] is the number of samples in the slots before slot i, and
 * below[slots] that of all. The limits equal those of zem_quantile_lower and zem_quantile_upper; they are NaN without
 * samples. */
double zem_quantile_ranks_lower(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots);
double zem_quantile_ranks_upper(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots);

#endif
