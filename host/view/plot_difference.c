/* A view of p_hit whose values are replaced by differences. */
#include "view/plot_difference.h"

#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is drawn. */
struct drawing {
    const struct zem_comparison *comparison;
    const char *const *names;
    struct zem_view view;
    bool *significant; /* of each point */
    double *half_width;
};

static const struct zem_difference *difference_at(const struct drawing *d, size_t point)
{
    const size_t radii = d->comparison->first->scenario->radius_count;
    return &d->comparison->item[zem_view_cell(&d->view, point) * radii + d->view.element];
}

/* Replaces the values of the view. */
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

/* Writes the block $marks with the place of every significant point. Returns their number. */
static size_t write_marks(const struct drawing *d, FILE *script)
{
    size_t count = 0;
    fputs("$marks << END\n", script);
    for (size_t i = 0; i < d->view.columns * d->view.rows; i++) {
        if (!d->significant[i])
            continue;
        zem_plot_number(script, zem_view_point(&d->view, 0, i % d->view.columns));
        zem_plot_number(script,
                        d->view.axis_count > 1 ? zem_view_point(&d->view, 1, i / d->view.columns) : d->view.value[i]);
        fputc('\n', script);
        count++;
    }
    fputs("END\n", script);
    return count;
}

/* Writes the title as a gnuplot expression of two lines: which is subtracted from which, and what the points mark. */
static void write_title(const struct drawing *d, FILE *script)
{
    char text[500], radius[60];
    snprintf(radius, sizeof radius, ", p_hit within %.6g m", d->view.result->scenario->radius[d->view.element]);
    snprintf(text, sizeof text, "%.100s minus %.100s%s", d->names[1], d->names[0], radius);
    zem_plot_quoted(script, text);
    zem_plot_thinned_note(script, &d->view);
    fputs(".\"\\n\".", script);
    snprintf(text, sizeof text, "points: significant at %.6g %% for all %zu differences together",
             100.0 * d->comparison->confidence, d->comparison->defined);
    zem_plot_quoted(script, text);
}

static void write_map(const struct drawing *d, FILE *script)
{
    const size_t points = d->view.columns * d->view.rows, marks = write_marks(d, script);
    char text[120];
    double most = 0.0;
    for (size_t i = 0; i < points; i++)
        most = isnan(d->view.value[i]) ? most : fmax(most, fabs(d->view.value[i]));
    zem_plot_cells(script, &d->view, "cells", d->view.value);
    zem_plot_cells(script, &d->view, "widths", d->half_width);
    zem_plot_maps(script, &d->view, true);
    zem_plot_palette(script, zem_color_diverging);
    zem_plot_color_axis(script, "difference", d->view.value, points, false, false);
    most = most > 0.0 ? most : 1.0;
    fprintf(script, "set cbrange [%.17g:%.17g]\nset title ", -most, most);
    write_title(d, script);
    fputs("\nplot $cells using 1:2:3:4:5:6:7 with boxxyerror linecolor palette", script);
    if (marks > 0)
        fputs(", $marks using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb 'black'", script);
    fputs("\n", script);
    zem_plot_palette(script, zem_color_magma);
    zem_plot_color_axis(script, "half-width", d->half_width, points, true, false);
    snprintf(text, sizeof text, "half-width of the %.6g %% interval of each", 100.0 * d->comparison->confidence);
    fputs("set title ", script);
    zem_plot_quoted(script, text);
    fputs("\nplot $widths using 1:2:3:4:5:6:7 with boxxyerror linecolor palette\nunset multiplot\n", script);
}

static void write_line(const struct drawing *d, FILE *script)
{
    const size_t marks = write_marks(d, script);
    char text[120];
    fputs("$line << END\n", script);
    for (size_t i = 0; i < d->view.columns; i++) {
        const double values[] = {zem_view_point(&d->view, 0, i), d->view.value[i], d->view.low[i], d->view.high[i]};
        for (int n = 0; n < 4; n++)
            zem_plot_number(script, values[n]);
        fputc('\n', script);
    }
    fputs("END\nset title ", script);
    write_title(d, script);
    fputs("\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset bmargin 6\nset key outside bottom center "
          "horizontal\nset ylabel 'difference'\nset xzeroaxis linetype 1 linecolor rgb '#555555'\n",
          script);
    zem_plot_axis(script, &d->view, 0, 'x');
    snprintf(text, sizeof text, "%.6g %% interval of each", 100.0 * d->comparison->confidence);
    fputs("plot $line using 1:3:4 with filledcurves fillcolor rgb '#A6CFD5' title ", script);
    zem_plot_quoted(script, text);
    fputs(", $line using 1:2 with linespoints linecolor rgb '#21608c' linewidth 2 pointtype 7 pointsize 0.6 title "
          "'difference'",
          script);
    if (marks > 0)
        fputs(", $marks using 1:2 with points pointtype 6 pointsize 1.4 linecolor rgb 'black' title 'significant'",
              script);
    fputs("\n", script);
}

static int write_script(const void *context, enum zem_picture picture, FILE *script, struct zem_error *error)
{
    const struct drawing *d = context;
    if (d->view.axis_count == 0)
        return zem_error_set(error, ZEM_USAGE,
                             "nothing to plot: no axis is left to draw over; `zem diff` prints the difference");
    zem_plot_start(script, picture, d->view.axis_count == 2);
    if (d->view.axis_count == 2)
        write_map(d, script);
    else
        write_line(d, script);
    return ZEM_OK;
}

int zem_plot_difference(const struct zem_comparison *comparison, const char *const names[2],
                        const struct zem_plot_options *options, struct zem_error *error)
{
    struct drawing drawing = {.comparison = comparison, .names = names};
    struct zem_view_options view = zem_plot_thinned(&options->view);
    if (options->against != NULL || (view.variable != NULL && strcmp(view.variable, "p_hit") != 0))
        return zem_error_set(error, ZEM_USAGE,
                             "plot: the difference of two results is that of p_hit over the axes; leave "
                             "--variable and --against out");
    if (view.radius_that_differs && comparison->defined > 0) {
        view.radius_that_differs = false;
        view.radius = comparison->item[comparison->order[0]].radius;
    }
    int status = zem_view_init(&drawing.view, comparison->first, &view, error);
    if (status == ZEM_OK)
        status = fill(&drawing, error);
    if (status == ZEM_OK)
        status = zem_plot_write(write_script, &drawing, options->output, options->program, error);
    free(drawing.significant);
    free(drawing.half_width);
    zem_view_free(&drawing.view);
    return status;
}
