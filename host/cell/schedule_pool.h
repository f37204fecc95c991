/* The schedules of many cells, each tabulated once. Cells that agree in all on which a schedule depends share one, and
 * batch after batch finds those of earlier batches. */
#ifndef ZEM_SCHEDULE_POOL_H
#define ZEM_SCHEDULE_POOL_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether two cells have the same schedule. What is unknown to it counts as a difference. */
bool zem_schedule_agrees(const struct cell_parameters *a, const struct cell_parameters *b);

struct zem_schedule_pool; /* belongs to one thread at a time */
struct zem_schedule_array;

/* The array of steps into which the cells of one batch point. Later batches append to the same array and never change
 * what is in it, so a device that has its first steps already needs the new ones only. */
struct zem_schedules {
    const struct schedule_step *steps; /* NULL if no cell has any */
    size_t count;                      /* steps in the array when the batch was placed */
    uint64_t number;                   /* tells this array from every other of the pool; 0 if there are no steps */
    size_t added;                      /* of the steps, those that this batch added */
    struct zem_schedule_array *array;
};

/* Returns an empty pool, or NULL without memory. */
struct zem_schedule_pool *zem_schedule_pool_create(void);

/* Sets schedule_first of every cell and tabulates, on up to `threads` threads (0: one a processor), the schedules that
 * the pool does not have. schedule_steps must be set. `schedules` stays valid until zem_schedule_pool_release. Returns
 * 0, or -1 without memory. */
int zem_schedule_pool_place(struct zem_schedule_pool *pool, struct cell_parameters *cells, size_t count,
                            unsigned threads, struct zem_schedules *schedules);

/* Says that no cell of the batch needs the array any more. `schedules` may be all zero. */
void zem_schedule_pool_release(struct zem_schedules *schedules);

/* Frees the pool and the arrays that no batch needs. An array that a batch still needs is freed by its release. */
void zem_schedule_pool_free(struct zem_schedule_pool *pool);

#endif
