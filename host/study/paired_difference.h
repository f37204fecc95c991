/* Quantities of a result, and how much two series of the same trials differ in them. A series is an array of flown
 * trials, such as all trials with whole steps. Trial k has the same draws in both series. Nothing is flown or printed
 * here. */
#ifndef ZEM_PAIRED_DIFFERENCE_H
#define ZEM_PAIRED_DIFFERENCE_H

#include "device/native/native_engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zem_quantity_kind {
    ZEM_P_HIT,
    ZEM_MISS_MEAN,
    ZEM_MISS_RMS,
    ZEM_MISS_QUANTILE,
    ZEM_DIVERT_MEAN,
    ZEM_SATURATED_FRACTION,
    ZEM_FLIGHT_TIME_MEAN
};

struct zem_quantity {
    enum zem_quantity_kind kind;
    double parameter; /* hit radius of ZEM_P_HIT, m; level of ZEM_MISS_QUANTILE; else 0 */
};

/* A series of flown trials. The caller owns both arrays. */
struct zem_series {
    const struct zem_flown *flown; /* [count] */
    size_t count;
    bool curved;          /* miss distances are those of the curved path: zem_flown.formula_error is subtracted */
    const double *sorted; /* sorted[passed]: their miss distances, by zem_series_sort; only for ZEM_MISS_QUANTILE */
    size_t passed;        /* number of trials with a miss distance */
};

/* A difference, and its confidence interval. */
struct zem_paired {
    double value, lower, upper;
    uint64_t gained, lost; /* for ZEM_P_HIT: number of trials that hit only in the first, only in the second series */
};

/* Writes the miss distances of flown[count] to sorted[count] in increasing order. Trials without a miss distance are
 * left out. `curved` is as in struct zem_series. Returns how many distances were written. */
size_t zem_series_sort(const struct zem_flown *flown, size_t count, bool curved, double *sorted);

/* Returns the value of a quantity in a series. All quantities but p_hit are taken over the trials with a miss distance,
 * as in a result; they are NaN if there are none. */
double zem_quantity_value(struct zem_quantity quantity, const struct zem_series *series);

/* Returns the standard deviation of one trial's contribution to a quantity: divided by the root of n it is the
 * quantity's standard error from n trials. Not for ZEM_MISS_QUANTILE. */
double zem_quantity_spread(struct zem_quantity quantity, const struct zem_series *series);

/* Returns the quantity in series a minus the quantity in series b, with its confidence interval. Both series have the
 * same trials. The unit is that of the quantity.
 *
 * p_hit: the function counts discordant pairs, which are the trials that hit in only one of the two series.
 * zem_interval_paired gives the interval.
 *
 * Quantile at level p: let q be the quantile in a. The function first finds the interval of the difference of the
 * probabilities of a miss below q, again from discordant pairs. This gives an interval of the level that q has in b.
 * The sorted misses of b turn its ends into metres, so that no density is estimated.
 *
 * Other quantities: the interval is normal. Its variance is the sum of squares over the trials of the difference of the
 * two influence functions (Hampel, 1974, JASA 69, 383-393). The largest square counts twice, because a trial that
 * differs as much may have been missed by chance. */
struct zem_paired zem_paired_difference(struct zem_quantity quantity, const struct zem_series *a,
                                        const struct zem_series *b, double confidence);

#endif
