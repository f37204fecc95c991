/* The text of the gnuplot scripts. Every number is computed here and written as data, so gnuplot only draws. A cell is
 * a box that ends midway between its neighbours, which is correct for any spacing. Contours come from gnuplot; on a
 * logarithmic axis it gets logarithms. */
#include "view/plot_script.h"

#include "base/printable.h"
#include "view/color_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CURVES_MAX 6 /* curves in one picture over the hit radius */

/* Writes a text in gnuplot's single quotes, within which nothing but the quote itself has a meaning: no substitution of
 * commands or macros and no escape sequences. Control characters and bytes that are no UTF-8
 * become blanks. */
static void write_quoted(FILE *script, const char *text)
{
    fputc('\'', script);
    while (*text != '\0') {
        const size_t length = zem_printable_length(text);
        if (*text == '\'')
            fputc('\'', script);
        fwrite(length > 0 ? text : " ", 1, length > 0 ? length : 1, script);
        text += length > 0 ? length : 1;
    }
    fputc('\'', script);
}

static void write_number(FILE *script, double value)
{
    if (isfinite(value))
        fprintf(script, " %.17g", value);
    else
        fputs(" NaN", script);
}

static void write_start(FILE *script, enum zem_picture picture, bool wide)
{
    int width = wide ? 1500 : 900;
    fputs("set encoding utf8\n", script);
    if (picture == ZEM_PICTURE_PNG)
        fprintf(script, "set terminal pngcairo noenhanced size %d,640 font 'Sans,12' background rgb 'white'\n", width);
    else if (picture == ZEM_PICTURE_SVG)
        fprintf(script, "set terminal svg noenhanced size %d,640 font 'Sans,14' background rgb 'white'\n", width);
    else
        fprintf(script, "set terminal pdfcairo noenhanced size %.1fin,6.4in font 'Sans,12' background rgb 'white'\n",
                width / 100.0);
    fputs("set datafile missing 'NaN'\nset tics out nomirror\nset border lw 1\n", script);
}

static void write_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS])
{
    fputs("set palette defined (", script);
    for (int i = 0; i < ZEM_COLOR_STOPS; i++)
        fprintf(script, "%s%d '#%06x'", i > 0 ? ", " : "", i, (unsigned)stops[i]);
    fputs(")\n", script);
}

/* Whether an axis is drawn on a logarithmic scale. */
static bool is_logarithmic(const struct zem_axis *axis)
{
    return axis->logarithmic && axis->display[0] > 0 && axis->display[axis->points - 1] > 0;
}

/* The boundary between the cells of the points i - 1 and i of those viewed. The first and the last cell end half a step
 * beyond their points. */
static double cell_edge(const struct zem_view *view, int which, size_t i)
{
    const bool logarithmic = is_logarithmic(&view->result->scenario->axis[view->axis[which]]);
    const size_t points = which == 0 ? view->columns : view->rows;
    size_t low = i == 0 ? 0 : i == points ? i - 2 : i - 1;
    double a = zem_view_point(view, which, low), b = zem_view_point(view, which, low + 1);
    double part = i == 0 ? -0.5 : i == points ? 1.5 : 0.5;
    return logarithmic ? a * pow(b / a, part) : a + (b - a) * part;
}

/* The upper edge of the box of point i, which lies a little inside the next box (write_cells says why). */
static double box_end(const struct zem_view *view, int which, size_t i)
{
    const size_t points = which == 0 ? view->columns : view->rows;
    double edge = cell_edge(view, which, i + 1);
    return i + 1 == points ? edge : edge + 0.05 * (zem_view_point(view, which, i + 1) - edge);
}

/* Writes the tics of a logarithmic axis: 1, 2 and 5 times powers of ten, and more of them if the axis spans less than a
 * factor of 30. */
static void write_logarithmic_tics(FILE *script, char letter, double first, double last)
{
    static const double usual[] = {1, 2, 5}, dense[] = {1, 1.5, 2, 3, 4, 5, 7};
    bool is_short = last / first < 30;
    fprintf(script, "set %ctics (", letter);
    const char *before = "";
    for (double power = pow(10, floor(log10(first))); power <= last; power *= 10)
        for (size_t i = 0; i < (is_short ? 7u : 3u); i++) {
            double place = power * (is_short ? dense[i] : usual[i]);
            if (place < first || place > last)
                continue;
            fprintf(script, "%s'%g' %.17g", before, place, place);
            before = ", ";
        }
    fputs(")\n", script);
}

static void write_axis(FILE *script, const struct zem_view *view, int which, char letter)
{
    const struct zem_axis *axis = &view->result->scenario->axis[view->axis[which]];
    char label[128];
    zem_view_axis_label(view, view->axis[which], label, sizeof label);
    fprintf(script, "set %clabel ", letter);
    write_quoted(script, label);
    double first = cell_edge(view, which, 0), last = cell_edge(view, which, which == 0 ? view->columns : view->rows);
    fprintf(script, "\nset %crange [%.17g:%.17g]\n", letter, fmin(first, last), fmax(first, last));
    if (is_logarithmic(axis)) {
        fprintf(script, "set logscale %c\n", letter);
        write_logarithmic_tics(script, letter, fmin(first, last), fmax(first, last));
    }
}

/* Writes a line for each cell: x y xlow xhigh ylow yhigh value. Boxes overlap the next ones, which are drawn over them,
 * because otherwise the background shows as a thin line between two boxes. */
static void write_cells(FILE *script, const struct zem_view *view, const char *name, const double *value)
{
    fprintf(script, "$%s << END\n", name);
    for (size_t row = 0; row < view->rows; row++)
        for (size_t column = 0; column < view->columns; column++) {
            double values[] = {
                zem_view_point(view, 0, column),    zem_view_point(view, 1, row), cell_edge(view, 0, column),
                box_end(view, 0, column),           cell_edge(view, 1, row),      box_end(view, 1, row),
                value[row * view->columns + column]};
            for (int i = 0; i < 7; i++)
                write_number(script, values[i]);
            fputc('\n', script);
        }
    fputs("END\n", script);
}

/* Writes x y value, a block for each row, for gnuplot's contours. The coordinate of a logarithmic axis is its
 * logarithm. */
static void write_surface(FILE *script, const struct zem_view *view)
{
    const struct zem_axis *axis[2];
    for (int i = 0; i < 2; i++)
        axis[i] = &view->result->scenario->axis[view->axis[i]];
    fputs("$surface << END\n", script);
    for (size_t row = 0; row < view->rows; row++) {
        for (size_t column = 0; column < view->columns; column++) {
            double place[2] = {zem_view_point(view, 0, column), zem_view_point(view, 1, row)};
            for (int i = 0; i < 2; i++)
                write_number(script, is_logarithmic(axis[i]) ? log10(place[i]) : place[i]);
            write_number(script, view->value[row * view->columns + column]);
            fputc('\n', script);
        }
        fputc('\n', script);
    }
    fputs("END\n", script);
}

static bool value_range(const double *value, size_t count, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = (double)-INFINITY;
    for (size_t i = 0; i < count; i++)
        if (isfinite(value[i])) {
            *low = fmin(*low, value[i]);
            *high = fmax(*high, value[i]);
        }
    return *low < *high;
}

/* A step of 1, 2 or 5 times a power of ten that divides the range into about five to ten parts. */
static double round_step(double range)
{
    double power = pow(10, floor(log10(range / 5)));
    double part = range / 5 / power;
    return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

/* Writes the commands that put contours into $contours, with one gnuplot index for each level. Returns the number of
 * levels. */
static int write_contours(FILE *script, const struct zem_view *view)
{
    double low, high;
    if (!value_range(view->value, view->columns * view->rows, &low, &high))
        return 0;
    bool whole = zem_view_is_fraction(view) && high - low > 0.45;
    double step = whole ? 0.1 : round_step(high - low), first = ceil(low / step), last = floor(high / step);
    if (last < first)
        return 0;
    write_surface(script, view);
    fprintf(
        script,
        "set contour base\nset cntrparam linear\nset cntrparam levels incremental %.17g,%.17g,%.17g\nunset surface\n"
        "set format '%%.10g'\nset table $contours\nsplot $surface using 1:2:3\nunset table\nset format\n"
        "unset contour\nset surface\n",
        first * step, step, (last + 0.01) * step);
    return (int)(last - first) + 1;
}

/* The gnuplot expression for a coordinate of $contours, which undoes the logarithm. */
static const char *coordinate(const struct zem_view *view, int which)
{
    const bool logarithmic = is_logarithmic(&view->result->scenario->axis[view->axis[which]]);
    return which == 0 ? logarithmic ? "(10**$1)" : "1" : logarithmic ? "(10**$2)" : "2";
}

static void write_color_axis(FILE *script, const char *label, const double *value, size_t count, bool from_zero,
                             bool to_one)
{
    double low, high;
    if (!value_range(value, count, &low, &high)) { /* all values are equal, or none is finite */
        low = isfinite(low) ? low - 0.5 * fabs(low) : 0;
        high = isfinite(high) && high != 0 ? high + 0.5 * fabs(high) : 1;
    }
    fprintf(script, "set cbrange [%.17g:%.17g]\nset cblabel ", from_zero ? 0 : low, to_one ? 1 : high);
    write_quoted(script, label);
    fputs("\n", script);
}

/* Writes the title of the picture as a gnuplot expression: the title of the scenario, and a second line with the axes
 * held. */
static void write_picture_title(FILE *script, const struct zem_view *view)
{
    const struct zem_scenario *scenario = view->result->scenario;
    const char *title = scenario->title[0] != '\0' ? scenario->title : scenario->name;
    char text[400];
    size_t length = strlen(title), limit = 90;
    while (length > limit && limit > 0 && ((unsigned char)title[limit] & 0xC0) == 0x80)
        limit--; /* do not cut a UTF-8 character */
    snprintf(text, sizeof text, "%.*s%s", (int)(length > limit ? limit : length), title, length > limit ? "..." : "");
    write_quoted(script, text);
    zem_view_held_text(view, text, sizeof text);
    if (text[0] != '\0') {
        fputs(".\"\\n\".", script);
        write_quoted(script, text);
    }
}

static const char *label_with_unit(const struct zem_view *view, const char *what, char *text, size_t size)
{
    snprintf(text, size, strcmp(view->variable->unit, "1") ? "%s (%s)" : "%s", what, view->variable->unit);
    return text;
}

static int write_map(const struct zem_view *view, FILE *script, double *half_width)
{
    char text[500], interval[80];
    size_t points = view->columns * view->rows;
    bool fraction = zem_view_is_fraction(view);
    write_cells(script, view, "cells", view->value);
    int levels = write_contours(script, view);
    bool pair = view->low != NULL;
    fprintf(script, "set multiplot layout 1,%d margins screen %s,0.11,0.85 spacing screen 0.16 title ", pair ? 2 : 1,
            pair ? "0.06,0.905" : "0.1,0.83");
    write_picture_title(script, view);
    fputs(
        " font ',14' noenhanced\nunset key\nset style textbox opaque noborder fillcolor rgb '#FFFFFF' margins 0.6,0.6\n"
        "set style fill solid 1.0 noborder\n",
        script);
    write_axis(script, view, 0, 'x');
    write_axis(script, view, 1, 'y');
    write_palette(script, zem_color_viridis);
    write_color_axis(script, label_with_unit(view, view->variable->name, text, sizeof text), view->value, points,
                     fraction, fraction);
    zem_view_title(view, text, sizeof text);
    fputs("set title ", script);
    write_quoted(script, text);
    fputs("\nplot $cells using 1:2:3:4:5:6:7 with boxxyerror linecolor palette", script);
    if (levels > 0) { /* labels are shifted from level to level, so that they do not hide each other */
        const char *x = coordinate(view, 0), *y = coordinate(view, 1);
        size_t shorter = view->rows < view->columns ? view->rows : view->columns;
        fprintf(script,
                ", $contours using %s:%s with lines linecolor rgb 'white' linewidth 1.6,"
                " for [i=0:%d] $contours index i using %s:%s:(sprintf('%%g', $3)) every 60::(%zu + %zu * (i %% 4))"
                " with labels boxed font ',10' textcolor rgb 'black'",
                x, y, levels - 1, x, y, 1 + shorter / 8, shorter / 4);
    }
    fputs("\n", script);
    if (view->low != NULL) {
        for (size_t i = 0; i < points; i++)
            half_width[i] = 0.5 * (view->high[i] - view->low[i]);
        write_cells(script, view, "widths", half_width);
        write_palette(script, zem_color_magma);
        write_color_axis(script, label_with_unit(view, "half-width", text, sizeof text), half_width, points, true,
                         false);
        snprintf(text, sizeof text, "half-width of the %s",
                 zem_view_interval_text(view->result, interval, sizeof interval));
        fputs("set title ", script);
        write_quoted(script, text);
        fputs("\nplot $widths using 1:2:3:4:5:6:7 with boxxyerror linecolor palette\n", script);
    }
    fputs("unset multiplot\n", script);
    return 0;
}

static void write_line(const struct zem_view *view, FILE *script)
{
    char text[500], interval[80];
    fputs("$line << END\n", script);
    for (size_t i = 0; i < view->columns; i++) {
        write_number(script, zem_view_point(view, 0, i));
        write_number(script, view->value[i]);
        write_number(script, view->low ? view->low[i] : (double)NAN);
        write_number(script, view->high ? view->high[i] : (double)NAN);
        fputc('\n', script);
    }
    fputs("END\nset title ", script);
    write_picture_title(script, view);
    fputs(" font ',14'\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset bmargin 6\nset key outside bottom "
          "center horizontal\n",
          script);
    write_axis(script, view, 0, 'x');
    fputs("set ylabel ", script);
    write_quoted(script, label_with_unit(view, view->variable->name, text, sizeof text));
    fputs(zem_view_is_fraction(view) ? "\nset yrange [0:1]\n" : "\nset yrange [0:*]\n", script);
    zem_view_title(view, text, sizeof text);
    fputs("plot ", script);
    if (view->low != NULL) {
        fputs("$line using 1:3:4 with filledcurves fillcolor rgb '#A6CFD5' title ", script);
        write_quoted(script, zem_view_interval_text(view->result, interval, sizeof interval));
        fputs(", ", script);
    }
    fputs("$line using 1:2 with linespoints linecolor rgb '#21608c' linewidth 2 pointtype 7 pointsize 0.6 title ",
          script);
    write_quoted(script, text);
    fputs("\n", script);
}

int zem_plot_script_view(const struct zem_view *view, enum zem_picture picture, FILE *script, struct zem_error *error)
{
    int status = 0;
    if (view->axis_count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "nothing to plot: no axis is left to draw over; `--against radius` plots over the hit "
                             "radius, `zem show` prints numbers");
    write_start(script, picture, view->axis_count == 2 && view->low != NULL);
    if (view->axis_count == 1)
        write_line(view, script);
    else {
        double *half_width = calloc(view->columns * view->rows, sizeof *half_width);
        status = half_width == NULL ? zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture")
                                    : write_map(view, script, half_width);
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
    for (at.radius = 0; at.radius < result->scenario->radius_count; at.radius++) {
        struct zem_view view;
        int status = zem_view_init(&view, result, &at, error);
        if (status != 0)
            return status;
        write_number(script, result->scenario->radius[at.radius]);
        write_number(script, view.value[point]);
        write_number(script, view.low ? view.low[point] : (double)NAN);
        write_number(script, view.high ? view.high[point] : (double)NAN);
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
        write_quoted(script, text);
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
    write_start(script, picture, false);
    if (view.axis_count > 1) {
        view.held[view.axis[1 - family.axis]] = true;
        view.index[view.axis[1 - family.axis]] = 0;
    }
    fputs("set title ", script);
    write_picture_title(script, &view);
    fputs(" font ',14'\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset xlabel 'hit radius (m)'\nset "
          "yrange [0:1]\nset key outside right top\nset ylabel ",
          script);
    write_quoted(script, view.variable->name);
    if (view.axis_count > 0)
        zem_view_axis_label(&view, view.axis[family.axis], label, sizeof label);
    snprintf(title, sizeof title, "%s", zem_view_interval_text(result, interval, sizeof interval));
    fputs("\nset key title ", script);
    write_quoted(script, label[0] != '\0' ? label : title);
    fputs("\nset style fill transparent solid 0.25 noborder\nplot ", script);
    write_radius_plot(&family, script);
cleanup:
    zem_view_free(&view);
    return status;
}
