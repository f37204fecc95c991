/* Where things stand in a picture: panels in rows and columns, with margins around them. Lengths are points from the
 * lower left corner of the picture. */
#ifndef ZEM_PLOT_LAYOUT_H
#define ZEM_PLOT_LAYOUT_H

#include "base/error.h"
#include "view/figure.h"

/* Lengths in all pictures, in units of the size of the letters. */
#define ZEM_PLOT_LABEL 1.3  /* height of the name of an axis */
#define ZEM_PLOT_TICS 0.8   /* length of a tic with the gap to its label */
#define ZEM_PLOT_DIGITS 1.2 /* height of the labels of tics */
#define ZEM_PLOT_APART 0.5  /* gap between a text and what it names */

struct zem_box {
    double left, bottom, right, top;
};

struct zem_layout {
    double width, height;            /* size of the picture */
    double left, right, bottom, top; /* margins */
    double gap_x, gap_y;             /* gaps between panels */
    size_t columns, rows;
};

/* Sets layout->width and layout->height from the figure; margins, gaps, columns and rows are set before. If the figure
 * has no height, it gets the one at which a panel is `aspect` times as high as wide. Returns 0, or ZEM_USAGE if the
 * letters leave too little room for the panels. */
int zem_layout_fit(struct zem_layout *layout, struct zem_figure *figure, double aspect, struct zem_error *error);

/* Returns the width of a panel. Width, margins, gaps and columns must be set. */
double zem_layout_panel_width(const struct zem_layout *layout);

/* Returns the box of a panel; panels are counted row by row from the upper left one. */
struct zem_box zem_layout_panel(const struct zem_layout *layout, size_t panel);

/* Returns the box around all panels. */
struct zem_box zem_layout_panels(const struct zem_layout *layout);

#endif
