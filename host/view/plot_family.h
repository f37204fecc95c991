/* Curves of one result: over a sweep axis, over the hit radius, and the distribution of the miss; one of them, or one
 * for each of some points of another axis. */
#ifndef ZEM_PLOT_FAMILY_H
#define ZEM_PLOT_FAMILY_H

#include "view/figure.h"
#include "view/plot.h"
#include "view/plot_curves.h"

#include <stdio.h>

/* Makes one curve of a view of one axis, with what belongs to it, and sets the size of the picture. ZEM_INTERNAL
 * without memory. Release it with zem_curves_free in every case. */
int zem_plot_curve_of_view(struct zem_curves *curves, const struct zem_view *view, struct zem_figure *figure,
                           struct zem_error *error);

/* Write the script of a picture. ZEM_USAGE if the options do not fit the result, ZEM_INTERNAL without memory. The first
 * one draws a view of one axis. */
int zem_plot_line(const struct zem_view *view, bool closed_form, struct zem_figure *figure, FILE *script,
                  struct zem_error *error);
int zem_plot_family(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error);

#endif
