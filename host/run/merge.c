/* Adds shards into one result, one after the other. Each shard is checked first: it must belong to the same run as the
 * shards before it, and have no trial in common with them. */
#include "run/merge.h"

#include "result/step_check.h"
#include "run/samples.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <stdlib.h>

/* Returns ZEM_BAD_INPUT, with a message, if a part before part `i` has a shard of it. */
static int find_overlap(const struct zem_merge *merge, size_t i, struct zem_error *error)
{
    const struct zem_result *parts = merge->parts;
    for (size_t j = 0; j < i; j++)
        for (size_t k = 0; k < parts[i].shard_count; k++)
            for (size_t l = 0; l < parts[j].shard_count; l++)
                if (parts[i].shard[k] == parts[j].shard[l])
                    return zem_error_set(error, ZEM_BAD_INPUT,
                                         "%s and %s both hold shard %" PRIu64 ": its trials would count twice",
                                         merge->names[j], merge->names[i], parts[i].shard[k]);
    return ZEM_OK;
}

/* Whether part `i` can be added to those before it. */
static int check_fit(const struct zem_merge *merge, size_t i, struct zem_error *error)
{
    const struct zem_result *part = &merge->parts[i], *first = &merge->parts[0];
    const char *name = merge->names[i], *first_name = merge->names[0];
    char differences[300];
    if (part->provenance.kernel_version != first->provenance.kernel_version)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s was computed by kernel version %u, %s by version %u: their trials are not of one run",
                             name, part->provenance.kernel_version, first_name, first->provenance.kernel_version);
    if (i > 0 && !zem_scenario_same(part->scenario, first->scenario))
        return zem_error_set(
            error, ZEM_BAD_INPUT, "%s is of another scenario than %s; they differ in %s", name, first_name,
            zem_scenario_differences(part->scenario, first->scenario, differences, sizeof differences));
    if (part->shards == 0 && merge->count > 1)
        return zem_error_set(error, ZEM_BAD_INPUT, "%s has every trial already: there is nothing to add", name);
    if (part->shards != first->shards)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s is of %" PRIu64 " shards, %s of %" PRIu64 ": their trials overlap", name, part->shards,
                             first_name, first->shards);
    return find_overlap(merge, i, error);
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
static int add_step_check(struct zem_merge *merge, const struct zem_result *part, struct zem_error *error)
{
    const bool checked = part->step_check.trials != NULL;
    merge->some_checked = merge->some_checked || checked;
    if (!checked || (merge->added > 0 && merge->merged.step_check.trials == NULL)) {
        zem_step_check_drop(&merge->merged);
        return ZEM_OK;
    }
    const int status = merge->added == 0 ? zem_step_check_init(&merge->merged, error) : ZEM_OK;
    if (status == ZEM_OK)
        zem_step_check_add(&merge->merged, part);
    return status;
}

static int add_totals(struct zem_merge *merge, const struct zem_result *part, struct zem_error *error)
{
    struct zem_result *merged = &merge->merged;
    if (!zem_totals_add_all(&merged->totals, &part->totals))
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "the shards are damaged: a bin of the histogram of a cell counts more miss distances than "
                             "the cell has trials");
    for (uint64_t cell = 0; cell < merged->cells; cell++)
        if (merge->added == 0)
            merged->stop_reason[cell] = part->stop_reason[cell];
        else if (merged->stop_reason[cell] != part->stop_reason[cell])
            merged->stop_reason[cell] = ZEM_STOP_TRIALS; /* one of the shards flew all its trials */
    return ZEM_OK;
}

void zem_merge_begin(struct zem_merge *merge, const struct zem_result *parts, const char *const *names, size_t count)
{
    *merge = (struct zem_merge){.parts = parts, .names = names, .count = count};
}

int zem_merge_add(struct zem_merge *merge, struct zem_error *error)
{
    const struct zem_result *part = &merge->parts[merge->added];
    int status = check_fit(merge, merge->added, error);
    if (status == ZEM_OK && merge->added == 0) {
        status = zem_result_init(&merge->merged, part->scenario, error);
        merge->merged.interval_method = part->interval_method;
        merge->merged.provenance.kernel_version = part->provenance.kernel_version;
    }
    if (status == ZEM_OK)
        status = add_totals(merge, part, error);
    if (status == ZEM_OK)
        status = add_provenance(&merge->merged.provenance, &part->provenance, error);
    if (status == ZEM_OK)
        status = add_step_check(merge, part, error);
    merge->added++;
    return status;
}

/* Records which shards the parts have together. */
static int set_shards(struct zem_merge *merge, struct zem_error *error)
{
    size_t all = 0, next = 0;
    for (size_t i = 0; i < merge->count; i++)
        all += merge->parts[i].shard_count;
    if (all == 0)
        return ZEM_OK;
    uint64_t *shard = calloc(all, sizeof *shard);
    if (shard == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu shards", all);
    for (size_t i = 0; i < merge->count; i++)
        for (size_t k = 0; k < merge->parts[i].shard_count; k++)
            shard[next++] = merge->parts[i].shard[k];
    const int status = zem_result_set_shards(&merge->merged, shard, all, merge->parts[0].shards, error);
    free(shard);
    return status;
}

int zem_merge_finish(struct zem_merge *merge, struct zem_error *error)
{
    int status = set_shards(merge, error);
    if (status == ZEM_OK)
        status = zem_samples_merge(merge->parts, merge->count, &merge->merged, error);
    if (status == ZEM_OK)
        zem_result_digest(&merge->merged);
    return status;
}

void zem_merge_free(struct zem_merge *merge)
{
    zem_result_free(&merge->merged);
    *merge = (struct zem_merge){0};
}
