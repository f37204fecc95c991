/* `zem verify`: reads a result, chooses cells and flies them again by run/verify.h. */
#include "base/interruption.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/scenario_source.h"
#include "result/result_file.h"
#include "run/verify.h"
#include "scenario/cell_choice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct zem_usage usage = {
    .command = "verify",
    .operands = "FILE",
    .summary = "Flies cells of a result again, with the trials that the file counted, and compares every integer of "
               "their totals. Any\n"
               "device has to give the same ones. The cells are the middle, the corners, then cells spread evenly. "
               "The exit code is 6 if\n"
               "anything differs.",
    .examples = "  zem verify weave.h5\n"
                "  zem verify weave.h5 --cells 20 --device openmp\n"
                "  zem verify weave.h5 --all --device opencl:0:0 --json\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct verify_settings {
    uint64_t cells, threads, patience;
    bool all, quiet, json;
    struct zem_run_options run;
};

static int read_settings(struct verify_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "cells", "N", "cells to fly again, 8 if absent", ZEM_OPTION_NUMBER, &settings->cells, NULL, 1, UINT32_MAX},
        {0, "all", NULL, "fly every cell again", ZEM_OPTION_FLAG, &settings->all, NULL, 0, 0},
        {'d', "device", "LIST", "devices to fly on, as in zem run", ZEM_OPTION_TEXT, &settings->run.devices, NULL, 0,
         0},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {0, "isa", "NAME", "CPU instruction set, as in zem run", ZEM_OPTION_TEXT, &settings->run.isa, NULL, 0, 0},
        {0, "deadline", "SECONDS", ZEM_DEADLINE_HELP, ZEM_OPTION_NUMBER, &settings->patience, NULL, 1, 1000000},
        {'q', "quiet", NULL, "no progress and no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object", ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {0},
    };
    settings->cells = 8;
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    settings->run.threads = zem_scheduler_threads(settings->threads).count;
    settings->run.patience = (double)settings->patience;
    settings->run.strict_devices = settings->run.devices != NULL; /* a device named by the user must not be replaced */
    if (!settings->run.devices)
        settings->run.devices = "auto";
    return status;
}

static void print_outcome(const struct verify_settings *settings, const struct zem_verification *v,
                          const struct zem_result *result)
{
    if (settings->json)
        printf("{\"cells\":%" PRIu64 ",\"trials\":%" PRIu64 ",\"different_cells\":%" PRIu64 ",\"digest\":\"%s\"}\n",
               v->cells, v->trials, v->different_cells, result->digest);
    else if (v->different_cells == 0)
        printf("%" PRIu64 " of %" PRIu64 " cells flown again, %" PRIu64 " trials: every integer is the same\n",
               v->cells, result->cells, v->trials);
}

static int verify_result(const struct verify_settings *settings, const struct zem_result *result, const char *path,
                         struct zem_error *error)
{
    struct zem_progress_display display;
    struct zem_run_options options = settings->run;
    struct zem_verification verification;
    const size_t wanted = (size_t)(settings->all || settings->cells > result->cells ? result->cells : settings->cells);
    uint64_t *cells = calloc(wanted, sizeof *cells);
    if (cells == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu cells", wanted);
    size_t count = wanted;
    if (wanted == result->cells)
        for (size_t i = 0; i < wanted; i++)
            cells[i] = i;
    else
        count = zem_cell_sample(result->scenario, wanted, cells);
    zem_progress_start(&display, path, settings->quiet);
    options.progress = zem_progress_update;
    options.message = zem_progress_message;
    options.context = &display;
    int status = zem_verify(result, cells, count, &options, &verification, error);
    zem_progress_end(&display);
    if (status == ZEM_STOPPED)
        zem_error_set(error, ZEM_STOPPED, "stopped by a signal");
    if (status == ZEM_OK || status == ZEM_DIFFERENCE)
        print_outcome(settings, &verification, result);
    if (status != ZEM_OK)
        zem_error_context(error, "%s", path);
    free(cells);
    return status;
}

int zem_command_verify(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct verify_settings settings = {0};
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_result_file_read(&result, &scenario, argv[first], error);
    if (status == ZEM_OK)
        status = zem_result_check_kernel(&result, argv[first], error);
    if (status == ZEM_OK)
        status = verify_result(&settings, &result, argv[first], error);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}
