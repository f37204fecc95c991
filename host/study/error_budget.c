/* Estimates the errors of a cell by paired comparison: the same trials with the same draws are flown in two series, for
 * instance with whole and with halved steps. The difference of the two estimates is known much better than each of
 * them. Its standard error follows from how much each trial changes both estimates (the delta method). converge.c calls
 * it for each cell. */
#include "study/error_budget.h"

#include "base/interruption.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "run/run.h"
#include "scenario/grid.h"
#include "study/double_engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRIALS_FIRST 1000u
#define TRIALS_FACTOR 4u
#define TRIALS_PORTION 4096u
#define SETTLED_SHARE 0.05 /* of the half-width; smaller changes by the last halving do not matter */

/* Trials whose standard deviation is below ALIKE_SHARE of the value hardly differ, and their half-width would ask for
 * needless precision. It is replaced by DETERMINISTIC_SHARE of the value or by RESOLUTION_SHARE of the smallest hit
 * radius, whichever is larger. */
#define ALIKE_SHARE 1e-2
#define DETERMINISTIC_SHARE 1e-3
#define RESOLUTION_SHARE 1e-2

#define BLUR_COUNT 4
static const double blurs[BLUR_COUNT] = {0.1, 0.3, 1.0, 0.02}; /* of the hit radius */

/* Largest ratio of two successive changes that counts as convergence. A first-order error has 0.5. */
#define SHRINKING 0.6

#define UNCERTAINTIES 2.0 /* number of standard errors that an error may plausibly be off */

/* The series of flights. SINGLE flies trials as a run does. DOUBLE + n flies them in double precision with the steps
 * halved n times. */
enum { SINGLE, DOUBLE, SERIES_COUNT = DOUBLE + ZEM_BUDGET_HALVINGS + 1 };

struct study {
    const struct zem_scenario *scenario;
    const struct cell_parameters *cell;
    struct schedule_step *schedule;
    struct zem_value value[ZEM_KEY_COUNT];
    enum zem_interval_method method;
    double share; /* largest part of the half-width that all errors together may have to pass */
    unsigned threads;
    size_t trials;
    unsigned halvings;
    size_t count[SERIES_COUNT];            /* number of trials flown in each series */
    struct zem_flown *flown[SERIES_COUNT]; /* their results */
};

/* ---- flying ---- */

/* Flies the trials of a series that are not flown yet. It flies them in portions, so that a signal is noticed between
 * two portions. */
static int fly(struct study *study, unsigned series, struct zem_error *error)
{
    for (size_t *count = &study->count[series]; *count < study->trials;) {
        const size_t left = study->trials - *count, portion = left < TRIALS_PORTION ? left : TRIALS_PORTION;
        if (series == SINGLE)
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
    return ZEM_OK;
}

/* ---- quantities ---- */

static bool passed(const struct zem_flown *flown) { return flown->outcome == ZEM_OUTCOME_PASSED; }

/* The lines of a budget are p_hit of each radius, then miss_mean, then miss_rms. */
static bool is_mean(const struct study *study, size_t line) { return line == study->scenario->radius_count; }
static bool is_hit(const struct study *study, size_t line) { return line < study->scenario->radius_count; }

/* The contribution of a trial to a line. With `blur` a hit is averaged over all hit radii within the fraction `blur` of
 * the radius asked for. A change of the miss then shows in all trials near the radius and not only in the few that
 * cross it. */
static double term(const struct study *study, size_t line, const struct zem_flown *flown, double blur)
{
    if (is_hit(study, line)) {
        const double radius = (double)study->cell->radius[line], inside = radius - flown->scored;
        if (!passed(flown))
            return 0.0;
        return blur > 0.0 ? fmin(fmax(0.5 + 0.5 * inside / (blur * radius), 0.0), 1.0) : inside > 0.0 ? 1.0 : 0.0;
    }
    return is_mean(study, line) ? flown->miss : flown->miss * flown->miss;
}

/* An estimate of a line from `count` trials. `mean` is the mean of their terms. */
struct estimate {
    double value, mean, count;
};

static struct estimate estimate_make(const struct study *study, size_t line, unsigned series, double blur)
{
    struct estimate e = {0};
    double sum = 0.0;
    for (size_t trial = 0; trial < study->trials; trial++) {
        const struct zem_flown *flown = &study->flown[series][trial];
        if (!is_hit(study, line) && !passed(flown))
            continue;
        sum += term(study, line, flown, blur);
        e.count += 1.0;
    }
    e.mean = sum / e.count;
    e.value = is_hit(study, line) || is_mean(study, line) ? e.mean : sqrt(e.mean);
    return e;
}

static double influence(const struct study *study, size_t line, const struct estimate *e, const struct zem_flown *flown,
                        double blur)
{
    if (!is_hit(study, line) && !passed(flown))
        return 0.0;
    const double slope = is_hit(study, line) || is_mean(study, line) ? 1.0 : e->value > 0.0 ? 0.5 / e->value : 0.0;
    return slope * (term(study, line, flown, blur) - e->mean) / e->count;
}

/* Size that the error may plausibly have. */
static double largest_plausible(struct zem_budget_error e) { return fabs(e.value) + UNCERTAINTIES * e.uncertainty; }

/* Root mean square difference of the miss distances of two series, m. */
static double typical_change(const struct study *study, unsigned a, unsigned b)
{
    double square = 0.0, count = 0.0;
    for (size_t trial = 0; trial < study->trials; trial++) {
        const struct zem_flown *first = &study->flown[a][trial], *second = &study->flown[b][trial];
        if (!passed(first) || !passed(second))
            continue;
        square += (first->miss - second->miss) * (first->miss - second->miss);
        count += 1.0;
    }
    return count > 0.0 ? sqrt(square / count) : 0.0;
}

/* Estimates series a minus series b for a line. `change` is the typical change of a miss (m). Even if no trial crossed
 * the radius, the uncertainty includes one unseen crossing. */
static struct zem_budget_error blurred_difference(const struct study *study, size_t line, unsigned a, unsigned b,
                                                  double change, double blur)
{
    const struct estimate first = estimate_make(study, line, a, blur), second = estimate_make(study, line, b, blur);
    const double unseen = is_hit(study, line) ? fmin(0.5 * change / (blur * (double)study->cell->radius[line]), 1.0)
                                                    / (double)study->trials
                                              : 0.0;
    struct zem_budget_error d = {.value = first.value - second.value};
    double square = unseen * unseen;
    for (size_t trial = 0; trial < study->trials; trial++) {
        const double moved = influence(study, line, &first, &study->flown[a][trial], blur)
                             - influence(study, line, &second, &study->flown[b][trial], blur);
        square += moved * moved;
    }
    d.uncertainty = sqrt(square);
    return d;
}

/* Estimates series a minus series b with the blur that gives the smallest bound. A wide blur includes more trials. A
 * narrow one leaves out misses that accumulate beside the radius. */
static struct zem_budget_error difference(const struct study *study, size_t line, unsigned a, unsigned b)
{
    const double change = is_hit(study, line) ? typical_change(study, a, b) : 0.0;
    struct zem_budget_error best = blurred_difference(study, line, a, b, change, blurs[0]);
    for (size_t k = 1; k < BLUR_COUNT && is_hit(study, line); k++) {
        const struct zem_budget_error other = blurred_difference(study, line, a, b, change, blurs[k]);
        if (largest_plausible(other) < largest_plausible(best))
            best = other;
    }
    return best;
}

/* Estimates the error of the closest-approach formula in a line. The formula's error is tiny compared with a miss, so
 * the first order suffices. */
static struct zem_budget_error approach_error(const struct study *study, size_t line)
{
    const double blur = blurs[0];
    struct estimate e = estimate_make(study, line, DOUBLE, blur);
    double sum = 0.0, square = 0.0;
    for (size_t trial = 0; trial < study->trials; trial++) {
        const struct zem_flown *flown = &study->flown[DOUBLE][trial];
        double change = flown->formula_error;
        if (!passed(flown))
            continue;
        if (is_hit(study, line)) {
            struct zem_flown curved = *flown;
            curved.scored = flown->miss > 0.0 ? flown->scored * (1.0 - change / flown->miss) : flown->scored;
            change = term(study, line, flown, blur) - term(study, line, &curved, blur);
        } else if (!is_mean(study, line))
            change *= e.value > 0.0 ? flown->miss / e.value : 0.0;
        sum += change;
        square += change * change;
    }
    const double mean = sum / e.count;
    return (struct zem_budget_error){mean, sqrt(fmax(square / e.count - mean * mean, 0.0) / e.count)};
}

/* ---- the interval that a run will give ---- */

/* Number of trials that a run flies in this cell: run.trials, or fewer if run.precision is reached before. */
static double run_trials(const struct study *study)
{
    const double trials = (double)study->value[ZEM_KEY_TRIALS].integer;
    double widest = 0.0;
    if (!study->value[ZEM_KEY_PRECISION].present)
        return trials;
    for (size_t radius = 0; radius < study->scenario->radius_count; radius++) {
        const double p = estimate_make(study, radius, SINGLE, 0.0).value;
        const struct zem_interval interval = zem_interval_binomial((uint64_t)llround(p * trials), (uint64_t)trials,
                                                                   study->value[ZEM_KEY_CONFIDENCE].first, ZEM_WILSON);
        widest = fmax(widest, 0.5 * (interval.upper - interval.lower));
    }
    const double part = widest / study->value[ZEM_KEY_PRECISION].first;
    return fmin(trials, fmax(1000.0, trials * part * part));
}

static void set_half_width(const struct study *study, size_t line, double trials, struct zem_budget_line *out)
{
    const double confidence = study->value[ZEM_KEY_CONFIDENCE].first;
    const struct estimate e = estimate_make(study, line, SINGLE, 0.0);
    double square = 0.0;
    if (is_hit(study, line)) {
        const struct zem_interval interval =
            zem_interval_binomial((uint64_t)llround(e.value * trials), (uint64_t)trials, confidence, study->method);
        out->half_width = 0.5 * (interval.upper - interval.lower);
        return;
    }
    for (size_t trial = 0; trial < study->trials; trial++) {
        const double change = influence(study, line, &e, &study->flown[SINGLE][trial], 0.0);
        square += change * change;
    }
    const double spread = sqrt(square * (double)study->trials); /* standard deviation of a trial's contribution */
    out->half_width = zem_normal_quantile(0.5 + 0.5 * confidence) * spread / sqrt(trials);
    out->deterministic = !(spread > ALIKE_SHARE * e.value);
    if (out->deterministic)
        out->half_width = fmax(DETERMINISTIC_SHARE * e.value, RESOLUTION_SHARE * (double)study->cell->radius[0]);
}

/* ---- the budget ---- */

/* Whether the last halving changed a line by less than matters or by no more than chance. */
static bool settled(const struct study *study, const struct zem_budget *budget, size_t line)
{
    const struct zem_budget_error last =
        difference(study, line, DOUBLE + study->halvings - 1, DOUBLE + study->halvings);
    return fabs(last.value) <= fmax(SETTLED_SHARE * budget->line[line].half_width, UNCERTAINTIES * last.uncertainty);
}

/* Whether successive changes fail to shrink by more than chance explains. Further halving is then useless. */
static bool diverges(const struct study *study, const struct zem_budget *budget, size_t line)
{
    const unsigned finest = DOUBLE + study->halvings;
    if (study->halvings < 3 || budget->line[line].settled)
        return false;
    const struct zem_budget_error last = difference(study, line, finest - 1, finest),
                                  before = difference(study, line, finest - 2, finest - 1);
    return fabs(last.value) - UNCERTAINTIES * last.uncertainty
           > SHRINKING * (fabs(before.value) + UNCERTAINTIES * before.uncertainty);
}

/* Sets the errors and the verdict of a line. The remainder is the error that the finest steps may still have. It is
 * taken as the change by the last halving, which is exact for first-order errors and an upper bound for smoother ones.
 * A line must pass with the remainder included. */
static void set_line(const struct study *study, size_t line, struct zem_budget_line *out)
{
    const unsigned finest = DOUBLE + study->halvings;
    const double allowed = study->share * out->half_width;
    out->step = difference(study, line, DOUBLE, finest);
    out->rounding = difference(study, line, SINGLE, DOUBLE);
    out->approach = approach_error(study, line);
    out->remainder = fabs(difference(study, line, finest - 1, finest).value);
    const double sum = fabs(out->step.value) + fabs(out->rounding.value) + fabs(out->approach.value);
    const double uncertainty =
        UNCERTAINTIES
        * sqrt(out->step.uncertainty * out->step.uncertainty + out->rounding.uncertainty * out->rounding.uncertainty
               + out->approach.uncertainty * out->approach.uncertainty);
    const double most = sum + out->remainder + uncertainty;
    out->ratio = out->half_width > 0.0 ? most / out->half_width : most > 0.0 ? (double)INFINITY : 0.0;
    out->verdict = sum - uncertainty > allowed || !out->settled ? ZEM_BUDGET_FAILS
                   : most <= allowed                            ? ZEM_BUDGET_PASSES
                                                                : ZEM_BUDGET_UNRESOLVED;
    out->halvings_needed = 0;
    while (out->verdict != ZEM_BUDGET_PASSES && out->halvings_needed <= ZEM_BUDGET_HALVINGS) {
        out->halvings_needed =
            out->settled && out->halvings_needed < study->halvings ? out->halvings_needed + 1 : ZEM_BUDGET_HALVINGS + 1;
        if (out->halvings_needed <= study->halvings
            && largest_plausible(difference(study, line, DOUBLE + out->halvings_needed, finest)) + out->remainder
                       + largest_plausible(out->rounding) + largest_plausible(out->approach)
                   <= allowed)
            break;
    }
}

static void set_lines(const struct study *study, struct zem_budget *budget)
{
    for (size_t line = 0; line < budget->line_count; line++)
        if (budget->line[line].defined)
            set_line(study, line, &budget->line[line]);
}

/* Whether some line would pass without its remainder. Another halving would help it, and more trials would not. */
static bool remainder_matters(const struct study *study, const struct zem_budget *budget)
{
    for (size_t line = 0; line < budget->line_count; line++) {
        const struct zem_budget_line *l = &budget->line[line];
        if (l->defined && l->verdict == ZEM_BUDGET_UNRESOLVED
            && l->ratio * l->half_width - l->remainder <= study->share * l->half_width)
            return true;
    }
    return false;
}

/* Flies the series that are needed with the current number of trials and fills the lines. */
static int study_once(struct study *study, struct zem_budget *budget, struct zem_error *error)
{
    bool all_settled = false, diverging = false;
    int status = fly(study, SINGLE, error);
    if (status == ZEM_OK)
        status = fly(study, DOUBLE, error);
    if (status != ZEM_OK)
        return status;
    const double trials = run_trials(study);
    memset(budget->line, 0, sizeof budget->line);
    for (size_t line = 0; line < budget->line_count; line++) {
        const struct estimate e = estimate_make(study, line, SINGLE, 0.0);
        budget->line[line].value = e.value;
        budget->line[line].defined = e.count > 0.0;
        if (budget->line[line].defined)
            set_half_width(study, line, trials, &budget->line[line]);
    }
    for (study->halvings = 1; status == ZEM_OK; study->halvings++) {
        status = fly(study, DOUBLE + study->halvings, error);
        all_settled = true;
        for (size_t line = 0; status == ZEM_OK && line < budget->line_count; line++) {
            budget->line[line].settled = !budget->line[line].defined || settled(study, budget, line);
            all_settled = all_settled && budget->line[line].settled;
            diverging = diverging || diverges(study, budget, line);
        }
        if (status == ZEM_OK)
            set_lines(study, budget);
        if ((all_settled && !remainder_matters(study, budget)) || diverging || study->halvings == ZEM_BUDGET_HALVINGS)
            break;
    }
    budget->trials = study->trials;
    budget->halvings = study->halvings;
    return status;
}

/* Whether more trials could change a verdict: some line is unresolved, or fails without a known step that would pass.
 * No line may be unsettled, because that does not change with more trials. */
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
        study->flown[series] = calloc(trials, sizeof *study->flown[series]);
        good = good && study->flown[series] != NULL;
    }
    return good ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu trials", trials);
}

static void study_free(struct study *study)
{
    for (size_t series = 0; series < SERIES_COUNT; series++)
        free(study->flown[series]);
    free(study->schedule);
}

int zem_budget_make(const struct zem_scenario *scenario, uint64_t cell, enum zem_interval_method method, double share,
                    size_t trials_limit, unsigned threads, struct zem_budget *budget, struct zem_error *error)
{
    struct cell_parameters parameters;
    struct study study = {
        .scenario = scenario, .cell = &parameters, .method = method, .share = share, .threads = threads};
    *budget = (struct zem_budget){.cell = cell, .line_count = scenario->radius_count + 2};
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
