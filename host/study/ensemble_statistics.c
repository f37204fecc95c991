/* Moments and order statistics of the values of all trials at one time to go. The times to go (points) are divided
 * among the processors. */
#include "study/ensemble_statistics.h"

#include "base/parallel.h"
#include "base/quantile_ranks.h"
#include "result/result_variables.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { VALUES = ZEM_ENSEMBLE_VALUES, SATURATED = ZEM_ENSEMBLE_SATURATED };

/* What the threads share while they compute the statistics of all points. */
struct points {
    struct zem_ensemble *ensemble;
    float *column;
    struct zem_quantile_ranks ranks[ZEM_ENSEMBLE_LEVELS]; /* ranks of the limits of quantiles, if all trials fly */
    atomic_int lost;                                      /* there was no memory for the values of a point */
};

static int compare(const void *a, const void *b)
{
    const float first = *(const float *)a, second = *(const float *)b;
    return (first > second) - (first < second);
}

/* Computes mean and standard deviation with their standard errors. The standard error of the deviation s is that of the
 * variance, the root of (m4 - s^4 (n - 3) / (n - 1)) / n with the fourth central moment m4, divided by 2 s (Cramer,
 * Mathematical Methods of Statistics, 1946, section 27.4). It holds for any distribution. */
static void compute_moments(const struct zem_ensemble_series *series, size_t at, const float *value, size_t count)
{
    const double n = (double)count;
    double sum = 0, second = 0, fourth = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)value[i];
    const double mean = sum / n;
    for (size_t i = 0; i < count; i++) {
        const double square = ((double)value[i] - mean) * ((double)value[i] - mean);
        second += square;
        fourth += square * square;
    }
    const double variance = second / (n - 1);
    const double error = sqrt(fmax(0, (fourth / n - variance * variance * (n - 3) / (n - 1)) / n));
    series->mean[at] = mean;
    series->mean_error[at] = count > 1 ? sqrt(variance / n) : (double)NAN;
    series->deviation[at] = count > 1 ? sqrt(variance) : (double)NAN;
    series->deviation_error[at] = count < 2 ? (double)NAN : variance > 0 ? error / (2 * sqrt(variance)) : 0;
}

/* Computes the quantiles of sorted values and the limits of their intervals. A quantile interpolates between order
 * statistics: the quantile p lies at rank (n - 1) p, counted from 0 (Hyndman and Fan, The American Statistician 50,
 * 1996, definition 7). A limit is an order statistic. If there are too few trials for a limit, the lower one is `least`
 * and the upper one infinite. */
static void compute_quantiles(const struct zem_ensemble_series *series, size_t at,
                              const struct zem_quantile_ranks *rank, double least, const float *value, size_t count)
{
    for (size_t level = 0; level < ZEM_ENSEMBLE_LEVELS; level++) {
        const double place = (double)(count - 1) * zem_quantile_levels[level];
        const size_t low = (size_t)place, high = low + 1 < count ? low + 1 : low;
        const size_t to = at * ZEM_ENSEMBLE_LEVELS + level;
        series->quantile[to] = (double)value[low] + (place - (double)low) * ((double)value[high] - (double)value[low]);
        series->upper[to] = rank[level].below <= count ? (double)value[rank[level].below - 1] : (double)INFINITY;
        series->lower[to] = rank[level].above <= count ? (double)value[count - rank[level].above] : least;
    }
}

static void nothing_known(const struct zem_ensemble_series *series, size_t at)
{
    series->mean[at] = series->mean_error[at] = series->deviation[at] = series->deviation_error[at] = (double)NAN;
    for (size_t to = at * ZEM_ENSEMBLE_LEVELS; to < (at + 1) * ZEM_ENSEMBLE_LEVELS; to++)
        series->quantile[to] = series->lower[to] = series->upper[to] = (double)NAN;
}

/* Moves the values of the trials that fly to the front of each array of `trials` values. Returns the number of these
 * trials. */
static size_t gather(float *column, size_t trials)
{
    size_t count = 0;
    for (size_t trial = 0; trial < trials; trial++) {
        if (isnan(column[SATURATED * trials + trial]))
            continue;
        for (size_t i = 0; i < VALUES; i++)
            column[i * trials + count] = column[i * trials + trial];
        count++;
    }
    return count;
}

static void compute_point(struct points *points, size_t point, float *magnitude)
{
    struct zem_ensemble *ensemble = points->ensemble;
    const size_t trials = (size_t)ensemble->options.trials;
    float *column = points->column + point * VALUES * trials;
    const size_t count = gather(column, trials);
    struct zem_quantile_ranks own[ZEM_ENSEMBLE_LEVELS];
    for (size_t level = 0; level < ZEM_ENSEMBLE_LEVELS && count > 0; level++)
        own[level] = count == trials ? points->ranks[level]
                                     : zem_quantile_ranks(count, zem_quantile_levels[level], ensemble->confidence);
    ensemble->trials[point] = count;
    for (size_t i = 0; i < count; i++)
        ensemble->saturated[point] += column[SATURATED * trials + i] != 0;
    for (size_t q = 0; q < ZEM_ENSEMBLE_QUANTITIES; q++) {
        float *const y = column + 2 * q * trials, *const z = y + trials;
        float *const component[ZEM_ENSEMBLE_COMPONENTS] = {y, z, magnitude};
        for (size_t i = 0; i < count; i++)
            magnitude[i] = sqrtf(y[i] * y[i] + z[i] * z[i]);
        for (size_t c = 0; c < ZEM_ENSEMBLE_COMPONENTS; c++) {
            const size_t at = point * ZEM_ENSEMBLE_COMPONENTS + c;
            nothing_known(&ensemble->series[q], at);
            if (count == 0)
                continue;
            compute_moments(&ensemble->series[q], at, component[c], count);
            qsort(component[c], count, sizeof *component[c], compare);
            compute_quantiles(&ensemble->series[q], at, own, c < 2 ? -(double)INFINITY : 0, component[c], count);
        }
    }
}

static void compute_range(void *context, size_t first, size_t last)
{
    struct points *points = context;
    float *magnitude = malloc((size_t)points->ensemble->options.trials * sizeof *magnitude);
    if (magnitude == NULL)
        points->lost = 1;
    for (size_t point = first; magnitude != NULL && point < last; point++)
        compute_point(points, point, magnitude);
    free(magnitude);
}

int zem_ensemble_statistics(struct zem_ensemble *ensemble, float *column, struct zem_error *error)
{
    struct points points = {.ensemble = ensemble, .column = column};
    assert(zem_quantile_level_count == ZEM_ENSEMBLE_LEVELS);
    for (size_t level = 0; level < ZEM_ENSEMBLE_LEVELS; level++)
        points.ranks[level] =
            zem_quantile_ranks(ensemble->options.trials, zem_quantile_levels[level], ensemble->confidence);
    zem_parallel_for(ensemble->points, 1, ensemble->options.threads, compute_range, &points);
    return points.lost ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the values of a time")
                       : ZEM_OK;
}
