/* Tabulates schedules with kernels/schedule.h, compiled for one trial. It is compiled without contraction, as engines
 * are, so that the values are the same on every machine. Cells with equal schedules share one. */
#define ZEM_LANES 1
#include "kernels/model.h"
#include "kernels/schedule.h"

#include "cell/schedule_table.h"

/* Number of previous cells that are searched for an equal schedule. A sweep over target or scoring in its last axes
 * repeats a schedule within that distance. */
#define LOOK_BACK 64u

u32 zem_schedule_count(const struct cell_parameters *cell) { return schedule_fill(cell, NULL, 0u, ZEM_SCHEDULE_LIMIT); }

void zem_schedule_fill(const struct cell_parameters *cell, struct schedule_step *steps)
{
    schedule_fill(cell, steps, cell->schedule_steps, ZEM_SCHEDULE_LIMIT);
}

/* Whether two cells have the same steps. All parameters on which a schedule may depend are compared. Without `period`
 * the steps may differ in the tabulated turns of a weave or spiral. */
static int same_schedule(const struct cell_parameters *a, const struct cell_parameters *b, int period)
{
    struct cell_parameters key[2] = {*a, *b};
    for (int k = 0; k < 2; k++) {
        const float base = key[k].varied[ZEM_VARIED_PERIOD].base;
        memset(key[k].varied, 0, sizeof key[k].varied);
        memset(key[k].radius, 0, sizeof key[k].radius);
        key[k].varied[ZEM_VARIED_PERIOD].base = period ? base : 0.0f;
        key[k].cell_word = key[k].seed_low = key[k].seed_high = key[k].schedule_first = key[k].radius_count =
            key[k].shots = 0u;
        key[k].spacing = key[k].switching_rate = key[k].acceleration_limit = key[k].rate_limit =
            key[k].interceptor_speed = 0.0f;
    }
    return memcmp(&key[0], &key[1], sizeof *key) == 0;
}

size_t zem_schedule_place(struct cell_parameters *cells, size_t count)
{
    size_t steps = 0;
    for (size_t k = 0; k < count; k++) {
        size_t like = k > LOOK_BACK ? k - LOOK_BACK : 0;
        while (like < k && !same_schedule(&cells[like], &cells[k], 1))
            like++;
        cells[k].schedule_first = like < k ? cells[like].schedule_first : (u32)steps;
        steps += like < k ? 0u : cells[k].schedule_steps;
    }
    return steps;
}

void zem_schedule_fill_all(const struct cell_parameters *cells, size_t count, struct schedule_step *steps)
{
    const struct cell_parameters *last = NULL; /* the last cell with steps of its own */
    size_t next = 0;
    for (size_t k = 0; k < count; k++) {
        struct schedule_step *own = steps + next;
        if (cells[k].schedule_steps == 0u || cells[k].schedule_first != next)
            continue;
        if (last != NULL && same_schedule(last, &cells[k], 0)) {
            memcpy(own, steps + last->schedule_first, cells[k].schedule_steps * sizeof *own);
            for (u32 n = 0; n < cells[k].schedule_steps; n++)
                schedule_turn_set(&cells[k], &own[n]);
        } else
            zem_schedule_fill(&cells[k], own);
        last = &cells[k];
        next += cells[k].schedule_steps;
    }
}
