/* `zem diff`: reads two result files and prints their comparison by result/difference.h. */
#include "command/commands.h"
#include "command/options.h"
#include "result/difference.h"
#include "result/result_file.h"

static const struct zem_usage usage = {
    .command = "diff",
    .operands = "A B",
    .summary = "Compares the probabilities of two results over the same grid, cell by cell, by two-proportion scores: "
               "where they differ most, and\n"
               "whether that is more than chance. The exit code does not depend on what comes out.",
    .examples = "  zem diff pn.h5 apn.h5\n  zem diff seed-1.h5 seed-2.h5 --lines 50\n  zem diff a.h5 b.h5 --json\n",
    .least_operands = 2,
    .most_operands = 2,
};

int zem_command_diff(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    bool json = false;
    uint64_t lines = 10;
    const struct zem_option options[] = {
        {0, "lines", "N", "how many of the largest differences to print, 10 if absent", ZEM_OPTION_NUMBER, &lines, NULL,
         0, SIZE_MAX},
        {0, "json", NULL, "print one JSON object with every cell instead of text", ZEM_OPTION_FLAG, &json, NULL, 0, 0},
        {0},
    };
    struct zem_result result[2] = {{0}, {0}};
    struct zem_scenario scenario[2] = {{0}, {0}};
    struct zem_comparison comparison = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    const char *const names[2] = {argv[first], argv[first + 1]};
    for (int i = 0; i < 2 && status == ZEM_OK; i++)
        status = zem_result_file_read(&result[i], &scenario[i], names[i], error);
    if (status == ZEM_OK)
        status = zem_compare(&result[0], &result[1], &comparison, error);
    if (status == ZEM_OK)
        status = json ? zem_comparison_print_json(&comparison, names, stdout, error)
                      : zem_comparison_print(&comparison, names, (size_t)lines, stdout, error);
    zem_comparison_free(&comparison);
    for (int i = 0; i < 2; i++) {
        zem_result_free(&result[i]);
        zem_scenario_free(&scenario[i]);
    }
    return status;
}
