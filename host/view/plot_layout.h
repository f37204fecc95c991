/* Where things stand in a picture: panels in rows and columns, with margins around them. Lengths are points from the
 * lower left corner of the picture. */
#ifndef ZEM_PLOT_LAYOUT_H
#define ZEM_PLOT_LAYOUT_H

#include "base/error.h"
#include "view/figure.h"

/* Lengths of all pictures, in parts of the size of the letters. */
#define ZEM_PLOT_LABEL 1.3  /* the name of an axis */
#define ZEM_PLOT_TICS 0.8   /* tics and the gap to their labels */
#define ZEM_PLOT_DIGITS 1.2 /* the height of their labels */
#define ZEM_PLOT_APART 0.5  /* between texts and what they stand for */

struct zem_box {
    double left, bottom, right, top;
};

struct zem_layout {
    double width, height;            /* of the picture */
    double left, right, bottom, top; /* margins */
    double gap_x, gap_y;             /* between panels */
    size_t columns, rows;
};

/* Takes the size of the picture from the figure. A height that is not given becomes that at which a panel is
 * `aspect` times as high as wide, and is set in the figure. ZEM_USAGE if the letters leave too little room for the
 * panels. */
int zem_layout_fit(struct zem_layout *layout, struct zem_figure *figure, double aspect, struct zem_error *error);

/* The width of a panel once width, margins, gaps and columns are known. */
double zem_layout_panel_width(const struct zem_layout *layout);

/* The place of a panel, counted row by row from the upper left one. */
struct zem_box zem_layout_panel(const struct zem_layout *layout, size_t panel);

/* The box around all panels. */
struct zem_box zem_layout_panels(const struct zem_layout *layout);

#endif
