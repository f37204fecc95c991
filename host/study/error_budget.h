/* The error budget of one cell: the errors that step size, rounding and the closest-approach formula cause in each
 * estimate of a run, compared with the half-width of its Monte Carlo interval. The trials are flown here, by
 * double_engine.h, or by trial_flight.h if they have parameters of their own. Nothing is printed. */
#ifndef ZEM_ERROR_BUDGET_H
#define ZEM_ERROR_BUDGET_H

#include "base/error.h"
#include "base/statistics.h"
#include "scenario/scenario.h"
#include "study/paired_difference.h"

#define ZEM_BUDGET_HALVINGS 4u                /* largest number of times that every step is halved */
#define ZEM_BUDGET_LINES (ZEM_RADII_MAX + 10) /* p_hit of every radius, then ten more quantities */

/* Confidence of the interval of an error. The study makes such an interval after 1000, 4000, 16,000 and so on trials,
 * and stops when every verdict is clear. These are at most six looks with the default of --trials-max, and ten with its
 * largest value. At 99 % for each look, 94 and 90 % remain for all looks together (Bonferroni). */
#define ZEM_BUDGET_CONFIDENCE 0.99

enum zem_budget_verdict { ZEM_BUDGET_PASSES, ZEM_BUDGET_FAILS, ZEM_BUDGET_UNRESOLVED };

/* The errors of one quantity. An error is signed: the value as a run computes it minus the better value. `step` is the
 * error of the step size, `rounding` that of single precision, `approach` that of the closest-approach formula. `all`
 * is their sum, estimated from the trials directly. */
struct zem_budget_line {
    struct zem_quantity quantity;
    double value; /* value of the quantity, as a run computes it */
    /* The intervals of `step` and `all` are widened by the remainder. */
    struct zem_paired step, rounding, approach, all;
    double remainder;  /* largest error that the finest steps may still have */
    double half_width; /* half-width of the interval that a run of the cell reports, or could report */
    /* The trials hardly differ in the quantity. half_width is then not that of an interval, but a thousandth of the
     * value; for the mean and the root mean square of the miss it is at least a hundredth of the smallest hit radius.
     * For the saturated fraction it is 0.001. */
    bool deterministic;
    bool defined; /* false if no trial has a miss distance; always true for p_hit */
    bool settled; /* a further halving of the steps changes the value by little or by no more than chance */
    enum zem_budget_verdict verdict;
    double ratio;         /* largest error, in size, inside the interval of `all`, divided by the half-width */
    double trials_needed; /* unresolved: about how many trials would give a verdict, INFINITY if not known; else 0 */
    /* Fewest halvings of the step with which the errors are small enough for ZEM_BUDGET_PASSES: 0 if the step itself is
     * short enough, more than ZEM_BUDGET_HALVINGS if no number of halvings is known to suffice. */
    unsigned halvings_needed;
};

struct zem_budget {
    uint64_t cell;
    size_t trials;     /* number of trials in each series of flights */
    unsigned halvings; /* how many times the finest steps are halved */
    bool raw_noise;    /* white noise acts on a limit of the command (zem_cell_limits_white_noise) */
    size_t line_count; /* zem_budget_line_count of the scenario */
    struct zem_budget_line line[ZEM_BUDGET_LINES];
};

/* zem_budget_line_count returns the number of lines in a budget; each line is about one quantity. zem_budget_quantity
 * returns the quantity of a line. */
size_t zem_budget_line_count(const struct zem_scenario *scenario);
struct zem_quantity zem_budget_quantity(const struct zem_scenario *scenario, size_t line);

/* Makes the budget of a cell. The function starts with few trials and flies more, up to `trials_limit`, while a verdict
 * is open. A quantity passes if the whole interval of its error lies within plus and minus `share` times the
 * half-width, and fails if the whole interval lies outside. It also fails if its error does not settle as the steps are
 * halved, or if more than a thousandth of the trials overflow. `method` is the interval method of p_hit. `threads` 0
 * means all processors. Returns 0, ZEM_BAD_INPUT if the cell cannot be derived, ZEM_STOPPED after a signal,
 * ZEM_INTERNAL without memory. */
int zem_budget_make(const struct zem_scenario *scenario, uint64_t cell, enum zem_interval_method method, double share,
                    size_t trials_limit, unsigned threads, struct zem_budget *budget, struct zem_error *error);

#endif
