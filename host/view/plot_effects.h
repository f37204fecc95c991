/* The main effects as a picture: for each axis the mean of the variable over all other axes, with its interval. All
 * curves have the same vertical scale. For `zem effects -o`. */
#ifndef ZEM_PLOT_EFFECTS_H
#define ZEM_PLOT_EFFECTS_H

#include "result/effects.h"

#include <stdio.h>

/* Draws the picture into the file `output`; the ending of the name chooses the format. A line about characters that no
 * font has goes to `warnings`, if that is not NULL. Returns what zem_plot returns. */
int zem_plot_effects(const struct zem_effects *effects, const char *output, FILE *warnings, struct zem_error *error);

#endif
