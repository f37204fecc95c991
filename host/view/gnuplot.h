/* gnuplot, run as a program. It reads a script from its standard input and draws on its standard output; no file name
 * is handed to it, because names that begin with a bar would be commands there. */
#ifndef ZEM_GNUPLOT_H
#define ZEM_GNUPLOT_H

#include "base/error.h"

#include <stdio.h>

enum zem_picture { ZEM_PICTURE_PNG, ZEM_PICTURE_SVG, ZEM_PICTURE_PDF };

/* What gnuplot does not write into a picture. */
struct zem_gnuplot_facts {
    double pixels_a_metre; /* of a PNG, which sets its size on paper */
    const char *title;     /* of an SVG, which browsers and screen readers show; UTF-8 */
};

/* Runs `program` with the script, which is read from its beginning, and appends the picture with the facts to `out`.
 * ZEM_INPUT_OUTPUT if `out` cannot be written, if gnuplot fails, or if the picture lacks the mark with which its format
 * ends; ZEM_CANNOT_CREATE if there is no such program; ZEM_INTERNAL without memory. */
int zem_gnuplot_draw(const char *program, FILE *script, enum zem_picture picture, const struct zem_gnuplot_facts *facts,
                     FILE *out, struct zem_error *error);

#endif
