/* The error budget of one cell: the errors of step size, rounding and closest-approach formula in each estimate,
 * compared with the half-width of its Monte Carlo interval. It flies its own trials with double_engine.h and prints
 * nothing. */
#ifndef ZEM_ERROR_BUDGET_H
#define ZEM_ERROR_BUDGET_H

#include "base/error.h"
#include "base/statistics.h"
#include "scenario/scenario.h"
#include "study/paired_difference.h"

#define ZEM_BUDGET_HALVINGS 4u                /* largest number of times that the steps are halved */
#define ZEM_BUDGET_LINES (ZEM_RADII_MAX + 10) /* p_hit of every radius, then ten more quantities */

/* Confidence of the interval of an error. The study looks at its trials after 1000, 4000, 16,000 and so on, and stops
 * when a verdict is clear: after six looks at most, by the default of --trials-max, and ten by its largest value. At 99
 * % for each look, 94 and 90 % remain for all of them (Bonferroni). */
#define ZEM_BUDGET_CONFIDENCE 0.99

enum zem_budget_verdict { ZEM_BUDGET_PASSES, ZEM_BUDGET_FAILS, ZEM_BUDGET_UNRESOLVED };

/* The errors of one quantity. They are signed: the value as a run computes it minus the better value. `all` is the sum
 * of the other three, estimated from the pairs themselves. */
struct zem_budget_line {
    struct zem_quantity quantity;
    double value; /* of the quantity, as a run computes it */
    /* The intervals of `step` and `all` are widened by the remainder. */
    struct zem_paired step, rounding, approach, all;
    double remainder;  /* size of the error that the finest steps may still have */
    double half_width; /* half-width of the interval that a run will report, or has for quantities without one */
    /* Trials hardly differ. half_width is then a thousandth of the value or a hundredth of the smallest hit radius,
     * whichever is larger; of the saturated fraction it is a thousandth. */
    bool deterministic;
    bool defined; /* false if no trial has a miss distance */
    bool settled; /* further halving of the steps changes nothing that matters */
    enum zem_budget_verdict verdict;
    double ratio;         /* largest error inside the interval of `all`, divided by the half-width */
    double trials_needed; /* unresolved: about how many trials would tell; else 0 */
    /* Halvings of the step with which the quantity passes: 0 if it passes already, more than ZEM_BUDGET_HALVINGS if
     * none does. */
    unsigned halvings_needed;
};

struct zem_budget {
    uint64_t cell;
    size_t trials;     /* number of trials in each series */
    unsigned halvings; /* number of halvings of the finest steps */
    bool raw_noise;    /* white noise reaches a limit of the command (zem_cell_limits_white_noise) */
    size_t line_count; /* zem_budget_line_count of the scenario */
    struct zem_budget_line line[ZEM_BUDGET_LINES];
};

/* The number of lines in a budget, and the quantity of one. */
size_t zem_budget_line_count(const struct zem_scenario *scenario);
struct zem_quantity zem_budget_quantity(const struct zem_scenario *scenario, size_t line);

/* Makes the budget of a cell. It starts with few trials and takes more, up to `trials_limit`, while a verdict is
 * open. A quantity passes if the whole interval of its error lies within `share` of the half-width, and fails if it
 * lies outside. `threads` 0 means all processors. Returns 0, ZEM_BAD_INPUT if the cell cannot be derived, ZEM_STOPPED
 * after a signal, ZEM_INTERNAL without memory. */
int zem_budget_make(const struct zem_scenario *scenario, uint64_t cell, enum zem_interval_method method, double share,
                    size_t trials_limit, unsigned threads, struct zem_budget *budget, struct zem_error *error);

#endif
