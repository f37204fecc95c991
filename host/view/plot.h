/* A picture of a result, drawn by gnuplot: over two axes a heat map with labelled contours, and beside it the
 * half-width of the interval; over one axis a line with its interval. It reads a result and writes one file. For `zem
 * plot` and `zem report`. */
#ifndef ZEM_PLOT_H
#define ZEM_PLOT_H

#include "view/gnuplot.h"
#include "view/view.h"

/* What to draw. If everything but `output` is zero, it is p_hit over the two longest axes. */
struct zem_plot_options {
    const char *output;           /* name of the file, ending in .png, .svg or .pdf; replaced if it exists */
    struct zem_view_options view; /* --variable, --radius, --slice */
    /* NULL to draw over the axes. "radius" to draw over the hit radius, with a curve for some points of the longest
     * axis not held. */
    const char *against;
    const char *program; /* gnuplot to run; NULL means "gnuplot" on PATH */
};

/* The options of a view of which no more points are drawn than a picture has pixels. */
struct zem_view_options zem_plot_thinned(const struct zem_view_options *options);

/* Draws a picture; a file under its final name is complete. An existing file is replaced, a link or a device is
 * refused. ZEM_USAGE if the options do not fit the result or the ending is unknown; ZEM_CANNOT_CREATE if gnuplot is
 * missing or the output cannot be created; ZEM_INPUT_OUTPUT, with gnuplot's message, if it failed. */
int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error);

/* Writes the script of a picture; returns 0 or a status with `error` filled. */
typedef int zem_plot_script(const void *context, enum zem_picture picture, FILE *script, struct zem_error *error);

/* Draws the picture of a script into the file `name`, whose ending names the format. `program` is the gnuplot to run,
 * NULL for "gnuplot" on PATH. Errors as of zem_plot. */
int zem_plot_write(zem_plot_script *write, const void *context, const char *name, const char *program,
                   struct zem_error *error);

/* Appends a picture to a stream; options->output is not used. Errors as of zem_plot. */
int zem_plot_draw(const struct zem_result *result, const struct zem_plot_options *options, enum zem_picture picture,
                  FILE *out, struct zem_error *error);

#endif
