/* Finds the probability that a salvo kills, for every cell and hit radius, and applies the doctrines to this
 * probability. */
#include "study/doctrine_surface.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "result/cell_totals.h"
#include "result/sample_size.h"
#include "study/doctrine_shots.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* The probability that a salvo kills, its interval, and its value if the shots of a salvo were independent. */
struct kill {
    double value, lower, upper, independent; /* the last is NaN if a salvo has one shot */
};

/* Returns the number of salvos of a cell, each weighted by its probability of a kill relative to that of a salvo whose
 * shots all hit. `r` is the probability that an interceptor works. */
static double weighed_salvos(const struct zem_result *result, uint64_t cell, size_t radius, double r)
{
    const size_t shots = zem_shot_count(result);
    double sum = 0;
    if (shots == 1)
        return (double)zem_result_hits(result, cell, radius);
    for (size_t hits = 1; hits <= shots; hits++)
        sum += (double)zem_salvos_with_hits(result, cell, radius, hits) * (1 - pow(1 - r, (double)hits))
               / (1 - pow(1 - r, (double)shots));
    return sum;
}

static double independent_kill(const struct zem_result *result, uint64_t cell, size_t radius, double r)
{
    double survives = 1;
    for (size_t shot = 0; shot < zem_shot_count(result); shot++)
        survives *= 1 - r * (double)zem_shot_hits(result, cell, radius, shot) / (double)zem_trial_count(result, cell);
    return 1 - survives;
}

static struct kill kill_find(const struct zem_result *result, uint64_t cell, size_t radius, double r, double launch)
{
    const uint64_t trials = zem_trial_count(result, cell);
    const double confidence = zem_cell_confidence(result, cell);
    const size_t shots = zem_shot_count(result);
    const double most = launch * (1 - pow(1 - r, (double)shots));
    if (trials == 0)
        return (struct kill){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    if (r == 0)
        return (struct kill){0, 0, 0, 0};
    const double hits = fmin(weighed_salvos(result, cell, radius, r), (double)trials);
    const enum zem_interval_method method = result->interval_method;
    return (struct kill){
        most * hits / (double)trials,
        most * zem_interval_binomial((uint64_t)floor(hits), trials, confidence, method).lower,
        most * zem_interval_binomial((uint64_t)ceil(hits), trials, confidence, method).upper,
        shots > 1 ? launch * independent_kill(result, cell, radius, r) : (double)NAN,
    };
}

/* Applies a doctrine where every salvo kills with the probability `kill`; the outcome is NaN for NaN. Returns false
 * without memory. */
static bool apply(const struct zem_doctrine *doctrine, double kill, struct zem_doctrine_outcome *outcome)
{
    double kills[ZEM_DOCTRINE_SALVOS_MAX];
    *outcome = (struct zem_doctrine_outcome){(double)NAN, (double)NAN, (double)NAN};
    for (size_t i = 0; i < ZEM_DOCTRINE_SALVOS_MAX; i++)
        kills[i] = fmin(fmax(kill, 0), 1);
    return isnan(kill) || zem_doctrine_apply(doctrine, kills, outcome);
}

/* Applies a doctrine to whole salvos. */
static bool salvos_apply(const struct zem_doctrine *doctrine, const struct kill *kill,
                         struct zem_doctrine_estimate *estimate)
{
    struct zem_doctrine_outcome low, high;
    if (!apply(doctrine, kill->value, &estimate->value) || !apply(doctrine, kill->lower, &low)
        || !apply(doctrine, kill->upper, &high) || !apply(doctrine, kill->independent, &estimate->independent))
        return false;
    estimate->lower = (struct zem_doctrine_outcome){low.no_leak, high.leakers, high.salvos};
    estimate->upper = (struct zem_doctrine_outcome){high.no_leak, low.leakers, low.salvos};
    return true;
}

/* What the threads share while they apply all doctrines to all cells. */
struct work {
    struct zem_doctrine_surface *surface;
    atomic_int lost; /* there was no memory for a doctrine */
    struct zem_progress_report report;
};

/* Returns the number of interceptors that are fired as one: a salvo, or a single shot. */
static size_t shots_of_unit(const struct zem_doctrine_surface *surface)
{
    return surface->set->unit == ZEM_DOCTRINE_UNIT_SHOT ? 1 : surface->shots;
}

/* Writes one member of an estimate to a place of the arrays. */
static void put(const struct zem_doctrine_surface *surface, const struct zem_doctrine_outcome *outcome, size_t array,
                size_t at)
{
    const double value[ZEM_DOCTRINE_QUANTITIES] = {[ZEM_DOCTRINE_NO_LEAK] = outcome->no_leak,
                                                   [ZEM_DOCTRINE_LEAKERS] = outcome->leakers,
                                                   [ZEM_DOCTRINE_SHOTS] =
                                                       (double)shots_of_unit(surface) * outcome->salvos};
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        const struct zem_doctrine_series *series = &surface->series[q];
        double *const arrays[] = {series->value, series->lower, series->upper, series->independent};
        if (arrays[array] != NULL)
            arrays[array][at] = value[q];
    }
}

/* Applies a doctrine to a cell for one hit radius. Returns false without memory. */
static bool fill(struct zem_doctrine_surface *surface, size_t which, uint64_t cell, size_t radius)
{
    const struct zem_doctrine doctrine = zem_doctrine_set_doctrine(surface->set, which, shots_of_unit(surface));
    const double r = zem_doctrine_set_value(surface->set, which, ZEM_DOCTRINE_INTERCEPTOR),
                 launch = zem_doctrine_set_value(surface->set, which, ZEM_DOCTRINE_LAUNCH);
    struct zem_doctrine_estimate estimate;
    if (surface->set->unit == ZEM_DOCTRINE_UNIT_SHOT) {
        struct zem_shot_classes classes;
        zem_shot_patterns_classes(surface->patterns, cell, radius, &classes);
        if (!zem_doctrine_shots_apply(&doctrine, &classes, r * launch, zem_cell_confidence(surface->result, cell),
                                      surface->result->interval_method, &estimate))
            return false;
    } else {
        const struct kill kill = kill_find(surface->result, cell, radius, r, launch);
        if (!salvos_apply(&doctrine, &kill, &estimate))
            return false;
    }
    const struct zem_doctrine_outcome *const members[] = {&estimate.value, &estimate.lower, &estimate.upper,
                                                          &estimate.independent};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        put(surface, members[i], i, zem_doctrine_surface_at(surface, which, cell, radius));
    return true;
}

static void apply_range(void *context, size_t first, size_t last)
{
    struct work *work = context;
    const struct zem_result *result = work->surface->result;
    const size_t cells = (size_t)result->cells;
    for (size_t i = first; i < last && !zem_interrupted && !work->lost; i++) {
        for (size_t radius = 0; radius < zem_radius_count(result); radius++)
            if (!fill(work->surface, i / cells, i % cells, radius))
                work->lost = 1;
        zem_progress_report_count(&work->report, 1);
    }
}

size_t zem_doctrine_surface_at(const struct zem_doctrine_surface *surface, size_t doctrine, uint64_t cell,
                               size_t radius)
{
    const size_t radii = zem_radius_count(surface->result);
    return (doctrine * (size_t)surface->result->cells + (size_t)cell) * radii + radius;
}

int zem_doctrine_surface_find(const struct zem_result *result, const struct zem_doctrine_set *set,
                              const struct zem_shot_patterns *patterns, struct zem_progress_hearer hearer,
                              struct zem_doctrine_surface *surface, struct zem_error *error)
{
    *surface = (struct zem_doctrine_surface){.result = result, .set = set, .patterns = patterns};
    surface->doctrines = zem_doctrine_set_size(set);
    surface->shots = zem_shot_count(result);
    const size_t arrays = surface->shots > 1 ? 4 : 3, cells = (size_t)result->cells;
    const double bytes = 8.0 * (double)(ZEM_DOCTRINE_QUANTITIES * arrays) * (double)surface->doctrines * (double)cells
                         * (double)zem_radius_count(result);
    if (bytes > (double)zem_samples_bytes_limit())
        return zem_error_set(error, ZEM_USAGE,
                             "doctrine: %zu doctrines in %zu cells take %.1f GB of memory, and the limit here is %.1f "
                             "GB: give fewer values",
                             surface->doctrines, cells, 1e-9 * bytes, 1e-9 * (double)zem_samples_bytes_limit());
    const size_t values = zem_doctrine_surface_at(surface, surface->doctrines, 0, 0);
    double *next = calloc(ZEM_DOCTRINE_QUANTITIES * arrays * values, sizeof *next);
    struct work work = {.surface = surface};
    surface->memory = next;
    if (next == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu doctrines", surface->doctrines);
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        surface->series[q].value = next;
        surface->series[q].lower = next + values;
        surface->series[q].upper = next + 2 * values;
        surface->series[q].independent = arrays > 3 ? next + 3 * values : NULL;
        next += arrays * values;
    }
    zem_progress_report_start(&work.report, hearer, surface->doctrines * cells);
    zem_parallel_for(surface->doctrines * cells, 1, 0, apply_range, &work);
    zem_progress_report_end(&work.report);
    if (zem_interrupted)
        return zem_error_set(error, ZEM_STOPPED, "stopped by a signal, nothing was written");
    return work.lost ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a doctrine") : ZEM_OK;
}

void zem_doctrine_surface_free(struct zem_doctrine_surface *surface)
{
    free(surface->memory);
    surface->memory = NULL;
}
