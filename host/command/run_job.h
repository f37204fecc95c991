/* One scenario of `zem run`: the options, the state of its run, and the steps from the scenario file to the result
 * file. */
#ifndef ZEM_RUN_JOB_H
#define ZEM_RUN_JOB_H

#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "result/result_file.h"
#include "run/precision.h"
#include "run/run.h"

#include <stdio.h>

/* The options of the command line, for all scenarios. */
struct zem_run_settings {
    struct zem_overrides overrides;
    const char *output, *shard, *interval, *audit;
    bool quiet, json, strict, no_step_check;
    uint64_t threads, batch, checkpoint_seconds, samples, patience;
    struct zem_thread_count processors; /* number of threads, and where it comes from */
    enum zem_interval_method interval_method;
    struct zem_write_options write;
    struct zem_run_options run;
};

/* What became of a scenario. ZEM_RUN_FINISHED and the states after it are no failures. */
enum zem_run_state {
    ZEM_RUN_NOT_BEGUN,
    ZEM_RUN_FAILED,
    ZEM_RUN_STOPPED,   /* its run was stopped by a signal */
    ZEM_RUN_FINISHED,  /* its result was written by this process */
    ZEM_RUN_COMPLETE,  /* its complete result existed before */
    ZEM_RUN_ELSEWHERE, /* another process has claimed its output */
    ZEM_RUN_STATES
};

/* One scenario of the command line. */
struct zem_run_job {
    const char *path;
    char *output, *checkpoint;
    struct zem_scenario scenario;
    int status; /* 0, or a negative zem_status if it has failed */
    enum zem_run_state state;
    bool extends;                       /* the output exists and is a result to which the run adds trials */
    struct zem_precision_missed missed; /* the cells of its complete result that missed their precision */
    struct zem_error error;
    /* Figures of the result, for the table at the end of the command. */
    uint64_t cells;
    double trials, seconds;
    char digest[65];
};

/* Reads and checks the scenario, checks that its output can be written, and prints every mistake. Sets job->status. */
void zem_run_job_prepare(struct zem_run_job *job, const struct zem_run_settings *settings,
                         const struct zem_console *console);

/* Claims the output (base/output_claim.h), runs the scenario and writes its result. It does not run the scenario if the
 * output is already complete or if another process has claimed it. Prints what became of the scenario and sets
 * job->status and job->state. */
void zem_run_job_fly(struct zem_run_job *job, const struct zem_run_settings *settings,
                     const struct zem_console *console);

/* Prints a table with one line for each scenario. */
void zem_run_table_print(const struct zem_run_job *jobs, size_t count, FILE *stream);

#endif
