/* Tabulates the divided steps of a cell in double precision and spreads its trials over threads. Native engines fly the
 * trials. */
#define ZEM_LANES 1
#define ZEM_DOUBLE
#include "kernels/portable.h"

#include "device/native/double_math.h"

#include "kernels/model.h"
#include "kernels/schedule.h"

#include "run/double_engine.h"

#include <omp.h>
#include <stdlib.h>

#define GRAIN 4u /* blocks of trials that a thread takes at a time */

/* Returns the schedule of a cell, which is the table of its integration steps, with every step divided into
 * 2^refinement equal parts, and sets `*steps` to the number of parts. The caller frees the schedule. NULL without
 * memory. */
static struct schedule_step *refined_schedule(const struct cell_parameters *cell, unsigned refinement, u32 *steps)
{
    const u32 parts = 1u << refinement;
    *steps = schedule_fill(cell, NULL, 0u, 2u * cell->schedule_steps + 2u) << refinement;
    struct schedule_step *schedule = malloc(((size_t)*steps + 1u) * sizeof *schedule);
    struct schedule_walk walk = schedule_walk_begin(cell);
    struct covariance covariance = walk.covariance;
    u32 count = 0;
    while (schedule != NULL && count < *steps) {
        real to_go = walk.to_go, end;
        u32 event;
        const real whole = schedule_walk_choose(cell, &walk, &end, &event), part = whole / parts;
        schedule_step_pass(cell, to_go, whole, event, &walk.covariance);
        walk.to_go = end;
        for (u32 k = 1; k <= parts; k++, count++) {
            const real next = k == parts ? end : to_go - part;
            schedule_step_set(cell, to_go, part, next, k == 1u ? event : event & ZEM_EVENT_COAST, &covariance,
                              &schedule[count]);
            to_go = next;
        }
    }
    return schedule;
}

/* Flies trials in blocks, each of as many trials as the engine has lanes. Trials of the first and the last block that
 * lie outside the range are dropped. */
static void fly_all(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                    const struct schedule_step *schedule, unsigned refinement, unsigned threads, u64 first,
                    size_t count, struct zem_flown *flown)
{
    const u64 begin = first / engine->lanes * engine->lanes, end = first + count, lanes = engine->lanes;
    const u64 most = (end - begin) / (lanes * GRAIN) + 1u, wanted = threads > 0 ? threads : (u64)omp_get_num_procs();
    const int team = (int)(wanted < most ? wanted : most); /* a thread without a block would only wait */
#pragma omp parallel for schedule(dynamic, GRAIN) num_threads(team)
    for (u64 block = begin; block < end; block += lanes) {
        struct zem_flown lane_flown[ZEM_LANES_LIMIT];
        engine->fly_misses(cell, schedule, refinement, block, 1u, lane_flown);
        for (u64 k = 0; k < lanes; k++)
            if (block + k >= first && block + k < end)
                flown[block + k - first] = lane_flown[k];
    }
}

int zem_refined_cell_init(struct zem_refined_cell *refined, const struct cell_parameters *cell, unsigned refinement)
{
    *refined = (struct zem_refined_cell){.cell = *cell, .refinement = refinement};
    refined->cell.blind_steps <<= refinement;
    if (HAS(cell, ZEM_FEATURE_POINT_MASS))
        return 0;
    refined->schedule = refined_schedule(cell, refinement, &refined->cell.schedule_steps);
    return refined->schedule != NULL ? 0 : -1;
}

void zem_refined_cell_free(struct zem_refined_cell *refined)
{
    free(refined->schedule);
    refined->schedule = NULL;
}

int zem_double_engine_fly_with(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                               unsigned refinement, unsigned threads, uint64_t first, size_t count,
                               struct zem_flown *flown)
{
    struct zem_refined_cell refined;
    if (zem_refined_cell_init(&refined, cell, refinement) != 0)
        return -1;
    fly_all(engine, &refined.cell, refined.schedule, refinement, threads, first, count, flown);
    zem_refined_cell_free(&refined);
    return 0;
}

int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown)
{
    return zem_double_engine_fly_with(zem_native_engine_choose_double(cell), cell, refinement, threads, first, count,
                                      flown);
}

void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown)
{
    const struct zem_native_engine *engine =
        zem_native_engine_choose(NULL, cell->features, cell->features, cell->stages);
    fly_all(engine, cell, schedule, 0u, threads, first, count, flown);
}
