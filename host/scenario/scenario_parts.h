/* The parts of the scenario reader that have files of their own: overrides, sweep and rules between keys. Only
 * scenario_reader.c and these files use it. */
#ifndef ZEM_SCENARIO_PARTS_H
#define ZEM_SCENARIO_PARTS_H

#include "scenario/scenario_value.h"

/* Puts the override `text` ("dotted.path=value") into the tree. `number` counts overrides from 1. Mistakes of form are
 * added to the diagnostics. Whether key and value are valid shows when the tree is read. */
void zem_override_apply(struct zem_reading *reading, struct zem_yaml_node *root, const char *text, int number,
                        struct zem_error *error);

/* Warns of overrides of keys that the scenario sweeps, because the axis replaces their values. The sweep must have been
 * read without mistake. */
void zem_override_warn_swept(struct zem_reading *reading);

/* Reads the list of axes into scenario->axis. `node` may be NULL. The values of all keys must have been read before. */
void zem_sweep_read(struct zem_reading *reading, const struct zem_yaml_node *node);

/* Adds the mistakes that concern several keys: missing keys, and rules between keys in all cells of the grid. */
void zem_scenario_check(const struct zem_scenario *scenario, const bool bad[ZEM_KEY_COUNT],
                        struct zem_diagnostics *diagnostics);

/* Finds the smallest and the largest SI value of a part of a key over the grid. Returns false if the key is absent in
 * some cell. ZEM_PART_VALUE and ZEM_PART_MEAN are the same number. */
bool zem_scenario_bounds(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part, double *low,
                         double *high);

/* The same for the value of a key alone. */
double zem_scenario_lowest(const struct zem_scenario *scenario, enum zem_key key);
double zem_scenario_highest(const struct zem_scenario *scenario, enum zem_key key);

/* The most by which a key exceeds `factor` times another one in some cell and trial, SI. Where an expression gives one
 * of the two, both are taken at the lowest and at the highest values of what is drawn, which they follow together. */
double zem_scenario_excess(const struct zem_scenario *scenario, enum zem_key key, double factor, enum zem_key other);

/* The largest product of two keys that are not negative, SI; as for the excess. */
double zem_scenario_product(const struct zem_scenario *scenario, enum zem_key key, enum zem_key other);

/* Whether the value of a key is computed or drawn (resolution.h). */
bool zem_scenario_resolves(const struct zem_scenario *scenario, enum zem_key key);

/* Of the cells in which such values are looked at, the distance to the next. */
uint64_t zem_scenario_cell_stride(const struct zem_scenario *scenario);

/* Whether an axis sweeps any part of this key. */
bool zem_scenario_sweeps(const struct zem_scenario *scenario, enum zem_key key);

#endif
