/* Flies trials for their miss distances: in single precision as a run does, and in double precision with every step
 * divided into equal parts. The differences show the effect of step size and rounding on a miss. study/error_budget.c
 * and step_flight.c use it; no estimate of a run comes from here. */
#ifndef ZEM_DOUBLE_ENGINE_H
#define ZEM_DOUBLE_ENGINE_H

#include "device/native/native_engine.h"

#include <stddef.h>
#include <stdint.h>

/* Whether a trial counts as a hit within a radius of its cell. */
static inline bool zem_flown_hits(const struct zem_flown *flown, float radius)
{
    return flown->outcome == ZEM_OUTCOME_PASSED && flown->scored < (double)radius;
}

/* A cell with every step in 2^refinement parts, ready to be flown by fly_misses of an engine in double precision. */
struct zem_refined_cell {
    struct cell_parameters cell;
    struct schedule_step *schedule; /* in double precision, owned; NULL with point-mass kinematics */
    unsigned refinement;
};

/* Returns 0, or -1 without memory. Release with zem_refined_cell_free. */
int zem_refined_cell_init(struct zem_refined_cell *refined, const struct cell_parameters *cell, unsigned refinement);
void zem_refined_cell_free(struct zem_refined_cell *refined);

/* Flies the trials `first` to `first` + count - 1 of a cell in double precision, every step in 2^refinement parts, and
 * writes flown[count]. Target and handover have the draws of a run. The noise is the same white noise, sampled more
 * finely: the mean noise of the parts is the noise of the whole step. `threads` 0 means all processors. Returns 0, or
 * -1 without memory. */
int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown);

/* The same with a given engine in double precision. */
int zem_double_engine_fly_with(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                               unsigned refinement, unsigned threads, uint64_t first, size_t count,
                               struct zem_flown *flown);

/* Flies the same trials in single precision, with the bits of a run. `schedule` is that of zem_schedule_fill. */
void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown);

#endif
