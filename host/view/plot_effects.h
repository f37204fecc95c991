/* The curves of the main effects as a picture: for each axis the mean of the variable over all other axes, with its
 * interval, all with one scale. For `zem effects -o`. */
#ifndef ZEM_PLOT_EFFECTS_H
#define ZEM_PLOT_EFFECTS_H

#include "result/effects.h"

/* Draws the picture into the file `output`, whose ending names the format; `program` is the gnuplot to run, NULL for
 * "gnuplot". Returns what zem_plot returns. */
int zem_plot_effects(const struct zem_effects *effects, const char *output, const char *program,
                     struct zem_error *error);

#endif
