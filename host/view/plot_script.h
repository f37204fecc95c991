/* The gnuplot script of a picture, written to a stream. gnuplot.c runs gnuplot with it; nothing is run or created
 * here. */
#ifndef ZEM_PLOT_SCRIPT_H
#define ZEM_PLOT_SCRIPT_H

#include "view/gnuplot.h"
#include "view/view.h"

/* Writes the script that draws a view of one or two axes on standard output, so that no file name stands in it.
 * ZEM_USAGE if the view has no axes. */
int zem_plot_script_view(const struct zem_view *view, enum zem_picture picture, FILE *script, struct zem_error *error);

/* Writes the script that draws a probability over the hit radius, with a curve for some points of the longest axis that
 * is not held. ZEM_USAGE if the result has one hit radius or the variable does not depend on it. */
int zem_plot_script_radius(const struct zem_result *result, const struct zem_view_options *options,
                           enum zem_picture picture, FILE *script, struct zem_error *error);

#endif
