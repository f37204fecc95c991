/* The JSON of `zem show`: what its text shows, for programs. */
#ifndef ZEM_SHOW_JSON_H
#define ZEM_SHOW_JSON_H

#include "result/extremes.h"
#include "view/view.h"

#include <stdio.h>

/* Writes one object with the scenario, axes, totals, extremes, provenance, and the view with its values. Rows follow
 * the vertical axis of the map from its first point on. A value that is not finite is null. `file` may be NULL.
 * ZEM_INPUT_OUTPUT if `out` cannot be written, ZEM_INTERNAL without memory. */
int zem_show_json(const struct zem_view *view, const struct zem_extremes_table *extremes, const char *file, FILE *out,
                  struct zem_error *error);

#endif
