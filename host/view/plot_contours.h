/* The contours of a map as a part of a gnuplot script: their lines, their labels, and the bands in which the contours
 * may lie. */
#ifndef ZEM_PLOT_CONTOURS_H
#define ZEM_PLOT_CONTOURS_H

#include "view/contour_labels.h"
#include "view/plot_maps.h"
#include "view/tics.h"

#include <stdio.h>

/* The contours of a panel. */
struct zem_plot_contours {
    const struct zem_map *map;         /* the map, with its contours */
    struct zem_contour_labels *labels; /* labels of its contours, borrowed; NULL for none */
    size_t panel;                      /* number of the panel */
    struct zem_tic_axis x, y;          /* axes of the panel */
    bool band;                         /* whether there is a band; zem_plot_contours_data sets it */
};

#define ZEM_CONTOUR_WIDTH 1.3 /* width of the black line, as gnuplot counts it */

/* Writes the data blocks of a map's contours, labels and bands. Their names end in the number of the panel. Returns 0,
 * or ZEM_INTERNAL without memory. */
int zem_plot_contours_data(FILE *script, struct zem_plot_contours *plot, struct zem_error *error);

/* Continues a plot command with the contours. A contour has the dashes of its place among `levels`; if `levels` is
 * NULL, lines are solid. */
void zem_plot_contours_draw(FILE *script, const struct zem_figure *figure, const struct zem_plot_contours *plot,
                            const struct zem_contours_wish *levels);

/* Finds the places of the labels and writes them to plot->labels. Returns 0, or ZEM_INTERNAL without memory. */
int zem_plot_contours_label(const struct zem_plot_contours *plot, struct zem_error *error);

/* Writes a sentence on the contours into text[size]: what their bands mean, or why there are none. Returns text. */
const char *zem_plot_contours_text(const struct zem_view *view, const struct zem_contours *contours, char *text,
                                   size_t size);

#endif
