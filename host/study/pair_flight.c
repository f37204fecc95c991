/* Flies the pairs in portions of at most PORTION trials of one cell: the trials of a portion in the first scenario,
 * then the same trials in the second. Each thread takes whole portions, because most cells of a large grid have too few
 * trials to share them out. */
#include "study/pair_flight.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "run/trial_flight.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>

/* Most trials of a portion. A portion takes well below a second, so that an interruption acts soon. */
#define PORTION 16384u

static uint64_t cell_pairs(const struct zem_result *first, const struct zem_result *second, uint64_t cell)
{
    const uint64_t a = zem_result_word(first, cell, ZEM_TALLY_TRIALS),
                   b = zem_result_word(second, cell, ZEM_TALLY_TRIALS);
    if (zem_pairs_dependence(first, second, cell) == ZEM_INDEPENDENT)
        return 0;
    return a < b ? a : b;
}

static bool can_be_flown(const struct zem_result *result)
{
    return result->shards == 0 && result->provenance.kernel_version == ZEM_KERNEL_VERSION;
}

uint64_t zem_pair_flight_count(const struct zem_result *first, const struct zem_result *second)
{
    uint64_t count = 0;
    if (!can_be_flown(first) || !can_be_flown(second))
        return 0;
    for (uint64_t cell = 0; cell < first->cells; cell++)
        count += cell_pairs(first, second, cell);
    return count;
}

/* One cell of one of the two scenarios, ready to fly. */
struct side {
    struct cell_parameters cell;
    struct schedule_step *schedule; /* owned */
    struct zem_flown *flown;        /* the trials of one portion, owned */
};

/* Flies trials `first` to `first` + count - 1 of one side. */
static int side_fly(const struct side *side, const struct zem_result *result, uint64_t cell, uint64_t first,
                    size_t count, struct zem_error *error)
{
    if (result->scenario->resolution.by_trial)
        return zem_trials_fly(result->scenario, cell, ZEM_TRIAL_AS_RUN, 1u, first, count, side->flown, error);
    zem_single_engine_fly(&side->cell, side->schedule, 1u, first, count, side->flown);
    return ZEM_OK;
}

static int side_init(struct side *side, const struct zem_result *result, uint64_t cell, size_t trials,
                     struct zem_error *error)
{
    int status = zem_cell_derive(result->scenario, cell, &side->cell, error);
    if (status != ZEM_OK)
        return status;
    side->schedule = malloc(((size_t)side->cell.schedule_steps + 1) * sizeof *side->schedule);
    side->flown = malloc(trials * sizeof *side->flown);
    if (side->schedule == NULL || side->flown == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu32 " steps",
                             side->cell.schedule_steps);
    zem_schedule_fill(&side->cell, side->schedule);
    return ZEM_OK;
}

static void side_free(struct side *side)
{
    free(side->schedule);
    free(side->flown);
}

static bool is_hit(const struct side *side, size_t trial, size_t radius)
{
    return zem_flown_hits(&side->flown[trial], side->cell.radius[radius]);
}

static void count_portion(const struct side side[2], size_t trials, size_t radii, struct zem_pair_counts *count)
{
    for (size_t trial = 0; trial < trials; trial++)
        for (size_t i = 0; i < radii; i++) {
            const bool first = is_hit(&side[0], trial, i), second = is_hit(&side[1], trial, i);
            count[i].first_hits += first;
            count[i].second_hits += second;
            count[i].first_only += first && !second;
            count[i].second_only += second && !first;
        }
}

/* All portions, and what the threads that fly them share. */
struct work {
    const struct zem_result *result[2];
    struct zem_pairs *pairs;
    uint64_t *portions;   /* portions of all cells before this one, cells + 1 numbers, owned */
    pthread_mutex_t lock; /* guards the counts of `pairs` and the members below */
    size_t failed;        /* the first portion that failed */
    struct zem_error error;
};

/* The cell to which a portion belongs: the last one with at most `portion` portions before it. */
static uint64_t cell_of(const struct work *work, uint64_t portion)
{
    uint64_t low = 0, high = work->result[0]->cells;
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (work->portions[middle] <= portion)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Flies trials `first` to `first` + trials - 1 of a cell in both scenarios and adds how the pairs ended to `count`. */
static int fly_portion(const struct work *work, uint64_t cell, uint64_t first, size_t trials,
                       struct zem_pair_counts *count, struct zem_error *error)
{
    struct side side[2] = {{.schedule = NULL}, {.schedule = NULL}};
    int status = zem_interrupted ? zem_error_set(error, ZEM_STOPPED, "stopped by a signal") : ZEM_OK;
    for (int i = 0; i < 2 && status == ZEM_OK; i++)
        status = side_init(&side[i], work->result[i], cell, trials, error);
    for (int i = 0; i < 2 && status == ZEM_OK; i++)
        status = side_fly(&side[i], work->result[i], cell, first, trials, error);
    if (status == ZEM_OK)
        count_portion(side, trials, work->result[0]->scenario->radius_count, count);
    for (int i = 0; i < 2; i++)
        side_free(&side[i]);
    return status;
}

static void add_counts(struct zem_pair_counts *sum, const struct zem_pair_counts *count, size_t radii)
{
    for (size_t i = 0; i < radii; i++) {
        sum[i].first_hits += count[i].first_hits;
        sum[i].second_hits += count[i].second_hits;
        sum[i].first_only += count[i].first_only;
        sum[i].second_only += count[i].second_only;
    }
}

/* Flies portions of the work. After a failure no further portion is flown. If several portions fail, the error of the
 * first one is kept. */
static void fly_portions(void *context, size_t first, size_t last)
{
    struct work *work = context;
    const size_t radii = work->result[0]->scenario->radius_count;
    for (size_t portion = first; portion < last; portion++) {
        const uint64_t cell = cell_of(work, portion), trial = (portion - work->portions[cell]) * PORTION,
                       left = work->pairs->pairs[cell] - trial;
        struct zem_pair_counts count[ZEM_RADII_LIMIT] = {{0}};
        struct zem_error error = {0};
        pthread_mutex_lock(&work->lock);
        const bool ended = work->error.status != ZEM_OK;
        pthread_mutex_unlock(&work->lock);
        if (ended)
            return;
        fly_portion(work, cell, trial, left < PORTION ? (size_t)left : PORTION, count, &error);
        pthread_mutex_lock(&work->lock);
        if (error.status == ZEM_OK)
            add_counts(&work->pairs->count[cell * radii], count, radii);
        else if (work->error.status == ZEM_OK || portion < work->failed) {
            work->failed = portion;
            work->error = error;
        }
        pthread_mutex_unlock(&work->lock);
    }
}

int zem_pair_flight(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                    unsigned threads, struct zem_error *error)
{
    const uint64_t cells = first->cells;
    struct work work = {.result = {first, second}, .pairs = pairs};
    int status = zem_pairs_init(pairs, first, error);
    pairs->source = ZEM_PAIRS_FLOWN;
    if (status == ZEM_OK && (work.portions = calloc((size_t)cells + 1, sizeof *work.portions)) == NULL)
        status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu64 " cells", cells);
    if (status != ZEM_OK)
        return status;
    for (uint64_t cell = 0; cell < cells; cell++) {
        pairs->pairs[cell] = cell_pairs(first, second, cell);
        work.portions[cell + 1] = work.portions[cell] + (pairs->pairs[cell] + PORTION - 1) / PORTION;
    }
    pthread_mutex_init(&work.lock, NULL);
    zem_parallel_for((size_t)work.portions[cells], 1, threads, fly_portions, &work);
    pthread_mutex_destroy(&work.lock);
    free(work.portions);
    if (work.error.status != ZEM_OK)
        *error = work.error;
    return work.error.status;
}
