/* Implementation of schedule_table.h: the scalar reading of the kernels. Compiled like the engines, without contraction. */
#define ZEM_LANES 1
#include "../kernels/model.h"
#include "../kernels/schedule.h"

#include "schedule_table.h"

u32 zem_schedule_count(const struct cell_parameters *cell)
{
    return schedule_fill(cell, NULL, 0u, ZEM_SCHEDULE_LIMIT);
}

void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps)
{
    schedule_fill(cell, steps, cell->schedule_steps, ZEM_SCHEDULE_LIMIT);
}
