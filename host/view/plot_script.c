/* The pictures of a result: a map with its contours, a line, and curves over the hit radius. Contours come from
 * gnuplot; on a logarithmic axis it gets logarithms. */
#include "view/plot_script.h"

#include "view/contours.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CURVES_MAX 6 /* curves in one picture over the hit radius */

/* Writes x y value, a block for each row, for gnuplot's contours. The coordinate of a logarithmic axis is its
 * logarithm. */
static void write_surface(FILE *script, const struct zem_view *view, size_t number, const double *value)
{
    const struct zem_axis *axis[2];
    for (int i = 0; i < 2; i++)
        axis[i] = &view->result->scenario->axis[view->axis[i]];
    fprintf(script, "$surface%zu << END\n", number);
    for (size_t row = 0; row < view->rows; row++) {
        for (size_t column = 0; column < view->columns; column++) {
            double place[2] = {zem_view_point(view, 0, column), zem_view_point(view, 1, row)};
            for (int i = 0; i < 2; i++)
                zem_plot_number(script, zem_plot_is_logarithmic(axis[i]) ? log10(place[i]) : place[i]);
            zem_plot_number(script, value[row * view->columns + column]);
            fputc('\n', script);
        }
        fputc('\n', script);
    }
    fputs("END\n", script);
}

/* Writes the commands that put each contour into a data block of its own, $contours0, $contours1, ... */
static void write_contours(FILE *script, const struct zem_view *view, const struct zem_contours *contours)
{
    if (contours->count > 0)
        fputs("set contour base\nset cntrparam linear\nunset surface\nset format '%.10g'\n", script);
    for (size_t i = 0; i < contours->count; i++) {
        write_surface(script, view, i, contours->surface + i * contours->points);
        fprintf(script,
                "set cntrparam levels discrete %.17g\nset table $contours%zu\nsplot $surface%zu using 1:2:3\n"
                "unset table\n",
                contours->level[i], i, i);
    }
    if (contours->count > 0)
        fputs("set format\nunset contour\nset surface\n", script);
}

/* The gnuplot expression for a coordinate of $contours, which undoes the logarithm. */
static const char *coordinate(const struct zem_view *view, int which)
{
    const bool logarithmic = zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]);
    return which == 0 ? logarithmic ? "(10**$1)" : "1" : logarithmic ? "(10**$2)" : "2";
}

static const char *label_with_unit(const struct zem_view *view, const char *what, char *text, size_t size)
{
    snprintf(text, size, strcmp(view->variable->unit, "1") ? "%s (%s)" : "%s", what, view->variable->unit);
    return text;
}

/* The place on an axis between two points of those viewed, at a fraction of an index. */
static double place_between(const struct zem_view *view, int which, double index)
{
    const size_t points = which == 0 ? view->columns : view->rows,
                 i = index < (double)(points - 1) ? (size_t)index : points - 2;
    const double a = zem_view_point(view, which, i), b = zem_view_point(view, which, i + 1), part = index - (double)i;
    return zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]) ? a * pow(b / a, part)
                                                                                     : a + (b - a) * part;
}

/* A map of limits between its points, by the same linear interpolation as a contour. */
static double between(const struct zem_view *view, const double *value, double column, double row)
{
    const size_t i = (size_t)column, k = (size_t)row, at = k * view->columns + i;
    const double x = column - (double)i, y = row - (double)k;
    return (1.0 - y) * ((1.0 - x) * value[at] + x * value[at + 1])
           + y * ((1.0 - x) * value[at + view->columns] + x * value[at + view->columns + 1]);
}

/* Writes the block $band: small boxes in which the interpolated limits enclose a level. Returns their number. */
static size_t write_band(FILE *script, const struct zem_view *view, const struct zem_contours *contours)
{
    const size_t parts = contours->points <= 1000 ? 8 : contours->points <= 10000 ? 4 : 1;
    size_t count = 0;
    fputs("$band << END\n", script);
    for (size_t k = 0; k < (view->rows - 1) * parts; k++)
        for (size_t i = 0; i < (view->columns - 1) * parts; i++) {
            const double column = ((double)i + 0.5) / (double)parts, row = ((double)k + 0.5) / (double)parts,
                         half = 0.5 / (double)parts, low = between(view, contours->low, column, row),
                         high = between(view, contours->high, column, row);
            bool possible = false;
            for (size_t n = 0; n < contours->count; n++)
                possible = possible || (low <= contours->level[n] && contours->level[n] <= high);
            if (!possible)
                continue;
            const double box[] = {place_between(view, 0, column),        place_between(view, 1, row),
                                  place_between(view, 0, column - half), place_between(view, 0, column + half),
                                  place_between(view, 1, row - half),    place_between(view, 1, row + half)};
            for (int n = 0; n < 6; n++)
                zem_plot_number(script, box[n]);
            fputc('\n', script);
            count++;
        }
    fputs("END\n", script);
    return count;
}

/* What is said of the contours below the title of the map. */
static const char *contours_text(const struct zem_view *view, const struct zem_contours *contours, char *text,
                                 size_t size)
{
    if (contours->count > 0)
        snprintf(text, size, "bright bands: where the contours may lie (%.6g %% for all cells%s at once)",
                 100.0 * view->result->scenario->value[ZEM_KEY_CONFIDENCE].first,
                 zem_view_is_thinned(view) ? " shown" : "");
    else
        snprintf(text, size, "%s",
                 contours->unknown ? "no contours: this variable has no interval"
                                   : "no contours: chance may account for every step across one");
    return text;
}

/* The title of the map, its cells, the band and the contours with their labels. Labels are shifted from level to level,
 * so that they do not hide each other. */
static void write_surface_plot(FILE *script, const struct zem_view *view, const struct zem_contours *contours,
                               bool band)
{
    char text[500];
    const char *x = coordinate(view, 0), *y = coordinate(view, 1);
    const size_t shorter = view->rows < view->columns ? view->rows : view->columns;
    zem_view_title(view, text, sizeof text);
    fputs("set title ", script);
    zem_plot_quoted(script, text);
    zem_plot_thinned_note(script, view);
    fputs(".\"\\n\".", script);
    zem_plot_quoted(script, contours_text(view, contours, text, sizeof text));
    fputs("\nplot $cells using 1:2:3:4:5:6:7 with boxxyerror linecolor palette", script);
    if (band)
        fputs(", $band using 1:2:3:4:5:6 with boxxyerror fillcolor rgb '#A0FFFFFF'", script);
    for (size_t i = 0; i < contours->count; i++)
        fprintf(script, ", $contours%zu using %s:%s with lines linecolor rgb 'white' linewidth 1.6", i, x, y);
    for (size_t i = 0; i < contours->count; i++)
        fprintf(script,
                ", $contours%zu using %s:%s:(sprintf('%%g', $3)) every 60::%zu with labels boxed font ',10' "
                "textcolor rgb 'black'",
                i, x, y, 1 + shorter / 8 + shorter / 4 * (i % 4));
    fputs("\n", script);
}

static void write_map(const struct zem_view *view, const struct zem_contours *contours, FILE *script,
                      double *half_width)
{
    char text[500], interval[80];
    const size_t points = view->columns * view->rows;
    const bool fraction = zem_view_is_fraction(view);
    zem_plot_cells(script, view, "cells", view->value);
    write_contours(script, view, contours);
    const bool band = contours->count > 0 && write_band(script, view, contours) > 0;
    zem_plot_maps(script, view, view->low != NULL);
    zem_plot_palette(script, zem_color_viridis);
    zem_plot_color_axis(script, label_with_unit(view, view->variable->name, text, sizeof text), view->value, points,
                        fraction, fraction);
    write_surface_plot(script, view, contours, band);
    if (view->low != NULL) {
        for (size_t i = 0; i < points; i++)
            half_width[i] = 0.5 * (view->high[i] - view->low[i]);
        zem_plot_cells(script, view, "widths", half_width);
        zem_plot_palette(script, zem_color_magma);
        zem_plot_color_axis(script, label_with_unit(view, "half-width", text, sizeof text), half_width, points, true,
                            false);
        snprintf(text, sizeof text, "half-width of the %s",
                 zem_view_interval_text(view->result, interval, sizeof interval));
        fputs("set title ", script);
        zem_plot_quoted(script, text);
        fputs("\nplot $widths using 1:2:3:4:5:6:7 with boxxyerror linecolor palette\n", script);
    }
    fputs("unset multiplot\n", script);
}

static void write_line(const struct zem_view *view, FILE *script)
{
    char text[500], interval[80];
    fputs("$line << END\n", script);
    for (size_t i = 0; i < view->columns; i++) {
        zem_plot_number(script, zem_view_point(view, 0, i));
        zem_plot_number(script, view->value[i]);
        zem_plot_number(script, view->low ? view->low[i] : (double)NAN);
        zem_plot_number(script, view->high ? view->high[i] : (double)NAN);
        fputc('\n', script);
    }
    fputs("END\nset title ", script);
    zem_plot_title(script, view);
    fputs(" font ',14'\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset bmargin 6\nset key outside bottom "
          "center horizontal\n",
          script);
    zem_plot_axis(script, view, 0, 'x');
    fputs("set ylabel ", script);
    zem_plot_quoted(script, label_with_unit(view, view->variable->name, text, sizeof text));
    fputs(zem_view_is_fraction(view) ? "\nset yrange [0:1]\n" : "\nset yrange [0:*]\n", script);
    zem_view_title(view, text, sizeof text);
    fputs("plot ", script);
    if (view->low != NULL) {
        fputs("$line using 1:3:4 with filledcurves fillcolor rgb '#A6CFD5' title ", script);
        zem_plot_quoted(script, zem_view_interval_text(view->result, interval, sizeof interval));
        fputs(", ", script);
    }
    fputs("$line using 1:2 with linespoints linecolor rgb '#21608c' linewidth 2 pointtype 7 pointsize 0.6 title ",
          script);
    zem_plot_quoted(script, text);
    fputs("\n", script);
}

int zem_plot_script_view(const struct zem_view *view, enum zem_picture picture, FILE *script, struct zem_error *error)
{
    int status = 0;
    if (view->axis_count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "nothing to plot: no axis is left to draw over; `--against radius` plots over the hit "
                             "radius, `zem show` prints numbers");
    zem_plot_start(script, picture, view->axis_count == 2 && view->low != NULL);
    if (view->axis_count == 1)
        write_line(view, script);
    else {
        struct zem_contours contours;
        double *half_width = calloc(view->columns * view->rows, sizeof *half_width);
        status = half_width == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture")
                                    : zem_contours_find(view, &contours, error);
        if (status == 0)
            write_map(view, &contours, script, half_width);
        if (half_width != NULL)
            zem_contours_free(&contours);
        free(half_width);
    }
    return status;
}

/* ---- over the hit radius ---- */

/* Writes the data of one curve, a line for each hit radius: radius, value, lower, upper. `point` is the index into the
 * values of the view over the axes. */
static int write_radius_curve(const struct zem_result *result, const struct zem_view_options *options, size_t curve,
                              size_t point, FILE *script, struct zem_error *error)
{
    struct zem_view_options at = *options;
    fprintf(script, "$curve%zu << END\n", curve);
    for (at.radius_that_differs = false, at.radius = 0; at.radius < result->scenario->radius_count; at.radius++) {
        struct zem_view view;
        int status = zem_view_init(&view, result, &at, error);
        if (status != 0)
            return status;
        zem_plot_number(script, result->scenario->radius[at.radius]);
        zem_plot_number(script, view.value[point]);
        zem_plot_number(script, view.low ? view.low[point] : (double)NAN);
        zem_plot_number(script, view.high ? view.high[point] : (double)NAN);
        fputc('\n', script);
        zem_view_free(&view);
    }
    fputs("END\n", script);
    return 0;
}

/* The picture over the hit radius: the axis whose points have a curve each, and how many of its points do. */
struct family {
    const struct zem_view *view;
    int axis;      /* 0 or 1: the longer of the axes that the view would draw; the other one is held */
    size_t points; /* points of this axis; 1 without an axis */
    size_t stride; /* from point to point in the values of the view */
    size_t curves;
};

static struct family family_of(const struct zem_view *view)
{
    struct family family = {.view = view, .axis = view->axis_count > 1 && view->rows > view->columns ? 1 : 0};
    family.points = view->axis_count == 0 ? 1 : family.axis == 1 ? view->rows : view->columns;
    family.stride = family.axis == 1 ? view->columns : 1;
    family.curves = family.points < CURVES_MAX ? family.points : CURVES_MAX;
    return family;
}

/* The point of a curve. Curves are spread evenly from the first to the last point of the axis. */
static size_t family_point(const struct family *family, size_t curve)
{
    return family->curves > 1 ? curve * (family->points - 1) / (family->curves - 1) : 0;
}

static void write_radius_plot(const struct family *family, FILE *script)
{
    const struct zem_view *view = family->view;
    char text[500];
    for (size_t i = 0; i < family->curves; i++) {
        unsigned color = (unsigned)zem_color_at(
            zem_color_viridis, family->curves > 1 ? 0.9 * (double)i / (double)(family->curves - 1) : 0.4);
        if (view->low != NULL)
            fprintf(script, "$curve%zu using 1:3:4 with filledcurves fillcolor rgb '#%06x' notitle, ", i, color);
        fprintf(
            script,
            "$curve%zu using 1:2 with linespoints linecolor rgb '#%06x' linewidth 2 pointtype 7 pointsize 0.6 title ",
            i, color);
        if (view->axis_count > 0)
            snprintf(text, sizeof text, "%.6g",
                     view->result->scenario->axis[view->axis[family->axis]].display[family_point(family, i)]);
        else
            snprintf(text, sizeof text, "%s", view->variable->name);
        zem_plot_quoted(script, text);
        fputs(i + 1 < family->curves ? ", " : "\n", script);
    }
}

int zem_plot_script_radius(const struct zem_result *result, const struct zem_view_options *options,
                           enum zem_picture picture, FILE *script, struct zem_error *error)
{
    struct zem_view view;
    char label[128] = "", title[128], interval[80];
    if (result->scenario->radius_count < 2)
        return zem_error_set(error, ZEM_USAGE,
                             "against radius: the result has one hit radius only; scoring.hit_radius takes a list");
    int status = zem_view_init(&view, result, options, error);
    if (status != 0)
        return status;
    if (view.variable->dimension[0] != ZEM_DIMENSION_RADIUS) {
        status = zem_error_set(error, ZEM_USAGE, "against radius: %s does not depend on the hit radius",
                               view.variable->name);
        goto cleanup;
    }
    const struct family family = family_of(&view);
    for (size_t i = 0; i < family.curves && status == 0; i++)
        status = write_radius_curve(result, options, i, family_point(&family, i) * family.stride, script, error);
    if (status != 0)
        goto cleanup;
    zem_plot_start(script, picture, false);
    if (view.axis_count > 1) {
        view.held[view.axis[1 - family.axis]] = true;
        view.index[view.axis[1 - family.axis]] = 0;
    }
    fputs("set title ", script);
    zem_plot_title(script, &view);
    fputs(" font ',14'\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset xlabel 'hit radius (m)'\nset "
          "yrange [0:1]\nset key outside right top\nset ylabel ",
          script);
    zem_plot_quoted(script, view.variable->name);
    if (view.axis_count > 0)
        zem_view_axis_label(&view, view.axis[family.axis], label, sizeof label);
    snprintf(title, sizeof title, "%s", zem_view_interval_text(result, interval, sizeof interval));
    fputs("\nset key title ", script);
    zem_plot_quoted(script, label[0] != '\0' ? label : title);
    fputs("\nset style fill transparent solid 0.25 noborder\nplot ", script);
    write_radius_plot(&family, script);
cleanup:
    zem_view_free(&view);
    return status;
}
