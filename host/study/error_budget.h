/* The error budget of one cell: what step size, rounding and the closest-approach formula do to each estimate, beside
 * the half-width of its Monte Carlo interval. Flies its own trials with double_engine.h and replay.h; prints nothing.
 */
#ifndef ZEM_ERROR_BUDGET_H
#define ZEM_ERROR_BUDGET_H

#include "base/error.h"
#include "base/statistics.h"
#include "scenario/scenario.h"

#define ZEM_BUDGET_HALVINGS 4u               /* the steps are halved so often at most */
#define ZEM_BUDGET_LINES (ZEM_RADII_MAX + 2) /* p_hit of every radius, miss_mean, miss_rms */

enum zem_budget_verdict { ZEM_BUDGET_PASSES, ZEM_BUDGET_FAILS, ZEM_BUDGET_UNRESOLVED };

/* An error as estimated from trials flown twice, and the standard error of that estimate. */
struct zem_budget_error {
    double value, uncertainty;
};

/* One quantity. Errors are signed: the scenario's own computation minus the better one. */
struct zem_budget_line {
    double value; /* of the quantity, from the trials of the budget */
    struct zem_budget_error step, rounding, approach;
    double remainder;   /* size of the step error that the finest steps may still have */
    double half_width;  /* of the interval that a run will give */
    bool deterministic; /* trials hardly differ: half_width is a thousandth of the value or a hundredth of the smallest
                           hit radius instead */
    bool defined;       /* false: no trial has a miss distance */
    bool settled;       /* further halving of the steps changes nothing that matters */
    enum zem_budget_verdict verdict;
    double ratio;             /* all errors with the remainder and their uncertainty, over the half-width */
    unsigned halvings_needed; /* of the step for a pass; 0 if it passes, more than ZEM_BUDGET_HALVINGS if none helps */
};

struct zem_budget {
    uint64_t cell;
    size_t trials;     /* flown in every way */
    unsigned halvings; /* of the finest steps */
    bool raw_noise;    /* a limit cuts white noise that no filter has smoothed */
    size_t line_count; /* radii + 2 */
    struct zem_budget_line line[ZEM_BUDGET_LINES];
};

/* Makes the budget of a cell from up to `trials_limit` trials: few at first, more while a verdict is open. A quantity
 * passes if all its errors together are below `share` of the half-width. `threads` 0 means all processors.
 * ZEM_BAD_INPUT if the cell cannot be derived, ZEM_STOPPED after a signal. */
int zem_budget_make(const struct zem_scenario *scenario, uint64_t cell, enum zem_interval_method method, double share,
                    size_t trials_limit, unsigned threads, struct zem_budget *budget, struct zem_error *error);

#endif
