/* One opened device of a run. Its thread takes pieces of work from the queue, derives their cells, keeps as many
 * batches in flight as the backend allows, and adds the tallies to the totals. If the device fails, its pieces go back
 * to the queue. workers.c opens and closes devices; run.c has rounds, the precision rule and checkpoints. */
#include "run/worker.h"

#include "base/interruption.h"
#include "base/parallel.h"
#include "cell/dispersion.h"
#include "cell/schedule_pool.h"
#include "result/tally_check.h"
#include "scenario/cell_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_SECONDS 0.1     /* intended time of a batch on its device */
#define BATCH_SECONDS_MAX 2.0 /* longest time of a batch whose size the user gave */
#define BATCH_TRIALS_MAX (UINT32_C(1) << 30)
/* A batch may have so many times more cells than run->cells_max if earlier batches have left its schedules (tables of
 * steps) in the pool. The factor is limited, because it is known only afterwards how many schedules were new. */
#define SHARED_CELLS 4u
#define DERIVE_GRAIN 16 /* cells that a thread derives at a time */
#define COUNT_GRAIN 256 /* cells whose tallies a thread checks or counts at a time */

void zem_run_message(const struct zem_run_options *options, const char *text)
{
    if (options->message != NULL)
        options->message(options->context, text);
}

void zem_run_say(struct zem_run_state *run, const char *text)
{
    pthread_mutex_lock(&run->lock);
    char **said = realloc(run->said, (run->said_count + 1) * sizeof *said);
    if (said != NULL) {
        run->said = said;
        run->said[run->said_count++] = strdup(text);
    }
    pthread_mutex_unlock(&run->lock);
}

void zem_run_pass_on(struct zem_run_state *run)
{
    pthread_mutex_lock(&run->lock);
    char **said = run->said;
    const size_t count = run->said_count;
    run->said = NULL;
    run->said_count = 0;
    pthread_mutex_unlock(&run->lock);
    for (size_t k = 0; k < count; k++) {
        if (said[k] != NULL)
            zem_run_message(run->options, said[k]);
        free(said[k]);
    }
    free(said);
}

void zem_run_fail(struct zem_run_state *run, const struct zem_error *error)
{
    pthread_mutex_lock(&run->lock);
    if (run->error.status == 0 && !zem_interrupted)
        run->error = *error;
    pthread_mutex_unlock(&run->lock);
}

/* Releases the schedules of a batch that is not in flight. The other memory is kept for the next batch. */
static void owned_batch_release(struct zem_owned_batch *owned) { zem_schedule_pool_release(&owned->schedules); }

void zem_owned_batch_free(struct zem_owned_batch *owned)
{
    owned_batch_release(owned);
    free(owned->cells);
    free(owned->batch.tallies);
    memset(owned, 0, sizeof *owned);
}

static int owned_batch_fit(struct zem_owned_batch *owned, size_t words, struct zem_error *error)
{
    const size_t count = owned->piece.cell_count * owned->parts;
    if (count <= owned->room)
        return ZEM_OK;
    free(owned->cells);
    free(owned->batch.tallies);
    owned->cells = malloc(count * sizeof *owned->cells);
    owned->batch.tallies = malloc(count * words * sizeof *owned->batch.tallies);
    owned->room = owned->cells != NULL && owned->batch.tallies != NULL ? count : 0;
    return owned->room > 0 ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "no memory for a batch of %zu cells", count);
}

/* The number that trial `index` of a piece has in the run. A shard has every n-th trial of the run. */
static uint64_t trial_number(const struct zem_run_state *run, const struct zem_work_piece *piece, uint64_t index)
{
    const uint64_t shards = run->options->shards > 0 ? run->options->shards : 1;
    return run->options->shard + (piece->first_trial + index) * shards;
}

/* The arguments of derive_cells, which runs in several threads. If several cells fail, the error of the first cell is
 * kept, so that the message does not depend on the threads. */
struct derivation {
    const struct zem_run_state *run;
    struct zem_owned_batch *owned;
    pthread_mutex_t lock;
    size_t failed; /* index of the first cell that failed */
    struct zem_error error;
};

static void derive_cells(void *context, size_t first, size_t last)
{
    struct derivation *derivation = context;
    const struct zem_owned_batch *owned = derivation->owned;
    for (size_t k = first; k < last; k++) {
        struct zem_error error = {0};
        struct cell_parameters *parameters = &owned->cells[k];
        const uint64_t cell = owned->piece.first_cell + k / owned->parts, index = k % owned->parts,
                       trial = trial_number(derivation->run, &owned->piece, index);
        if (zem_cell_derive_trial(derivation->run->scenario, cell, trial, parameters, &error) == ZEM_OK) {
            parameters->trial_offset = (uint32_t)(trial - trial_number(derivation->run, &owned->piece, 0));
            continue;
        }
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
int zem_owned_batch_fill(struct zem_owned_batch *owned, const struct zem_run_state *run, struct zem_schedule_pool *pool,
                         struct zem_error *error)
{
    const struct zem_work_piece *piece = &owned->piece;
    const uint64_t shards = run->options->shards > 0 ? run->options->shards : 1;
    const uint64_t first = trial_number(run, piece, 0);
    struct derivation derivation = {.run = run, .owned = owned};
    owned->parts = run->scenario->resolution.by_trial ? piece->trials : 1;
    const size_t count = piece->cell_count * owned->parts;
    if (owned_batch_fit(owned, run->words, error) != ZEM_OK)
        return error->status;
    pthread_mutex_init(&derivation.lock, NULL);
    zem_parallel_for(count, DERIVE_GRAIN, run->options->threads, derive_cells, &derivation);
    pthread_mutex_destroy(&derivation.lock);
    if (derivation.error.status != ZEM_OK) {
        *error = derivation.error;
        return error->status;
    }
    if (zem_schedule_pool_place(pool, owned->cells, count, run->options->threads, &owned->schedules) != 0)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the schedules of a batch of %zu cells", count);
    owned->batch.cells = owned->cells;
    owned->batch.cell_count = count;
    owned->batch.schedule = owned->schedules.steps;
    owned->batch.schedule_count = owned->schedules.count;
    owned->batch.schedule_number = owned->schedules.number;
    owned->batch.range.first_trial_low = (uint32_t)first;
    owned->batch.range.first_trial_high = (uint32_t)(first >> 32);
    owned->batch.range.stride = (uint32_t)shards;
    owned->batch.range.trials = run->scenario->resolution.by_trial ? 1 : piece->trials;
    return ZEM_OK;
}

/* Takes the next piece for a worker, sized by the worker's speed. All trial numbers of a piece have the same upper 32
 * bits, because a device adds to the low 32 bits without a carry. */
static bool take_piece(struct zem_run_state *run, const struct zem_worker *worker, struct zem_work_piece *piece)
{
    const uint64_t shards = run->options->shards > 0 ? run->options->shards : 1;
    uint64_t wanted = worker->rate > 0.0 ? (uint64_t)(worker->rate * BATCH_SECONDS) + 1 : run->first_batch;
    uint32_t trials_max = BATCH_TRIALS_MAX;
    if (run->options->batch_trials > 0) {
        const double longest = worker->rate > 0.0 ? worker->rate * BATCH_SECONDS_MAX : (double)run->first_batch;
        wanted = longest < run->options->batch_trials ? (uint64_t)longest + 1 : run->options->batch_trials;
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
    if (run->scenario->resolution.by_trial && wanted > worker->cells_max) /* here every trial is a cell of the batch */
        wanted = worker->cells_max;
    return zem_work_queue_take(&run->queue, wanted, worker->cells_max, trials_max, piece);
}

/* The arguments of check_range and add_range, which check the tallies of a batch in several threads and add them to the
 * totals. */
struct counting {
    const struct zem_worker *worker;
    const struct zem_owned_batch *owned;
    pthread_mutex_t lock; /* guards the members below */
    size_t failed;        /* index of the first cell whose tally does not add up */
    bool misfit;          /* a cell has more misses in a bin than its totals can hold */
    struct zem_error error;
};

static const uint64_t *tally_of(const struct counting *counting, size_t cell)
{
    return counting->owned->batch.tallies + cell * counting->owned->parts * counting->worker->run->words;
}

/* If every trial of a cell was flown as a cell of the batch, adds the tallies of the trials into that of the first
 * one. */
static void add_parts(const struct zem_owned_batch *owned, size_t cell, size_t words)
{
    uint64_t *sum = owned->batch.tallies + cell * owned->parts * words;
    for (size_t part = 1; part < owned->parts; part++)
        for (size_t word = 0; word < words; word++)
            sum[word] += sum[part * words + word];
}

static void check_range(void *context, size_t first, size_t last)
{
    struct counting *counting = context;
    const struct zem_owned_batch *owned = counting->owned;
    char text[200], name[300];
    size_t k = first;
    for (; k < last; k++) {
        add_parts(owned, k, counting->worker->run->words);
        if (!zem_tally_adds_up(&owned->cells[k * owned->parts], tally_of(counting, k), owned->piece.trials, text,
                               sizeof text))
            break;
    }
    if (k == last)
        return;
    pthread_mutex_lock(&counting->lock);
    if (counting->error.status == ZEM_OK || k < counting->failed) {
        counting->failed = k;
        counting->error = (struct zem_error){0};
        zem_error_set(&counting->error, ZEM_INTERNAL,
                      "device %s returned a tally that does not add up: %s, in a batch of %s",
                      counting->worker->device->name, text,
                      zem_cell_name(counting->worker->run->scenario, owned->piece.first_cell + k, name, sizeof name));
    }
    pthread_mutex_unlock(&counting->lock);
}

/* Adds the tallies of the cells `first` to `last` - 1 to the totals. The lock of the run is held meanwhile. */
static void add_range(void *context, size_t first, size_t last)
{
    struct counting *counting = context;
    struct zem_totals *totals = &counting->worker->run->result->totals;
    bool fits = true;
    zem_totals_touch(totals, counting->owned->piece.first_cell + first, last - first);
    for (size_t k = first; k < last; k++)
        fits &= zem_totals_add(totals, counting->owned->piece.first_cell + k, tally_of(counting, k));
    pthread_mutex_lock(&counting->lock);
    counting->misfit |= !fits;
    pthread_mutex_unlock(&counting->lock);
}

/* Adds the tallies of a batch to the totals, unless they do not add up or the audit finds a difference. `seconds` is
 * the time that the device took. */
static int count_batch(struct zem_worker *worker, const struct zem_owned_batch *owned, double seconds,
                       struct zem_error *error)
{
    struct zem_run_state *run = worker->run;
    struct counting counting = {.worker = worker, .owned = owned};
    const uint64_t trials = (uint64_t)owned->piece.trials * owned->piece.cell_count;
    const int status = zem_worker_audit(worker, owned, error);
    if (status != 0)
        return status;
    pthread_mutex_init(&counting.lock, NULL);
    zem_parallel_for(owned->piece.cell_count, COUNT_GRAIN, run->options->threads, check_range, &counting);
    if (counting.error.status == ZEM_OK) {
        pthread_mutex_lock(&run->lock);
        zem_parallel_for(owned->piece.cell_count, COUNT_GRAIN, run->options->threads, add_range, &counting);
        run->trials_done += trials;
        zem_work_queue_counted(&run->queue, &owned->piece);
        pthread_cond_broadcast(&run->changed);
        pthread_mutex_unlock(&run->lock);
    }
    pthread_mutex_destroy(&counting.lock);
    if (counting.error.status != ZEM_OK) {
        *error = counting.error;
        return error->status;
    }
    if (counting.misfit) { /* the device is not at fault, because its tallies add up */
        zem_error_set(
            error, ZEM_BAD_INPUT,
            "the checkpoint or result from which this run goes on is damaged: a bin of the histogram of a cell counts "
            "more miss distances than the cell has trials");
        zem_run_fail(run, error);
        *error = (struct zem_error){0};
    }
    worker->trials += trials;
    worker->busy_seconds += seconds;
    if (seconds > 0.0)
        worker->rate = worker->rate > 0.0 ? 0.5 * (worker->rate + (double)trials / seconds) : (double)trials / seconds;
    return ZEM_OK;
}

/* Doubles the largest size of the next batch if this one has added at most ZEM_SCHEDULE_STEPS_MAX / SHARED_CELLS steps
 * to the pool, and resets it otherwise. */
static void choose_cells_max(struct zem_worker *worker, const struct zem_owned_batch *owned)
{
    const size_t least = worker->run->cells_max, most = SHARED_CELLS * least;
    worker->cells_max = owned->schedules.added > ZEM_SCHEDULE_STEPS_MAX / SHARED_CELLS ? least : 2 * worker->cells_max;
    worker->cells_max = worker->cells_max < most ? worker->cells_max : most;
    worker->cells_max = worker->cells_max < ZEM_BATCH_CELLS_MAX ? worker->cells_max : ZEM_BATCH_CELLS_MAX;
}

static bool run_stopped(struct zem_run_state *run) { return zem_interrupted != 0 || run->error.status != 0; }

/* Takes the next piece, derives its cells and submits the batch to the device. Returns false if there is no piece, or
 * if deriving or submitting fails. A failure of the device is then in `failure`; any other failure ends the run. */
static bool launch(struct zem_worker *worker, struct zem_owned_batch *owned, struct zem_error *failure)
{
    struct zem_run_state *run = worker->run;
    struct zem_error error = {0};
    pthread_mutex_lock(&run->lock);
    while (run->paused && worker->in_flight == 0 && !run_stopped(run))
        pthread_cond_wait(&run->changed, &run->lock);
    const bool more = !run_stopped(run) && !run->paused && take_piece(run, worker, &owned->piece);
    run->deriving += more;
    pthread_mutex_unlock(&run->lock);
    if (!more)
        return false;
    const bool filled = zem_owned_batch_fill(owned, run, worker->pool, &error) == 0;
    pthread_mutex_lock(&run->lock);
    run->deriving--;
    pthread_mutex_unlock(&run->lock);
    if (!filled) {
        owned_batch_release(owned);
        zem_run_fail(run, &error);
        return false;
    }
    choose_cells_max(worker, owned);
    worker->in_flight++; /* also if the device refuses the batch, because its piece must then go back to the queue */
    return worker->device->backend->submit(worker->engine, &owned->batch, failure) == 0;
}

static size_t depth_of(const struct zem_worker *worker)
{
    const size_t depth = worker->device->backend->depth;
    return depth < ZEM_WORKER_DEPTH_MAX ? depth : ZEM_WORKER_DEPTH_MAX;
}

/* Flies batches until no work is left, the run ends or the device fails, which `failure` then tells. */
static void fly(struct zem_worker *worker, struct zem_error *failure)
{
    const struct zem_backend *backend = worker->device->backend;
    const size_t depth = depth_of(worker);
    while (failure->status == 0) {
        while (worker->in_flight < depth
               && launch(worker, &worker->flights[(worker->oldest + worker->in_flight) % depth], failure))
            ;
        if (worker->in_flight == 0 || failure->status != 0)
            return;
        double seconds = 0.0;
        if (backend->collect(worker->engine, &seconds, failure) != 0
            || count_batch(worker, &worker->flights[worker->oldest], seconds, failure) != 0)
            return;
        owned_batch_release(&worker->flights[worker->oldest]);
        worker->oldest = (worker->oldest + 1) % depth;
        worker->in_flight--;
    }
}

/* Gives the pieces in flight back to the queue, for other devices. The engine is closed first, because the device may
 * still read their batches. */
static void give_back(struct zem_worker *worker)
{
    const size_t depth = depth_of(worker);
    zem_worker_close(worker);
    pthread_mutex_lock(&worker->run->lock);
    for (size_t k = 0; k < worker->in_flight; k++)
        zem_work_queue_return(&worker->run->queue, &worker->flights[(worker->oldest + k) % depth].piece);
    pthread_mutex_unlock(&worker->run->lock);
    for (size_t k = 0; k < worker->in_flight; k++)
        owned_batch_release(&worker->flights[(worker->oldest + k) % depth]);
    worker->oldest = worker->in_flight = 0;
}

/* Called after a failure of the device: tries the device once more in a fresh context. Returns whether the worker goes
 * on. After a signal it does not, because the run is ending and the pieces are in its checkpoint. */
static bool recover(struct zem_worker *worker, struct zem_error *failure)
{
    if (zem_interrupted)
        return false;
    give_back(worker);
    zem_worker_note_failure(worker, failure);
    *failure = (struct zem_error){0};
    if (worker->failures < ZEM_WORKER_ATTEMPTS && zem_worker_open(worker, failure) == 0)
        return true;
    if (failure->status != 0)
        zem_worker_note_failure(worker, failure);
    zem_worker_set_aside(worker);
    return false;
}

void *zem_worker_round(void *context)
{
    struct zem_worker *worker = context;
    struct zem_run_state *run = worker->run;
    struct zem_error failure = {0};
    do
        fly(worker, &failure);
    while (failure.status != 0 && recover(worker, &failure));
    pthread_mutex_lock(&run->lock);
    run->working--;
    pthread_cond_broadcast(&run->changed);
    pthread_mutex_unlock(&run->lock);
    return NULL;
}
