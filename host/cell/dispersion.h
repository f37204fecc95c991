/* The values that the host draws for a trial, and the parameters with which that trial flies. A draw depends on the
 * seed, the cell, the trial and the name of its key alone, so that a trial has the same values wherever it is flown,
 * and a key the same draws whatever else is dispersed. */
#ifndef ZEM_DISPERSION_H
#define ZEM_DISPERSION_H

#include "cell/cell.h"

/* A drawn lag or period is at least this share of the flight time. Steps follow the shortest lag, so a distribution
 * that reaches 0 s would otherwise ask for endless steps now and then. */
#define ZEM_LAG_FLOOR 1e-4

/* The index of the draws of a key: 24 bits of the hash of its name, which do not change when keys are added to the
 * table. tests/dispersion_test.c shows that no two keys have the same. */
uint32_t zem_draw_index(enum zem_key key);

/* Draws the values of a trial. Returns 0, or ZEM_BAD_INPUT with a sentence if a value breaks the rule of its key. */
int zem_trial_values(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                     struct zem_value value[ZEM_KEY_COUNT], struct zem_error *error);

/* Derives all parameters of one trial but schedule_first and trial_offset. A scenario in which the host draws nothing
 * has those of the cell. Errors as zem_cell_derive, with the trial named. */
int zem_cell_derive_trial(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                          struct cell_parameters *parameters, struct zem_error *error);

/* The same with the draws of the trial's partner (ZEM_PARTNER of kernels/philox.h) for the keys of a set. Of keys that
 * are correlated, all or none should be in it. */
int zem_cell_derive_exchanged(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, zem_key_set exchanged,
                              struct cell_parameters *parameters, struct zem_error *error);

/* The features that some trial of a cell may have, those that every trial has, and the number of autopilot stages if
 * all trials have the same, else 0. */
void zem_trial_features(const struct zem_scenario *scenario, uint64_t cell, feature_set *possible, feature_set *certain,
                        uint32_t *stages);

/* Derives the trials of a cell that are likely to fail: each drawn key in turn near its ends with the others at their
 * means, and the first trials. Returns what zem_cell_derive_trial does for the first that fails, or 0. `*culprit` is
 * the drawn key that makes it fail, or ZEM_KEY_COUNT if several do together. */
int zem_trial_probe(const struct zem_scenario *scenario, uint64_t cell, enum zem_key *culprit, struct zem_error *error);

#endif
