/* The JSON of zem show. */
#ifndef ZEM_SHOW_JSON_H
#define ZEM_SHOW_JSON_H

#include "view/view.h"

#include <stdio.h>

/* Writes one object: scenario, axes, totals, provenance and the view with its values (rows from the first point of the
 * axis drawn upward; null where a value is undefined or infinite). `file` may be NULL. */
int zem_show_json(const struct zem_view *view, const char *file, FILE *out, struct zem_error *error);

#endif
