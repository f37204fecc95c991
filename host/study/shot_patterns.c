/* Flies all shots of some trials of each cell, one trial at a time, and counts the patterns of their hits. */
#include "study/shot_patterns.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/trial_cell.h"
#include "result/cell_totals.h"
#include "result/sample_size.h"
#include "run/replay.h"
#include "scenario/grid.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PIECE 64u /* trials that a thread takes at a time */

/* Whether all shots of a salvo are alike in this cell. */
static bool shots_are_alike(const struct zem_result *result, uint64_t cell)
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(result->scenario, cell, value);
    return !result->scenario->resolution.varying[ZEM_KEY_SPACING] && zem_number_or_zero(value, ZEM_KEY_SPACING) == 0;
}

static bool must_be_flown(const struct zem_shot_patterns *patterns, uint64_t cell)
{
    return zem_shot_count(patterns->result) > 2 && !patterns->alike[cell];
}

static size_t patterns_of_cell(const struct zem_result *result)
{
    return zem_radius_count(result) << zem_shot_count(result);
}

/* What the threads share. */
struct flights {
    struct zem_shot_patterns *patterns;
    uint64_t *cell; /* the cells to fly */
    size_t cells;
    uint64_t pieces;      /* pieces of a cell */
    atomic_int failed;    /* `error` is set */
    pthread_mutex_t lock; /* guards the counts and `error` */
    struct zem_error error;
    struct zem_progress_report report;
};

/* Flies the shots of one trial and adds its pattern of hits for every radius to count[radii << shots]. */
static int fly_trial(struct zem_trial_cell *flown, uint64_t trial, uint32_t *count, struct zem_error *error)
{
    size_t pattern[ZEM_RADII_MAX] = {0};
    const int status = zem_trial_cell_set(flown, trial, error);
    const struct cell_parameters *cell = &flown->parameters;
    if (status != ZEM_OK)
        return status;
    for (uint32_t shot = 0; shot < cell->shots; shot++) {
        const struct zem_replay_end end = zem_replay_fly(cell, flown->schedule, trial, shot, NULL, NULL);
        for (size_t i = 0; i < cell->radius_count; i++)
            if (end.outcome == ZEM_OUTCOME_PASSED && end.scored < cell->radius[i])
                pattern[i] |= (size_t)1 << shot;
    }
    for (size_t i = 0; i < cell->radius_count; i++)
        count[(i << cell->shots) + pattern[i]]++;
    return ZEM_OK;
}

/* Flies one piece of a cell. */
static void fly_piece(struct flights *flights, uint64_t piece)
{
    const struct zem_shot_patterns *patterns = flights->patterns;
    const struct zem_result *result = patterns->result;
    const uint64_t cell = flights->cell[piece / flights->pieces], of_cell = zem_trial_count(result, cell),
                   all = patterns->trials < of_cell ? patterns->trials : of_cell,
                   first = piece % flights->pieces * PIECE;
    const size_t size = patterns_of_cell(result);
    struct zem_trial_cell flown = {.scenario = result->scenario, .cell = cell};
    struct zem_error error = {0};
    uint32_t *count = calloc(size, sizeof *count);
    if (count == NULL)
        zem_error_set(&error, ZEM_INTERNAL, "there is not enough memory for the patterns of salvos");
    for (uint64_t index = first; index < all && index < first + PIECE && error.status == ZEM_OK; index++)
        fly_trial(&flown, zem_result_trial_number(result, index), count, &error);
    zem_trial_cell_free(&flown);
    pthread_mutex_lock(&flights->lock);
    if (error.status != ZEM_OK && flights->error.status == ZEM_OK)
        flights->error = error;
    flights->failed = flights->error.status != ZEM_OK;
    for (size_t i = 0; i < size && count != NULL; i++)
        patterns->flown[cell * size + i] += count[i];
    pthread_mutex_unlock(&flights->lock);
    free(count);
}

static void fly_pieces(void *context, size_t first, size_t last)
{
    struct flights *flights = context;
    for (size_t piece = first; piece < last && !zem_interrupted && !flights->failed; piece++) {
        fly_piece(flights, piece);
        zem_progress_report_count(&flights->report, PIECE);
    }
}

static int fly_cells(struct flights *flights, struct zem_progress_hearer hearer, struct zem_error *error)
{
    const uint64_t pieces = flights->cells * flights->pieces;
    zem_progress_report_start(&flights->report, hearer, pieces * PIECE);
    pthread_mutex_init(&flights->lock, NULL);
    zem_parallel_for((size_t)pieces, 1, 0, fly_pieces, flights);
    pthread_mutex_destroy(&flights->lock);
    zem_progress_report_end(&flights->report);
    if (flights->error.status != ZEM_OK) {
        *error = flights->error;
        return error->status;
    }
    return zem_interrupted ? zem_error_set(error, ZEM_STOPPED, "stopped by a signal, nothing was written") : ZEM_OK;
}

/* Refuses trials that cannot be flown again, or not be counted. */
static int check_flights(const struct zem_result *result, double bytes, struct zem_error *error)
{
    if (result->provenance.kernel_version != ZEM_KERNEL_VERSION)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "doctrine: with salvo.spacing the order of the hits counts, and the trials of this file "
                             "cannot be flown again to see it, because they are of kernel version %u and this program "
                             "has version %d: run the scenario again",
                             result->provenance.kernel_version, (int)ZEM_KERNEL_VERSION);
    if (bytes > (double)zem_samples_bytes_limit())
        return zem_error_set(
            error, ZEM_USAGE,
            "doctrine: the patterns of hits in all cells take %.1f GB of memory, and the limit here is "
            "%.1f GB: give fewer cells, hit radii or shots",
            1e-9 * bytes, 1e-9 * (double)zem_samples_bytes_limit());
    return ZEM_OK;
}

int zem_shot_patterns_find(const struct zem_result *result, uint64_t trials, struct zem_progress_hearer hearer,
                           struct zem_shot_patterns *patterns, struct zem_error *error)
{
    struct flights flights = {.patterns = patterns};
    uint64_t most = 0; /* trials of a cell */
    int status = ZEM_OK;
    *patterns = (struct zem_shot_patterns){.result = result};
    patterns->alike = malloc((size_t)result->cells * sizeof *patterns->alike);
    flights.cell = malloc((size_t)result->cells * sizeof *flights.cell);
    if (flights.cell == NULL || patterns->alike == NULL) {
        free(flights.cell);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of the cells");
    }
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        patterns->alike[cell] = shots_are_alike(result, cell);
        if (!must_be_flown(patterns, cell) || zem_trial_count(result, cell) == 0)
            continue;
        flights.cell[flights.cells++] = cell;
        most = zem_trial_count(result, cell) > most ? zem_trial_count(result, cell) : most;
    }
    if (flights.cells > 0) {
        const size_t counts = (size_t)result->cells * patterns_of_cell(result);
        patterns->trials = trials < most ? trials : most;
        flights.pieces = (patterns->trials + PIECE - 1) / PIECE;
        status = check_flights(result, 8.0 * (double)counts, error);
        if (status == ZEM_OK && (patterns->flown = calloc(counts, sizeof *patterns->flown)) == NULL)
            status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the patterns of salvos");
        if (status == ZEM_OK)
            status = fly_cells(&flights, hearer, error);
    }
    free(flights.cell);
    return status;
}

void zem_shot_patterns_free(struct zem_shot_patterns *patterns)
{
    free(patterns->flown);
    free(patterns->alike);
    patterns->flown = NULL;
    patterns->alike = NULL;
}

/* The patterns of salvos of two shots follow from the hits of each shot and from the number of salvos with two hits. */
static void pairs_of_shots(const struct zem_result *result, uint64_t cell, size_t radius,
                           struct zem_shot_classes *classes)
{
    const uint64_t both = zem_salvos_with_hits(result, cell, radius, 2);
    zem_shot_classes_init(classes, 2, true);
    classes->salvos[0] = zem_salvos_with_hits(result, cell, radius, 0);
    classes->salvos[1] = zem_shot_hits(result, cell, radius, 0) - both;
    classes->salvos[2] = zem_shot_hits(result, cell, radius, 1) - both;
    classes->salvos[3] = both;
}

void zem_shot_patterns_classes(const struct zem_shot_patterns *patterns, uint64_t cell, size_t radius,
                               struct zem_shot_classes *classes)
{
    const struct zem_result *result = patterns->result;
    const size_t shots = zem_shot_count(result);
    if (must_be_flown(patterns, cell)) {
        zem_shot_classes_init(classes, shots, true);
        for (size_t i = 0; i < classes->count && patterns->flown != NULL; i++)
            classes->salvos[i] = patterns->flown[cell * patterns_of_cell(result) + (radius << shots) + i];
        return;
    }
    if (shots == 2 && !patterns->alike[cell]) {
        pairs_of_shots(result, cell, radius, classes);
        return;
    }
    zem_shot_classes_init(classes, shots, false);
    for (size_t hits = 0; hits <= shots && shots > 1; hits++)
        classes->salvos[hits] = zem_salvos_with_hits(result, cell, radius, hits);
    if (shots == 1) {
        classes->salvos[1] = zem_result_hits(result, cell, radius);
        classes->salvos[0] = zem_trial_count(result, cell) - classes->salvos[1];
    }
}
