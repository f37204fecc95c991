/* Finds the order in which values are computed by expressions and drawn for a trial, and which of them the host draws.
 * The kernels draw the nine quantities of enum zem_varied if they are normal or uniform and no expression or
 * correlation uses them. The host draws all other keys that have a distribution. */
#ifndef ZEM_RESOLUTION_H
#define ZEM_RESOLUTION_H

#include "scenario/scenario_value.h"

/* Fills scenario->resolution. Formulas, correlations and axes must have been read without mistake. Adds a mistake for
 * expressions that depend on each other in a circle, for an expression that uses an absent key, and for an axis that
 * sweeps what an expression gives. */
void zem_resolution_make(struct zem_reading *reading);

/* Computes the expressions of a cell in order. `value` holds the values of the cell (zem_grid_distributions) and gets
 * the results. If `draw` is not NULL, it is called with `context` for every key that the host draws, and must replace
 * the distribution in `value` by a constant, so that later expressions use the drawn number. If `draw` is NULL, later
 * expressions use the mean. */
void zem_resolution_apply(const struct zem_scenario *scenario, struct zem_value value[ZEM_KEY_COUNT],
                          void (*draw)(void *context, enum zem_key key, struct zem_value *value), void *context);

#endif
