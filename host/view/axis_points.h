/* Points of a sweep axis that a user names by their values, as in "acceleration=5" or "period=0.5,1 s". */
#ifndef ZEM_AXIS_POINTS_H
#define ZEM_AXIS_POINTS_H

#include "base/error.h"
#include "scenario/scenario.h"

#define ZEM_AXIS_POINTS_MOST 12

struct zem_axis_points {
    size_t axis;
    size_t count; /* 0 if no values were given */
    size_t index[ZEM_AXIS_POINTS_MOST];
};

/* Finds a sweep axis by its name or path and writes its index to `axis`. `what` stands before the name in messages,
 * such as "slice". Returns 0, or ZEM_USAGE, with the names of the axes, if there is no such axis. */
int zem_view_find_axis(const struct zem_scenario *scenario, const char *what, const char *name, size_t *axis,
                       struct zem_error *error);

/* Reads "axis", or "axis=value,value,..." with at most `most` values. A value is in the unit of the axis, which may
 * follow it. It stands for the nearest point of the axis. Returns 0, or ZEM_USAGE if there is no such axis, if a value
 * is no number, has another unit or lies off the axis, if two values stand for the same point, or if there are too
 * many. */
int zem_view_axis_points(const struct zem_scenario *scenario, const char *what, const char *text, size_t most,
                         struct zem_axis_points *points, struct zem_error *error);

#endif
