/* The values that the host draws for a trial, and the parameters with which that trial flies. A draw depends only on
 * the seed, the cell, the trial and the name of its key. So a trial has the same values wherever it is flown, and a key
 * has the same draws whatever other keys are dispersed (drawn for each trial). */
#ifndef ZEM_DISPERSION_H
#define ZEM_DISPERSION_H

#include "cell/cell.h"

/* A drawn lag, sample interval or period is raised to this share of the flight time if it is smaller. An exact 0 of a
 * list or an expression stays 0. Steps follow the shortest lag, so a distribution that reaches 0 s would otherwise ask
 * for endless steps now and then. */
#define ZEM_LAG_FLOOR 1e-4

/* Returns the index of the draws of a key: 24 bits of a hash of its name. The index stays the same when keys are added
 * to the table. tests/dispersion_test.c shows that no two keys have the same index. */
uint32_t zem_draw_index(enum zem_key key);

/* Draws the values of a trial. Returns 0, or ZEM_BAD_INPUT with a message if a value breaks the rule of its key. */
int zem_trial_values(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                     struct zem_value value[ZEM_KEY_COUNT], struct zem_error *error);

/* Derives all parameters of one trial but schedule_first and trial_offset. In a scenario in which the host draws
 * nothing, they are the parameters of the cell. Returns what zem_cell_derive returns; its message names the trial. */
int zem_cell_derive_trial(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                          struct cell_parameters *parameters, struct zem_error *error);

/* Derives the parameters of one trial as zem_cell_derive_trial does, but the keys of the set `exchanged` take the draws
 * of another trial, the partner, which no run flies (ZEM_PARTNER of kernels/philox.h). Of a group of correlated keys
 * the set should have all or none. */
int zem_cell_derive_exchanged(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, zem_key_set exchanged,
                              struct cell_parameters *parameters, struct zem_error *error);

/* Sets `*possible` to the features that some trial of a cell may have, and `*certain` to those that every trial has.
 * Sets `*stages` to the number of autopilot stages if all trials have the same number, else to 0. */
void zem_trial_features(const struct zem_scenario *scenario, uint64_t cell, feature_set *possible, feature_set *certain,
                        uint32_t *stages);

/* Tests whether the parameters of a cell's trials can be derived. The function tries the trials that are likely to
 * fail: each drawn key in turn near the ends of its distribution with the other keys at their means, and the first
 * trials of a run. Returns 0, or what zem_cell_derive_trial returns for the first that fails. `*culprit` is then the
 * key whose value is refused, which may be drawn, computed from drawn keys or compared with one. It is ZEM_KEY_COUNT if
 * the values keep all rules and the parameters of a trial cannot be derived. */
int zem_trial_probe(const struct zem_scenario *scenario, uint64_t cell, enum zem_key *culprit, struct zem_error *error);

#endif
