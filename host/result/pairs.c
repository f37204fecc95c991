/* Counts pairs from what two results hold. Trials are matched by their numbers, and cells by their place in the grid,
 * which is the same in both. */
#include "result/pairs.h"

#include "base/kernel_types.h"

#include <stdlib.h>
#include <string.h>

/* Whether both results can have trials of the same number. Two results with the same number of shards have some if they
 * hold a common shard. Two results that are divided otherwise, or not at all, are taken to have some. */
static bool share_trials(const struct zem_result *first, const struct zem_result *second)
{
    if (first->shards == 0 || first->shards != second->shards)
        return true;
    for (size_t i = 0; i < first->shard_count; i++)
        for (size_t k = 0; k < second->shard_count; k++)
            if (first->shard[i] == second->shard[k])
                return true;
    return false;
}

/* The number of the cell in the random-number counter: 0 for every cell with common random numbers. */
static uint64_t drawn_cell(const struct zem_result *result, uint64_t cell)
{
    return zem_choice_index(result->scenario->value, ZEM_KEY_RANDOM_NUMBERS) == ZEM_RANDOM_NUMBERS_COMMON ? 0 : cell;
}

enum zem_dependence zem_pairs_dependence(const struct zem_result *first, const struct zem_result *second, uint64_t cell)
{
    const bool same = first->scenario->value[ZEM_KEY_SEED].integer == second->scenario->value[ZEM_KEY_SEED].integer
                      && drawn_cell(first, cell) == drawn_cell(second, cell);
    return same && share_trials(first, second) ? ZEM_DEPENDENT : ZEM_INDEPENDENT;
}

int zem_pairs_init(struct zem_pairs *pairs, const struct zem_result *first, struct zem_error *error)
{
    const size_t cells = (size_t)first->cells, radii = first->scenario->radius_count;
    zem_pairs_free(pairs);
    pairs->pairs = calloc(cells, sizeof *pairs->pairs);
    pairs->count = calloc(cells * radii, sizeof *pairs->count);
    if (pairs->pairs == NULL || pairs->count == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the pairs of %zu cells", cells);
    return ZEM_OK;
}

void zem_pairs_free(struct zem_pairs *pairs)
{
    free(pairs->pairs);
    free(pairs->count);
    *pairs = (struct zem_pairs){0};
}

static bool same_bits(const struct zem_result *first, const struct zem_result *second)
{
    return strcmp(first->digest, second->digest) == 0 && strcmp(first->miss_digest, second->miss_digest) == 0;
}

/* All trials of results that are equal to the bit are pairs, and none of them differs. */
static void read_equal(struct zem_pairs *pairs, const struct zem_result *first)
{
    const size_t radii = first->scenario->radius_count;
    pairs->source = ZEM_PAIRS_EQUAL;
    for (uint64_t cell = 0; cell < first->cells; cell++) {
        pairs->pairs[cell] = zem_result_word(first, cell, ZEM_TALLY_TRIALS);
        for (size_t i = 0; i < radii; i++) {
            const uint64_t hits = zem_result_hits(first, cell, i);
            pairs->count[cell * radii + i] = (struct zem_pair_counts){hits, hits, 0, 0};
        }
    }
}

static void count_pair(struct zem_pair_counts *count, size_t radii, const double *radius, const struct zem_sample *a,
                       const struct zem_sample *b)
{
    for (size_t i = 0; i < radii; i++) { /* a trial without a miss distance is NaN and no hit */
        const bool first = a->scored < (float)radius[i], second = b->scored < (float)radius[i];
        count[i].first_hits += first;
        count[i].second_hits += second;
        count[i].first_only += first && !second;
        count[i].second_only += second && !first;
    }
}

static void read_kept(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second)
{
    const struct zem_scenario *scenario = first->scenario;
    const size_t radii = scenario->radius_count;
    for (uint64_t cell = 0; cell < first->cells; cell++) {
        if (zem_pairs_dependence(first, second, cell) == ZEM_INDEPENDENT)
            continue;
        for (size_t i = 0, k = 0; i < first->sample_count && k < second->sample_count;) {
            const uint64_t x = first->sample_trial[i], y = second->sample_trial[k];
            const struct zem_sample *a = &zem_result_samples(first, cell)[i], *b = &zem_result_samples(second, cell)[k];
            if (x == y && a->outcome != ZEM_SAMPLE_NONE && b->outcome != ZEM_SAMPLE_NONE) {
                pairs->source = ZEM_PAIRS_KEPT;
                pairs->pairs[cell]++;
                count_pair(&pairs->count[cell * radii], radii, scenario->radius, a, b);
            }
            i += x <= y;
            k += y <= x;
        }
    }
}

int zem_pairs_read(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                   struct zem_error *error)
{
    const int status = zem_pairs_init(pairs, first, error);
    if (status != ZEM_OK)
        return status;
    if (same_bits(first, second))
        read_equal(pairs, first);
    else
        read_kept(pairs, first, second);
    return ZEM_OK;
}

bool zem_pairs_fit(const struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second)
{
    const size_t radii = first->scenario->radius_count;
    for (size_t i = 0; i < first->cells * radii; i++) {
        const uint64_t cell = i / radii, count = pairs->pairs[cell];
        const struct zem_result *const result[2] = {first, second};
        const uint64_t hits[2] = {pairs->count[i].first_hits, pairs->count[i].second_hits};
        for (int k = 0; k < 2; k++) {
            const uint64_t trials = zem_result_word(result[k], cell, ZEM_TALLY_TRIALS),
                           total = zem_result_hits(result[k], cell, i % radii);
            if (count > trials || hits[k] > total || total - hits[k] > trials - count)
                return false;
        }
    }
    return true;
}
