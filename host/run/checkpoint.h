/* Checkpoints of a run: what has been counted and what has been handed out, so that an interrupted run goes on to the
 * same bits. A checkpoint lies beside the output until the result is written. One under its final name is always
 * complete. */
#ifndef ZEM_CHECKPOINT_H
#define ZEM_CHECKPOINT_H

#include "result/result.h"
#include "run/work_queue.h"

/* The state of a run between two batches. What it points to belongs to the run. */
struct zem_checkpoint {
    struct zem_result *result; /* totals and stop reasons */
    uint64_t shard, shards;
    struct zem_work_queue
        *queue;           /* trials handed out; pieces handed out and not counted, which are to be flown again */
    uint64_t *target;     /* per cell: trials to have at the end of the present round (precision.h) */
    uint64_t trials_done; /* counted */
    double seconds;       /* spent so far */
};

/* "folder/.weave.h5.checkpoint" for "folder/weave.h5". NULL without memory. Free it. */
char *zem_checkpoint_path(const char *output);

bool zem_checkpoint_exists(const char *path);

/* Writes the state into a temporary file beside `path`; then zem_checkpoint_publish syncs it and gives it its name. Two
 * steps, because only the first needs the state to stand still. ZEM_INPUT_OUTPUT; the checkpoint before, if there is
 * one, stays. */
int zem_checkpoint_write(const struct zem_checkpoint *checkpoint, const char *path, struct zem_error *error);
int zem_checkpoint_publish(const char *path, struct zem_error *error);

/* Reads a checkpoint of this scenario and shard into what the state points to. ZEM_BAD_INPUT if it is damaged or of
 * another scenario, seed, shard, kernel version or zem; ZEM_NO_INPUT if it cannot be read. */
int zem_checkpoint_read(struct zem_checkpoint *checkpoint, const char *path, struct zem_error *error);

#endif
