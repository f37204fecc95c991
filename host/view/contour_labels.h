/* Where the labels of contours stand: on their own contour, apart from each other and off the other contours. */
#ifndef ZEM_CONTOUR_LABELS_H
#define ZEM_CONTOUR_LABELS_H

#include "view/contours.h"

#define ZEM_CONTOUR_LABELS_MOST 3 /* of one contour */

#define ZEM_CONTOUR_LETTERS 0.8 /* the size of a label in parts of the letters of the picture */

/* The labels of one contour. Places are fractions of its panel from the lower left corner. */
struct zem_contour_labels {
    double half_width, half_height; /* of the white box about a label, in parts of the letters of the picture */
    size_t count;                   /* 0 if none has room */
    double x[ZEM_CONTOUR_LABELS_MOST], y[ZEM_CONTOUR_LABELS_MOST];
};

/* A panel: its size in parts of the size of the letters of the picture, and where the points of the view stand in it as
 * fractions. */
struct zem_contour_panel {
    double width, height;
    const double *x, *y; /* columns and rows of the view */
};

/* Places the labels of all contours; labels[contours->count]. A contour gets another label for every 24 letters of
 * distance. ZEM_INTERNAL without memory. */
int zem_contour_labels_place(const struct zem_view *view, const struct zem_contours *contours,
                             const struct zem_contour_panel *panel, struct zem_contour_labels *labels,
                             struct zem_error *error);

/* Writes the label of a level. Returns text. */
const char *zem_contour_label(double level, char text[32]);

#endif
