/* Draws a difference as a view of p_hit whose values are replaced by the differences. */
#include "view/plot_difference.h"

#include "view/plot_curves.h"
#include "view/plot_family.h"
#include "view/plot_maps.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The comparison of two results as a view. */
struct drawing {
    const struct zem_comparison *comparison;
    const char *const *names;
    struct zem_view view;
    bool *significant; /* whether the difference at each point is significant */
    double *half_width;
};

static const struct zem_difference *difference_at(const struct drawing *d, size_t point)
{
    const size_t radii = d->comparison->first->scenario->radius_count;
    return &d->comparison->item[zem_view_cell(&d->view, point) * radii + d->view.element];
}

/* Replaces the values and limits of the view by those of the differences. Returns 0, or ZEM_INTERNAL without memory. */
static int fill(struct drawing *d, struct zem_error *error)
{
    const size_t points = d->view.columns * d->view.rows;
    d->significant = calloc(points, sizeof *d->significant);
    d->half_width = calloc(points, sizeof *d->half_width);
    if (d->significant == NULL || d->half_width == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture");
    for (size_t i = 0; i < points; i++) {
        const struct zem_difference *item = difference_at(d, i);
        d->view.value[i] = item->value;
        d->view.low[i] = item->each.lower;
        d->view.high[i] = item->each.upper;
        d->significant[i] = item->significant;
        d->half_width[i] = 0.5 * (item->each.upper - item->each.lower);
    }
    return ZEM_OK;
}

static bool any_significant(const struct drawing *d)
{
    bool any = false;
    for (size_t i = 0; i < d->view.columns * d->view.rows; i++)
        any = any || d->significant[i];
    return any;
}

/* Writes the two lines that say what is drawn: which result is subtracted from which, and what the marks mean. */
static void describe(const struct drawing *d, const struct zem_figure *figure, char *text, size_t size)
{
    char thinned[80];
    const char *points = any_significant(d) ? "points:" : "no point is";
    zem_plot_thinned_note(&d->view, thinned, sizeof thinned);
    snprintf(text, size,
             "%s%.100s minus %.100s, p_hit within %.6g m%s%s%s%s significant at %.6g %% for all %zu "
             "differences together",
             figure->print ? "difference: " : "", d->names[1], d->names[0],
             d->view.result->scenario->radius[d->view.element], thinned[0] != '\0' ? "; " : "", thinned,
             figure->print ? "; " : "\n", points, 100.0 * d->comparison->confidence, d->comparison->defined);
}

static int write_map(const struct drawing *d, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const size_t points = d->view.columns * d->view.rows;
    const bool print = figure->print;
    struct zem_maps *maps = calloc(1, sizeof *maps);
    double most = 0.0;
    if (maps == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture");
    for (size_t i = 0; i < points; i++)
        most = isnan(d->view.value[i]) ? most : fmax(most, fabs(d->view.value[i]));
    most = most > 0.0 ? most : 1.0;
    if (figure->panel != ZEM_PANEL_HALF_WIDTH) {
        struct zem_map *map = &maps->map[maps->count++];
        *map = (struct zem_map){.view = &d->view,
                                .value = d->view.value,
                                .stops = figure->colors != NULL ? figure->colors->stops : zem_color_diverging,
                                .low = -most,
                                .high = most,
                                .label = "difference",
                                .brief = "difference",
                                .marked = d->significant};
        describe(d, figure, map->title, sizeof map->title);
    }
    if (figure->panel == ZEM_PANEL_HALF_WIDTH || figure->panel == ZEM_PANEL_BOTH
        || (figure->panel == ZEM_PANEL_USUAL && !print)) {
        struct zem_map *map = &maps->map[maps->count++];
        *map = (struct zem_map){.view = &d->view,
                                .value = d->half_width,
                                .stops = figure->colors != NULL ? figure->colors->stops : zem_color_magma,
                                .label = "half-width",
                                .brief = "half-width"};
        zem_plot_range(d->half_width, points, &map->low, &map->high);
        map->low = 0.0;
        snprintf(map->title, sizeof map->title, "half-width of the %.6g %% interval of each",
                 100.0 * d->comparison->confidence);
    }
    zem_plot_maps_size(figure, maps);
    const int status = zem_plot_maps(script, figure, &d->view, maps, error);
    free(maps);
    return status;
}

static int write_line(const struct drawing *d, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    struct zem_text_lines head = {.count = 0};
    struct zem_curves *curves = calloc(1, sizeof *curves);
    int status = curves == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a curve") : ZEM_OK;
    if (status == ZEM_OK)
        status = zem_plot_curve_of_view(curves, &d->view, figure, error);
    if (status == ZEM_OK) {
        snprintf(curves->curve[0].name, sizeof curves->curve[0].name, "difference");
        snprintf(curves->label_y, sizeof curves->label_y, "difference");
        snprintf(curves->interval, sizeof curves->interval, "%.6g %% interval of each",
                 100.0 * d->comparison->confidence);
        curves->fraction = false;
        curves->significant = any_significant(d) ? d->significant : NULL;
        describe(d, figure, curves->title, sizeof curves->title);
        zem_plot_head(figure, &d->view, &head);
        status = zem_plot_curves(script, figure, &head, curves, error);
    }
    if (curves != NULL)
        zem_curves_free(curves);
    free(curves);
    return status;
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct drawing *d = context;
    if (d->view.axis_count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "nothing to plot: the sweep has no axis of two or more points that --slice does not hold; "
                             "`zem diff` prints the difference");
    if (figure->levels.is_given)
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --levels: a difference has marks where it is significant, and no "
                             "contours");
    return d->view.axis_count == 2 ? write_map(d, figure, script, error) : write_line(d, figure, script, error);
}

int zem_plot_difference(const struct zem_comparison *comparison, const char *const names[2],
                        const struct zem_plot_options *options, struct zem_error *error)
{
    struct drawing drawing = {.comparison = comparison, .names = names};
    struct zem_view_options view = zem_plot_thinned(&options->view);
    if (options->closed_form)
        return zem_error_set(error, ZEM_USAGE, "plot: --closed-form needs one result, and two are given");
    if (options->against != ZEM_AGAINST_AXES || options->along != NULL || options->curves_for != NULL
        || (view.variable != NULL && strcmp(view.variable, "p_hit") != 0))
        return zem_error_set(error, ZEM_USAGE,
                             "plot: the difference of two results is that of p_hit over the axes; leave "
                             "--variable, --against, --along and --for out");
    if (view.radius_that_differs && comparison->defined > 0) {
        view.radius_that_differs = false;
        view.radius = comparison->item[comparison->order[0]].radius;
    }
    int status = zem_view_init(&drawing.view, comparison->first, &view, error);
    if (status == ZEM_OK)
        status = fill(&drawing, error);
    if (status == ZEM_OK)
        status = zem_plot_write(write_script, &drawing, options, error);
    free(drawing.significant);
    free(drawing.half_width);
    zem_view_free(&drawing.view);
    return status;
}
