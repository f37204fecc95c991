/* A view of a result: one number per point of at most two sweep axes, with the other axes held. What show, plot and
 * report draw. Picks and labels; computes nothing but the variables of result_variables.h, draws nothing. */
#ifndef ZEM_VIEW_H
#define ZEM_VIEW_H

#include "result/result.h"
#include "result/result_variables.h"

/* What to look at. All zero: p_hit at the first radius over the two longest axes, the others held at their first value.
 */
struct zem_view_options {
    const char *variable; /* name in zem_variable_table; NULL means "p_hit" */
    size_t radius;        /* index of the hit radius, from 0, for variables that have that dimension */
    const char *const
        *slices; /* axes to hold: "axis=value", axis by name or path, value in the axis' unit ("acceleration=5",
                  * "target.acceleration=5 gravity"); the nearest point of the axis is taken */
    size_t slice_count;
};

struct zem_view {
    const struct zem_result *result;
    const struct zem_variable *variable, *lower, *upper; /* bounds of the interval, NULL if the variable has none */
    size_t element;                                      /* which of the trailing values of a cell */
    size_t span;                                         /* trailing values of a cell */
    size_t axis_count;                                   /* 0, 1 or 2 axes drawn */
    size_t axis[2];             /* indices into scenario->axis; axis[0] is drawn across, axis[1] upward */
    size_t index[ZEM_AXES_MAX]; /* point at which every axis is held; overwritten for those drawn */
    bool held[ZEM_AXES_MAX];    /* true for an axis that is not drawn */
    size_t columns, rows;       /* points across and upward, 1 where there is no axis */
    double *value, *low,
        *high; /* rows x columns, row by row from the first point of axis[1]; low and high NULL without interval */
};

/* Selects and computes. ZEM_USAGE with the names there are if a variable, radius or slice does not exist. */
int zem_view_init(struct zem_view *view, const struct zem_result *result, const struct zem_view_options *options,
                  struct zem_error *error);
void zem_view_free(struct zem_view *view);

/* "probability of a hit, hit radius 1 m, 95 % interval": what is drawn, without the axes held. */
void zem_view_title(const struct zem_view *view, char *text, size_t size);

/* "period = 2 s, altitude = 20 km": the axes held, empty if none. */
void zem_view_held_text(const struct zem_view *view, char *text, size_t size);

/* Name and unit of an axis of the scenario: "acceleration (gravity)", the unit left out if it is 1. */
void zem_view_axis_label(const struct zem_view *view, size_t axis, char *text, size_t size);

/* Whether the variable is a probability or fraction, to be drawn on a scale from 0 to 1. */
bool zem_view_is_fraction(const struct zem_view *view);

/* "95 % Wilson interval", or "interval of the confidence swept" where it is an axis. */
const char *zem_view_interval_text(const struct zem_result *result, char *text, size_t size);

#endif
