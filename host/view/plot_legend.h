/* A legend at the foot of a picture: samples of lines and bands with their names, in centred rows that break like a
 * text. Lengths within a legend are in units of the size of the letters. */
#ifndef ZEM_PLOT_LEGEND_H
#define ZEM_PLOT_LEGEND_H

#include "view/plot_layout.h"

#include <stdint.h>
#include <stdio.h>

#define ZEM_LEGEND_MOST 28 /* largest number of items: contours, or curves with closed form and intervals */

enum zem_legend_kind { ZEM_LEGEND_TEXT, ZEM_LEGEND_LINE, ZEM_LEGEND_BAND, ZEM_LEGEND_RING };

struct zem_legend_item {
    const char *name; /* borrowed */
    enum zem_legend_kind kind;
    uint32_t color;
    double line_width;  /* line: its width, as gnuplot counts it */
    const char *dashes; /* line: lengths of dashes and gaps as gnuplot writes them, "(7,3)"; NULL for solid */
    unsigned shape;     /* line: shape of its points, as gnuplot numbers shapes; 0 for no points */
    double opacity;     /* band: its opacity, 0 to 1 */
    double left, width; /* set by zem_legend_set */
    size_t row;
};

struct zem_legend {
    struct zem_legend_item item[ZEM_LEGEND_MOST];
    size_t count, rows;
};

/* Returns the dashes of line `line` of a picture, counted from 0: NULL (solid) for the first line, and different dashes
 * for any twelve lines that follow each other. */
const char *zem_legend_dashes(size_t line);

/* Appends an item; its members left, width and row need not be set. Items beyond ZEM_LEGEND_MOST are left out. */
void zem_legend_add(struct zem_legend *legend, const struct zem_legend_item *item);

/* Breaks the items into rows that fit the width of the picture, and sets left, width and row of each item. Returns 0,
 * or ZEM_USAGE if an item is wider than the picture. */
int zem_legend_set(struct zem_legend *legend, const struct zem_figure *figure, struct zem_error *error);

/* Returns the height of the legend above the lower edge of the picture, points; 0 if it is empty. */
double zem_legend_height(const struct zem_figure *figure, const struct zem_legend *legend);

void zem_legend_write(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                      const struct zem_legend *legend);

#endif
