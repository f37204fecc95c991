/* `zem effects`: reads a result file and finds, by result/effects.h, how a variable such as the probability of a hit
 * varies over the grid. It prints or draws the share of each axis, and of each pair of axes, in the variance of the
 * variable. */
#include "base/interruption.h"
#include "base/output_file.h"
#include "command/commands.h"
#include "command/options.h"
#include "result/effects_text.h"
#include "result/extremes.h"
#include "result/result_file.h"
#include "view/plot_effects.h"
#include "view/view.h"

static const struct zem_usage usage = {
    .command = "effects",
    .operands = "FILE",
    .summary =
        "Says what matters: the share of the variance over the grid that each axis, each pair of axes and the rest "
        "account for, with the\n"
        "noise of the trials subtracted, and with intervals. Shares belong to the grid as its axes lay it out. With -o "
        "it draws the main\n"
        "effects: the mean over all other axes at each point of an axis. For p_hit, p_salvo, miss_mean, miss_rms, "
        "miss_std and miss_quantile.",
    .examples = "  zem effects weave.h5\n"
                "  zem effects weave.h5 --variable miss_mean --json\n"
                "  zem effects weave.h5 -o effects.png\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct effects_settings {
    const char *output;
    struct zem_view_options view;
    bool json;
};

static int read_settings(struct effects_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    uint64_t radius = UINT64_MAX;
    const struct zem_option options[] = {
        {0, "variable", "NAME", "what to analyse, such as miss_mean; p_hit if absent", ZEM_OPTION_TEXT,
         &settings->view.variable, NULL, 0, 0},
        {0, "radius", "INDEX", "which hit radius, counted from 0; the one whose cells differ most if absent",
         ZEM_OPTION_NUMBER, &radius, NULL, 0, ZEM_RADII_MAX - 1},
        {'o', "output", "FILE", "picture of the main effects to write, .png, .svg or .pdf", ZEM_OPTION_TEXT,
         &settings->output, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object instead of text", ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {0},
    };
    const int status = zem_options_read(&usage, options, argc, argv, first, error);
    settings->view.radius_that_differs = radius == UINT64_MAX;
    settings->view.radius = settings->view.radius_that_differs ? 0 : (size_t)radius;
    return status;
}

/* Prints the effects of the axes, which are their shares in the variance, as text or JSON. Draws them if an output file
 * was given. */
static int show_effects(const struct zem_effects *effects, const struct effects_settings *settings, const char *file,
                        struct zem_error *error)
{
    const int status = settings->json ? zem_effects_print_json(effects, file, stdout, error)
                                      : zem_effects_print(effects, file, stdout, error);
    if (status != ZEM_OK || settings->output == NULL)
        return status;
    return zem_plot_effects(effects, settings->output, stderr, error);
}

int zem_command_effects(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct effects_settings settings = {.json = false};
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    struct zem_effects effects = {.count = 0};
    struct zem_view view = {.result = NULL};
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    if (settings.output != NULL)
        status = zem_output_check_inputs(settings.output, (const char *const *)&argv[first], 1, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_result_file_read(&result, &scenario, argv[first], error);
    if (status == ZEM_OK) /* the view holds the variable and the hit radius that the options choose */
        status = zem_view_init(&view, &result, &settings.view, error);
    if (status == ZEM_OK)
        status = zem_effects_find(&result, view.variable, view.element, &effects, error);
    if (status == ZEM_OK)
        status = show_effects(&effects, &settings, argv[first], error);
    zem_effects_free(&effects);
    zem_view_free(&view);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}
