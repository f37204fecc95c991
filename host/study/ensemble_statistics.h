/* The statistics of an ensemble at each of its times to go, from the values of its trials. Nothing is flown here. */
#ifndef ZEM_ENSEMBLE_STATISTICS_H
#define ZEM_ENSEMBLE_STATISTICS_H

#include "study/ensemble.h"

/* The values of a trial at one time to go: three quantities in channels y and z, and the value ZEM_ENSEMBLE_SATURATED,
 * which is 1 where the command is at its limit, else 0. */
enum { ZEM_ENSEMBLE_VALUES = 2 * ZEM_ENSEMBLE_QUANTITIES + 1, ZEM_ENSEMBLE_SATURATED = 2 * ZEM_ENSEMBLE_QUANTITIES };

/* Fills the members trials, saturated and series of an ensemble. `column` has the values of all trials: points x
 * ZEM_ENSEMBLE_VALUES x trials, the trial fastest, NaN where a trial does not fly. The function sorts it in place.
 * Returns 0, or ZEM_INTERNAL without memory. */
int zem_ensemble_statistics(struct zem_ensemble *ensemble, float *column, struct zem_error *error);

#endif
