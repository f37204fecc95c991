/* The steps for one scenario of `zem run`. The output is checked twice: before any work, so that mistakes are reported
 * at once, and after it was claimed, because another process may have written it in between. */
#include "command/run_job.h"

#include "base/interruption.h"
#include "base/output_claim.h"
#include "base/printable.h"
#include "base/temporary_path.h"
#include "command/earlier_result.h"
#include "command/progress.h"
#include "command/run_summary.h"
#include "command/scenario_source.h"
#include "run/checkpoint.h"
#include "run/samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t samples_count(const struct zem_run_job *job, const struct zem_run_settings *settings)
{
    return zem_samples_count(&job->scenario, settings->samples, settings->run.shard, settings->run.shards);
}

/* ---- the output ---- */

/* Sets the error of an output that another process has claimed, and returns ZEM_CANNOT_CREATE. */
static int claimed(struct zem_run_job *job, const char *owner)
{
    return zem_error_set(&job->error, ZEM_CANNOT_CREATE,
                         "%s: is being written by another process (%s); -o chooses another name", job->output, owner);
}

/* Refuses to overwrite a checkpoint without --resume. The claim tells the two cases apart: if another process holds it,
 * the checkpoint belongs to a running process; otherwise a run that ended has left it. */
static int refuse_checkpoint(struct zem_run_job *job)
{
    struct zem_output_claim claim = {0};
    int status = zem_output_claim_take(&claim, job->output, &job->error);
    if (status == ZEM_OK && !claim.held)
        status = claimed(job, claim.owner);
    else if (status == ZEM_OK)
        status = zem_error_set(&job->error, ZEM_CANNOT_CREATE,
                               "%s: an interrupted run has left %s: --resume goes on from it, removing it starts "
                               "afresh",
                               job->output, job->checkpoint);
    zem_output_claim_release(&claim);
    return status;
}

/* Returns 0 if the output can be written or needs no work. `has_claim` says whether this process has claimed the
 * output. Without the claim and without --resume, a checkpoint that would be overwritten is a failure. With --resume
 * and without --force, an existing output that is the result of this run makes the job complete. One that this run can
 * extend is replaced when the run is finished. Any other is a failure whose message says what differs. */
static int check_output(struct zem_run_job *job, const struct zem_run_settings *settings, bool has_claim)
{
    const struct zem_earlier_wanted wanted = {
        .shard = settings->run.shard,
        .shards = settings->run.shards,
        .samples = samples_count(job, settings),
        .interval_method = settings->interval_method,
    };
    struct zem_write_options replace = settings->write;
    enum zem_earlier earlier;
    char why[512];
    job->extends = false;
    if (!settings->run.resume && !has_claim && zem_checkpoint_exists(job->checkpoint))
        return refuse_checkpoint(job);
    if (!settings->run.resume || settings->write.force || access(job->output, F_OK) != 0)
        return zem_result_file_check(job->output, &settings->write, &job->error);
    const int status = zem_earlier_result_compare(job->output, &job->scenario, &wanted, &earlier, &job->missed, why,
                                                  sizeof why, &job->error);
    if (status != ZEM_OK)
        return status;
    switch (earlier) {
    case ZEM_EARLIER_SAME:
        job->state = ZEM_RUN_COMPLETE;
        return ZEM_OK;
    case ZEM_EARLIER_EXTENDABLE:
        job->extends = replace.force = true;
        return zem_result_file_check(job->output, &replace, &job->error);
    default:
        return zem_error_set(&job->error, ZEM_CANNOT_CREATE, "%s: %s; --force replaces it, -o chooses another name",
                             job->output, why);
    }
}

/* ---- messages ---- */

/* Prints the failure of one scenario, before the next scenario runs. */
static void report_failure(struct zem_run_job *job, const struct zem_run_settings *settings,
                           const struct zem_console *console)
{
    job->state = job->status == ZEM_STOPPED || job->status == ZEM_STOPPED_RESUMABLE ? ZEM_RUN_STOPPED : ZEM_RUN_FAILED;
    if (job->error.message[0] != '\0')
        console->error(&job->error);
    if (settings->json)
        zem_run_summary_json_failure(job->path, job->status, &job->error, stdout);
}

/* Prints that a scenario needs no work in this process, such as "weave.h5: is complete already". */
static void report_rest(const struct zem_run_job *job, const struct zem_run_settings *settings, const char *event,
                        const char *text)
{
    char name[512];
    if (!settings->quiet)
        fprintf(stderr, "zem: %s: %s\n", zem_printable(job->output, name, sizeof name), text);
    if (settings->json)
        zem_run_event_print(event, job->path, job->output, text, stdout);
}

static const char *state_text(const struct zem_run_job *job, char *text, size_t size)
{
    static const char *const texts[ZEM_RUN_STATES] = {
        [ZEM_RUN_NOT_BEGUN] = "not begun",       [ZEM_RUN_STOPPED] = "stopped",
        [ZEM_RUN_FINISHED] = "finished",         [ZEM_RUN_COMPLETE] = "complete already",
        [ZEM_RUN_ELSEWHERE] = "left to another",
    };
    if (job->state == ZEM_RUN_FAILED)
        snprintf(text, size, "failed, code %d", -job->status);
    else
        snprintf(text, size, "%s", texts[job->state]);
    return text;
}

void zem_run_table_print(const struct zem_run_job *jobs, size_t count, FILE *stream)
{
    char name[512], state[40];
    size_t widest = strlen("scenario");
    for (size_t i = 0; i < count; i++) {
        const size_t width = strlen(zem_printable(jobs[i].path, name, sizeof name));
        widest = width > widest && width <= 48 ? width : widest;
    }
    fprintf(stream, "zem: %zu scenarios\n  %-*s  %-16s  %8s  %9s  %9s  %s\n", count, (int)widest, "scenario", "state",
            "cells", "trials", "seconds", "digest");
    for (size_t i = 0; i < count; i++) {
        fprintf(stream, "  %-*s  %-16s", (int)widest, zem_printable(jobs[i].path, name, sizeof name),
                state_text(&jobs[i], state, sizeof state));
        if (jobs[i].state == ZEM_RUN_FINISHED)
            fprintf(stream, "  %8" PRIu64 "  %9.3g  %9.3g  %.12s", jobs[i].cells, jobs[i].trials, jobs[i].seconds,
                    jobs[i].digest);
        fputc('\n', stream);
    }
}

/* ---- the steps ---- */

void zem_run_job_prepare(struct zem_run_job *job, const struct zem_run_settings *settings,
                         const struct zem_console *console)
{
    struct zem_diagnostics diagnostics;
    zem_diagnostics_init(&diagnostics, job->path);
    int status = zem_scenario_source_file(&job->scenario, job->path, &settings->overrides, &diagnostics, &job->error);
    if (diagnostics.mistakes > 0 || !settings->quiet)
        console->diagnostics(&diagnostics);
    zem_diagnostics_free(&diagnostics);
    if (status == ZEM_OK)
        status = zem_samples_check(&job->scenario, samples_count(job, settings), &job->error);
    if (status == ZEM_OK)
        status = check_output(job, settings, false);
    job->status = status;
    if (status != ZEM_OK)
        report_failure(job, settings, console);
}

/* Writes and prints the result, removes its checkpoint, and stores the figures for the table at the end. */
static int write_result(struct zem_run_job *job, const struct zem_run_settings *settings,
                        const struct zem_result *result)
{
    struct zem_write_options write = settings->write;
    write.force = write.force || job->extends;
    int status = zem_result_file_write(result, job->output, &write, &job->error);
    if (status != ZEM_OK)
        return status;
    unlink(job->checkpoint);
    job->cells = result->cells;
    job->trials = zem_run_summary_trials(result);
    job->seconds = result->provenance.wall_seconds;
    snprintf(job->digest, sizeof job->digest, "%s", result->digest);
    job->state = ZEM_RUN_FINISHED;
    status = zem_precision_find_missed(result, &job->missed, &job->error);
    if (status == ZEM_OK && !settings->quiet) {
        zem_run_summary_print(result, job->output, stderr);
        zem_run_summary_print_missed(result, &job->missed, job->output, stderr);
    }
    if (status != ZEM_OK || !settings->json)
        return status;
    return zem_run_summary_json(result, &job->missed, job->path, job->output, stdout, &job->error);
}

/* Runs the scenario and writes its result. The output must be claimed. `earlier` is the result that the run extends, or
 * NULL. */
static int fly(struct zem_run_job *job, const struct zem_run_settings *settings, const struct zem_console *console,
               const struct zem_result *earlier)
{
    struct zem_run_options options = settings->run;
    struct zem_progress_display display;
    struct zem_result result = {0};
    int status = zem_result_init(&result, &job->scenario, &job->error);
    if (status == ZEM_OK)
        status = zem_samples_init(&result, settings->samples, settings->run.shard, settings->run.shards, &job->error);
    if (status == ZEM_OK)
        status = zem_provenance_init(&result.provenance, console->argument_count, console->arguments, &job->error);
    if (status == ZEM_OK)
        status = zem_provenance_threads(&result.provenance, settings->processors.count, settings->processors.reason,
                                        &job->error);
    if (status == ZEM_OK) {
        result.interval_method = settings->interval_method;
        zem_progress_start(&display, job->path, settings->quiet);
        if (settings->json && !settings->quiet)
            zem_progress_print_events(&display, job->path, job->output, stdout);
        zem_progress_read_keys(&display);
        options.progress = zem_progress_update;
        options.wish = zem_progress_wish;
        options.message = zem_progress_message;
        options.context = &display;
        options.checkpoint = job->checkpoint;
        options.extended = earlier;
        status = zem_run(&job->scenario, &options, &result, &job->error);
        zem_progress_end(&display);
    }
    if (status == ZEM_STOPPED)
        zem_error_set(&job->error, ZEM_STOPPED, "stopped by a signal; nothing was written");
    if (status == ZEM_OK)
        status = write_result(job, settings, &result);
    zem_result_free(&result);
    return status;
}

/* Removes temporary files that killed runs left, checks the claimed output again, and runs the scenario. */
static int fly_claimed(struct zem_run_job *job, const struct zem_run_settings *settings,
                       const struct zem_console *console)
{
    struct zem_result earlier = {0};
    struct zem_scenario scenario = {0};
    zem_temporary_remove_left(job->output, "part");
    zem_temporary_remove_left(job->checkpoint, "part");
    int status = check_output(job, settings, true);
    if (status == ZEM_OK && job->state == ZEM_RUN_COMPLETE)
        return ZEM_OK;
    if (status == ZEM_OK && job->extends)
        status = zem_result_file_read(&earlier, &scenario, job->output, &job->error);
    if (status == ZEM_OK)
        status = fly(job, settings, console, job->extends ? &earlier : NULL);
    zem_result_free(&earlier);
    zem_scenario_free(&scenario);
    return status;
}

/* Removes the files that a run has left beside a complete result because it was killed after it had written the result:
 * the lock, the checkpoint and temporary files. The checkpoint of another run stays, for example that of an interrupted
 * extension. */
static void clear_complete(const struct zem_run_job *job, const struct zem_run_settings *settings)
{
    const uint64_t shards = settings->run.shards > 0 ? settings->run.shards : 1;
    struct zem_output_claim claim = {0};
    struct zem_error ignored = {0};
    char *lock = zem_companion_path(job->output, "lock");
    const bool left = (lock != NULL && access(lock, F_OK) == 0)
                      || zem_checkpoint_is_of(job->checkpoint, &job->scenario, settings->run.shard, shards);
    free(lock);
    if (!left || zem_output_claim_take(&claim, job->output, &ignored) != ZEM_OK)
        return;
    if (claim.held) {
        zem_temporary_remove_left(job->output, "part");
        zem_temporary_remove_left(job->checkpoint, "part");
        if (zem_checkpoint_is_of(job->checkpoint, &job->scenario, settings->run.shard, shards))
            unlink(job->checkpoint);
    }
    zem_output_claim_release(&claim);
}

void zem_run_job_fly(struct zem_run_job *job, const struct zem_run_settings *settings,
                     const struct zem_console *console)
{
    struct zem_output_claim claim = {0};
    char text[300];
    if (job->state == ZEM_RUN_COMPLETE) {
        clear_complete(job, settings);
    } else {
        job->status = zem_output_claim_take(&claim, job->output, &job->error);
        if (job->status == ZEM_OK && claim.held) {
            if (claim.unsupported && !settings->quiet)
                fprintf(stderr, "zem: the file system has no locks: two processes may run one scenario at a time\n");
            job->status = fly_claimed(job, settings, console);
        } else if (job->status == ZEM_OK && !settings->run.resume) {
            job->status = claimed(job, claim.owner);
        } else if (job->status == ZEM_OK) {
            job->state = ZEM_RUN_ELSEWHERE;
            snprintf(text, sizeof text, "is left to another process that has begun it (%s)", claim.owner);
            report_rest(job, settings, "elsewhere", text);
        }
        zem_output_claim_release(&claim);
    }
    if (job->status != ZEM_OK)
        report_failure(job, settings, console);
    else if (job->state == ZEM_RUN_COMPLETE)
        report_rest(job, settings, "complete", "is complete already");
}
