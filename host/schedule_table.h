/* The tabulated steps of linear kinematics (kernels/schedule.h), for the host code that fills batches. */
#ifndef ZEM_SCHEDULE_TABLE_H
#define ZEM_SCHEDULE_TABLE_H

#include "kernel_types.h"

/* Longest schedule that is flown; a scenario that needs more is refused. */
#define ZEM_SCHEDULE_LIMIT 1000000u

/* Number of steps of a cell, at most ZEM_SCHEDULE_LIMIT. */
u32 zem_schedule_count(const struct cell_parameters *cell);

/* Writes the steps of a cell into `steps`, which holds cell->schedule_steps of them. */
void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps);

#endif
