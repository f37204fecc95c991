/* Writes the gnuplot scripts of pictures of one result to a stream. Nothing is run and no file is created here;
 * gnuplot.c runs gnuplot. */
#ifndef ZEM_PLOT_SCRIPT_H
#define ZEM_PLOT_SCRIPT_H

#include "view/figure.h"
#include "view/plot.h"

#include <stdio.h>

/* Writes the script that draws a result as the options say. The script draws on standard output and names no file.
 * Returns 0, ZEM_USAGE if the options do not fit the result or each other, or ZEM_INTERNAL without memory. */
int zem_plot_script(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error);

/* Writes the script that draws a view of one or two axes. Returns 0, ZEM_USAGE if the view has no axis or the figure
 * does not fit it, or ZEM_INTERNAL without memory. */
int zem_plot_script_view(const struct zem_view *view, struct zem_figure *figure, FILE *script, struct zem_error *error);

#endif
