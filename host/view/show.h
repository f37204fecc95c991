/* A result in the terminal: headline numbers, provenance and a heat map; or the same as JSON. For `zem show`. */
#ifndef ZEM_SHOW_H
#define ZEM_SHOW_H

#include "view/heat_map.h"
#include "view/view.h"

#include <stdio.h>

/* What to show. All zero is what `zem show FILE` shows. */
struct zem_show_options {
    bool json; /* --json: one JSON object instead of text */
    enum zem_color color;
    unsigned columns;             /* characters of a line; 0 means the width of the terminal, or 80 without one */
    const char *file;             /* name of the result file in the heading; NULL for none */
    struct zem_view_options view; /* --variable, --radius, --slice */
};

/* Returns the colours that suit a stream. ZEM_COLOR_NONE, unless the stream is a terminal, NO_COLOR is unset or empty,
 * and TERM is set and not "dumb". Then ZEM_COLOR_TRUE if COLORTERM is "truecolor" or "24bit", else ZEM_COLOR_256. */
enum zem_color zem_color_of_stream(FILE *stream);

/* Prints a result. Returns 0; ZEM_USAGE if a variable, radius or slice does not exist; ZEM_INPUT_OUTPUT if `out` cannot
 * be written; ZEM_INTERNAL without memory. */
int zem_show(const struct zem_result *result, const struct zem_show_options *options, FILE *out,
             struct zem_error *error);

#endif
