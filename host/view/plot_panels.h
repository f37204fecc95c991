/* Panels with scales of their own, in rows below one title and above one legend. The caller draws into them. */
#ifndef ZEM_PLOT_PANELS_H
#define ZEM_PLOT_PANELS_H

#include "view/plot_layout.h"
#include "view/plot_legend.h"
#include "view/tics.h"

#include <stdio.h>

#define ZEM_PANELS_MOST 12

struct zem_plot_panel {
    char title[200];          /* above it; empty for none */
    char label_x[200];        /* below it; empty for none */
    struct zem_tic_axis x, y; /* the caller sets their ends and scales */
    const char *const *names; /* of the places 0, 1, ... downward in place of numbers; NULL for none; borrowed */
    size_t name_count;
};

struct zem_plot_panels {
    size_t count, columns;
    struct zem_plot_panel panel[ZEM_PANELS_MOST];
    char label_y[200];        /* beside the panels on the left; empty for none */
    bool one_y;               /* all panels have the y axis of the first one, so that it has labels on the left alone */
    bool reversed;            /* x decreases to the right */
    struct zem_legend legend; /* may be empty */
    const char *title;        /* of the picture; what of it does not fit is left out, with a warning; borrowed */
    char note[400];           /* below it: what is drawn; empty for nothing */
};

/* Lays the panels out. ZEM_USAGE if the picture is too small. */
int zem_plot_panels_lay_out(struct zem_plot_panels *panels, struct zem_figure *figure, struct zem_layout *layout,
                            struct zem_error *error);

/* Writes title, note, legend and the beginning of a multiplot. */
void zem_plot_panels_start(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout);

/* Writes the margins, scales and texts of a panel. A plot command is to follow. */
void zem_plot_panels_frame(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout, size_t i);

#endif
