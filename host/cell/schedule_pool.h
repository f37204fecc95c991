/* The schedules (tabulated steps of linear kinematics) of many cells. Cells that agree in everything on which a
 * schedule depends share one schedule, also with cells of earlier batches. */
#ifndef ZEM_SCHEDULE_POOL_H
#define ZEM_SCHEDULE_POOL_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* Steps of an array of schedules, 150 MB if all are filled; it has more if one batch needs more. */
#define ZEM_SCHEDULE_ARRAY_STEPS ((size_t)1 << 18)

/* Whether two cells have the same schedule. They do if they agree in all parameters but those that are known to leave
 * schedules alone. */
bool zem_schedule_agrees(const struct cell_parameters *a, const struct cell_parameters *b);

struct zem_schedule_pool; /* belongs to one thread at a time */
struct zem_schedule_array;

/* The array of steps into which the cells of one batch point. Later batches append to the same array and never change
 * the steps that are in it. So a device that already has the first steps of the array needs only the new ones. */
struct zem_schedules {
    const struct schedule_step *steps; /* NULL if no cell has steps */
    size_t count;                      /* steps in the array when the batch was placed */
    uint64_t number; /* of the array, different for every array of the pool; 0 if there are no steps */
    size_t added;    /* how many of the steps this batch added */
    struct zem_schedule_array *array;
};

/* Returns an empty pool, which the caller frees by zem_schedule_pool_free, or NULL without memory. */
struct zem_schedule_pool *zem_schedule_pool_create(void);

/* Sets schedule_first of `count` cells, and tabulates the schedules that the pool does not have on up to `threads`
 * threads (0: one for each processor). schedule_steps of the cells must be set. `schedules` gets the array of steps and
 * stays valid until zem_schedule_pool_release. Returns 0, or -1 without memory. */
int zem_schedule_pool_place(struct zem_schedule_pool *pool, struct cell_parameters *cells, size_t count,
                            unsigned threads, struct zem_schedules *schedules);

/* Ends the use of an array by a batch. The cells of the batch must not be flown afterwards. `schedules` may be all
 * zero. */
void zem_schedule_pool_release(struct zem_schedules *schedules);

/* Frees the pool, and all its arrays that no batch uses. zem_schedule_pool_release frees an array that a batch still
 * uses. */
void zem_schedule_pool_free(struct zem_schedule_pool *pool);

#endif
