/* A legend: samples with their names, set like a text in rows that are centred at the foot of a picture. Widths of its
 * parts are in parts of the size of the letters. */
#ifndef ZEM_PLOT_LEGEND_H
#define ZEM_PLOT_LEGEND_H

#include "view/plot_layout.h"

#include <stdint.h>
#include <stdio.h>

#define ZEM_LEGEND_MOST 28 /* the contours of a map, or the curves of a picture with what belongs to them */

enum zem_legend_kind { ZEM_LEGEND_TEXT, ZEM_LEGEND_LINE, ZEM_LEGEND_BAND, ZEM_LEGEND_RING };

struct zem_legend_item {
    const char *name; /* borrowed */
    enum zem_legend_kind kind;
    uint32_t color;
    double line_width;  /* of a line */
    const char *dashes; /* of a line: lengths of dashes and gaps as gnuplot writes them, "(7,3)"; NULL for none */
    unsigned shape;     /* the point of a line, as gnuplot numbers them; 0 for none */
    double opacity;     /* of a band */
    double left, width; /* set by zem_legend_set */
    size_t row;
};

struct zem_legend {
    struct zem_legend_item item[ZEM_LEGEND_MOST];
    size_t count, rows;
};

/* Dashes by which the lines of a picture are told apart: none for the first one, then others for any six that follow
 * each other. */
const char *zem_legend_dashes(size_t line);

/* Appends an item, of which left, width and row do not matter. Items beyond the most there may be are left out. */
void zem_legend_add(struct zem_legend *legend, const struct zem_legend_item *item);

/* Sets the rows in the width of the picture. ZEM_USAGE if an item is wider than that. */
int zem_legend_set(struct zem_legend *legend, const struct zem_figure *figure, struct zem_error *error);

/* The height that it takes above the lower edge of the picture, in points; 0 if it is empty. */
double zem_legend_height(const struct zem_figure *figure, const struct zem_legend *legend);

void zem_legend_write(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                      const struct zem_legend *legend);

#endif
