/* The workers of a run, one for each opened device, and the state that they share under a lock. run.c opens workers,
 * starts zem_worker_round in a thread for each and waits for the end of the round. worker.c is a worker at work,
 * workers.c all of them from opening to closing, audit.c the comparison of batches. */
#ifndef ZEM_WORKER_H
#define ZEM_WORKER_H

#include "cell/schedule_pool.h"
#include "run/run.h"
#include "run/work_queue.h"

#include <pthread.h>

#define ZEM_WORKER_DEPTH_MAX 4 /* batches in flight on one device */
#define ZEM_WORKER_ATTEMPTS 2  /* failures after which a device is set aside */

#define ZEM_BATCH_CELLS_MAX 4096u
#define ZEM_SCHEDULE_STEPS_MAX (UINT32_C(1) << 17) /* steps in the schedules of all cells of a batch */

/* A batch and the memory that it owns, which serves one batch after another. */
struct zem_owned_batch {
    struct zem_batch batch;
    struct zem_work_piece piece;
    size_t parts; /* cells of the batch for each cell of the piece: 1, or one a trial where trials have parameters of
                     their own */
    struct cell_parameters *cells;
    size_t room; /* cells for which there is memory */
    struct zem_schedules schedules;
};

/* The state of a run that its workers share. `lock` guards the queue, the totals of the result, the counters and the
 * error. */
struct zem_run_state {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* signalled when a worker has ended its round, and at the end of a pause */
    const struct zem_scenario *scenario;
    const struct zem_run_options *options;
    struct zem_result *result;
    struct zem_work_queue queue;
    uint64_t trials_done; /* trials counted */
    size_t words;         /* 64-bit words of one cell's totals */
    unsigned working;     /* workers that have not ended the present round */
    unsigned deriving;    /* workers that derive the cells of a piece at the moment */
    size_t cells_max; /* largest number of cells in a batch whose schedules are not in the pool; bounds their memory */
    uint64_t first_batch;    /* trials of the first batch of a device */
    struct zem_error error;  /* the first failure */
    uint64_t *target;        /* zem_precision.target, for checkpoints */
    double start;            /* zem_clock_now at the start of this run, s */
    double earlier_seconds;  /* elapsed time of the runs before the checkpoint */
    uint64_t earlier_trials; /* trials of those runs */
    double next_checkpoint;  /* time by zem_clock_now at which the next one is due, s */
    bool has_checkpoint;     /* a checkpoint was written after the signal */
    bool digested;           /* the result has its digests */
    double stopping_since;   /* time at which the signal was seen, s; 0 before */
    bool paused;             /* workers take no piece; those in flight are finished */
    double paused_since;     /* time by zem_clock_now at which the pause began, s */
    bool abandoned;          /* workers were still flying when the run had to stop; they keep the state and the lock */
    struct zem_device_list list;
    struct zem_worker *workers; /* those that were set aside too */
    size_t worker_count;
    struct zem_engine_options engine_options;
    struct zem_schedule_pool *first_pool;
    struct zem_owned_batch first; /* of the first cell, for the self-test */
    char **said;                  /* sentences of workers that the caller has not got yet */
    size_t said_count;
};

/* One opened device. */
struct zem_worker {
    struct zem_run_state *run;
    const struct zem_device *device;
    struct zem_engine *engine;
    /* Batches in flight. After a failure they are kept until the engine is closed, because the device may still read
     * them. */
    struct zem_owned_batch flights[ZEM_WORKER_DEPTH_MAX];
    struct zem_schedule_pool *pool;
    size_t cells_max; /* most cells of the next batch: more than run->cells_max while batches find their schedules in
                         the pool */
    size_t oldest, in_flight;
    pthread_t thread;
    bool started; /* the thread runs, or waits to be joined */
    double rate;  /* trials per second; 0 as long as it is unknown */
    uint64_t trials;
    double busy_seconds;
    char description[256]; /* of the engine */
    unsigned failures;
    bool set_aside; /* it has failed for good and has no engine */
    int failure_status;
    char failure[1024];         /* the last failure; empty if there was none */
    struct zem_engine *auditor; /* of the processor, which flies batches again; NULL before the first */
    uint64_t audited_trials;
};

/* Passes a sentence to the caller of the run, if it wants messages. */
void zem_run_message(const struct zem_run_options *options, const char *text);

/* The same from any thread: the sentence waits until the thread of the run calls zem_run_pass_on. Both take the
 * lock. */
void zem_run_say(struct zem_run_state *run, const char *text);
void zem_run_pass_on(struct zem_run_state *run);

/* Records a failure, which ends the run; the first one is kept. After a signal the run is ending anyway, and what was
 * not counted stands in its checkpoint, so a failure is dropped then. Takes the lock. */
void zem_run_fail(struct zem_run_state *run, const struct zem_error *error);

/* Derives the cells of a batch's piece, or its trials if each has parameters of its own, and their schedules. Release
 * the memory in every case. */
int zem_owned_batch_fill(struct zem_owned_batch *owned, const struct zem_run_state *run, struct zem_schedule_pool *pool,
                         struct zem_error *error);
void zem_owned_batch_free(struct zem_owned_batch *owned);

/* The body of a worker's thread: flies the present round until no work is left, the device is set aside or the run
 * ends. `worker` is a struct zem_worker; returns NULL. */
void *zem_worker_round(void *worker);

/* Opens the device of a worker and tests it. Call zem_worker_close in every case, which keeps the description. */
int zem_worker_open(struct zem_worker *worker, struct zem_error *error);
void zem_worker_close(struct zem_worker *worker);

/* Keeps why the device failed and says it. */
void zem_worker_note_failure(struct zem_worker *worker, const struct zem_error *failure);

/* Closes a device for good. With options.strict_devices the run ends. */
void zem_worker_set_aside(struct zem_worker *worker);

/* Flies a collected batch again if it is one of those that options.audit asks for. ZEM_INTERNAL if the tallies
 * differ. */
int zem_worker_audit(struct zem_worker *worker, const struct zem_owned_batch *owned, struct zem_error *error);

/* Opens and tests the devices of run->list that the options name; run->workers gets them, with those that were set
 * aside. Release them with zem_workers_close in every case. ZEM_NO_DEVICE or ZEM_SELF_TEST_FAILED if no device is
 * left. */
int zem_workers_open(struct zem_run_state *run, struct zem_error *error);
void zem_workers_close(struct zem_run_state *run);

/* Opens the processor if all workers are set aside. The run fails if that has been tried. Returns run->error.status. */
int zem_workers_replace(struct zem_run_state *run);

/* Writes into the result's provenance which devices flew how many trials, and which failed. */
void zem_workers_record(const struct zem_run_state *run);

#endif
