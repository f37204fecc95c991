/* A picture of a result, drawn by gnuplot: maps over two axes, panels of maps over more, curves over one axis, over the
 * hit radius or over the miss distance. It reads a result and writes one file, and a script if one is wanted. For `zem
 * plot` and `zem report`. */
#ifndef ZEM_PLOT_H
#define ZEM_PLOT_H

#include "view/figure.h"
#include "view/view.h"

#include <stdio.h>

/* What a picture is drawn against. The words stand in the same order, after that of the axes. */
enum zem_plot_against {
    ZEM_AGAINST_AXES,
    ZEM_AGAINST_RADIUS, /* the probability over the hit radius */
    ZEM_AGAINST_MISS    /* the fraction of the trials with a smaller miss, over the miss distance */
};
#define ZEM_PLOT_AGAINST "radius miss"

/* What to draw. If everything but `output` is zero, it is p_hit over the two longest axes. */
struct zem_plot_options {
    const char *output;           /* name of the file, ending in .png, .svg or .pdf; replaced if it exists */
    struct zem_view_options view; /* --variable, --radius, --slice */
    bool radius_is_given;         /* --radius was given, which is refused where the picture does not depend on it */
    enum zem_plot_against against;
    const char *along;      /* draw curves along this axis; NULL for maps, or for the longest axis with `curves_for` */
    const char *curves_for; /* "axis=value,value,...": a curve for each of these points; NULL for the usual ones */
    bool closed_form;       /* draw the closed form over curves; ZEM_USAGE, with the reason, where none applies */
    bool multiples;         /* draw a panel for points of the third and the fourth axis instead of holding them */
    struct zem_figure_options figure;
    const char *program; /* gnuplot to run; NULL means "gnuplot" on PATH */
    const char *script;  /* file that gets the script for gnuplot; NULL for none */
    FILE *warnings;      /* gets lines about what the picture cannot show or leaves out; NULL for nowhere */
    FILE *caption;       /* gets what a picture for print does not say itself; NULL for nowhere */
};

/* Returns the options with limits on columns and rows, so that no more points are drawn than a picture has pixels. */
struct zem_view_options zem_plot_thinned(const struct zem_view_options *options);

/* Draws a picture, if `output` is given, and writes its script, if `script` is; a file under its final name is
 * complete. An existing file is replaced, a link or a device is refused. ZEM_USAGE if the options do not fit the result
 * or the ending is unknown; ZEM_CANNOT_CREATE if gnuplot is missing or the output cannot be created; ZEM_INPUT_OUTPUT,
 * with gnuplot's message, if it failed; ZEM_INTERNAL without memory. */
int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error);

/* Writes the script of a picture; returns 0 or a status with `error` filled. */
typedef int zem_plot_writer(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error);

/* Draws the picture of a script as the members output, figure, program, script and caption of the options say. Errors
 * as of zem_plot. */
int zem_plot_write(zem_plot_writer *write, const void *context, const struct zem_plot_options *options,
                   struct zem_error *error);

/* Appends a picture to a stream; options->output is not used. Errors as of zem_plot. */
int zem_plot_draw(const struct zem_result *result, const struct zem_plot_options *options, enum zem_picture picture,
                  FILE *out, struct zem_error *error);

#endif
