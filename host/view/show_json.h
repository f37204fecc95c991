/* The JSON of `zem show`: what its text shows, for programs. */
#ifndef ZEM_SHOW_JSON_H
#define ZEM_SHOW_JSON_H

#include "view/view.h"

#include <stdio.h>

/* Writes one object with the scenario, axes, totals, provenance, and the view with its values. Rows begin at the first
 * point of the axis that is drawn upward; a value that is not finite is null. `file` may be NULL. ZEM_INPUT_OUTPUT if
 * `out` cannot be written. */
int zem_show_json(const struct zem_view *view, const char *file, FILE *out, struct zem_error *error);

#endif
