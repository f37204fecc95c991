/* The statistics of an ensemble at each of its times to go, from the values of its trials. Nothing is flown here. */
#ifndef ZEM_ENSEMBLE_STATISTICS_H
#define ZEM_ENSEMBLE_STATISTICS_H

#include "study/ensemble.h"

/* What a trial has at a time: three quantities in channels y and z, and 1 where its command is at the limit, else 0. */
enum { ZEM_ENSEMBLE_VALUES = 2 * ZEM_ENSEMBLE_QUANTITIES + 1, ZEM_ENSEMBLE_SATURATED = 2 * ZEM_ENSEMBLE_QUANTITIES };

/* Fills trials, saturated and series of an ensemble. `column` has the values of all trials at each point, points x
 * ZEM_ENSEMBLE_VALUES x trials, NaN where a trial does not fly. It is sorted in place. ZEM_INTERNAL without memory. */
int zem_ensemble_statistics(struct zem_ensemble *ensemble, float *column, struct zem_error *error);

#endif
