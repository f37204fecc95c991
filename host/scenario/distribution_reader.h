/* Reads the distribution of a key from a YAML mapping. scenario_value.c calls it. */
#ifndef ZEM_DISTRIBUTION_READER_H
#define ZEM_DISTRIBUTION_READER_H

#include "scenario/scenario_value.h"

#define ZEM_LIST_VALUES_MAX 4096 /* the most values of one list */

/* Reads a mapping such as {mean: , sigma: } or {values: [ ], weights: [ ]} into a value. Parts such as the mean may be
 * expressions; these become formulas of the scenario. Returns false after a mistake. */
bool zem_distribution_read(struct zem_reading *reading, enum zem_key key, const char *path,
                           const struct zem_yaml_node *node, struct zem_value *value);

/* Writes how a distribution is written in a scenario, such as "{mean: , sigma: }", into text[size]. Returns `text`. */
const char *zem_distribution_form_write(enum zem_distribution distribution, char *text, size_t size);

/* Writes the forms of all distributions, "{mean: , sigma: }, ..., or {values: [ ], weights: [ ]}", into text[size].
 * Returns `text`. */
const char *zem_distribution_forms_write(char *text, size_t size);

void zem_lists_free(struct zem_scenario *scenario);

#endif
