/* The error budget of a cell of the linear loop without limits, exact: what each source of chance contributes to the
 * mean square of where a flight ends. The end is y and z, whose squares add up to that of the miss distance.
 *
 * The responses of the loop (linear_response.h) give the end for every realisation. Sources that add up contribute
 * their variance, as in the budget of the textbook (Zarchan, Tactical and Strategic Missile Guidance, chapter 4).
 * Acceleration, roll and phase, period or start of a maneuver multiply, so that each has a part of its own and parts in
 * interactions with the others. What does not vary contributes to the mean, whose square is the rest of the mean
 * square. */
#ifndef ZEM_LINEAR_BUDGET_H
#define ZEM_LINEAR_BUDGET_H

#include "base/error.h"
#include "base/kernel_types.h"

#include <complex.h>

/* What a source contributes. Channel y is the real part, z the imaginary one. */
struct zem_linear_part {
    double first; /* variance of the mean over all other sources, both channels, m2 */
    double total; /* mean of the variance that it has while all other sources keep their values, m2 */
    double complex
        mean; /* of the end, m; that of a maneuver stands with its acceleration, and its other sources have 0 */
};

struct zem_linear_budget {
    struct zem_linear_part part[ZEM_SOURCE_COUNT];
    double variance;     /* of the end, both channels, m2 */
    double complex mean; /* of the end, m */
};

/* Finds the budget of a cell, whose quantities `acting` (a set of enum zem_varied) have an effect. Returns 0; 1 if the
 * cell is not linear; or a status of zem_linear_response_find. */
int zem_linear_budget_find(const struct cell_parameters *cell, uint32_t acting, unsigned threads,
                           struct zem_linear_budget *budget, struct zem_error *error);

#endif
