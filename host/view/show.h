/* A result in the terminal: headline numbers, provenance and a heat map; or the same as JSON. For `zem show`. */
#ifndef ZEM_SHOW_H
#define ZEM_SHOW_H

#include "view/heat_map.h"
#include "view/view.h"

#include <stdio.h>

/* What to show. All zero is what `zem show FILE` shows. */
struct zem_show_options {
    bool json;                    /* --json: one JSON object instead of text */
    struct zem_screen screen;     /* with ZEM_COLOR_AUTO, that of zem_terminal_screen */
    const char *file;             /* name of the result file in the heading; NULL for none */
    struct zem_view_options view; /* --variable, --radius, --slice */
};

/* Prints a result. Returns 0; ZEM_USAGE if a variable, radius or slice does not exist; ZEM_INPUT_OUTPUT if `out` cannot
 * be written; ZEM_INTERNAL without memory. */
int zem_show(const struct zem_result *result, const struct zem_show_options *options, FILE *out,
             struct zem_error *error);

#endif
