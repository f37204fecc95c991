/* A picture of a result, drawn by gnuplot: a map over two axes, panels of maps over more axes, or curves over one axis,
 * over the hit radius or over the miss distance. For `zem plot` and `zem report`. */
#ifndef ZEM_PLOT_H
#define ZEM_PLOT_H

#include "view/figure.h"
#include "view/view.h"

#include <stdio.h>

/* What the horizontal axis of curves is. The words of ZEM_PLOT_AGAINST have the same order and begin at
 * ZEM_AGAINST_RADIUS. */
enum zem_plot_against {
    ZEM_AGAINST_AXES,
    ZEM_AGAINST_RADIUS, /* probability of a hit over the hit radius */
    ZEM_AGAINST_MISS    /* fraction of the trials with a smaller miss, over the miss distance */
};
#define ZEM_PLOT_AGAINST "radius miss"

/* What to draw. If everything but `output` is zero, the picture is a map of p_hit over the two longest axes, or a curve
 * over the only axis, or the distribution of the miss of the only cell. */
struct zem_plot_options {
    const char *output;           /* name of the file, ending in .png, .svg or .pdf; replaced if it exists */
    struct zem_view_options view; /* --variable, --radius, --slice */
    bool radius_is_given;         /* --radius was given; an error where the picture does not depend on it */
    enum zem_plot_against against;
    const char *along;      /* draw curves along this axis; NULL: maps, or the longest axis with `curves_for` */
    const char *curves_for; /* "axis=value,value,...": a curve for each point; NULL: one curve with `along`,
                               the usual points of the longest axis with `against` */
    bool closed_form;       /* draw the closed form over curves; ZEM_USAGE with the reason if none applies */
    bool multiples;         /* draw panels for points of the third and fourth axis, which else are held */
    struct zem_figure_options figure;
    const char *program; /* gnuplot to run; NULL means "gnuplot" on PATH */
    const char *script;  /* file that gets the script for gnuplot; NULL for none */
    FILE *warnings;      /* gets lines about what the picture cannot show or leaves out; NULL: no lines */
    FILE *caption;       /* gets the caption of a picture for print; NULL: no caption */
};

/* Returns the options with limits on columns and rows, so that a map has no more points than its picture has pixels. */
struct zem_view_options zem_plot_thinned(const struct zem_view_options *options);

/* Draws a picture into options->output, and writes its gnuplot script into options->script; each is left out if it is
 * NULL. A file under its final name is complete. An existing file is replaced; a link or a device is refused. Returns
 * 0; ZEM_USAGE if the options do not fit the result or the ending of the name is unknown; ZEM_CANNOT_CREATE if gnuplot
 * is missing or a file cannot be created; ZEM_INPUT_OUTPUT, with gnuplot's message, if gnuplot fails;
 * ZEM_STOPPED after a signal; ZEM_INTERNAL without memory. */
int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error);

/* A function that writes the script of a picture. It returns 0, or a status with `error` filled. */
typedef int zem_plot_writer(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error);

/* Draws the picture whose script `write` writes; `context` is handed to it. Of the options the members output, figure,
 * program, script, warnings and caption are used. Errors as of zem_plot. */
int zem_plot_write(zem_plot_writer *write, const void *context, const struct zem_plot_options *options,
                   struct zem_error *error);

/* Appends a picture of a result to `out`, in the format `picture`. The options output, script, warnings and caption are
 * not used. Errors as of zem_plot. */
int zem_plot_draw(const struct zem_result *result, const struct zem_plot_options *options, enum zem_picture picture,
                  FILE *out, struct zem_error *error);

#endif
