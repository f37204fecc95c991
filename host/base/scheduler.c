/* Environment variables of Slurm, PBS, Grid Engine, LSF and GNU parallel, and the time that a control group of Linux
 * may use of the processors. */
#include "base/scheduler.h"

#include "base/number.h"
#include "base/parallel.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX 65536

/* ---- the place in an array ---- */

/* The variables of one scheduler. `index` names the variable with the index of this task; `first`, `last` and `step`
 * name those with the first and the last index and the step between two indices. A name is NULL if the scheduler has no
 * such variable. */
struct array_variables {
    const char *index, *first, *last, *step;
    uint64_t base; /* the usual index of the first task */
};

static const struct array_variables arrays[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP", 0},
    {"PBS_ARRAY_INDEX", NULL, NULL, NULL, 0},
    {"PBS_ARRAYID", NULL, NULL, NULL, 0},
    {"SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", 1},
    {"LSB_JOBINDEX", NULL, "LSB_JOBINDEX_END", "LSB_JOBINDEX_STEP", 1},
    {"PARALLEL_SEQ", NULL, NULL, NULL, 1},
};

static bool read_variable(const char *name, uint64_t low, uint64_t high, uint64_t *value)
{
    const char *text = name != NULL ? getenv(name) : NULL;
    return text != NULL && zem_number_whole(text, low, high, value);
}

/* Finds the scheduler of this task: the first one whose index variable holds a number of at least `base`. Outside of
 * arrays Grid Engine and LSF set the variable to "undefined" or 0. Writes the number to `index`; returns NULL if there
 * is none. */
static const struct array_variables *find_array(uint64_t *index)
{
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (read_variable(arrays[i].index, arrays[i].base, UINT32_MAX, index))
            return &arrays[i];
    return NULL;
}

/* Counts the tasks of the array from its first index, its last index and its step, and finds the place of `index` among
 * them, from 0. Slurm also gives the number of tasks; if that number differs from the count, the array has gaps. LSF
 * tells neither the first index nor gaps: an array of LSF other than [1-N] may give wrong shards without an error. */
static int count_tasks(const struct array_variables *array, uint64_t index, uint64_t *place, uint64_t *count,
                       struct zem_error *error)
{
    uint64_t first = array->base, last = 0, step = 1, told = 0;
    if (!read_variable(array->last, 0, UINT32_MAX, &last))
        return zem_error_set(error, ZEM_USAGE,
                             "run: --shard auto: %s tells the place of this task and nothing tells how many there are; "
                             "give the number of shards, such as --shard auto/64",
                             array->index);
    read_variable(array->first, 0, UINT32_MAX, &first);
    read_variable(array->step, 1, UINT32_MAX, &step);
    if (index < first || index > last || (index - first) % step != 0
        || (read_variable("SLURM_ARRAY_TASK_COUNT", 1, UINT32_MAX, &told) && array == &arrays[0]
            && told != (last - first) / step + 1))
        return zem_error_set(
            error, ZEM_USAGE,
            "run: --shard auto: the array of this task has gaps, so its tasks are not shards 0 to N-1; "
            "give the number of shards, such as --shard auto/64, and task I is shard I");
    *place = (index - first) / step;
    *count = (last - first) / step + 1;
    return ZEM_OK;
}

int zem_scheduler_shard(uint64_t *index, uint64_t *count, struct zem_error *error)
{
    uint64_t place = 0;
    const struct array_variables *array = find_array(&place);
    if (array == NULL)
        return zem_error_set(error, ZEM_USAGE,
                             "run: --shard auto: this is no task of an array: none of SLURM_ARRAY_TASK_ID, "
                             "PBS_ARRAY_INDEX, SGE_TASK_ID, LSB_JOBINDEX and PARALLEL_SEQ is set");
    if (*count == 0)
        return count_tasks(array, place, index, count, error);
    *index = place - array->base;
    if (*index >= *count)
        return zem_error_set(error, ZEM_USAGE,
                             "run: --shard auto/%" PRIu64 ": %s is %" PRIu64
                             ", and the shards are those of tasks %" PRIu64 " to %" PRIu64,
                             *count, array->index, place, array->base, array->base + *count - 1);
    return ZEM_OK;
}

/* ---- threads ---- */

/* Returns the number of processors whose time the file "cpu.max" of one control group allows. The file holds "QUOTA
 * PERIOD" in microseconds, and the number is their ratio. Infinity if the quota is "max" or cannot be read. */
static double quota_of(const char *folder)
{
    char path[1100];
    double quota = INFINITY, period = 0.0;
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return INFINITY;
    const int found = fscanf(file, "%lf %lf", &quota, &period);
    fclose(file);
    return found == 2 && period > 0.0 && quota > 0.0 ? quota / period : INFINITY;
}

/* Returns the smallest quota, in processors, of the control group of this process and of the groups that contain it. */
static double quota_of_process(void)
{
    char line[1000] = "", folder[1040];
    double quota = INFINITY;
    FILE *file = fopen("/proc/self/cgroup", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && strncmp(line, "0::", 3) != 0)
        line[0] = '\0';
    if (file != NULL)
        fclose(file);
    line[strcspn(line, "\n")] = '\0';
    snprintf(folder, sizeof folder, "/sys/fs/cgroup%s", strncmp(line, "0::", 3) == 0 ? line + 3 : "");
    for (;;) {
        quota = fmin(quota, quota_of(folder));
        char *slash = strrchr(folder, '/');
        if (slash == NULL || strlen(folder) <= strlen("/sys/fs/cgroup"))
            return quota;
        *slash = '\0';
    }
}

/* Reads a number of threads from the environment variable `name`. OMP_NUM_THREADS may be a list with commas, one number
 * for each level of nested parallel regions; the function reads the first number. */
static bool read_threads(const char *name, uint64_t *value)
{
    char first[24];
    const char *text = getenv(name);
    if (text == NULL)
        return false;
    snprintf(first, sizeof first, "%.*s", (int)strcspn(text, ","), text);
    return zem_number_whole(first, 1, THREADS_MAX, value);
}

struct zem_thread_count zem_scheduler_threads(uint64_t asked)
{
    static const char *const variables[] = {"OMP_NUM_THREADS", "SLURM_CPUS_PER_TASK", "NSLOTS", "LSB_DJOB_NUMPROC",
                                            "NCPUS",           "PBS_NUM_PPN"};
    struct zem_thread_count threads = {.count = (unsigned)asked};
    snprintf(threads.reason, sizeof threads.reason, "--threads");
    for (size_t i = 0; asked == 0 && i < sizeof variables / sizeof *variables; i++)
        if (read_threads(variables[i], &asked)) {
            threads.count = (unsigned)asked;
            snprintf(threads.reason, sizeof threads.reason, "%s", variables[i]);
        }
    if (asked > 0)
        return threads;
    const double quota = ceil(quota_of_process());
    threads.count = zem_processors();
    snprintf(threads.reason, sizeof threads.reason, "processors of this process");
    if (quota < threads.count) {
        threads.count = quota > 1.0 ? (unsigned)quota : 1u;
        snprintf(threads.reason, sizeof threads.reason, "processor time of the control group");
    }
    return threads;
}
