/* Flies samples in several threads. A thread takes some trials of one cell at a time and writes their samples, which no
 * other thread touches. The lock therefore guards only the choice of the next trials. */
#include "run/samples.h"

#include "base/interruption.h"
#include "cell/trial_cell.h"
#include "device/native/native_engine.h"
#include "run/run.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <omp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Trials that a thread takes at a time. Flying them takes much longer than deriving their cell, and well below a
 * second, so that an interruption acts soon. */
#define PIECE_TRIALS 2048u

/* ---- choice and size ---- */

uint64_t zem_samples_count(const struct zem_scenario *scenario, uint64_t wanted, uint64_t shard, uint64_t shards)
{
    const uint64_t most = zem_shard_trials(zem_grid_most_trials(scenario), shard, shards);
    return wanted < most ? wanted : most;
}

int zem_samples_check(const struct zem_scenario *scenario, uint64_t count, struct zem_error *error)
{
    const uint64_t cells = zem_grid_cells(scenario), bytes = zem_samples_memory_bytes(scenario, count),
                   limit = zem_samples_bytes_limit();
    const uint64_t most = limit / (cells * sizeof(struct zem_sample));
    char advice[64] = "there are too many cells for any";
    if (bytes <= limit)
        return ZEM_OK;
    if (most > 0)
        snprintf(advice, sizeof advice, "take --samples %" PRIu64 " or fewer", most);
    return zem_error_set(error, ZEM_USAGE,
                         "--samples: %" PRIu64 " trials of each of %" PRIu64
                         " cells take %.1f GB of memory and up to %.1f GB of the "
                         "file, and the limit here is %.1f GB of memory: %s",
                         count, cells, 1e-9 * (double)bytes, 1e-9 * (double)zem_samples_file_bytes(scenario, count),
                         1e-9 * (double)limit, advice);
}

int zem_samples_init(struct zem_result *result, uint64_t wanted, uint64_t shard, uint64_t shards,
                     struct zem_error *error)
{
    const size_t count = (size_t)zem_samples_count(result->scenario, wanted, shard, shards);
    uint64_t *trial = malloc((count + 1) * sizeof *trial);
    if (trial == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu trials", count);
    for (size_t i = 0; i < count; i++)
        trial[i] = shards > 1 ? shard + i * shards : i;
    const int status = zem_result_set_samples(result, trial, count, error);
    free(trial);
    return status;
}

/* ---- flying ---- */

/* A sample without a miss distance. Its other numbers are undefined too, because the means in a result leave such
 * trials out. */
static struct zem_sample without_miss(uint32_t outcome)
{
    return (struct zem_sample){(float)NAN, (float)NAN, (float)NAN, (float)NAN, (float)NAN, outcome};
}

static struct zem_sample sample_of(const struct zem_flown *flown)
{
    if (flown->outcome != ZEM_OUTCOME_PASSED)
        return without_miss(flown->outcome);
    return (struct zem_sample){(float)flown->miss,   (float)flown->scored,         (float)flown->flight_time,
                               (float)flown->divert, (float)flown->saturated_time, flown->outcome};
}

/* The number of trials, from the first of `count` on, that an engine can fly at once: at most `lanes`, equally spaced,
 * and with the same upper 32 bits in their numbers. */
static size_t vector_length(const uint64_t *trial, size_t count, size_t lanes)
{
    const uint64_t stride = count > 1 ? trial[1] - trial[0] : 0;
    size_t length = 1;
    while (length < count && length < lanes && stride <= UINT32_MAX && trial[length] - trial[length - 1] == stride
           && trial[length] >> 32 == trial[0] >> 32)
        length++;
    return length;
}

/* Flies the first of `count` samples, and together with it those after it that fit into the vector of an engine. If
 * every trial has parameters of its own, the function flies the first one alone. `flown` has the parameters of the
 * first sample. Returns the number of samples flown. */
static size_t fly_some(const struct zem_result *result, const struct zem_trial_cell *flown, const uint64_t *trial,
                       size_t count, struct zem_sample *sample)
{
    const struct cell_parameters *cell = &flown->parameters;
    const struct zem_native_engine *engine =
        zem_native_engine_choose(NULL, cell->features, cell->features, cell->stages);
    const size_t length = vector_length(trial, count, result->scenario->resolution.by_trial ? 1u : engine->lanes);
    const uint32_t stride = length > 1 ? (uint32_t)(trial[1] - trial[0]) : 1u;
    struct zem_flown lane[ZEM_LANES_LIMIT];
    engine->fly_misses(cell, flown->schedule, 0u, trial[0], stride, lane);
    for (size_t k = 0; k < length; k++)
        if (zem_result_holds_trial(result, flown->cell, trial[k]))
            sample[k] = sample_of(&lane[k]);
    return length;
}

/* Flies the samples first to last - 1 of the cell of `flown`. */
static int fly_piece(const struct zem_result *result, struct zem_trial_cell *flown, size_t first, size_t last,
                     struct zem_sample *sample, struct zem_error *error)
{
    int status = ZEM_OK;
    for (size_t i = first; i < last; i++)
        sample[i] = without_miss(ZEM_SAMPLE_NONE);
    while (first < last && status == ZEM_OK) {
        const uint64_t *trial = &result->sample_trial[first];
        if (!zem_result_holds_trial(result, flown->cell, *trial)) {
            first++;
            continue;
        }
        status = zem_trial_cell_set(flown, *trial, error);
        if (status == ZEM_OK)
            first += fly_some(result, flown, trial, last - first, &sample[first]);
    }
    return status;
}

int zem_samples_fly_cell(const struct zem_result *result, uint64_t cell, struct zem_sample *sample,
                         struct zem_error *error)
{
    struct zem_trial_cell flown = {.scenario = result->scenario, .cell = cell};
    const int status = fly_piece(result, &flown, 0, result->sample_count, sample, error);
    zem_trial_cell_free(&flown);
    return status;
}

/* The state that the threads share under the lock. */
struct flights {
    pthread_mutex_t lock;
    struct zem_result *result;
    uint64_t cell;          /* the cell of the next piece */
    size_t first;           /* index of the first sample of the next piece */
    struct zem_error error; /* the first failure */
};

static bool take_piece(struct flights *flights, uint64_t *cell, size_t *first)
{
    pthread_mutex_lock(&flights->lock);
    const bool more = flights->cell < flights->result->cells && flights->error.status == 0 && !zem_interrupted;
    *cell = flights->cell;
    *first = flights->first;
    flights->first += PIECE_TRIALS;
    if (flights->first >= flights->result->sample_count) {
        flights->first = 0;
        flights->cell++;
    }
    pthread_mutex_unlock(&flights->lock);
    return more;
}

static void *fly_pieces(void *context)
{
    struct flights *flights = context;
    struct zem_result *result = flights->result;
    struct zem_trial_cell flown = {.scenario = result->scenario};
    struct zem_error error = {0};
    uint64_t cell;
    size_t first;
    while (error.status == 0 && take_piece(flights, &cell, &first)) {
        const size_t left = result->sample_count - first;
        zem_trial_cell_move(&flown, cell);
        fly_piece(result, &flown, first, first + (left < PIECE_TRIALS ? left : PIECE_TRIALS),
                  zem_result_samples(result, cell), &error);
    }
    zem_trial_cell_free(&flown);
    pthread_mutex_lock(&flights->lock);
    if (flights->error.status == 0)
        flights->error = error;
    pthread_mutex_unlock(&flights->lock);
    return NULL;
}

int zem_samples_fly(struct zem_result *result, unsigned threads, struct zem_error *error)
{
    struct flights flights = {.result = result};
    if (result->sample_count == 0)
        return ZEM_OK;
    const int processors = omp_get_num_procs();
    const size_t helpers = (threads > 0 ? threads : processors > 0 ? (unsigned)processors : 1u) - 1u;
    pthread_t *helper = calloc(helpers + 1, sizeof *helper);
    size_t started = 0;
    pthread_mutex_init(&flights.lock, NULL);
    while (helper != NULL && started < helpers && pthread_create(&helper[started], NULL, fly_pieces, &flights) == 0)
        started++;
    fly_pieces(&flights); /* this thread works too; if others could not be started, it flies their share */
    for (size_t i = 0; i < started; i++)
        pthread_join(helper[i], NULL);
    pthread_mutex_destroy(&flights.lock);
    free(helper);
    if (flights.error.status != 0)
        *error = flights.error;
    return flights.error.status;
}

/* ---- merging ---- */

/* Where a sample of the merged result comes from: the number of its trial, the result that has it, and its index
 * there. */
struct origin {
    uint64_t trial;
    size_t part, index;
};

static int compare_origins(const void *a, const void *b)
{
    const uint64_t first = ((const struct origin *)a)->trial, second = ((const struct origin *)b)->trial;
    return (first > second) - (first < second);
}

int zem_samples_merge(const struct zem_result *parts, size_t count, struct zem_result *merged, struct zem_error *error)
{
    size_t all = 0, next = 0;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].sample_count == 0)
            return ZEM_OK;
        all += parts[i].sample_count;
    }
    if (zem_samples_memory_bytes(merged->scenario, all) > zem_samples_bytes_limit())
        return ZEM_OK;
    struct origin *origin = calloc(all, sizeof *origin);
    uint64_t *trial = calloc(all, sizeof *trial);
    int status =
        origin != NULL && trial != NULL
            ? ZEM_OK
            : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu trials", all);
    for (size_t i = 0; status == ZEM_OK && i < count; i++)
        for (size_t k = 0; k < parts[i].sample_count; k++)
            origin[next++] = (struct origin){parts[i].sample_trial[k], i, k};
    if (status == ZEM_OK)
        qsort(origin, all, sizeof *origin, compare_origins);
    for (size_t i = 0; status == ZEM_OK && i < all; i++)
        trial[i] = origin[i].trial;
    if (status == ZEM_OK)
        status = zem_result_set_samples(merged, trial, all, error);
    for (uint64_t cell = 0; status == ZEM_OK && cell < merged->cells; cell++)
        for (size_t i = 0; i < all; i++)
            zem_result_samples(merged, cell)[i] = zem_result_samples(&parts[origin[i].part], cell)[origin[i].index];
    free(trial);
    free(origin);
    return status;
}
