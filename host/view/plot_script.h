/* The gnuplot scripts of pictures of one result, written to a stream. gnuplot.c runs gnuplot with them; nothing is run
 * or created here. */
#ifndef ZEM_PLOT_SCRIPT_H
#define ZEM_PLOT_SCRIPT_H

#include "view/figure.h"
#include "view/plot.h"

#include <stdio.h>

/* Writes the script that draws a result as the options say on standard output, so that no file name stands in it.
 * ZEM_USAGE if the options do not fit the result or each other, ZEM_INTERNAL without memory. */
int zem_plot_script(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error);

/* The same for a view of one or two axes. ZEM_USAGE if the view has none. */
int zem_plot_script_view(const struct zem_view *view, struct zem_figure *figure, FILE *script, struct zem_error *error);

#endif
