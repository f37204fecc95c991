/* The flights of an ensemble. Threads fly the trials by run/replay.h, and each trial writes its values at the common
 * times to go into elements of its own. Then ensemble_statistics.h takes the values of a time to go in the order of the
 * trials, so that results do not depend on the number of threads. */
#include "study/ensemble.h"

#include "base/interruption.h"
#include "base/number.h"
#include "base/parallel.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "cell/trial_cell.h"
#include "result/sample_size.h"
#include "run/replay.h"
#include "scenario/grid.h"
#include "study/ensemble_statistics.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Trials that a thread takes at a time. */
#define GRAIN 16u

enum { VALUES = ZEM_ENSEMBLE_VALUES, SATURATED = ZEM_ENSEMBLE_SATURATED };

/* The flight of one trial, step by step. */
struct history {
    size_t steps, room;
    float (*value)[VALUES];
    /* Time since the start of homing, s, and time to go, s. In point-mass kinematics the time to go is an estimate
     * until the flight has ended. */
    double *time, *time_to_go;
    bool lost; /* there was no memory for a step */
};

/* What the threads share while they fly the trials of an ensemble. */
struct flights {
    struct zem_ensemble *ensemble;
    const struct cell_parameters *cell;
    const struct schedule_step *schedule;
    bool point_mass;
    float *column;          /* points x VALUES x trials, the trial fastest; NaN where a trial does not fly */
    uint32_t *ending;       /* enum zem_outcome of each trial */
    atomic_int lost;        /* there was no memory for a flight */
    pthread_mutex_t lock;   /* guards what follows */
    size_t failed;          /* first trial of the first range of trials with a failure */
    struct zem_error error; /* the failure */
};

static bool history_grow(struct history *history)
{
    const size_t room = history->room == 0 ? 1024 : 2 * history->room;
    void *value = realloc(history->value, room * sizeof *history->value);
    if (value != NULL)
        history->value = value;
    void *time = realloc(history->time, room * sizeof *history->time);
    if (time != NULL)
        history->time = time;
    void *time_to_go = realloc(history->time_to_go, room * sizeof *history->time_to_go);
    if (time_to_go != NULL)
        history->time_to_go = time_to_go;
    if (value == NULL || time == NULL || time_to_go == NULL)
        return false;
    history->room = room;
    return true;
}

static void history_free(struct history *history)
{
    free(history->value);
    free(history->time);
    free(history->time_to_go);
}

/* Records a step of the flight (context: struct history). Steps of the blind time are left out. */
static void keep_step(void *context, const struct zem_replay_step *step)
{
    struct history *history = context;
    if (step->blind || history->lost)
        return;
    if (history->steps == history->room && !history_grow(history)) {
        history->lost = true;
        return;
    }
    float *value = history->value[history->steps];
    const float arm = step->range * step->time_to_go; /* R tgo; lambda' R tgo is the zero-effort miss */
    for (int channel = 0; channel < 2; channel++) {
        value[2 * ZEM_ENSEMBLE_MISS + channel] = step->sight_rate[channel] * arm;
        value[2 * ZEM_ENSEMBLE_ACCELERATION + channel] = step->achieved[channel];
        value[2 * ZEM_ENSEMBLE_RATE + channel] = step->sight_rate[channel];
    }
    value[SATURATED] = step->saturated ? 1.0f : 0.0f;
    history->time[history->steps] = (double)step->time;
    history->time_to_go[history->steps] = (double)step->time_to_go;
    history->steps++;
}

/* Writes the values of trial `trial` at every time to go of the ensemble that lies between the starts of the trial's
 * first and last step. */
static void write_column(const struct flights *flights, const struct history *history, size_t trial)
{
    const struct zem_ensemble *ensemble = flights->ensemble;
    const size_t trials = (size_t)ensemble->options.trials;
    size_t step = 0;
    for (size_t point = 0; point < ensemble->points; point++) {
        const double wanted = ensemble->time_to_go[point];
        while (step + 1 < history->steps && history->time_to_go[step + 1] >= wanted)
            step++;
        const bool exact = step < history->steps && history->time_to_go[step] == wanted;
        if (!exact && (step + 1 >= history->steps || history->time_to_go[step] < wanted))
            continue;
        const size_t next = exact ? step : step + 1;
        const double span = history->time_to_go[step] - history->time_to_go[next],
                     part = exact ? 0 : (history->time_to_go[step] - wanted) / span;
        float *column = flights->column + point * VALUES * trials + trial;
        for (size_t i = 0; i < SATURATED; i++) {
            const double here = (double)history->value[step][i], there = (double)history->value[next][i];
            column[i * trials] = (float)(here + part * (there - here));
        }
        column[SATURATED * trials] = history->value[step][SATURATED];
    }
}

/* Flies a trial and writes its values. If the host draws values for each trial, `flown` gets the parameters of this
 * trial; otherwise it is not used. */
static int fly_trial(struct flights *flights, struct zem_trial_cell *flown, struct history *history, size_t trial,
                     struct zem_error *error)
{
    const struct zem_ensemble_options *options = &flights->ensemble->options;
    const bool apart = flights->ensemble->scenario->resolution.by_trial;
    const int status = apart ? zem_trial_cell_set(flown, options->first + trial, error) : ZEM_OK;
    if (status != ZEM_OK)
        return status;
    history->steps = 0;
    const struct zem_replay_end end =
        zem_replay_fly(apart ? &flown->parameters : flights->cell, apart ? flown->schedule : flights->schedule,
                       options->first + trial, options->shot, keep_step, history);
    flights->ending[trial] = end.outcome;
    if (end.outcome != ZEM_OUTCOME_PASSED)
        return ZEM_OK;
    for (size_t i = 0; flights->point_mass && i < history->steps; i++)
        history->time_to_go[i] = (double)end.flight_time - history->time[i];
    write_column(flights, history, trial);
    return ZEM_OK;
}

static void fly_range(void *context, size_t first, size_t last)
{
    struct flights *flights = context;
    const struct zem_ensemble *ensemble = flights->ensemble;
    struct zem_trial_cell flown = {.scenario = ensemble->scenario, .cell = ensemble->options.cell};
    struct history history = {0};
    struct zem_error error = {0};
    for (size_t trial = first; trial < last && !zem_interrupted && !history.lost && error.status == ZEM_OK; trial++)
        fly_trial(flights, &flown, &history, trial, &error);
    if (history.lost)
        flights->lost = 1;
    history_free(&history);
    zem_trial_cell_free(&flown);
    if (error.status == ZEM_OK)
        return;
    pthread_mutex_lock(&flights->lock);
    if (flights->error.status == ZEM_OK || first < flights->failed) {
        flights->failed = first;
        flights->error = error;
    }
    pthread_mutex_unlock(&flights->lock);
}

/* ---- the common times to go ---- */

/* Returns value `point` of `points` evenly spaced values from `from` to `to`. */
static double even(double from, double to, size_t point, size_t points)
{
    return from + (to - from) * (double)point / (double)(points - 1);
}

/* Linear kinematics: writes the times to go of the step starts that lie nearest to `wanted` evenly spaced times. Both
 * sequences decrease, so that one pass finds them. Returns how many there are. */
static size_t points_of_schedule(const struct flights *flights, size_t wanted, double *time_to_go)
{
    const size_t steps = flights->cell->schedule_steps;
    const double from = (double)flights->schedule[0].time_to_go[0],
                 to = (double)flights->schedule[steps - 1].time_to_go[0];
    size_t step = 0, points = 0;
    for (size_t point = 0; point < wanted; point++) {
        const double at = even(from, to, point, wanted);
        while (step + 1 < steps
               && fabs((double)flights->schedule[step + 1].time_to_go[0] - at)
                      <= fabs((double)flights->schedule[step].time_to_go[0] - at))
            step++;
        const double start = (double)flights->schedule[step].time_to_go[0];
        if (points == 0 || start < time_to_go[points - 1])
            time_to_go[points++] = start;
    }
    return points;
}

/* Point-mass kinematics: writes evenly spaced times to go, from the nominal flight time down to twice the blind time.
 * The last step of a flight begins later, so that values can be interpolated at all these times. Returns how many there
 * are. */
static size_t points_between(const struct cell_parameters *cell, size_t points, double *time_to_go)
{
    const double from = (double)cell->flight_time, to = fmin(2.0 * (double)cell->blind_time, 0.5 * from);
    for (size_t point = 0; point < points; point++)
        time_to_go[point] = even(from, to, point, points);
    return points;
}

/* ---- memory ---- */

/* Allocates one block of memory and gives every array of the statistics its part. Returns false without memory. */
static bool ensemble_allocate(struct zem_ensemble *ensemble)
{
    const size_t plain = ensemble->options.points * ZEM_ENSEMBLE_COMPONENTS, levels = plain * ZEM_ENSEMBLE_LEVELS;
    double *next = calloc(ensemble->options.points + ZEM_ENSEMBLE_QUANTITIES * (4 * plain + 3 * levels), sizeof *next);
    ensemble->memory = next;
    ensemble->trials = calloc(2 * ensemble->options.points, sizeof *ensemble->trials);
    if (next == NULL || ensemble->trials == NULL)
        return false;
    ensemble->saturated = ensemble->trials + ensemble->options.points;
    ensemble->time_to_go = next;
    next += ensemble->options.points;
    for (int q = 0; q < ZEM_ENSEMBLE_QUANTITIES; q++) {
        struct zem_ensemble_series *series = &ensemble->series[q];
        double **const arrays[] = {&series->mean,     &series->mean_error, &series->deviation, &series->deviation_error,
                                   &series->quantile, &series->lower,      &series->upper};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
            *arrays[i] = next;
            next += i < 4 ? plain : levels;
        }
    }
    return true;
}

static int no_memory(const struct zem_ensemble *ensemble, struct zem_error *error)
{
    return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu64 " time histories",
                         ensemble->options.trials);
}

static int check_options(const struct zem_scenario *scenario, const struct zem_ensemble_options *options,
                         struct zem_error *error)
{
    const uint64_t shots = scenario->value[ZEM_KEY_SHOTS].integer, limit = zem_samples_bytes_limit(),
                   bytes = options->trials * options->points * VALUES * sizeof(float);
    if (options->shot >= shots)
        return zem_error_set(error, ZEM_USAGE, "--shot %" PRIu32 ": the salvo has %" PRIu64 " shot%s, counted from 0",
                             options->shot, shots, zem_plural(shots));
    if (options->first + options->trials > UINT64_C(1) << 56)
        return zem_error_set(error, ZEM_USAGE, "--ensemble: trial %" PRIu64 " is the last that a cell can have",
                             (UINT64_C(1) << 56) - 1);
    if (bytes > limit)
        return zem_error_set(error, ZEM_USAGE,
                             "--ensemble: %" PRIu64 " trials at %zu times take %.1f GB of memory, and the limit here "
                             "is %.1f GB: take fewer trials or --points",
                             options->trials, options->points, 1e-9 * (double)bytes, 1e-9 * (double)limit);
    return ZEM_OK;
}

/* ---- the ensemble ---- */

static int fly_all(struct flights *flights, struct zem_error *error)
{
    struct zem_ensemble *ensemble = flights->ensemble;
    const struct zem_ensemble_options *options = &ensemble->options;
    const size_t trials = (size_t)options->trials, values = options->points * VALUES * trials;
    flights->column = malloc(values * sizeof *flights->column);
    flights->ending = calloc(trials, sizeof *flights->ending);
    if (flights->column == NULL || flights->ending == NULL)
        return no_memory(ensemble, error);
    ensemble->points = flights->point_mass ? points_between(flights->cell, options->points, ensemble->time_to_go)
                                           : points_of_schedule(flights, options->points, ensemble->time_to_go);
    for (size_t i = 0; i < values; i++)
        flights->column[i] = (float)NAN;
    pthread_mutex_init(&flights->lock, NULL);
    zem_parallel_for(trials, GRAIN, options->threads, fly_range, flights);
    pthread_mutex_destroy(&flights->lock);
    if (zem_interrupted)
        return zem_error_set(error, ZEM_STOPPED, "stopped by a signal, nothing was written");
    if (flights->lost)
        return no_memory(ensemble, error);
    if (flights->error.status != ZEM_OK) {
        *error = flights->error;
        return error->status;
    }
    for (size_t i = 0; i < trials; i++)
        ensemble->outcomes[flights->ending[i]]++;
    return zem_ensemble_statistics(ensemble, flights->column, error);
}

int zem_ensemble_fly(const struct zem_scenario *scenario, const struct zem_ensemble_options *options,
                     struct zem_ensemble *ensemble, struct zem_error *error)
{
    struct cell_parameters cell;
    struct zem_value value[ZEM_KEY_COUNT];
    *ensemble = (struct zem_ensemble){.scenario = scenario, .options = *options};
    int status = check_options(scenario, options, error);
    if (status == ZEM_OK)
        status = zem_cell_derive(scenario, options->cell, &cell, error);
    if (status != ZEM_OK)
        return status;
    zem_grid_values(scenario, options->cell, value);
    ensemble->confidence = value[ZEM_KEY_CONFIDENCE].first;
    struct schedule_step *schedule = calloc((size_t)cell.schedule_steps + 1, sizeof *schedule);
    struct flights flights = {.ensemble = ensemble,
                              .cell = &cell,
                              .schedule = schedule,
                              .point_mass = (cell.features & ZEM_FEATURE_POINT_MASS) != 0};
    if (schedule == NULL || !ensemble_allocate(ensemble))
        status = no_memory(ensemble, error);
    else {
        zem_schedule_fill(&cell, schedule);
        status = fly_all(&flights, error);
    }
    free(flights.column);
    free(flights.ending);
    free(schedule);
    return status;
}

void zem_ensemble_free(struct zem_ensemble *ensemble)
{
    free(ensemble->memory);
    free(ensemble->trials);
    *ensemble = (struct zem_ensemble){0};
}
