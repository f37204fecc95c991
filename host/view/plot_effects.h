/* The curves of the main effects as a picture: for each axis the mean of the variable over all other axes, with its
 * interval, all with one scale. For `zem effects -o`. */
#ifndef ZEM_PLOT_EFFECTS_H
#define ZEM_PLOT_EFFECTS_H

#include "result/effects.h"
#include "view/gnuplot.h"

/* Writes the script that draws the curves on standard output. */
void zem_plot_effects_script(const struct zem_effects *effects, enum zem_picture picture, FILE *script);

/* Draws the picture into the file `output`, whose ending names the format; `program` is the gnuplot to run, NULL for
 * "gnuplot". Returns what zem_plot returns. */
int zem_plot_effects(const struct zem_effects *effects, const char *output, const char *program,
                     struct zem_error *error);

#endif
