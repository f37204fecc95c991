/* gnuplot, run as a program. It reads a script from its standard input and draws on its standard output; no file name
 * is handed to it, because names that begin with a bar would be commands there. */
#ifndef ZEM_GNUPLOT_H
#define ZEM_GNUPLOT_H

#include "base/error.h"

#include <stdio.h>

enum zem_picture { ZEM_PICTURE_PNG, ZEM_PICTURE_SVG, ZEM_PICTURE_PDF };

/* Runs `program` with the script, which is read from its beginning, and appends the picture to `out`. A PNG gets its
 * resolution in pixels per metre too, which sets its size on paper and which gnuplot does not write. ZEM_INPUT_OUTPUT
 * if `out` cannot be written, if gnuplot fails, or if the picture lacks the mark with which its format ends;
 * ZEM_CANNOT_CREATE if there is no such program; ZEM_INTERNAL without memory. */
int zem_gnuplot_draw(const char *program, FILE *script, enum zem_picture picture, double pixels_a_metre, FILE *out,
                     struct zem_error *error);

#endif
