/* Quantities of a result, and how much two series of the same trials differ in them. A series is an array of flown
 * trials, such as all trials with whole steps; trial k of two series has the same draws. Nothing is flown or printed
 * here. error_budget.c uses it. */
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

/* The caller owns both arrays. */
struct zem_series {
    const struct zem_flown *flown; /* [count] */
    size_t count;
    bool curved;          /* take the miss distances of the curved path, without zem_flown.formula_error */
    const double *sorted; /* their miss distances by zem_series_sort [passed]; for ZEM_MISS_QUANTILE alone */
    size_t passed;        /* number of trials with a miss distance */
};

/* A difference, and its confidence interval. */
struct zem_paired {
    double value, lower, upper;
    uint64_t gained, lost; /* ZEM_P_HIT: trials that hit in the first series alone, in the second alone */
};

/* Writes the miss distances of a series to sorted[count] in increasing order. Returns how many there are. */
size_t zem_series_sort(const struct zem_flown *flown, size_t count, bool curved, double *sorted);

/* The value of a quantity in a series. All quantities but p_hit are those of the trials with a miss distance, as in a
 * result; NaN if there are none. */
double zem_quantity_value(struct zem_quantity quantity, const struct zem_series *series);

/* The standard deviation of what one trial contributes to a quantity: its standard error from n trials is this over
 * the square root of n. Not for ZEM_MISS_QUANTILE. */
double zem_quantity_spread(struct zem_quantity quantity, const struct zem_series *series);

/* The quantity in series a minus that in series b. Both have the same trials.
 *
 * p_hit: discordant pairs are counted at the radius itself; zem_interval_paired gives the interval.
 *
 * Quantile at level p: let q be the quantile in a. The interval of the difference of the probabilities below q, again
 * from discordant pairs, is an interval of the level that q has in b. The order statistics of b turn it into metres,
 * so that no density is estimated.
 *
 * Other quantities: the normal interval from the differences of the two influence functions (Hampel, 1974, JASA 69,
 * 383-393), in whose sum of squares the largest term counts twice, because a second trial that moves as far may have
 * gone unseen. value, lower and upper have the unit of the quantity. */
struct zem_paired zem_paired_difference(struct zem_quantity quantity, const struct zem_series *a,
                                        const struct zem_series *b, double confidence);

#endif
