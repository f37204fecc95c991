/* `zem run`: first reads and checks every scenario and every output, then runs the scenarios one after the other. A
 * scenario that fails does not stop the others. run_job has the order of steps for one scenario; run/run.h flies it. */
#include "base/interruption.h"
#include "base/number.h"
#include "base/output_file.h"
#include "base/printable.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/run_summary.h"
#include "command/scenario_source.h"
#include "result/result_file.h"
#include "run/checkpoint.h"
#include "run/samples.h"
#include "scenario/scenario_compare.h"

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
        "bits; with --resume, results that are complete already are left as they are. --samples keeps the first\n"
        "trials of every cell one by one (miss distance, outcome, flight time, divert) beside the tallies: they are\n"
        "flown again when the run is over, change no digest, and take 24 bytes of memory each.",
    .examples = "  zem run models/weave.yaml\n"
                "  zem run models/weave.yaml -o fast.h5 --trials 1000 --set \"target.period=1.5 s\"\n"
                "  zem run *.yaml --force --quiet --json >> runs.jsonl\n"
                "  zem run *.yaml --resume\n"
                "  zem run models/weave.yaml --device opencl:0:0 --seed 7\n"
                "  zem run models/weave.yaml --shard 3/16 -o shard-3.h5\n"
                "  zem run models/weave.yaml --samples 1000\n",
    .least_operands = 1,
    .most_operands = SIZE_MAX,
};

struct run_settings {
    struct zem_overrides overrides;
    const char *output, *shard, *interval, *audit;
    bool quiet, json;
    uint64_t threads, batch, checkpoint_seconds, samples, patience;
    enum zem_interval_method interval_method;
    struct zem_write_options write;
    struct zem_run_options run;
};

/* One scenario of the command line. */
struct run_job {
    const char *path;
    char *output, *checkpoint;
    struct zem_scenario scenario;
    int status; /* negative if it has failed */
    bool done;  /* its result file is complete */
    bool found; /* its result file was complete before this command */
    struct zem_error error;
};

static int read_shard(struct run_settings *settings, struct zem_error *error)
{
    char index[24];
    const char *slash = settings->shard ? strchr(settings->shard, '/') : NULL;
    settings->run.shards = 1;
    if (!settings->shard)
        return ZEM_OK;
    if (!slash || (size_t)(slash - settings->shard) >= sizeof index)
        return zem_error_set(error, ZEM_USAGE,
                             "run: --shard %s: index/count is needed, such as 0/16 for the first of 16",
                             settings->shard);
    memcpy(index, settings->shard, (size_t)(slash - settings->shard));
    index[slash - settings->shard] = '\0';
    if (!zem_number_whole(slash + 1, 1, UINT32_MAX, &settings->run.shards)
        || !zem_number_whole(index, 0, settings->run.shards - 1, &settings->run.shard))
        return zem_error_set(
            error, ZEM_USAGE,
            "run: --shard %s: the index counts from 0 and must be below the count, such as 0/16 for the first of 16",
            settings->shard);
    return ZEM_OK;
}

static int read_audit(struct run_settings *settings, struct zem_error *error)
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

static int read_settings(struct run_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
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
        {0, "interval", "METHOD", "wilson (default) or clopper-pearson", ZEM_OPTION_TEXT, &settings->interval, NULL, 0,
         0},
        {0, "shard", "I/N", "only trials I, I+N, I+2N, ... of every cell; I from 0", ZEM_OPTION_TEXT, &settings->shard,
         NULL, 0, 0},
        {0, "threads", "N", "CPU threads; all processors if absent", ZEM_OPTION_NUMBER, &settings->threads, NULL, 1,
         65536},
        {0, "isa", "NAME", "CPU instruction set: baseline, v3, v4, scalar; the best if absent", ZEM_OPTION_TEXT,
         &settings->run.isa, NULL, 0, 0},
        {0, "audit", "F", "fly a fraction F of the batches again by another engine and compare; 0 if absent",
         ZEM_OPTION_TEXT, &settings->audit, NULL, 0, 0},
        {0, "deadline", "SECONDS", ZEM_DEADLINE_HELP, ZEM_OPTION_NUMBER, &settings->patience, NULL, 1, 1000000},
        {0, "batch", "N", "largest number of trials of a batch, changes no result; sized by time", ZEM_OPTION_NUMBER,
         &settings->batch, NULL, 1, UINT32_MAX},
        {0, "reproducible", NULL, "leave date, host, timing and devices out of the file", ZEM_OPTION_FLAG,
         &settings->write.reproducible, NULL, 0, 0},
        {'q', "quiet", NULL, "no progress and no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "json", NULL, "one JSON object a run, on one line of standard output", ZEM_OPTION_FLAG, &settings->json,
         NULL, 0, 0},
        {0, "resume", NULL, "go on from checkpoints where there are some, leave complete results alone",
         ZEM_OPTION_FLAG, &settings->run.resume, NULL, 0, 0},
        {0, "checkpoint", "SECONDS", "time between checkpoints, 60 if absent; 0: none, also when stopped",
         ZEM_OPTION_NUMBER, &settings->checkpoint_seconds, NULL, 0, 1000000},
        {0, "samples", "N", "keep the first N trials of every cell (of the shard) one by one", ZEM_OPTION_NUMBER,
         &settings->samples, NULL, 1, ZEM_SAMPLES_MAX},
        {0},
    };
    settings->checkpoint_seconds = 60;
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status != ZEM_OK)
        return status;
    settings->run.checkpoint_seconds = (double)settings->checkpoint_seconds;
    settings->run.threads = (unsigned)settings->threads;
    settings->run.batch_trials = (uint32_t)settings->batch;
    settings->run.patience = (double)settings->patience;
    if (!settings->run.devices)
        settings->run.devices = "auto";
    if (settings->interval)
        settings->interval_method = zem_interval_method_of(settings->interval);
    if (settings->interval_method == ZEM_INTERVAL_METHODS)
        return zem_error_set(error, ZEM_USAGE, "run: --interval %s: %s or %s is needed", settings->interval,
                             zem_interval_words[ZEM_WILSON], zem_interval_words[ZEM_CLOPPER_PEARSON]);
    if (settings->output && argc - *first > 1)
        return zem_error_set(error, ZEM_USAGE, "run: -o goes with a single scenario, and %d were given", argc - *first);
    status = read_audit(settings, error);
    return status == ZEM_OK ? read_shard(settings, error) : status;
}

/* The name of the output: that of -o, or "weave.h5" for "models/weave.yaml". NULL without memory. */
static char *output_name(const struct run_settings *settings, const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.'),
               *ending = ".h5";
    size_t length = strlen(base);
    if (settings->output) {
        base = settings->output;
        length = strlen(base);
        ending = "";
    } else if (dot && dot != base && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0)) {
        length = (size_t)(dot - base);
    }
    size_t size = length + strlen(ending) + 1;
    char *output = malloc(size);
    if (output)
        snprintf(output, size, "%.*s%s", (int)length, base, ending);
    return output;
}

static uint64_t samples_count(const struct run_job *job, const struct run_settings *settings)
{
    return zem_samples_count(&job->scenario, settings->samples, settings->run.shard, settings->run.shards);
}

/* Whether --resume finds a complete output of the same scenario, shard and interval method, with at least as many
 * samples. */
static bool is_complete(const struct run_job *job, const struct run_settings *settings)
{
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    struct zem_error ignored = {0};
    bool same = false;
    if (settings->run.resume && !settings->write.force
        && zem_result_file_read(&result, &scenario, job->output, &ignored) == ZEM_OK) {
        const bool same_part = settings->run.shards > 1
                                   ? result.shards == settings->run.shards && result.shard_count == 1
                                         && result.shard[0] == settings->run.shard
                                   : result.shards == 0;
        same = same_part && result.sample_count >= samples_count(job, settings)
               && zem_scenario_same(&scenario, &job->scenario) && result.interval_method == settings->interval_method
               && zem_result_check_kernel(&result, job->output, &ignored) == ZEM_OK;
    }
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return same;
}

/* Checks before any work whether the output can be written. A checkpoint that would be overwritten is a failure too. */
static int check_output(struct run_job *job, const struct run_settings *settings)
{
    if (!settings->run.resume && zem_checkpoint_exists(job->checkpoint))
        return zem_error_set(&job->error, ZEM_CANNOT_CREATE,
                             "%s: an interrupted run has left %s: --resume goes on from it, removing it starts afresh",
                             job->output, job->checkpoint);
    job->found = is_complete(job, settings);
    return job->found ? ZEM_OK : zem_result_file_check(job->output, &settings->write, &job->error);
}

/* Reads and checks one scenario and its output. All mistakes of the scenario are printed here. */
static int prepare_job(struct run_job *job, const struct run_settings *settings, const struct zem_console *console)
{
    struct zem_diagnostics diagnostics;
    zem_diagnostics_init(&diagnostics, job->path);
    int status = zem_scenario_source_file(&job->scenario, job->path, &settings->overrides, &diagnostics, &job->error);
    if (diagnostics.mistakes > 0 || !settings->quiet)
        console->diagnostics(&diagnostics);
    zem_diagnostics_free(&diagnostics);
    if (status == ZEM_OK)
        status = zem_samples_check(&job->scenario, samples_count(job, settings), &job->error);
    return status == ZEM_OK ? check_output(job, settings) : status;
}

static int run_job(struct run_job *job, const struct run_settings *settings, const struct zem_console *console)
{
    struct zem_run_options options = settings->run;
    struct zem_progress_display display;
    struct zem_result result = {0};
    int status = zem_result_init(&result, &job->scenario, &job->error);
    if (status == ZEM_OK)
        status = zem_samples_init(&result, settings->samples, settings->run.shard, settings->run.shards, &job->error);
    if (status != ZEM_OK) {
        zem_result_free(&result);
        return status;
    }
    result.interval_method = settings->interval_method;
    zem_provenance_init(&result.provenance, console->argument_count, console->arguments);
    zem_progress_start(&display, job->path, settings->quiet);
    options.progress = zem_progress_update;
    options.message = zem_progress_message;
    options.context = &display;
    options.checkpoint = job->checkpoint;
    status = zem_run(&job->scenario, &options, &result, &job->error);
    zem_progress_end(&display);
    if (status == ZEM_STOPPED)
        zem_error_set(&job->error, ZEM_STOPPED, "stopped by a signal; nothing was written");
    if (status == ZEM_OK)
        status = zem_result_file_write(&result, job->output, &settings->write, &job->error);
    if (status == ZEM_OK)
        unlink(job->checkpoint);
    if (status == ZEM_OK && !settings->quiet)
        zem_run_summary_print(&result, job->output, stderr);
    if (status == ZEM_OK && settings->json)
        status = zem_run_summary_json(&result, job->path, job->output, stdout, &job->error);
    zem_result_free(&result);
    return status;
}

/* Prints the failure of one scenario at once, before the next one runs. */
static void report_failure(const struct run_job *job, const struct run_settings *settings,
                           const struct zem_console *console)
{
    if (job->error.message[0] != '\0')
        console->error(&job->error);
    if (settings->json)
        zem_run_summary_json_failure(job->path, job->status, &job->error, stdout);
}

/* ZEM_USAGE if two scenarios have the same output, which the second would replace; ZEM_CANNOT_CREATE if an output is
 * one of the scenarios. */
static int check_outputs(const struct run_job *jobs, size_t count, struct zem_error *error)
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

/* Prepares all scenarios, then runs those without a failure. Returns the status of the first failure in the order of
 * the command line. */
static int run_jobs(struct run_job *jobs, size_t count, const struct run_settings *settings,
                    const struct zem_console *console, struct zem_error *error)
{
    char name[512];
    size_t failed = 0;
    int first_failure = ZEM_OK;
    bool resumable = false;
    for (size_t i = 0; i < count; i++) {
        jobs[i].status = prepare_job(&jobs[i], settings, console);
        if (jobs[i].status != ZEM_OK)
            report_failure(&jobs[i], settings, console);
    }
    for (size_t i = 0; i < count && !zem_interrupted; i++) {
        if (jobs[i].status != ZEM_OK)
            continue;
        if (jobs[i].found) {
            jobs[i].done = true;
            if (!settings->quiet)
                fprintf(stderr, "zem: %s: is complete already\n", zem_printable(jobs[i].output, name, sizeof name));
            continue;
        }
        jobs[i].status = run_job(&jobs[i], settings, console);
        if (jobs[i].status != ZEM_OK)
            report_failure(&jobs[i], settings, console);
        jobs[i].done = jobs[i].status == ZEM_OK;
    }
    for (size_t i = 0; i < count; i++) {
        failed += !jobs[i].done;
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

int zem_command_run(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct run_settings settings = {0};
    struct run_job *jobs = NULL;
    size_t count = 0;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup;
    jobs = calloc((size_t)(argc - first), sizeof *jobs);
    if (!jobs) {
        status = zem_error_set(error, ZEM_INTERNAL, "out of memory");
        goto cleanup;
    }
    for (; first < argc; first++, count++) {
        jobs[count].path = argv[first];
        jobs[count].output = output_name(&settings, argv[first]);
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
