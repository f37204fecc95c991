/* The JSON object of `zem show --json`: what its text shows, for programs. */
#ifndef ZEM_SHOW_JSON_H
#define ZEM_SHOW_JSON_H

#include "result/extremes.h"
#include "view/view.h"

#include <stdio.h>

/* Writes one object with the scenario, axes, totals, extremes, provenance, and the view with its values. The rows of a
 * map follow its vertical axis, from the first point on. A value that is not finite is null. `file` may be NULL.
 * Returns 0, ZEM_INPUT_OUTPUT if `out` cannot be written, or ZEM_INTERNAL without memory. */
int zem_show_json(const struct zem_view *view, const struct zem_extremes_table *extremes, const char *file, FILE *out,
                  struct zem_error *error);

#endif
