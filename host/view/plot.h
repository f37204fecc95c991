/* zem plot: a picture of a result, drawn by gnuplot: heat map with labelled contours and, beside it, the half-width of
 * the interval; with one axis a line with its interval. Last in the flow of data: reads a result, writes one picture.
 */
#ifndef ZEM_PLOT_H
#define ZEM_PLOT_H

#include "view/view.h"

/* All zero but `output` is a sensible picture. */
struct zem_plot_options {
    const char *output;           /* -o: file name ending in .png, .svg or .pdf; replaced if it exists */
    struct zem_view_options view; /* --variable, --radius, --slice */
    const char *against; /* --against: NULL for the axes, or "radius": p_hit over the hit radius, a curve for each of a
                          * few points of the longest axis that is not held */
    const char *program; /* gnuplot to run; NULL means "gnuplot" on PATH */
};

/* 0; ZEM_USAGE (options do not fit the result, unknown ending); ZEM_CANNOT_CREATE (no gnuplot, output not writable);
 * ZEM_INPUT_OUTPUT (gnuplot failed: its own words are in the message). A picture under its final name is complete. */
int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error);

#endif
