/* `zem export`: reads a result file and writes it as CSV by view/export.h. */
#include "command/commands.h"
#include "command/options.h"
#include "result/result_file.h"
#include "view/export.h"

#include <stdio.h>

static const struct zem_usage usage = {
    .command = "export",
    .operands = "FILE",
    .summary = "Writes the surface as CSV on standard output: a header with units, then one line a cell with the "
               "values of the sweep axes,\n"
               "trials, hits, probabilities with their intervals, miss distances and the other variables of each cell, "
               "except\n"
               "stop_reason and single trials.",
    .examples = "  zem export weave.h5 > weave.csv\n  zem export weave.h5 --histogram | head -n 2\n",
    .least_operands = 1,
    .most_operands = 1,
};

int zem_command_export(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    (void)console;
    bool histogram = false;
    const struct zem_option options[] = {
        {0, "histogram", NULL, "add the trials in each of the 258 bins of the miss distance", ZEM_OPTION_FLAG,
         &histogram, NULL, 0, 0},
        {0},
    };
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    status = zem_result_file_read(&result, &scenario, argv[first], error);
    if (status == ZEM_OK)
        status = zem_export(&result, histogram, stdout, error);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}
