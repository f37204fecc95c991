/* What zem reads from the environment variables of batch schedulers: the values that Slurm, Grid Engine, LSF, PBS and
 * GNU parallel document. */
#include "base/scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const variables[] = {"SLURM_ARRAY_TASK_ID",
                                        "SLURM_ARRAY_TASK_MIN",
                                        "SLURM_ARRAY_TASK_MAX",
                                        "SLURM_ARRAY_TASK_STEP",
                                        "SLURM_ARRAY_TASK_COUNT",
                                        "PBS_ARRAY_INDEX",
                                        "PBS_ARRAYID",
                                        "SGE_TASK_ID",
                                        "SGE_TASK_FIRST",
                                        "SGE_TASK_LAST",
                                        "SGE_TASK_STEPSIZE",
                                        "LSB_JOBINDEX",
                                        "LSB_JOBINDEX_END",
                                        "LSB_JOBINDEX_STEP",
                                        "PARALLEL_SEQ",
                                        "OMP_NUM_THREADS",
                                        "SLURM_CPUS_PER_TASK",
                                        "NSLOTS",
                                        "LSB_DJOB_NUMPROC",
                                        "NCPUS",
                                        "PBS_NUM_PPN"};

/* Removes every variable of a scheduler and sets those of the text "NAME=value NAME=value". */
static void environment(const char *text)
{
    char copy[400], *rest = copy;
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        char *equals = strchr(word, '=');
        assert_non_null(equals);
        *equals = '\0';
        setenv(word, equals + 1, 1);
    }
}

static void assert_shard(const char *text, uint64_t shards, uint64_t index, uint64_t count)
{
    struct zem_error error = {0};
    uint64_t got_index = 99, got_count = shards;
    environment(text);
    const int status = zem_scheduler_shard(&got_index, &got_count, &error);
    print_message("%s: %s\n", text, error.message);
    assert_int_equal(status, 0);
    assert_int_equal(got_index, index);
    assert_int_equal(got_count, count);
}

static void assert_no_shard(const char *text, uint64_t shards, const char *words)
{
    struct zem_error error = {0};
    uint64_t index = 0, count = shards;
    environment(text);
    assert_int_equal(zem_scheduler_shard(&index, &count, &error), ZEM_USAGE);
    print_message("%s\n", error.message);
    assert_non_null(strstr(error.message, words));
}

#define SLURM "SLURM_ARRAY_TASK_MIN=4 SLURM_ARRAY_TASK_MAX=16 SLURM_ARRAY_TASK_STEP=4 SLURM_ARRAY_TASK_COUNT="

static void the_place_in_an_array_is_a_shard(void **state)
{
    (void)state;
    assert_shard(SLURM "4 SLURM_ARRAY_TASK_ID=4", 0, 0, 4);
    assert_shard(SLURM "4 SLURM_ARRAY_TASK_ID=12", 0, 2, 4);
    assert_shard("SGE_TASK_ID=3 SGE_TASK_FIRST=1 SGE_TASK_LAST=8 SGE_TASK_STEPSIZE=1", 0, 2, 8);
    assert_shard("LSB_JOBINDEX=8 LSB_JOBINDEX_END=8 LSB_JOBINDEX_STEP=1", 0, 7, 8);
    assert_shard("SLURM_ARRAY_TASK_ID=63", 64, 63, 64);
    assert_shard("PBS_ARRAY_INDEX=0", 64, 0, 64);
    assert_shard("PARALLEL_SEQ=1", 64, 0, 64);
    assert_shard("SGE_TASK_ID=64", 64, 63, 64);
    assert_shard("SGE_TASK_ID=undefined LSB_JOBINDEX=0 PARALLEL_SEQ=7", 64, 6, 64);
}

static void what_is_no_shard_is_refused_with_a_reason(void **state)
{
    (void)state;
    assert_no_shard("", 0, "no task of an array");
    assert_no_shard("SGE_TASK_ID=undefined", 4, "no task of an array");
    assert_no_shard(SLURM "2 SLURM_ARRAY_TASK_ID=4", 0, "has gaps");
    assert_no_shard(SLURM "4 SLURM_ARRAY_TASK_ID=6", 0, "has gaps");
    assert_no_shard("PBS_ARRAY_INDEX=3", 0, "auto/64");
    assert_no_shard("PARALLEL_SEQ=3", 0, "auto/64");
    assert_no_shard("SLURM_ARRAY_TASK_ID=64", 64, "tasks 0 to 63");
    assert_no_shard("SGE_TASK_ID=65", 64, "tasks 1 to 64");
}

static void assert_threads(const char *text, uint64_t asked, unsigned count, const char *reason)
{
    environment(text);
    const struct zem_thread_count threads = zem_scheduler_threads(asked);
    assert_int_equal(threads.count, count);
    assert_string_equal(threads.reason, reason);
}

static void threads_follow_the_user_then_openmp_then_the_scheduler(void **state)
{
    (void)state;
    assert_threads("OMP_NUM_THREADS=3 SLURM_CPUS_PER_TASK=5", 7, 7, "--threads");
    assert_threads("OMP_NUM_THREADS=3 SLURM_CPUS_PER_TASK=5", 0, 3, "OMP_NUM_THREADS");
    assert_threads("OMP_NUM_THREADS=4,2", 0, 4, "OMP_NUM_THREADS");
    assert_threads("OMP_NUM_THREADS=many SLURM_CPUS_PER_TASK=5", 0, 5, "SLURM_CPUS_PER_TASK");
    assert_threads("OMP_NUM_THREADS=0 NSLOTS=6", 0, 6, "NSLOTS");
    assert_threads("LSB_DJOB_NUMPROC=9", 0, 9, "LSB_DJOB_NUMPROC");
    assert_threads("NCPUS=2", 0, 2, "NCPUS");
    assert_threads("PBS_NUM_PPN=2", 0, 2, "PBS_NUM_PPN");
    environment("");
    const struct zem_thread_count rest = zem_scheduler_threads(0);
    assert_true(rest.count >= 1);
    assert_non_null(strstr(rest.reason, "process"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_in_an_array_is_a_shard),
        cmocka_unit_test(what_is_no_shard_is_refused_with_a_reason),
        cmocka_unit_test(threads_follow_the_user_then_openmp_then_the_scheduler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
