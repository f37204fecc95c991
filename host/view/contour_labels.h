/* Where the labels of contours stand: on their own contour, apart from each other and off the other contours. */
#ifndef ZEM_CONTOUR_LABELS_H
#define ZEM_CONTOUR_LABELS_H

#include "view/contours.h"

#define ZEM_CONTOUR_LABELS_MOST 3 /* largest number of labels of one contour */

#define ZEM_CONTOUR_LETTERS 0.8 /* size of the letters of a label, relative to those of the picture */

/* The labels of one contour. Places are fractions of the panel, from its lower left corner. A "letter" is the size of
 * the letters of the picture. */
struct zem_contour_labels {
    double half_width, half_height; /* half the size of the white box about a label, in letters */
    size_t count;                   /* number of labels, 0 if none has room */
    double x[ZEM_CONTOUR_LABELS_MOST], y[ZEM_CONTOUR_LABELS_MOST];
};

/* A panel: its size, in sizes of a letter of the picture, and the places of the view's columns and rows in it, as
 * fractions of its size. */
struct zem_contour_panel {
    double width, height;
    const double *x, *y; /* x[columns] and y[rows] of the view */
};

/* Places the labels of all contours into labels[contours->count]. Labels of one contour are at least 24 times the size
 * of a letter apart. Returns 0, or ZEM_INTERNAL without memory. */
int zem_contour_labels_place(const struct zem_view *view, const struct zem_contours *contours,
                             const struct zem_contour_panel *panel, struct zem_contour_labels *labels,
                             struct zem_error *error);

/* Writes the label of a level. Returns text. */
const char *zem_contour_label(double level, char text[32]);

#endif
