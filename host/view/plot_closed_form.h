/* The closed form (study/closed_form.h) of the points of curves. */
#ifndef ZEM_PLOT_CLOSED_FORM_H
#define ZEM_PLOT_CLOSED_FORM_H

#include "view/plot_curves.h"
#include "view/view.h"

/* The closed form in a picture. */
struct zem_plot_closed {
    bool wanted;
    size_t found;      /* points that have one */
    size_t missing;    /* points that have none */
    double blind_time; /* longest of the points with a closed form, s, which ignores it */
    bool blind_varies; /* their blind times differ */
    char why[200];     /* why the last point without one has none */
};

/* Sets curve->closed[at]: the value of the variable of the view in a cell, for a hit radius in m where it is a
 * probability. It stays NaN if none is wanted or there is none. ZEM_USAGE for a variable that has none in any cell;
 * ZEM_INTERNAL without memory. */
int zem_plot_closed_point(struct zem_plot_closed *closed, struct zem_curve *curve, size_t at,
                          const struct zem_view *view, uint64_t cell, double radius, struct zem_error *error);

/* Says in the curves that there is a closed form, and in a note and a warning what it leaves out. ZEM_USAGE, with the
 * reason, if one is wanted and no point has one. */
int zem_plot_closed_end(const struct zem_plot_closed *closed, struct zem_curves *curves, struct zem_figure *figure,
                        struct zem_error *error);

#endif
