/* An ensemble: many trials of one cell, flown again for their time histories. Its statistics are mean, standard
 * deviation and quantiles of the zero-effort miss, of the interceptor's acceleration and of the line-of-sight rate,
 * each at the same times to go for all trials. */
#ifndef ZEM_ENSEMBLE_H
#define ZEM_ENSEMBLE_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/* The quantities of an ensemble. The zero-effort miss is the miss if neither body accelerated from now on. Per channel
 * it is y + y' tgo, which equals lambda' R tgo (Zarchan, Tactical and Strategic Missile Guidance, chapter 2: lambda' =
 * (y + y' tgo) / (Vc tgo^2)). The acceleration is the one that the interceptor achieves, and the line-of-sight rate is
 * without noise. */
enum zem_ensemble_quantity { ZEM_ENSEMBLE_MISS, ZEM_ENSEMBLE_ACCELERATION, ZEM_ENSEMBLE_RATE, ZEM_ENSEMBLE_QUANTITIES };

/* The components of a quantity: channel y, channel z, and the root of the sum of their squares. */
enum { ZEM_ENSEMBLE_COMPONENTS = 3 };

#define ZEM_ENSEMBLE_LEVELS 5 /* number of quantiles; their levels are zem_quantile_levels of result_variables.h */

#define ZEM_ENSEMBLE_POINTS_MAX 10001u
#define ZEM_ENSEMBLE_TRIALS_MAX 10000000u

struct zem_ensemble_options {
    uint64_t cell, first, trials; /* trials first to first + trials - 1 */
    uint32_t shot;                /* shot of a salvo, counted from 0 */
    /* number of times to go, at least 2; linear kinematics with fewer steps has one time for each step */
    size_t points;
    unsigned threads; /* 0 for all processors */
};

/* The statistics of one quantity. Arrays are points x components; those of quantiles are points x components x levels.
 * A point is one of the times to go. The last index varies fastest. At a point where no trial flies, all values are
 * NaN. Where a single trial flies, the standard errors and the deviation are NaN. */
struct zem_ensemble_series {
    double *mean, *mean_error;           /* sample mean and its standard error, s / sqrt(n) */
    double *deviation, *deviation_error; /* sample standard deviation and its standard error */
    double *quantile, *lower, *upper;    /* sample quantile, and its interval, whose limits are order statistics */
};

struct zem_ensemble {
    const struct zem_scenario *scenario; /* borrowed */
    struct zem_ensemble_options options;
    double confidence; /* confidence of the intervals of quantiles: run.confidence of the cell */
    size_t points;
    double *time_to_go;  /* s, decreasing */
    uint64_t *trials;    /* number of trials that fly at each time to go; owned */
    uint64_t *saturated; /* number of these trials whose command is at its limit; owned */
    uint64_t outcomes[ZEM_OUTCOME_COUNT];
    struct zem_ensemble_series series[ZEM_ENSEMBLE_QUANTITIES];
    double *memory; /* memory of time_to_go and of the arrays of `series`; owned */
};

/* Flies the trials and computes their statistics.
 *
 * A trial counts only if it passes the target, because its times to go are counted back from its closest approach. In
 * linear kinematics all trials have the same steps, unless the host draws values for each trial. The common times to go
 * are then the starts of the steps that lie nearest to evenly spaced times, so that no value is interpolated. If the
 * host draws values, they are the starts of steps of the cell with all drawn keys at their means, and a value is
 * interpolated between the starts of two steps of its trial. In point-mass kinematics the times to go are evenly
 * spaced, and a value is interpolated between the starts of two steps. A trial counts at the times to go that its own
 * flight covers.
 *
 * Returns 0; ZEM_USAGE if the salvo has no such shot, if a trial is beyond the last that a cell can have (2^56 - 1),
 * or if the values need more memory than zem_samples_bytes_limit allows; ZEM_BAD_INPUT if the cell or a trial cannot be
 * derived; ZEM_INTERNAL without memory; ZEM_STOPPED if the user interrupts. Release with zem_ensemble_free in every
 * case. */
int zem_ensemble_fly(const struct zem_scenario *scenario, const struct zem_ensemble_options *options,
                     struct zem_ensemble *ensemble, struct zem_error *error);
void zem_ensemble_free(struct zem_ensemble *ensemble);

#endif
