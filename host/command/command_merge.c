/* `zem merge`: reads the results of shards, adds them by run/merge.h and writes the merged result. */
#include "base/output_claim.h"
#include "base/output_file.h"
#include "base/temporary_path.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/run_summary.h"
#include "result/result_file.h"
#include "run/merge.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct zem_usage usage = {
    .command = "merge",
    .operands = "OUT IN...",
    .summary =
        "Adds the shards of a run (zem run --shard). Merging every shard gives the file of the unsharded run, with its "
        "digest;\n"
        "merging some gives a valid estimate with wider intervals, which can be merged further. Files of different\n"
        "scenarios, seeds or kernel versions are refused, and so are trials that would count twice. Single trials "
        "(--samples)\n"
        "are merged too, unless a part has none.",
    .examples =
        "  zem merge weave.h5 shard-0.h5 shard-1.h5 shard-2.h5 shard-3.h5\n  zem merge so-far.h5 shard-*.h5 --force\n",
    .least_operands = 2,
    .most_operands = SIZE_MAX,
};

struct merge_settings {
    bool quiet, json;
    struct zem_write_options write;
};

static int read_settings(struct merge_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {'f', "force", NULL, "replace an existing result file", ZEM_OPTION_FLAG, &settings->write.force, NULL, 0, 0},
        {0, "reproducible", NULL, "leave date, host, timing and devices out of the file", ZEM_OPTION_FLAG,
         &settings->write.reproducible, NULL, 0, 0},
        {'q', "quiet", NULL, "no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object, as zem run does", ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {0},
    };
    return zem_options_read(&usage, options, argc, argv, first, error);
}

/* Prints what the merged result lacks: the step check (some trials flown again with half the steps), single trials
 * (kept one by one), or shards of the run. `parts` are the `count` results that were merged. */
static void print_what_is_missing(const struct zem_result *merged, const struct zem_result *parts, size_t count)
{
    char text[200];
    bool any = false, any_check = false;
    for (size_t i = 0; i < count; i++) {
        any = any || parts[i].sample_count > 0;
        any_check = any_check || parts[i].step_check.trials != NULL;
    }
    if (any_check && merged->step_check.trials == NULL)
        fprintf(stderr, "zem: the step check is left out: not every part has one\n");
    if (any && merged->sample_count == 0)
        fprintf(stderr, "zem: single trials are left out: not every part has some, or they are too many together\n");
    if (merged->shards > 0)
        fprintf(stderr, "zem: incomplete: %s; every estimate is valid, from fewer trials\n",
                zem_result_shards_text(merged, text, sizeof text));
}

static int write_merged(const struct merge_settings *settings, const struct zem_console *console,
                        struct zem_result *merged, const char *output, struct zem_error *error)
{
    struct zem_provenance now;
    struct zem_provenance *from = &merged->provenance;
    int status = zem_provenance_init(&now, console->argument_count, console->arguments, error);
    now.kernel_version = from->kernel_version;
    now.device = from->device;
    now.device_count = from->device_count;
    now.wall_seconds = from->wall_seconds;
    now.kernel_seconds = from->kernel_seconds;
    *from = now;
    struct zem_output_claim claim = {0};
    if (status == ZEM_OK)
        status = zem_output_claim_take(&claim, output, error);
    if (status == ZEM_OK && !claim.held)
        status = zem_error_set(error, ZEM_CANNOT_CREATE, "%s: is being written by another process (%s)", output,
                               claim.owner);
    if (status == ZEM_OK)
        zem_temporary_remove_left(output, "part");
    if (status == ZEM_OK)
        status = zem_result_file_write(merged, output, &settings->write, error);
    zem_output_claim_release(&claim);
    if (status == ZEM_OK && !settings->quiet)
        zem_run_summary_print(merged, output, stderr);
    if (status == ZEM_OK && settings->json)
        status = zem_run_summary_json(merged, NULL, merged->scenario->name, output, stdout, error);
    return status;
}

int zem_command_merge(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct merge_settings settings = {0};
    struct zem_result merged = {0}, *parts = NULL;
    struct zem_scenario *scenarios = NULL;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    const char *output = argv[first];
    const size_t count = (size_t)(argc - first - 1);
    parts = calloc(count, sizeof *parts);
    scenarios = calloc(count, sizeof *scenarios);
    if (parts == NULL || scenarios == NULL)
        status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu files", count);
    if (status == ZEM_OK)
        status = zem_output_check_inputs(output, (const char *const *)&argv[first + 1], count, error);
    if (status == ZEM_OK)
        status = zem_result_file_check(output, &settings.write, error);
    for (size_t i = 0; i < count && status == ZEM_OK; i++)
        status = zem_result_file_read(&parts[i], &scenarios[i], argv[first + 1 + (int)i], error);
    if (status == ZEM_OK)
        status = zem_merge(parts, (const char *const *)&argv[first + 1], count, &merged, error);
    if (status == ZEM_OK)
        status = write_merged(&settings, console, &merged, output, error);
    if (status == ZEM_OK && !settings.quiet)
        print_what_is_missing(&merged, parts, count);
    zem_result_free(&merged);
    for (size_t i = 0; i < count && parts != NULL && scenarios != NULL; i++) {
        zem_result_free(&parts[i]);
        zem_scenario_free(&scenarios[i]);
    }
    free(scenarios);
    free(parts);
    return status;
}
