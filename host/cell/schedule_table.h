/* The tabulated steps of linear kinematics (kernels/schedule.h), for the host code that fills batches. */
#ifndef ZEM_SCHEDULE_TABLE_H
#define ZEM_SCHEDULE_TABLE_H

#include "base/kernel_types.h"

#include <stddef.h>

/* Longest schedule that is flown; a scenario that needs more is refused. */
#define ZEM_SCHEDULE_LIMIT 1000000u

/* Number of steps of a cell, at most ZEM_SCHEDULE_LIMIT. */
u32 zem_schedule_count(const struct cell_parameters *cell);

/* Gives the cells, whose schedule_steps are set, a place each in one array of steps (schedule_first); cells with the
 * same steps share theirs. Returns the number of steps. */
size_t zem_schedule_place(struct cell_parameters *cells, size_t count);

/* Writes the steps of all these cells into `steps`, which holds as many as zem_schedule_place said. */
void zem_schedule_fill_all(const struct cell_parameters *cells, size_t count, struct schedule_step *steps);

/* Writes the steps of a cell into `steps`, which holds cell->schedule_steps of them. */
void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps);

#endif
