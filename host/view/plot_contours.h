/* The contours of a map as a part of a gnuplot script: their lines, their labels and the bands in which they may
 * lie. */
#ifndef ZEM_PLOT_CONTOURS_H
#define ZEM_PLOT_CONTOURS_H

#include "view/contours.h"
#include "view/figure.h"

#include <stdio.h>

/* Writes the data of a map's contours and bands under names that end in the number of the panel. Returns whether
 * there is a band. */
bool zem_plot_contours_data(FILE *script, const struct zem_view *view, const struct zem_contours *contours,
                            size_t panel);

/* Continues a plot command with them. `width` is that of the panel in points. */
void zem_plot_contours_draw(FILE *script, const struct zem_figure *figure, const struct zem_view *view,
                            const struct zem_contours *contours, size_t panel, bool band, double width);

/* Writes what has to be said of the contours, as a sentence. Returns text. */
const char *zem_plot_contours_text(const struct zem_view *view, const struct zem_contours *contours, char *text,
                                   size_t size);

#endif
