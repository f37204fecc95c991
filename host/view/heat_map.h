/* A view drawn in a terminal: over two axes a heat map, over one axis a table with bars. Without colours the cells of a
 * map are digits. */
#ifndef ZEM_HEAT_MAP_H
#define ZEM_HEAT_MAP_H

#include "view/view.h"

#include <stdio.h>

/* The colours of a heat map. */
enum zem_color {
    ZEM_COLOR_AUTO, /* as zem_color_of_stream (show.h) chooses */
    ZEM_COLOR_NONE, /* no colours: digits and ASCII characters */
    ZEM_COLOR_256,  /* the palette of 256 colours */
    ZEM_COLOR_TRUE  /* colours of 24 bits */
};

/* Prints a view: for two axes a map with labelled axes and a legend, for one axis a table with bars, for none nothing.
 * `columns` is the width of the terminal in characters; `color` is not ZEM_COLOR_AUTO. Of an axis with more points than
 * fit, every n-th point is shown, and a line says so. */
void zem_heat_map_print(const struct zem_view *view, enum zem_color color, unsigned columns, FILE *out);

#endif
