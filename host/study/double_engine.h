/* Trials flown for their miss distances: as a run flies them, and in double precision with every step of the cell cut
 * into equal parts. The difference is what step size and rounding do to a miss. For error_budget.c alone; the results
 * of zem come from its backends. */
#ifndef ZEM_DOUBLE_ENGINE_H
#define ZEM_DOUBLE_ENGINE_H

#include "device/native/native_engine.h"

#include <stddef.h>
#include <stdint.h>

/* Flies trials first to first + count - 1 of a cell in double precision, every step in 2^refinement parts. The draws of
 * target and handover, and with refinement 0 those of the seeker, are those of a run; a refinement draws the halves of
 * a step's noise so that their mean is the noise of the whole: the same white noise seen through a finer sampling.
 * `threads` 0 means all processors. Returns 0, or -1 without memory. */
int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown);

/* The same with a given engine in double precision. */
int zem_double_engine_fly_with(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                               unsigned refinement, unsigned threads, uint64_t first, size_t count,
                               struct zem_flown *flown);

/* The same trials in single precision, to the bit as a run flies them. `schedule` is that of zem_schedule_fill. */
void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown);

#endif
