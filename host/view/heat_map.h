/* A view drawn in a terminal: a heat map over two axes, or a table with bars over one. Without colours, cells are
 * digits. */
#ifndef ZEM_HEAT_MAP_H
#define ZEM_HEAT_MAP_H

#include "view/view.h"

#include <stdbool.h>
#include <stdio.h>

/* How the heat map is coloured. */
enum zem_color {
    ZEM_COLOR_AUTO, /* as the terminal has them */
    ZEM_COLOR_NONE, /* no colours: digits and ASCII characters */
    ZEM_COLOR_256,  /* the palette of 256 colours */
    ZEM_COLOR_TRUE  /* colours of 24 bits */
};

/* What there is to draw on. */
struct zem_screen {
    enum zem_color color; /* not ZEM_COLOR_AUTO */
    unsigned columns;     /* characters of a line */
    unsigned lines;       /* lines that are seen at once; 0 if the output is no terminal */
    bool half_blocks;     /* a character may have one colour above and another below */
};

/* Prints a map with labelled axes and a legend for two axes, a table with bars for one axis, and nothing for none. Of
 * an axis with more points than fit, every n-th is shown, and a line says so. A map of a terminal leaves `reserved` of
 * its lines free; where it would have to leave points out for that, it has two points in a character if it can. */
void zem_heat_map_print(const struct zem_view *view, const struct zem_screen *screen, unsigned reserved, FILE *out);

#endif
