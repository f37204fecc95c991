/* `zem sensitivity`: reads a scenario or a result and flies its trials again, each time with the random draw of one
 * source of chance replaced, by study/sensitivity.h. It prints, draws or writes the share of each source in the
 * variance of the miss and of a hit. */
#include "base/interruption.h"
#include "base/output_file.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/scenario_source.h"
#include "command/table_output.h"
#include "scenario/cell_choice.h"
#include "study/sensitivity_table.h"
#include "study/sensitivity_text.h"
#include "view/plot_sensitivity.h"

#include <inttypes.h>

#define TRIALS_DEFAULT 10000u

static const struct zem_usage usage = {
    .command = "sensitivity",
    .operands = "SCENARIO-or-FILE",
    .summary =
        "Says what drives the spread: the share of each source of chance (maneuver, heading errors, "
        "displacements, each seeker\n"
        "noise, Carleton's draw, dispersed keys) in the variance of the miss vector, of the miss distance and of "
        "a hit, by itself\n"
        "(first-order Sobol' index) and in all with its interactions (total index), with intervals. It flies "
        "every trial again with\n"
        "the draw of one source exchanged. In the linear loop without limits the shares of the miss vector are "
        "exact, but for\n"
        "ramps, parabolas, noise of a sampled seeker and dispersed keys. Without --cell it studies every cell of "
        "the grid.",
    .examples = "  zem sensitivity weave --cell 12,7\n"
                "  zem sensitivity weave --cell 12,7 --json --plot weave-sources.png\n"
                "  zem sensitivity noise --trials 4000 -o sources.h5\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct sensitivity_settings {
    struct zem_overrides overrides;
    const char *cell, *output, *plot;
    uint64_t trials, radius, threads;
    bool json, quiet;
};

static int read_settings(struct sensitivity_settings *settings, int argc, char **argv, int *first,
                         struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "cell", "I,J", "study one cell: index on each sweep axis, from 0; all cells if absent", ZEM_OPTION_TEXT,
         &settings->cell, NULL, 0, 0},
        {0, "trials", "N", "trials of each cell, 10000 if absent; each is flown once for every source and twice more",
         ZEM_OPTION_NUMBER, &settings->trials, NULL, 16, ZEM_SENSITIVITY_TRIALS_MAX},
        {0, "radius", "INDEX",
         "which hit radius to print and draw, counted from 0; the one with p_hit nearest to 0.5 if absent",
         ZEM_OPTION_NUMBER, &settings->radius, NULL, 0, ZEM_RADII_MAX - 1},
        {'o', "output", "FILE", "file to write besides, .h5 or .csv, replaced if it exists", ZEM_OPTION_TEXT,
         &settings->output, NULL, 0, 0},
        {0, "plot", "FILE", "picture of one cell to draw besides, .png, .svg or .pdf, replaced if it exists",
         ZEM_OPTION_TEXT, &settings->plot, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object with every cell and hit radius instead of text", ZEM_OPTION_FLAG,
         &settings->json, NULL, 0, 0},
        {0, "set", "KEY=VALUE", "sets a key of a scenario file; may be repeated", ZEM_OPTION_OVERRIDE,
         &settings->overrides, NULL, 0, 0},
        {0, "seed", "N", "replaces run.seed", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.seed", 0, 0},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {'q', "quiet", NULL, "no progress", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0},
    };
    settings->trials = TRIALS_DEFAULT;
    settings->radius = UINT64_MAX;
    return zem_options_read(&usage, options, argc, argv, first, error);
}

static void show_progress(void *context, uint64_t done, uint64_t all, double seconds)
{
    zem_progress_update(context, &(struct zem_progress){.trials_done = done, .trials_total = all, .seconds = seconds});
}

/* Checks before any work that every output file can be written. Sets the form of the table. */
static int check_outputs(const struct sensitivity_settings *settings, const char *input, enum zem_output_form *form,
                         struct zem_error *error)
{
    const char *const files[] = {settings->output, settings->plot};
    enum zem_output_form picture = ZEM_OUTPUT_PICTURE;
    int status = zem_output_form_of(settings->output, false, form, error);
    if (status == ZEM_OK && settings->plot != NULL)
        status = zem_output_form_of(settings->plot, true, &picture, error);
    if (status == ZEM_OK && picture != ZEM_OUTPUT_PICTURE)
        status = zem_error_set(error, ZEM_USAGE, "%s: --plot draws a picture, whose name ends in .png, .svg or .pdf",
                               settings->plot);
    for (size_t k = 0; status == ZEM_OK && k < sizeof files / sizeof *files; k++)
        if (files[k] != NULL) {
            status = zem_output_check_inputs(files[k], &input, 1, error);
            if (status == ZEM_OK)
                status = zem_output_check(files[k], true, error);
        }
    return status;
}

/* Fills `options` with the cell, the number of trials and the threads. Returns 0, or ZEM_USAGE if the scenario has no
 * such cell or hit radius, or if a picture is asked for and no single cell is chosen. */
static int choose(const struct sensitivity_settings *settings, const struct zem_scenario *scenario,
                  struct zem_sensitivity_options *options, struct zem_error *error)
{
    const bool one = settings->cell != NULL || scenario->axis_count == 0;
    *options = (struct zem_sensitivity_options){
        .one_cell = one, .trials = settings->trials, .threads = zem_scheduler_threads(settings->threads).count};
    if (settings->radius != UINT64_MAX && settings->radius >= scenario->radius_count)
        return zem_error_set(error, ZEM_USAGE, "--radius %" PRIu64 ": the scenario has %zu hit radi%s, counted from 0",
                             settings->radius, scenario->radius_count, scenario->radius_count == 1 ? "us" : "i");
    if (settings->plot != NULL && !one)
        return zem_error_set(error, ZEM_USAGE,
                             "--plot draws one cell, and the scenario has a sweep: choose it by --cell");
    return one ? zem_cell_read(scenario, settings->cell, &options->cell, error) : ZEM_OK;
}

static int show(const struct zem_sensitivity *s, const struct sensitivity_settings *settings, const char *name,
                enum zem_output_form form, struct zem_error *error)
{
    const size_t radius = settings->radius == UINT64_MAX ? zem_sensitivity_radius(s) : (size_t)settings->radius;
    int status = settings->json ? zem_sensitivity_print_json(s, name, stdout, error)
                                : zem_sensitivity_print(s, radius, name, stdout, error);
    if (status == ZEM_OK && settings->output != NULL) {
        struct zem_sensitivity_table table;
        zem_sensitivity_table_init(&table, s);
        status = zem_table_output(&table.table, table.row_rank, settings->output, form, error);
    }
    if (status == ZEM_OK && settings->plot != NULL)
        status = zem_plot_sensitivity(s, radius, settings->plot, stderr, error);
    return status;
}

static int study(const struct zem_console *console, const struct sensitivity_settings *settings,
                 const struct zem_scenario *scenario, const char *name, enum zem_output_form form,
                 struct zem_error *error)
{
    struct zem_sensitivity_options options;
    struct zem_sensitivity sensitivity = {.scenario = NULL};
    struct zem_progress_display display;
    int status = choose(settings, scenario, &options, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status != ZEM_OK)
        return status;
    zem_progress_start(&display, name, settings->quiet);
    options.progress = show_progress;
    options.context = &display;
    status = zem_sensitivity_find(scenario, &options, &sensitivity, error);
    zem_progress_end(&display);
    if (status == ZEM_OK)
        status = show(&sensitivity, settings, name, form, error);
    zem_sensitivity_free(&sensitivity);
    return status;
}

int zem_command_sensitivity(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct sensitivity_settings settings = {0};
    struct zem_scenario_source source;
    struct zem_diagnostics diagnostics;
    enum zem_output_form form = ZEM_OUTPUT_CSV;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status == ZEM_OK)
        status = check_outputs(&settings, argv[first], &form, error);
    if (status != ZEM_OK)
        goto cleanup_settings;
    zem_diagnostics_init(&diagnostics, argv[first]);
    status = zem_scenario_source_read(&source, argv[first], &settings.overrides, &diagnostics, error);
    console->diagnostics(&diagnostics);
    zem_diagnostics_free(&diagnostics);
    if (status == ZEM_OK)
        status = study(console, &settings, &source.scenario, argv[first], form, error);
    zem_scenario_source_free(&source);
cleanup_settings:
    zem_overrides_free(&settings.overrides);
    return status > 0 ? ZEM_OK : status;
}
