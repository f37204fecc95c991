/* Trials flown in double precision, with every step of the cell cut into equal parts: what step size and rounding do to a miss.
 * For converge.c alone; the results of zem come from single precision. */
#ifndef ZEM_DOUBLE_ENGINE_H
#define ZEM_DOUBLE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

/* Every step is cut into 2^refinement parts, at most this. */
#define ZEM_REFINEMENT_LIMIT 12u

struct cell_parameters;

/* The first shot of one trial. */
struct zem_double_flight {
    double miss;          /* m */
    double scored;        /* m, what is held against the hit radii */
    double formula_error; /* m: the miss minus the closest approach of the curved path; 0 in linear kinematics */
    uint32_t outcome;     /* enum zem_outcome */
};

/* Flies trials 0 to count - 1 of a cell. The draws of target and handover, and with refinement 0 those of the seeker, are those of
 * a run; refinement cuts every step of the cell and draws the halves of a step's noise so that their mean is the noise of the
 * whole (they are the same white noise seen through a finer sampling). `threads` 0 means all processors. Returns 0, or -1
 * without memory. */
int zem_double_engine_fly(const struct cell_parameters *cell, unsigned refinement, unsigned threads, size_t count, struct zem_double_flight *flights);

#endif
