/* The tabulated steps of linear kinematics (kernels/schedule.h) for the host code that fills batches. */
#ifndef ZEM_SCHEDULE_TABLE_H
#define ZEM_SCHEDULE_TABLE_H

#include "base/kernel_types.h"

#include <stddef.h>

/* Largest number of steps of a cell. A scenario that needs more is refused. */
#define ZEM_SCHEDULE_LIMIT 1000000u

/* Number of steps of a cell, at most ZEM_SCHEDULE_LIMIT. */
u32 zem_schedule_count(const struct cell_parameters *cell);

/* Sets schedule_first of every cell to its place in one array of steps. Cells with the same steps share a place.
 * schedule_steps must be set. Returns the length of the array. */
size_t zem_schedule_place(struct cell_parameters *cells, size_t count);

/* Writes the steps of all cells into `steps`, whose length is that returned by zem_schedule_place. */
void zem_schedule_fill_all(const struct cell_parameters *cells, size_t count, struct schedule_step *steps);

/* Writes the steps of one cell into `steps`, which holds cell->schedule_steps of them. */
void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps);

#endif
