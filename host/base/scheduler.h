/* Reads the environment variables by which a batch scheduler tells a task its place in an array of tasks and the number
 * of processors that it may use. */
#ifndef ZEM_SCHEDULER_H
#define ZEM_SCHEDULER_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Finds which shard of a run this task flies, for `--shard auto`, from the place of the task in its array. A shard is
 * one of N parts of the trials of every cell, counted from 0. If *count is 0, the number of tasks is read from the
 * environment too and written to *count. Slurm, Grid Engine and LSF tell it. The array must then have no gaps, and its
 * first task flies shard 0. LSF tells neither the first index nor gaps, so its array must be [1-N]: another array of
 * LSF may give wrong shards without an error. If *count is not 0, it is the number of shards. SLURM_ARRAY_TASK_ID,
 * PBS_ARRAY_INDEX and PBS_ARRAYID are then the number of the shard; SGE_TASK_ID, LSB_JOBINDEX and PARALLEL_SEQ (GNU
 * parallel) are 1 for shard 0. Returns 0, or ZEM_USAGE if this is no task of an array, if the number of tasks is not
 * known, if the array has gaps, or if *index would not be below *count. */
int zem_scheduler_shard(uint64_t *index, uint64_t *count, struct zem_error *error);

/* The number of threads that compute on the processor, and where this number comes from. */
struct zem_thread_count {
    unsigned count;
    char reason[120]; /* "--threads", "OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "processors of this process", ... */
};

/* Chooses the number of threads: `asked` if it is not 0, else OMP_NUM_THREADS, else what the scheduler gives a task
 * (SLURM_CPUS_PER_TASK, NSLOTS, LSB_DJOB_NUMPROC, NCPUS, PBS_NUM_PPN), else the number of processors on which this
 * process may run, limited by the processor time that its control group (cgroup of Linux) may use. A variable that is
 * no whole number from 1 to 65536 is ignored. */
struct zem_thread_count zem_scheduler_threads(uint64_t asked);

#endif
