/* Makes a view, which has the values of one variable of a result over at most two axes of the sweep. The options of a
 * command name the variable, and the points at which the other axes are held. This file finds these in the result, and
 * computes the values. */
#include "view/view.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "base/parallel.h"
#include "result/cell_totals.h"
#include "result/effects.h"
#include "result/extremes.h"
#include "scenario/grid.h"
#include "view/axis_points.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_GRAIN 4096 /* points that a thread computes at a time */

/* Appends to a text; what exceeds its size is cut off. */
static void append(char *text, size_t size, const char *more)
{
    size_t length = strlen(text);
    if (length < size)
        snprintf(text + length, size - length, "%s", more);
}

bool zem_view_takes(const struct zem_variable *variable)
{
    const enum zem_dimension first = variable->dimension[0];
    return variable->dimension[1] == ZEM_DIMENSION_NONE
           && (first == ZEM_DIMENSION_NONE || first == ZEM_DIMENSION_RADIUS || first == ZEM_DIMENSION_QUANTILE);
}

/* Returns whether a variable exists in the result and can be viewed. */
static bool is_drawable(const struct zem_result *result, const struct zem_variable *variable)
{
    return zem_variable_exists(result, variable) && zem_view_takes(variable);
}

static int choose_variable(struct zem_view *view, const char *name, struct zem_error *error)
{
    char names[600] = "", bound[64];
    view->variable = zem_variable_find(name);
    if (view->variable == NULL || !is_drawable(view->result, view->variable)) {
        for (size_t i = 0; i < zem_variable_count; i++)
            if (is_drawable(view->result, &zem_variable_table[i])) {
                append(names, sizeof names, names[0] != '\0' ? ", " : "");
                append(names, sizeof names, zem_variable_table[i].name);
            }
        return zem_error_set(
            error, ZEM_USAGE, "variable \"%s\": %s; there are %s", name,
            view->variable == NULL ? "no such variable"
            : view->variable->condition == ZEM_SALVO && !zem_variable_exists(view->result, view->variable)
                ? "exists for salvos only"
            : view->variable->condition == ZEM_STEP_CHECKED && !zem_variable_exists(view->result, view->variable)
                ? "exists only if trials were flown again with half the steps"
                : "has too many values per cell to be drawn",
            names);
    }
    snprintf(bound, sizeof bound, "%s_lower", name);
    view->lower = zem_variable_find(bound);
    snprintf(bound, sizeof bound, "%s_upper", name);
    view->upper = zem_variable_find(bound);
    return 0;
}

/* Returns the kind of probability of the view: of at least one hit in a salvo if the view shows that, else of a hit. */
static enum zem_counted_kind kind_of(const struct zem_view *view)
{
    return strcmp(view->variable->name, zem_counted_names[ZEM_COUNTED_SALVO]) == 0 ? ZEM_COUNTED_SALVO
                                                                                   : ZEM_COUNTED_HIT;
}

static int choose_element(struct zem_view *view, const struct zem_view_options *options, struct zem_error *error)
{
    const size_t radius = options->radius_that_differs ? 0 : options->radius;
    size_t radii = view->result->scenario->radius_count;
    view->span = zem_dimension_length(view->result, view->variable->dimension[0]);
    if (radius >= radii)
        return zem_error_set(error, ZEM_USAGE, "radius %zu: the result has %zu hit radi%s, numbered from 0%s", radius,
                             radii, radii == 1 ? "us" : "i", radii == 1 ? "" : " in increasing order");
    if (view->variable->dimension[0] == ZEM_DIMENSION_RADIUS)
        view->element = options->radius_that_differs ? zem_extremes_radius(view->result, kind_of(view)) : radius;
    else if (view->variable->dimension[0] == ZEM_DIMENSION_QUANTILE)
        view->element = zem_quantile_level_count / 2; /* the median */
    return 0;
}

/* ---- axes ---- */

/* Chooses the axes to draw: the two longest that are not held. Of these the earlier one is drawn across. Axes of one
 * point are never drawn. */
static void choose_axes(struct zem_view *view)
{
    const struct zem_scenario *scenario = view->result->scenario;
    size_t drawn[2] = {0, 0};
    for (; view->axis_count < 2; view->axis_count++) {
        size_t longest = ZEM_AXES_MAX;
        for (size_t i = 0; i < scenario->axis_count; i++) {
            bool taken = view->axis_count == 1 && drawn[0] == i;
            if (!view->held[i] && !taken && scenario->axis[i].points > 1
                && (longest == ZEM_AXES_MAX || scenario->axis[i].points > scenario->axis[longest].points))
                longest = i;
        }
        if (longest == ZEM_AXES_MAX)
            break;
        drawn[view->axis_count] = longest;
    }
    bool swap = view->axis_count == 2 && drawn[1] < drawn[0];
    view->axis[0] = drawn[swap];
    view->axis[1] = drawn[!swap];
    for (size_t i = 0; i < scenario->axis_count; i++)
        view->held[i] = !(view->axis_count > 0 && i == view->axis[0]) && !(view->axis_count > 1 && i == view->axis[1]);
}

static int apply_slice(struct zem_view *view, const char *slice, struct zem_error *error)
{
    struct zem_axis_points points;
    int status = ZEM_OK;
    if (strchr(slice, '=') == NULL)
        return zem_error_set(error, ZEM_USAGE, "slice \"%s\": needs the form axis=value", slice);
    status = zem_view_axis_points(view->result->scenario, "slice", slice, 1, &points, error);
    if (status == ZEM_OK && view->held[points.axis])
        return zem_error_set(error, ZEM_USAGE, "slice \"%s\": another slice holds %s already", slice,
                             view->result->scenario->axis[points.axis].name);
    if (status == ZEM_OK) {
        view->index[points.axis] = points.index[0];
        view->held[points.axis] = true;
    }
    return status;
}

/* Holds axes at the points of the options, then chooses the axes to draw. */
static int hold_and_draw(struct zem_view *view, const struct zem_view_options *options, struct zem_error *error)
{
    size_t along = 0;
    for (size_t i = 0; options->middle && i < view->result->scenario->axis_count; i++)
        if (!view->held[i])
            view->index[i] = (view->result->scenario->axis[i].points - 1) / 2;
    for (size_t i = 0; i < view->result->scenario->axis_count; i++)
        if (options->at[i] > 0) {
            view->held[i] = true;
            view->index[i] = options->at[i] - 1;
        }
    if (options->along == NULL) {
        choose_axes(view);
        return ZEM_OK;
    }
    const int status = zem_view_find_axis(view->result->scenario, "along", options->along, &along, error);
    if (status != ZEM_OK)
        return status;
    if (view->held[along] || view->result->scenario->axis[along].points < 2)
        return zem_error_set(error, ZEM_USAGE, "along \"%s\": this axis %s", options->along,
                             view->held[along] ? "is held" : "has one point");
    view->axis_count = 1;
    view->axis[0] = along;
    for (size_t i = 0; i < view->result->scenario->axis_count; i++)
        view->held[i] = i != along;
    return ZEM_OK;
}

/* Chooses the points that are viewed. */
static void choose_points(struct zem_view *view, const struct zem_view_options *options)
{
    const size_t most[2] = {options->columns_max, options->rows_max};
    size_t *viewed[2] = {&view->columns, &view->rows};
    for (size_t i = 0; i < 2; i++) {
        const size_t points = view->axis_count > i ? view->result->scenario->axis[view->axis[i]].points : 1;
        view->every[i] = view->axis_count > 1 && most[i] > 0 && points > most[i] ? (points + most[i] - 1) / most[i] : 1;
        *viewed[i] = (points + view->every[i] - 1) / view->every[i];
    }
}

/* ---- values ---- */

uint64_t zem_view_cell(const struct zem_view *view, size_t point)
{
    size_t index[ZEM_AXES_MAX];
    memcpy(index, view->index, sizeof index);
    if (view->axis_count > 0)
        index[view->axis[0]] = point % view->columns * view->every[0];
    if (view->axis_count > 1)
        index[view->axis[1]] = point / view->columns * view->every[1];
    return zem_grid_cell(view->result->scenario, index);
}

/* Computes the points `first` to `last` - 1; `context` is the view. */
static void compute_points(void *context, size_t first, size_t last)
{
    const struct zem_view *view = context;
    for (size_t i = first; i < last; i++) {
        const uint64_t cell = zem_view_cell(view, i);
        view->value[i] = zem_variable_value(view->result, view->variable, view->element, cell);
        if (view->low != NULL && view->lower != NULL) {
            view->low[i] = zem_variable_value(view->result, view->lower, view->element, cell);
            view->high[i] = zem_variable_value(view->result, view->upper, view->element, cell);
        } else if (view->low != NULL) {
            const struct zem_interval interval =
                zem_variable_normal_limits(view->result, view->variable, cell, zem_cell_confidence(view->result, cell));
            view->low[i] = interval.lower;
            view->high[i] = interval.upper;
        }
    }
}

static int compute_values(struct zem_view *view, bool interval, struct zem_error *error)
{
    const size_t points = view->columns * view->rows;
    interval =
        interval && ((view->lower != NULL && view->upper != NULL) || zem_variable_has_normal_limits(view->variable));
    view->value = calloc(points, sizeof *view->value);
    view->low = interval ? calloc(points, sizeof *view->low) : NULL;
    view->high = interval ? calloc(points, sizeof *view->high) : NULL;
    if (view->value == NULL || (interval && (view->low == NULL || view->high == NULL)))
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a map of %zu points", points);
    zem_parallel_for(points, POINTS_GRAIN, 0, compute_points, view);
    return 0;
}

/* Finds the limits of one cell at a confidence. The means of the miss have normal intervals with the standard deviation
 * that follows from the totals. Returns false if the uncertainty of the variable does not follow from the totals. */
static bool sure_limits(const struct zem_view *view, uint64_t cell, double confidence, double *low, double *high)
{
    const char *name = view->variable->name;
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++)
        if (strcmp(name, zem_counted_names[kind]) == 0) {
            const struct zem_proportion p = zem_counted(view->result, (enum zem_counted_kind)kind, view->element, cell);
            const struct zem_interval interval =
                zem_interval_binomial(p.hits, p.trials, confidence, ZEM_CLOPPER_PEARSON);
            *low = interval.lower;
            *high = interval.upper;
            return true;
        }
    if (strcmp(name, "miss_quantile") == 0) {
        uint64_t counts[ZEM_HISTOGRAM_SLOTS];
        zem_totals_histogram(&view->result->totals, cell, counts);
        const struct zem_quantile quantile = zem_quantile_from_histogram(
            counts, zem_histogram_edges(), ZEM_HISTOGRAM_SLOTS, zem_quantile_levels[view->element], confidence);
        *low = quantile.lower;
        *high = quantile.upper;
        return true;
    }
    if (!zem_variable_has_normal_limits(view->variable))
        return false;
    const struct zem_interval interval = zem_variable_normal_limits(view->result, view->variable, cell, confidence);
    *low = interval.lower;
    *high = interval.upper;
    return true;
}

bool zem_view_sure_limits(const struct zem_view *view, double *low, double *high)
{
    const size_t points = view->columns * view->rows;
    const double maps = view->together > 0 ? (double)view->together : 1.0;
    const double confidence =
        1.0 - (1.0 - view->result->scenario->value[ZEM_KEY_CONFIDENCE].first) / ((double)points * maps);
    bool known = true;
#pragma omp parallel for schedule(dynamic, 16) reduction(&& : known)
    for (size_t i = 0; i < points; i++)
        known = sure_limits(view, zem_view_cell(view, i), confidence, &low[i], &high[i]) && known;
    return known;
}

int zem_view_init(struct zem_view *view, const struct zem_result *result, const struct zem_view_options *options,
                  struct zem_error *error)
{
    memset(view, 0, sizeof *view);
    view->result = result;
    int status = choose_variable(view, options->variable ? options->variable : "p_hit", error);
    if (status == 0)
        status = choose_element(view, options, error);
    for (size_t i = 0; status == 0 && i < options->slice_count; i++)
        status = apply_slice(view, options->slices[i], error);
    if (status == 0)
        status = hold_and_draw(view, options, error);
    if (status == 0) {
        choose_points(view, options);
        status = compute_values(view, view->axis_count < 2 || !options->map_without_interval, error);
    }
    if (status != 0)
        zem_view_free(view);
    return status;
}

void zem_view_free(struct zem_view *view)
{
    free(view->value);
    free(view->low);
    free(view->high);
    view->value = view->low = view->high = NULL;
}

bool zem_view_needs_histogram(const char *variable)
{
    const struct zem_variable *found = variable != NULL ? zem_variable_find(variable) : NULL;
    return found != NULL
           && (found->dimension[0] == ZEM_DIMENSION_QUANTILE || found->dimension[0] == ZEM_DIMENSION_MISS_BIN);
}

double zem_view_point(const struct zem_view *view, int which, size_t i)
{
    return view->result->scenario->axis[view->axis[which]].display[i * view->every[which]];
}

bool zem_view_is_thinned(const struct zem_view *view) { return view->every[0] > 1 || view->every[1] > 1; }

/* ---- titles and names ---- */

bool zem_view_is_fraction(const struct zem_view *view)
{
    return !view->variable->is_count && strcmp(view->variable->unit, "1") == 0;
}

void zem_view_title(const struct zem_view *view, char *text, size_t size)
{
    char number[32];
    snprintf(text, size, "%s", view->variable->long_name);
    if (view->variable->dimension[0] == ZEM_DIMENSION_RADIUS) {
        append(text, size, ", hit radius ");
        append(text, size, zem_number_format(view->result->scenario->radius[view->element], number, sizeof number));
        append(text, size, " m");
    } else if (view->variable->dimension[0] == ZEM_DIMENSION_QUANTILE) {
        append(text, size, ", level ");
        append(text, size, zem_number_format(zem_quantile_levels[view->element], number, sizeof number));
    }
}

void zem_view_held_text(const struct zem_view *view, char *text, size_t size)
{
    const struct zem_scenario *scenario = view->result->scenario;
    char number[32];
    text[0] = '\0';
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        if (!view->held[i])
            continue;
        append(text, size, text[0] != '\0' ? ", " : "");
        append(text, size, axis->name);
        append(text, size, " = ");
        snprintf(number, sizeof number, "%.6g", axis->display[view->index[i]]);
        append(text, size, number);
        if (strcmp(axis->unit, "1") != 0) {
            append(text, size, " ");
            append(text, size, axis->unit);
        }
    }
}

void zem_view_axis_label(const struct zem_view *view, size_t axis, char *text, size_t size)
{
    const struct zem_axis *found = &view->result->scenario->axis[axis];
    snprintf(text, size, strcmp(found->unit, "1") ? "%s (%s)" : "%s", found->name, found->unit);
}

const char *zem_view_interval_text(const struct zem_result *result, const struct zem_variable *variable, char *text,
                                   size_t size)
{
    const struct zem_scenario *scenario = result->scenario;
    char level[32] = "";
    const char *method = "";
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++)
        if (strcmp(variable->name, zem_counted_names[kind]) == 0)
            method = result->interval_method == ZEM_WILSON ? "Wilson " : "Clopper-Pearson ";
    if (!zem_scenario_sweeps(scenario, ZEM_KEY_CONFIDENCE))
        snprintf(level, sizeof level, "%.6g %% ", 100 * scenario->value[ZEM_KEY_CONFIDENCE].first);
    snprintf(text, size, "%s%sinterval", level, method);
    return text;
}
