/* zem show: headline numbers, provenance and a heat map in the terminal, or the same as JSON.
 * Last in the flow of data: reads a result, writes text to the stream it is given. */
#ifndef ZEM_SHOW_H
#define ZEM_SHOW_H

#include "view/heat_map.h"
#include "view/view.h"

#include <stdio.h>

/* All zero is what `zem show FILE` does. */
struct zem_show_options {
    bool json; /* --json: one JSON object instead of text */
    enum zem_color color;
    unsigned columns;             /* width of the terminal; 0: asked of the terminal, else 80 */
    const char *file;             /* name of the result file for the heading; NULL leaves it out */
    struct zem_view_options view; /* --variable, --radius, --slice */
};

/* ZEM_COLOR_NONE unless the stream is a terminal, NO_COLOR is unset or empty and TERM is set and not "dumb"; 24 bits if
 * COLORTERM says so. */
enum zem_color zem_color_of_stream(FILE *stream);

/* 0; ZEM_USAGE (unknown variable, radius, slice); ZEM_INPUT_OUTPUT if `out` could not be written. */
int zem_show(const struct zem_result *result, const struct zem_show_options *options, FILE *out,
             struct zem_error *error);

#endif
