/* From the values of a cell to the parameters that a device needs. This file stands between the scenario and the
 * kernels: kernels and devices know nothing of keys and units. */
#ifndef ZEM_CELL_H
#define ZEM_CELL_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Returns the features of a cell with these values. The function derives no parameters and takes little time, so that
 * kernels can be compiled for the features before a run. */
feature_set zem_cell_features(const struct zem_value value[ZEM_KEY_COUNT]);

/* Sets the spectral densities of the seeker's noise in `p` (kernels/layout.h). */
void zem_cell_noise(const struct zem_value value[ZEM_KEY_COUNT], struct cell_parameters *p);

/* Whether a limit acts on white noise that no filter has smoothed. The results of such a cell keep changing as the step
 * shrinks. */
bool zem_cell_limits_white_noise(feature_set features);

/* Returns the key of a quantity that may vary per trial (enum zem_varied). */
enum zem_key zem_cell_varied_key(unsigned varied);

/* Returns the word of the random-number counter that stands for the cell: its index `cell`, or 0 with common random
 * numbers. */
uint32_t zem_cell_word(const struct zem_value value[ZEM_KEY_COUNT], uint64_t cell);

/* Returns the features with which a cell of these values is flown: those of zem_cell_features, but without transition
 * matrices if values on which the matrices depend differ from trial to trial. Tabulating the matrices of a trial takes
 * longer than flying it without them. */
feature_set zem_cell_flown_features(const struct zem_scenario *scenario, const struct zem_value value[ZEM_KEY_COUNT]);

/* Derives all parameters of a cell but schedule_first. `cell` is its index in the grid. The calculation uses only
 * operations that give the same bits on every machine (exact_math.h, + - * / sqrt). Returns 0, or ZEM_BAD_INPUT if the
 * step is unstable or too short, or the geometry is impossible, for instance if a body would start below ground. A key
 * that the host draws for each trial has its mean here, so fly such a scenario with zem_cell_derive_trial
 * (dispersion.h). */
int zem_cell_derive(const struct zem_scenario *scenario, uint64_t cell, struct cell_parameters *parameters,
                    struct zem_error *error);

/* Derives the parameters as zem_cell_derive does, but from given values. `value` has the values with which a trial is
 * flown. `assumed` has what a Kalman filter assumes, because the filter does not know what the trial has drawn. */
int zem_cell_derive_values(const struct zem_scenario *scenario, uint64_t cell,
                           const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                           struct cell_parameters *parameters, struct zem_error *error);

#endif
