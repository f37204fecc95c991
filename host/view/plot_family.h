/* Curves of one result over a sweep axis, over the hit radius, or over the miss distance (the distribution of the
 * miss). A picture has one curve, or one curve for each of some points of a further axis. */
#ifndef ZEM_PLOT_FAMILY_H
#define ZEM_PLOT_FAMILY_H

#include "view/figure.h"
#include "view/plot.h"
#include "view/plot_curves.h"

#include <stdio.h>

/* Makes one curve of a view of one axis, with its names, title and ranges, and sets the usual size of the picture if
 * the user gave none. Returns 0, or ZEM_INTERNAL without memory. Release with zem_curves_free in every case. */
int zem_plot_curve_of_view(struct zem_curves *curves, const struct zem_view *view, struct zem_figure *figure,
                           struct zem_error *error);

/* zem_plot_line writes the script for a view of one axis. zem_plot_family writes the script of the curves that the
 * options choose. Both return 0, ZEM_USAGE if the options do not fit the result, or ZEM_INTERNAL without memory. */
int zem_plot_line(const struct zem_view *view, bool closed_form, struct zem_figure *figure, FILE *script,
                  struct zem_error *error);
int zem_plot_family(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error);

#endif
