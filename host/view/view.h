/* A view of a result: the values of one variable over at most two sweep axes. The other axes are held, each at one of
 * its points. show, plot and report draw views. Values are those of result_variables.h; nothing is drawn here. */
#ifndef ZEM_VIEW_H
#define ZEM_VIEW_H

#include "result/result.h"
#include "result/result_variables.h"

/* What to view. All zero means p_hit at the first radius over the two longest axes, with the other axes held at their
 * first point. */
struct zem_view_options {
    const char *variable; /* name in zem_variable_table; NULL means "p_hit" */
    size_t radius;        /* index of the hit radius, from 0, for variables with that dimension */
    /* Instead of `radius` take the hit radius whose probabilities differ most over the grid. */
    bool radius_that_differs;
    /* Axes to hold, each as "axis=value". The axis is given by name or path, the value in the unit of the axis:
     * "acceleration=5", "target.acceleration=5 gravity". The axis is held at the point nearest to the value. */
    const char *const *slices;
    size_t slice_count;
    size_t at[ZEM_AXES_MAX]; /* 1 + the index of the point at which an axis is held; 0: `at` does not hold it */
    bool middle;             /* hold the other axes at their middle point (of two, the lower) instead of the first */
    const char *along;       /* draw over this axis alone; NULL: the usual choice */
    /* Largest number of points across and upward in a map of two axes, 0 for all. Of an axis with more points, every
     * n-th point is viewed. */
    size_t columns_max, rows_max;
    bool map_without_interval; /* leave out the interval if two axes are drawn */
};

struct zem_view {
    const struct zem_result *result;
    const struct zem_variable *variable;
    const struct zem_variable *lower, *upper; /* bounds of the variable's interval; NULL if there is none */
    size_t element;                           /* index of the value shown among the values of a cell */
    size_t span;                              /* number of values of a cell, such as one for each hit radius */
    size_t axis_count;                        /* number of axes drawn: 0, 1 or 2 */
    size_t axis[2];                           /* indices into scenario->axis; axis[0] is drawn across, axis[1] upward */
    size_t index[ZEM_AXES_MAX];               /* point at which a held axis is held; without meaning for axes drawn */
    bool held[ZEM_AXES_MAX];                  /* whether an axis is held, that is not drawn */
    size_t together;                          /* for how many views zem_view_sure_limits holds at once; 0 means 1 */
    size_t every[2];                          /* of axis[0] and axis[1] every n-th point is viewed, from the first on */
    size_t columns, rows;                     /* number of points viewed across and upward; 1 without an axis */
    /* value[rows x columns], row by row from the first point of axis[1]; low and high likewise, NULL without an
     * interval. Owned. */
    double *value, *low, *high;
};

/* Returns whether a variable can be viewed: it has one value per cell, or one per cell and hit radius or quantile. */
bool zem_view_takes(const struct zem_variable *variable);

/* Makes a view of a result, which must outlive it. Returns 0; ZEM_USAGE, with the possible names, if a variable, radius
 * or slice does not exist; ZEM_INTERNAL without memory. Release the view with zem_view_free. */
int zem_view_init(struct zem_view *view, const struct zem_result *result, const struct zem_view_options *options,
                  struct zem_error *error);
void zem_view_free(struct zem_view *view);

/* Returns the cell of a point of the map; points are counted row by row from the first point of axis[1]. */
uint64_t zem_view_cell(const struct zem_view *view, size_t point);

/* Writes the limits of each point of the map to low[rows x columns] and high[rows x columns]. These intervals hold for
 * all points of the view at once at the confidence of the scenario (Bonferroni); if view->together is above 1, for all
 * points of so many views of the same size. Returns false, with nothing written, for a variable whose uncertainty does
 * not follow from the totals of the trials. */
bool zem_view_sure_limits(const struct zem_view *view, double *low, double *high);

/* Returns whether the variable of this name is computed from the miss histogram. NULL stands for p_hit. */
bool zem_view_needs_histogram(const char *variable);

/* Returns the value of viewed point i of the axis drawn across (`which` 0) or upward (1), in the unit of the axis. */
double zem_view_point(const struct zem_view *view, int which, size_t i);

/* Writes what is drawn, without the held axes: "probability of a hit, hit radius 1 m". */
void zem_view_title(const struct zem_view *view, char *text, size_t size);

/* Writes the held axes: "period = 2 s, altitude = 20 km", or nothing if there are none. */
void zem_view_held_text(const struct zem_view *view, char *text, size_t size);

/* Writes the name and unit of an axis of the scenario: "acceleration (gravity)"; the unit 1 is left out. */
void zem_view_axis_label(const struct zem_view *view, size_t axis, char *text, size_t size);

/* Returns whether some points of the axes drawn are left out. */
bool zem_view_is_thinned(const struct zem_view *view);

/* Returns whether the variable is a probability or another fraction, which is drawn on a scale from 0 to 1. */
bool zem_view_is_fraction(const struct zem_view *view);

/* Writes "95 % Wilson interval" for a probability and "95 % interval" for another variable into text[size]; without the
 * level if the confidence is a sweep axis. Returns text. */
const char *zem_view_interval_text(const struct zem_result *result, const struct zem_variable *variable, char *text,
                                   size_t size);

#endif
