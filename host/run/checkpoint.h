/* Checkpoints: the totals of an unfinished run and its queue of work, from which a resumed run goes on to the same
 * bits. A checkpoint lies beside the output until the result is written. A file under its final name is always
 * complete. */
#ifndef ZEM_CHECKPOINT_H
#define ZEM_CHECKPOINT_H

#include "result/result.h"
#include "run/work_queue.h"

/* The state of a run between two batches. Everything that it points to belongs to the run. */
struct zem_checkpoint {
    struct zem_result *result; /* totals and stop reasons */
    uint64_t shard, shards;
    struct zem_work_queue *queue; /* trials handed out, and pieces in flight, which are flown again after a resume */
    uint64_t *target;     /* per cell: trials that it shall have at the end of the present round (precision.h) */
    uint64_t trials_done; /* trials counted */
    double seconds;       /* elapsed time of the run so far */
};

/* The name of the checkpoint of an output file: "folder/.weave.h5.checkpoint" for "folder/weave.h5". The caller frees
 * it. NULL without memory. */
char *zem_checkpoint_path(const char *output);

bool zem_checkpoint_exists(const char *path);

/* Whether the file begins as a checkpoint of this scenario and shard does. */
bool zem_checkpoint_is_of(const char *path, const struct zem_scenario *scenario, uint64_t shard, uint64_t shards);

/* A checkpoint that is being written into a temporary file beside its path. */
struct zem_checkpoint_file;

/* Writes the state, which must not change meanwhile, but for the totals of the cells at the beginning that get no more
 * trials in the present round. Returns NULL after a failure: ZEM_INPUT_OUTPUT, or ZEM_INTERNAL without memory. */
struct zem_checkpoint_file *zem_checkpoint_write(const struct zem_checkpoint *checkpoint, const char *path,
                                                 struct zem_error *error);

/* Writes the totals of those cells, while others may be counted in the same round, syncs the file, renames it to `path`
 * and frees `file` in every case. ZEM_INPUT_OUTPUT on failure, after which an earlier checkpoint is still there. */
int zem_checkpoint_publish(struct zem_checkpoint_file *file, const char *path, struct zem_error *error);

/* Reads a checkpoint into the arrays that the state points to. ZEM_BAD_INPUT if the file is damaged, or belongs to
 * another scenario, seed, shard, kernel version or version of zem; ZEM_NO_INPUT if it cannot be read. */
int zem_checkpoint_read(struct zem_checkpoint *checkpoint, const char *path, struct zem_error *error);

#endif
