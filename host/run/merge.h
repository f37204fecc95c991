/* Adds the totals of the shards of one run. Totals are integers, so their sum does not depend on the order. All shards
 * together give the result of the unsharded run, bit for bit. Some of the shards give a valid estimate with wider
 * intervals. Samples, which are single trials kept beside the totals, are put in the order of their numbers. */
#ifndef ZEM_MERGE_H
#define ZEM_MERGE_H

#include "result/result.h"

/* A merge that adds one part after the other, so that the totals of only one part need be in memory. */
struct zem_merge {
    struct zem_result merged;       /* the sum; borrows the scenario of the first part */
    const struct zem_result *parts; /* borrowed */
    const char *const *names;       /* of the parts' files, for messages; borrowed */
    size_t count, added;            /* number of parts, and how many have been added */
    bool some_checked;              /* a part added has a step check; `merged` has one if all have */
};

/* Begins a merge of `count` parts. They need not have been read yet. Release it with zem_merge_free in every case. */
void zem_merge_begin(struct zem_merge *merge, const struct zem_result *parts, const char *const *names, size_t count);

/* Adds the next part, which must have been read, and leaves it as it is. Afterwards the caller may free the cells of
 * the part (zem_result_free_cells). ZEM_BAD_INPUT if the part differs from the first in scenario, kernel version or
 * number of shards, or holds trials of a part before it; ZEM_INTERNAL without memory. */
int zem_merge_add(struct zem_merge *merge, struct zem_error *error);

/* Completes merge->merged when all parts have been added: shards, single trials and digests. ZEM_INTERNAL without
 * memory. */
int zem_merge_finish(struct zem_merge *merge, struct zem_error *error);

void zem_merge_free(struct zem_merge *merge);

#endif
