/* Single trials of every cell, kept beside its totals (--samples): which ones, and flying them. They are replayed one
 * by one after the run (replay.h) with the bits that the run counted, so that they depend on no device, batch or
 * checkpoint. */
#ifndef ZEM_SAMPLES_H
#define ZEM_SAMPLES_H

#include "result/result.h"
#include "result/sample_size.h"

#define ZEM_SAMPLES_MAX 100000u /* trials that --samples may ask of a cell */

/* How many trials of every cell are kept if `wanted` are asked for: no more than the largest cell (of the shard) can
 * have. */
uint64_t zem_samples_count(const struct zem_scenario *scenario, uint64_t wanted, uint64_t shard, uint64_t shards);

/* ZEM_USAGE with the sizes if so many trials of every cell are too many to be kept. */
int zem_samples_check(const struct zem_scenario *scenario, uint64_t count, struct zem_error *error);

/* Makes room in a result for the first `wanted` trials of the shard: shard, shard + shards, shard + 2 shards, ... 0 of
 * 1 is everything. */
int zem_samples_init(struct zem_result *result, uint64_t wanted, uint64_t shard, uint64_t shards,
                     struct zem_error *error);

/* Replays those trials of a cell that the result counts into sample[sample_count]; the others become ZEM_SAMPLE_NONE.
 * ZEM_INTERNAL without memory. */
int zem_samples_fly_cell(const struct zem_result *result, uint64_t cell, struct zem_sample *sample,
                         struct zem_error *error);

/* Replays the trials of all cells on `threads` processors, 0 for all, once totals and shards are known. Does nothing
 * where none are to be kept; returns early, with 0, if zem_interrupted is set meanwhile. */
int zem_samples_fly(struct zem_result *result, unsigned threads, struct zem_error *error);

/* Puts together the samples of results that zem_merge has found to belong together: all of them, in the order of their
 * numbers. None if one of the parts keeps none, or if they would be too many; the caller sees it by sample_count. */
int zem_samples_merge(const struct zem_result *parts, size_t count, struct zem_result *merged, struct zem_error *error);

#endif
