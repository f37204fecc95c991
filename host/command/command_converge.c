/* `zem converge`: reads a scenario and prints the error budget of its integration step, which compares the errors of
 * the step with the confidence interval, by study/converge.h. The exit code tells whether the step is short enough. */
#include "base/interruption.h"
#include "base/printable.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/scenario_source.h"
#include "study/converge.h"

static const struct zem_usage usage = {
    .command = "converge",
    .operands = "SCENARIO",
    .summary = "Halves the steps until the change is far below the half-width of the interval, and prints the error "
               "budget of p_hit at\n"
               "every hit radius, of mean, rms and quantiles of the miss, divert, saturated fraction and flight time: "
               "step, rounding (against\n"
               "double precision), closest-approach formula, and their sum with its 99 % interval. The error of p_hit "
               "is counted at the radius itself.\n"
               "Examines a sample of cells: the middle, corners, then cells spread evenly. The exit code is 0 if "
               "the scenario's own step\n"
               "passes, which means that the interval of the error stays below a quarter of the half-width (or "
               "--percent), and 8 if not, or if the\n"
               "trials do not tell; it then says how many would. Writes no file.",
    .examples = "  zem converge weave\n  zem converge weave --set \"run.step=50 ms\" --set "
                "run.step_ratio=2\n"
                "  zem converge noise --cells 9 --json\n  zem converge step --trials 100000 "
                "--percent 10\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct converge_settings {
    struct zem_overrides overrides;
    bool json, quiet;
    uint64_t cells, trials, percent, threads;
};

static int read_settings(struct converge_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "cells", "N", "cells to examine, 5 if absent", ZEM_OPTION_NUMBER, &settings->cells, NULL, 1, 1000000},
        {0, "trials-max", "N",
         "trials flown per cell at most, 1024000 if absent; few at first, more while a verdict is open",
         ZEM_OPTION_NUMBER, &settings->trials, NULL, 100, 100000000},
        {0, "percent", "N", "largest sum of all errors for a pass, in percent of the half-width, 25 if absent",
         ZEM_OPTION_NUMBER, &settings->percent, NULL, 1, 100},
        {0, "set", "KEY=VALUE", "sets a scenario key, value as in the file; may be repeated", ZEM_OPTION_OVERRIDE,
         &settings->overrides, NULL, 0, 0},
        {0, "trials", "N", "replaces run.trials; errors are compared with the interval of a run with so many trials",
         ZEM_OPTION_OVERRIDE, &settings->overrides, "run.trials", 0, 0},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {'q', "quiet", NULL, "no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object with every cell instead of the table", ZEM_OPTION_FLAG,
         &settings->json, NULL, 0, 0},
        {0},
    };
    settings->cells = 5;
    settings->trials = 1024000;
    settings->percent = 25;
    return zem_options_read(&usage, options, argc, argv, first, error);
}

static void message(void *context, const char *text)
{
    (void)context;
    fputs("zem: ", stderr);
    zem_printable_write(text, false, stderr);
    fputc('\n', stderr);
}

static int judge(const struct zem_convergence *convergence, struct zem_error *error)
{
    if (convergence->verdict == ZEM_BUDGET_PASSES)
        return ZEM_OK;
    return zem_error_set(error, ZEM_NOT_CONVERGED, "%s: %s", convergence->scenario->name,
                         convergence->verdict == ZEM_BUDGET_FAILS
                             ? "the step is too long for the precision of the run"
                             : "it is not shown that the step is short enough for the precision of the run");
}

int zem_command_converge(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct converge_settings settings = {0};
    struct zem_scenario scenario = {0};
    struct zem_diagnostics diagnostics;
    struct zem_convergence convergence = {0};
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup_settings;
    zem_diagnostics_init(&diagnostics, argv[first]);
    status = zem_scenario_source_file(&scenario, argv[first], &settings.overrides, &diagnostics, error);
    console->diagnostics(&diagnostics);
    zem_diagnostics_free(&diagnostics);
    const struct zem_converge_options options = {.cells = (size_t)settings.cells,
                                                 .trials = (size_t)settings.trials,
                                                 .share = 0.01 * (double)settings.percent,
                                                 .threads = zem_scheduler_threads(settings.threads).count,
                                                 .message = settings.quiet ? NULL : message};
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_converge(&scenario, &options, &convergence, error);
    if (status == ZEM_OK)
        status = settings.json ? zem_convergence_print_json(&convergence, stdout, error)
                               : zem_convergence_print(&convergence, stdout, error);
    if (status == ZEM_OK)
        status = judge(&convergence, error);
    zem_convergence_free(&convergence);
    zem_scenario_free(&scenario);
cleanup_settings:
    zem_overrides_free(&settings.overrides);
    return status > 0 ? ZEM_OK : status;
}
