/* Flies trials that have parameters of their own (cell/dispersion.h) to get their miss distances, in single and in
 * double precision. double_engine.h does the same for trials that share the parameters of their cell. */
#ifndef ZEM_TRIAL_FLIGHT_H
#define ZEM_TRIAL_FLIGHT_H

#include "base/error.h"
#include "cell/trial_cell.h"
#include "run/double_engine.h"

/* The value of `refinement` for a flight in single precision, bit for bit as in a run. Any other value divides every
 * step into 2^refinement parts and flies in double precision. */
#define ZEM_TRIAL_AS_RUN (-1)

/* Flies one trial of the cell of `trial_cell` into `flown`. Returns 0, ZEM_INTERNAL without memory, or an error of
 * zem_trial_cell_set. */
int zem_trial_fly(struct zem_trial_cell *trial_cell, int refinement, uint64_t trial, struct zem_flown *flown,
                  struct zem_error *error);

/* Flies the trials `first` to `first` + count - 1 of a cell into flown[count]. `refinement` is ZEM_TRIAL_AS_RUN, or
 * how often every step is halved for a flight in double precision. Up to `threads` threads fly; 0 means one for each
 * processor. If several trials fail, the function returns the error of the first one. */
int zem_trials_fly(const struct zem_scenario *scenario, uint64_t cell, int refinement, unsigned threads, uint64_t first,
                   size_t count, struct zem_flown *flown, struct zem_error *error);

#endif
