/* Which contours of a map the trials justify. A contour is drawn only where cells that are surely above its level stand
 * against cells that are surely below it; points that lie beyond a level but could be there by chance are drawn on the
 * side of their neighbours. plot_script.h draws them. */
#ifndef ZEM_CONTOURS_H
#define ZEM_CONTOURS_H

#include "view/view.h"

#define ZEM_CONTOURS_MOST 24

/* Levels that were asked for. All zero is the usual choice. */
struct zem_contours_wish {
    bool is_given;
    size_t most;                     /* largest number of levels; used if is_given and count is 0 */
    size_t count;                    /* of the levels, 0 for no list */
    double level[ZEM_CONTOURS_MOST]; /* increasing */
};

struct zem_contours {
    size_t count;                    /* levels, 0 if none is justified */
    double level[ZEM_CONTOURS_MOST]; /* increasing */
    size_t points;                   /* rows x columns of the view */
    /* count x points values: the map as the contour of each level is to be drawn through it; owned. */
    double *surface;
    double *low, *high; /* limits of the points, which hold for all of them at once; owned */
    /* The variable has no interval, so that nothing justifies a contour. Levels of a list are drawn nevertheless,
     * through the values as they are. */
    bool unknown;
    size_t refused_count;              /* levels that were asked for and are not justified */
    double refused[ZEM_CONTOURS_MOST]; /* those */
};

/* Chooses the levels of a view of two axes: multiples of 1, 2 or 5 times a power of ten, apart by at least a tenth of
 * the range of the values and the width that the intervals of nine tenths of the points do not exceed, and at most as
 * many as `wish` says; or those of its list that are justified. The limits of the points are those of
 * zem_view_sure_limits. ZEM_USAGE for a level outside 0 and 1 of a variable that lies between them, ZEM_INTERNAL
 * without memory. Release with zem_contours_free in every case. */
int zem_contours_find(const struct zem_view *view, const struct zem_contours_wish *wish, struct zem_contours *contours,
                      struct zem_error *error);

/* Fills the levels of `wish` for several views together: multiples of 1, 2 or 5 times a power of ten over all their
 * values, about six, or as many as it says. */
void zem_contours_common(const struct zem_view *views, size_t count, struct zem_contours_wish *wish);
void zem_contours_free(struct zem_contours *contours);

#endif
