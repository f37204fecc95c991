/* What `zem sensitivity` prints, as text and as JSON. */
#ifndef ZEM_SENSITIVITY_TEXT_H
#define ZEM_SENSITIVITY_TEXT_H

#include "study/sensitivity.h"

#include <stdio.h>

/* Returns the index of the hit radius whose probability of a hit, averaged over the cells, lies nearest to one half.
 * Its hits vary most. */
size_t zem_sensitivity_radius(const struct zem_sensitivity *s);

/* Writes the indices of the sources into order[sources], those with the largest total index in one output of one cell
 * first. `output` and `which` are as in zem_sensitivity_at. */
void zem_sensitivity_order(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which, size_t *order);

/* Print the shares of every source: in a study of one cell with their intervals, in a study of several cells as ranges
 * over the cells. The text is for one hit radius, whose index is `radius`; the JSON object has all hit radii and every
 * cell. `name` is the scenario as the user called it. Return 0, or ZEM_INPUT_OUTPUT if `out` cannot be written. The
 * function for JSON also returns ZEM_INTERNAL without memory. */
int zem_sensitivity_print(const struct zem_sensitivity *s, size_t radius, const char *name, FILE *out,
                          struct zem_error *error);
int zem_sensitivity_print_json(const struct zem_sensitivity *s, const char *name, FILE *out, struct zem_error *error);

#endif
