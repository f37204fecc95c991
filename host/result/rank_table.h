/* The ranks that bound the quantiles of a result (base/quantile_ranks.h), computed once for each number of samples that
 * occurs. Threads may ask at the same time. */
#ifndef ZEM_RANK_TABLE_H
#define ZEM_RANK_TABLE_H

#include "base/quantile_ranks.h"

struct zem_rank_table;

/* Returns an empty table, or NULL without memory. */
struct zem_rank_table *zem_rank_table_create(void);
void zem_rank_table_free(struct zem_rank_table *table);

/* Writes the ranks of the quantiles of these probabilities for `total` samples to `ranks`. All calls for one table have
 * the same probabilities. Without a table (NULL), or without memory for another entry, they are computed anew. */
void zem_rank_table_find(struct zem_rank_table *table, const double *levels, size_t count, uint64_t total,
                         double confidence, struct zem_quantile_ranks *ranks);

#endif
