/* The memory of a result, and functions on its totals that several folders use. result_file.c reads and writes files;
 * result_variables.c computes variables. */
#include "result/result.h"

#include "base/kernel_types.h"
#include "result/rank_table.h"
#include "result/step_check.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(ZEM_SAMPLE_NONE == ZEM_OUTCOME_COUNT, "outcome of a sample that is none");

int zem_result_init(struct zem_result *result, const struct zem_scenario *scenario, struct zem_error *error)
{
    memset(result, 0, sizeof *result);
    result->scenario = scenario;
    result->provenance.kernel_version = ZEM_KERNEL_VERSION;
    result->cells = zem_grid_cells(scenario);
    if (result->cells == 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "the sweep spans more than %" PRIu64 " cells", ZEM_CELLS_MAX);
    size_t shots = (size_t)scenario->value[ZEM_KEY_SHOTS].integer;
    result->words = ZEM_TALLY_WORDS(scenario->radius_count, shots);
    const bool has_totals =
        zem_totals_init(&result->totals, result->cells, result->words, zem_grid_most_trials(scenario)) == 0;
    result->stop_reason = calloc(result->cells, sizeof *result->stop_reason);
    result->ranks = zem_rank_table_create();
    if (!has_totals || result->stop_reason == NULL || result->ranks == NULL) {
        zem_result_free(result);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the totals of %" PRIu64 " cells",
                             zem_grid_cells(scenario));
    }
    return 0;
}

void zem_result_free_cells(struct zem_result *result)
{
    zem_totals_free(&result->totals);
    free(result->stop_reason);
    result->stop_reason = NULL;
    zem_step_check_drop(result);
}

void zem_result_free(struct zem_result *result)
{
    zem_result_free_cells(result);
    free(result->shard);
    free(result->sample_trial);
    free(result->sample);
    zem_rank_table_free(result->ranks);
    zem_provenance_free(&result->provenance);
    memset(result, 0, sizeof *result);
}

/* The totals count a trial once, at its smallest hit radius. A hit within that radius is a hit within every larger one,
 * so the counts up to `radius` are added. */
uint64_t zem_result_hits(const struct zem_result *result, uint64_t cell, size_t radius)
{
    uint64_t hits = 0;
    for (size_t i = 0; i <= radius; i++)
        hits += zem_result_word(result, cell, ZEM_TALLY_RADIUS + i);
    return hits;
}

uint64_t zem_shard_trials(uint64_t trials, uint64_t shard, uint64_t shards)
{
    if (shards <= 1)
        return trials;
    return trials > shard ? (trials - shard + shards - 1) / shards : 0;
}

static int compare_indices(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first > second) - (first < second);
}

int zem_result_set_shards(struct zem_result *result, const uint64_t *shard, size_t count, uint64_t shards,
                          struct zem_error *error)
{
    free(result->shard);
    result->shard = NULL;
    result->shards = 0;
    result->shard_count = 0;
    if (count == shards || count == 0)
        return 0;
    result->shard = malloc(count * sizeof *shard);
    if (result->shard == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu shards", count);
    memcpy(result->shard, shard, count * sizeof *shard);
    qsort(result->shard, count, sizeof *shard, compare_indices);
    result->shards = shards;
    result->shard_count = count;
    return 0;
}

int zem_result_set_samples(struct zem_result *result, const uint64_t *trial, size_t count, struct zem_error *error)
{
    static const struct zem_sample none = {(float)NAN, (float)NAN, (float)NAN, (float)NAN, (float)NAN, ZEM_SAMPLE_NONE};
    free(result->sample_trial);
    free(result->sample);
    result->sample_trial = NULL;
    result->sample = NULL;
    result->sample_count = 0;
    if (count == 0)
        return 0;
    const bool fits = count <= SIZE_MAX / sizeof *result->sample / result->cells;
    result->sample_trial = fits ? malloc(count * sizeof *trial) : NULL;
    result->sample = fits ? malloc(result->cells * count * sizeof *result->sample) : NULL;
    if (result->sample_trial == NULL || result->sample == NULL)
        return zem_error_set(error, ZEM_INTERNAL,
                             "there is not enough memory to keep %zu trials of each of %" PRIu64 " cells", count,
                             result->cells);
    memcpy(result->sample_trial, trial, count * sizeof *trial);
    for (size_t i = 0; i < result->cells * count; i++)
        result->sample[i] = none;
    result->sample_count = count;
    return 0;
}

uint64_t zem_result_trial_number(const struct zem_result *result, uint64_t index)
{
    return result->shards == 0
               ? index
               : index / result->shard_count * result->shards + result->shard[index % result->shard_count];
}

bool zem_result_holds_trial(const struct zem_result *result, uint64_t cell, uint64_t trial)
{
    const uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    if (result->shards == 0)
        return trial < trials;
    const uint64_t index = trial % result->shards;
    if (bsearch(&index, result->shard, result->shard_count, sizeof index, compare_indices) == NULL)
        return false;
    if (result->shard_count == 1)
        return trial / result->shards < trials;
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(result->scenario, cell, value);
    return trial < value[ZEM_KEY_TRIALS].integer;
}

const char *zem_result_shards_text(const struct zem_result *result, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    if (result->shards == 0)
        return text;
    for (size_t i = 0; i < result->shard_count && length < size; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%" PRIu64,
                                   i > 0                     ? ", "
                                   : result->shard_count > 1 ? "shards "
                                                             : "shard ",
                                   result->shard[i]);
    if (length < size)
        snprintf(text + length, size - length, " of %" PRIu64, result->shards);
    else if (size > 4)
        memcpy(text + size - 4, "...", 4);
    return text;
}
