/* An ensemble as a picture: for each quantity and channel the bands of its quantiles over time to go, with the mean.
 * For `zem trace --ensemble`. */
#ifndef ZEM_PLOT_ENSEMBLE_H
#define ZEM_PLOT_ENSEMBLE_H

#include "base/error.h"
#include "study/ensemble.h"

#include <stdio.h>

/* Draws the picture into the file `output`; the ending of the name chooses the format. A line about characters that no
 * font has goes to `warnings`, if that is not NULL. Returns what zem_plot returns. */
int zem_plot_ensemble(const struct zem_ensemble *ensemble, const char *output, FILE *warnings, struct zem_error *error);

#endif
