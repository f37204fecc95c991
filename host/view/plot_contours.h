/* The contours of a map as a part of a gnuplot script: their lines, their labels and the bands in which they may
 * lie. */
#ifndef ZEM_PLOT_CONTOURS_H
#define ZEM_PLOT_CONTOURS_H

#include "view/contour_labels.h"
#include "view/plot_maps.h"
#include "view/tics.h"

#include <stdio.h>

/* The contours of a panel. */
struct zem_plot_contours {
    const struct zem_map *map;         /* with contours */
    struct zem_contour_labels *labels; /* of its contours, borrowed; NULL for none */
    size_t panel;                      /* its number */
    struct zem_tic_axis x, y;          /* of the panel */
    bool band;                         /* set with the data: whether there is a band */
};

#define ZEM_CONTOUR_WIDTH 1.3 /* of the black line */

/* Writes the data of a map's contours, labels and bands under names that end in the number of the panel. ZEM_INTERNAL
 * without memory. */
int zem_plot_contours_data(FILE *script, struct zem_plot_contours *plot, struct zem_error *error);

/* Continues a plot command with them. The dashes of a contour are those of its place among `levels`, NULL for solid
 * lines. */
void zem_plot_contours_draw(FILE *script, const struct zem_figure *figure, const struct zem_plot_contours *plot,
                            const struct zem_contours_wish *levels);

/* Finds the places of the labels. ZEM_INTERNAL without memory. */
int zem_plot_contours_label(const struct zem_plot_contours *plot, struct zem_error *error);

/* Writes what has to be said of the contours, as a sentence. Returns text. */
const char *zem_plot_contours_text(const struct zem_view *view, const struct zem_contours *contours, char *text,
                                   size_t size);

#endif
