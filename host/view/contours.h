/* Which contours of a map the trials justify. A contour is drawn only if some cells are surely above its level, by
 * their intervals, and others are surely below it. A connected group of points on one side of the level, none of which
 * is surely there, may be there by chance; it is drawn on the other side. plot_contours.h draws the contours. */
#ifndef ZEM_CONTOURS_H
#define ZEM_CONTOURS_H

#include "view/view.h"

#define ZEM_CONTOURS_MOST 24

/* The levels that the user asked for. All zero means the usual choice. */
struct zem_contours_wish {
    bool is_given;
    size_t most;                     /* largest number of levels; used if is_given and count is 0 */
    size_t count;                    /* number of levels in the list, 0 for no list */
    double level[ZEM_CONTOURS_MOST]; /* increasing */
};

struct zem_contours {
    size_t count;                    /* number of levels, 0 if none is justified */
    double level[ZEM_CONTOURS_MOST]; /* increasing */
    size_t points;                   /* rows x columns of the view */
    /* count x points values: for each level the map through which its contour is drawn; owned. */
    double *surface;
    double *low, *high; /* limits of the intervals, which hold for all points at once; owned */
    /* The variable has no interval, so that nothing justifies a contour. Levels of a list are then drawn through the
     * values as they are. */
    bool unknown;
    size_t refused_count;              /* number of levels asked for that are not justified */
    double refused[ZEM_CONTOURS_MOST]; /* these levels */
};

/* Chooses the levels of a view of two axes. If `wish` has a list, these are its levels that are justified. Otherwise
 * they are multiples of 1, 2 or 5 times a power of ten, at most wish->most. Their distance is at least a tenth of the
 * range of the values, and at least the width that nine tenths of the intervals do not exceed. The limits of the points
 * are those of zem_view_sure_limits. Returns 0, ZEM_USAGE for a level outside 0 and 1 of a variable that lies between
 * them, or ZEM_INTERNAL without memory. Release with zem_contours_free in every case. */
int zem_contours_find(const struct zem_view *view, const struct zem_contours_wish *wish, struct zem_contours *contours,
                      struct zem_error *error);

/* Fills wish->level with levels for several views together: multiples of 1, 2 or 5 times a power of ten over the values
 * of all views, about six, or at most wish->most. */
void zem_contours_common(const struct zem_view *views, size_t count, struct zem_contours_wish *wish);
void zem_contours_free(struct zem_contours *contours);

#endif
