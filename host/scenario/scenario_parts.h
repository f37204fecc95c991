/* Functions of the scenario reader that are in files of their own: overrides, sweep, rules between keys and bounds of
 * values. Only scenario_reader.c and these files include this header. */
#ifndef ZEM_SCENARIO_PARTS_H
#define ZEM_SCENARIO_PARTS_H

#include "scenario/scenario_value.h"

/* Puts the override `text` ("dotted.path=value") into the YAML tree of the scenario, whose root is `root`. `number` is
 * the number of the override, from 1. Mistakes of form are added to the diagnostics. The key and the value are checked
 * when the tree is read. */
void zem_override_apply(struct zem_reading *reading, struct zem_yaml_node *root, const char *text, int number,
                        struct zem_error *error);

/* Adds a warning for each override of a key that the scenario sweeps, because the axis replaces the value of the
 * override. The sweep must have been read without mistake. */
void zem_override_warn_swept(struct zem_reading *reading);

/* Reads the list of axes into scenario->axis. `node` is the list in the YAML tree, or NULL if there is no sweep. The
 * values of all keys must have been read before. */
void zem_sweep_read(struct zem_reading *reading, const struct zem_yaml_node *node);

/* Adds mistakes and warnings about missing keys and about rules between keys in all cells of the grid. bad[key] says
 * that a mistake in this key was already reported; rules with the key are then skipped. */
void zem_scenario_check(const struct zem_scenario *scenario, const bool bad[ZEM_KEY_COUNT],
                        struct zem_diagnostics *diagnostics);

/* Finds the smallest and the largest SI value of a part of a key, such as its mean or its sigma, over the grid. For a
 * key that an expression computes or the host draws, they are those of the key's value, whatever `part` is. Returns
 * false if the key is absent in some cell. For ZEM_PART_VALUE and ZEM_PART_MEAN the result is the same. */
bool zem_scenario_bounds(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part, double *low,
                         double *high);

/* Return the smallest and the largest SI value of a key over the grid. */
double zem_scenario_lowest(const struct zem_scenario *scenario, enum zem_key key);
double zem_scenario_highest(const struct zem_scenario *scenario, enum zem_key key);

/* Returns the largest value of (key - factor * other) over all cells and trials, SI. If an expression gives one of the
 * two keys, both are taken together in each cell, once with all drawn keys at their lowest numbers and once at their
 * highest. Otherwise the highest value of the key and the lowest of the other are taken. */
double zem_scenario_excess(const struct zem_scenario *scenario, enum zem_key key, double factor, enum zem_key other);

/* Returns the largest product of two keys over all cells and trials, SI. Both must not be negative. Expressions are
 * treated as in zem_scenario_excess. */
double zem_scenario_product(const struct zem_scenario *scenario, enum zem_key key, enum zem_key other);

/* Whether an expression computes the value of a key, or a part of it, or the host draws the value (resolution.h). */
bool zem_scenario_resolves(const struct zem_scenario *scenario, enum zem_key key);

#endif
