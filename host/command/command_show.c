/* `zem show`: reads a result file and prints its headline numbers and a heat map by view/show.h. */
#include "command/commands.h"
#include "command/options.h"
#include "result/result_file.h"
#include "view/show.h"

static const struct zem_usage usage = {
    .command = "show",
    .operands = "FILE",
    .summary =
        "Prints the main numbers, the provenance and a heat map of a result file. Without colours (no terminal,\n"
        "NO_COLOR, or a TERM such as vt100) a map consists of digits. At a terminal, points for which there is no\n"
        "room are left out, and the main numbers are repeated below the map.",
    .examples = "  zem show weave.h5\n"
                "  zem show weave.h5 --variable miss_rms --slice \"period=2\"\n"
                "  zem show weave.h5 --json\n",
    .least_operands = 1,
    .most_operands = 1,
};

int zem_command_show(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    struct zem_show_options show = {0};
    struct zem_overrides slices = {0};
    uint64_t radius = UINT64_MAX;
    const struct zem_option options[] = {
        {0, "variable", "NAME", "what to draw, such as miss_rms; p_hit if absent", ZEM_OPTION_TEXT, &show.view.variable,
         NULL, 0, 0},
        {0, "radius", "INDEX", "which hit radius, counted from 0; the one whose cells differ most if absent",
         ZEM_OPTION_NUMBER, &radius, NULL, 0, ZEM_RADII_MAX - 1},
        {0, "slice", "AXIS=VALUE", "hold a sweep axis at its nearest point; may be repeated", ZEM_OPTION_OVERRIDE,
         &slices, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object instead of text", ZEM_OPTION_FLAG, &show.json, NULL, 0, 0},
        {0},
    };
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup;
    show.file = argv[first];
    show.view.radius_that_differs = radius == UINT64_MAX;
    show.view.radius = (size_t)radius;
    show.view.slices = (const char *const *)slices.items;
    show.view.slice_count = slices.count;
    status = (zem_view_needs_histogram(show.view.variable) ? zem_result_file_read : zem_result_file_glance)(
        &result, &scenario, argv[first], error);
    if (status == ZEM_OK)
        status = zem_show(&result, &show, stdout, error);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
cleanup:
    zem_overrides_free(&slices);
    return status > 0 ? ZEM_OK : status;
}
