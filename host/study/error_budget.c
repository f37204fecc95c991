/* Estimates the errors of a cell by paired comparison. The same trials with the same draws are flown in two series, for
 * instance with whole steps and with halved steps. The difference of two estimates from the same draws has a much
 * smaller statistical error than each estimate. paired_difference.c estimates the difference; converge.c calls this
 * file for each cell. */
#include "study/error_budget.h"

#include "base/interruption.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "result/result_variables.h"
#include "run/run.h"
#include "scenario/grid.h"
#include "run/trial_flight.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIALS_FIRST 1000u
#define TRIALS_FACTOR 4u
#define TRIALS_PORTION 4096u
/* If the last halving of the steps changes a quantity by less than this fraction of the half-width of its interval, the
 * change does not matter. */
#define SETTLED_SHARE 0.05

/* Least number of halvings of the steps that are flown. The error of the whole steps is measured by the difference from
 * the finest steps, and the error that the finest steps still have by the change of the last halving. With one halving
 * a first-order error would be stated at half its size. */
#define HALVINGS_FIRST 2u

/* If the standard deviation of a quantity over the trials is below ALIKE_SHARE of its value, the trials hardly differ.
 * The interval of the quantity is then so narrow that comparing errors with it would ask for needless precision. Its
 * half-width is replaced by DETERMINISTIC_SHARE of the value, for the miss by at least RESOLUTION_SHARE of the smallest
 * hit radius, and for the saturated fraction by DETERMINISTIC_SHARE itself. */
#define ALIKE_SHARE 1e-2
#define DETERMINISTIC_SHARE 1e-3
#define RESOLUTION_SHARE 1e-2

/* Largest ratio of the changes by two successive halvings that counts as convergence. A first-order error has the ratio
 * 0.5. */
#define SHRINKING 0.6

/* The series of flights. SINGLE flies the trials as a run does. DOUBLE + n flies them in double precision with the
 * steps halved n times. BEST has the finest of these flights, with miss distances that are corrected for the curvature
 * of the path (zem_flown.formula_error). */
enum { SINGLE, DOUBLE, BEST = DOUBLE + ZEM_BUDGET_HALVINGS + 1, SERIES_COUNT };

/* The cell that is studied, with its trials in every series of flights. */
struct study {
    const struct zem_scenario *scenario;
    uint64_t index; /* number of the cell */
    const struct cell_parameters *cell;
    struct schedule_step *schedule;
    struct zem_value value[ZEM_KEY_COUNT];
    enum zem_interval_method method;
    double share; /* largest error with which a quantity passes, as a fraction of the half-width */
    unsigned threads;
    size_t trials;
    unsigned halvings;
    size_t count[SERIES_COUNT];            /* number of trials flown in each series */
    struct zem_flown *flown[SERIES_COUNT]; /* their results; BEST uses those of the finest series */
    double *sorted[SERIES_COUNT];          /* their miss distances in increasing order */
    struct zem_series series[SERIES_COUNT];
};

/* ---- flying ---- */

/* Makes series `to` from the flights of series `from`, which is `to` itself except for BEST. */
static void series_set(struct study *study, unsigned to, unsigned from)
{
    struct zem_series *s = &study->series[to];
    *s = (struct zem_series){.flown = study->flown[from], .count = study->trials, .curved = to == BEST};
    s->passed = zem_series_sort(s->flown, s->count, s->curved, study->sorted[to]);
    s->sorted = study->sorted[to];
}

/* Flies the trials of a series that have not been flown. It flies them in portions, so that a signal is noticed between
 * two portions. */
static int fly(struct study *study, unsigned series, struct zem_error *error)
{
    for (size_t *count = &study->count[series]; *count < study->trials;) {
        const size_t left = study->trials - *count, portion = left < TRIALS_PORTION ? left : TRIALS_PORTION;
        if (study->scenario->resolution.by_trial) {
            const int status = zem_trials_fly(study->scenario, study->index,
                                              series == SINGLE ? ZEM_TRIAL_AS_RUN : (int)(series - DOUBLE),
                                              study->threads, *count, portion, study->flown[series] + *count, error);
            if (status != ZEM_OK)
                return status;
        } else if (series == SINGLE)
            zem_single_engine_fly(study->cell, study->schedule, study->threads, *count, portion,
                                  study->flown[series] + *count);
        else if (zem_double_engine_fly(study->cell, series - DOUBLE, study->threads, *count, portion,
                                       study->flown[series] + *count)
                 != 0)
            return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the steps");
        *count += portion;
        if (zem_interrupted)
            return zem_error_set(error, ZEM_STOPPED, "stopped by a signal");
    }
    series_set(study, series, series);
    return ZEM_OK;
}

/* ---- the lines of a budget ---- */

size_t zem_budget_line_count(const struct zem_scenario *scenario)
{
    return scenario->radius_count + 5 + zem_quantile_level_count;
}

struct zem_quantity zem_budget_quantity(const struct zem_scenario *scenario, size_t line)
{
    static const enum zem_quantity_kind means[] = {ZEM_MISS_MEAN, ZEM_MISS_RMS, ZEM_DIVERT_MEAN, ZEM_SATURATED_FRACTION,
                                                   ZEM_FLIGHT_TIME_MEAN};
    const size_t count = sizeof means / sizeof *means;
    if (line < scenario->radius_count)
        return (struct zem_quantity){ZEM_P_HIT, (double)(float)scenario->radius[line]};
    line -= scenario->radius_count;
    return line < count ? (struct zem_quantity){means[line], 0.0}
                        : (struct zem_quantity){ZEM_MISS_QUANTILE, zem_quantile_levels[line - count]};
}

static struct zem_paired difference(const struct study *study, const struct zem_budget_line *line, unsigned a,
                                    unsigned b)
{
    return zem_paired_difference(line->quantity, &study->series[a], &study->series[b], ZEM_BUDGET_CONFIDENCE);
}

/* Returns the largest size of an error inside its interval. */
static double largest_plausible(struct zem_paired e) { return fmax(fabs(e.lower), fabs(e.upper)); }

/* Returns the distance from the error to the farther end of its interval. */
static double uncertainty(struct zem_paired e) { return fmax(e.value - e.lower, e.upper - e.value); }

static struct zem_paired widened(struct zem_paired e, double by)
{
    e.lower -= by;
    e.upper += by;
    return e;
}

/* ---- the interval that a run will give ---- */

/* Returns the number of trials that a run flies in this cell: run.trials, or fewer if run.precision is reached
 * before. */
static double run_trials(const struct study *study, const struct zem_budget *budget)
{
    const double trials = (double)study->value[ZEM_KEY_TRIALS].integer;
    double widest = 0.0;
    if (!study->value[ZEM_KEY_PRECISION].present)
        return trials;
    for (size_t radius = 0; radius < study->scenario->radius_count; radius++) {
        const struct zem_interval interval =
            zem_interval_binomial((uint64_t)llround(budget->line[radius].value * trials), (uint64_t)trials,
                                  study->value[ZEM_KEY_CONFIDENCE].first, ZEM_WILSON);
        widest = fmax(widest, 0.5 * (interval.upper - interval.lower));
    }
    const double part = widest / study->value[ZEM_KEY_PRECISION].first;
    return fmin(trials, fmax(1000.0, trials * part * part));
}

/* Returns the half-width of the interval of a quantile in a result with so many trials. The interval consists of whole
 * bins of the histogram, because a result resolves no more. */
static double quantile_half_width(const struct study *study, double level, double trials)
{
    uint64_t counts[ZEM_HISTOGRAM_SLOTS] = {0};
    const struct zem_series *series = &study->series[SINGLE];
    const double *edges = zem_histogram_edges(), confidence = study->value[ZEM_KEY_CONFIDENCE].first;
    size_t slot = 0;
    for (size_t k = 0; k < series->passed; k++) {
        while (slot + 1 < ZEM_HISTOGRAM_SLOTS && series->sorted[k] >= edges[slot])
            slot++;
        counts[slot]++;
    }
    for (slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++)
        counts[slot] = (uint64_t)llround((double)counts[slot] * trials / (double)study->trials);
    const struct zem_quantile q = zem_quantile_from_histogram(counts, edges, ZEM_HISTOGRAM_SLOTS, level, confidence);
    return isfinite(q.upper - q.lower) ? 0.5 * (q.upper - q.lower) : (double)INFINITY;
}

static void set_half_width(const struct study *study, double trials, struct zem_budget_line *line)
{
    const double confidence = study->value[ZEM_KEY_CONFIDENCE].first;
    const enum zem_quantity_kind kind = line->quantity.kind;
    if (kind == ZEM_P_HIT) {
        const struct zem_interval interval =
            zem_interval_binomial((uint64_t)llround(line->value * trials), (uint64_t)trials, confidence, study->method);
        line->half_width = 0.5 * (interval.upper - interval.lower);
        return;
    }
    if (kind == ZEM_MISS_QUANTILE) {
        line->half_width = quantile_half_width(study, line->quantity.parameter, trials);
        return;
    }
    const double spread = zem_quantity_spread(line->quantity, &study->series[SINGLE]);
    line->half_width = zem_normal_quantile(0.5 + 0.5 * confidence) * spread / sqrt(trials);
    line->deterministic = !(spread > ALIKE_SHARE * line->value);
    if (line->deterministic)
        line->half_width = kind == ZEM_SATURATED_FRACTION ? DETERMINISTIC_SHARE
                                                          : fmax(DETERMINISTIC_SHARE * line->value,
                                                                 kind == ZEM_MISS_MEAN || kind == ZEM_MISS_RMS
                                                                     ? RESOLUTION_SHARE * (double)study->cell->radius[0]
                                                                     : 0.0);
}

/* ---- the budget ---- */

/* Returns whether the last halving of the steps changed a quantity by less than SETTLED_SHARE of the half-width, or by
 * no more than chance explains. */
static bool settled(const struct study *study, const struct zem_budget_line *line)
{
    const struct zem_paired last = difference(study, line, DOUBLE + study->halvings - 1, DOUBLE + study->halvings);
    return fabs(last.value) <= fmax(SETTLED_SHARE * line->half_width, uncertainty(last));
}

/* Returns whether the changes by successive halvings fail to shrink by more than chance explains. Further halving is
 * then useless. */
static bool diverges(const struct study *study, const struct zem_budget_line *line)
{
    const unsigned finest = DOUBLE + study->halvings;
    if (study->halvings < 3 || line->settled)
        return false;
    const struct zem_paired last = difference(study, line, finest - 1, finest),
                            before = difference(study, line, finest - 2, finest - 1);
    return fabs(last.value) - uncertainty(last) > SHRINKING * largest_plausible(before);
}

/* Returns the fewest halvings with which a quantity passes; more than ZEM_BUDGET_HALVINGS if none is shown to
 * suffice. */
static unsigned halvings_needed(const struct study *study, const struct zem_budget_line *line)
{
    if (line->verdict == ZEM_BUDGET_PASSES)
        return 0;
    for (unsigned halvings = 1; line->settled && halvings <= study->halvings; halvings++)
        if (largest_plausible(difference(study, line, DOUBLE + halvings, BEST)) + line->remainder
                + fabs(line->rounding.value)
            <= study->share * line->half_width)
            return halvings;
    return ZEM_BUDGET_HALVINGS + 1;
}

/* Returns whether more than a thousandth of the trials overflow in single precision. Their errors are unknown, so that
 * no quantity may pass. */
static bool overflows(const struct study *study)
{
    size_t count = 0;
    for (size_t i = 0; i < study->trials; i++)
        count += study->flown[SINGLE][i].outcome == ZEM_OUTCOME_NOT_FINITE;
    return 1000 * count > study->trials;
}

/* Sets the errors and the verdict of a quantity. The remainder is the error that the finest steps may still have. It is
 * taken as the change by the last halving, which is exact for first-order errors and an upper bound for smoother
 * errors. A quantity must pass with the remainder included. */
static void set_line(const struct study *study, struct zem_budget_line *line)
{
    const unsigned finest = DOUBLE + study->halvings;
    const double allowed = study->share * line->half_width;
    line->remainder = fabs(difference(study, line, finest - 1, finest).value);
    line->rounding = difference(study, line, SINGLE, DOUBLE);
    line->step = widened(difference(study, line, DOUBLE, finest), line->remainder);
    line->approach = difference(study, line, finest, BEST);
    line->all = widened(difference(study, line, SINGLE, BEST), line->remainder);
    const double most = largest_plausible(line->all);
    line->ratio = most > 0.0 ? most / line->half_width : 0.0;
    line->verdict = line->all.lower > allowed || line->all.upper < -allowed || !line->settled || overflows(study)
                        ? ZEM_BUDGET_FAILS
                    : most <= allowed ? ZEM_BUDGET_PASSES
                                      : ZEM_BUDGET_UNRESOLVED;
    line->halvings_needed = halvings_needed(study, line);
    line->trials_needed = 0.0;
    if (line->verdict == ZEM_BUDGET_UNRESOLVED) {
        const double chance = uncertainty(line->all) - line->remainder,
                     room = fmax(allowed - fabs(line->all.value) - line->remainder,
                                 fabs(line->all.value) - line->remainder - allowed);
        line->trials_needed = room > 0.0 ? (double)study->trials * (chance / room) * (chance / room) : (double)INFINITY;
    }
}

/* Returns whether some quantity has no verdict only because of its remainder, the error that the finest steps may still
 * have. Another halving would help such a quantity, and more trials would not. */
static bool remainder_matters(const struct study *study, const struct zem_budget *budget)
{
    for (size_t line = 0; line < budget->line_count; line++) {
        const struct zem_budget_line *l = &budget->line[line];
        if (l->defined && l->verdict == ZEM_BUDGET_UNRESOLVED
            && (largest_plausible(l->all) - l->remainder <= study->share * l->half_width
                || !isfinite(l->trials_needed)))
            return true;
    }
    return false;
}

/* Sets the quantity, value and half-width of every line from the trials in single precision. */
static void set_values(const struct study *study, struct zem_budget *budget)
{
    memset(budget->line, 0, sizeof budget->line);
    for (size_t k = 0; k < budget->line_count; k++) {
        struct zem_budget_line *line = &budget->line[k];
        line->quantity = zem_budget_quantity(study->scenario, k);
        line->value = zem_quantity_value(line->quantity, &study->series[SINGLE]);
        line->defined = isfinite(line->value);
    }
    const double trials = run_trials(study, budget);
    for (size_t k = 0; k < budget->line_count; k++)
        if (budget->line[k].defined)
            set_half_width(study, trials, &budget->line[k]);
}

/* Sets every line of the budget, which has the errors and the verdict of one quantity, by comparing the series of
 * flights with each other. Returns whether another halving of the steps may help. */
static bool compare_series(struct study *study, struct zem_budget *budget)
{
    bool all_settled = true, diverging = false;
    series_set(study, BEST, DOUBLE + study->halvings);
    for (size_t k = 0; k < budget->line_count; k++) {
        struct zem_budget_line *line = &budget->line[k];
        if (!line->defined)
            continue;
        line->settled = settled(study, line);
        all_settled = all_settled && line->settled;
        diverging = diverging || diverges(study, line);
        set_line(study, line);
    }
    return !diverging && (!all_settled || remainder_matters(study, budget));
}

/* Flies all series that are needed with the current number of trials, and sets the lines of the budget. */
static int study_once(struct study *study, struct zem_budget *budget, struct zem_error *error)
{
    int status = fly(study, SINGLE, error);
    for (study->halvings = 0; status == ZEM_OK && study->halvings < HALVINGS_FIRST; study->halvings++)
        status = fly(study, DOUBLE + study->halvings, error);
    if (status == ZEM_OK)
        set_values(study, budget);
    for (bool open = true; status == ZEM_OK && open; study->halvings += open) {
        status = fly(study, DOUBLE + study->halvings, error);
        open = status == ZEM_OK && compare_series(study, budget) && study->halvings < ZEM_BUDGET_HALVINGS;
    }
    budget->trials = study->trials;
    budget->halvings = study->halvings;
    return status;
}

/* Returns whether more trials could change a verdict: some quantity is unresolved, or fails without a number of
 * halvings known to suffice. If some quantity has not settled the answer is false, because more trials do not change
 * that. */
static bool is_open(const struct zem_budget *budget)
{
    bool open = false;
    for (size_t line = 0; line < budget->line_count; line++) {
        const struct zem_budget_line *l = &budget->line[line];
        if (!l->defined || l->verdict == ZEM_BUDGET_PASSES)
            continue;
        if (!l->settled)
            return false;
        open = open || l->verdict == ZEM_BUDGET_UNRESOLVED || l->halvings_needed > ZEM_BUDGET_HALVINGS;
    }
    return open;
}

static int study_allocate(struct study *study, size_t trials, struct zem_error *error)
{
    study->schedule = calloc((size_t)study->cell->schedule_steps + 1, sizeof *study->schedule);
    bool good = study->schedule != NULL;
    for (size_t series = 0; series < SERIES_COUNT; series++) {
        study->flown[series] = series == BEST ? NULL : calloc(trials, sizeof *study->flown[series]);
        study->sorted[series] = calloc(trials, sizeof *study->sorted[series]);
        good = good && (series == BEST || study->flown[series] != NULL) && study->sorted[series] != NULL;
    }
    return good ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu trials", trials);
}

static void study_free(struct study *study)
{
    for (size_t series = 0; series < SERIES_COUNT; series++) {
        free(study->flown[series]);
        free(study->sorted[series]);
    }
    free(study->schedule);
}

int zem_budget_make(const struct zem_scenario *scenario, uint64_t cell, enum zem_interval_method method, double share,
                    size_t trials_limit, unsigned threads, struct zem_budget *budget, struct zem_error *error)
{
    struct cell_parameters parameters;
    struct study study = {
        .scenario = scenario, .index = cell, .cell = &parameters, .method = method, .share = share, .threads = threads};
    *budget = (struct zem_budget){.cell = cell, .line_count = zem_budget_line_count(scenario)};
    zem_grid_values(scenario, cell, study.value);
    int status = zem_cell_derive(scenario, cell, &parameters, error);
    if (status == ZEM_OK)
        status = study_allocate(&study, trials_limit, error);
    if (status == ZEM_OK)
        zem_schedule_fill(&parameters, study.schedule);
    budget->raw_noise = status == ZEM_OK && zem_cell_limits_white_noise(parameters.features);
    study.trials = trials_limit < TRIALS_FIRST ? trials_limit : TRIALS_FIRST;
    while (status == ZEM_OK) {
        status = study_once(&study, budget, error);
        if (status != ZEM_OK || !is_open(budget) || study.trials == trials_limit)
            break;
        study.trials = study.trials * TRIALS_FACTOR < trials_limit ? study.trials * TRIALS_FACTOR : trials_limit;
    }
    study_free(&study);
    return status;
}
