/* The precision rule. Each round gives every unfinished cell a new number of trials: the next one at which the cell may
 * be tested. After the round the rule ends the cells whose intervals are short enough at every hit radius. The numbers
 * do not depend on earlier totals. A run that was extended to a larger run.trials therefore ends where a run ends that
 * had this value from the start. */
#include "run/precision.h"

#include "base/kernel_types.h"
#include "scenario/grid.h"

#include <math.h>
#include <stdlib.h>

#define LOOK_LEAST 32u   /* smallest number of trials at which a cell may be tested */
#define LOOK_PARTS 10u   /* from one test to the next the trials grow by one part in so many */
#define FIRST_USUAL 500u /* no cell is tested before so many trials, unless fewer can be enough */
/* A cell ends at the first test after it has become precise. On average over cells it then has this many times the
 * trials that it needed: one plus half of the growth between two tests. */
#define LOOKS_MEAN (1.0 + 0.5 / LOOK_PARTS)

static double half_width_of(const struct zem_result *result, uint64_t hits, uint64_t trials, double confidence)
{
    const struct zem_interval interval = zem_interval_binomial(hits, trials, confidence, result->interval_method);
    return 0.5 * (interval.upper - interval.lower);
}

/* The number of trials before which a cell is not tested. With fewer trials even an interval without any hit is too
 * wide. If few trials are enough for such an interval, the number is raised to FIRST_USUAL, or doubled where it is
 * below half of that. Otherwise cells with few hits would end while they have none, and that would bias their
 * estimates. */
static uint64_t first_look(const struct zem_result *result, double half_width, double confidence, uint64_t bound)
{
    uint64_t below = 0, least = bound;
    while (least - below > 1) {
        const uint64_t middle = below + (least - below) / 2;
        if (half_width_of(result, 0, middle, confidence) <= half_width)
            least = middle;
        else
            below = middle;
    }
    return least < FIRST_USUAL / 2 ? 2 * least : least < FIRST_USUAL ? FIRST_USUAL : least;
}

/* Whether all cells have the same trials, precision and confidence. Only a sweep axis can vary these: expressions and
 * draws are not allowed for them. */
static bool cells_are_alike(const struct zem_scenario *scenario)
{
    return !zem_scenario_sweeps(scenario, ZEM_KEY_TRIALS) && !zem_scenario_sweeps(scenario, ZEM_KEY_PRECISION)
           && !zem_scenario_sweeps(scenario, ZEM_KEY_CONFIDENCE);
}

bool zem_precision_asked(const struct zem_scenario *scenario)
{
    return scenario->value[ZEM_KEY_PRECISION].present || zem_scenario_sweeps(scenario, ZEM_KEY_PRECISION);
}

int zem_precision_init(struct zem_precision *p, const struct zem_result *result, struct zem_error *error)
{
    *p = (struct zem_precision){0};
    p->bound = calloc(result->cells, sizeof *p->bound);
    p->first = calloc(result->cells, sizeof *p->first);
    p->target = calloc(result->cells, sizeof *p->target);
    p->half_width = calloc(result->cells, sizeof *p->half_width);
    p->confidence = calloc(result->cells, sizeof *p->confidence);
    if (p->bound == NULL || p->first == NULL || p->target == NULL || p->half_width == NULL || p->confidence == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the precision of every cell");
    const bool alike = cells_are_alike(result->scenario);
    struct zem_value value[ZEM_KEY_COUNT];
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        if (cell == 0 || !alike)
            zem_grid_values(result->scenario, cell, value);
        p->bound[cell] = value[ZEM_KEY_TRIALS].integer;
        p->confidence[cell] = value[ZEM_KEY_CONFIDENCE].first;
        if (!value[ZEM_KEY_PRECISION].present)
            continue;
        p->half_width[cell] = value[ZEM_KEY_PRECISION].first;
        p->adaptive = true;
        const bool as_before = cell > 0 && p->half_width[cell] == p->half_width[cell - 1]
                               && p->confidence[cell] == p->confidence[cell - 1]
                               && p->bound[cell] == p->bound[cell - 1];
        p->first[cell] = as_before ? p->first[cell - 1]
                                   : first_look(result, p->half_width[cell], p->confidence[cell], p->bound[cell]);
    }
    return ZEM_OK;
}

void zem_precision_free(struct zem_precision *p)
{
    free(p->bound);
    free(p->first);
    free(p->target);
    free(p->half_width);
    free(p->confidence);
    *p = (struct zem_precision){0};
}

uint64_t zem_precision_look(uint64_t trials)
{
    uint64_t look = LOOK_LEAST;
    while (look <= trials)
        look += look / LOOK_PARTS;
    return look;
}

/* The next number of trials at which a cell with a precision is tested, at most run.trials. */
static uint64_t next_target(const struct zem_precision *p, uint64_t cell)
{
    const uint64_t first = p->first[cell] > 0 ? p->first[cell] - 1 : 0;
    const uint64_t look = zem_precision_look(p->target[cell] > first ? p->target[cell] : first);
    return look < p->bound[cell] ? look : p->bound[cell];
}

/* Solves Wilson's formula for the number of trials n. With half-width h, quantile z, variance v and m = n + z^2 it is
 * h^2 m^2 = z^2 (v n + z^2 / 4), a quadratic equation in m. */
double zem_precision_needed(double variance, double half_width, double confidence)
{
    const double z = -zem_normal_quantile(0.5 * (1.0 - confidence)), z2 = z * z;
    const double h2 = half_width * half_width;
    const double root = sqrt(z2 * z2 * (variance * variance + 4.0 * h2 * fmax(0.25 - variance, 0.0)));
    return fmax((z2 * variance + root) / (2.0 * h2) - z2, 1.0);
}

/* The number of trials that the estimates of a cell ask for at its most demanding hit radius. On average p (1 - p) of
 * an estimate p is too small by the factor (n - 1) / n for n trials. This is corrected, because it matters for short
 * runs. */
static double needed_by(const struct zem_precision *p, const struct zem_result *result, uint64_t cell)
{
    const double trials = (double)zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    const double more = result->interval_method == ZEM_CLOPPER_PEARSON ? 1.0 / p->half_width[cell] : 0.0;
    double needed = (double)p->first[cell];
    for (size_t radius = 0; radius < result->scenario->radius_count; radius++) {
        const double share = (double)zem_result_hits(result, cell, radius) / trials;
        const double variance = fmin(share * (1.0 - share) * trials / fmax(trials - 1.0, 1.0), 0.25);
        needed = fmax(needed, zem_precision_needed(variance, p->half_width[cell], p->confidence[cell]) + more);
    }
    return needed;
}

/* The number of trials with which a cell ends that becomes precise with `needed` trials: that of its next test, at most
 * run.trials. */
static double tested_at(const struct zem_precision *p, uint64_t cell, double needed)
{
    if (needed >= (double)p->bound[cell])
        return (double)p->bound[cell];
    return fmin((double)zem_precision_look((uint64_t)ceil(needed) - 1), (double)p->bound[cell]);
}

/* The half-width of the widest interval of a cell over the hit radii. */
static double widest(const struct zem_result *result, uint64_t cell, double confidence)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    double half_width = 0.0;
    for (size_t radius = 0; radius < result->scenario->radius_count; radius++)
        half_width = fmax(half_width, half_width_of(result, zem_result_hits(result, cell, radius), trials, confidence));
    return half_width;
}

/* Whether the intervals of all hit radii of a cell have at most the half-width that is asked for. */
static bool precise_enough(const struct zem_precision *p, const struct zem_result *result, uint64_t cell)
{
    return zem_result_word(result, cell, ZEM_TALLY_TRIALS) > 0
           && widest(result, cell, p->confidence[cell]) <= p->half_width[cell];
}

void zem_precision_continue(struct zem_precision *p, uint64_t cell, uint64_t trials)
{
    p->target[cell] = trials - (trials > 0);
    p->target[cell] = p->half_width[cell] > 0.0 ? next_target(p, cell) : p->bound[cell];
    p->started = true;
}

bool zem_precision_next_round(struct zem_precision *p, struct zem_result *result)
{
    bool more = false;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        const uint64_t target = p->target[cell];
        const bool has_goal = p->half_width[cell] > 0.0, ends = p->started && target >= p->bound[cell];
        const bool at_look = p->started && target > 0 && zem_precision_look(target - 1) == target;
        const bool precise = has_goal && (ends || at_look) && precise_enough(p, result, cell);
        result->stop_reason[cell] = precise ? ZEM_STOP_PRECISION : ZEM_STOP_TRIALS;
        if (precise || ends)
            continue;
        p->target[cell] = has_goal ? next_target(p, cell) : p->bound[cell];
        more = true;
    }
    p->started = true;
    return more;
}

double zem_precision_planned(const struct zem_precision *p, const struct zem_result *result)
{
    double planned = 0.0;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        double trials = (double)p->target[cell];
        if (p->half_width[cell] > 0.0 && zem_result_word(result, cell, ZEM_TALLY_TRIALS) > 0
            && !precise_enough(p, result, cell))
            trials = fmax(trials, tested_at(p, cell, needed_by(p, result, cell)));
        planned += trials;
    }
    return planned;
}

double zem_precision_forecast(const struct zem_precision *p, const struct zem_result *result, uint64_t *missing)
{
    double trials = 0.0;
    *missing = 0;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        double needed = (double)p->bound[cell];
        if (p->half_width[cell] > 0.0 && zem_result_word(result, cell, ZEM_TALLY_TRIALS) > 0) {
            needed = needed_by(p, result, cell);
            *missing += needed > (double)p->bound[cell];
            needed = tested_at(p, cell, needed);
        }
        trials += needed;
    }
    return trials;
}

int zem_precision_find_missed(const struct zem_result *result, struct zem_precision_missed *missed,
                              struct zem_error *error)
{
    struct zem_precision precision;
    const size_t room = sizeof missed->named / sizeof missed->named[0];
    int status = zem_precision_init(&precision, result, error);
    double factor = 0.0;
    *missed = (struct zem_precision_missed){0};
    for (uint64_t cell = 0; status == ZEM_OK && cell < result->cells; cell++) {
        const double asked = precision.half_width[cell];
        missed->goals += asked > 0.0;
        if (!(asked > 0.0) || precise_enough(&precision, result, cell))
            continue;
        if (missed->cells < room)
            missed->named[missed->cells] = cell;
        missed->cells++;
        if (zem_result_word(result, cell, ZEM_TALLY_TRIALS) > 0)
            missed->trials = fmax(missed->trials, LOOKS_MEAN * needed_by(&precision, result, cell));
        const double half_width = widest(result, cell, precision.confidence[cell]);
        if (half_width / asked > factor) {
            factor = half_width / asked;
            missed->worst = cell;
            missed->half_width = half_width;
            missed->asked = asked;
        }
    }
    zem_precision_free(&precision);
    return status;
}
