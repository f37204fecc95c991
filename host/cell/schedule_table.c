/* Tabulates schedules with kernels/schedule.h, compiled for one trial. This file is compiled without contraction of
 * floating-point operations, as the kernels are, so that the values are the same on every machine. On x86-64 the same
 * source is compiled once more for processors with a fused multiply-add, because without it fmaf of the C library takes
 * most of the time. The values are the same, because both the instruction and fmaf round once. */
#define ZEM_LANES 1
#include "kernels/model.h"
#include "kernels/schedule.h"

#include "cell/schedule_table.h"

u32 zem_schedule_count(const struct cell_parameters *cell) { return schedule_fill(cell, NULL, 0u, ZEM_SCHEDULE_LIMIT); }

double zem_noise_density(const struct cell_parameters *cell, double range)
{
    return (double)noise_density(cell, (float)range, (float)(1.0 / range));
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void fill_fused(const struct cell_parameters *cell,
                                                           struct schedule_step *steps)
{
    schedule_fill(cell, steps, cell->schedule_steps, ZEM_SCHEDULE_LIMIT);
}
#endif

void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
        fill_fused(cell, steps);
        return;
    }
#endif
    schedule_fill(cell, steps, cell->schedule_steps, ZEM_SCHEDULE_LIMIT);
}

void zem_schedule_turn(const struct cell_parameters *cell, struct schedule_step *steps)
{
    for (u32 n = 0; n < cell->schedule_steps; n++)
        schedule_turn_set(cell, &steps[n]);
}
