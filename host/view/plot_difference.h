/* The difference of two results as a picture. Over two axes it is a map with marks where the difference is significant,
 * and beside it a map of the half-width of the interval. Over one axis it is a curve with its interval. For `zem plot A
 * B`. */
#ifndef ZEM_PLOT_DIFFERENCE_H
#define ZEM_PLOT_DIFFERENCE_H

#include "result/difference.h"
#include "view/plot.h"

/* Draws a comparison into options->output. options->view chooses the held axes and the hit radius; with
 * `radius_that_differs` it is the radius of the smallest p-value. `names` are the names of the two files. Returns what
 * zem_plot returns, and ZEM_USAGE also for a variable other than p_hit, for options that a difference does not have
 * (against, along, curves_for, closed_form, levels), and if every axis of two or more points is held. */
int zem_plot_difference(const struct zem_comparison *comparison, const char *const names[2],
                        const struct zem_plot_options *options, struct zem_error *error);

#endif
