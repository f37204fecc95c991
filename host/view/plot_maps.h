/* Maps in panels, each with a bar of colours or all with one, as the script of a picture. */
#ifndef ZEM_PLOT_MAPS_H
#define ZEM_PLOT_MAPS_H

#include "view/contours.h"
#include "view/figure.h"

#include <stdio.h>

#define ZEM_MAPS_MOST 16

struct zem_map {
    const struct zem_view *view;         /* of two axes; all maps of a picture have the same axes */
    const double *value;                 /* of its points */
    const uint32_t *stops;               /* colours */
    double low, high;                    /* range that the colours span, in the unit of the variable */
    char label[200], brief[200];         /* of the bar of colours; the second one where there is little room */
    char title[500];                     /* what is drawn: above the map, or in print in the caption */
    char name[200];                      /* which of several maps it is: above the map */
    const struct zem_contours *contours; /* NULL for none */
    const bool *marked;                  /* whether a point has a mark; NULL for none */
};

struct zem_maps {
    size_t count;
    struct zem_map map[ZEM_MAPS_MOST];
    size_t columns; /* of panels */
    bool one_bar;   /* all maps have the colours and the range of the first one; the caption stands above them */
};

/* Sets the size of a picture of one or two maps, if it is not given, and whether two stand side by side. */
void zem_plot_maps_size(struct zem_figure *figure, struct zem_maps *maps);

/* Writes the script of the whole picture; in `head` the axes held are those that all maps hold. ZEM_USAGE if the
 * picture is too small. */
int zem_plot_maps(FILE *script, struct zem_figure *figure, const struct zem_view *head, const struct zem_maps *maps,
                  struct zem_error *error);

#endif
