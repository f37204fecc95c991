/* Implementation of run.h: one thread per engine pulls pieces of work, derives their cells, flies them and adds the tallies. */
#include "run.h"

#include "cell.h"
#include "grid.h"
#include "precision.h"
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
#define BATCH_SECONDS 0.1          /* aim for the time of one batch on its device */
#define BATCH_CELLS_MAX 4096u
#define BATCH_TRIALS_MAX (UINT32_C(1) << 30)
#define SCHEDULE_STEPS_MAX (UINT32_C(1) << 20) /* of all cells of a batch */
#define FIRST_BATCH 16384u         /* engagements, before the device's speed is known */

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
    struct zem_error error;        /* the first failure */
};

/* One opened device. */
struct worker {
    struct dispatch *dispatch;
    const struct zem_device *device;
    struct zem_engine *engine;
    pthread_t thread;
    double rate;                   /* engagements per second, 0 while unknown */
    uint64_t trials;
    double busy_seconds;
};

/* A batch with everything it owns. */
struct owned_batch {
    struct zem_batch batch;
    struct zem_work_piece piece;
    struct cell_parameters *cells;
    struct schedule_step *schedule;
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
    size_t steps = 0;
    for (size_t k = 0; k < piece->cell_count; k++) {
        const int status = zem_cell_derive(d->scenario, piece->first_cell + k, &owned->cells[k], error);
        if (status != 0)
            return status;
        owned->cells[k].schedule_first = (uint32_t)steps;
        steps += owned->cells[k].schedule_steps;
    }
    if (steps > 0) {
        owned->schedule = malloc(steps * sizeof *owned->schedule);
        if (owned->schedule == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "no memory for the schedule of a batch, %zu steps", steps);
        for (size_t k = 0; k < piece->cell_count; k++)
            zem_schedule_fill(&owned->cells[k], owned->schedule + owned->cells[k].schedule_first);
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
    uint64_t wanted = w->rate > 0.0 ? (uint64_t)(w->rate * BATCH_SECONDS) + 1 : FIRST_BATCH;
    uint32_t trials_max = BATCH_TRIALS_MAX;
    if (d->options->batch_trials > 0) {
        wanted = d->options->batch_trials;
        trials_max = d->options->batch_trials;
    }
    const uint64_t cell = d->queue.cell;
    for (uint64_t k = cell; k < d->queue.cells; k++)
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
    struct owned_batch flights[DEPTH_MAX];
    size_t oldest = 0, in_flight = 0;
    struct zem_error error = {0};
    memset(flights, 0, sizeof flights);
    for (;;) {
        bool more = true;
        while (error.status == 0 && in_flight < depth && more) {
            struct owned_batch *owned = &flights[(oldest + in_flight) % depth];
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
            count_batch(w, &flights[oldest], seconds, &error);
        if (error.status != 0)
            break;
        owned_batch_free(&flights[oldest]);
        oldest = (oldest + 1) % depth;
        in_flight--;
    }
    if (error.status != 0)
        fail(d, &error);
    pthread_mutex_lock(&d->lock);
    d->working--;
    pthread_cond_broadcast(&d->changed);
    pthread_mutex_unlock(&d->lock);
    if (error.status == 0)
        for (size_t k = 0; k < depth; k++)
            owned_batch_free(&flights[k]);
    return NULL; /* after a failure the device may still read a batch: its memory is left until the process ends */
}

static uint64_t shard_trials(const struct zem_run_options *options, uint64_t trials)
{
    if (options->shards <= 1)
        return trials;
    return trials > options->shard ? (trials - options->shard + options->shards - 1) / options->shards : 0;
}

/* Waits for the workers of a round and reports progress meanwhile. */
static void watch_round(struct dispatch *d, struct worker *workers, size_t count, uint64_t trials_total, double start)
{
    const struct zem_run_options *options = d->options;
    pthread_mutex_lock(&d->lock);
    while (d->working > 0) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 200000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        pthread_cond_timedwait(&d->changed, &d->lock, &until);
        const struct zem_progress progress = {.trials_done = d->trials_done, .trials_total = trials_total, .seconds = now() - start};
        pthread_mutex_unlock(&d->lock);
        if (options->progress != NULL)
            options->progress(options->context, &progress);
        pthread_mutex_lock(&d->lock);
    }
    pthread_mutex_unlock(&d->lock);
    for (size_t k = 0; k < count; k++)
        pthread_join(workers[k].thread, NULL);
}

static int fly_round(struct dispatch *d, struct worker *workers, size_t count, uint64_t trials_total, double start)
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
    watch_round(d, workers, count, trials_total, start);
    return d->error.status;
}

/* Rounds until every cell has its trials or its precision. */
static int fly_all(struct dispatch *d, struct worker *workers, size_t count, double start)
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
    while (status == 0 && !zem_interrupted && zem_precision_next_round(&precision, d->result)) {
        for (uint64_t cell = 0; cell < d->result->cells; cell++)
            d->queue.target[cell] = shard_trials(options, precision.target[cell]);
        status = fly_round(d, workers, count, trials_total, start);
    }
    zem_precision_free(&precision);
    return status;
}

/* Union and intersection of the features of all cells, and the number of autopilot stages if they agree. */
static void scan_features(const struct zem_scenario *scenario, struct zem_engine_options *options)
{
    const uint64_t cells = zem_grid_cells(scenario);
    options->features_possible = 0;
    options->features_certain = UINT32_MAX;
    for (uint64_t cell = 0; cell < cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(scenario, cell, value);
        const uint32_t features = zem_cell_features(value), stages = (uint32_t)value[ZEM_KEY_AUTOPILOT_ORDER].integer;
        options->features_possible |= features;
        options->features_certain &= features;
        options->stages = cell == 0 || options->stages == stages ? stages : 0;
    }
    options->radius_count = (uint32_t)scenario->radius_count;
    options->shots = (uint32_t)scenario->value[ZEM_KEY_SHOTS].integer;
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

static void record_devices(struct zem_provenance *provenance, const struct worker *workers, size_t count)
{
    provenance->device = calloc(count, sizeof *provenance->device);
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
}

static void workers_close(struct worker *workers, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (workers[k].engine != NULL)
            workers[k].device->backend->close(workers[k].engine);
    free(workers);
}

/* Lists, chooses, opens and tests the devices. One that was not asked for by name and fails is left out with a message. */
static int workers_open(struct dispatch *d, const struct zem_device_list *list, struct worker **workers, size_t *count, struct zem_error *error)
{
    const struct zem_run_options *options = d->options;
    const char *wish = options->devices != NULL ? options->devices : "auto";
    struct zem_engine_options engine_options = {.threads = options->threads, .isa = options->isa};
    struct owned_batch first = {.piece = {.cell_count = 1, .trials = 1}};
    size_t *chosen = calloc(list->count + 1, sizeof *chosen), chosen_count = 0;
    *workers = calloc(list->count + 1, sizeof **workers);
    *count = 0;
    int status = chosen != NULL && *workers != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for devices");
    if (status == 0)
        status = zem_devices_choose(list, wish, chosen, &chosen_count, error);
    if (status == 0)
        status = owned_batch_fill(&first, d, error);
    if (status == 0 && first.batch.schedule_count > SCHEDULE_STEPS_MAX / BATCH_CELLS_MAX)
        d->cells_max = 1 + SCHEDULE_STEPS_MAX / first.batch.schedule_count;
    scan_features(d->scenario, &engine_options);
    for (size_t k = 0; status == 0 && k < chosen_count; k++) {
        struct worker *w = &(*workers)[*count];
        struct zem_error refusal = {0};
        w->dispatch = d;
        w->device = &list->items[chosen[k]];
        status = worker_open(w, &engine_options, &first, &refusal);
        if (status == 0) {
            (*count)++;
            continue;
        }
        if (w->engine != NULL)
            w->device->backend->close(w->engine);
        memset(w, 0, sizeof *w);
        if (strcmp(wish, "auto") == 0 && k + 1 < chosen_count) {
            message(options, refusal.message);
            status = ZEM_OK;
        } else
            *error = refusal;
    }
    owned_batch_free(&first);
    free(chosen);
    return status;
}

int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result, struct zem_error *error)
{
    struct dispatch d = {.scenario = scenario, .options = options, .result = result, .cells_max = BATCH_CELLS_MAX};
    struct zem_device_list list = {0};
    struct worker *workers = NULL;
    size_t count = 0;
    const double start = now();
    pthread_mutex_init(&d.lock, NULL);
    pthread_cond_init(&d.changed, NULL);
    int status = zem_work_queue_init(&d.queue, result->cells) == 0 ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for %" PRIu64 " cells", result->cells);
    if (status == 0)
        status = zem_devices_list(&list, error);
    if (status == 0)
        status = workers_open(&d, &list, &workers, &count, error);
    if (status == 0 && fly_all(&d, workers, count, start) != 0) {
        *error = d.error;
        status = error->status;
    }
    if (status == 0 && zem_interrupted) {
        memset(result->stop_reason, ZEM_STOP_INTERRUPTED, result->cells);
        status = zem_error_set(error, ZEM_STOPPED, "stopped by a signal after %" PRIu64 " trials; nothing was written", d.trials_done);
    }
    if (count > 0)
        record_devices(&result->provenance, workers, count);
    result->provenance.wall_seconds = now() - start;
    if (status == 0)
        zem_result_digest(result);
    workers_close(workers, count);
    zem_devices_free(&list);
    zem_work_queue_free(&d.queue);
    pthread_cond_destroy(&d.changed);
    pthread_mutex_destroy(&d.lock);
    return status;
}
