/* A view of a result: the values of one variable over at most two sweep axes, while the other axes are held at one
 * point. show, plot and report draw views. Values are those of result_variables.h; nothing is drawn here. */
#ifndef ZEM_VIEW_H
#define ZEM_VIEW_H

#include "result/result.h"
#include "result/result_variables.h"

/* What to view. All zero means p_hit at the first radius over the two longest axes, with the others held at their first
 * point. */
struct zem_view_options {
    const char *variable; /* name in zem_variable_table; NULL means "p_hit" */
    size_t radius;        /* index of the hit radius, from 0, for variables with that dimension */
    /* Take the hit radius whose probabilities differ most over the grid in place of `radius`. */
    bool radius_that_differs;
    /* Axes to hold, "axis=value". The axis is given by name or path and the value in the unit of the axis:
     * "acceleration=5", "target.acceleration=5 gravity". The axis is held at the point nearest to the value. */
    const char *const *slices;
    size_t slice_count;
    size_t at[ZEM_AXES_MAX]; /* 1 + the index of the point at which an axis is held, 0 for one that is not */
    bool middle;             /* hold the other axes at their middle point, the lower of two, in place of the first */
    const char *along;       /* draw over this axis alone; NULL for the usual choice */
    /* Most points across and upward of a map of two axes, 0 for all. Of an axis with more, every n-th is viewed. */
    size_t columns_max, rows_max;
    bool map_without_interval; /* leave out the interval if two axes are drawn */
};

struct zem_view {
    const struct zem_result *result;
    const struct zem_variable *variable;
    const struct zem_variable *lower, *upper; /* bounds of the variable's interval; NULL if there is none */
    size_t element;                           /* index of the value shown among the trailing values of a cell */
    size_t span;                              /* number of trailing values of a cell */
    size_t axis_count;                        /* axes drawn: 0, 1 or 2 */
    size_t axis[2];                           /* indices into scenario->axis; axis[0] is drawn across, axis[1] upward */
    size_t index[ZEM_AXES_MAX];               /* point at which an axis is held; for axes drawn it means nothing */
    bool held[ZEM_AXES_MAX];                  /* whether an axis is not drawn */
    size_t together;                          /* views for which zem_view_sure_limits holds at once; 0 means 1 */
    size_t every[2];                          /* every n-th point of axis[0] and axis[1] is viewed, from the first on */
    size_t columns, rows;                     /* points viewed across and upward; 1 without an axis */
    /* rows x columns values, row by row from the first point of axis[1]. low and high are NULL without an interval.
     * Owned. */
    double *value, *low, *high;
};

/* Whether a variable can be viewed: it has one value per cell, or one per cell and hit radius or quantile. */
bool zem_view_takes(const struct zem_variable *variable);

/* Makes a view of a result, which must outlive it. ZEM_USAGE, with the possible names, if a variable, radius or slice
 * does not exist; ZEM_INTERNAL without memory. Release the view with zem_view_free. */
int zem_view_init(struct zem_view *view, const struct zem_result *result, const struct zem_view_options *options,
                  struct zem_error *error);
void zem_view_free(struct zem_view *view);

/* The cell of a point of the map, counted row by row from the first point of axis[1]. */
uint64_t zem_view_cell(const struct zem_view *view, size_t point);

/* Writes the limits of each point of the map to low[] and high[], rows x columns numbers: intervals that hold for all
 * points of the view at once at the confidence of the scenario (Bonferroni); or for those of `together` views of as
 * many points. False, with nothing written, for a variable whose uncertainty the totals do not tell. */
bool zem_view_sure_limits(const struct zem_view *view, double *low, double *high);

/* Whether the variable of this name comes from the miss histogram. NULL stands for that of a view without options. */
bool zem_view_needs_histogram(const char *variable);

/* The value of point i, of those viewed, of the axis drawn across (0) or upward (1), in the unit of the axis. */
double zem_view_point(const struct zem_view *view, int which, size_t i);

/* Writes what is drawn, without the axes held: "probability of a hit, hit radius 1 m". */
void zem_view_title(const struct zem_view *view, char *text, size_t size);

/* Writes the axes held: "period = 2 s, altitude = 20 km", or nothing if there are none. */
void zem_view_held_text(const struct zem_view *view, char *text, size_t size);

/* Writes the name and unit of an axis of the scenario: "acceleration (gravity)"; the unit 1 is left out. */
void zem_view_axis_label(const struct zem_view *view, size_t axis, char *text, size_t size);

/* Whether some points of the axes drawn are left out. */
bool zem_view_is_thinned(const struct zem_view *view);

/* Whether the variable is a probability or another fraction, which is drawn on a scale from 0 to 1. */
bool zem_view_is_fraction(const struct zem_view *view);

/* Writes "95 % Wilson interval" for a probability, "95 % interval" for another variable, without the level if the
 * confidence is a sweep axis. Returns text. */
const char *zem_view_interval_text(const struct zem_result *result, const struct zem_variable *variable, char *text,
                                   size_t size);

#endif
