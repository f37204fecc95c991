/* Writes the gnuplot script of a picture that shows curves with their intervals over one axis, and a legend. */
#ifndef ZEM_PLOT_CURVES_H
#define ZEM_PLOT_CURVES_H

#include "view/axis_points.h"
#include "view/figure.h"
#include "view/text_fit.h"

#include <stdio.h>

/* A curve: values and their intervals at the places x of the horizontal axis. */
struct zem_curve {
    char name[120]; /* name in the legend */
    size_t points;
    double *x, *value, *low, *high; /* [points]; owned; low and high are NaN where there is no interval */
    double *closed;                 /* [points]: the closed form, NaN where there is none; in the same memory as x */
};

/* The curves of a picture, with its texts and axes. */
struct zem_curves {
    size_t count;
    struct zem_curve curve[ZEM_AXIS_POINTS_MOST];
    char legend[200];   /* begins the legend: the quantity whose values name the curves; empty for none */
    char interval[120]; /* name of the bands in the legend; empty for no bands */
    char title[500];    /* what is drawn; stands above the curves, in print in the caption */
    char note[500];     /* note on the curves, after the title; empty for none */
    char label_x[200], label_y[200];
    char brief_y[200];  /* used in place of label_y where there is little room */
    double first, last; /* ends of the horizontal axis, in its unit */
    bool logarithmic;   /* the horizontal axis is logarithmic */
    bool closed;        /* the closed form is drawn over the curves */
    bool fraction;      /* values are drawn from 0 to 1 */
    bool zero;          /* the vertical axis includes 0, with a line at 0 if some values are negative */
    size_t mark_count;  /* number of vertical lines at `mark`, labelled at their upper ends */
    double mark[32];
    char mark_label[32][32];
    const bool *significant; /* whether a point of the first curve is significant and gets a ring; NULL for no rings */
};

/* Allocates the points of a curve. Returns 0, or ZEM_INTERNAL without memory. Release with zem_curves_free. */
int zem_curve_init(struct zem_curve *curve, size_t points, struct zem_error *error);
void zem_curves_free(struct zem_curves *curves);

/* Writes the script of the whole picture, with the lines of `head` above the curves. Returns 0, or ZEM_USAGE if the
 * picture is too small. */
int zem_plot_curves(FILE *script, struct zem_figure *figure, const struct zem_text_lines *head,
                    const struct zem_curves *curves, struct zem_error *error);

#endif
