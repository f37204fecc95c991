/* Adds the totals of the shards of one run. Totals are integers, so their sum does not depend on the order. All shards
 * together give the result of the unsharded run, bit for bit. Some of the shards give a valid estimate with wider
 * intervals. Samples, which are single trials kept beside the totals, are put in the order of their numbers. */
#ifndef ZEM_MERGE_H
#define ZEM_MERGE_H

#include "result/result.h"

/* Adds `count` results into `merged`, which borrows the scenario of the first. `names` are the names of their files,
 * for messages. ZEM_BAD_INPUT if the results differ in scenario, kernel version or number of shards, or if two of them
 * hold the same trials. Release `merged` with zem_result_free in every case. */
int zem_merge(const struct zem_result *parts, const char *const *names, size_t count, struct zem_result *merged,
              struct zem_error *error);

#endif
