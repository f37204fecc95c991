/* Implementation of double_engine.h: tabulates the refined steps, picks the engine for this processor and spreads
 * trials over threads. */
#define ZEM_LANES 1
#define ZEM_DOUBLE
#include "kernels/portable.h"

#include "study/double_math.h"

#include "kernels/model.h"
#include "kernels/schedule.h"

#include "study/flight_native.h"
#include "device/native/native_engine.h"

#include <omp.h>
#include <stdlib.h>

#define DECLARE(isa, variant, precision) \
    extern const struct zem_flight_native zem_flight_native_##isa##_##variant##_##precision;
ZEM_FLIGHT_NATIVES(DECLARE)
#undef DECLARE

const struct zem_flight_native *const zem_flight_natives[] = {
#define LIST(isa, variant, precision) &zem_flight_native_##isa##_##variant##_##precision,
    ZEM_FLIGHT_NATIVES(LIST)
#undef LIST
};
const unsigned zem_flight_native_count = sizeof zem_flight_natives / sizeof *zem_flight_natives;

/* The schedule of the cell with every step cut into equal parts. NULL without memory. */
static struct schedule_step *refined_schedule(const struct cell_parameters *cell, unsigned refinement, u32 *steps)
{
    const u32 parts = 1u << refinement;
    *steps = schedule_fill(cell, NULL, 0u, 2u * cell->schedule_steps + 2u) << refinement;
    struct schedule_step *schedule = malloc(((size_t)*steps + 1u) * sizeof *schedule);
    struct covariance covariance = covariance_begin(cell);
    real to_go = cell->flight_time;
    u32 count = 0;
    while (schedule != NULL && count < *steps) {
        real end;
        const real part = schedule_step_choose(cell, to_go, &end) / parts;
        for (u32 k = 1; k <= parts; k++) {
            const real next = k == parts ? end : to_go - part;
            schedule_step_set(cell, to_go, part, next, &covariance, &schedule[count++]);
            to_go = next;
        }
    }
    return schedule;
}

/* Trials in blocks of lanes; of the first and the last block some trials may not be wanted. */
static void fly_all(const struct zem_flight_native *native, const struct cell_parameters *cell,
                    const struct schedule_step *schedule, u32 steps, unsigned refinement, unsigned threads, u64 first,
                    size_t count, struct zem_flown *flown)
{
    const int team = threads > 0 ? (int)threads : omp_get_num_procs();
    const u64 end = first + count, lanes = native->lanes;
#pragma omp parallel for schedule(dynamic, 4) num_threads(team)
    for (u64 block = first / lanes * lanes; block < end; block += lanes) {
        struct zem_flown lane_flown[ZEM_FLIGHT_LANES_LIMIT];
        native->fly(cell, schedule, steps, refinement, block, lane_flown);
        for (u64 k = 0; k < lanes; k++)
            if (block + k >= first && block + k < end)
                flown[block + k - first] = lane_flown[k];
    }
}

bool zem_flight_native_usable(const struct zem_flight_native *native, const struct cell_parameters *cell)
{
    return zem_native_fits(native->isa, native->possible, native->stages, cell->features, cell->stages) != 0;
}

/* There is always one: the widest specialisation of the baseline. */
static const struct zem_flight_native *best_native(const struct cell_parameters *cell, bool in_double)
{
    unsigned k = 0;
    while (zem_flight_natives[k]->in_double != in_double || !zem_flight_native_usable(zem_flight_natives[k], cell))
        k++;
    return zem_flight_natives[k];
}

int zem_flight_native_fly(const struct zem_flight_native *native, const struct cell_parameters *cell,
                          unsigned refinement, unsigned threads, uint64_t first, size_t count, struct zem_flown *flown)
{
    struct cell_parameters local = *cell;
    struct schedule_step *schedule = NULL;
    u32 steps = 0;
    local.blind_steps <<= refinement;
    if (!HAS(cell, ZEM_FEATURE_POINT_MASS)) {
        schedule = refined_schedule(cell, refinement, &steps);
        if (schedule == NULL)
            return -1;
    }
    fly_all(native, &local, schedule, steps, refinement, threads, first, count, flown);
    free(schedule);
    return 0;
}

int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown)
{
    return zem_flight_native_fly(best_native(cell, true), cell, refinement, threads, first, count, flown);
}

void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown)
{
    fly_all(best_native(cell, false), cell, schedule, cell->schedule_steps, 0, threads, first, count, flown);
}
