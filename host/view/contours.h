/* Which contours of a map the trials justify. A contour is drawn only where cells that are surely above its level stand
 * against cells that are surely below it; what chance alone pushes across a level is taken back to the side of its
 * neighbours. plot_script.h draws them. */
#ifndef ZEM_CONTOURS_H
#define ZEM_CONTOURS_H

#include "view/view.h"

#define ZEM_CONTOURS_MOST 24

struct zem_contours {
    size_t count;                    /* levels, 0 if none is justified */
    double level[ZEM_CONTOURS_MOST]; /* increasing */
    size_t points;                   /* rows x columns of the view */
    /* count x points values: the map as the contour of each level is to be drawn through it; owned. */
    double *surface;
    double *low, *high; /* limits of the points, which hold for all of them at once; owned */
    bool unknown;       /* the variable has no interval, so that nothing justifies a contour */
};

/* Chooses the levels of a view of two axes: multiples of 1, 2 or 5 times a power of ten, not closer together than the
 * intervals of nine tenths of the points are wide. The limits of the points are those of zem_view_sure_limits.
 * ZEM_INTERNAL without memory. Release with zem_contours_free in every case. */
int zem_contours_find(const struct zem_view *view, struct zem_contours *contours, struct zem_error *error);
void zem_contours_free(struct zem_contours *contours);

#endif
