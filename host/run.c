/* Implementation of run.h: one thread per engine pulls pieces of work, derives their cells, flies them and adds the tallies. */
#include "run.h"

#include "cell.h"
#include "checkpoint.h"
#include "grid.h"
#include "precision.h"
#include "samples.h"
#include "schedule_table.h"
#include "work_queue.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEPTH_MAX 4
#define CHECKPOINT_PART 0.05       /* of the time of a run that may go into checkpoints */
#define BATCH_SECONDS 0.1          /* aim for the time of one batch on its device */
#define BATCH_CELLS_MAX 4096u
#define BATCH_TRIALS_MAX (UINT32_C(1) << 30)
#define SCHEDULE_STEPS_MAX (UINT32_C(1) << 17) /* of all cells of a batch */
#define FIRST_BATCH_STEPS 2500000.0 /* steps of all engagements of a batch before the device's speed is known, ... */
#define FIRST_BATCH_MAX 16384.0    /* ... and engagements */

/* What the engines share. */
struct dispatch {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct zem_scenario *scenario;
    const struct zem_run_options *options;
    struct zem_result *result;
    struct zem_work_queue queue;
    uint64_t trials_done;          /* engagements counted */
    unsigned working;              /* engines in the current round */
    size_t cells_max;              /* cells of one batch, so that their schedules stay small */
    uint64_t first_batch;          /* engagements of a device's first batch */
    struct zem_error error;        /* the first failure */
    uint64_t *target;              /* per cell: what precision.h wants; for checkpoints */
    double start, earlier_seconds; /* of this run, and of those before its checkpoint */
    uint64_t earlier_trials;
    double next_checkpoint;
    bool has_checkpoint;           /* of the state after a signal */
};

/* A batch with everything it owns. */
struct owned_batch {
    struct zem_batch batch;
    struct zem_work_piece piece;
    struct cell_parameters *cells;
    struct schedule_step *schedule;
};

/* One opened device. */
struct worker {
    struct dispatch *dispatch;
    const struct zem_device *device;
    struct zem_engine *engine;
    struct owned_batch flights[DEPTH_MAX]; /* what the device may still read; after a failure until the engine is closed */
    pthread_t thread;
    double rate;                   /* engagements per second, 0 while unknown */
    uint64_t trials;
    double busy_seconds;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void message(const struct zem_run_options *options, const char *text)
{
    if (options->message != NULL)
        options->message(options->context, text);
}

static void owned_batch_free(struct owned_batch *owned)
{
    free(owned->cells);
    free(owned->schedule);
    free(owned->batch.tallies);
    memset(owned, 0, sizeof *owned);
}

/* Derives the cells of a piece and their schedules. */
static int owned_batch_fill(struct owned_batch *owned, const struct dispatch *d, struct zem_error *error)
{
    const struct zem_work_piece *piece = &owned->piece;
    const uint64_t shards = d->options->shards > 0 ? d->options->shards : 1;
    const uint64_t first = d->options->shard + piece->first_trial * shards;
    owned->cells = calloc(piece->cell_count, sizeof *owned->cells);
    owned->batch.tallies = calloc(piece->cell_count * d->result->words, sizeof *owned->batch.tallies);
    if (owned->cells == NULL || owned->batch.tallies == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for a batch of %zu cells", piece->cell_count);
    for (size_t k = 0; k < piece->cell_count; k++) {
        const int status = zem_cell_derive(d->scenario, piece->first_cell + k, &owned->cells[k], error);
        if (status != 0)
            return status;
    }
    const size_t steps = zem_schedule_place(owned->cells, piece->cell_count);
    if (steps > 0) {
        owned->schedule = malloc(steps * sizeof *owned->schedule);
        if (owned->schedule == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "no memory for the schedule of a batch, %zu steps", steps);
        zem_schedule_fill_all(owned->cells, piece->cell_count, owned->schedule);
    }
    owned->batch.cells = owned->cells;
    owned->batch.cell_count = piece->cell_count;
    owned->batch.schedule = owned->schedule;
    owned->batch.schedule_count = steps;
    owned->batch.range.first_trial_low = (uint32_t)first;
    owned->batch.range.first_trial_high = (uint32_t)(first >> 32);
    owned->batch.range.stride = (uint32_t)shards;
    owned->batch.range.trials = piece->trials;
    return ZEM_OK;
}

/* Takes the next piece for a worker. A batch's trial numbers stay inside one block of 2^32, so that the high word is the same for all. */
static bool take_piece(struct dispatch *d, const struct worker *w, struct zem_work_piece *piece)
{
    const uint64_t shards = d->options->shards > 0 ? d->options->shards : 1;
    uint64_t wanted = w->rate > 0.0 ? (uint64_t)(w->rate * BATCH_SECONDS) + 1 : d->first_batch;
    uint32_t trials_max = BATCH_TRIALS_MAX;
    if (d->options->batch_trials > 0) {
        wanted = d->options->batch_trials;
        trials_max = d->options->batch_trials < BATCH_TRIALS_MAX ? d->options->batch_trials : BATCH_TRIALS_MAX;
    }
    for (uint64_t k = d->queue.cell; k < d->queue.cells; k++)
        if (d->queue.done[k] < d->queue.target[k]) {
            const uint64_t first = d->options->shard + d->queue.done[k] * shards;
            const uint64_t room = (UINT64_C(0x100000000) - (first & UINT64_C(0xFFFFFFFF)) + shards - 1) / shards;
            if (room < trials_max)
                trials_max = (uint32_t)room;
            break;
        }
    return zem_work_queue_take(&d->queue, wanted, d->cells_max, trials_max, piece);
}

static void fail(struct dispatch *d, const struct zem_error *error)
{
    pthread_mutex_lock(&d->lock);
    if (d->error.status == 0)
        d->error = *error;
    pthread_mutex_unlock(&d->lock);
}

/* Adds a collected batch to the totals. A batch counts only if its trials add up. */
static int count_batch(struct worker *w, const struct owned_batch *owned, double seconds, struct zem_error *error)
{
    struct dispatch *d = w->dispatch;
    const size_t words = d->result->words;
    for (size_t k = 0; k < owned->piece.cell_count; k++) {
        const uint64_t *tally = owned->batch.tallies + k * words;
        uint64_t outcomes = 0;
        for (int o = 0; o < ZEM_OUTCOME_COUNT; o++)
            outcomes += tally[ZEM_TALLY_OUTCOME + o];
        if (tally[ZEM_TALLY_TRIALS] != owned->piece.trials || outcomes != owned->piece.trials)
            return zem_error_set(error, ZEM_INTERNAL, "device %s returned a tally of %" PRIu64 " trials for a batch of %" PRIu32, w->device->name, tally[ZEM_TALLY_TRIALS], owned->piece.trials);
    }
    const uint64_t trials = (uint64_t)owned->piece.trials * owned->piece.cell_count;
    pthread_mutex_lock(&d->lock);
    for (size_t k = 0; k < owned->piece.cell_count; k++) {
        uint64_t *total = d->result->totals + (owned->piece.first_cell + k) * words;
        const uint64_t *tally = owned->batch.tallies + k * words;
        for (size_t word = 0; word < words; word++)
            total[word] += tally[word];
    }
    d->trials_done += trials;
    zem_work_queue_counted(&d->queue, &owned->piece);
    pthread_mutex_unlock(&d->lock);
    w->trials += trials;
    w->busy_seconds += seconds;
    if (seconds > 0.0)
        w->rate = w->rate > 0.0 ? 0.5 * (w->rate + (double)trials / seconds) : (double)trials / seconds;
    return ZEM_OK;
}

static bool stopped(struct dispatch *d)
{
    return zem_interrupted != 0 || d->error.status != 0;
}

/* Flies the current round on one engine, keeping as many batches in flight as the backend takes. */
static void *worker_round(void *context)
{
    struct worker *w = context;
    struct dispatch *d = w->dispatch;
    const struct zem_backend *backend = w->device->backend;
    const size_t depth = backend->depth < DEPTH_MAX ? backend->depth : DEPTH_MAX;
    size_t oldest = 0, in_flight = 0;
    struct zem_error error = {0};
    for (;;) {
        bool more = true;
        while (error.status == 0 && in_flight < depth && more) {
            struct owned_batch *owned = &w->flights[(oldest + in_flight) % depth];
            pthread_mutex_lock(&d->lock);
            more = !stopped(d) && take_piece(d, w, &owned->piece);
            pthread_mutex_unlock(&d->lock);
            if (more && owned_batch_fill(owned, d, &error) == 0 && backend->submit(w->engine, &owned->batch, &error) == 0)
                in_flight++;
            else
                owned_batch_free(owned);
        }
        if (in_flight == 0)
            break;
        double seconds = 0.0;
        if (error.status == 0 && backend->collect(w->engine, &seconds, &error) == 0)
            count_batch(w, &w->flights[oldest], seconds, &error);
        if (error.status != 0)
            break;
        owned_batch_free(&w->flights[oldest]);
        oldest = (oldest + 1) % depth;
        in_flight--;
    }
    if (error.status != 0)
        fail(d, &error);
    pthread_mutex_lock(&d->lock);
    d->working--;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    return NULL;
}

static uint64_t shard_trials(const struct zem_run_options *options, uint64_t trials)
{
    if (options->shards <= 1)
        return trials;
    return trials > options->shard ? (trials - options->shard + options->shards - 1) / options->shards : 0;
}

/* ---- checkpoints ---- */

static struct zem_checkpoint checkpoint_of(struct dispatch *d)
{
    return (struct zem_checkpoint){.result = d->result, .shard = d->options->shard, .shards = d->options->shards > 0 ? d->options->shards : 1, .queue = &d->queue,
                                   .target = d->target, .trials_done = d->trials_done, .seconds = d->earlier_seconds + now() - d->start};
}

/* Writes a checkpoint if one is due (or `due`), with the lock held, which the state needs to stand still; syncing needs it no more.
 * A failure does not stop the run: the next one may succeed, and a message says so. */
static bool save_checkpoint(struct dispatch *d, bool due)
{
    const double start = now();
    struct zem_error error = {0};
    if (d->options->checkpoint == NULL || !(d->options->checkpoint_seconds > 0.0) || (!due && start < d->next_checkpoint))
        return false;
    const struct zem_checkpoint checkpoint = checkpoint_of(d);
    int status = zem_checkpoint_write(&checkpoint, d->options->checkpoint, &error);
    pthread_mutex_unlock(&d->lock);
    if (status == 0)
        status = zem_checkpoint_publish(d->options->checkpoint, &error);
    if (status != 0)
        message(d->options, error.message);
    pthread_mutex_lock(&d->lock);
    d->next_checkpoint = now() + fmax(d->options->checkpoint_seconds, (now() - start) / CHECKPOINT_PART);
    return status == 0;
}

/* Goes on from the checkpoint if there is one and it is wanted; `*resumed` says so. */
static int load_checkpoint(struct dispatch *d, bool *resumed)
{
    const char *path = d->options->checkpoint;
    char text[120];
    *resumed = path != NULL && d->options->resume && zem_checkpoint_exists(path);
    if (!*resumed)
        return ZEM_OK;
    struct zem_checkpoint checkpoint = checkpoint_of(d);
    const int status = zem_checkpoint_read(&checkpoint, path, &d->error);
    if (status != 0)
        return status;
    d->trials_done = d->earlier_trials = checkpoint.trials_done;
    d->earlier_seconds = checkpoint.seconds;
    snprintf(text, sizeof text, "going on after %" PRIu64 " trials", checkpoint.trials_done);
    message(d->options, text);
    return ZEM_OK;
}

/* Waits for the workers of a round and reports progress meanwhile; the last report counts everything that they flew. */
static void watch_round(struct dispatch *d, struct worker *workers, size_t count, uint64_t trials_total)
{
    const struct zem_run_options *options = d->options;
    pthread_mutex_lock(&d->lock);
    for (bool flying = true; flying;) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 200000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (d->working > 0)
            pthread_cond_timedwait(&d->changed, &d->lock, &until);
        save_checkpoint(d, false);
        flying = d->working > 0;
        const struct zem_progress progress = {.trials_done = d->trials_done, .trials_total = trials_total, .seconds = d->earlier_seconds + now() - d->start};
        pthread_mutex_unlock(&d->lock);
        if (options->progress != NULL)
            options->progress(options->context, &progress);
        pthread_mutex_lock(&d->lock);
    }
    pthread_mutex_unlock(&d->lock);
    for (size_t k = 0; k < count; k++)
        pthread_join(workers[k].thread, NULL);
}

static int fly_round(struct dispatch *d, struct worker *workers, size_t count, uint64_t trials_total)
{
    zem_work_queue_rewind(&d->queue);
    d->working = (unsigned)count;
    for (size_t k = 0; k < count; k++) {
        if (pthread_create(&workers[k].thread, NULL, worker_round, &workers[k]) == 0)
            continue;
        struct zem_error error = {0};
        zem_error_set(&error, ZEM_INTERNAL, "cannot start a thread for device %s", workers[k].device->name);
        fail(d, &error);
        pthread_mutex_lock(&d->lock);
        d->working -= (unsigned)(count - k);
        pthread_mutex_unlock(&d->lock);
        count = k;
    }
    watch_round(d, workers, count, trials_total);
    return d->error.status;
}

/* One round in which every cell gets the number of trials asked for. */
static int fly_given(struct dispatch *d, struct worker *workers, size_t count)
{
    uint64_t trials_total = 0;
    for (uint64_t cell = 0; cell < d->result->cells; cell++)
        trials_total += d->queue.target[cell] = d->options->cell_trials[cell];
    return fly_round(d, workers, count, trials_total);
}

/* Single trials are flown again once every cell has its tallies. */
static int fly_samples(struct dispatch *d)
{
    char text[120];
    if (d->result->sample_count == 0)
        return ZEM_OK;
    snprintf(text, sizeof text, "keeping %zu trials of each of %" PRIu64 " cells", d->result->sample_count, d->result->cells);
    message(d->options, text);
    return zem_samples_fly(d->result, d->options->threads, &d->error);
}

/* Rounds until every cell has its trials or its precision. */
static int fly_all(struct dispatch *d, struct worker *workers, size_t count)
{
    const struct zem_run_options *options = d->options;
    struct zem_precision precision;
    int status = zem_precision_init(&precision, d->result, &d->error);
    uint64_t trials_total = 0;
    for (uint64_t cell = 0; status == 0 && options->trials_limit > 0 && cell < d->result->cells; cell++)
        if (precision.bound[cell] > options->trials_limit)
            precision.bound[cell] = options->trials_limit;
    for (uint64_t cell = 0; status == 0 && cell < d->result->cells; cell++)
        trials_total += shard_trials(options, precision.bound[cell]);
    d->target = precision.target;
    if (status == 0)
        status = load_checkpoint(d, &precision.started);
    bool in_round = precision.started; /* a checkpoint lies inside a round, which is to be finished first */
    while (status == 0 && !zem_interrupted && (in_round || zem_precision_next_round(&precision, d->result))) {
        in_round = false;
        for (uint64_t cell = 0; cell < d->result->cells; cell++)
            d->queue.target[cell] = shard_trials(options, precision.target[cell]);
        status = fly_round(d, workers, count, trials_total);
    }
    if (status == 0 && !zem_interrupted)
        status = fly_samples(d);
    pthread_mutex_lock(&d->lock);
    d->has_checkpoint = status == 0 && zem_interrupted && precision.started && save_checkpoint(d, true);
    pthread_mutex_unlock(&d->lock);
    zem_precision_free(&precision);
    return status;
}

/* About the number of steps of a cell, never much too small: steps of full size, then a geometric series to blind_time. */
static double steps_of(const struct zem_value *value)
{
    const double step = zem_cell_step(value), ratio = value[ZEM_KEY_STEP_RATIO].first;
    return value[ZEM_KEY_FLIGHT_TIME].first / step + ratio * log1p(step * ratio / value[ZEM_KEY_BLIND_TIME].first) + 8.0;
}

/* Union and intersection of the features of all cells, and the number of autopilot stages if they agree. Returns about how many
 * steps the longest flight takes. */
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

/* Opens one device and lets it pass its self-test on the first cell. */
static int worker_open(struct worker *w, const struct zem_engine_options *engine_options, const struct owned_batch *first, struct zem_error *error)
{
    char text[640], engine[256];
    int status = w->device->backend->open(w->device, engine_options, &w->engine, error);
    if (status == 0)
        status = zem_engine_self_test(w->device, w->engine, first->cells, first->schedule, error);
    if (status != 0)
        return status;
    w->device->backend->describe(w->engine, engine, sizeof engine);
    snprintf(text, sizeof text, "using %s: %s (%s)", w->device->name, w->device->description, engine);
    message(w->dispatch->options, text);
    return ZEM_OK;
}

/* The trials of a run before a checkpoint stand as those of a device of their own. */
static void record_devices(const struct dispatch *d, const struct worker *workers, size_t count)
{
    struct zem_provenance *provenance = &d->result->provenance;
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
    if (provenance->device != NULL && d->earlier_trials > 0)
        provenance->device[provenance->device_count++] = (struct zem_device_use){strdup("before"), strdup("the run before its checkpoint"), d->earlier_trials, d->earlier_seconds};
}

static void workers_close(struct worker *workers, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (workers[k].engine != NULL)
            workers[k].device->backend->close(workers[k].engine);
        for (size_t flight = 0; flight < DEPTH_MAX; flight++)
            owned_batch_free(&workers[k].flights[flight]);
    }
    free(workers);
}

/* Opens a device as the next worker; one that fails leaves nothing but the reason in `refusal`. */
static int worker_add(struct dispatch *d, const struct zem_device *device, const struct zem_engine_options *engine_options,
                      const struct owned_batch *first, struct worker *workers, size_t *count, struct zem_error *refusal)
{
    struct worker *w = &workers[*count];
    *refusal = (struct zem_error){0};
    w->dispatch = d;
    w->device = device;
    const int status = worker_open(w, engine_options, first, refusal);
    if (status == 0) {
        (*count)++;
        return ZEM_OK;
    }
    if (w->engine != NULL)
        device->backend->close(w->engine);
    memset(w, 0, sizeof *w);
    return status;
}

/* Opens and tests the devices chosen. One that fails ends the run if it was asked for by name; with "auto" it is left out with a
 * message, and the processor does the work if none is left. */
static int workers_open_chosen(struct dispatch *d, const struct zem_device_list *list, const size_t *chosen, size_t chosen_count,
                               const struct owned_batch *first, struct worker *workers, size_t *count, struct zem_error *error)
{
    const struct zem_run_options *options = d->options;
    const bool automatic = options->devices == NULL || strcmp(options->devices, "auto") == 0;
    struct zem_engine_options engine_options = {.threads = options->threads, .isa = options->isa};
    struct zem_error refusal = {0};
    const double steps = scan_cells(d->scenario, &engine_options);
    const size_t cells_max = 1 + (size_t)(SCHEDULE_STEPS_MAX / steps);
    d->cells_max = cells_max < BATCH_CELLS_MAX ? cells_max : BATCH_CELLS_MAX;
    d->first_batch = 1 + (uint64_t)fmin(FIRST_BATCH_STEPS / steps, FIRST_BATCH_MAX);
    bool processor_tried = false;
    for (size_t k = 0; k < chosen_count; k++) {
        const struct zem_device *device = &list->items[chosen[k]];
        processor_tried = processor_tried || device->backend == &zem_backend_openmp;
        if (worker_add(d, device, &engine_options, first, workers, count, &refusal) == 0)
            continue;
        if (!automatic) {
            *error = refusal;
            return error->status;
        }
        if (device->backend != &zem_backend_openmp)
            message(options, refusal.message);
    }
    for (size_t k = 0; k < list->count && *count == 0 && !processor_tried; k++)
        if (list->items[k].backend == &zem_backend_openmp)
            worker_add(d, &list->items[k], &engine_options, first, workers, count, &refusal);
    if (*count > 0)
        return ZEM_OK;
    *error = refusal;
    return error->status;
}

/* Chooses the devices and readies the first cell, on which they are tested. */
static int workers_open(struct dispatch *d, const struct zem_device_list *list, struct worker **workers, size_t *count, struct zem_error *error)
{
    const char *wish = d->options->devices != NULL ? d->options->devices : "auto";
    struct owned_batch first = {.piece = {.cell_count = 1, .trials = 1}};
    size_t *chosen = calloc(list->count + 1, sizeof *chosen), chosen_count = 0;
    *workers = calloc(list->count + 1, sizeof **workers);
    *count = 0;
    int status = chosen != NULL && *workers != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for devices");
    if (status == 0)
        status = zem_devices_choose(list, wish, chosen, &chosen_count, error);
    if (status == 0)
        status = owned_batch_fill(&first, d, error);
    if (status == 0)
        status = workers_open_chosen(d, list, chosen, chosen_count, &first, *workers, count, error);
    owned_batch_free(&first);
    free(chosen);
    return status;
}

/* Whether some cell stops at a precision. */
static bool precision_asked(const struct zem_scenario *scenario)
{
    bool asked = scenario->value[ZEM_KEY_PRECISION].present;
    for (size_t k = 0; k < scenario->axis_count; k++)
        asked = asked || scenario->axis[k].key == ZEM_KEY_PRECISION;
    return asked;
}

int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result, struct zem_error *error)
{
    struct dispatch d = {.scenario = scenario, .options = options, .result = result, .start = now()};
    struct zem_device_list list = {0};
    struct worker *workers = NULL;
    size_t count = 0;
    d.next_checkpoint = d.start + options->checkpoint_seconds;
    if (options->shards > 1 && precision_asked(scenario))
        return zem_error_set(error, ZEM_USAGE, "run.precision decides on all trials of a cell, of which a shard sees its own alone: leave out run.precision, or --shard");
    pthread_mutex_init(&d.lock, NULL);
    pthread_cond_init(&d.changed, NULL);
    int status = options->shards > 1 ? zem_result_set_shards(result, &options->shard, 1, options->shards, error) : ZEM_OK;
    if (status == 0)
        status = zem_work_queue_init(&d.queue, result->cells) == 0 ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for %" PRIu64 " cells", result->cells);
    if (status == 0)
        status = zem_devices_list(&list, error);
    if (status == 0)
        status = workers_open(&d, &list, &workers, &count, error);
    if (status == 0 && (options->cell_trials ? fly_given : fly_all)(&d, workers, count) != 0) {
        *error = d.error;
        status = error->status;
    }
    if (status == 0 && zem_interrupted) {
        memset(result->stop_reason, ZEM_STOP_INTERRUPTED, result->cells);
        if (d.has_checkpoint)
            status = zem_error_set(error, ZEM_STOPPED_RESUMABLE, "stopped by a signal after %" PRIu64 " trials; --resume goes on from there", d.trials_done);
        else
            status = zem_error_set(error, ZEM_STOPPED, "stopped by a signal after %" PRIu64 " trials; nothing was written", d.trials_done);
    }
    if (count > 0)
        record_devices(&d, workers, count);
    result->provenance.wall_seconds = d.earlier_seconds + now() - d.start;
    if (status == 0)
        zem_result_digest(result);
    workers_close(workers, count);
    zem_devices_free(&list);
    zem_work_queue_free(&d.queue);
    pthread_cond_destroy(&d.changed);
    pthread_mutex_destroy(&d.lock);
    return status;
}
