/* Samples: single trials of every cell that a result keeps beside its totals (--samples). They are flown again after
 * the run by the engines of the processor. They equal the trials that the run counted bit for bit, so they depend on no
 * device, batch or checkpoint. */
#ifndef ZEM_SAMPLES_H
#define ZEM_SAMPLES_H

#include "result/result.h"
#include "result/sample_size.h"

#define ZEM_SAMPLES_MAX 100000u /* largest number of trials of a cell for --samples */

/* The number of trials kept of every cell if `wanted` are asked for. It is at most the number of trials that the
 * largest cell has in this shard. */
uint64_t zem_samples_count(const struct zem_scenario *scenario, uint64_t wanted, uint64_t shard, uint64_t shards);

/* Returns ZEM_USAGE, with the sizes in the message, if `count` trials of every cell need more memory than
 * zem_samples_bytes_limit. */
int zem_samples_check(const struct zem_scenario *scenario, uint64_t count, struct zem_error *error);

/* Makes room in a result for the first `wanted` trials that a shard has of each cell: trials shard, shard + shards,
 * shard + 2 shards, ... Shard 0 of 1 is the whole run. */
int zem_samples_init(struct zem_result *result, uint64_t wanted, uint64_t shard, uint64_t shards,
                     struct zem_error *error);

/* Flies the trials of one cell that the result keeps, and writes them to sample[0] to sample[sample_count - 1]. A trial
 * that the totals do not include gets the outcome ZEM_SAMPLE_NONE. ZEM_INTERNAL without memory. */
int zem_samples_fly_cell(const struct zem_result *result, uint64_t cell, struct zem_sample *sample,
                         struct zem_error *error);

/* Flies the samples of all cells on `threads` processors, 0 for all. Totals and shards of the result must be final.
 * Does nothing if no samples are to be kept. After an interruption by the user it returns 0 early. */
int zem_samples_fly(struct zem_result *result, unsigned threads, struct zem_error *error);

/* Merges the samples of results that zem_merge_add has checked, in the order of their trial numbers. The merged result
 * gets no samples, which its sample_count shows, if one of the results has none or if all together exceed the limit of
 * memory. */
int zem_samples_merge(const struct zem_result *parts, size_t count, struct zem_result *merged, struct zem_error *error);

#endif
