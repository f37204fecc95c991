/* The ranks that bound the quantiles of the miss (base/quantile_ranks.h), computed once for each number of misses that
 * occurs. Several threads may use a table at once. */
#ifndef ZEM_RANK_TABLE_H
#define ZEM_RANK_TABLE_H

#include "base/quantile_ranks.h"

struct zem_rank_table;

/* Returns an empty table, or NULL without memory. */
struct zem_rank_table *zem_rank_table_create(void);
void zem_rank_table_free(struct zem_rank_table *table);

/* Writes the ranks of the quantiles with the probabilities `levels` for `total` misses to `ranks`. All calls for one
 * table have the same levels. Without a table (NULL), or without memory for another entry, the ranks are computed
 * anew. */
void zem_rank_table_find(struct zem_rank_table *table, const double *levels, size_t count, uint64_t total,
                         double confidence, struct zem_quantile_ranks *ranks);

#endif
