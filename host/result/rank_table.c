/* A hash table whose chains of entries only grow. Readers take no lock, because an entry is complete before its chain
 * points at it and never changes afterwards. Writers take turns. */
#include "result/rank_table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define CHAINS 1024u /* a power of two */

/* The ranks of all quantiles for `total` misses at one confidence. */
struct entry {
    struct entry *next;
    uint64_t total;
    double confidence;
    struct zem_quantile_ranks ranks[];
};

struct zem_rank_table {
    pthread_mutex_t lock;
    _Atomic(struct entry *) chain[CHAINS];
};

struct zem_rank_table *zem_rank_table_create(void)
{
    struct zem_rank_table *table = calloc(1, sizeof *table);
    if (table != NULL)
        pthread_mutex_init(&table->lock, NULL);
    return table;
}

void zem_rank_table_free(struct zem_rank_table *table)
{
    for (size_t k = 0; table != NULL && k < CHAINS; k++)
        for (struct entry *entry = atomic_load(&table->chain[k]), *next; entry != NULL; entry = next) {
            next = entry->next;
            free(entry);
        }
    if (table != NULL)
        pthread_mutex_destroy(&table->lock);
    free(table);
}

static const struct entry *find(const struct entry *entry, uint64_t total, double confidence)
{
    while (entry != NULL && !(entry->total == total && entry->confidence == confidence))
        entry = entry->next;
    return entry;
}

static void compute(const double *levels, size_t count, uint64_t total, double confidence,
                    struct zem_quantile_ranks *ranks)
{
    for (size_t i = 0; i < count; i++)
        ranks[i] = zem_quantile_ranks(total, levels[i], confidence);
}

void zem_rank_table_find(struct zem_rank_table *table, const double *levels, size_t count, uint64_t total,
                         double confidence, struct zem_quantile_ranks *ranks)
{
    if (table == NULL) {
        compute(levels, count, total, confidence, ranks);
        return;
    }
    _Atomic(struct entry *) *chain = &table->chain[total % CHAINS];
    const struct entry *found = find(atomic_load_explicit(chain, memory_order_acquire), total, confidence);
    if (found == NULL) {
        pthread_mutex_lock(&table->lock);
        found = find(atomic_load_explicit(chain, memory_order_acquire), total, confidence);
        struct entry *fresh = found == NULL ? malloc(sizeof *fresh + count * sizeof *fresh->ranks) : NULL;
        if (fresh != NULL) {
            fresh->next = atomic_load_explicit(chain, memory_order_relaxed);
            fresh->total = total;
            fresh->confidence = confidence;
            compute(levels, count, total, confidence, fresh->ranks);
            atomic_store_explicit(chain, fresh, memory_order_release);
            found = fresh;
        }
        pthread_mutex_unlock(&table->lock);
    }
    if (found != NULL)
        memcpy(ranks, found->ranks, count * sizeof *ranks);
    else
        compute(levels, count, total, confidence, ranks);
}
