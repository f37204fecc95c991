/* Runs gnuplot as a program. gnuplot reads a script from its standard input and draws on its standard output. It gets
 * no file name, because gnuplot runs a name that begins with a bar as a command. */
#ifndef ZEM_GNUPLOT_H
#define ZEM_GNUPLOT_H

#include "base/error.h"

#include <stdio.h>

enum zem_picture { ZEM_PICTURE_PNG, ZEM_PICTURE_SVG, ZEM_PICTURE_PDF };

/* What zem adds to a picture because gnuplot does not write it. */
struct zem_gnuplot_facts {
    double pixels_a_metre; /* PNG: pixels per metre, which set the size on paper */
    const char *title;     /* SVG: title, which browsers and screen readers show; UTF-8 */
};

/* Runs `program` with the script, which is read from its beginning, and appends the picture, with the facts added, to
 * `out`. Returns 0; ZEM_STOPPED after a signal; ZEM_INPUT_OUTPUT if a temporary file, the script or `out` cannot be
 * written, if gnuplot fails, if the picture lacks the bytes with which its format ends, or if a buffer gets no memory;
 * ZEM_CANNOT_CREATE if the program cannot be started; ZEM_INTERNAL if there is no memory for its process. */
int zem_gnuplot_draw(const char *program, FILE *script, enum zem_picture picture, const struct zem_gnuplot_facts *facts,
                     FILE *out, struct zem_error *error);

#endif
