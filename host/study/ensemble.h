/* Many trials of one cell flown again, and what they have in common over time: mean, standard deviation and quantiles
 * of the zero-effort miss, the interceptor's acceleration and the line-of-sight rate at the same times to go. */
#ifndef ZEM_ENSEMBLE_H
#define ZEM_ENSEMBLE_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/* Zero-effort miss: the miss if neither body accelerated from now on. Per channel it is y + y' tgo, which is
 * lambda' R tgo (Zarchan, Tactical and Strategic Missile Guidance, chapter 2: lambda' = (y + y' tgo) / (Vc tgo^2)). The
 * acceleration is that of the interceptor as achieved, and the rate is that of the line of sight without noise. */
enum zem_ensemble_quantity { ZEM_ENSEMBLE_MISS, ZEM_ENSEMBLE_ACCELERATION, ZEM_ENSEMBLE_RATE, ZEM_ENSEMBLE_QUANTITIES };

/* Channel y, channel z, and the root of the sum of their squares. */
enum { ZEM_ENSEMBLE_COMPONENTS = 3 };

#define ZEM_ENSEMBLE_LEVELS 5 /* as many as zem_quantile_levels of result_variables.h */

#define ZEM_ENSEMBLE_POINTS_MAX 10001u
#define ZEM_ENSEMBLE_TRIALS_MAX 10000000u

struct zem_ensemble_options {
    uint64_t cell, first, trials; /* trials first to first + trials - 1 */
    uint32_t shot;                /* of a salvo, from 0 */
    size_t points; /* times to go, at least 2; linear kinematics may have fewer steps, and then has a point for each */
    unsigned threads; /* 0 for all processors */
};

/* The statistics of one quantity. Arrays are points x components, quantiles points x components x levels, the last
 * index fastest. NaN at a point with no trial in flight; with a single one all but its mean and quantile are NaN. */
struct zem_ensemble_series {
    double *mean, *mean_error;           /* sample mean and its standard error, s / sqrt(n) */
    double *deviation, *deviation_error; /* sample standard deviation and its standard error */
    double *quantile, *lower, *upper;    /* sample quantile, and the interval of its order statistics */
};

struct zem_ensemble {
    const struct zem_scenario *scenario; /* borrowed */
    struct zem_ensemble_options options;
    double confidence; /* of the intervals of quantiles: run.confidence of the cell */
    size_t points;
    double *time_to_go;  /* s, decreasing */
    uint64_t *trials;    /* trials that fly at each time to go */
    uint64_t *saturated; /* those of them whose command is at its limit */
    uint64_t outcomes[ZEM_OUTCOME_COUNT];
    struct zem_ensemble_series series[ZEM_ENSEMBLE_QUANTITIES];
    double *memory; /* of time_to_go and the arrays of `series`; owned, as are `trials` and `saturated` */
};

/* Flies the trials and computes their statistics.
 *
 * A trial counts where it passes the target, so that it has a closest approach from which its time to go counts. In
 * linear kinematics trials have the same steps, unless the host draws values for each, and the points are the starts of
 * steps that lie nearest to evenly spaced times to go, so that no value is interpolated. In point-mass kinematics the
 * points are evenly spaced, and a value is interpolated between the starts of two steps; a trial counts at the points
 * that its own flight covers.
 *
 * Errors: ZEM_USAGE if the salvo has no such shot or the values need more memory than zem_samples_bytes_limit allows,
 * ZEM_BAD_INPUT of zem_cell_derive, ZEM_INTERNAL without memory, ZEM_STOPPED if the user interrupts. Release with
 * zem_ensemble_free in every case. */
int zem_ensemble_fly(const struct zem_scenario *scenario, const struct zem_ensemble_options *options,
                     struct zem_ensemble *ensemble, struct zem_error *error);
void zem_ensemble_free(struct zem_ensemble *ensemble);

#endif
