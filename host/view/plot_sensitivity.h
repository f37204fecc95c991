/* The shares of the sources of chance in one cell as a picture: for the miss vector, the miss distance and a hit, two
 * bars for each source with intervals, its share by itself and its share with all its interactions. */
#ifndef ZEM_PLOT_SENSITIVITY_H
#define ZEM_PLOT_SENSITIVITY_H

#include "study/sensitivity.h"

#include <stdio.h>

/* Draws the first cell that was studied, with the hit radius of index `radius`, into the file `output` (.png, .svg or
 * .pdf), which is replaced if it exists. A line about characters that no font has goes to `warnings`, if that is not
 * NULL. Returns 0, ZEM_BAD_INPUT if no output varies from trial to trial, or an error of zem_plot. */
int zem_plot_sensitivity(const struct zem_sensitivity *s, size_t radius, const char *output, FILE *warnings,
                         struct zem_error *error);

#endif
