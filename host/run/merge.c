/* Adds shards into one result. First it checks that all shards belong to the same run and that no two have a trial in
 * common. Then it adds totals, devices, samples and counts of the step check. */
#include "run/merge.h"

#include "result/step_check.h"
#include "run/samples.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Returns ZEM_BAD_INPUT, with a message that names the first two results with a common shard, if there are such
 * results. */
static int find_overlap(const struct zem_result *parts, const char *const *names, size_t count, struct zem_error *error)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t k = 0; k < parts[i].shard_count; k++)
                for (size_t l = 0; l < parts[j].shard_count; l++)
                    if (parts[i].shard[k] == parts[j].shard[l])
                        return zem_error_set(error, ZEM_BAD_INPUT,
                                             "%s and %s both hold shard %" PRIu64 ": its trials would count twice",
                                             names[j], names[i], parts[i].shard[k]);
    return ZEM_OK;
}

static int check_fit(const struct zem_result *parts, const char *const *names, size_t count, struct zem_error *error)
{
    char differences[300];
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && parts[i].provenance.kernel_version != parts[0].provenance.kernel_version)
            return zem_error_set(
                error, ZEM_BAD_INPUT,
                "%s was computed by kernel version %u, %s by version %u: their trials are not of one run", names[i],
                parts[i].provenance.kernel_version, names[0], parts[0].provenance.kernel_version);
        if (i > 0 && !zem_scenario_same(parts[i].scenario, parts[0].scenario))
            return zem_error_set(
                error, ZEM_BAD_INPUT, "%s is of another scenario than %s; they differ in %s", names[i], names[0],
                zem_scenario_differences(parts[i].scenario, parts[0].scenario, differences, sizeof differences));
        if (parts[i].shards == 0 && count > 1)
            return zem_error_set(error, ZEM_BAD_INPUT, "%s has every trial already: there is nothing to add", names[i]);
        if (parts[i].shards != parts[0].shards)
            return zem_error_set(error, ZEM_BAD_INPUT,
                                 "%s is of %" PRIu64 " shards, %s of %" PRIu64 ": their trials overlap", names[i],
                                 parts[i].shards, names[0], parts[0].shards);
    }
    return find_overlap(parts, names, count, error);
}

/* Appends the devices of a shard and adds its times. */
static int add_provenance(struct zem_provenance *to, const struct zem_provenance *from, struct zem_error *error)
{
    int status = ZEM_OK;
    to->wall_seconds += from->wall_seconds;
    to->kernel_seconds += from->kernel_seconds;
    for (size_t i = 0; status == ZEM_OK && i < from->device_count; i++)
        status = zem_provenance_device_add(to, &from->device[i], error);
    return status;
}

/* Adds the counts of trials flown again with steps half as long. If one shard has no counts, the merged result has
 * none, because the sum would differ from the counts of the unsharded run. */
static int add_step_checks(const struct zem_result *parts, size_t count, struct zem_result *merged,
                           struct zem_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].step_check.trials == NULL)
            return ZEM_OK;
    const int status = zem_step_check_init(merged, error);
    for (size_t i = 0; i < count && status == ZEM_OK; i++)
        zem_step_check_add(merged, &parts[i]);
    return status;
}

static int add_part(const struct zem_result *part, struct zem_result *merged, uint64_t *shard, size_t *shard_count,
                    struct zem_error *error)
{
    if (!zem_totals_add_all(&merged->totals, &part->totals))
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "the shards are damaged: a bin of the histogram of a cell counts more miss distances than "
                             "the cell has trials");
    for (uint64_t cell = 0; cell < merged->cells; cell++)
        if (*shard_count == 0)
            merged->stop_reason[cell] = part->stop_reason[cell];
        else if (merged->stop_reason[cell] != part->stop_reason[cell])
            merged->stop_reason[cell] = ZEM_STOP_TRIALS; /* one of the shards flew all its trials */
    for (size_t i = 0; i < part->shard_count; i++)
        shard[(*shard_count)++] = part->shard[i];
    return add_provenance(&merged->provenance, &part->provenance, error);
}

int zem_merge(const struct zem_result *parts, const char *const *names, size_t count, struct zem_result *merged,
              struct zem_error *error)
{
    size_t shard_count = 0, all = 0;
    memset(merged, 0, sizeof *merged);
    int status = check_fit(parts, names, count, error);
    for (size_t i = 0; i < count; i++)
        all += parts[i].shard_count;
    uint64_t *shard = status == ZEM_OK ? calloc(all + 1, sizeof *shard) : NULL;
    if (status == ZEM_OK && shard == NULL)
        status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu shards", all);
    if (status == ZEM_OK)
        status = zem_result_init(merged, parts[0].scenario, error);
    merged->interval_method = parts[0].interval_method;
    for (size_t i = 0; i < count && status == ZEM_OK; i++)
        status = add_part(&parts[i], merged, shard, &shard_count, error);
    if (status == ZEM_OK && shard_count > 0)
        status = zem_result_set_shards(merged, shard, shard_count, parts[0].shards, error);
    if (status == ZEM_OK)
        status = zem_samples_merge(parts, count, merged, error);
    if (status == ZEM_OK)
        status = add_step_checks(parts, count, merged, error);
    merged->provenance.kernel_version = parts[0].provenance.kernel_version;
    if (status == ZEM_OK)
        zem_result_digest(merged);
    free(shard);
    return status;
}
