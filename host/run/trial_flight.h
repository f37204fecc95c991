/* Flies trials that have parameters of their own (cell/dispersion.h) for their misses, in single and in double
 * precision: the counterpart of double_engine.h, which flies trials that share their parameters. */
#ifndef ZEM_TRIAL_FLIGHT_H
#define ZEM_TRIAL_FLIGHT_H

#include "base/error.h"
#include "cell/trial_cell.h"
#include "run/double_engine.h"

/* For `refinement`: in single precision, with the bits of a run. Other refinements are those of double_engine.h. */
#define ZEM_TRIAL_AS_RUN (-1)

/* Flies one trial. Errors as zem_trial_cell_set. */
int zem_trial_fly(struct zem_trial_cell *trial_cell, int refinement, uint64_t trial, struct zem_flown *flown,
                  struct zem_error *error);

/* Flies the trials `first` to `first` + count - 1 of a cell on `threads` processors, 0 for all, into flown[count]. Of
 * several failures that of the first trial is returned. */
int zem_trials_fly(const struct zem_scenario *scenario, uint64_t cell, int refinement, unsigned threads, uint64_t first,
                   size_t count, struct zem_flown *flown, struct zem_error *error);

#endif
