/* Draws curves of one result. Chooses the axis along which the curves run, the axis that has a curve for each of some
 * points, and the points at which all other axes are held. */
#include "view/plot_family.h"

#include "base/kernel_types.h"
#include "result/cell_totals.h"
#include "scenario/grid.h"
#include "view/plot_closed_form.h"
#include "view/plot_curves.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CURVES_USUAL 6 /* largest number of curves if the user gives no values */
#define NO_AXIS ZEM_AXES_MAX

/* The curves of a picture. */
struct family {
    const struct zem_plot_options *options;
    const struct zem_scenario *scenario;
    struct zem_view base;          /* view of the result in which the options hold axes */
    size_t along;                  /* axis along which curves run, or NO_AXIS if it is no sweep axis */
    struct zem_axis_points points; /* the points that have a curve each; points.axis is NO_AXIS for one curve */
    struct zem_plot_closed closed;
};

/* ---- axes ---- */

static bool is_sliced(const struct family *family, size_t axis)
{
    struct zem_error ignored;
    struct zem_axis_points slice;
    for (size_t i = 0; i < family->options->view.slice_count; i++)
        if (zem_view_axis_points(family->scenario, "slice", family->options->view.slices[i], 1, &slice, &ignored)
                == ZEM_OK
            && slice.axis == axis)
            return true;
    return false;
}

/* Returns the longest axis that is not held by a slice and is not `taken`; NO_AXIS if none has several points. */
static size_t longest_axis(const struct family *family, size_t taken)
{
    size_t longest = NO_AXIS;
    for (size_t i = 0; i < family->scenario->axis_count; i++) {
        if (i != taken && !is_sliced(family, i) && family->scenario->axis[i].points > 1
            && (longest == NO_AXIS || family->scenario->axis[i].points > family->scenario->axis[longest].points))
            longest = i;
    }
    return longest;
}

/* Chooses the points that have a curve each: those that the user asks for, or some spread evenly from the first to the
 * last point of an axis. */
static int choose_points(struct family *family, struct zem_error *error)
{
    const char *wanted = family->options->curves_for;
    struct zem_axis_points *points = &family->points;
    int status = ZEM_OK;
    if (wanted != NULL)
        status = zem_view_axis_points(family->scenario, "for", wanted, ZEM_AXIS_POINTS_MOST, points, error);
    else
        points->axis = family->along == NO_AXIS ? longest_axis(family, NO_AXIS) : NO_AXIS;
    if (status != ZEM_OK || points->axis == NO_AXIS || points->count > 0)
        return status;
    const size_t of = family->scenario->axis[points->axis].points;
    points->count = of < CURVES_USUAL ? of : CURVES_USUAL;
    for (size_t i = 0; i < points->count; i++)
        points->index[i] = points->count > 1 ? i * (of - 1) / (points->count - 1) : 0;
    return ZEM_OK;
}

static int choose_axes(struct family *family, struct zem_error *error)
{
    const struct zem_plot_options *options = family->options;
    int status = ZEM_OK;
    family->along = family->points.axis = NO_AXIS;
    if (options->along != NULL && options->against == ZEM_AGAINST_AXES)
        status = zem_view_find_axis(family->scenario, "along", options->along, &family->along, error);
    else if (options->along != NULL)
        return zem_error_set(
            error, ZEM_USAGE,
            "along \"%s\": --along does not go with --against, which chooses the horizontal axis itself",
            options->along);
    if (status == ZEM_OK)
        status = choose_points(family, error);
    if (status != ZEM_OK)
        return status;
    if (options->along == NULL && options->against == ZEM_AGAINST_AXES)
        family->along = longest_axis(family, family->points.axis);
    if (family->along == NO_AXIS && options->against == ZEM_AGAINST_AXES)
        return zem_error_set(
            error, ZEM_USAGE,
            "for \"%s\": the sweep has no other axis for the curves, of two or more points and not held by --slice",
            options->curves_for);
    if (family->along != NO_AXIS && family->along == family->points.axis)
        return zem_error_set(error, ZEM_USAGE, "for \"%s\": the curves run along this axis", options->curves_for);
    if (family->points.axis != NO_AXIS && is_sliced(family, family->points.axis))
        return zem_error_set(error, ZEM_USAGE, "for \"%s\": a slice holds this axis",
                             family->scenario->axis[family->points.axis].name);
    return ZEM_OK;
}

/* Returns the options of the view that has the values of one curve. */
static struct zem_view_options options_at(const struct family *family, size_t curve)
{
    struct zem_view_options at = family->options->view;
    at.radius = family->base.variable->dimension[0] == ZEM_DIMENSION_RADIUS ? family->base.element : at.radius;
    at.radius_that_differs = false;
    at.radius = at.radius < family->scenario->radius_count ? at.radius : 0;
    at.along = family->along != NO_AXIS ? family->scenario->axis[family->along].name : NULL;
    for (size_t i = 0; i < family->scenario->axis_count; i++)
        if (i == family->points.axis)
            at.at[i] = 1 + family->points.index[curve];
        else if (i != family->along && !is_sliced(family, i))
            at.at[i] = at.middle ? 1 + (family->scenario->axis[i].points - 1) / 2 : 1;
    return at;
}

/* ---- curves ---- */

static void take_point(struct zem_curve *curve, size_t at, double x, const struct zem_view *view, size_t point)
{
    curve->x[at] = x;
    curve->value[at] = view->value[point];
    curve->low[at] = view->low != NULL ? view->low[point] : (double)NAN;
    curve->high[at] = view->high != NULL ? view->high[point] : (double)NAN;
}

static int take_view(struct zem_curve *curve, const struct zem_view *view, struct zem_plot_closed *closed,
                     struct zem_error *error)
{
    const bool by_radius = view->variable->dimension[0] == ZEM_DIMENSION_RADIUS;
    int status = zem_curve_init(curve, view->columns, error);
    for (size_t i = 0; status == ZEM_OK && i < view->columns; i++) {
        take_point(curve, i, zem_view_point(view, 0, i), view, i);
        status = zem_plot_closed_point(closed, curve, i, view, zem_view_cell(view, i),
                                       by_radius ? view->result->scenario->radius[view->element] : 0.0, error);
    }
    return status;
}

static int take_radii(struct zem_curve *curve, struct family *family, size_t number, struct zem_error *error)
{
    struct zem_view_options at = options_at(family, number);
    int status = zem_curve_init(curve, family->scenario->radius_count, error);
    for (size_t i = 0; status == ZEM_OK && i < curve->points; i++) {
        struct zem_view view;
        at.radius = i;
        status = zem_view_init(&view, family->base.result, &at, error);
        if (status == ZEM_OK) {
            take_point(curve, i, family->scenario->radius[i], &view, 0);
            status = zem_plot_closed_point(&family->closed, curve, i, &view, zem_view_cell(&view, 0),
                                           family->scenario->radius[i], error);
        }
        zem_view_free(&view);
    }
    return status;
}

/* Fills a curve with the fraction of all trials of a cell whose miss lies below each edge of the histogram, with its
 * interval. */
static int take_distribution(struct zem_curve *curve, struct family *family, size_t number, struct zem_error *error)
{
    const struct zem_result *result = family->base.result;
    const struct zem_view_options at = options_at(family, number);
    const double *edges = zem_histogram_edges();
    uint64_t counts[ZEM_HISTOGRAM_SLOTS], below = 0;
    struct zem_view view;
    int status = zem_view_init(&view, result, &at, error);
    if (status == ZEM_OK)
        status = zem_curve_init(curve, ZEM_HISTOGRAM_BINS + 1, error);
    if (status == ZEM_OK) {
        const uint64_t cell = zem_view_cell(&view, 0), trials = zem_trial_count(result, cell);
        zem_totals_histogram(&result->totals, cell, counts);
        for (size_t i = 0; status == ZEM_OK && i < curve->points; i++) {
            below += counts[i];
            const struct zem_interval interval =
                zem_interval_binomial(below, trials, zem_cell_confidence(result, cell), result->interval_method);
            curve->x[i] = edges[i];
            curve->value[i] = trials > 0 ? (double)below / (double)trials : (double)NAN;
            curve->low[i] = trials > 0 ? interval.lower : (double)NAN;
            curve->high[i] = trials > 0 ? interval.upper : (double)NAN;
            status = zem_plot_closed_point(&family->closed, curve, i, &view, cell, edges[i], error);
        }
    }
    zem_view_free(&view);
    return status;
}

/* Sets the ends of the horizontal axis: from where a distribution leaves 0 to where all have reached their final
 * height, and at least over the hit radii. Marks the hit radii. */
static void bound_distributions(struct zem_curves *curves, const struct zem_scenario *scenario)
{
    curves->first = (double)INFINITY;
    curves->last = 0.0;
    for (size_t i = 0; i < curves->count; i++) {
        const struct zem_curve *curve = &curves->curve[i];
        const size_t end = curve->points - 1;
        size_t low = 0, high = end;
        while (low < end && !(curve->value[low + 1] > 0.0))
            low++;
        while (high > 0 && !(curve->value[high - 1] < curve->value[end]))
            high--;
        if (low >= high)
            continue;
        curves->first = fmin(curves->first, curve->x[low]);
        curves->last = fmax(curves->last, curve->x[high]);
    }
    curves->first = fmin(curves->first, 0.8 * scenario->radius[0]);
    curves->last = fmax(curves->last, 1.25 * scenario->radius[scenario->radius_count - 1]);
    curves->mark_count = scenario->radius_count;
    for (size_t i = 0; i < scenario->radius_count; i++) {
        curves->mark[i] = scenario->radius[i];
        snprintf(curves->mark_label[i], sizeof curves->mark_label[i], "%.6g m", scenario->radius[i]);
    }
}

/* ---- pictures ---- */

static void name_axes(struct zem_curves *curves, const struct zem_view *view, const struct zem_figure *figure)
{
    const struct zem_variable *variable = view->variable;
    const char *form = strcmp(variable->unit, "1") ? "%s (%s)" : "%s";
    snprintf(curves->label_y, sizeof curves->label_y, form, figure->print ? variable->long_name : variable->name,
             variable->unit);
    snprintf(curves->brief_y, sizeof curves->brief_y, form, variable->name, variable->unit);
    curves->fraction = zem_view_is_fraction(view);
    curves->zero = true;
    if (view->low != NULL)
        zem_view_interval_text(view->result, variable, curves->interval, sizeof curves->interval);
    zem_view_title(view, curves->title, sizeof curves->title);
}

/* Sets the horizontal axis to the drawn sweep axis of a view. */
static void run_along(struct zem_curves *curves, const struct zem_figure *figure, const struct zem_view *view)
{
    const struct zem_tic_axis axis = zem_plot_view_axis(figure, view, 0, 1.0);
    curves->first = axis.first;
    curves->last = axis.last;
    curves->logarithmic = axis.logarithmic;
    zem_view_axis_label(view, view->axis[0], curves->label_x, sizeof curves->label_x);
    zem_plot_name(figure, curves->label_x);
}

static void usual_size(struct zem_figure *figure)
{
    zem_figure_usual_size(figure, figure->print ? 80.0 * 72.0 / 25.4 : 675.0, figure->print ? 0.0 : 480.0);
}

static int curve_of_view(struct zem_curves *curves, const struct zem_view *view, struct zem_plot_closed *closed,
                         struct zem_figure *figure, struct zem_error *error)
{
    *curves = (struct zem_curves){.count = 1};
    usual_size(figure);
    name_axes(curves, view, figure);
    run_along(curves, figure, view);
    return take_view(&curves->curve[0], view, closed, error);
}

int zem_plot_curve_of_view(struct zem_curves *curves, const struct zem_view *view, struct zem_figure *figure,
                           struct zem_error *error)
{
    struct zem_plot_closed closed = {.wanted = false};
    return curve_of_view(curves, view, &closed, figure, error);
}

int zem_plot_line(const struct zem_view *view, bool closed_form, struct zem_figure *figure, FILE *script,
                  struct zem_error *error)
{
    struct zem_text_lines head = {.count = 0};
    struct zem_plot_closed closed = {.wanted = closed_form};
    struct zem_curves *curves = calloc(1, sizeof *curves);
    int status = curves == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a curve")
                                : curve_of_view(curves, view, &closed, figure, error);
    if (status == ZEM_OK)
        status = zem_plot_closed_end(&closed, curves, figure, error);
    zem_plot_head(figure, view, &head);
    if (status == ZEM_OK)
        status = zem_plot_curves(script, figure, &head, curves, error);
    if (curves != NULL)
        zem_curves_free(curves);
    free(curves);
    return status;
}

/* Names a curve by the value of its point, with as many digits as distinguish all curves. */
static void name_curve(struct zem_curve *curve, const struct family *family, size_t number)
{
    const double *value = family->scenario->axis[family->points.axis].display;
    char other[40];
    bool alone = false;
    for (int digits = 4; digits < 17 && !alone; digits++) {
        snprintf(curve->name, sizeof curve->name, "%.*g", digits, value[family->points.index[number]]);
        alone = true;
        for (size_t i = 0; i < family->points.count; i++) {
            snprintf(other, sizeof other, "%.*g", digits, value[family->points.index[i]]);
            alone = alone && (i == number || strcmp(other, curve->name) != 0);
        }
    }
}

/* Fills curve `number` of the picture. */
static int take_curve(struct zem_curves *curves, struct family *family, struct zem_figure *figure, size_t number,
                      struct zem_error *error)
{
    struct zem_curve *curve = &curves->curve[number];
    int status = ZEM_OK;
    if (family->options->against == ZEM_AGAINST_RADIUS)
        status = take_radii(curve, family, number, error);
    else if (family->options->against == ZEM_AGAINST_MISS)
        status = take_distribution(curve, family, number, error);
    else {
        const struct zem_view_options at = options_at(family, number);
        struct zem_view view;
        status = zem_view_init(&view, family->base.result, &at, error);
        if (status == ZEM_OK)
            status = take_view(curve, &view, &family->closed, error);
        if (status == ZEM_OK && number == 0)
            run_along(curves, figure, &view);
        zem_view_free(&view);
    }
    if (family->points.axis != NO_AXIS)
        name_curve(curve, family, number);
    return status;
}

/* Sets the names, title and legend of the picture. `held` is the view of the first curve. */
static void describe(struct zem_curves *curves, const struct family *family, struct zem_figure *figure,
                     struct zem_text_lines *head, const struct zem_view *held)
{
    const struct zem_scenario *scenario = family->scenario;
    name_axes(curves, held, figure);
    if (family->options->against == ZEM_AGAINST_RADIUS) {
        snprintf(curves->label_x, sizeof curves->label_x, "hit radius (m)");
        snprintf(curves->title, sizeof curves->title, "%s", held->variable->long_name);
        curves->first = 0.0;
        curves->last = 1.02 * scenario->radius[scenario->radius_count - 1];
    } else if (family->options->against == ZEM_AGAINST_MISS) {
        curves->logarithmic = true;
        snprintf(curves->title, sizeof curves->title, "trials with a smaller miss; upright lines: hit radii");
        snprintf(curves->label_x, sizeof curves->label_x, "miss distance (m)");
        snprintf(curves->label_y, sizeof curves->label_y, "fraction of all trials");
        curves->brief_y[0] = '\0';
        bound_distributions(curves, scenario);
    }
    if (family->points.axis != NO_AXIS) {
        zem_view_axis_label(held, family->points.axis, curves->legend, sizeof curves->legend);
        zem_plot_name(figure, curves->legend);
    }
    zem_plot_head(figure, held, head);
}

static int draw_family(struct family *family, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    struct zem_curves *curves = calloc(1, sizeof *curves);
    struct zem_text_lines head = {.count = 0};
    struct zem_view held = {.result = NULL};
    const struct zem_view_options at = options_at(family, 0);
    int status = curves == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for curves") : ZEM_OK;
    if (status == ZEM_OK)
        status = zem_view_init(&held, family->base.result, &at, error);
    if (status == ZEM_OK) {
        const size_t count = family->points.axis != NO_AXIS ? family->points.count : 1;
        while (status == ZEM_OK && curves->count < count) {
            curves->count++;
            status = take_curve(curves, family, figure, curves->count - 1, error);
        }
        if (family->points.axis != NO_AXIS)
            held.held[family->points.axis] = false;
        usual_size(figure);
        if (status == ZEM_OK)
            status = zem_plot_closed_end(&family->closed, curves, figure, error);
        if (status == ZEM_OK)
            describe(curves, family, figure, &head, &held);
        if (status == ZEM_OK)
            status = zem_plot_curves(script, figure, &head, curves, error);
    }
    zem_view_free(&held);
    if (curves != NULL)
        zem_curves_free(curves);
    free(curves);
    return status;
}

int zem_plot_family(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error)
{
    struct family family = {
        .options = options, .scenario = result->scenario, .closed = {.wanted = options->closed_form}};
    const struct zem_view_options thinned = zem_plot_thinned(&options->view);
    if (options->against == ZEM_AGAINST_RADIUS && result->scenario->radius_count < 2)
        return zem_error_set(error, ZEM_USAGE,
                             "against radius: the result has one hit radius only; scoring.hit_radius takes a list");
    if (options->against == ZEM_AGAINST_MISS && options->view.variable != NULL)
        return zem_error_set(error, ZEM_USAGE,
                             "against miss: the distribution of the miss has no variable; leave "
                             "--variable out");
    int status = zem_view_init(&family.base, result, &thinned, error);
    if (status == ZEM_OK && options->against == ZEM_AGAINST_RADIUS
        && family.base.variable->dimension[0] != ZEM_DIMENSION_RADIUS)
        status = zem_error_set(error, ZEM_USAGE, "against radius: %s does not depend on the hit radius",
                               family.base.variable->name);
    if (status == ZEM_OK)
        status = choose_axes(&family, error);
    if (status == ZEM_OK)
        status = draw_family(&family, figure, script, error);
    zem_view_free(&family.base);
    return status;
}
