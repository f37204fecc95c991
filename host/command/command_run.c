/* `zem run`: first reads and checks every scenario and every output, then runs the scenarios one after the other. A
 * scenario that fails does not stop the others. run_job.c has the steps for one scenario; run/run.h flies it. */
#include "base/interruption.h"
#include "base/number.h"
#include "base/output_file.h"
#include "base/printable.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/run_job.h"
#include "command/run_output.h"
#include "command/run_summary.h"
#include "run/checkpoint.h"
#include "run/samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct zem_usage usage = {
    .command = "run",
    .operands = "SCENARIO...",
    .summary =
        "Runs scenarios and writes one result file each, by default named after the scenario, in the current folder.\n"
        "All scenarios and outputs are checked before the first one runs; one that fails does not stop the others,\n"
        "and the exit code is that of the first failure. A file under its final name is always complete.\n"
        "A run that is stopped (Ctrl-C, a closed terminal, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, a crash of the\n"
        "machine) leaves a checkpoint beside its output, .NAME.checkpoint, and --resume goes on from it to the same\n"
        "bits. With --resume, results that are complete already are left as they are, and finished results are\n"
        "extended by more --trials or a finer --precision. Any number of runs with --resume may share a list of\n"
        "scenarios, on any machines that share the folder: each scenario is flown by the run that claims it first,\n"
        "by a lock on .NAME.lock. --samples keeps the first trials of every cell one by one (miss distance, outcome,\n"
        "flight time, divert) beside the tallies: they are flown again when the run is over, change no digest, and\n"
        "take 24 bytes of memory each. Some trials, a 320th or a 1,024th, are flown again with half the steps\n"
        "when the run is over, unless --no-step-check is given: the file keeps what changed, and a message warns\n"
        "if the steps are too long for the intervals. At a terminal, s prints the state of the run, p pauses it\n"
        "and goes on, c writes a checkpoint and q stops as Ctrl-C does.",
    .examples = "  zem run weave\n"
                "  zem run weave -o fast.h5 --trials 1000 --set \"target.period=1.5 s\"\n"
                "  zem run *.yaml --force --quiet --json >> runs.jsonl\n"
                "  zem run *.yaml --resume\n"
                "  zem run weave --device opencl:0:0 --seed 7\n"
                "  zem run weave --shard 3/16\n"
                "  zem run weave --trials 50000 --resume\n"
                "  zem run weave --samples 1000\n",
    .least_operands = 1,
    .most_operands = SIZE_MAX,
};

static int read_audit(struct zem_run_settings *settings, struct zem_error *error)
{
    const char *text = settings->audit;
    size_t used = 0;
    if (text == NULL)
        return ZEM_OK;
    if (zem_number_scan(text, strlen(text), &used) == ZEM_NUMBER_DECIMAL && text[used] == '\0')
        settings->run.audit = zem_number_value(text, used, 0);
    else
        settings->run.audit = -1.0;
    if (settings->run.audit >= 0.0 && settings->run.audit <= 1.0)
        return ZEM_OK;
    return zem_error_set(error, ZEM_USAGE,
                         "run: --audit %s: a fraction of the batches from 0 to 1 is needed, such as 0.01", text);
}

/* Checks and converts the options --interval and --audit, and refuses -o with several scenarios. `scenarios` is the
 * number of files to run. */
static int read_words(struct zem_run_settings *settings, int scenarios, struct zem_error *error)
{
    if (settings->interval
        && zem_interval_option("run", settings->interval, &settings->interval_method, error) != ZEM_OK)
        return error->status;
    if (settings->output && scenarios > 1)
        return zem_error_set(error, ZEM_USAGE, "run: -o goes with a single scenario, and %d were given", scenarios);
    return read_audit(settings, error);
}

static int read_settings(struct zem_run_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {'o', "output", "FILE", "result file; for a single scenario", ZEM_OPTION_TEXT, &settings->output, NULL, 0, 0},
        {'f', "force", NULL, "replace existing result files", ZEM_OPTION_FLAG, &settings->write.force, NULL, 0, 0},
        {'d', "device", "LIST", "auto (every GPU, else the CPU), cpu, gpu, opencl, all, a name, a number; with commas",
         ZEM_OPTION_TEXT, &settings->run.devices, NULL, 0, 0},
        {0, "seed", "N", "replaces run.seed", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.seed", 0, 0},
        {0, "trials", "N", "replaces run.trials", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.trials", 0, 0},
        {0, "precision", "P", "replaces run.precision", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.precision", 0,
         0},
        {0, "set", "KEY=VALUE", "sets a scenario key, value as in the file; may be repeated", ZEM_OPTION_OVERRIDE,
         &settings->overrides, NULL, 0, 0},
        {0, "strict", NULL, "exit code 9 if a cell misses its precision; the result is written all the same",
         ZEM_OPTION_FLAG, &settings->strict, NULL, 0, 0},
        {0, "interval", "METHOD", "intervals of p_hit and p_salvo in the file: wilson if absent, or clopper-pearson",
         ZEM_OPTION_TEXT, &settings->interval, NULL, 0, 0},
        {0, "shard", "I/N", "only trials I, I+N, I+2N, ... of every cell; I from 0; auto or auto/N: by the scheduler",
         ZEM_OPTION_TEXT, &settings->shard, NULL, 0, 0},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {0, "isa", "NAME", "CPU instruction set: baseline, v3, v4, scalar; the best if absent", ZEM_OPTION_TEXT,
         &settings->run.isa, NULL, 0, 0},
        {0, "audit", "F", "fly a fraction F of the batches again by another engine and compare; 0 if absent",
         ZEM_OPTION_TEXT, &settings->audit, NULL, 0, 0},
        {0, "deadline", "SECONDS", ZEM_DEADLINE_HELP, ZEM_OPTION_NUMBER, &settings->patience, NULL, 1, 1000000},
        {0, "batch", "N", "largest number of trials of a batch, sized by time if absent; changes no result",
         ZEM_OPTION_NUMBER, &settings->batch, NULL, 1, UINT32_MAX},
        {0, "reproducible", NULL, "leave date, host, timing and devices out of the file", ZEM_OPTION_FLAG,
         &settings->write.reproducible, NULL, 0, 0},
        {'q', "quiet", NULL, "no progress and no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "json", NULL, "print a JSON object on a line for each run and, without --quiet, for each event",
         ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {0, "resume", NULL, "go on from checkpoints, extend finished results, leave complete ones alone",
         ZEM_OPTION_FLAG, &settings->run.resume, NULL, 0, 0},
        {0, "checkpoint", "SECONDS",
         "seconds between checkpoints, 5 if absent; 0 writes none, not even when the run is stopped", ZEM_OPTION_NUMBER,
         &settings->checkpoint_seconds, NULL, 0, 1000000},
        {0, "no-step-check", NULL, "do not fly some of the trials again with half the steps", ZEM_OPTION_FLAG,
         &settings->no_step_check, NULL, 0, 0},
        {0, "samples", "N", "keep the first N trials of every cell (of the shard) one by one", ZEM_OPTION_NUMBER,
         &settings->samples, NULL, 1, ZEM_SAMPLES_MAX},
        {0},
    };
    settings->checkpoint_seconds = 5;
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status != ZEM_OK)
        return status;
    settings->run.checkpoint_seconds = (double)settings->checkpoint_seconds;
    settings->processors = zem_scheduler_threads(settings->threads);
    settings->run.threads = settings->processors.count;
    settings->run.batch_trials = (uint32_t)settings->batch;
    settings->run.patience = (double)settings->patience;
    settings->run.step_check = !settings->no_step_check;
    if (!settings->run.devices)
        settings->run.devices = "auto";
    return read_words(settings, argc - *first, error);
}

/* Returns 0; ZEM_USAGE if two scenarios have the same output, because the second result would replace the first;
 * ZEM_CANNOT_CREATE if an output is one of the scenario files. */
static int check_outputs(const struct zem_run_job *jobs, size_t count, struct zem_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (!jobs[i].output || !jobs[i].checkpoint)
            return zem_error_set(error, ZEM_INTERNAL, "out of memory");
        for (size_t j = 0; j < i; j++)
            if (strcmp(jobs[i].output, jobs[j].output) == 0)
                return zem_error_set(error, ZEM_USAGE,
                                     "run: %s and %s would both be written to %s; run them apart with -o", jobs[j].path,
                                     jobs[i].path, jobs[i].output);
        for (size_t j = 0; j < count; j++)
            if (zem_output_check_inputs(jobs[i].output, &jobs[j].path, 1, error) != ZEM_OK)
                return ZEM_CANNOT_CREATE;
    }
    return ZEM_OK;
}

/* With --strict, a complete result fails if a cell has missed its precision, which means that the half-width of its
 * interval is above run.precision. Prints each such failure and sets the status of its job. */
static void judge_precision(struct zem_run_job *jobs, size_t count, const struct zem_console *console)
{
    for (size_t i = 0; i < count; i++) {
        struct zem_run_job *job = &jobs[i];
        if ((job->state != ZEM_RUN_FINISHED && job->state != ZEM_RUN_COMPLETE) || job->missed.cells == 0)
            continue;
        job->status = zem_error_set(&job->error, ZEM_PRECISION_MISSED,
                                    "%s: is complete, but %" PRIu64 " of %" PRIu64
                                    " cells miss their precision: give more --trials, or a wider --precision",
                                    job->output, job->missed.cells, job->missed.goals);
        console->error(&job->error);
    }
}

/* Returns the status of the whole command, which is that of the first failure in the order of the command line. */
static int judge_jobs(const struct zem_run_job *jobs, size_t count, struct zem_error *error)
{
    size_t failed = 0;
    int first_failure = ZEM_OK;
    bool resumable = false;
    for (size_t i = 0; i < count; i++) {
        failed += jobs[i].state < ZEM_RUN_FINISHED;
        resumable = resumable || jobs[i].status == ZEM_STOPPED_RESUMABLE;
        if (first_failure == ZEM_OK)
            first_failure = jobs[i].status;
    }
    if (zem_interrupted && failed > 0)
        first_failure = resumable ? ZEM_STOPPED_RESUMABLE : ZEM_STOPPED;
    if (failed > 0 && count > 1)
        return zem_error_set(error, first_failure, "run: %zu of %zu scenarios have no result; see the messages above",
                             failed, count);
    return first_failure;
}

/* Reads and checks all scenarios, then runs those that have not failed. */
static int run_jobs(struct zem_run_job *jobs, size_t count, const struct zem_run_settings *settings,
                    const struct zem_console *console, struct zem_error *error)
{
    for (size_t i = 0; i < count; i++)
        zem_run_job_prepare(&jobs[i], settings, console);
    for (size_t i = 0; i < count && !zem_interrupted; i++)
        if (jobs[i].status == ZEM_OK)
            zem_run_job_fly(&jobs[i], settings, console);
    if (count > 1 && !settings->quiet)
        zem_run_table_print(jobs, count, stderr);
    if (settings->strict)
        judge_precision(jobs, count, console);
    return judge_jobs(jobs, count, error);
}

int zem_command_run(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct zem_run_settings settings = {0};
    struct zem_run_job *jobs = NULL;
    size_t count = 0;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status == ZEM_OK)
        status = zem_run_read_shard(settings.shard, &settings.run.shard, &settings.run.shards, error);
    if (status != ZEM_OK)
        goto cleanup;
    jobs = calloc((size_t)(argc - first), sizeof *jobs);
    if (!jobs) {
        status = zem_error_set(error, ZEM_INTERNAL, "out of memory");
        goto cleanup;
    }
    for (; first < argc; first++, count++) {
        jobs[count].path = argv[first];
        jobs[count].output = zem_run_output_name(settings.output, argv[first], settings.run.shard, settings.run.shards);
        jobs[count].checkpoint = jobs[count].output ? zem_checkpoint_path(jobs[count].output) : NULL;
    }
    status = check_outputs(jobs, count, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = run_jobs(jobs, count, &settings, console, error);
cleanup:
    for (size_t i = 0; i < count; i++) {
        zem_scenario_free(&jobs[i].scenario);
        free(jobs[i].output);
        free(jobs[i].checkpoint);
    }
    free(jobs);
    zem_overrides_free(&settings.overrides);
    return status > 0 ? ZEM_OK : status;
}
