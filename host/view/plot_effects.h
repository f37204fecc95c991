/* The curves of the main effects as a picture: for each axis the mean of the variable over all other axes, with its
 * interval, all with one scale. For `zem effects -o`. */
#ifndef ZEM_PLOT_EFFECTS_H
#define ZEM_PLOT_EFFECTS_H

#include "result/effects.h"

#include <stdio.h>

/* Draws the picture into the file `output`, whose ending names the format. A line about characters that no font has
 * goes to `warnings`; NULL for nowhere. Returns what zem_plot returns. */
int zem_plot_effects(const struct zem_effects *effects, const char *output, FILE *warnings, struct zem_error *error);

#endif
