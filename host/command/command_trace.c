/* `zem trace`: reads a scenario or a result, flies one trial of one cell again and writes its time history by
 * run/trace.h. With --ensemble it flies many trials and writes mean, deviation and quantiles over time by
 * study/ensemble.h. */
#include "base/interruption.h"
#include "base/kernel_types.h"
#include "base/output_file.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/scenario_source.h"
#include "command/table_output.h"
#include "run/trace.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "study/ensemble_table.h"
#include "view/plot_ensemble.h"

#include <inttypes.h>

static const struct zem_usage usage = {
    .command = "trace",
    .operands = "SCENARIO-or-FILE",
    .summary =
        "Replays one engagement and writes its time history as CSV, with its outcome as it was counted, to the bit. "
        "Every trial has an\n"
        "address (scenario, seed, cell, number, shot) and can be flown alone. Lines that begin with # are comments.\n"
        "With --ensemble it flies many trials and writes mean, standard deviation and quantiles of the zero-effort "
        "miss, "
        "the\n"
        "interceptor's acceleration and the line-of-sight rate at common times to go: as CSV, HDF5 (.h5) or a picture "
        "(.png, .svg, .pdf).",
    .examples = "  zem trace weave --cell 12,7 --trial 4711\n"
                "  zem trace weave.h5 --cell 0,23 --trial 0 -o trace.csv\n"
                "  zem trace weave --cell 12,7 --ensemble 1000 -o ensemble.h5\n"
                "  zem trace weave --cell 12,7 --ensemble 1000 -o ensemble.png\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct trace_settings {
    struct zem_overrides overrides;
    const char *cell, *output;
    uint64_t trial, shot, ensemble, points;
};

static int read_settings(struct trace_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "cell", "I,J", "index on each sweep axis, from 0; needed if there is a sweep", ZEM_OPTION_TEXT,
         &settings->cell, NULL, 0, 0},
        {0, "trial", "K", "number of the trial, or of the first of --ensemble, counted from 0; 0 if absent",
         ZEM_OPTION_NUMBER, &settings->trial, NULL, 0, (UINT64_C(1) << 56) - 1},
        {0, "shot", "S", "shot of the salvo, counted from 0; 0 if absent", ZEM_OPTION_NUMBER, &settings->shot, NULL, 0,
         ZEM_SHOTS_LIMIT - 1},
        {0, "ensemble", "N", "fly N trials and write mean, deviation and quantiles over time", ZEM_OPTION_NUMBER,
         &settings->ensemble, NULL, 1, ZEM_ENSEMBLE_TRIALS_MAX},
        {0, "points", "M", "times to go at which --ensemble has values, 101 if absent", ZEM_OPTION_NUMBER,
         &settings->points, NULL, 2, ZEM_ENSEMBLE_POINTS_MAX},
        {'o', "output", "FILE", "file to write, replaced if it exists; CSV on standard output if absent",
         ZEM_OPTION_TEXT, &settings->output, NULL, 0, 0},
        {0, "set", "KEY=VALUE", "sets a key of a scenario file; may be repeated", ZEM_OPTION_OVERRIDE,
         &settings->overrides, NULL, 0, 0},
        {0, "seed", "N", "replaces run.seed", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.seed", 0, 0},
        {0},
    };
    const int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status == ZEM_OK && settings->points != 0 && settings->ensemble == 0)
        return zem_error_set(error, ZEM_USAGE, "trace: --points goes with --ensemble N");
    return status;
}

/* Returns ZEM_USAGE if one of the `count` trials from number `trial` on was not counted in this cell of the result,
 * because its history would not belong to the result. */
static int check_counted(const struct zem_result *result, uint64_t cell, uint64_t trial, uint64_t count,
                         const char *path, struct zem_error *error)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    char name[300];
    while (count > 0 && zem_result_holds_trial(result, cell, trial)) {
        trial++;
        count--;
    }
    if (count == 0)
        return ZEM_OK;
    return zem_error_set(error, ZEM_USAGE, "%s: trial %" PRIu64 " is none of the %" PRIu64 " trials counted in %s",
                         path, trial, trials, zem_cell_name(result->scenario, cell, name, sizeof name));
}

/* Prints a note if a run of this scenario has fewer trials in the cell and does not fly this one. */
static void note_beyond(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial)
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(scenario, cell, value);
    if (trial >= value[ZEM_KEY_TRIALS].integer)
        fprintf(stderr, "zem: trace: a run of this scenario flies only the trials 0 to %" PRIu64 " of this cell\n",
                value[ZEM_KEY_TRIALS].integer - 1);
}

/* Writes the time history of one trial to standard output, or into a file that gets its name when it is complete.
 * `input` is the scenario or result that the command reads; it must not be the output. */
static int write_trace(const struct trace_settings *settings, const struct zem_scenario *scenario, uint64_t cell,
                       const char *input, struct zem_error *error)
{
    const uint32_t shot = (uint32_t)settings->shot;
    struct zem_output output = {0};
    enum zem_output_form form = ZEM_OUTPUT_CSV;
    struct zem_error unknown = {0};
    if (settings->output == NULL)
        return zem_trace(scenario, cell, settings->trial, shot, stdout, error);
    int status = zem_output_check_inputs(settings->output, &input, 1, error);
    if (status == ZEM_OK && zem_output_form_of(settings->output, true, &form, &unknown) == ZEM_OK
        && form != ZEM_OUTPUT_CSV)
        status = zem_error_set(error, ZEM_USAGE,
                               "trace: -o %s: the history of one trial is written as CSV; pictures and HDF5 files go "
                               "with --ensemble N",
                               settings->output);
    if (status == ZEM_OK)
        status = zem_output_open(&output, settings->output, true, error);
    if (status == ZEM_OK)
        status = zem_trace(scenario, cell, settings->trial, shot, output.stream, error);
    if (status == ZEM_INPUT_OUTPUT)
        zem_error_context(error, "%s", settings->output);
    if (status == ZEM_OK)
        status = zem_output_publish(&output, error);
    zem_output_end(&output);
    return status;
}

/* Flies an ensemble of trials and writes it as CSV, HDF5 or a picture. The ending of the output's name chooses the
 * form. */
static int write_ensemble(const struct zem_console *console, const struct trace_settings *settings,
                          const struct zem_scenario *scenario, uint64_t cell, const char *input,
                          struct zem_error *error)
{
    const struct zem_ensemble_options options = {.cell = cell,
                                                 .first = settings->trial,
                                                 .trials = settings->ensemble,
                                                 .shot = (uint32_t)settings->shot,
                                                 .points = settings->points > 0 ? (size_t)settings->points : 101,
                                                 .threads = zem_scheduler_threads(0).count};
    struct zem_ensemble ensemble = {0};
    enum zem_output_form form;
    int status = zem_output_form_of(settings->output, true, &form, error);
    if (status == ZEM_OK && settings->output != NULL)
        status = zem_output_check_inputs(settings->output, &input, 1, error);
    if (status == ZEM_OK && settings->output != NULL)
        status = zem_output_check(settings->output, true, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_ensemble_fly(scenario, &options, &ensemble, error);
    if (status == ZEM_OK && ensemble.outcomes[ZEM_OUTCOME_PASSED] == 0)
        status = zem_error_set(error, ZEM_BAD_INPUT,
                               "trace: none of the %" PRIu64 " trials came to a closest approach, so there is nothing "
                               "to show; zem trace --trial K without --ensemble says how one of them ended",
                               settings->ensemble);
    if (status == ZEM_OK && form == ZEM_OUTPUT_PICTURE)
        status = zem_plot_ensemble(&ensemble, settings->output, stderr, error);
    else if (status == ZEM_OK) {
        struct zem_ensemble_table table;
        zem_ensemble_table_init(&table, &ensemble);
        status = zem_table_output(&table.table, 1, settings->output, form, error);
    }
    zem_ensemble_free(&ensemble);
    return status;
}

int zem_command_trace(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct trace_settings settings = {0};
    struct zem_scenario_source source;
    struct zem_diagnostics diagnostics;
    uint64_t cell = 0;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup_settings;
    zem_diagnostics_init(&diagnostics, argv[first]);
    status = zem_scenario_source_read(&source, argv[first], &settings.overrides, &diagnostics, error);
    console->diagnostics(&diagnostics);
    zem_diagnostics_free(&diagnostics);
    if (status == ZEM_OK)
        status = zem_cell_read(&source.scenario, settings.cell, &cell, error);
    if (status == ZEM_OK && source.has_result)
        status = check_counted(&source.result, cell, settings.trial, settings.ensemble > 0 ? settings.ensemble : 1,
                               argv[first], error);
    else if (status == ZEM_OK && settings.ensemble == 0)
        note_beyond(&source.scenario, cell, settings.trial);
    if (status == ZEM_OK && settings.ensemble > 0)
        status = write_ensemble(console, &settings, &source.scenario, cell, argv[first], error);
    else if (status == ZEM_OK)
        status = write_trace(&settings, &source.scenario, cell, argv[first], error);
    zem_scenario_source_free(&source);
cleanup_settings:
    zem_overrides_free(&settings.overrides);
    return status > 0 ? ZEM_OK : status;
}
