/* `zem report`: reads a result file and writes an HTML page about it by view/report.h. */
#include "base/interruption.h"
#include "base/output_file.h"
#include "command/commands.h"
#include "command/options.h"
#include "result/result_file.h"
#include "view/report.h"

static const struct zem_usage usage = {
    .command = "report",
    .operands = "FILE",
    .summary =
        "Writes one self-contained HTML page: headline numbers with their intervals, maps and slices, the "
        "distribution of the miss\n"
        "distance, and where the result comes from. In a browser with scripts it can be explored: the value under "
        "the pointer, other\n"
        "variables and slices, lines through cells, the test of the difference of two cells, CSV. It needs no "
        "network and no other\n"
        "file; very large grids are left out of that part. An existing page is replaced. Needs gnuplot.",
    .examples = "  zem report weave.h5 -o weave.html\n",
    .least_operands = 1,
    .most_operands = 1,
};

int zem_command_report(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct zem_report_options report = {0};
    const struct zem_option options[] = {
        {'o', "output", "FILE", "page to write; required", ZEM_OPTION_TEXT, &report.output, NULL, 0, 0},
        {0},
    };
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    if (report.output == NULL)
        return zem_error_set(error, ZEM_USAGE, "report: -o OUT.html is needed");
    report.file = argv[first];
    status = zem_output_check_inputs(report.output, &report.file, 1, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_result_file_read(&result, &scenario, argv[first], error);
    if (status == ZEM_OK)
        status = zem_report(&result, &report, error);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}
