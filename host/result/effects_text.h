/* The effects over a grid as text or JSON, for `zem effects`. */
#ifndef ZEM_EFFECTS_TEXT_H
#define ZEM_EFFECTS_TEXT_H

#include "result/effects.h"

#include <stdio.h>

/* Print the effects: a table with a line for each axis, each pair of axes and the rest, or one JSON object that also
 * has the curves of the main effects. `file` is the name of the result. ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_effects_print(const struct zem_effects *effects, const char *file, FILE *out, struct zem_error *error);
int zem_effects_print_json(const struct zem_effects *effects, const char *file, FILE *out, struct zem_error *error);

/* Writes the name of what was analysed: "p_hit, hit radius 1 m". Returns text. */
const char *zem_effects_subject(const struct zem_effects *effects, char *text, size_t size);

#endif
