/* The closed form of the miss (study/closed_form.h) at the points of curves. */
#ifndef ZEM_PLOT_CLOSED_FORM_H
#define ZEM_PLOT_CLOSED_FORM_H

#include "view/plot_curves.h"
#include "view/view.h"

/* The closed form in a picture. A "point" is a point of a curve. */
struct zem_plot_closed {
    bool wanted;
    size_t found;      /* number of points that have a closed form */
    size_t missing;    /* number of points that have none */
    double blind_time; /* longest blind time of the found points, s, which the closed form ignores */
    bool blind_varies; /* the points with a closed form have different blind times */
    char why[200];     /* why the last point without a closed form has none */
};

/* Sets curve->closed[at] to the closed form of the view's variable in a cell. `radius` is the hit radius, m, where the
 * variable is a probability. The value stays NaN if closed->wanted is false or the cell has no closed form. Returns 0,
 * ZEM_USAGE for a variable that has no closed form in any cell, or ZEM_INTERNAL without memory. */
int zem_plot_closed_point(struct zem_plot_closed *closed, struct zem_curve *curve, size_t at,
                          const struct zem_view *view, uint64_t cell, double radius, struct zem_error *error);

/* Completes the curves after all points are set: sets curves->closed, and says in a note and a warning what the closed
 * form leaves out. Returns 0, or ZEM_USAGE with the reason if a closed form is wanted and no point has one. */
int zem_plot_closed_end(const struct zem_plot_closed *closed, struct zem_curves *curves, struct zem_figure *figure,
                        struct zem_error *error);

#endif
