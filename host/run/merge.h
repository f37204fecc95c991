/* zem merge: adds the totals of shards of one run. Integers add up to the same ones in any order, so that all shards
 * together are the run, bit for bit, and some of them are a valid estimate from fewer trials. Single trials (samples.h)
 * stand side by side, in the order of their numbers. */
#ifndef ZEM_MERGE_H
#define ZEM_MERGE_H

#include "result/result.h"

/* Adds `count` results (with their names, for messages) into `merged`, which becomes one over the scenario of the first
 * (borrowed). ZEM_BAD_INPUT with a sentence if they do not belong together: another scenario, kernel version or number
 * of shards, or trials that two of them hold. Release merged with zem_result_free in every case. */
int zem_merge(const struct zem_result *parts, const char *const *names, size_t count, struct zem_result *merged,
              struct zem_error *error);

#endif
