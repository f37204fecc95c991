/* The script of a picture of maps in panels. Each map has its own colour bar, or all maps share one. */
#ifndef ZEM_PLOT_MAPS_H
#define ZEM_PLOT_MAPS_H

#include "view/contours.h"
#include "view/figure.h"

#include <stdio.h>

#define ZEM_MAPS_MOST 16

struct zem_map {
    const struct zem_view *view;         /* view of two axes; all maps of a picture have the same axes */
    const double *value;                 /* value[rows x columns] of the view */
    const uint32_t *stops;               /* stops of the colour map */
    double low, high;                    /* range that the colours span, in the unit of the variable */
    char label[200], brief[200];         /* name of the colour bar; `brief` where there is little room */
    char title[500];                     /* what is drawn; stands above the map, in print in the caption */
    char name[200];                      /* which of several maps this is; stands above the map */
    const struct zem_contours *contours; /* NULL for none */
    const bool *marked;                  /* marked[rows x columns]: whether a point has a mark; NULL for none */
};

struct zem_maps {
    size_t count;
    struct zem_map map[ZEM_MAPS_MOST];
    size_t columns; /* number of columns of panels */
    bool one_bar;   /* all maps share the colour bar of the first; above them stands the caption, except in print */
};

/* Sets the usual size of a picture of one or two maps, if the user gave none, and whether two maps stand side by
 * side. */
void zem_plot_maps_size(struct zem_figure *figure, struct zem_maps *maps);

/* Writes the script of the whole picture. `head` is a view whose held axes are those that all maps hold. Returns 0,
 * ZEM_USAGE if the picture is too small, or ZEM_INTERNAL without memory. */
int zem_plot_maps(FILE *script, struct zem_figure *figure, const struct zem_view *head, const struct zem_maps *maps,
                  struct zem_error *error);

#endif
