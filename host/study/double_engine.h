/* Trials flown for their miss distances: as a run flies them, and in double precision with every step of the cell cut
 * into equal parts. The difference is what step size and rounding do to a miss. For error_budget.c alone; the results
 * of zem come from its backends. */
#ifndef ZEM_DOUBLE_ENGINE_H
#define ZEM_DOUBLE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

/* Every step is cut into 2^refinement parts, at most this. */
#define ZEM_REFINEMENT_LIMIT 12u

struct cell_parameters;
struct schedule_step;

/* The first shot of one trial. */
struct zem_flown {
    double miss;          /* m */
    double scored;        /* m, what is held against the hit radii */
    double formula_error; /* m: the miss minus the closest approach of the curved path; 0 in linear kinematics and in
                             single precision */
    uint32_t outcome;     /* enum zem_outcome */
};

/* Flies trials first to first + count - 1 of a cell. The draws of target and handover, and with refinement 0 those of
 * the seeker, are those of a run; refinement cuts every step of the cell and draws the halves of a step's noise so that
 * their mean is the noise of the whole (they are the same white noise seen through a finer sampling). `threads` 0 means
 * all processors. Returns 0, or -1 without memory. */
int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, uint64_t first,
                          size_t count, struct zem_flown *flown);

/* The same trials in single precision, to the bit as a run flies them. `schedule` is that of zem_schedule_fill. */
void zem_single_engine_fly(const struct cell_parameters *cell, const struct schedule_step *schedule, unsigned threads,
                           uint64_t first, size_t count, struct zem_flown *flown);

#endif
