/* The shares of the sources of chance in one cell as a picture: a bar of each source by itself and in all, with
 * intervals, for the miss vector, the miss distance and a hit. */
#ifndef ZEM_PLOT_SENSITIVITY_H
#define ZEM_PLOT_SENSITIVITY_H

#include "study/sensitivity.h"

#include <stdio.h>

/* Draws the first cell that was studied, with the hit radius of index `radius`, into a .png, .svg or .pdf file, which
 * is replaced if it exists. A line about characters that no font has goes to `warnings`; NULL for nowhere.
 * ZEM_BAD_INPUT if no output varies from trial to trial; else errors as of zem_plot. */
int zem_plot_sensitivity(const struct zem_sensitivity *s, size_t radius, const char *output, FILE *warnings,
                         struct zem_error *error);

#endif
