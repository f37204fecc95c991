/* A run from its first round to its digest. A round gives every cell a number of trials. One thread per device
 * (worker.c) flies them while this thread reports progress and writes checkpoints. After each round the precision rule
 * decides whether there is another one. */
#include "run/run.h"

#include "base/clock.h"
#include "base/interruption.h"
#include "run/checkpoint.h"
#include "run/precision.h"
#include "run/samples.h"
#include "run/step_flight.h"
#include "run/worker.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHECKPOINT_SHARE 0.05 /* largest share of a run's time for writing checkpoints */
#define WATCH_SECONDS 0.2     /* time between two checks of the workers */
#define STOP_SECONDS 0.3      /* time that workers have to finish their batches after a signal */
#define DIGEST_CELLS 1024     /* cells that are digested at a time */
#define REPORT_SECONDS 0.1    /* shortest time between two reports of progress */
#define LONG_SECONDS 10.0     /* a run that took longer writes a checkpoint before its samples and its result */

/* The elapsed time of the run in s. It includes the time before the checkpoint, or of the finished result, from which
 * the run goes on. It leaves out pauses. The caller holds the lock while workers run. */
static double elapsed(const struct zem_run_state *run)
{
    return run->earlier_seconds + (run->paused ? run->paused_since : zem_clock_now()) - run->start;
}

/* ---- checkpoints ---- */

static struct zem_checkpoint checkpoint_of(struct zem_run_state *run)
{
    return (struct zem_checkpoint){.result = run->result,
                                   .shard = run->options->shard,
                                   .shards = run->options->shards > 0 ? run->options->shards : 1,
                                   .queue = &run->queue,
                                   .target = run->target,
                                   .trials_done = run->trials_done,
                                   .seconds = elapsed(run)};
}

/* Writes a checkpoint if it is time for one or `due` is set. The caller holds the lock, because the state must not
 * change while it is written. Settled cells get no more trials in this round, so the lock is released while their
 * totals are written and the file is synced. No round begins meanwhile, because only this thread begins rounds. A
 * failure gives a message and does not stop the run, because the next checkpoint may succeed. Returns whether a
 * checkpoint was written. */
static bool save_checkpoint(struct zem_run_state *run, bool due)
{
    const double start = zem_clock_now();
    struct zem_error error = {0};
    if (run->options->checkpoint == NULL || !(run->options->checkpoint_seconds > 0.0)
        || (!due && start < run->next_checkpoint))
        return false;
    const struct zem_checkpoint checkpoint = checkpoint_of(run);
    zem_interruption_saving(true);
    struct zem_checkpoint_file *file = zem_checkpoint_write(&checkpoint, run->options->checkpoint, &error);
    pthread_mutex_unlock(&run->lock);
    const int status = file != NULL ? zem_checkpoint_publish(file, run->options->checkpoint, &error) : error.status;
    if (status == 0)
        zem_interruption_resumable(true);
    zem_interruption_saving(false);
    if (status != 0)
        zem_run_message(run->options, error.message);
    pthread_mutex_lock(&run->lock);
    run->next_checkpoint =
        zem_clock_now() + fmax(run->options->checkpoint_seconds, (zem_clock_now() - start) / CHECKPOINT_SHARE);
    return status == 0;
}

/* Reads the checkpoint if the run is to resume and the file exists. `resumed` gets whether both hold. */
static int load_checkpoint(struct zem_run_state *run, bool *resumed)
{
    const char *path = run->options->checkpoint;
    char text[120];
    *resumed = path != NULL && run->options->resume && zem_checkpoint_exists(path);
    if (!*resumed)
        return ZEM_OK;
    struct zem_checkpoint checkpoint = checkpoint_of(run);
    const int status = zem_checkpoint_read(&checkpoint, path, &run->error);
    if (status != 0)
        return status;
    run->trials_done = run->earlier_trials = checkpoint.trials_done;
    run->earlier_seconds = checkpoint.seconds;
    snprintf(text, sizeof text, "going on after %" PRIu64 " trials", checkpoint.trials_done);
    zem_run_message(run->options, text);
    return ZEM_OK;
}

/* Copies the totals of the result that is extended. The target of every cell becomes the smallest number of trials at
 * which the precision rule may test it, and the first round flies the trials up to it. */
static int take_extended(struct zem_run_state *run, struct zem_precision *precision)
{
    const struct zem_result *from = run->options->extended;
    char text[120];
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT];
    for (uint64_t cell = 0; cell < from->cells; cell++) {
        const uint64_t trials = zem_result_word(from, cell, ZEM_TALLY_TRIALS);
        zem_totals_get(&from->totals, cell, tally);
        if (!zem_totals_set(&run->result->totals, cell, tally))
            return zem_error_set(&run->error, ZEM_BAD_INPUT,
                                 "the result to be extended is damaged: a bin of the histogram of a cell counts more "
                                 "miss distances than the cell has trials");
        run->queue.done[cell] = trials;
        run->trials_done += trials;
        zem_precision_continue(precision, cell, trials);
    }
    run->earlier_trials = run->trials_done;
    run->earlier_seconds = from->provenance.wall_seconds;
    snprintf(text, sizeof text, "extending a finished result of %" PRIu64 " trials", run->trials_done);
    zem_run_message(run->options, text);
    return ZEM_OK;
}

/* Waits until a batch is counted or a worker has ended its round, but at most WATCH_SECONDS. The clock is monotonic, so
 * a change of the date has no effect. The caller holds the lock. */
static void wait_for_change(struct zem_run_state *run)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (long)(1e9 * WATCH_SECONDS);
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&run->changed, &run->lock, &until);
}

/* Whether the workers take too long to stop after a signal, because a batch is long or a driver hangs. A checkpoint can
 * be written without their batches, which are still pending. A worker that derives cells is always waited for, because
 * it reads the scenario, which belongs to the caller. The caller holds the lock. */
static bool given_up(struct zem_run_state *run)
{
    if (zem_interrupted && !(run->stopping_since > 0.0))
        run->stopping_since = zem_clock_now();
    return run->stopping_since > 0.0 && run->working > 0 && run->deriving == 0
           && zem_clock_now() - run->stopping_since > STOP_SECONDS;
}

/* Ends a pause. Paused time counts neither for the rate nor as time of the run. The caller holds the lock. */
static void end_pause(struct zem_run_state *run)
{
    if (!run->paused)
        return;
    run->paused = false;
    run->start += zem_clock_now() - run->paused_since;
    pthread_cond_broadcast(&run->changed);
}

/* Begins a pause, or ends it. Returns the message about it. The caller holds the lock. */
static const char *toggle_pause(struct zem_run_state *run)
{
    if (run->paused) {
        end_pause(run);
        return "goes on";
    }
    run->paused = true;
    run->paused_since = zem_clock_now();
    return "is paused when the batches in flight are done; p goes on";
}

/* Does what the user asks for through the callback `wish`. A pause ends if the run must stop, so that its workers can
 * end. */
static void grant_wish(struct zem_run_state *run)
{
    const struct zem_run_options *options = run->options;
    const enum zem_run_wish wish = options->wish != NULL ? options->wish(options->context) : ZEM_WISH_NONE;
    const char *said = NULL;
    pthread_mutex_lock(&run->lock);
    if (wish == ZEM_WISH_PAUSE)
        said = toggle_pause(run);
    else if (wish == ZEM_WISH_CHECKPOINT)
        said = save_checkpoint(run, true)          ? "a checkpoint is written"
               : options->checkpoint_seconds > 0.0 ? "no checkpoint could be written"
                                                   : "no checkpoint is written, because --checkpoint is 0";
    if (zem_interrupted || run->error.status != 0)
        end_pause(run);
    pthread_mutex_unlock(&run->lock);
    if (said != NULL)
        zem_run_message(options, said);
}

/* Digests some of the first `settled` cells, so few that signals and checkpoints wait for milliseconds only. Returns
 * whether some of the settled cells are left. */
static bool digest_some(struct zem_run_state *run, uint64_t settled)
{
    const uint64_t end = run->digest.cells + DIGEST_CELLS;
    if (settled <= run->digest.cells)
        return false;
    zem_digest_cells(&run->digest, run->result, end < settled ? end : settled);
    return end < settled;
}

/* Waits for the workers of a round, reports progress, writes checkpoints and digests settled cells. If workers still
 * fly when the run must stop, the function returns with run->abandoned set and holds the lock. */
static void watch_round(struct zem_run_state *run, uint64_t trials_total)
{
    const struct zem_run_options *options = run->options;
    bool busy = false;
    double report = 0.0; /* time of the next report */
    pthread_mutex_lock(&run->lock);
    for (bool flying = true; flying;) {
        if (run->working > 0 && !busy)
            wait_for_change(run);
        run->abandoned = given_up(run);
        if (run->abandoned)
            return;
        save_checkpoint(run, false);
        flying = run->working > 0;
        const uint64_t settled = zem_work_queue_settled(&run->queue);
        const struct zem_progress progress = {.trials_done = run->trials_done,
                                              .trials_total = trials_total,
                                              .seconds = elapsed(run),
                                              .paused = run->paused};
        pthread_mutex_unlock(&run->lock);
        if (!flying || zem_clock_now() >= report) {
            zem_run_pass_on(run);
            if (options->progress != NULL)
                options->progress(options->context, &progress);
            grant_wish(run);
            report = zem_clock_now() + REPORT_SECONDS;
        }
        busy = flying && run->digests_early && digest_some(run, settled);
        pthread_mutex_lock(&run->lock);
    }
    pthread_mutex_unlock(&run->lock);
    for (size_t k = 0; k < run->worker_count; k++)
        if (run->workers[k].started) {
            pthread_join(run->workers[k].thread, NULL);
            run->workers[k].started = false;
        }
    zem_run_pass_on(run);
}

/* Starts the threads of all workers that are not set aside. */
static void start_workers(struct zem_run_state *run)
{
    for (size_t k = 0; k < run->worker_count; k++)
        run->working += !run->workers[k].set_aside;
    for (size_t k = 0; k < run->worker_count; k++) {
        struct zem_worker *worker = &run->workers[k];
        if (worker->set_aside)
            continue;
        worker->started = pthread_create(&worker->thread, NULL, zem_worker_round, worker) == 0;
        if (worker->started)
            continue;
        struct zem_error error = {0};
        zem_error_set(&error, ZEM_INTERNAL, "cannot start a thread for device %s", worker->device->name);
        zem_run_fail(run, &error);
        pthread_mutex_lock(&run->lock);
        run->working--;
        pthread_mutex_unlock(&run->lock);
    }
}

/* Flies a round. If a device fails after the others have ended, its pieces of work are left. The remaining devices are
 * then started again, until no piece is left. */
static int fly_round(struct zem_run_state *run, uint64_t trials_total)
{
    zem_work_queue_rewind(&run->queue);
    do {
        start_workers(run);
        watch_round(run, trials_total);
    } while (run->error.status == 0 && !zem_interrupted && zem_work_queue_left(&run->queue)
             && zem_workers_replace(run) == 0);
    return run->error.status;
}

/* Flies one round with the number of trials that options->cell_trials gives for each cell. */
static int fly_given(struct zem_run_state *run)
{
    uint64_t trials_total = 0;
    for (uint64_t cell = 0; cell < run->result->cells; cell++)
        trials_total += run->queue.target[cell] = run->options->cell_trials[cell];
    return fly_round(run, trials_total);
}

/* Flies the samples, which are the single trials that the result keeps, if there are any. It does so after the last
 * round, because only then it is known which trials each cell has. */
static int fly_samples(struct zem_run_state *run)
{
    char text[120];
    if (run->result->sample_count == 0)
        return ZEM_OK;
    snprintf(text, sizeof text, "keeping %zu trials of each of %" PRIu64 " cells", run->result->sample_count,
             run->result->cells);
    zem_run_message(run->options, text);
    return zem_samples_fly(run->result, run->options->threads, &run->error);
}

/* Completes the digests unless the run is interrupted. `context` is the run. */
static void *complete_digest(void *context)
{
    struct zem_run_state *run = context;
    while (!zem_interrupted && digest_some(run, run->result->cells))
        ;
    run->digested = !zem_interrupted;
    if (run->digested)
        zem_digest_end(&run->digest, run->result);
    return NULL;
}

/* Does what follows the last round: a checkpoint after a long run, samples, and trials with steps half as long. None of
 * these changes the totals. Both digests are therefore completed at the same time, by one thread, because they cannot
 * be divided. */
static int finish_rounds(struct zem_run_state *run)
{
    pthread_t digest;
    const bool started = pthread_create(&digest, NULL, complete_digest, run) == 0;
    if (zem_clock_now() - run->start > LONG_SECONDS) {
        pthread_mutex_lock(&run->lock);
        save_checkpoint(run, true);
        pthread_mutex_unlock(&run->lock);
    }
    int status = zem_interrupted ? ZEM_OK : fly_samples(run);
    if (status == 0 && !zem_interrupted && run->options->step_check)
        status = zem_step_flight(run->result, run->options->threads, &run->error);
    if (started)
        pthread_join(digest, NULL);
    return status;
}

/* Flies rounds until every cell has all its trials or its precision. */
static int fly_all(struct zem_run_state *run)
{
    const struct zem_run_options *options = run->options;
    struct zem_precision precision;
    int status = zem_precision_init(&precision, run->result, &run->error);
    uint64_t trials_total = 0;
    for (uint64_t cell = 0; status == 0 && cell < run->result->cells; cell++)
        trials_total += zem_shard_trials(precision.bound[cell], options->shard, options->shards);
    run->target = precision.target;
    if (status == 0)
        status = load_checkpoint(run, &precision.started);
    if (status == 0 && !precision.started && options->extended != NULL)
        status = take_extended(run, &precision);
    run->digests_early = !precision.adaptive; /* there is one round */
    zem_digest_begin(&run->digest, run->result);
    bool in_round = precision.started; /* a checkpoint was written during a round, which must be finished first */
    while (status == 0 && !zem_interrupted && (in_round || zem_precision_next_round(&precision, run->result))) {
        in_round = false;
        zem_digest_begin(&run->digest, run->result); /* anew, because the round changes totals */
        for (uint64_t cell = 0; cell < run->result->cells; cell++)
            run->queue.target[cell] = zem_shard_trials(precision.target[cell], options->shard, options->shards);
        if (precision.adaptive)
            trials_total = (uint64_t)zem_precision_planned(&precision, run->result);
        status = fly_round(run, trials_total);
    }
    if (status == 0 && !zem_interrupted)
        status = finish_rounds(run);
    if (!run->abandoned)
        pthread_mutex_lock(&run->lock);
    run->has_checkpoint = status == 0 && zem_interrupted && precision.started && save_checkpoint(run, true);
    if (!run->abandoned)
        pthread_mutex_unlock(&run->lock);
    zem_precision_free(&precision);
    return status;
}

/* Whether any cell has a precision to reach. */
static struct zem_run_state *state_new(const struct zem_scenario *scenario, const struct zem_run_options *options,
                                       struct zem_result *result)
{
    struct zem_run_state *run = calloc(1, sizeof *run);
    pthread_condattr_t monotonic;
    if (run == NULL)
        return NULL;
    *run = (struct zem_run_state){
        .scenario = scenario, .options = options, .result = result, .words = result->words, .start = zem_clock_now()};
    run->next_checkpoint = run->start + options->checkpoint_seconds;
    pthread_mutex_init(&run->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&run->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return run;
}

/* Closes the devices and frees the state. If workers were abandoned, everything is left until the end of the process,
 * because they still use devices and state and may wait for the lock. */
static void state_free(struct zem_run_state *run)
{
    if (run->abandoned)
        return;
    zem_workers_close(run);
    zem_devices_free(&run->list);
    zem_work_queue_free(&run->queue);
    pthread_cond_destroy(&run->changed);
    pthread_mutex_destroy(&run->lock);
    free(run);
}

/* Sets the stop reasons and the message of a run that a signal has stopped. Returns its status. */
static int stopped(struct zem_run_state *run, struct zem_error *error)
{
    const struct zem_run_options *options = run->options;
    memset(run->result->stop_reason, ZEM_STOP_INTERRUPTED, run->result->cells);
    if (!run->has_checkpoint && options->checkpoint != NULL
        && zem_checkpoint_is_of(options->checkpoint, run->scenario, options->shard,
                                options->shards > 0 ? options->shards : 1))
        return zem_error_set(error, ZEM_STOPPED_RESUMABLE,
                             "stopped by a signal after %" PRIu64
                             " trials; --resume goes on from an earlier checkpoint",
                             run->trials_done);
    if (run->has_checkpoint)
        return zem_error_set(error, ZEM_STOPPED_RESUMABLE,
                             "stopped by a signal after %" PRIu64 " trials; --resume goes on from there",
                             run->trials_done);
    return zem_error_set(error, ZEM_STOPPED, "stopped by a signal after %" PRIu64 " trials; nothing was written",
                         run->trials_done);
}

static int fly(struct zem_run_state *run, struct zem_error *error)
{
    const struct zem_run_options *options = run->options;
    struct zem_result *result = run->result;
    int status =
        options->shards > 1 ? zem_result_set_shards(result, &options->shard, 1, options->shards, error) : ZEM_OK;
    if (status == 0 && zem_work_queue_init(&run->queue, result->cells) != 0)
        status = zem_error_set(error, ZEM_INTERNAL, "no memory for %" PRIu64 " cells", result->cells);
    if (status == 0)
        status = zem_devices_list(&run->list, options->devices, options->patience, error);
    if (status == 0)
        status = zem_workers_open(run, error);
    if (status == 0 && (options->cell_trials ? fly_given : fly_all)(run) != 0) {
        *error = run->error;
        status = error->status;
    }
    /* A signal ends the wait for devices that have not answered. It is then no failure that none was found. */
    if (status == ZEM_NO_DEVICE && zem_interrupted) {
        *error = (struct zem_error){0};
        status = ZEM_OK;
    }
    return status == 0 && zem_interrupted ? stopped(run, error) : status;
}

int zem_run(const struct zem_scenario *scenario, const struct zem_run_options *options, struct zem_result *result,
            struct zem_error *error)
{
    if (options->shards > 1 && zem_precision_asked(scenario))
        return zem_error_set(error, ZEM_USAGE,
                             "run.precision decides on all trials of a cell, of which a shard sees its own alone: "
                             "leave out run.precision, or --shard");
    struct zem_run_state *run = state_new(scenario, options, result);
    if (run == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the state of a run");
    zem_interruption_resumable(options->checkpoint != NULL && options->resume
                               && zem_checkpoint_exists(options->checkpoint));
    int status = fly(run, error);
    if (run->worker_count > 0 && !run->abandoned) {
        const int recorded = zem_workers_record(run, error);
        status = status == ZEM_OK ? recorded : status;
    }
    result->provenance.wall_seconds = elapsed(run);
    if (status == 0 && !run->digested)
        zem_result_digest(result);
    state_free(run);
    return status;
}
