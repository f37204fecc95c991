/* The parts of the scenario reader that have a file of their own: overrides, sweep axes, rules between keys.
 * Used by scenario_reader.c alone. */
#ifndef ZEM_SCENARIO_PARTS_H
#define ZEM_SCENARIO_PARTS_H

#include "scenario/scenario_value.h"

/* Puts the override "dotted.path=value", the `number`-th from 1, into the tree. Mistakes in its form are added to the
 * diagnostics; whether key and value make sense is found when the tree is read. */
void zem_override_apply(struct zem_reading *reading, struct zem_yaml_node *root, const char *text, int number,
                        struct zem_error *error);

/* Warns of overrides of keys that the scenario sweeps: every cell has the axis' value. To be called when the sweep is
 * read, without mistake. */
void zem_override_warn_swept(struct zem_reading *reading);

/* Reads the list of axes into scenario->axis. `node` may be NULL. Values of all keys must have been read. */
void zem_sweep_read(struct zem_reading *reading, const struct zem_yaml_node *node);

/* Adds the mistakes that no single key shows: keys that are missing, and rules between keys in all cells of the grid.
 */
void zem_scenario_check(const struct zem_scenario *scenario, const bool bad[ZEM_KEY_COUNT],
                        struct zem_diagnostics *diagnostics);

/* Smallest and largest value that a part of a key takes over the grid, SI; false if the key is absent in some cell.
 * ZEM_PART_VALUE and ZEM_PART_MEAN are the same number. */
bool zem_scenario_bounds(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part, double *low,
                         double *high);

/* Whether an axis sweeps this key, in any part. */
bool zem_scenario_sweeps(const struct zem_scenario *scenario, enum zem_key key);

#endif
