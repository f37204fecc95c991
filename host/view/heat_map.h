/* A view drawn in a terminal: over two axes a heat map, over one axis a table with bars, over none the value. Without
 * colours the cells of a map are digits. */
#ifndef ZEM_HEAT_MAP_H
#define ZEM_HEAT_MAP_H

#include "view/view.h"

#include <stdbool.h>
#include <stdio.h>

/* The colours of a heat map. */
enum zem_color {
    ZEM_COLOR_AUTO, /* as zem_terminal_screen (terminal.h) chooses */
    ZEM_COLOR_NONE, /* no colours: digits and ASCII characters */
    ZEM_COLOR_256,  /* the palette of 256 colours */
    ZEM_COLOR_TRUE  /* colours of 24 bits */
};

/* The place on which a map is drawn. */
struct zem_screen {
    enum zem_color color; /* not ZEM_COLOR_AUTO */
    unsigned columns;     /* characters of a line */
    unsigned lines;       /* lines that are visible at once; 0 if the output is no terminal */
    bool half_blocks;     /* a character can have one colour in its upper half and another in its lower half */
};

/* Prints a view: for two axes a map with labelled axes and a legend, for one axis a table with bars, for none the
 * value. Of an axis with more points than fit, every n-th point is shown, and a line says so. On a terminal a map
 * leaves `reserved` of the lines free. It puts two points into a character with half blocks where points would be left
 * out otherwise. */
void zem_heat_map_print(const struct zem_view *view, const struct zem_screen *screen, unsigned reserved, FILE *out);

#endif
