/* Estimates quantities from series of flown trials, and the differences of two series from pairs of trials: by
 * discordant pairs for probabilities and quantiles, by influence functions for means. */
#include "study/paired_difference.h"

#include "base/statistics.h"
#include "kernels/layout.h"

#include <math.h>
#include <stdlib.h>

static bool passed(const struct zem_flown *flown) { return flown->outcome == ZEM_OUTCOME_PASSED; }

static double miss_of(const struct zem_flown *flown, bool curved)
{
    return curved ? flown->miss - flown->formula_error : flown->miss;
}

/* Returns the distance that is compared with the hit radii, m. If `curved`, it is corrected for the curved path by the
 * same factor as the miss distance. */
static double scored_of(const struct zem_flown *flown, bool curved)
{
    return curved && flown->miss > 0.0 ? flown->scored * (1.0 - flown->formula_error / flown->miss) : flown->scored;
}

static int compare(const void *a, const void *b)
{
    const double first = *(const double *)a, second = *(const double *)b;
    return first < second ? -1 : first > second ? 1 : 0;
}

size_t zem_series_sort(const struct zem_flown *flown, size_t count, bool curved, double *sorted)
{
    size_t used = 0;
    for (size_t trial = 0; trial < count; trial++)
        if (passed(&flown[trial]))
            sorted[used++] = miss_of(&flown[trial], curved);
    qsort(sorted, used, sizeof *sorted, compare);
    return used;
}

/* Returns a quantile of a sorted series, interpolated between order statistics. A level below 0 counts as 0, above 1 as
 * 1. */
static double sorted_quantile(const struct zem_series *series, double level)
{
    if (series->passed == 0)
        return (double)NAN;
    const double position = fmin(fmax(level, 0.0), 1.0) * (double)(series->passed - 1);
    const size_t below = (size_t)position, above = below + 1 < series->passed ? below + 1 : below;
    return series->sorted[below] + (position - (double)below) * (series->sorted[above] - series->sorted[below]);
}

/* ---- means ---- */

/* Returns the term of one trial: a quantity is a function of the mean of such terms. */
static double term(struct zem_quantity quantity, const struct zem_flown *flown, bool curved)
{
    const double miss = miss_of(flown, curved);
    switch (quantity.kind) {
    case ZEM_P_HIT:
        return scored_of(flown, curved) < quantity.parameter ? 1.0 : 0.0;
    case ZEM_MISS_RMS:
        return miss * miss;
    case ZEM_DIVERT_MEAN:
        return flown->divert;
    case ZEM_SATURATED_FRACTION:
        return flown->saturated_time;
    case ZEM_FLIGHT_TIME_MEAN:
        return flown->flight_time;
    default:
        return miss;
    }
}

/* An estimate: the mean of the terms, the mean of their divisor (the flight time for the saturated fraction, else 1),
 * the value of the quantity, and the number of trials. */
struct estimate {
    double mean, divisor, value, count;
};

static struct estimate estimate_make(struct zem_quantity quantity, const struct zem_series *series)
{
    struct estimate e = {0};
    double sum = 0.0, time = 0.0;
    for (size_t trial = 0; trial < series->count; trial++) {
        const struct zem_flown *flown = &series->flown[trial];
        if (!passed(flown))
            continue;
        sum += term(quantity, flown, series->curved);
        time += flown->flight_time;
        e.count += 1.0;
    }
    if (quantity.kind == ZEM_P_HIT)
        e.count = (double)series->count;
    e.mean = sum / e.count;
    e.divisor = quantity.kind == ZEM_SATURATED_FRACTION ? time / e.count : 1.0;
    e.value = quantity.kind == ZEM_MISS_RMS ? sqrt(e.mean) : e.mean / e.divisor;
    return e;
}

/* Returns the influence of a trial on an estimate: how much the trial moves it, to first order. */
static double influence(struct zem_quantity quantity, const struct zem_series *series, size_t trial,
                        const struct estimate *e)
{
    const struct zem_flown *flown = &series->flown[trial];
    if (!passed(flown))
        return quantity.kind == ZEM_P_HIT ? -e->mean / e->count : 0.0;
    const double t = term(quantity, flown, series->curved);
    if (quantity.kind == ZEM_SATURATED_FRACTION)
        return (t - e->value * flown->flight_time) / (e->divisor * e->count);
    const double slope = quantity.kind != ZEM_MISS_RMS ? 1.0 : e->value > 0.0 ? 0.5 / e->value : 0.0;
    return slope * (t - e->mean) / e->count;
}

double zem_quantity_value(struct zem_quantity quantity, const struct zem_series *series)
{
    return quantity.kind == ZEM_MISS_QUANTILE ? sorted_quantile(series, quantity.parameter)
                                              : estimate_make(quantity, series).value;
}

double zem_quantity_spread(struct zem_quantity quantity, const struct zem_series *series)
{
    const struct estimate e = estimate_make(quantity, series);
    double square = 0.0;
    for (size_t trial = 0; trial < series->count; trial++) {
        const double moved = influence(quantity, series, trial, &e);
        square += moved * moved;
    }
    return sqrt(square * (double)series->count);
}

static struct zem_paired difference_of_means(struct zem_quantity quantity, const struct zem_series *a,
                                             const struct zem_series *b, double confidence)
{
    const struct estimate first = estimate_make(quantity, a), second = estimate_make(quantity, b);
    double square = 0.0, largest = 0.0;
    for (size_t trial = 0; trial < a->count; trial++) {
        const double moved = influence(quantity, a, trial, &first) - influence(quantity, b, trial, &second);
        square += moved * moved;
        largest = fmax(largest, fabs(moved));
    }
    const double value = first.value - second.value,
                 width = zem_normal_quantile(0.5 + 0.5 * confidence) * sqrt(square + largest * largest);
    return (struct zem_paired){.value = value, .lower = value - width, .upper = value + width};
}

/* ---- discordant pairs ---- */

static bool below(const struct zem_series *series, size_t trial, double radius, bool scored)
{
    const struct zem_flown *flown = &series->flown[trial];
    return passed(flown) && (scored ? scored_of(flown, series->curved) : miss_of(flown, series->curved)) < radius;
}

/* Returns the difference, between two series, of the probability of a distance below `radius`. The distance is the
 * scored distance if `scored`, else the miss. */
static struct zem_paired difference_below(const struct zem_series *a, const struct zem_series *b, double radius,
                                          bool scored, double confidence)
{
    struct zem_paired d = {0};
    for (size_t trial = 0; trial < a->count; trial++) {
        const bool first = below(a, trial, radius, scored), second = below(b, trial, radius, scored);
        d.gained += first && !second;
        d.lost += second && !first;
    }
    const struct zem_interval interval = zem_interval_paired(d.gained, d.lost, a->count, confidence);
    d.value = ((double)d.gained - (double)d.lost) / (double)a->count;
    d.lower = interval.lower;
    d.upper = interval.upper;
    return d;
}

static struct zem_paired difference_of_quantiles(double level, const struct zem_series *a, const struct zem_series *b,
                                                 double confidence)
{
    const double quantile = sorted_quantile(a, level), scale = (double)a->count / (double)b->passed;
    const struct zem_paired d = difference_below(a, b, quantile, false, confidence);
    return (struct zem_paired){
        .value = quantile - sorted_quantile(b, level),
        .lower = quantile - sorted_quantile(b, level + scale * (d.upper - d.value)),
        .upper = quantile - sorted_quantile(b, level - scale * (d.value - d.lower)),
    };
}

struct zem_paired zem_paired_difference(struct zem_quantity quantity, const struct zem_series *a,
                                        const struct zem_series *b, double confidence)
{
    if (quantity.kind == ZEM_P_HIT)
        return difference_below(a, b, quantity.parameter, true, confidence);
    if (quantity.kind == ZEM_MISS_QUANTILE)
        return difference_of_quantiles(quantity.parameter, a, b, confidence);
    return difference_of_means(quantity, a, b, confidence);
}
