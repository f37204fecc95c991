/* The order in which values are computed from other keys and drawn for a trial, and which of them the host draws. The
 * kernels draw the nine quantities of enum zem_varied if they are normal or uniform and nothing else depends on their
 * values. The host draws every other distribution, and every key that is correlated or named in an expression. */
#ifndef ZEM_RESOLUTION_H
#define ZEM_RESOLUTION_H

#include "scenario/scenario_value.h"

/* Fills scenario->resolution. Formulas, correlations and axes must have been read without mistake. Adds a mistake for
 * a cycle of expressions, an expression of an absent key, and an axis of a key that has an expression. */
void zem_resolution_make(struct zem_reading *reading);

/* Computes the values of a cell in order. `value` has the values of the file with those of the axes, and gets the
 * results of the expressions. `draw` is called for every key that the host draws and replaces its distribution in
 * `value` by a constant, so that later expressions take the drawn value; without it they take its mean. */
void zem_resolution_apply(const struct zem_scenario *scenario, struct zem_value value[ZEM_KEY_COUNT],
                          void (*draw)(void *context, enum zem_key key, struct zem_value *value), void *context);

#endif
