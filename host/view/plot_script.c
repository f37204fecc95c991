/* Chooses which picture a result gets: one or two maps, panels of maps over further axes, or curves. */
#include "view/plot_script.h"

#include "result/extremes.h"
#include "view/contours.h"
#include "view/plot_family.h"
#include "view/plot_contours.h"
#include "view/plot_maps.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PANELS_ROW 9  /* largest number of panels over one further axis */
#define PANELS_SIDE 4 /* largest number of panels across and upward over two further axes */
#define CONTOURS_USUAL 5
#define MM (72.0 / 25.4)

/* A map with its contours; all members are owned. */
struct panel {
    struct zem_view view;
    struct zem_contours contours;
    double *half_width; /* half-widths of the intervals; NULL without intervals */
};

/* ---- one map of a picture ---- */

static int fill_panel(struct panel *panel, const struct zem_contours_wish *wish, struct zem_error *error)
{
    const size_t points = panel->view.columns * panel->view.rows;
    if (panel->view.low != NULL) {
        panel->half_width = calloc(points, sizeof *panel->half_width);
        if (panel->half_width == NULL)
            return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture");
        for (size_t i = 0; i < points; i++)
            panel->half_width[i] = 0.5 * (panel->view.high[i] - panel->view.low[i]);
    }
    return zem_contours_find(&panel->view, wish, &panel->contours, error);
}

static void free_panel(struct panel *panel)
{
    zem_contours_free(&panel->contours);
    zem_view_free(&panel->view);
    free(panel->half_width);
}

static void write_label(char *text, size_t size, const struct zem_view *view, const char *what)
{
    snprintf(text, size, strcmp(view->variable->unit, "1") ? "%s (%s)" : "%s", what, view->variable->unit);
}

static const uint32_t *stops_of(const struct zem_figure *figure, const uint32_t *usual)
{
    return figure->colors != NULL ? figure->colors->stops : usual;
}

/* Describes the map of the values with its contours. */
static void describe_map(struct zem_map *map, const struct panel *panel, const struct zem_figure *figure)
{
    const struct zem_view *view = &panel->view;
    char title[160], note[500], thinned[80];
    *map = (struct zem_map){.view = view,
                            .value = view->value,
                            .stops = stops_of(figure, zem_color_viridis),
                            .contours = &panel->contours,
                            .high = 1.0};
    if (!zem_view_is_fraction(view))
        zem_plot_range(view->value, view->columns * view->rows, &map->low, &map->high);
    write_label(map->label, sizeof map->label, view, figure->print ? view->variable->long_name : view->variable->name);
    write_label(map->brief, sizeof map->brief, view, view->variable->name);
    zem_view_title(view, title, sizeof title);
    zem_plot_thinned_note(view, thinned, sizeof thinned);
    zem_plot_contours_text(view, &panel->contours, note, sizeof note);
    snprintf(map->title, sizeof map->title, "%s%s%s%s%.250s", title, thinned[0] != '\0' ? "; " : "", thinned,
             figure->print ? "; " : "\n", note);
}

static void describe_half_width(struct zem_map *map, const struct panel *panel, const struct zem_figure *figure)
{
    char interval[80];
    const struct zem_view *view = &panel->view;
    *map = (struct zem_map){.view = view, .value = panel->half_width, .stops = stops_of(figure, zem_color_magma)};
    zem_plot_range(panel->half_width, view->columns * view->rows, &map->low, &map->high);
    map->low = 0.0;
    write_label(map->label, sizeof map->label, view, "half-width");
    write_label(map->brief, sizeof map->brief, view, "half-width");
    snprintf(map->title, sizeof map->title, "half-width of the %s",
             zem_view_interval_text(view->result, view->variable, interval, sizeof interval));
}

/* Chooses which maps a view gets. ZEM_USAGE if a map of the half-width is asked for and there is no interval. */
static int choose_kind(const struct zem_view *view, const struct zem_figure *figure, enum zem_figure_panel usual,
                       enum zem_figure_panel *kind, struct zem_error *error)
{
    const bool has_interval = view->low != NULL;
    *kind = figure->panel != ZEM_PANEL_USUAL ? figure->panel : has_interval ? usual : ZEM_PANEL_MAP;
    if (*kind != ZEM_PANEL_MAP && !has_interval)
        return zem_error_set(error, ZEM_USAGE, "plot: --panel: %s has no interval, so only its map can be drawn",
                             view->variable->name);
    return ZEM_OK;
}

static int write_maps(const struct zem_view *view, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    struct panel panel = {.view = *view};
    struct zem_contours_wish wish = figure->levels;
    struct zem_maps *maps = calloc(1, sizeof *maps);
    enum zem_figure_panel kind = ZEM_PANEL_BOTH;
    int status = maps == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture")
                              : choose_kind(view, figure, figure->print ? ZEM_PANEL_MAP : ZEM_PANEL_BOTH, &kind, error);
    if (!wish.is_given) /* the labels of more contours find no room in most maps */
        wish = (struct zem_contours_wish){.is_given = true, .most = CONTOURS_USUAL};
    if (status == ZEM_OK)
        status = fill_panel(&panel, &wish, error);
    if (status == ZEM_OK) {
        if (kind != ZEM_PANEL_HALF_WIDTH)
            describe_map(&maps->map[maps->count++], &panel, figure);
        if (kind != ZEM_PANEL_MAP)
            describe_half_width(&maps->map[maps->count++], &panel, figure);
        zem_plot_maps_size(figure, maps);
        status = zem_plot_maps(script, figure, view, maps, error);
    }
    panel.view.value = panel.view.low = panel.view.high = NULL; /* the caller owns them */
    free_panel(&panel);
    free(maps);
    return status;
}

static int no_closed_form(const struct zem_scenario *scenario, struct zem_error *error)
{
    return zem_error_set(error, ZEM_USAGE,
                         "plot: --closed-form is drawn over curves, and this is a map; add --along AXIS or --against "
                         "%s",
                         scenario->radius_count > 1 ? "miss or radius" : "miss");
}

/* Writes the script of a view. `closed_form`: the closed form is drawn over curves. */
static int script_view(const struct zem_view *view, bool closed_form, struct zem_figure *figure, FILE *script,
                       struct zem_error *error)
{
    if (view->axis_count == 2 && closed_form)
        return no_closed_form(view->result->scenario, error);
    if (view->axis_count == 2)
        return write_maps(view, figure, script, error);
    if (view->axis_count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "nothing to plot: the sweep has no axis of two or more points that --slice does not hold; "
                             "%s`--against miss` plots the distribution of the miss, `zem show` prints numbers",
                             view->result->scenario->radius_count > 1 ? "`--against radius` plots over the hit radius, "
                                                                      : "");
    if (figure->panel != ZEM_PANEL_USUAL || figure->levels.is_given)
        return zem_error_set(error, ZEM_USAGE, "plot: --panel and --levels belong to maps, which need two axes");
    return zem_plot_line(view, closed_form, figure, script, error);
}

int zem_plot_script_view(const struct zem_view *view, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    return script_view(view, false, figure, script, error);
}

/* ---- panels over further axes ---- */

/* The further axes of panels: each panel shows one point of each of these axes. */
struct multiples {
    size_t axes; /* 0, 1 or 2 */
    size_t axis[2], panels[2];
};

/* Chooses up to two further axes: the longest that are neither drawn nor held by a slice. */
static struct multiples choose_multiples(const struct zem_view *view, const struct zem_view_options *options)
{
    const struct zem_scenario *scenario = view->result->scenario;
    struct multiples found = {.panels = {1, 1}};
    for (; found.axes < 2; found.axes++) {
        size_t longest = ZEM_AXES_MAX;
        for (size_t i = 0; i < scenario->axis_count; i++) {
            struct zem_axis_points slice;
            struct zem_error ignored;
            bool taken = !view->held[i] || (found.axes == 1 && found.axis[0] == i);
            for (size_t k = 0; k < options->slice_count; k++)
                taken = taken
                        || (zem_view_axis_points(scenario, "slice", options->slices[k], 1, &slice, &ignored) == ZEM_OK
                            && slice.axis == i);
            if (!taken && scenario->axis[i].points > 1
                && (longest == ZEM_AXES_MAX || scenario->axis[i].points > scenario->axis[longest].points))
                longest = i;
        }
        if (longest == ZEM_AXES_MAX)
            break;
        found.axis[found.axes] = longest;
    }
    for (size_t i = 0; i < found.axes; i++) {
        const size_t most = found.axes == 1 ? PANELS_ROW : PANELS_SIDE, points = scenario->axis[found.axis[i]].points;
        found.panels[i] = points < most ? points : most;
    }
    return found;
}

/* Returns the point of further axis `which` that a panel shows. The points are spread evenly from the first to the last
 * one. */
static size_t point_of(const struct zem_scenario *scenario, const struct multiples *m, size_t which, size_t panel)
{
    return m->panels[which] > 1 ? panel * (scenario->axis[m->axis[which]].points - 1) / (m->panels[which] - 1) : 0;
}

static int make_panels(struct panel *panel, const struct zem_result *result, const struct zem_plot_options *options,
                       const struct multiples *m, size_t count, struct zem_error *error)
{
    struct zem_view_options at = zem_plot_thinned(&options->view);
    at.columns_max /= m->panels[0] < 4 ? m->panels[0] : 3; /* a panel has fewer pixels than a picture */
    at.rows_max = at.columns_max;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < m->axes; k++)
            at.at[m->axis[k]] =
                1 + point_of(result->scenario, m, k, k == 0 ? i % m->panels[0] : i / m->panels[0] % m->panels[1]);
        const int status = zem_view_init(&panel[i].view, result, &at, error);
        if (status != ZEM_OK)
            return status;
        panel[i].view.together = count;
    }
    return ZEM_OK;
}

/* Writes which point a panel shows, a line for each further axis: "period = 2 s". */
static void name_panel(char *text, size_t size, const struct zem_view *view, const struct multiples *m)
{
    text[0] = '\0';
    for (size_t i = 0; i < m->axes; i++) {
        struct zem_view only = *view;
        const size_t used = strlen(text);
        memset(only.held, 0, sizeof only.held);
        only.held[m->axis[i]] = true;
        if (i > 0 && used + 1 < size)
            strcat(text, "\n");
        zem_view_held_text(&only, text + strlen(text), size - strlen(text));
    }
}

/* Gives all maps the common range of their values for the colours. */
static void share_range(struct zem_maps *maps)
{
    for (size_t i = 1; i < maps->count; i++) {
        maps->map[0].low = fmin(maps->map[0].low, maps->map[i].low);
        maps->map[0].high = fmax(maps->map[0].high, maps->map[i].high);
    }
    for (size_t i = 1; i < maps->count; i++) {
        maps->map[i].low = maps->map[0].low;
        maps->map[i].high = maps->map[0].high;
    }
}

/* Says what holds for all panels, in the caption. zem_plot_maps draws the caption above the panels unless the picture
 * is for print. */
static void share_title(struct zem_maps *maps, struct zem_figure *figure, const struct panel *panel, bool half_width,
                        const struct multiples *m, const struct zem_contours_wish *wish)
{
    char levels[400] = "";
    const struct zem_scenario *scenario = panel->view.result->scenario;
    const struct zem_map *map = &maps->map[0];
    char title[200], interval[80];
    zem_view_title(&panel->view, title, sizeof title);
    if (half_width)
        zem_figure_say(figure, "half-width of the %s of the %s",
                       zem_view_interval_text(panel->view.result, panel->view.variable, interval, sizeof interval),
                       title);
    else
        zem_figure_say(figure, "%s", title);
    for (size_t i = 0; i < wish->count; i++)
        snprintf(levels + strlen(levels), sizeof levels - strlen(levels), "%s%.6g", i > 0 ? ", " : "", wish->level[i]);
    if (!half_width && !panel->contours.unknown && wish->count > 0)
        zem_figure_say(figure,
                       "contours at %s where cells are surely on each side; bright bands: where they may lie (%.6g %% "
                       "for all cells shown at once)",
                       levels, 100.0 * scenario->value[ZEM_KEY_CONFIDENCE].first);
    for (size_t i = 0; i < m->axes; i++)
        if (scenario->axis[m->axis[i]].points > m->panels[i])
            zem_figure_say(figure, "%zu of the %zu points of %s are shown", m->panels[i],
                           scenario->axis[m->axis[i]].points, scenario->axis[m->axis[i]].name);
    if (zem_plot_thinned_note(map->view, title, sizeof title)[0] != '\0')
        zem_figure_say(figure, "%s in each panel", title);
}

static int write_multiples(struct panel *panel, size_t count, const struct multiples *m, struct zem_figure *figure,
                           FILE *script, struct zem_error *error)
{
    struct zem_maps *maps = calloc(1, sizeof *maps);
    struct zem_contours_wish wish = figure->levels;
    struct zem_view *views = calloc(count, sizeof *views), head = panel[0].view;
    enum zem_figure_panel kind = ZEM_PANEL_MAP;
    int status = maps == NULL || views == NULL
                     ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture")
                     : choose_kind(&panel[0].view, figure, ZEM_PANEL_MAP, &kind, error);
    for (size_t i = 0; status == ZEM_OK && i < count; i++)
        views[i] = panel[i].view;
    if (status == ZEM_OK && wish.count == 0)
        zem_contours_common(views, count, &wish);
    for (size_t i = 0; status == ZEM_OK && i < count; i++) {
        status = fill_panel(&panel[i], &wish, error);
        if (status == ZEM_OK && kind == ZEM_PANEL_HALF_WIDTH)
            describe_half_width(&maps->map[i], &panel[i], figure);
        else if (status == ZEM_OK)
            describe_map(&maps->map[i], &panel[i], figure);
        maps->map[i].title[0] = '\0';
        name_panel(maps->map[i].name, sizeof maps->map[i].name, &panel[i].view, m);
    }
    if (status == ZEM_OK) {
        maps->count = count;
        maps->one_bar = true;
        maps->columns = m->axes > 1 ? m->panels[0] : count < 4 ? count : (size_t)ceil(sqrt((double)count));
        zem_figure_usual_size(figure, figure->print ? 160.0 * MM : 900.0, 0.0);
        share_range(maps);
        share_title(maps, figure, &panel[0], kind == ZEM_PANEL_HALF_WIDTH, m, &wish);
        for (size_t i = 0; i < m->axes; i++)
            head.held[m->axis[i]] = false;
        status = zem_plot_maps(script, figure, &head, maps, error);
    }
    free(views);
    free(maps);
    return status;
}

/* Writes the script of maps over two axes, in panels over the further axes. */
static int draw_multiples(const struct zem_result *result, const struct zem_plot_options *options,
                          const struct multiples *m, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const size_t count = m->panels[0] * m->panels[1];
    if (figure->panel == ZEM_PANEL_BOTH)
        return zem_error_set(error, ZEM_USAGE,
                             "plot: --panel both: the sweep has more than two axes, and the panels for the points of "
                             "the other axes show only one kind of map: give --panel map or --panel half-width, or "
                             "hold the other axes with --slice");
    struct panel *panel = calloc(count, sizeof *panel);
    int status = panel == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture")
                               : make_panels(panel, result, options, m, count, error);
    if (status == ZEM_OK)
        status = write_multiples(panel, count, m, figure, script, error);
    for (size_t i = 0; panel != NULL && i < count; i++)
        free_panel(&panel[i]);
    free(panel);
    return status;
}

/* ---- a result ---- */

/* Returns ZEM_USAGE for an option on which the picture does not depend, else 0. */
static int check_effects(const struct zem_plot_options *options, const struct zem_figure *figure,
                         struct zem_error *error)
{
    const char *name = options->view.variable != NULL ? options->view.variable : zem_counted_names[ZEM_COUNTED_HIT];
    const struct zem_variable *variable = zem_variable_find(name);
    if (options->radius_is_given && options->against != ZEM_AGAINST_AXES)
        return zem_error_set(error, ZEM_USAGE, "plot: --radius: a picture against %s has no hit radius of its own",
                             options->against == ZEM_AGAINST_MISS ? "the miss" : "the hit radius");
    if (options->radius_is_given && variable != NULL && variable->dimension[0] != ZEM_DIMENSION_RADIUS)
        return zem_error_set(error, ZEM_USAGE, "plot: --radius: %s does not depend on the hit radius", name);
    if (figure->levels.is_given && figure->panel == ZEM_PANEL_HALF_WIDTH)
        return zem_error_set(error, ZEM_USAGE, "plot: --levels: a map of the half-width has no contours");
    return ZEM_OK;
}

/* Whether a result has no axis to draw over, and the options ask for nothing else than its usual picture. */
static bool is_one_cell(const struct zem_result *result, const struct zem_plot_options *options,
                        const struct zem_figure *figure)
{
    return result->cells == 1 && options->against == ZEM_AGAINST_AXES && options->along == NULL
           && options->curves_for == NULL && options->view.variable == NULL && !options->radius_is_given
           && figure->panel == ZEM_PANEL_USUAL && !figure->levels.is_given;
}

int zem_plot_script(const struct zem_result *result, const struct zem_plot_options *options, struct zem_figure *figure,
                    FILE *script, struct zem_error *error)
{
    if (is_one_cell(result, options, figure)) {
        struct zem_plot_options against_miss = *options;
        against_miss.against = ZEM_AGAINST_MISS;
        zem_figure_warn(figure, "the result has one cell, so the picture is the distribution of its misses");
        return zem_plot_family(result, &against_miss, figure, script, error);
    }
    const struct zem_view_options thinned = zem_plot_thinned(&options->view);
    struct zem_view view;
    int status = check_effects(options, figure, error);
    if (status != ZEM_OK)
        return status;
    if (options->against != ZEM_AGAINST_AXES || options->along != NULL || options->curves_for != NULL) {
        if (figure->panel != ZEM_PANEL_USUAL || figure->levels.is_given)
            return zem_error_set(error, ZEM_USAGE, "plot: --panel and --levels belong to maps, and these are curves");
        return zem_plot_family(result, options, figure, script, error);
    }
    status = zem_view_init(&view, result, &thinned, error);
    if (status != ZEM_OK)
        return status;
    const struct multiples m = choose_multiples(&view, &options->view);
    if (view.axis_count == 2 && figure->levels.is_given && figure->levels.count == 0 && !zem_view_is_fraction(&view))
        zem_figure_warn(figure,
                        "--levels %zu is taken as the most contours there may be; --levels %zu.0 is one contour, where "
                        "%s is %zu",
                        figure->levels.most, figure->levels.most, view.variable->name, figure->levels.most);
    if (options->multiples && view.axis_count == 2 && m.axes > 0)
        status = options->closed_form ? no_closed_form(result->scenario, error)
                                      : draw_multiples(result, options, &m, figure, script, error);
    else
        status = script_view(&view, options->closed_form, figure, script, error);
    zem_view_free(&view);
    return status;
}
