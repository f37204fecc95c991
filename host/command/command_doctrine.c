/* `zem doctrine`: reads a result file and applies doctrines, which say how many salvos or shots a target gets and when,
 * to every cell by study/doctrine_surface.h. */
#include "base/interruption.h"
#include "base/output_file.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/progress.h"
#include "command/table_output.h"
#include "result/cell_totals.h"
#include "result/result_file.h"
#include "study/doctrine_table.h"
#include "study/doctrine_text.h"
#include "view/view.h"

#include <string.h>

#define TRIALS_AGAIN 10000u /* trials of a cell that are flown again if --trials is absent */
#define TRIALS_AGAIN_MAX 1000000000u

static const struct zem_usage usage = {
    .command = "doctrine",
    .operands = "FILE",
    .summary =
        "From one engagement to many: applies a stated doctrine to the probability of a hit in every cell of a result. "
        "It gives the\n"
        "probability that no target of a raid leaks, the expected leakers and the expected shots, with the intervals "
        "of "
        "the trials.\n"
        "--fire 2 fires two salvos at each target; --fire 2+1 then looks, and fires one more salvo at each target that "
        "is not\n"
        "seen to be killed. A salvo has as many shots as the scenario says, and its joint counts of hits are used. "
        "Different salvos\n"
        "are independent. --unit says what the numbers of --fire count: salvo (if absent) or shot. With --unit shot, "
        "--fire 2+1\n"
        "fires two shots, looks, and fires one more shot; all shots at a target are those of one salvo, which meet the "
        "same\n"
        "maneuver. A LIST has one value or several with commas; several are an axis of the output. Nothing is "
        "optimised.",
    .examples = "  zem doctrine weave.h5 --fire 1,2,1+1\n"
                "  zem doctrine weave.h5 --fire 1+1 --raid 4 --inventory 4,6,8 --kill-seen 0.9\n"
                "  zem doctrine salvo.h5 --unit shot --fire 2,1+1\n"
                "  zem doctrine salvo.h5 --reliability 0.95 --common-reliability 0.98 -o doctrine.h5\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct doctrine_settings {
    const char *list[ZEM_DOCTRINE_KEYS];
    const char *output;
    unsigned unit; /* 1 + enum zem_doctrine_unit, or 0 */
    uint64_t trials;
    struct zem_view_options view;
    bool json, quiet;
};

static int read_settings(struct doctrine_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    uint64_t radius = UINT64_MAX;
    struct zem_option options[ZEM_DOCTRINE_KEYS + 7] = {{0}};
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        options[key] = (struct zem_option){.name = zem_doctrine_table[key].option,
                                           .argument = zem_doctrine_table[key].argument,
                                           .help = zem_doctrine_table[key].help,
                                           .kind = ZEM_OPTION_TEXT,
                                           .target = &settings->list[key]};
    const struct zem_option others[] = {
        {0, "unit", "UNIT", "what --fire counts, salvo if absent; with shot, all are of one salvo", ZEM_OPTION_WORD,
         &settings->unit, ZEM_DOCTRINE_UNIT_WORDS, 0, 0},
        {0, "trials", "N", "with --unit shot and salvo.spacing: trials of a cell to fly again, 10000 if absent",
         ZEM_OPTION_NUMBER, &settings->trials, NULL, 1, TRIALS_AGAIN_MAX},
        {0, "radius", "INDEX", "which hit radius to print, counted from 0; the one whose cells differ most if absent",
         ZEM_OPTION_NUMBER, &radius, NULL, 0, ZEM_RADII_MAX - 1},
        {'o', "output", "FILE", "file to write in place of the text, .h5 or .csv, replaced if it exists",
         ZEM_OPTION_TEXT, &settings->output, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object instead of text", ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {'q', "quiet", NULL, "no progress", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
    };
    memcpy(options + ZEM_DOCTRINE_KEYS, others, sizeof others);
    const int status = zem_options_read(&usage, options, argc, argv, first, error);
    settings->view.radius_that_differs = radius == UINT64_MAX;
    settings->view.radius = settings->view.radius_that_differs ? 0 : (size_t)radius;
    return status;
}

static void show_progress(void *context, uint64_t done, uint64_t all, double seconds)
{
    zem_progress_update(context, &(struct zem_progress){.trials_done = done, .trials_total = all, .seconds = seconds});
}

/* Finds the salvos of every cell if the doctrines fire single shots, and shows the progress unless `quiet`. */
static int find_patterns(const struct zem_result *result, const struct zem_doctrine_set *set, const char *name,
                         const struct doctrine_settings *settings, struct zem_shot_patterns *patterns,
                         struct zem_error *error)
{
    struct zem_progress_display display;
    int status = zem_doctrine_set_check_shots(set, zem_shot_count(result), error);
    if (status != ZEM_OK || set->unit != ZEM_DOCTRINE_UNIT_SHOT)
        return status;
    zem_progress_start(&display, name, settings->quiet);
    status = zem_shot_patterns_find(result, settings->trials > 0 ? settings->trials : TRIALS_AGAIN,
                                    (struct zem_progress_hearer){show_progress, &display}, patterns, error);
    zem_progress_end(&display);
    return status;
}

/* Applies the doctrines to every cell and shows the progress unless `quiet`. */
static int find_surface(const struct zem_result *result, const struct zem_doctrine_set *set, const char *name,
                        bool quiet, const struct zem_shot_patterns *patterns, struct zem_doctrine_surface *surface,
                        struct zem_error *error)
{
    struct zem_progress_display display;
    zem_progress_start(&display, name, quiet);
    display.unit = "cells";
    const int status = zem_doctrine_surface_find(result, set, set->unit == ZEM_DOCTRINE_UNIT_SHOT ? patterns : NULL,
                                                 (struct zem_progress_hearer){show_progress, &display}, surface, error);
    zem_progress_end(&display);
    return status;
}

/* Writes the output file if one was given; otherwise prints text or JSON. */
static int show_surface(const struct zem_doctrine_surface *surface, const struct doctrine_settings *settings,
                        enum zem_output_form form, size_t radius, const char *file, struct zem_error *error)
{
    if (settings->output == NULL)
        return settings->json ? zem_doctrine_print_json(surface, radius, file, stdout, error)
                              : zem_doctrine_print(surface, radius, file, stdout, error);
    struct zem_doctrine_file table;
    int status = zem_doctrine_file_init(&table, surface, error);
    if (status == ZEM_OK)
        status = zem_table_output(&table.table, table.table.dimension_count - 1, settings->output, form, error);
    return status;
}

/* Reads the doctrines from the options, and checks before any work that the output can be written. */
static int prepare(const struct doctrine_settings *settings, const char *input, struct zem_doctrine_set *set,
                   enum zem_output_form *form, struct zem_error *error)
{
    int status = zem_doctrine_set_read(set, settings->list, error);
    set->unit = settings->unit > 0 ? (enum zem_doctrine_unit)(settings->unit - 1) : ZEM_DOCTRINE_UNIT_SALVO;
    if (status == ZEM_OK && settings->trials > 0 && set->unit != ZEM_DOCTRINE_UNIT_SHOT)
        return zem_error_set(error, ZEM_USAGE, "doctrine: --trials: only --unit shot flies trials again");
    if (status == ZEM_OK)
        status = zem_output_form_of(settings->output, false, form, error);
    if (status == ZEM_OK && settings->output != NULL && settings->json)
        return zem_error_set(error, ZEM_USAGE, "doctrine: --json prints, and -o writes a file: give one of them");
    if (status == ZEM_OK && settings->output != NULL)
        status = zem_output_check_inputs(settings->output, &input, 1, error);
    if (status == ZEM_OK && settings->output != NULL)
        status = zem_output_check(settings->output, true, error);
    return status;
}

int zem_command_doctrine(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct doctrine_settings settings = {.trials = 0};
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    struct zem_doctrine_set set;
    struct zem_shot_patterns patterns = {.result = NULL};
    struct zem_doctrine_surface surface = {.result = NULL};
    struct zem_view view = {.result = NULL};
    enum zem_output_form form = ZEM_OUTPUT_CSV;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    status = prepare(&settings, argv[first], &set, &form, error);
    if (status == ZEM_OK)
        status = zem_result_file_read(&result, &scenario, argv[first], error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK) /* the view holds the hit radius that the options choose */
        status = zem_view_init(&view, &result, &settings.view, error);
    if (status == ZEM_OK)
        status = find_patterns(&result, &set, argv[first], &settings, &patterns, error);
    if (status == ZEM_OK)
        status = find_surface(&result, &set, argv[first], settings.quiet, &patterns, &surface, error);
    if (status == ZEM_OK)
        status = show_surface(&surface, &settings, form, view.element, argv[first], error);
    zem_doctrine_surface_free(&surface);
    zem_shot_patterns_free(&patterns);
    zem_view_free(&view);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}
