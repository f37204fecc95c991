/* Studies the cells one after another: finds their sources, flies the trials, and estimates the indices of every
 * output. Several threads divide the outputs of a cell among them. */
#include "study/sensitivity.h"

#include "base/clock.h"
#include "base/parallel.h"
#include "cell/cell.h"
#include "result/sample_size.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "study/chance_source.h"
#include "study/exchange_flight.h"
#include "study/linear_budget.h"
#include "study/linear_response.h"
#include "study/sobol.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { VALUE, LOWER, UPPER, LIMITS };

/* ---- indices into the arrays ---- */

size_t zem_sensitivity_width(const struct zem_sensitivity *s, int output)
{
    return output == ZEM_SENSITIVITY_HIT ? s->scenario->radius_count : 1;
}

size_t zem_sensitivity_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which)
{
    return (size_t)cell * zem_sensitivity_width(s, output) + which;
}

size_t zem_sensitivity_source_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which,
                                 size_t source)
{
    return ((size_t)cell * s->sources + source) * zem_sensitivity_width(s, output) + which;
}

static void put(double *const series[LIMITS], size_t at, struct zem_sobol_estimate estimate)
{
    series[VALUE][at] = estimate.value;
    series[LOWER][at] = estimate.lower;
    series[UPPER][at] = estimate.upper;
}

static struct zem_sobol_estimate exactly(double value) { return (struct zem_sobol_estimate){value, value, value}; }

/* ---- one cell ---- */

/* The cell that is being studied. */
struct cell_study {
    struct zem_sensitivity *s;
    uint64_t at; /* number of the cell, counted from the first cell that is studied */
    struct cell_parameters cell;
    double confidence;
    uint32_t varying, acting;
    zem_key_set drawn;                 /* keys that the host draws */
    unsigned source[ZEM_CHANCE_LIMIT]; /* the sources that vary in this cell, as in chance_source.h */
    size_t sources;
    struct zem_exchange_flights flights;
    struct zem_linear_budget budget;
    bool exact;
    atomic_int lost; /* there was no memory for an estimate */
};

static int cell_begin(struct cell_study *c, struct zem_sensitivity *s, uint64_t at, struct zem_error *error)
{
    struct zem_value value[ZEM_KEY_COUNT];
    *c = (struct cell_study){.s = s, .at = at};
    const int status = zem_cell_derive(s->scenario, s->first_cell + at, &c->cell, error);
    if (status != ZEM_OK)
        return status;
    zem_grid_values(s->scenario, s->first_cell + at, value);
    c->confidence = value[ZEM_KEY_CONFIDENCE].first;
    c->varying = zem_chance_sources(value, &c->cell);
    c->acting = zem_chance_quantities(value);
    c->drawn = zem_chance_keys(s->scenario);
    for (unsigned k = 0; k < ZEM_CHANCE_LIMIT; k++)
        if (k < ZEM_SOURCE_COUNT ? c->varying >> k & 1u : c->drawn >> (k - ZEM_SOURCE_COUNT) & 1u)
            c->source[c->sources++] = k;
    return ZEM_OK;
}

/* Returns whether every flight of a trial has a miss distance. */
static bool is_complete(const struct zem_exchange_flights *flights, size_t trial)
{
    for (size_t flight = 0; flight < flights->flown; flight++)
        if (zem_exchange_end(flights, flight, trial)->outcome != ZEM_OUTCOME_PASSED)
            return false;
    return true;
}

static void count_outcomes(const struct cell_study *c)
{
    struct zem_sensitivity *s = c->s;
    s->trials[c->at] = c->flights.trials;
    for (size_t j = 0; j < c->flights.trials; j++) {
        s->outcomes[c->at * ZEM_OUTCOME_COUNT + zem_exchange_end(&c->flights, 0, j)->outcome]++;
        s->complete[c->at] += is_complete(&c->flights, j);
    }
}

/* ---- estimates ---- */

/* Writes one output of one flight of every trial into `numbers`. Except for a hit, it leaves out the trials of which
 * some flight has no miss distance. Returns the number of trials written. */
static size_t take_output(const struct cell_study *c, int output, size_t which, size_t flight, double *numbers)
{
    const double radius = (double)c->cell.radius[which];
    size_t count = 0;
    for (size_t j = 0; j < c->flights.trials; j++) {
        const struct zem_exchange_end *end = zem_exchange_end(&c->flights, flight, j);
        if (output == ZEM_SENSITIVITY_HIT)
            numbers[count++] = end->outcome == ZEM_OUTCOME_PASSED && (double)end->scored < radius ? 1.0 : 0.0;
        else if (!is_complete(&c->flights, j))
            continue;
        else if (output == ZEM_SENSITIVITY_MISS)
            numbers[count++] = (double)end->miss;
        else {
            numbers[2 * count] = (double)end->place[0];
            numbers[2 * count + 1] = (double)end->place[1];
            count++;
        }
    }
    return count;
}

/* Writes the estimates of an output into the arrays of its zem_sensitivity_series. Sources that do not vary in this
 * cell get shares of 0. */
static void keep_indices(const struct cell_study *c, int output, size_t which, const struct zem_sobol_indices *indices)
{
    struct zem_sensitivity *s = c->s;
    const struct zem_sensitivity_series *series = &s->series[output];
    const size_t at = zem_sensitivity_at(s, output, c->at, which);
    const struct zem_sobol_estimate none = exactly(indices->variance.value > 0.0 ? 0.0 : (double)NAN);
    size_t i = 0;
    put(series->mean, at, indices->mean);
    put(series->variance, at, indices->variance);
    put(series->interactions, at, indices->interactions);
    for (size_t k = 0; k < s->sources; k++) {
        const size_t place = zem_sensitivity_source_at(s, output, c->at, which, k);
        const bool varies = i < c->sources && c->source[i] == s->source[k];
        put(series->first, place, varies ? indices->first[i] : none);
        put(series->total, place, varies ? indices->total[i] : none);
        i += varies;
    }
}

/* Corrects the shares of a single source: it has all of the variance. */
static void set_single(const struct cell_study *c, struct zem_sobol_indices *indices)
{
    if (c->sources == 1 && indices->variance.value > 0.0) {
        indices->first[0] = indices->total[0] = exactly(1.0);
        indices->interactions = exactly(0.0);
    }
}

static int estimate(const struct cell_study *c, int output, size_t which)
{
    const size_t components = output == ZEM_SENSITIVITY_END ? 2 : 1, length = components * c->flights.trials;
    struct zem_sobol_estimate first[ZEM_CHANCE_LIMIT] = {{0}}, total[ZEM_CHANCE_LIMIT] = {{0}};
    struct zem_sobol_indices indices = {.first = first, .total = total};
    const double *exchanged[ZEM_CHANCE_LIMIT + 1];
    struct zem_error error = {0};
    double *numbers = calloc(c->flights.flown * length + 1, sizeof *numbers);
    if (numbers == NULL)
        return ZEM_INTERNAL;
    struct zem_sobol_sample sample = {.components = components,
                                      .own = numbers,
                                      .sources = c->sources,
                                      .exchanged = exchanged,
                                      .counted = output == ZEM_SENSITIVITY_HIT,
                                      .confidence = c->confidence};
    for (size_t flight = 0; flight < c->flights.flown; flight++)
        sample.trials = take_output(c, output, which, flight, numbers + flight * length);
    sample.partner = numbers + (c->flights.flown > 1 ? length : 0);
    for (size_t i = 0; i < c->sources; i++)
        exchanged[i] = c->sources == 1 ? sample.partner : numbers + (2 + i) * length;
    const int status = zem_sobol_estimate(&sample, &indices, &error);
    set_single(c, &indices);
    if (status == ZEM_OK)
        keep_indices(c, output, which, &indices);
    free(numbers);
    return status;
}

/* Estimates a range of outputs: task 0 is the miss vector, task 1 the miss distance, and every further task a hit
 * radius. */
static void estimate_range(void *context, size_t first, size_t last)
{
    struct cell_study *c = context;
    for (size_t task = first; task < last; task++) {
        const int output = task < ZEM_SENSITIVITY_HIT ? (int)task : ZEM_SENSITIVITY_HIT;
        const bool known =
            output == ZEM_SENSITIVITY_END && (c->exact || (c->cell.features & ZEM_FEATURE_POINT_MASS) != 0);
        if (!known && estimate(c, output, task - (size_t)output) != ZEM_OK)
            c->lost = 1;
    }
}

/* ---- the exact budget ---- */

static void keep_budget(const struct cell_study *c)
{
    struct zem_sensitivity *s = c->s;
    const struct zem_linear_budget *b = &c->budget;
    const struct zem_sensitivity_series *series = &s->series[ZEM_SENSITIVITY_END];
    const size_t at = zem_sensitivity_at(s, ZEM_SENSITIVITY_END, c->at, 0);
    const bool varies = b->variance > 0.0 && c->sources > 0;
    double sum = 0.0;
    s->exact[c->at] = 1;
    s->mean_square[c->at] = b->variance + creal(b->mean) * creal(b->mean) + cimag(b->mean) * cimag(b->mean);
    for (size_t k = 0; k < s->sources; k++) {
        const unsigned source = s->source[k];
        const struct zem_linear_part *part = &b->part[source];
        const size_t place = zem_sensitivity_source_at(s, ZEM_SENSITIVITY_END, c->at, 0, k);
        const bool own = (c->varying >> source & 1u) != 0;
        const double first = own ? fmax(part->first, 0.0) : 0.0, total = own ? fmax(part->total, 0.0) : 0.0;
        put(series->first, place, exactly(varies ? first / b->variance : (double)NAN));
        put(series->total, place, exactly(varies ? total / b->variance : (double)NAN));
        s->bias[0][c->at * s->sources + k] = creal(part->mean);
        s->bias[1][c->at * s->sources + k] = cimag(part->mean);
        sum += first;
    }
    put(series->variance, at, exactly(c->sources > 0 ? b->variance : 0.0));
    put(series->interactions, at, exactly(varies ? fmax(1.0 - sum / b->variance, 0.0) : (double)NAN));
}

/* ---- the grid ---- */

/* The progress of a study: the number of flights that are done, and of all flights. */
struct report {
    struct zem_sensitivity *s;
    uint64_t done, all;
    double start;
};

static void report_flights(void *context, uint64_t flights)
{
    struct report *report = context;
    report->done += flights;
    if (report->s->options.progress != NULL)
        report->s->options.progress(report->s->options.context, report->done < report->all ? report->done : report->all,
                                    report->all, zem_clock_now() - report->start);
}

static int study_cell(struct report *report, uint64_t at, struct zem_error *error)
{
    struct zem_sensitivity *s = report->s;
    struct cell_study c;
    int status = cell_begin(&c, s, at, error);
    if (status == ZEM_OK && !s->scenario->resolution.by_trial) {
        const int linear = zem_linear_budget_find(&c.cell, c.acting, s->options.threads, &c.budget, error);
        c.exact = linear == ZEM_OK;
        status = linear < 0 ? linear : ZEM_OK;
    }
    if (status == ZEM_OK)
        status = zem_exchange_flights_fly(s->scenario, s->first_cell + at, &c.cell, c.source, c.sources,
                                          (size_t)s->options.trials, s->options.threads, report_flights, report,
                                          &c.flights, error);
    if (status == ZEM_OK) {
        count_outcomes(&c);
        zem_parallel_for(2 + s->scenario->radius_count, 1, s->options.threads, estimate_range, &c);
        if (c.lost)
            status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the estimates of a cell");
    }
    if (status == ZEM_OK && c.exact)
        keep_budget(&c);
    zem_exchange_flights_free(&c.flights);
    return status;
}

/* Finds the sources that vary in some cell, or that shift the miss vector in a cell whose budget may be exact. Counts
 * the flights of all cells in `flights`, and the sources of the cell with most of them in `most`. */
static int find_sources(struct zem_sensitivity *s, uint64_t *flights, size_t *most, struct zem_error *error)
{
    const bool by_trial = s->scenario->resolution.by_trial;
    const zem_key_set drawn = zem_chance_keys(s->scenario);
    uint32_t set = 0;
    *flights = *most = 0;
    for (uint64_t at = 0; at < s->cells; at++) {
        struct cell_study c;
        const int status = cell_begin(&c, s, at, error);
        if (status != ZEM_OK)
            return status;
        set |= c.varying;
        for (unsigned k = 0; !by_trial && zem_linear_response_applies(&c.cell) && k < ZEM_VARIED_COUNT; k++)
            if ((c.acting >> k & 1u) && c.cell.varied[k].base != 0.0f
                && (k >= ZEM_VARIED_TARGET_COUNT || k == ZEM_VARIED_ACCELERATION))
                set |= 1u << k; /* a constant that is not 0 shifts the miss vector */
        *flights += zem_exchange_flown(c.sources) * s->options.trials;
        *most = c.sources > *most ? c.sources : *most;
    }
    for (unsigned k = 0; k < ZEM_CHANCE_LIMIT; k++)
        if (k < ZEM_SOURCE_COUNT ? set >> k & 1u : drawn >> (k - ZEM_SOURCE_COUNT) & 1u)
            s->source[s->sources++] = k;
    return s->sources > 0 ? ZEM_OK
                          : zem_error_set(error, ZEM_BAD_INPUT,
                                          "%s: nothing varies from trial to trial, so that nothing has a share: give a "
                                          "key {mean: , sigma: } or {from: , to: }, or the seeker noise",
                                          s->scenario->name);
}

/* ---- memory ---- */

static int check_memory(const struct zem_sensitivity *s, size_t most, struct zem_error *error)
{
    const double limit = (double)zem_samples_bytes_limit(), outputs = (double)s->scenario->radius_count + 2.0;
    const double team = s->options.threads > 0 ? s->options.threads : zem_processors(),
                 together =
                     fmin(team, outputs) + 1.0; /* outputs that are estimated at a time; the miss vector counts twice */
    const double each = (double)zem_exchange_flown(most)
                        * ((double)sizeof(struct zem_exchange_end) + together * (double)sizeof(double)),
                 flights = each * (double)s->options.trials;
    const double estimates = (double)s->cells * outputs * (9.0 + 6.0 * (double)s->sources) * (double)sizeof(double);
    if (estimates > limit)
        return zem_error_set(error, ZEM_USAGE,
                             "the estimates of %" PRIu64
                             " cells take %.1f GB of memory, and the limit here is %.1f GB: "
                             "study single cells by --cell",
                             s->cells, 1e-9 * estimates, 1e-9 * limit);
    if (flights > limit)
        return zem_error_set(error, ZEM_USAGE,
                             "--trials: the flights of %" PRIu64
                             " trials take %.1f GB of memory, and the limit here is "
                             "%.1f GB: take --trials %.0f or fewer",
                             s->options.trials, 1e-9 * flights, 1e-9 * limit, floor(limit / each));
    return ZEM_OK;
}

static void share_out(double *series[LIMITS], size_t length, double **next)
{
    for (int k = 0; k < LIMITS; k++) {
        series[k] = *next;
        *next += length;
    }
}

static bool allocate(struct zem_sensitivity *s)
{
    const size_t cells = (size_t)s->cells, outputs = s->scenario->radius_count + 2;
    const size_t length = cells * (outputs * LIMITS * (3 + 2 * s->sources) + 2 * s->sources + 1);
    s->memory = malloc((length + 1) * sizeof *s->memory);
    s->counts = calloc(cells * (3 + ZEM_OUTCOME_COUNT) + 1, sizeof *s->counts);
    if (s->memory == NULL || s->counts == NULL)
        return false;
    for (size_t k = 0; k < length; k++)
        s->memory[k] = (double)NAN;
    double *next = s->memory;
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++) {
        struct zem_sensitivity_series *series = &s->series[output];
        const size_t plain = cells * zem_sensitivity_width(s, output);
        share_out(series->mean, plain, &next);
        share_out(series->variance, plain, &next);
        share_out(series->interactions, plain, &next);
        share_out(series->first, plain * s->sources, &next);
        share_out(series->total, plain * s->sources, &next);
    }
    s->bias[0] = next;
    s->bias[1] = next + cells * s->sources;
    s->mean_square = next + 2 * cells * s->sources;
    s->trials = s->counts;
    s->complete = s->trials + cells;
    s->exact = s->complete + cells;
    s->outcomes = s->exact + cells;
    return true;
}

int zem_sensitivity_find(const struct zem_scenario *scenario, const struct zem_sensitivity_options *options,
                         struct zem_sensitivity *s, struct zem_error *error)
{
    size_t most = 0;
    *s = (struct zem_sensitivity){.scenario = scenario, .options = *options};
    struct report report = {.s = s, .start = zem_clock_now()};
    s->cells = options->one_cell ? 1 : zem_grid_cells(scenario);
    s->first_cell = options->one_cell ? options->cell : 0;
    int status = find_sources(s, &report.all, &most, error);
    if (status == ZEM_OK)
        status = check_memory(s, most, error);
    if (status == ZEM_OK && !allocate(s))
        status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu64 " cells", s->cells);
    for (uint64_t at = 0; status == ZEM_OK && at < s->cells; at++)
        status = study_cell(&report, at, error);
    return status;
}

void zem_sensitivity_free(struct zem_sensitivity *s)
{
    free(s->memory);
    free(s->counts);
    *s = (struct zem_sensitivity){.scenario = NULL};
}

double zem_sensitivity_confidence(const struct zem_sensitivity *s)
{
    struct zem_value value[ZEM_KEY_COUNT];
    if (s->cells > 1 && zem_scenario_sweeps(s->scenario, ZEM_KEY_CONFIDENCE))
        return (double)NAN;
    zem_grid_values(s->scenario, s->first_cell, value);
    return value[ZEM_KEY_CONFIDENCE].first;
}
