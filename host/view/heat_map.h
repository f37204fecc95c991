/* Draws a view in a terminal: coloured cells, or digits where there are no colours. */
#ifndef ZEM_HEAT_MAP_H
#define ZEM_HEAT_MAP_H

#include "view/view.h"

#include <stdio.h>

/* How the heat map is coloured. */
enum zem_color {
    ZEM_COLOR_AUTO, /* by zem_color_of_stream */
    ZEM_COLOR_NONE, /* ASCII digits, one a cell */
    ZEM_COLOR_256,  /* palette of 256 colours */
    ZEM_COLOR_TRUE  /* 24 bits */
};

/* Two axes: a map with labelled axes and a legend; one axis: a table with bars. `color` is not ZEM_COLOR_AUTO. Axes
 * with more points than fit are thinned, and that is said. Draws nothing for a view without axes. */
void zem_heat_map_print(const struct zem_view *view, enum zem_color color, unsigned columns, FILE *out);

#endif
