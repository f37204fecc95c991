/* What `zem sensitivity` prints, as text and as JSON. */
#ifndef ZEM_SENSITIVITY_TEXT_H
#define ZEM_SENSITIVITY_TEXT_H

#include "study/sensitivity.h"

#include <stdio.h>

/* The hit radius whose probability of a hit, over the cells, lies nearest to one half: the one with most to share
 * out. */
size_t zem_sensitivity_radius(const struct zem_sensitivity *s);

/* Writes the numbers of the sources of one cell into order[sources], by their total index in an output, the largest
 * first. */
void zem_sensitivity_order(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which, size_t *order);

/* Print the parts of every source: of one cell with intervals; of several their ranges. The text has one hit radius,
 * the JSON object all of them and every cell. `name` is what the user called the scenario. Return 0, or
 * ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_sensitivity_print(const struct zem_sensitivity *s, size_t radius, const char *name, FILE *out,
                          struct zem_error *error);
int zem_sensitivity_print_json(const struct zem_sensitivity *s, const char *name, FILE *out, struct zem_error *error);

#endif
