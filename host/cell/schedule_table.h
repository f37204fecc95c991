/* The schedule of a cell: its tabulated steps of linear kinematics (kernels/schedule.h), for host code that fills
 * batches. */
#ifndef ZEM_SCHEDULE_TABLE_H
#define ZEM_SCHEDULE_TABLE_H

#include "base/kernel_types.h"

#include <stddef.h>

/* The number of steps that no cell has. zem_cell_derive refuses a cell that would have so many or more. */
#define ZEM_SCHEDULE_LIMIT 1000000u

/* Returns the number of steps of a cell, at most ZEM_SCHEDULE_LIMIT. */
u32 zem_schedule_count(const struct cell_parameters *cell);

/* Writes the steps of one cell into `steps`, which holds cell->schedule_steps of them. */
void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps);

/* Returns the two-sided power spectral density of the seeker's angle noise at a range in m, rad2/Hz. */
double zem_noise_density(const struct cell_parameters *cell, double range);

/* Sets the cosines and sines of the angles by which a weave or spiral turns (turn_cosine and so on) in the steps of one
 * cell. All other members of `steps` must be set. */
void zem_schedule_turn(const struct cell_parameters *cell, struct schedule_step *steps);

#endif
