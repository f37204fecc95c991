/* The workers of a run, one for each opened device, and the state that they share under a lock. run.c alone includes
 * this header: it opens workers, starts zem_worker_round in a thread for each and waits for the end of the round. */
#ifndef ZEM_WORKER_H
#define ZEM_WORKER_H

#include "cell/schedule_pool.h"
#include "run/run.h"
#include "run/work_queue.h"

#include <pthread.h>

#define ZEM_WORKER_DEPTH_MAX 4 /* batches in flight on one device */

/* The state of a run that its workers share. `lock` guards the queue, the totals of the result, the counters and the
 * error. */
struct zem_run_state {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* signalled when a worker has ended its round */
    const struct zem_scenario *scenario;
    const struct zem_run_options *options;
    struct zem_result *result;
    struct zem_work_queue queue;
    uint64_t trials_done;    /* trials counted */
    unsigned working;        /* workers that have not ended the present round */
    size_t cells_max;        /* most cells of a batch whose schedules are new, so that they stay small */
    uint64_t first_batch;    /* trials of the first batch of a device */
    struct zem_error error;  /* the first failure */
    uint64_t *target;        /* zem_precision.target, for checkpoints */
    double start;            /* zem_clock_now at the start of this run, s */
    double earlier_seconds;  /* elapsed time of the runs before the checkpoint */
    uint64_t earlier_trials; /* trials of those runs */
    double next_checkpoint;  /* time by zem_clock_now at which the next one is due, s */
    bool has_checkpoint;     /* a checkpoint was written after the signal */
};

/* A batch and the memory that it owns, which serves one batch after another. */
struct zem_owned_batch {
    struct zem_batch batch;
    struct zem_work_piece piece;
    struct cell_parameters *cells;
    size_t room; /* cells for which there is memory */
    struct zem_schedules schedules;
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
    pthread_t thread;
    double rate; /* trials per second; 0 as long as it is unknown */
    uint64_t trials;
    double busy_seconds;
};

/* Passes a sentence to the caller of the run, if it wants messages. */
void zem_run_message(const struct zem_run_options *options, const char *text);

/* Records a failure, which ends the run; the first one is kept. Takes the lock. */
void zem_run_fail(struct zem_run_state *run, const struct zem_error *error);

/* The body of a worker's thread: flies the present round until no work is left, a worker fails or the user stops the
 * run. `worker` is a struct zem_worker; returns NULL. */
void *zem_worker_round(void *worker);

/* Opens and tests the devices that the options name; `workers` gets `count` of them. Release them with
 * zem_workers_close in every case. ZEM_NO_DEVICE or ZEM_SELF_TEST_FAILED if a device named by the user fails, or if no
 * device is left. */
int zem_workers_open(struct zem_run_state *run, const struct zem_device_list *list, struct zem_worker **workers,
                     size_t *count, struct zem_error *error);
void zem_workers_close(struct zem_worker *workers, size_t count);

/* Writes into the result's provenance which devices flew how many trials. */
void zem_workers_record(const struct zem_run_state *run, const struct zem_worker *workers, size_t count);

#endif
