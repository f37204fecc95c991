/* From the values of a cell to the parameters that a device needs. It stands between the scenario and the kernels:
 * below it nobody knows of keys and units. */
#ifndef ZEM_CELL_H
#define ZEM_CELL_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Features of a cell with these values. It is cheap and derives no cell, so that kernels can be specialised
 * beforehand. */
feature_set zem_cell_features(const struct zem_value value[ZEM_KEY_COUNT]);

/* Largest integration step of a cell, s: run.step, or a default that follows from its time constants. */
double zem_cell_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* The ratio of the time to go to the longest step of a cell: run.step_ratio, or the default where it is absent. */
double zem_cell_step_ratio(const struct zem_value value[ZEM_KEY_COUNT]);

/* The step that a cell would have without run.step, s. */
double zem_cell_default_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* How many times as many steps a cell with a Kalman filter would have if its steps followed the filter, as they do
 * without run.step. 1 without a filter. For point-mass kinematics that of a collision on straight lines. */
double zem_cell_filter_steps(const struct cell_parameters *cell);

/* Whether a limit acts on white noise that no filter has smoothed. Results then keep changing as the step shrinks. */
bool zem_cell_limits_white_noise(feature_set features);

/* The key of a quantity that may vary per trial (enum zem_varied). */
enum zem_key zem_cell_varied_key(unsigned varied);

/* The word of the random-number counter that stands for the cell: its index, or 0 with common random numbers. */
uint32_t zem_cell_word(const struct zem_value value[ZEM_KEY_COUNT], uint64_t cell);

/* The features with which a cell of these values is flown: those of zem_cell_features, without transition matrices if
 * trials differ in what these depend on, because a matrix takes longer to tabulate than a single flight. */
feature_set zem_cell_flown_features(const struct zem_scenario *scenario, const struct zem_value value[ZEM_KEY_COUNT]);

/* Derives all parameters of a cell but schedule_first. `cell` is its index in the grid. Only operations that give the
 * same bits on every machine are used (exact_math.h, + - * / sqrt). Returns 0, or ZEM_BAD_INPUT if the geometry is
 * impossible, for instance if a body would start below ground. Keys that the host draws for each trial have their
 * means: fly such a scenario with zem_cell_derive_trial (dispersion.h). */
int zem_cell_derive(const struct zem_scenario *scenario, uint64_t cell, struct cell_parameters *parameters,
                    struct zem_error *error);

/* The same from given values: those with which a trial is flown, and those that a Kalman filter assumes, which does not
 * know what the trial has drawn. */
int zem_cell_derive_values(const struct zem_scenario *scenario, uint64_t cell,
                           const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                           struct cell_parameters *parameters, struct zem_error *error);

#endif
