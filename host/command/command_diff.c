/* `zem diff`: reads two result files and prints their comparison by result/difference_text.h. */
#include "base/interruption.h"
#include "command/commands.h"
#include "command/compared_results.h"
#include "command/options.h"
#include "result/difference_text.h"

static const struct zem_usage usage = {
    .command = "diff",
    .operands = "A B",
    .summary =
        "Compares the probabilities of two results over the same grid, cell by cell: B minus A, with intervals and "
        "exact tests, and\n"
        "whether the differences are more than chance when all cells are looked at together. Results of the same seed "
        "are compared in\n"
        "pairs of trials with the same random numbers, which shows much smaller differences; those trials are flown "
        "again where the\n"
        "files do not keep them. The exit code does not depend on what comes out.",
    .examples = "  zem diff pn.h5 apn.h5\n  zem diff seed-1.h5 seed-2.h5 --lines 50\n  zem diff a.h5 b.h5 --json\n",
    .least_operands = 2,
    .most_operands = 2,
};

int zem_command_diff(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    bool json = false;
    uint64_t lines = 10, pairs = ZEM_PAIRS_FLOWN_DEFAULT, threads = 0;
    const struct zem_option options[] = {
        {0, "lines", "N", "how many of the most significant differences to print, 10 if absent", ZEM_OPTION_NUMBER,
         &lines, NULL, 0, SIZE_MAX},
        {0, "pairs-max", "N",
         "fly up to N pairs of trials again, 5000000 if absent; with more of them, a test without pairs is used",
         ZEM_OPTION_NUMBER, &pairs, NULL, 0, UINT64_MAX},
        {0, "threads", "N", "CPU threads to fly pairs again; all processors if absent", ZEM_OPTION_NUMBER, &threads,
         NULL, 1, 65536},
        {0, "json", NULL, "print one JSON object with every cell instead of text", ZEM_OPTION_FLAG, &json, NULL, 0, 0},
        {0},
    };
    struct zem_compared_results compared = {.pairs = {0}};
    int first = 0, status = zem_options_read(&usage, options, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    const char *const names[2] = {argv[first], argv[first + 1]};
    status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_compared_read(&compared, names, pairs, (unsigned)threads, error);
    if (status == ZEM_OK)
        status = json ? zem_comparison_print_json(&compared.comparison, names, stdout, error)
                      : zem_comparison_print(&compared.comparison, names, (size_t)lines, stdout, error);
    zem_compared_free(&compared);
    return status;
}
