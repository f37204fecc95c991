/* The workers of a run, one for each opened device, and the state that they share under a lock. run.c opens the
 * workers, starts zem_worker_round in a thread for each and waits for the end of the round. worker.c has the work of
 * one worker, workers.c opens and closes all of them, and audit.c compares batches. */
#ifndef ZEM_WORKER_H
#define ZEM_WORKER_H

#include "cell/schedule_pool.h"
#include "result/digest.h"
#include "run/run.h"
#include "run/work_queue.h"

#include <pthread.h>

#define ZEM_WORKER_DEPTH_MAX 4 /* batches in flight on one device */
#define ZEM_WORKER_ATTEMPTS 2  /* failures after which a device is set aside */

#define ZEM_BATCH_CELLS_MAX 4096u
#define ZEM_SCHEDULE_STEPS_MAX (UINT32_C(1) << 17) /* steps in the schedules of all cells of a batch */

/* A batch with its memory, which is used again for later batches. */
struct zem_owned_batch {
    struct zem_batch batch;
    struct zem_work_piece piece;
    /* Number of cells of the batch for each cell of the piece: 1, or the number of trials if every trial has parameters
     * of its own and so is a cell of the batch. */
    size_t parts;
    struct cell_parameters *cells;
    size_t room; /* cells for which there is memory */
    struct zem_schedules schedules;
};

/* The state of a run that its workers share. `lock` guards the queue, the totals of the result, the counters and the
 * error. */
struct zem_run_state {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* signalled when a batch is counted, a worker has ended its round, or a pause ends */
    const struct zem_scenario *scenario;
    const struct zem_run_options *options;
    struct zem_result *result;
    struct zem_work_queue queue;
    uint64_t trials_done; /* trials counted */
    size_t words;         /* 64-bit words of one cell's totals */
    unsigned working;     /* workers that have not ended the current round */
    unsigned deriving;    /* workers that are deriving the cells of a piece now */
    /* Largest number of cells in a batch if none of their schedules is in the pool (cell/schedule_pool.h). It bounds
     * the memory of schedules. */
    size_t cells_max;
    uint64_t first_batch;    /* trials of the first batch of a device */
    struct zem_error error;  /* the first failure */
    uint64_t *target;        /* zem_precision.target, for checkpoints */
    double start;            /* zem_clock_now at the start of this run, s */
    double earlier_seconds;  /* elapsed time of the run before its checkpoint, or of the extended result, s */
    uint64_t earlier_trials; /* trials counted in that time */
    double next_checkpoint;  /* time by zem_clock_now at which the next checkpoint is due, s */
    bool has_checkpoint;     /* a checkpoint was written after the signal */
    /* The digests of the result. With `digests_early`, cells that get no more trials are digested while others are
     * flown. One thread at a time uses these members: that of the run, and after the last round the one that
     * finish_rounds starts. */
    struct zem_digest digest;
    bool digests_early;
    bool digested;         /* the result has its digests */
    double stopping_since; /* time by zem_clock_now at which the signal was seen, s; 0 before */
    bool paused;           /* workers take no new piece and finish the pieces in flight */
    double paused_since;   /* time by zem_clock_now at which the pause began, s */
    /* Workers were still flying when the run had to stop; they still use this state and its lock. */
    bool abandoned;
    struct zem_device_list list;
    struct zem_worker *workers; /* with those that were set aside after failures */
    size_t worker_count;
    struct zem_engine_options engine_options;
    struct zem_schedule_pool *first_pool; /* the pool that holds the schedule of `first` */
    struct zem_owned_batch first;         /* a batch of the first cell, for the self-test of devices */
    char **said;                          /* messages of workers that have not been passed to the caller yet */
    size_t said_count;
};

/* A worker: one device of a run with its batches. */
struct zem_worker {
    struct zem_run_state *run;
    const struct zem_device *device;
    struct zem_engine *engine;
    /* Batches in flight. After a failure they are kept until the engine is closed, because the device may still read
     * them. */
    struct zem_owned_batch flights[ZEM_WORKER_DEPTH_MAX];
    struct zem_schedule_pool *pool;
    /* Largest number of cells of the next batch. It exceeds run->cells_max while batches add few steps to the pool
     * (choose_cells_max in worker.c). */
    size_t cells_max;
    size_t oldest, in_flight; /* index in `flights` of the oldest batch in flight, and number of batches in flight */
    pthread_t thread;
    bool started; /* the thread runs, or waits to be joined */
    double rate;  /* trials per second; 0 as long as it is unknown */
    uint64_t trials;
    double busy_seconds;
    char description[256]; /* description of the engine */
    unsigned failures;
    bool set_aside; /* it has failed for good and has no engine */
    int failure_status;
    char failure[1024];         /* message of the last failure; empty if there was none */
    struct zem_engine *auditor; /* engine of the processor that audits batches; NULL before the first audit */
    uint64_t audited_trials;
};

/* Passes a message to the caller of the run, if it wants messages. Only the thread of the run may call it. */
void zem_run_message(const struct zem_run_options *options, const char *text);

/* zem_run_say keeps a message of any thread, until the thread of the run calls zem_run_pass_on, which passes all kept
 * messages to the caller of the run. Both take the lock. */
void zem_run_say(struct zem_run_state *run, const char *text);
void zem_run_pass_on(struct zem_run_state *run);

/* Records a failure, which ends the run. Only the first failure is kept. After a signal a failure is dropped: the run
 * is ending anyway, and the work that was not counted is in its checkpoint. Takes the lock. */
void zem_run_fail(struct zem_run_state *run, const struct zem_error *error);

/* Derives the cells of a batch's piece, or its trials if each has parameters of its own, and their schedules. Release
 * the memory with zem_owned_batch_free in every case. */
int zem_owned_batch_fill(struct zem_owned_batch *owned, const struct zem_run_state *run, struct zem_schedule_pool *pool,
                         struct zem_error *error);
void zem_owned_batch_free(struct zem_owned_batch *owned);

/* The main function of a worker's thread: flies the current round until no work is left, the device is set aside or the
 * run ends. `worker` is a struct zem_worker. Returns NULL. */
void *zem_worker_round(void *worker);

/* Opens the device of a worker and tests it. Call zem_worker_close afterwards in every case; it keeps the description
 * of the engine. */
int zem_worker_open(struct zem_worker *worker, struct zem_error *error);
void zem_worker_close(struct zem_worker *worker);

/* Counts a failure of the device, keeps its message and passes it on. */
void zem_worker_note_failure(struct zem_worker *worker, const struct zem_error *failure);

/* Closes a device for good. With options.strict_devices this ends the run. */
void zem_worker_set_aside(struct zem_worker *worker);

/* Audits a batch whose tallies the device has returned: if options.audit chooses the batch, another engine flies it as
 * well. Returns 0; ZEM_INTERNAL if the tallies differ or memory is lacking; or what opening the engine returns. All of
 * these count as a failure of the device. */
int zem_worker_audit(struct zem_worker *worker, const struct zem_owned_batch *owned, struct zem_error *error);

/* Opens and tests the devices of run->list that the options name. run->workers gets a worker for each, also for those
 * that fail and are set aside. Release the workers with zem_workers_close in every case. ZEM_NO_DEVICE or
 * ZEM_SELF_TEST_FAILED if no device can be used; ZEM_USAGE if the text of --device or of an environment variable is
 * wrong; ZEM_BAD_INPUT if the first cell cannot be derived; ZEM_INTERNAL without memory. */
int zem_workers_open(struct zem_run_state *run, struct zem_error *error);
void zem_workers_close(struct zem_run_state *run);

/* Opens the processor if all workers are set aside. If the processor is one of them, the run fails. Returns
 * run->error.status. */
int zem_workers_replace(struct zem_run_state *run);

/* Writes to the result's provenance which devices flew how many trials, and which failed. Fails with ZEM_INTERNAL
 * without memory for the texts. */
int zem_workers_record(const struct zem_run_state *run, struct zem_error *error);

#endif
