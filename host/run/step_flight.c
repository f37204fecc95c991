/* Chooses blocks of trials and flies them twice, in several threads. A thread takes a few blocks of one cell at a time,
 * counts their trials by itself and adds its counts to the result under a lock. */
#include "run/step_flight.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "result/cell_totals.h"
#include "run/double_engine.h"
#include "run/run.h"
#include "run/trial_flight.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK ZEM_STEP_FLIGHT_BLOCK
#define PIECE_BLOCKS 8u /* blocks that a thread takes at a time; flying them takes longer than deriving their cell */
/* A larger number of trials of a cell counts as this one, so that sums do not overflow. */
#define TRIALS_CLIPPED (UINT64_C(1) << 31)

_Static_assert(BLOCK % ZEM_LANES_LIMIT == 0, "a block is whole vectors of every engine");
_Static_assert(ZEM_STEP_FLIGHT_TRANSITION_BLOCK % BLOCK == 0, "a long block is several short ones");

/* ---- choice ---- */

/* The number of trials that a cell has in the whole run. A result of some shards holds only a part of them. With shards
 * there is no precision that can end a cell early, so the number is run.trials. */
static uint64_t whole_trials(const struct zem_result *result, uint64_t cell)
{
    struct zem_value value[ZEM_KEY_COUNT];
    if (result->shards == 0)
        return zem_trial_count(result, cell);
    zem_grid_values(result->scenario, cell, value);
    return value[ZEM_KEY_TRIALS].integer;
}

static uint64_t clipped_trials(const struct zem_result *result, uint64_t cell)
{
    const uint64_t trials = whole_trials(result, cell);
    return trials < TRIALS_CLIPPED ? trials : TRIALS_CLIPPED;
}

/* How the blocks are spread over the trials of the run. */
struct layout {
    uint64_t length;  /* trials of a block */
    uint64_t spacing; /* there is one block for so many trials of the run */
};

/* Chooses length and spacing of the blocks. `threads` threads look at the cells; 0 means one on each processor. */
static struct layout layout_choose(const struct zem_result *result, unsigned threads)
{
    const bool common = zem_choice_index(result->scenario->value, ZEM_KEY_RANDOM_NUMBERS) == ZEM_RANDOM_NUMBERS_COMMON;
    struct zem_engine_options options = {.threads = threads};
    uint64_t all = 0, fewest = UINT64_MAX;
    zem_run_engine_options(result->scenario, &options);
    const bool transition = (options.features_possible & ZEM_FEATURE_TRANSITION) != 0;
    const uint64_t length = transition ? ZEM_STEP_FLIGHT_TRANSITION_BLOCK : BLOCK,
                   usual = length * (transition ? ZEM_STEP_FLIGHT_TRANSITION_SHARE : ZEM_STEP_FLIGHT_SHARE);
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        const uint64_t trials = clipped_trials(result, cell);
        all += trials;
        fewest = trials < fewest ? trials : fewest;
    }
    const uint64_t most = common && fewest < ZEM_STEP_CHECK_TRIALS_MAX ? fewest : ZEM_STEP_CHECK_TRIALS_MAX,
                   least = most >= length ? all / (most / length) + 1 : UINT64_MAX;
    return (struct layout){.length = length, .spacing = least > usual ? least : usual};
}

/* Successive blocks of one cell, which one thread flies. */
struct piece {
    uint64_t cell, trials; /* the cell, and how many trials it has */
    uint64_t length;       /* trials of a block */
    uint64_t block;        /* number of the first block; blocks are counted through all cells */
    uint64_t count;        /* number of blocks */
};

/* The number of the first trial of a block. Blocks of different cells begin at different trials as long as a cell has
 * enough of them, so that they have different draws under common random numbers. */
static uint64_t block_first(const struct piece *piece, uint64_t block)
{
    const uint64_t places = piece->trials / piece->length;
    return places > 0 ? block % places * piece->length : 0;
}

/* The number of the last trial of a block, plus 1. */
static uint64_t block_end(const struct piece *piece, uint64_t block)
{
    const uint64_t end = block_first(piece, block) + piece->length;
    return end < piece->trials ? end : piece->trials;
}

/* Whether a block belongs to the shards that the result holds. */
static bool is_own(const struct zem_result *result, uint64_t block)
{
    bool own = result->shards == 0;
    for (size_t i = 0; i < result->shard_count; i++)
        own = own || block % result->shards == result->shard[i];
    return own;
}

/* Returns the blocks of trials of one cell that are flown again. `*passed` is the number of trials of all cells before;
 * the function adds the trials of this cell to it. The caller calls it for every cell, in order. */
static struct piece cell_blocks(const struct zem_result *result, uint64_t cell, struct layout layout, uint64_t *passed)
{
    const uint64_t trials = clipped_trials(result, cell), before = *passed / layout.spacing;
    *passed += trials;
    return (struct piece){.cell = cell,
                          .trials = trials,
                          .length = layout.length,
                          .block = before,
                          .count = *passed / layout.spacing - before};
}

size_t zem_step_flight_trials(const struct zem_result *result, uint64_t cell, uint64_t *trial, size_t capacity)
{
    const struct layout layout = layout_choose(result, 1);
    uint64_t passed = 0;
    size_t count = 0;
    for (uint64_t before = 0; before < cell; before++)
        cell_blocks(result, before, layout, &passed);
    const struct piece all = cell_blocks(result, cell, layout, &passed);
    for (uint64_t block = all.block; block < all.block + all.count; block++)
        for (uint64_t k = block_first(&all, block); is_own(result, block) && k < block_end(&all, block); k++, count++)
            if (count < capacity)
                trial[count] = k;
    return count;
}

/* ---- flying ---- */

/* What the threads share: the pieces, each of which one thread flies, and the result with its counts. */
struct flights {
    struct zem_result *result;
    struct piece *piece; /* owned */
    size_t count;
    pthread_mutex_t lock; /* guards the error and the counts of the result */
    struct zem_error error;
};

/* Lists the pieces of all cells. There are at most as many pieces as blocks. */
static int list_pieces(struct flights *flights, unsigned threads, struct zem_error *error)
{
    const struct zem_result *result = flights->result;
    const struct layout layout = layout_choose(result, threads);
    uint64_t passed = 0;
    flights->piece = calloc(ZEM_STEP_CHECK_TRIALS_MAX / layout.length + 1, sizeof *flights->piece);
    if (flights->piece == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory to fly trials again");
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        struct piece left = cell_blocks(result, cell, layout, &passed);
        while (left.count > 0) {
            struct piece *piece = &flights->piece[flights->count++];
            *piece = left;
            piece->count = left.count < PIECE_BLOCKS ? left.count : PIECE_BLOCKS;
            left.block += piece->count;
            left.count -= piece->count;
        }
    }
    return ZEM_OK;
}

/* A cell that is ready to be flown with whole and with halved steps. */
struct pair {
    struct cell_parameters cell;
    struct schedule_step *schedule; /* owned */
    struct zem_refined_cell refined;
    const struct zem_native_engine *single, *in_double;
};

static int pair_init(struct pair *pair, const struct zem_result *result, uint64_t cell, struct zem_error *error)
{
    *pair = (struct pair){.schedule = NULL};
    int status = zem_cell_derive(result->scenario, cell, &pair->cell, error);
    if (status != ZEM_OK)
        return status;
    pair->single = zem_native_engine_choose(NULL, pair->cell.features, pair->cell.features, pair->cell.stages);
    pair->in_double = zem_native_engine_choose_double(&pair->cell);
    pair->schedule = malloc(((size_t)pair->cell.schedule_steps + 1) * sizeof *pair->schedule);
    if (pair->schedule == NULL || zem_refined_cell_init(&pair->refined, &pair->cell, 1) != 0)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %" PRIu32 " steps",
                             pair->cell.schedule_steps);
    zem_schedule_fill(&pair->cell, pair->schedule);
    return ZEM_OK;
}

static void pair_free(struct pair *pair)
{
    free(pair->schedule);
    zem_refined_cell_free(&pair->refined);
}

/* The counts of one piece of blocks, which are added to those of its cell. The members are as in struct
 * zem_step_check. */
struct counts {
    uint64_t trials, gained[ZEM_RADII_MAX], lost[ZEM_RADII_MAX];
};

/* Compares trials flown with whole and with halved steps, and counts those that hit in one of the two only. */
static void count_trials(const struct cell_parameters *cell, const struct zem_flown *whole,
                         const struct zem_flown *halved, size_t trials, struct counts *counts)
{
    counts->trials += trials;
    for (size_t k = 0; k < trials; k++)
        for (uint32_t i = 0; i < cell->radius_count; i++) {
            const bool with_whole = zem_flown_hits(&whole[k], cell->radius[i]),
                       with_halved = zem_flown_hits(&halved[k], cell->radius[i]);
            counts->gained[i] += with_whole && !with_halved;
            counts->lost[i] += with_halved && !with_whole;
        }
}

/* Flies `trials` trials, at most BLOCK, with whole and with halved steps, and counts those that hit in one of the two
 * only. `first` is the number of the first trial. */
static void fly_trials(const struct pair *pair, uint64_t first, size_t trials, struct counts *counts)
{
    struct zem_flown whole[BLOCK], halved[BLOCK];
    for (uint32_t k = 0; k < BLOCK; k += pair->single->lanes)
        pair->single->fly_misses(&pair->cell, pair->schedule, 0, first + k, 1, &whole[k]);
    for (uint32_t k = 0; k < BLOCK; k += pair->in_double->lanes)
        pair->in_double->fly_misses(&pair->refined.cell, pair->refined.schedule, pair->refined.refinement, first + k, 1,
                                    &halved[k]);
    count_trials(&pair->cell, whole, halved, trials, counts);
}

/* Flies the blocks of a piece, one trial at a time, with whole and with halved steps, and counts those that hit in one
 * of the two only. Each trial of the cell has its own values of keys, and thus its own parameters. */
static int fly_apart(const struct zem_result *result, const struct piece *piece, struct counts *counts,
                     struct zem_error *error)
{
    struct zem_trial_cell trial_cell = {.scenario = result->scenario, .cell = piece->cell};
    struct zem_flown whole, halved;
    int status = ZEM_OK;
    for (uint64_t block = piece->block; block < piece->block + piece->count; block++)
        for (uint64_t k = block_first(piece, block);
             is_own(result, block) && k < block_end(piece, block) && status == ZEM_OK && !zem_interrupted; k++) {
            status = zem_trial_fly(&trial_cell, ZEM_TRIAL_AS_RUN, k, &whole, error);
            if (status == ZEM_OK)
                status = zem_trial_fly(&trial_cell, 1, k, &halved, error);
            if (status == ZEM_OK)
                count_trials(&trial_cell.parameters, &whole, &halved, 1, counts);
        }
    zem_trial_cell_free(&trial_cell);
    return status;
}

static int fly_piece(const struct zem_result *result, const struct piece *piece, struct counts *counts,
                     struct zem_error *error)
{
    struct pair pair = {.schedule = NULL};
    int status = ZEM_OK;
    bool ready = false;
    for (uint64_t block = piece->block; block < piece->block + piece->count; block++) {
        const uint64_t end = block_end(piece, block);
        if (zem_interrupted || status != ZEM_OK || !is_own(result, block))
            continue;
        if (!ready)
            status = pair_init(&pair, result, piece->cell, error);
        ready = true;
        for (uint64_t k = block_first(piece, block); status == ZEM_OK && k < end && !zem_interrupted; k += BLOCK)
            fly_trials(&pair, k, end - k < BLOCK ? (size_t)(end - k) : BLOCK, counts);
    }
    if (ready)
        pair_free(&pair);
    return status;
}

/* Flies the pieces `first` to `last` - 1 for zem_parallel_for. `context` is a struct flights. */
static void fly_pieces(void *context, size_t first, size_t last)
{
    struct flights *flights = context;
    struct zem_step_check *check = &flights->result->step_check;
    const size_t radii = zem_radius_count(flights->result);
    for (size_t i = first; i < last && !zem_interrupted; i++) {
        const struct piece *piece = &flights->piece[i];
        struct counts counts = {0};
        struct zem_error error = {0};
        const bool apart = flights->result->scenario->resolution.by_trial;
        const int status = (apart ? fly_apart : fly_piece)(flights->result, piece, &counts, &error);
        pthread_mutex_lock(&flights->lock);
        if (status != ZEM_OK && flights->error.status == 0)
            flights->error = error;
        check->trials[piece->cell] += counts.trials;
        for (size_t k = 0; k < radii; k++) {
            check->gained[piece->cell * radii + k] += counts.gained[k];
            check->lost[piece->cell * radii + k] += counts.lost[k];
        }
        pthread_mutex_unlock(&flights->lock);
    }
}

int zem_step_flight(struct zem_result *result, unsigned threads, struct zem_error *error)
{
    struct flights flights = {.result = result};
    int status = zem_step_check_init(result, error);
    if (status == ZEM_OK)
        status = list_pieces(&flights, threads, error);
    pthread_mutex_init(&flights.lock, NULL);
    zem_parallel_for(flights.count, 1, threads, fly_pieces, &flights);
    pthread_mutex_destroy(&flights.lock);
    free(flights.piece);
    if (status == ZEM_OK && flights.error.status != 0) {
        *error = flights.error;
        status = error->status;
    }
    return status;
}
