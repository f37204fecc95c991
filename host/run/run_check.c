/* The checks that need derived cells, and the estimate of the cost of a run. `zem check` uses both, and the checks also
 * precede every run. In a large grid only some cells are derived, so that a check takes little time. */
#include "cell/cell_causes.h"
#include "cell/cell_step.h"
#include "cell/dispersion.h"
#include "cell/schedule_table.h"
#include "run/memory_use.h"
#include "run/precision.h"
#include "run/run.h"
#include "scenario/cell_choice.h"
#include "scenario/distribution.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#define CELLS_PROBED_MAX 64u /* examined cells in which trials with parameters of their own are derived as well */
#define CELLS_ASKED_MAX 64u  /* the most cells whose steps the estimate is about, spread evenly over a larger grid */
#define PILOT_TRIALS 10000u  /* trials of the first pilot over all cells; slow scenarios fly a few thousand a second */
#define PILOT_SECONDS 0.5    /* a pilot of this length tells the speed, s */
#define PILOTS_MAX 6         /* number of pilots; each has at most PILOT_GROWTH times the trials of the one before */
#define PILOT_GROWTH 8.0
#define PILOT_CELLS 20000.0         /* cells of a pilot over a part of a grid that has more than twice as many */
#define PILOT_CELLS_ADAPTIVE 4000.0 /* the same for a run to a precision, whose cells need more trials */
#define WHOLE_SECONDS 1.5           /* an adaptive run that is estimated to be shorter is flown whole, s */
#define FILTER_STEPS 1.5            /* a Kalman filter gets a warning if it needs so many times the steps of run.step */
#define RADOME_TAIL 0.001           /* share of the distribution of the radome slope that is left out at either end */
#define NOISE_SHARE 0.5  /* noise gets a warning if its part of the command reaches this share of the limit */
#define BUDGET_STEPS 2.0 /* a divert budget gets a warning if run.step is longer than so many default steps */

static void check_cells(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++) {
        const uint64_t cell = zem_cell_examined(scenario, i);
        struct cell_parameters parameters;
        struct zem_error error = {0};
        char name[256], path[96] = "engagement";
        enum zem_key culprit = ZEM_KEY_COUNT;
        const bool probed =
            scenario->resolution.by_trial && zem_cell_is_spread(i, zem_cell_examined_count(scenario), CELLS_PROBED_MAX);
        if (zem_cell_derive(scenario, cell, &parameters, &error) == 0
            && (!probed || zem_trial_probe(scenario, cell, &culprit, &error) == 0))
            continue;
        zem_cell_name(scenario, cell, name, sizeof name);
        if (culprit != ZEM_KEY_COUNT)
            zem_key_path(culprit, path, sizeof path);
        const struct zem_value *place = &scenario->value[culprit != ZEM_KEY_COUNT ? culprit : ZEM_KEY_FLIGHT_TIME];
        zem_diagnostics_add(diagnostics, ZEM_MISTAKE, place->line, place->column, path, "%s: %s", name, error.message);
        return; /* other cells would very likely repeat the message */
    }
}

/* Returns the standard deviation of the command in one channel that noise alone makes, in units of the acceleration
 * limit, or 0 where zem_cell_noise_at_limit is 0. The measured sight rate passes through s/((1 + T1 s)(1 + T2 s)), and
 * white noise of the two-sided density P comes out with the variance P/(2 T1 T2 (T1 + T2)) (Newton, Gould and Kaiser,
 * Analytical Design of Linear Feedback Controls, 1957, appendix E). */
static double noise_in_command(const struct zem_value *value)
{
    const double density = zem_cell_noise_at_limit(value, ZEM_DECISIVE_SUMS), tracker = value[ZEM_KEY_SEEKER_LAG].first,
                 filter = value[ZEM_KEY_FILTER_LAG].first;
    return density > 0.0 ? sqrt(density / (2.0 * tracker * filter * (tracker + filter))) : 0.0;
}

/* Warns once if noise takes the command to its limit by itself: white noise that no filter has smoothed, or filtered
 * noise that is strong while it decides the miss. The shorter the step, the more of the noise the limit cuts off, so
 * results depend on the step. */
static void check_noise_at_limit(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const struct zem_value *place = &scenario->value[ZEM_KEY_FILTER_LAG];
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++) {
        const uint64_t cell = zem_cell_examined(scenario, i);
        struct zem_value value[ZEM_KEY_COUNT];
        char name[256];
        zem_grid_values(scenario, cell, value);
        const double share = noise_in_command(value), limit = value[ZEM_KEY_ACCELERATION_LIMIT].first;
        if (zem_cell_limits_white_noise(zem_cell_features(value)))
            zem_diagnostics_add(
                diagnostics, ZEM_WARNING, place->line, place->column, "interceptor.filter_lag",
                "is 0, so white seeker noise meets the limit of the command: the shorter the step the more of it is "
                "cut, and results depend on run.step and run.step_ratio. Give a filter lag, such as \"0.1 s\"");
        else if (share >= NOISE_SHARE)
            zem_diagnostics_add(
                diagnostics, ZEM_WARNING, place->line, place->column, "interceptor.filter_lag",
                "%s: lets through so much seeker noise that noise alone commands %.3g m/s2 in each channel (standard "
                "deviation, where it begins to decide the miss), and the limit is %.3g m/s2: what the limit cuts off "
                "depends on run.step and run.step_ratio. Take a longer filter lag, or compare with run.step halved",
                zem_cell_name(scenario, cell, name, sizeof name), share * limit, limit);
        else
            continue;
        return;
    }
}

/* The smallest and the largest radome slope of a cell, without the share RADOME_TAIL of its distribution at either
 * end. */
static void radome_slopes(const struct zem_scenario *scenario, uint64_t cell, double slope[2])
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_distributions(scenario, cell, value);
    zem_resolution_apply(scenario, value, NULL, NULL);
    slope[0] = zem_distribution_from_uniform(&value[ZEM_KEY_RADOME_SLOPE], RADOME_TAIL);
    slope[1] = zem_distribution_from_uniform(&value[ZEM_KEY_RADOME_SLOPE], 1.0 - RADOME_TAIL);
}

/* Warns once of a radome slope that by itself makes the guidance loop unstable. */
static void check_radome(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++) {
        const uint64_t cell = zem_cell_examined(scenario, i);
        struct zem_value value[ZEM_KEY_COUNT];
        struct cell_parameters p;
        struct zem_error ignored = {0};
        char name[256];
        double slope[2], limit = 0.0;
        radome_slopes(scenario, cell, slope);
        zem_grid_values(scenario, cell, value);
        if (!(fabs(slope[0]) > 0.0 || fabs(slope[1]) > 0.0) || zem_key_in(zem_keys_idle(value), ZEM_KEY_RADOME_SLOPE)
            || zem_cell_derive(scenario, cell, &p, &ignored) != 0 || (p.features & ZEM_FEATURE_GUIDANCE) == 0)
            continue;
        const double range =
            hypot(hypot((double)p.position_high[0], (double)p.position_high[1]), (double)p.position_high[2]);
        const double closing_speed =
            p.features & ZEM_FEATURE_POINT_MASS ? range / (double)p.flight_time : (double)p.closing_speed;
        for (int end = 0; end < 2 && limit == 0.0; end++) {
            value[ZEM_KEY_RADOME_SLOPE].first = slope[end];
            limit = zem_causes_radome_limit(value, closing_speed);
        }
        if (limit == 0.0)
            continue;
        zem_diagnostics_add(diagnostics, ZEM_WARNING, scenario->value[ZEM_KEY_RADOME_SLOPE].line,
                            scenario->value[ZEM_KEY_RADOME_SLOPE].column, "seeker.radome_slope",
                            "%s: the guidance loop is unstable from a slope of %.4g on: the interceptor's own pitching "
                            "feeds its command, which grows during the flight; take a smaller slope or gain, or longer "
                            "lags",
                            zem_cell_name(scenario, cell, name, sizeof name), limit);
        return;
    }
}

/* Warns once if run.step is long in a case that is known to be hard: a divert budget that is spent within a step, or a
 * Kalman filter whose estimate moves within a step. Without run.step the steps adapt to both. */
static void check_step(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const struct zem_value *step = &scenario->value[ZEM_KEY_STEP];
    for (uint64_t i = 0; i < zem_cell_examined_count(scenario); i++) {
        const uint64_t cell = zem_cell_examined(scenario, i);
        struct zem_value value[ZEM_KEY_COUNT];
        struct cell_parameters parameters;
        struct zem_error error = {0};
        zem_grid_values(scenario, cell, value);
        if (!value[ZEM_KEY_STEP].present || zem_cell_derive(scenario, cell, &parameters, &error) != 0)
            continue;
        const double usual = zem_cell_default_step(value), filter = zem_cell_filter_steps(&parameters);
        if (filter >= FILTER_STEPS)
            zem_diagnostics_add(diagnostics, ZEM_WARNING, step->line, step->column, "run.step",
                                "is long for the Kalman filter, whose estimates move within a step: steps that follow "
                                "the filter are %.2g times as many. Leave out run.step, and zem chooses such steps",
                                filter);
        else if ((parameters.features & ZEM_FEATURE_DIVERT_LIMIT) && value[ZEM_KEY_STEP].first > BUDGET_STEPS * usual)
            zem_diagnostics_add(diagnostics, ZEM_WARNING, step->line, step->column, "run.step",
                                "is long for a divert budget, which is spent within some step: the default is %.2g s. "
                                "Leave it out, or see what zem converge says",
                                usual);
        else
            continue;
        return;
    }
}

static void check_memory(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    const uint64_t memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
    if (zem_result_bytes(scenario) > 0.5 * (double)memory)
        zem_diagnostics_add(
            diagnostics, ZEM_MISTAKE, 0, 0, "sweep",
            "%" PRIu64
            " cells need %.1f GB for their results, more than half of this machine's memory: take fewer points",
            zem_grid_cells(scenario), 1e-9 * zem_result_bytes(scenario));
}

int zem_run_check(const struct zem_scenario *scenario, struct zem_diagnostics *diagnostics)
{
    const size_t before = diagnostics->mistakes;
    check_memory(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_cells(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_noise_at_limit(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_radome(scenario, diagnostics);
    if (diagnostics->mistakes == before)
        check_step(scenario, diagnostics);
    return diagnostics->mistakes == before ? ZEM_OK : ZEM_BAD_INPUT;
}

/* Extends the range from range[0] to range[1] so that it contains `value`. */
static void extend(double range[2], double value)
{
    range[0] = fmin(range[0], value);
    range[1] = fmax(range[1], value);
}

/* Fills what follows from the scenario alone: cells, bytes, steps of a trial, and the largest number of trials. */
static void estimate_size(const struct zem_scenario *scenario, struct zem_run_estimate *estimate)
{
    const uint64_t cells = zem_grid_cells(scenario);
    double steps = 0.0, tabulated = 0.0;
    *estimate = (struct zem_run_estimate){.cells = cells,
                                          .file_bytes = (uint64_t)zem_file_bytes(scenario),
                                          .step = {INFINITY, 0.0},
                                          .step_ratio = {INFINITY, 0.0},
                                          .seconds = NAN};
    for (uint64_t cell = 0; cell < cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        struct zem_error ignored = {0};
        zem_grid_values(scenario, cell, value);
        estimate->trials_most += (double)value[ZEM_KEY_TRIALS].integer;
        estimate->adaptive = estimate->adaptive || value[ZEM_KEY_PRECISION].present;
        struct cell_parameters parameters;
        if (!zem_cell_is_spread(cell, cells, CELLS_ASKED_MAX)
            || zem_cell_derive(scenario, cell, &parameters, &ignored) != 0)
            continue;
        steps += parameters.schedule_steps > 0 ? (double)parameters.schedule_steps
                                               : (double)(parameters.flight_time / parameters.step);
        tabulated += (double)parameters.schedule_steps;
        estimate->cells_sampled++;
        extend(estimate->step, (double)parameters.step);
        extend(estimate->step_ratio, 1.0 / (double)parameters.inverse_step_ratio);
    }
    estimate->steps_per_trial = estimate->cells_sampled > 0 ? steps / (double)estimate->cells_sampled : NAN;
    estimate->memory_bytes =
        (uint64_t)zem_memory_bytes(scenario, tabulated / fmax((double)estimate->cells_sampled, 1.0));
    estimate->trials = estimate->trials_most;
}

/* A short run that is flown for the estimate: its trials, its elapsed time in s, and the trials that its totals
 * forecast for the grid that it flies, which may be a part of the whole. */
struct pilot {
    double trials, seconds, planned;
    double busy;      /* the time in which the busiest device flew, s */
    uint64_t missing; /* cells that need more than run.trials to reach their precision */
};

/* Flies up to `limit` trials of every cell in one round, so that the time is that of the trials and not of rounds. */
static int fly_pilot(const struct zem_scenario *scenario, const struct zem_run_options *options, double limit,
                     struct pilot *pilot, struct zem_error *error)
{
    struct zem_run_options short_run = *options;
    struct zem_precision precision = {0};
    struct zem_result result;
    int status = zem_result_init(&result, scenario, error);
    if (status != ZEM_OK)
        return status;
    uint64_t *trials = calloc(result.cells, sizeof *trials);
    result.interval_method = options->interval_method;
    *pilot = (struct pilot){0};
    status = trials != NULL ? zem_precision_init(&precision, &result, error)
                            : zem_error_set(error, ZEM_INTERNAL, "no memory for the trials of every cell");
    for (uint64_t cell = 0; status == ZEM_OK && cell < result.cells; cell++) {
        trials[cell] = (double)precision.bound[cell] < limit ? precision.bound[cell] : (uint64_t)limit;
        pilot->trials += (double)trials[cell];
    }
    short_run.cell_trials = trials;
    short_run.progress = NULL;
    if (status == ZEM_OK)
        status = zem_run(scenario, &short_run, &result, error);
    pilot->seconds = result.provenance.wall_seconds;
    pilot->busy = result.provenance.kernel_seconds;
    if (status == ZEM_OK)
        pilot->planned = zem_precision_forecast(&precision, &result, &pilot->missing);
    free(trials);
    zem_precision_free(&precision);
    zem_result_free(&result);
    return status;
}

/* Flies the whole run with its rounds, and replaces the estimate by the time and the trials that it took. In a short
 * run the rounds cost as much as the trials. */
static int fly_whole(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error)
{
    struct zem_run_options whole = *options;
    struct zem_precision_missed missed = {0};
    struct zem_result result;
    int status = zem_result_init(&result, scenario, error);
    if (status != ZEM_OK)
        return status;
    result.interval_method = options->interval_method;
    whole.progress = NULL;
    status = zem_run(scenario, &whole, &result, error);
    if (status == ZEM_OK)
        status = zem_precision_find_missed(&result, &missed, error);
    if (status == ZEM_OK) {
        estimate->seconds = result.provenance.wall_seconds;
        estimate->cells_missing = missed.cells;
        estimate->trials = 0.0;
        for (uint64_t cell = 0; cell < result.cells; cell++)
            estimate->trials += (double)zem_result_word(&result, cell, ZEM_TALLY_TRIALS);
    }
    zem_result_free(&result);
    return status;
}

/* The number of cells if no axis has more than `longest` points. */
static double cells_up_to(const struct zem_scenario *scenario, size_t longest)
{
    double cells = 1.0;
    for (size_t i = 0; i < scenario->axis_count; i++)
        cells *= (double)(scenario->axis[i].points < longest ? scenario->axis[i].points : longest);
    return cells;
}

/* Copies a scenario and shortens its longest axes, so that it has at most `most` cells, but keeps two points of each
 * axis even if that makes more cells. A point that stays is in the middle of a stretch of the axis, and all stretches
 * have the same length, so that the mean over the cells that stay is near that over all cells. The copy shares all
 * memory with the scenario but the values of its axes, which thinned_free frees. */
static int thinned_init(struct zem_scenario *thinned, const struct zem_scenario *scenario, double most,
                        struct zem_error *error)
{
    size_t longest = 2, beyond = (size_t)most + 1; /* points of an axis: longest fits, beyond may not */
    bool complete = true;
    while (beyond - longest > 1) {
        const size_t middle = longest + (beyond - longest) / 2;
        if (cells_up_to(scenario, middle) <= most)
            longest = middle;
        else
            beyond = middle;
    }
    *thinned = *scenario;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const size_t points = scenario->axis[i].points;
        struct zem_axis *axis = &thinned->axis[i];
        axis->points = points < longest ? points : longest;
        axis->values = malloc(axis->points * sizeof *axis->values);
        complete = complete && axis->values != NULL;
        for (size_t k = 0; axis->values != NULL && k < axis->points; k++)
            axis->values[k] = scenario->axis[i].values[(2 * k + 1) * points / (2 * axis->points)];
    }
    return complete ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for a smaller grid");
}

static void thinned_free(struct zem_scenario *thinned)
{
    for (size_t i = 0; i < thinned->axis_count; i++)
        free(thinned->axis[i].values);
}

/* Flies pilots with more and more trials, until one is long enough to tell the speed, or has all trials of its grid, or
 * PILOTS_MAX are flown. */
static int fly_pilots(const struct zem_scenario *scenario, const struct zem_run_options *options, struct pilot *pilot,
                      struct zem_error *error)
{
    double limit = (double)PILOT_TRIALS / (double)zem_grid_cells(scenario) + 1.0;
    int status = ZEM_OK;
    for (int k = 0; status == ZEM_OK && k < PILOTS_MAX; k++) {
        const struct pilot before = *pilot;
        status = fly_pilot(scenario, options, limit, pilot, error);
        if (pilot->seconds >= PILOT_SECONDS || pilot->trials >= pilot->planned || pilot->trials <= before.trials)
            break;
        limit *= fmin(fmax(1.5 * PILOT_SECONDS / pilot->seconds, 2.0), PILOT_GROWTH);
    }
    return status;
}

/* Flies one trial in each of the fewest cells, for the time that opening the devices takes. It is flown twice, because
 * a driver may compile kernels at first, and keeps them. */
static int fly_start(const struct zem_scenario *scenario, const struct zem_run_options *options, struct pilot *start,
                     struct zem_error *error)
{
    struct zem_scenario fewest;
    int status = thinned_init(&fewest, scenario, 1.0, error);
    for (int k = 0; status == ZEM_OK && k < 2; k++)
        status = fly_pilot(&fewest, options, 1.0, start, error);
    thinned_free(&fewest);
    return status;
}

/* Flies pilots over at most `cells` cells of a large grid. `share` gets their share of all cells. */
static int fly_part(const struct zem_scenario *scenario, const struct zem_run_options *options, double cells,
                    struct pilot *pilot, double *share, struct zem_error *error)
{
    struct zem_scenario part;
    int status = thinned_init(&part, scenario, cells, error);
    if (status == ZEM_OK)
        status = fly_pilots(&part, options, pilot, error);
    *share = (double)zem_grid_cells(&part) / (double)zem_grid_cells(scenario);
    thinned_free(&part);
    return status;
}

int zem_run_estimate(const struct zem_scenario *scenario, const struct zem_run_options *options,
                     struct zem_run_estimate *estimate, struct zem_error *error)
{
    struct pilot start = {0}, pilot = {0};
    double share = 1.0;
    estimate_size(scenario, estimate);
    const double cells = estimate->adaptive ? PILOT_CELLS_ADAPTIVE : PILOT_CELLS;
    const bool large = (double)estimate->cells > 2.0 * cells;
    int status = large ? fly_start(scenario, options, &start, error) : ZEM_OK;
    if (status == ZEM_OK)
        status = large ? fly_part(scenario, options, cells, &pilot, &share, error)
                       : fly_pilots(scenario, options, &pilot, error);
    if (status != ZEM_OK)
        return status;
    estimate->trials = estimate->adaptive ? round(pilot.planned / share) : estimate->trials_most;
    estimate->cells_missing = (uint64_t)((double)pilot.missing / share);
    /* The time in which no device was busy grows with the cells and not with the trials, so only the busy time is
     * scaled up with the trials. If the host derives every trial, its time grows with the trials too. */
    const double flying = scenario->resolution.by_trial ? pilot.seconds : pilot.busy;
    const double growing = fmax(pilot.seconds - start.seconds, pilot.busy);
    estimate->seconds =
        pilot.seconds - growing + growing / share + flying / pilot.trials * (estimate->trials - pilot.trials / share);
    return estimate->adaptive && estimate->seconds < WHOLE_SECONDS ? fly_whole(scenario, options, estimate, error)
                                                                   : ZEM_OK;
}
