/* `zem plot`: reads a result file and draws a picture of it by view/plot.h. */
#include "base/output_file.h"
#include "base/interruption.h"
#include "command/commands.h"
#include "command/compared_results.h"
#include "command/options.h"
#include "result/result_file.h"
#include "view/plot.h"
#include "view/plot_difference.h"

static const struct zem_usage usage = {
    .command = "plot",
    .operands = "FILE [FILE]",
    .summary =
        "Draws a heat map with contours and, beside it, the half-width of the interval; with one sweep axis a line "
        "with its\n"
        "interval. Contours stand only where intervals for all cells at once justify them, each in the band in which "
        "it "
        "may lie. Of two results, A and B, it draws B minus A and marks where that is "
        "significant, as zem diff tests it. The ending of the output chooses PNG, SVG or PDF; an existing picture is "
        "replaced. Needs gnuplot.",
    .examples = "  zem plot weave.h5 -o weave.png\n"
                "  zem plot weave.h5 -o miss.svg --variable miss_rms --slice \"period=2\"\n"
                "  zem plot weave.h5 -o radius.pdf --against radius\n"
                "  zem plot pn.h5 apn.h5 -o difference.png\n",
    .least_operands = 1,
    .most_operands = 2,
};

/* Draws one result, or the difference of two. */
static int draw(const struct zem_console *console, const struct zem_plot_options *plot, const char *const *names,
                size_t count, struct zem_error *error)
{
    struct zem_compared_results compared = {.pairs = {0}};
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int status = zem_output_check_inputs(plot->output, names, count, error);
    if (status == ZEM_OK && count == 2) {
        status = zem_interruption_catch(console->leave, error);
        if (status == ZEM_OK)
            status = zem_compared_read(&compared, names, ZEM_PAIRS_FLOWN_DEFAULT, 0, error);
        if (status == ZEM_OK)
            status = zem_plot_difference(&compared.comparison, names, plot, error);
    } else if (status == ZEM_OK) {
        status = zem_result_file_read(&result, &scenario, names[0], error);
        if (status == ZEM_OK)
            status = zem_plot(&result, plot, error);
    }
    zem_compared_free(&compared);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}

int zem_command_plot(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct zem_plot_options plot = {0};
    struct zem_overrides slices = {0};
    uint64_t radius = UINT64_MAX;
    const struct zem_option options[] = {
        {'o', "output", "FILE", "picture to write, .png, .svg or .pdf; required", ZEM_OPTION_TEXT, &plot.output, NULL,
         0, 0},
        {0, "variable", "NAME", "what to draw, such as miss_rms; p_hit if absent", ZEM_OPTION_TEXT, &plot.view.variable,
         NULL, 0, 0},
        {0, "radius", "INDEX", "which hit radius, counted from 0; the one that differs most if absent",
         ZEM_OPTION_NUMBER, &radius, NULL, 0, ZEM_RADII_MAX - 1},
        {0, "slice", "AXIS=VALUE", "hold a sweep axis at its nearest point; may be repeated", ZEM_OPTION_OVERRIDE,
         &slices, NULL, 0, 0},
        {0, "against", "radius", "draw the probability over the hit radius", ZEM_OPTION_TEXT, &plot.against, NULL, 0,
         0},
        {0},
    };
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup;
    if (!plot.output) {
        status = zem_error_set(error, ZEM_USAGE, "plot: -o OUT.png (or .svg, .pdf) is needed");
        goto cleanup;
    }
    plot.view.radius_that_differs = radius == UINT64_MAX;
    plot.view.radius = (size_t)radius;
    plot.view.slices = (const char *const *)slices.items;
    plot.view.slice_count = slices.count;
    status = draw(console, &plot, (const char *const *)&argv[first], (size_t)(argc - first), error);
cleanup:
    zem_overrides_free(&slices);
    return status > 0 ? ZEM_OK : status;
}
