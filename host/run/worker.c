/* One opened device of a run. Its thread takes pieces of work from the queue, derives their cells, keeps as many
 * batches in flight as the backend allows, and adds the tallies to the totals. Here devices are also opened, tested and
 * closed. Rounds, the precision rule and checkpoints are left to run.c. */
#include "run/worker.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/cell.h"
#include "device/native/self_test.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_SECONDS 0.1 /* intended time of a batch on its device */
#define BATCH_CELLS_MAX 4096u
#define BATCH_TRIALS_MAX (UINT32_C(1) << 30)
#define SCHEDULE_STEPS_MAX (UINT32_C(1) << 17) /* steps in the schedules of all cells of a batch */
/* A batch has at most so many times more cells than one whose schedules are all new, because it is not known beforehand
 * how many are. */
#define SHARED_CELLS 4u
#define DERIVE_GRAIN 16 /* cells that a thread derives at a time */
/* Before the speed of a device is known, its batch is limited to this many steps of all engagements, and to this many
 * engagements. */
#define FIRST_BATCH_STEPS 2500000.0
#define FIRST_BATCH_MAX 16384.0

void zem_run_message(const struct zem_run_options *options, const char *text)
{
    if (options->message != NULL)
        options->message(options->context, text);
}

void zem_run_fail(struct zem_run_state *run, const struct zem_error *error)
{
    pthread_mutex_lock(&run->lock);
    if (run->error.status == 0)
        run->error = *error;
    pthread_mutex_unlock(&run->lock);
}

/* Lets a batch go that is not in flight. Its memory is kept for the next. */
static void owned_batch_release(struct zem_owned_batch *owned) { zem_schedule_pool_release(&owned->schedules); }

static void owned_batch_free(struct zem_owned_batch *owned)
{
    owned_batch_release(owned);
    free(owned->cells);
    free(owned->batch.tallies);
    memset(owned, 0, sizeof *owned);
}

static int owned_batch_fit(struct zem_owned_batch *owned, size_t words, struct zem_error *error)
{
    const size_t count = owned->piece.cell_count;
    if (count <= owned->room)
        return ZEM_OK;
    free(owned->cells);
    free(owned->batch.tallies);
    owned->cells = malloc(count * sizeof *owned->cells);
    owned->batch.tallies = malloc(count * words * sizeof *owned->batch.tallies);
    owned->room = owned->cells != NULL && owned->batch.tallies != NULL ? count : 0;
    return owned->room > 0 ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for a batch of %zu cells", count);
}

/* Cells that several threads derive. Of several failures that of the first cell is kept, so that the message does not
 * depend on the threads. */
struct derivation {
    const struct zem_scenario *scenario;
    struct zem_owned_batch *owned;
    pthread_mutex_t lock;
    size_t failed; /* the first cell that failed */
    struct zem_error error;
};

static void derive_cells(void *context, size_t first, size_t last)
{
    struct derivation *derivation = context;
    const struct zem_owned_batch *owned = derivation->owned;
    for (size_t k = first; k < last; k++) {
        struct zem_error error = {0};
        if (zem_cell_derive(derivation->scenario, owned->piece.first_cell + k, &owned->cells[k], &error) == ZEM_OK)
            continue;
        pthread_mutex_lock(&derivation->lock);
        if (derivation->error.status == ZEM_OK || k < derivation->failed) {
            derivation->failed = k;
            derivation->error = error;
        }
        pthread_mutex_unlock(&derivation->lock);
        return;
    }
}

/* Derives the cells of a piece and their schedules, and sets up its batch. */
static int owned_batch_fill(struct zem_owned_batch *owned, const struct zem_run_state *run,
                            struct zem_schedule_pool *pool, struct zem_error *error)
{
    const struct zem_work_piece *piece = &owned->piece;
    const uint64_t shards = run->options->shards > 0 ? run->options->shards : 1;
    const uint64_t first = run->options->shard + piece->first_trial * shards;
    struct derivation derivation = {.scenario = run->scenario, .owned = owned};
    if (owned_batch_fit(owned, run->result->words, error) != ZEM_OK)
        return error->status;
    pthread_mutex_init(&derivation.lock, NULL);
    zem_parallel_for(piece->cell_count, DERIVE_GRAIN, run->options->threads, derive_cells, &derivation);
    pthread_mutex_destroy(&derivation.lock);
    if (derivation.error.status != ZEM_OK) {
        *error = derivation.error;
        return error->status;
    }
    if (zem_schedule_pool_place(pool, owned->cells, piece->cell_count, run->options->threads, &owned->schedules) != 0)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the schedules of a batch of %zu cells",
                             piece->cell_count);
    owned->batch.cells = owned->cells;
    owned->batch.cell_count = piece->cell_count;
    owned->batch.schedule = owned->schedules.steps;
    owned->batch.schedule_count = owned->schedules.count;
    owned->batch.schedule_number = owned->schedules.number;
    owned->batch.range.first_trial_low = (uint32_t)first;
    owned->batch.range.first_trial_high = (uint32_t)(first >> 32);
    owned->batch.range.stride = (uint32_t)shards;
    owned->batch.range.trials = piece->trials;
    return ZEM_OK;
}

/* Takes the next piece for a worker, sized by its speed. All trial numbers of a batch have the same high word, because
 * devices count in the low word alone, so a piece ends at a multiple of 2^32. */
static bool take_piece(struct zem_run_state *run, const struct zem_worker *worker, struct zem_work_piece *piece)
{
    const uint64_t shards = run->options->shards > 0 ? run->options->shards : 1;
    uint64_t wanted = worker->rate > 0.0 ? (uint64_t)(worker->rate * BATCH_SECONDS) + 1 : run->first_batch;
    uint32_t trials_max = BATCH_TRIALS_MAX;
    if (run->options->batch_trials > 0) {
        wanted = run->options->batch_trials;
        trials_max = run->options->batch_trials < BATCH_TRIALS_MAX ? run->options->batch_trials : BATCH_TRIALS_MAX;
    }
    for (uint64_t k = run->queue.cell; k < run->queue.cells; k++)
        if (run->queue.done[k] < run->queue.target[k]) {
            const uint64_t first = run->options->shard + run->queue.done[k] * shards;
            const uint64_t room = (UINT64_C(0x100000000) - (first & UINT64_C(0xFFFFFFFF)) + shards - 1) / shards;
            if (room < trials_max)
                trials_max = (uint32_t)room;
            break;
        }
    return zem_work_queue_take(&run->queue, wanted, worker->cells_max, trials_max, piece);
}

/* Adds a collected batch to the totals, unless its trials or outcomes do not add up to those of the batch. */
static int count_batch(struct zem_worker *worker, const struct zem_owned_batch *owned, double seconds,
                       struct zem_error *error)
{
    struct zem_run_state *run = worker->run;
    const size_t words = run->result->words;
    for (size_t k = 0; k < owned->piece.cell_count; k++) {
        const uint64_t *tally = owned->batch.tallies + k * words;
        uint64_t outcomes = 0;
        for (int o = 0; o < ZEM_OUTCOME_COUNT; o++)
            outcomes += tally[ZEM_TALLY_OUTCOME + o];
        if (tally[ZEM_TALLY_TRIALS] != owned->piece.trials || outcomes != owned->piece.trials)
            return zem_error_set(error, ZEM_INTERNAL,
                                 "device %s returned a tally of %" PRIu64 " trials for a batch of %" PRIu32,
                                 worker->device->name, tally[ZEM_TALLY_TRIALS], owned->piece.trials);
    }
    const uint64_t trials = (uint64_t)owned->piece.trials * owned->piece.cell_count;
    pthread_mutex_lock(&run->lock);
    bool fits = true;
    for (size_t k = 0; k < owned->piece.cell_count; k++)
        fits &= zem_totals_add(&run->result->totals, owned->piece.first_cell + k, owned->batch.tallies + k * words);
    run->trials_done += trials;
    zem_work_queue_counted(&run->queue, &owned->piece);
    pthread_mutex_unlock(&run->lock);
    if (!fits)
        return zem_error_set(error, ZEM_INTERNAL, "device %s returned a tally with more misses than trials",
                             worker->device->name);
    worker->trials += trials;
    worker->busy_seconds += seconds;
    if (seconds > 0.0)
        worker->rate = worker->rate > 0.0 ? 0.5 * (worker->rate + (double)trials / seconds) : (double)trials / seconds;
    return ZEM_OK;
}

/* Lets the next batch be larger if this one has found most of its schedules in the pool. */
static void choose_cells_max(struct zem_worker *worker, const struct zem_owned_batch *owned)
{
    const size_t least = worker->run->cells_max, most = SHARED_CELLS * least;
    worker->cells_max = owned->schedules.added > SCHEDULE_STEPS_MAX / SHARED_CELLS ? least : 2 * worker->cells_max;
    worker->cells_max = worker->cells_max < most ? worker->cells_max : most;
    worker->cells_max = worker->cells_max < BATCH_CELLS_MAX ? worker->cells_max : BATCH_CELLS_MAX;
}

static bool run_stopped(struct zem_run_state *run) { return zem_interrupted != 0 || run->error.status != 0; }

void *zem_worker_round(void *context)
{
    struct zem_worker *worker = context;
    struct zem_run_state *run = worker->run;
    const struct zem_backend *backend = worker->device->backend;
    const size_t depth = backend->depth < ZEM_WORKER_DEPTH_MAX ? backend->depth : ZEM_WORKER_DEPTH_MAX;
    size_t oldest = 0, in_flight = 0;
    struct zem_error error = {0};
    for (;;) {
        bool more = true;
        while (error.status == 0 && in_flight < depth && more) {
            struct zem_owned_batch *owned = &worker->flights[(oldest + in_flight) % depth];
            pthread_mutex_lock(&run->lock);
            more = !run_stopped(run) && take_piece(run, worker, &owned->piece);
            pthread_mutex_unlock(&run->lock);
            if (more && owned_batch_fill(owned, run, worker->pool, &error) == 0
                && backend->submit(worker->engine, &owned->batch, &error) == 0) {
                choose_cells_max(worker, owned);
                in_flight++;
            } else
                owned_batch_release(owned);
        }
        if (in_flight == 0)
            break;
        double seconds = 0.0;
        if (error.status == 0 && backend->collect(worker->engine, &seconds, &error) == 0)
            count_batch(worker, &worker->flights[oldest], seconds, &error);
        if (error.status != 0)
            break;
        owned_batch_release(&worker->flights[oldest]);
        oldest = (oldest + 1) % depth;
        in_flight--;
    }
    if (error.status != 0)
        zem_run_fail(run, &error);
    pthread_mutex_lock(&run->lock);
    run->working--;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}

/* ---- opening and closing ---- */

/* The approximate number of steps of a flight, never much too small: steps of full length, then steps that shrink in a
 * geometric series until the seeker is blind. */
static double steps_of(const struct zem_value *value)
{
    const double step = zem_cell_step(value), ratio = value[ZEM_KEY_STEP_RATIO].first;
    return value[ZEM_KEY_FLIGHT_TIME].first / step + ratio * log1p(step * ratio / value[ZEM_KEY_BLIND_TIME].first)
           + 8.0;
}

/* Fills the options that depend on all cells (zem_run_engine_options). Returns the approximate number of steps of the
 * longest flight. */
static double scan_cells(const struct zem_scenario *scenario, struct zem_engine_options *options)
{
    const uint64_t cells = zem_grid_cells(scenario);
    double longest = 1.0;
    options->features_possible = 0;
    options->features_certain = UINT32_MAX;
    for (uint64_t cell = 0; cell < cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(scenario, cell, value);
        const uint32_t features = zem_cell_features(value), stages = (uint32_t)value[ZEM_KEY_AUTOPILOT_ORDER].integer;
        options->features_possible |= features;
        options->features_certain &= features;
        options->stages = cell == 0 || options->stages == stages ? stages : 0;
        longest = fmax(longest, steps_of(value));
    }
    options->radius_count = (uint32_t)scenario->radius_count;
    options->shots = (uint32_t)scenario->value[ZEM_KEY_SHOTS].integer;
    return longest;
}

void zem_run_engine_options(const struct zem_scenario *scenario, struct zem_engine_options *options)
{
    scan_cells(scenario, options);
}

/* Opens one device and runs its self-test on the first cell of the scenario. */
static int worker_open(struct zem_worker *worker, const struct zem_engine_options *engine_options,
                       const struct zem_owned_batch *first, struct zem_error *error)
{
    char text[640], engine[256];
    int status = worker->device->backend->open(worker->device, engine_options, &worker->engine, error);
    if (status == 0)
        status = zem_engine_self_test(worker->device, worker->engine, first->cells, first->schedules.steps, error);
    if (status != 0)
        return status;
    worker->device->backend->describe(worker->engine, engine, sizeof engine);
    snprintf(text, sizeof text, "using %s: %s (%s)", worker->device->name, worker->device->description, engine);
    zem_run_message(worker->run->options, text);
    return ZEM_OK;
}

/* The trials that were flown before a checkpoint are listed as those of one more device, since the checkpoint does not
 * say who flew them. */
void zem_workers_record(const struct zem_run_state *run, const struct zem_worker *workers, size_t count)
{
    struct zem_provenance *provenance = &run->result->provenance;
    provenance->device = calloc(count + 1, sizeof *provenance->device);
    for (size_t k = 0; provenance->device != NULL && k < count; k++) {
        char engine[256] = "", text[600];
        workers[k].device->backend->describe(workers[k].engine, engine, sizeof engine);
        snprintf(text, sizeof text, "%s; %s", workers[k].device->description, engine);
        provenance->device[k].name = strdup(workers[k].device->name);
        provenance->device[k].description = strdup(text);
        provenance->device[k].trials = workers[k].trials;
        provenance->device[k].busy_seconds = workers[k].busy_seconds;
        provenance->kernel_seconds = fmax(provenance->kernel_seconds, workers[k].busy_seconds);
        provenance->device_count = k + 1;
    }
    if (provenance->device != NULL && run->earlier_trials > 0)
        provenance->device[provenance->device_count++] = (struct zem_device_use){
            strdup("before"), strdup("the run before its checkpoint"), run->earlier_trials, run->earlier_seconds};
}

void zem_workers_close(struct zem_worker *workers, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (workers[k].engine != NULL)
            workers[k].device->backend->close(workers[k].engine);
        for (size_t flight = 0; flight < ZEM_WORKER_DEPTH_MAX; flight++)
            owned_batch_free(&workers[k].flights[flight]);
        zem_schedule_pool_free(workers[k].pool);
    }
    free(workers);
}

/* Opens a device as the next worker. If that fails, `refusal` gets the reason and `count` stays. */
static int worker_add(struct zem_run_state *run, const struct zem_device *device,
                      const struct zem_engine_options *engine_options, const struct zem_owned_batch *first,
                      struct zem_worker *workers, size_t *count, struct zem_error *refusal)
{
    struct zem_worker *worker = &workers[*count];
    *refusal = (struct zem_error){0};
    worker->run = run;
    worker->device = device;
    worker->cells_max = run->cells_max;
    worker->pool = zem_schedule_pool_create();
    const int status = worker->pool != NULL
                           ? worker_open(worker, engine_options, first, refusal)
                           : zem_error_set(refusal, ZEM_INTERNAL, "no memory for device %s", device->name);
    if (status == 0) {
        (*count)++;
        return ZEM_OK;
    }
    if (worker->engine != NULL)
        device->backend->close(worker->engine);
    zem_schedule_pool_free(worker->pool);
    memset(worker, 0, sizeof *worker);
    return status;
}

/* Opens and tests the chosen devices. A device that fails ends the run if the user named it. With "auto" it is left out
 * with a message, and the processor does the work if no other device is left. */
static int workers_open_chosen(struct zem_run_state *run, const struct zem_device_list *list, const size_t *chosen,
                               size_t chosen_count, const struct zem_owned_batch *first, struct zem_worker *workers,
                               size_t *count, struct zem_error *error)
{
    const struct zem_run_options *options = run->options;
    const bool automatic = options->devices == NULL || strcmp(options->devices, "auto") == 0;
    struct zem_engine_options engine_options = {.threads = options->threads, .isa = options->isa};
    struct zem_error refusal = {0};
    const double steps = scan_cells(run->scenario, &engine_options);
    const size_t cells_max = 1 + (size_t)(SCHEDULE_STEPS_MAX / steps);
    run->cells_max = cells_max < BATCH_CELLS_MAX ? cells_max : BATCH_CELLS_MAX;
    run->first_batch = 1 + (uint64_t)fmin(FIRST_BATCH_STEPS / steps, FIRST_BATCH_MAX);
    bool processor_tried = false;
    for (size_t k = 0; k < chosen_count; k++) {
        const struct zem_device *device = &list->items[chosen[k]];
        processor_tried = processor_tried || device->backend == &zem_backend_openmp;
        if (worker_add(run, device, &engine_options, first, workers, count, &refusal) == 0)
            continue;
        if (!automatic) {
            *error = refusal;
            return error->status;
        }
        if (device->backend != &zem_backend_openmp)
            zem_run_message(options, refusal.message);
    }
    for (size_t k = 0; k < list->count && *count == 0 && !processor_tried; k++)
        if (list->items[k].backend == &zem_backend_openmp)
            worker_add(run, &list->items[k], &engine_options, first, workers, count, &refusal);
    if (*count > 0)
        return ZEM_OK;
    *error = refusal;
    return error->status;
}

/* The devices are tested on the first cell of the scenario, which is derived here once for all of them. */
int zem_workers_open(struct zem_run_state *run, const struct zem_device_list *list, struct zem_worker **workers,
                     size_t *count, struct zem_error *error)
{
    const char *wish = run->options->devices != NULL ? run->options->devices : "auto";
    struct zem_owned_batch first = {.piece = {.cell_count = 1, .trials = 1}};
    struct zem_schedule_pool *pool = zem_schedule_pool_create();
    size_t *chosen = calloc(list->count + 1, sizeof *chosen), chosen_count = 0;
    *workers = calloc(list->count + 1, sizeof **workers);
    *count = 0;
    int status = chosen != NULL && *workers != NULL && pool != NULL
                     ? ZEM_OK
                     : zem_error_set(error, ZEM_INTERNAL, "no memory for devices");
    if (status == 0)
        status = zem_devices_choose(list, wish, chosen, &chosen_count, error);
    if (status == 0)
        status = owned_batch_fill(&first, run, pool, error);
    if (status == 0)
        status = workers_open_chosen(run, list, chosen, chosen_count, &first, *workers, count, error);
    owned_batch_free(&first);
    zem_schedule_pool_free(pool);
    free(chosen);
    return status;
}
