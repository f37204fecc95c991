/* A view drawn in a terminal: a heat map over two axes, or a table with bars over one. Without colours, cells are
 * digits. */
#ifndef ZEM_HEAT_MAP_H
#define ZEM_HEAT_MAP_H

#include "view/view.h"

#include <stdio.h>

/* How the heat map is coloured. */
enum zem_color {
    ZEM_COLOR_AUTO, /* as zem_color_of_stream chooses */
    ZEM_COLOR_NONE, /* no colours: digits and ASCII characters */
    ZEM_COLOR_256,  /* the palette of 256 colours */
    ZEM_COLOR_TRUE  /* colours of 24 bits */
};

/* Prints a map with labelled axes and a legend for two axes, a table with bars for one axis, and nothing for none.
 * `columns` is the width of the terminal; `color` is not ZEM_COLOR_AUTO. Of an axis with more points than fit, every
 * n-th is shown, and a line says so. */
void zem_heat_map_print(const struct zem_view *view, enum zem_color color, unsigned columns, FILE *out);

#endif
