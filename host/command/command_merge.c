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
 * (kept one by one), or shards of the run. */
static void print_what_is_missing(const struct zem_merge *merge)
{
    char text[200];
    bool any = false;
    for (size_t i = 0; i < merge->count; i++)
        any = any || merge->parts[i].sample_count > 0;
    if (merge->some_checked && merge->merged.step_check.trials == NULL)
        fprintf(stderr, "zem: the step check is left out: not every part has one\n");
    if (any && merge->merged.sample_count == 0)
        fprintf(stderr, "zem: single trials are left out: not every part has some, or they are too many together\n");
    if (merge->merged.shards > 0)
        fprintf(stderr, "zem: incomplete: %s; every estimate is valid, from fewer trials\n",
                zem_result_shards_text(&merge->merged, text, sizeof text));
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

/* Reads the parts and adds them, one after the other. The cells of a part are freed before the next part is read. */
static int add_parts(struct zem_merge *merge, struct zem_result *parts, struct zem_scenario *scenarios,
                     struct zem_error *error)
{
    int status = ZEM_OK;
    for (size_t i = 0; i < merge->count && status == ZEM_OK; i++) {
        status = zem_result_file_read(&parts[i], &scenarios[i], merge->names[i], error);
        if (status == ZEM_OK)
            status = zem_merge_add(merge, error);
        zem_result_free_cells(&parts[i]);
    }
    return status == ZEM_OK ? zem_merge_finish(merge, error) : status;
}

int zem_command_merge(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct merge_settings settings = {0};
    struct zem_merge merge = {0};
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    const char *output = argv[first], *const *names = (const char *const *)&argv[first + 1];
    const size_t count = (size_t)(argc - first - 1);
    struct zem_result *parts = calloc(count, sizeof *parts);
    struct zem_scenario *scenarios = calloc(count, sizeof *scenarios);
    if (parts == NULL || scenarios == NULL)
        status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu files", count);
    if (status == ZEM_OK)
        status = zem_output_check_inputs(output, names, count, error);
    if (status == ZEM_OK)
        status = zem_result_file_check(output, &settings.write, error);
    zem_merge_begin(&merge, parts, names, count);
    if (status == ZEM_OK)
        status = add_parts(&merge, parts, scenarios, error);
    if (status == ZEM_OK)
        status = write_merged(&settings, console, &merge.merged, output, error);
    if (status == ZEM_OK && !settings.quiet)
        print_what_is_missing(&merge);
    zem_merge_free(&merge);
    for (size_t i = 0; i < count && parts != NULL && scenarios != NULL; i++) {
        zem_result_free(&parts[i]);
        zem_scenario_free(&scenarios[i]);
    }
    free(scenarios);
    free(parts);
    return status;
}
