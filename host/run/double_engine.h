/* Flies trials to get their miss distances, in two ways: in single precision as a run does, and in double precision
 * with every step divided into equal parts. The difference shows the effect of step size and rounding on a miss.
 * study/error_budget.c and step_flight.c use it. The estimates of a run never come from here. */
#ifndef ZEM_DOUBLE_ENGINE_H
#define ZEM_DOUBLE_ENGINE_H

#include "device/native/native_engine.h"

#include <stddef.h>
#include <stdint.h>

/* Whether a trial is a hit within `radius`, in m, which is one of the hit radii of its cell. */
static inline bool zem_flown_hits(const struct zem_flown *flown, float radius)
{
    return flown->outcome == ZEM_OUTCOME_PASSED && flown->scored < (double)radius;
}

/* A cell whose every step is divided into 2^refinement equal parts. The member fly_misses of a native engine in double
 * precision flies it. */
struct zem_refined_cell {
    struct cell_parameters cell;
    struct schedule_step *schedule; /* its table of steps in double precision, owned; NULL with point-mass kinematics */
    unsigned refinement;
};

/* Divides the steps of a cell. Returns 0, or -1 without memory. Release with zem_refined_cell_free. */
int zem_refined_cell_init(struct zem_refined_cell *refined, const struct cell_parameters *cell, unsigned refinement);
void zem_refined_cell_free(struct zem_refined_cell *refined);

/* Flies the trials `first` to `first` + count - 1 of a cell in double precision, with every step in 2^refinement parts,
 * and writes flown[count]. The target's maneuver and the errors at the start of homing have the draws of a run. The
 * white noise is that of a run, sampled more finely: the mean noise over the parts of a step is the noise of the whole
 * step. `threads` 0 means one thread on each processor. Returns 0, or -1 without memory. */
int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown);

/* Flies trials as zem_double_engine_fly does, with the given engine, which must be in double precision. */
int zem_double_engine_fly_with(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                               unsigned refinement, unsigned threads, uint64_t first, size_t count,
                               struct zem_flown *flown);

/* Flies the trials `first` to `first` + count - 1 in single precision, bit for bit as a run does, and writes
 * flown[count]. `schedule` has the steps of the cell from zem_schedule_fill. */
void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown);

#endif
