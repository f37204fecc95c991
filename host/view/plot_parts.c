/* Parts that the gnuplot scripts of all pictures have in common. A cell is a box that ends midway between its
 * neighbours, which is correct for any spacing. */
#include "view/plot_parts.h"

#include "base/printable.h"

#include <math.h>
#include <string.h>

#define DENSE 120u /* points of an axis from which on a box has only a few pixels */

/* Writes a text in gnuplot's single quotes, within which nothing but the quote itself has a meaning: no substitution of
 * commands or macros and no escape sequences. Control characters and bytes that are no UTF-8
 * become blanks. */
void zem_plot_quoted(FILE *script, const char *text)
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

void zem_plot_number(FILE *script, double value)
{
    if (isfinite(value))
        fprintf(script, " %.17g", value);
    else
        fputs(" NaN", script);
}

void zem_plot_start(FILE *script, enum zem_picture picture, bool wide)
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

void zem_plot_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS])
{
    fputs("set palette defined (", script);
    for (int i = 0; i < ZEM_COLOR_STOPS; i++)
        fprintf(script, "%s%d '#%06x'", i > 0 ? ", " : "", i, (unsigned)stops[i]);
    fputs(")\n", script);
}

bool zem_plot_is_logarithmic(const struct zem_axis *axis)
{
    return axis->logarithmic && axis->display[0] > 0 && axis->display[axis->points - 1] > 0;
}

/* The boundary between the cells of the points i - 1 and i of those viewed. The first and the last cell end half a step
 * beyond their points. */
static double cell_edge(const struct zem_view *view, int which, size_t i)
{
    const bool logarithmic = zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]);
    const size_t points = which == 0 ? view->columns : view->rows, low = i == 0 ? 0 : i == points ? i - 2 : i - 1;
    const double a = zem_view_point(view, which, low), b = zem_view_point(view, which, low + 1),
                 part = i == 0        ? -0.5
                        : i == points ? 1.5
                                      : 0.5;
    return logarithmic ? a * pow(b / a, part) : a + (b - a) * part;
}

/* The upper edge of the box of point i, which lies inside the next box (zem_plot_cells says why), at so much of the way
 * from its edge to its point. */
static double box_end(const struct zem_view *view, int which, size_t i, double part)
{
    const size_t points = which == 0 ? view->columns : view->rows;
    const double edge = cell_edge(view, which, i + 1);
    return i + 1 == points ? edge : edge + part * (zem_view_point(view, which, i + 1) - edge);
}

/* How far the box of a cell reaches into the next ones. Boxes about as small as a pixel must reach over the whole pixel
 * in which they meet. A cell without a value has no box, so its neighbours keep out of it. */
static double box_overlap(const struct zem_view *view, const double *value, size_t column, size_t row)
{
    const size_t right = column + 1 < view->columns ? 1 : 0, up = row + 1 < view->rows ? view->columns : 0;
    const double *own = value + row * view->columns + column;
    const bool dense = view->columns > DENSE || view->rows > DENSE;
    return dense && isfinite(own[right]) && isfinite(own[up]) && isfinite(own[right + up]) ? 2.0 : 0.05;
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

void zem_plot_axis(FILE *script, const struct zem_view *view, int which, char letter)
{
    const struct zem_axis *axis = &view->result->scenario->axis[view->axis[which]];
    char label[128];
    zem_view_axis_label(view, view->axis[which], label, sizeof label);
    fprintf(script, "set %clabel ", letter);
    zem_plot_quoted(script, label);
    const double first = cell_edge(view, which, 0),
                 last = cell_edge(view, which, which == 0 ? view->columns : view->rows);
    fprintf(script, "\nset %crange [%.17g:%.17g]\n", letter, fmin(first, last), fmax(first, last));
    if (zem_plot_is_logarithmic(axis)) {
        fprintf(script, "set logscale %c\n", letter);
        write_logarithmic_tics(script, letter, fmin(first, last), fmax(first, last));
    }
}

void zem_plot_cells(FILE *script, const struct zem_view *view, const char *name, const double *value)
{
    fprintf(script, "$%s << END\n", name);
    for (size_t row = 0; row < view->rows; row++)
        for (size_t column = 0; column < view->columns; column++) {
            const double part = box_overlap(view, value, column, row);
            const double values[] = {
                zem_view_point(view, 0, column),     zem_view_point(view, 1, row), cell_edge(view, 0, column),
                box_end(view, 0, column, part),      cell_edge(view, 1, row),      box_end(view, 1, row, part),
                value[row * view->columns + column],
            };
            for (int i = 0; i < 7; i++)
                zem_plot_number(script, values[i]);
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

void zem_plot_color_axis(FILE *script, const char *label, const double *value, size_t count, bool from_zero,
                         bool to_one)
{
    double low, high;
    if (!value_range(value, count, &low, &high)) { /* all values are equal, or none is finite */
        low = isfinite(low) ? low - 0.5 * fabs(low) : 0;
        high = isfinite(high) && high != 0 ? high + 0.5 * fabs(high) : 1;
    }
    fprintf(script, "set cbrange [%.17g:%.17g]\nset cblabel ", from_zero ? 0 : low, to_one ? 1 : high);
    zem_plot_quoted(script, label);
    fputs("\n", script);
}

void zem_plot_title(FILE *script, const struct zem_view *view)
{
    const struct zem_scenario *scenario = view->result->scenario;
    const char *title = scenario->title[0] != '\0' ? scenario->title : scenario->name;
    char text[400];
    size_t length = strlen(title), limit = 90;
    while (length > limit && limit > 0 && ((unsigned char)title[limit] & 0xC0) == 0x80)
        limit--; /* do not cut a UTF-8 character */
    snprintf(text, sizeof text, "%.*s%s", (int)(length > limit ? limit : length), title, length > limit ? "..." : "");
    zem_plot_quoted(script, text);
    zem_view_held_text(view, text, sizeof text);
    if (text[0] != '\0') {
        fputs(".\"\\n\".", script);
        zem_plot_quoted(script, text);
    }
}

void zem_plot_thinned_note(FILE *script, const struct zem_view *view)
{
    if (zem_view_is_thinned(view))
        fprintf(script, ".'; one of %zu x %zu points shown'", view->every[0], view->every[1]);
}

void zem_plot_maps(FILE *script, const struct zem_view *view, bool two)
{
    fprintf(script, "set multiplot layout 1,%d margins screen %s,0.11,0.85 spacing screen 0.16 title ", two ? 2 : 1,
            two ? "0.06,0.905" : "0.1,0.83");
    zem_plot_title(script, view);
    fputs(
        " font ',14' noenhanced\nunset key\nset style textbox opaque noborder fillcolor rgb '#FFFFFF' margins 0.6,0.6\n"
        "set style fill solid 1.0 noborder\n",
        script);
    zem_plot_axis(script, view, 0, 'x');
    zem_plot_axis(script, view, 1, 'y');
}
