/* Checkpoints: files with the totals and the work queue of an unfinished run. A run that resumes from its checkpoint
 * ends with the same bits as an uninterrupted one. A checkpoint lies beside the output until the result is written. A
 * file under its final name is always complete. */
#ifndef ZEM_CHECKPOINT_H
#define ZEM_CHECKPOINT_H

#include "result/result.h"
#include "run/work_queue.h"

/* The state of a run between two batches. The run owns everything that the pointers point to. */
struct zem_checkpoint {
    struct zem_result *result; /* totals and stop reasons */
    uint64_t shard, shards;
    /* Trials taken by workers, and pieces not counted yet, which are flown again after a resume. */
    struct zem_work_queue *queue;
    uint64_t *target;     /* per cell: trials that it has at the end of the current round (precision.h) */
    uint64_t trials_done; /* trials counted */
    double seconds;       /* elapsed time of the run so far */
};

/* The name of the checkpoint of an output file: "folder/.weave.h5.checkpoint" for "folder/weave.h5". The caller frees
 * it. NULL without memory. */
char *zem_checkpoint_path(const char *output);

bool zem_checkpoint_exists(const char *path);

/* Whether the file at `path` begins like a checkpoint of this scenario and shard. The rest of the file is not
 * checked. */
bool zem_checkpoint_is_of(const char *path, const struct zem_scenario *scenario, uint64_t shard, uint64_t shards);

/* A checkpoint that is being written into a temporary file beside its path. */
struct zem_checkpoint_file;

/* Begins a checkpoint: writes the state, which must not change during the call, into a temporary file. It leaves out
 * the totals of the settled cells, which are those at the beginning of the grid that get no more trials in the current
 * round. Returns NULL with `error` filled on failure: ZEM_INPUT_OUTPUT, or ZEM_INTERNAL without memory. */
struct zem_checkpoint_file *zem_checkpoint_write(const struct zem_checkpoint *checkpoint, const char *path,
                                                 struct zem_error *error);

/* Completes a checkpoint: writes the totals of the settled cells, while workers may count other cells of the same
 * round. Then it syncs the file, renames it to `path` and frees `file`, in every case. ZEM_INPUT_OUTPUT on failure; an
 * earlier checkpoint is then still there. */
int zem_checkpoint_publish(struct zem_checkpoint_file *file, const char *path, struct zem_error *error);

/* Reads a checkpoint into the arrays that the state points to, which have the sizes of the run. ZEM_BAD_INPUT if the
 * file is damaged, or belongs to another scenario, seed, shard, kernel version or version of zem; ZEM_NO_INPUT if it
 * does not exist; ZEM_INPUT_OUTPUT if it cannot be read. */
int zem_checkpoint_read(struct zem_checkpoint *checkpoint, const char *path, struct zem_error *error);

#endif
