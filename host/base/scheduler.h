/* What a batch scheduler tells a task in environment variables: the place of the task in an array of tasks, and how
 * many processors it may use. */
#ifndef ZEM_SCHEDULER_H
#define ZEM_SCHEDULER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Reads the place of this task in its array, for `--shard auto`: SLURM_ARRAY_TASK_ID, PBS_ARRAY_INDEX and
 * PBS_ARRAYID count as they are, SGE_TASK_ID, LSB_JOBINDEX and PARALLEL_SEQ (GNU parallel) from 1. With `count` 0 the
 * number of tasks is read too, which Slurm, Grid Engine and LSF tell; the array must then have no gaps, and its first
 * task is shard 0. Otherwise `count` is the number of shards and task I of the array is shard I. ZEM_USAGE if this is
 * no task of an array, if the number of tasks is not known, or if the place is not below it. */
int zem_scheduler_shard(uint64_t *index, uint64_t *count, struct zem_error *error);

/* How many threads compute on the processor, and who said so. */
struct zem_thread_count {
    unsigned count;
    char reason[120]; /* "--threads", "OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "processors of this process", ... */
};

/* Chooses the number of threads: `asked` if it is not 0, else OMP_NUM_THREADS, else what the scheduler gives a task
 * (SLURM_CPUS_PER_TASK, NSLOTS, LSB_DJOB_NUMPROC, NCPUS, PBS_NUM_PPN), else the processors on which this process may
 * run, and no more than its control group has time for. A variable that is no whole number from 1 to 65536 is passed
 * over. */
struct zem_thread_count zem_scheduler_threads(uint64_t asked);

#endif
