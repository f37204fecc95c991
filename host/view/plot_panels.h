/* Panels in rows below one title and above one legend; each panel has axes of its own. The caller draws into the
 * panels. */
#ifndef ZEM_PLOT_PANELS_H
#define ZEM_PLOT_PANELS_H

#include "view/plot_layout.h"
#include "view/plot_legend.h"
#include "view/tics.h"

#include <stdio.h>

#define ZEM_PANELS_MOST 12

struct zem_plot_panel {
    char title[200];          /* above the panel; empty for none */
    char label_x[200];        /* below the panel; empty for none */
    struct zem_tic_axis x, y; /* the caller sets ends and scales, zem_plot_panels_lay_out the lengths */
    const char *const *names; /* labels of 0, 1, ... on the y axis, downward; NULL to write the numbers; borrowed */
    size_t name_count;
};

struct zem_plot_panels {
    size_t count, columns;
    struct zem_plot_panel panel[ZEM_PANELS_MOST];
    char label_y[200];        /* to the left of the panels; empty for none */
    bool one_y;               /* all panels have the y axis of the first one; only the left column has labels */
    bool reversed;            /* x decreases to the right */
    struct zem_legend legend; /* legend of the picture; may be empty */
    const char *title;        /* title of the picture; a part that does not fit is left out, with a warning; borrowed */
    char note[400];           /* below the title: what is drawn; empty for nothing */
};

/* Lays the panels out: fills `layout` and the lengths of the axes. Returns 0, or ZEM_USAGE if the picture is too
 * small. */
int zem_plot_panels_lay_out(struct zem_plot_panels *panels, struct zem_figure *figure, struct zem_layout *layout,
                            struct zem_error *error);

/* Writes title, note and legend, and begins the gnuplot multiplot, which the caller ends. */
void zem_plot_panels_start(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout);

/* Writes the margins, scales and texts of panel `i`. The caller writes a plot command next. */
void zem_plot_panels_frame(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout, size_t i);

#endif
