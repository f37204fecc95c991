/* Writes the parts that the gnuplot scripts of all pictures have in common. The box of a cell ends midway between the
 * points of neighbouring cells, whatever their spacing. */
#include "view/plot_parts.h"

#include "base/printable.h"
#include "view/font_coverage.h"

#include <math.h>
#include <string.h>

#define SMALLEST 0.75 /* smallest letters of a name that does not fit, relative to figure->font */
/* The width of lines grows with the size of the letters, but lines are not thinner than with letters of so many points:
 * the frame of a panel is then half a point. */
#define LINES_LEAST 8.0
#define DENSE 120u /* with more points on an axis a box has only a few pixels */

/* Writes a text in gnuplot's single quotes. Within them only the quote itself has a meaning: gnuplot substitutes no
 * commands or macros and knows no escape sequences. Control characters and bytes that are no UTF-8 become blanks. */
void zem_plot_quoted(FILE *script, const char *text)
{
    int ended = 0; /* number of closing brackets before this character */
    fputc('\'', script);
    while (*text != '\0') {
        const size_t length = zem_printable_length(text);
        if (*text == '\'')
            fputc('\'', script);
        if (ended > 1 && *text == '>')
            fputc(' ', script); /* "]]>" may not stand in a text of an SVG file, and gnuplot does not escape it */
        ended = *text == ']' ? ended + 1 : 0;
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

double zem_plot_line_width(const struct zem_figure *figure) { return 0.75 * fmax(figure->font, LINES_LEAST) / 12.0; }

void zem_plot_start(FILE *script, const struct zem_figure *figure)
{
    const double width = figure->width, height = figure->height, line = zem_plot_line_width(figure) / 0.75;
    fputs("set encoding utf8\n", script);
    if (figure->picture == ZEM_PICTURE_PNG) {
        const double scale = figure->pixels * 72.0 / 96.0; /* gnuplot's letters are right for 96 pixels an inch */
        fprintf(script,
                "set terminal pngcairo noenhanced size %.0f,%.0f font 'Sans,%.6g' fontscale %.6g linewidth %.6g "
                "pointscale %.6g background rgb 'white'\n",
                width * figure->pixels, height * figure->pixels, figure->font, scale, line * scale, line * scale);
    } else if (figure->picture == ZEM_PICTURE_SVG)
        fprintf(script,
                "set terminal svg noenhanced size %.0f,%.0f font 'Sans,%.6g' fontscale 1.33333 linewidth %.6g "
                "background rgb 'white'\n",
                width * 96.0 / 72.0, height * 96.0 / 72.0, figure->font, line);
    else /* in PDF gnuplot's unit of letters is 1/96 inch, and its lines are half a point wide */
        fprintf(script,
                "set terminal pdfcairo noenhanced size %.6gin,%.6gin font 'Sans,%.6g' fontscale 0.75 linewidth %.6g "
                "pointscale %.6g background rgb 'white'\n",
                width / 72.0, height / 72.0, figure->font, line * 1.5, line);
    fprintf(script, "set datafile missing 'NaN'\nset tics out nomirror scale %.3g\nset border linewidth 1\nunset key\n",
            0.5 * figure->font / 12.0);
}

/* ---- texts ---- */

void zem_plot_words(FILE *script, const struct zem_figure *figure, const char *text)
{
    char drawn[500];
    size_t missing = 0;
    snprintf(drawn, sizeof drawn, "%s", text);
    if (figure->picture != ZEM_PICTURE_SVG)
        missing = zem_font_replace_missing(drawn);
    if (figure->missing != NULL)
        *figure->missing += missing;
    zem_plot_quoted(script, drawn);
}

void zem_plot_text(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                   const struct zem_plot_place *place, const char *text)
{
    static const char *const words[] = {"left", "center", "right"};
    fputs("set label ", script);
    zem_plot_words(script, figure, text);
    fprintf(script, " at screen %.6g,%.6g %s%s font ',%.6g'\n", place->x / layout->width, place->y / layout->height,
            words[place->align], place->upward ? " rotate by 90" : "", place->scale * figure->font);
}

void zem_plot_label(FILE *script, struct zem_figure *figure, const struct zem_layout *layout, double x, double y,
                    bool upward, const char *text, const char *brief)
{
    const double room =
        (2.0 * (upward ? fmin(y, layout->height - y) : fmin(x, layout->width - x))) / figure->font - 0.6;
    const char *chosen = zem_text_width(text) <= room ? text : brief;
    const double scale = fmin(1.0, fmax(SMALLEST, room / fmax(zem_text_width(chosen), 1e-9)));
    struct zem_text_lines lines = {.count = 0};
    if (!zem_text_break(&lines, chosen, room / scale * (1.0 + 1e-9), 1))
        zem_figure_warn(figure,
                        "the name \"%s\" does not fit into the picture and ends in \"...\"; a larger --size or a "
                        "smaller --font-size shows all of it",
                        chosen);
    if (lines.count > 0)
        zem_plot_text(script, figure, layout, &(struct zem_plot_place){x, y, ZEM_ALIGN_CENTER, upward, scale},
                      lines.line[0]);
}

#define LINE_HEIGHT 1.3

double zem_plot_lines_height(const struct zem_figure *figure, const struct zem_text_lines *lines, double scale)
{
    return LINE_HEIGHT * scale * figure->font * (double)lines->count;
}

void zem_plot_lines(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout, double x,
                    double top, double scale, const struct zem_text_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        zem_plot_text(script, figure, layout,
                      &(struct zem_plot_place){.x = x,
                                               .y = top - LINE_HEIGHT * scale * figure->font * ((double)i + 0.5),
                                               .align = ZEM_ALIGN_CENTER,
                                               .scale = scale},
                      lines->line[i]);
}

void zem_plot_head(struct zem_figure *figure, const struct zem_view *view, struct zem_text_lines *lines)
{
    const struct zem_scenario *scenario = view->result->scenario;
    const char *title = zem_figure_title(figure, scenario);
    char held[400];
    const double width = figure->width / (ZEM_HEAD_SCALE * figure->font) - 2.0;
    zem_view_held_text(view, held, sizeof held);
    if (!zem_text_break(lines, title, width, 3))
        zem_figure_warn(figure,
                        "the title does not fit into the picture and ends in \"...\"; a shorter --title, a wider "
                        "--size or a smaller --font-size shows all of it");
    if (figure->print)
        zem_figure_say(figure, "%s", zem_plot_name(figure, held));
    else
        zem_text_break(lines, held, width, 2);
}

const char *zem_plot_name(const struct zem_figure *figure, char *text)
{
    for (char *at = text; figure->print && *at != '\0'; at++)
        *at = *at == '_' ? ' ' : *at;
    return text;
}

/* ---- colours ---- */

void zem_plot_palette(FILE *script, const uint32_t stops[ZEM_COLOR_STOPS], double low, double high)
{
    fputs("set palette defined (", script);
    for (int i = 0; i < ZEM_COLOR_STOPS; i++)
        fprintf(script, "%s%d '#%06x'", i > 0 ? ", " : "", i, (unsigned)stops[i]);
    fprintf(script, ")\nset cbrange [%.17g:%.17g]\n", low, high);
}

void zem_plot_range(const double *value, size_t count, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = (double)-INFINITY;
    for (size_t i = 0; i < count; i++)
        if (isfinite(value[i])) {
            *low = fmin(*low, value[i]);
            *high = fmax(*high, value[i]);
        }
    if (*low < *high)
        return;
    *low = isfinite(*low) ? *low - 0.5 * fabs(*low) : 0.0;
    *high = isfinite(*high) && *high != 0.0 ? *high + 0.5 * fabs(*high) : 1.0;
}

static void write_tics(FILE *script, const struct zem_tics *tics, const char *axis, bool labelled)
{
    fprintf(script, "set %stics (", axis);
    for (size_t i = 0; i < tics->count; i++) {
        fputs(i > 0 ? ", " : "", script);
        zem_plot_quoted(script, labelled ? tics->label[i] : "");
        fprintf(script, " %.17g", tics->place[i]);
    }
    for (size_t i = 0; i < tics->minor_count; i++)
        fprintf(script, "%s'' %.17g 1", tics->count + i > 0 ? ", " : "", tics->minor[i]);
    fputs(")\n", script);
}

static struct zem_tic_axis bar_axis(const struct zem_figure *figure, double low, double high, double length)
{
    return (struct zem_tic_axis){low, high, false, false, length / figure->font, figure->superscripts};
}

/* Lengths in units of the size of the letters: the gap before the colour bar, its width, its tics with their gap, and
 * its label with the edge of the picture. */
#define BAR_GAP 0.6
#define BAR_WIDTH 0.9
#define BAR_TICS 0.8
#define BAR_LABEL 2.0

double zem_plot_color_bar_room(const struct zem_figure *figure, double low, double high, double height)
{
    const struct zem_tic_axis axis = bar_axis(figure, low, high, height);
    return (BAR_GAP + BAR_WIDTH + BAR_TICS + BAR_LABEL) * figure->font + zem_plot_widest(figure, &axis);
}

void zem_plot_color_bar(FILE *script, struct zem_figure *figure, const struct zem_layout *layout,
                        const struct zem_box *map, double low, double high, const char *label, const char *brief)
{
    const double em = figure->font, left = map->right + BAR_GAP * em, height = map->top - map->bottom;
    const struct zem_tic_axis axis = bar_axis(figure, low, high, height);
    struct zem_tics tics;
    fprintf(script, "set colorbox vertical user origin screen %.6g,%.6g size screen %.6g,%.6g\n", left / layout->width,
            map->bottom / layout->height, BAR_WIDTH * em / layout->width, height / layout->height);
    zem_tics_choose(&tics, &axis);
    write_tics(script, &tics, "cb", true);
    zem_plot_label(script, figure, layout, left + (BAR_WIDTH + BAR_TICS + 0.8) * em + zem_plot_widest(figure, &axis),
                   0.5 * (map->bottom + map->top), true, label, brief);
}

/* ---- axes ---- */

bool zem_plot_is_logarithmic(const struct zem_axis *axis)
{
    return axis->logarithmic && axis->display[0] > 0 && axis->display[axis->points - 1] > 0;
}

/* Returns the boundary between the cells of the viewed points i - 1 and i. The first and the last cell end half a step
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

/* Returns the upper edge of the box of point i. It lies inside the next box (zem_plot_cells says why): a fraction
 * `part` of the way from the boundary of the two cells to the next point. */
static double box_end(const struct zem_view *view, int which, size_t i, double part)
{
    const size_t points = which == 0 ? view->columns : view->rows;
    const double edge = cell_edge(view, which, i + 1);
    return i + 1 == points ? edge : edge + part * (zem_view_point(view, which, i + 1) - edge);
}

/* Returns how far the box of a cell reaches into the next cells. The unit is the distance from the boundary to the
 * point of the next cell. A box about as small as a pixel must cover the whole pixel in which two boxes meet. A cell
 * without a value has no box, so its neighbours reach almost nothing into it. */
static double box_overlap(const struct zem_view *view, const double *value, size_t column, size_t row)
{
    const size_t right = column + 1 < view->columns ? 1 : 0, up = row + 1 < view->rows ? view->columns : 0;
    const double *own = value + row * view->columns + column;
    const bool dense = view->columns > DENSE || view->rows > DENSE;
    if (!isfinite(own[right]) || !isfinite(own[up]) || !isfinite(own[right + up]))
        return 0.05;
    return dense ? 2.0 : 0.5;
}

struct zem_tic_axis zem_plot_view_axis(const struct zem_figure *figure, const struct zem_view *view, int which,
                                       double length)
{
    const double first = cell_edge(view, which, 0),
                 last = cell_edge(view, which, which == 0 ? view->columns : view->rows);
    return (struct zem_tic_axis){fmin(first, last),
                                 fmax(first, last),
                                 zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]),
                                 which == 0,
                                 length / figure->font,
                                 figure->superscripts};
}

double zem_plot_widest(const struct zem_figure *figure, const struct zem_tic_axis *axis)
{
    struct zem_tics tics;
    zem_tics_choose(&tics, axis);
    return tics.widest * figure->font;
}

void zem_plot_axis(FILE *script, const struct zem_tic_axis *axis, char letter, bool labelled)
{
    struct zem_tics tics;
    const char name[] = {letter, '\0'};

    zem_tics_choose(&tics, axis);
    fprintf(script, "%s logscale %c\nset %crange [%.17g:%.17g]\n", axis->logarithmic ? "set" : "unset", letter, letter,
            axis->first, axis->last);
    write_tics(script, &tics, name, labelled);
}

void zem_plot_margins(FILE *script, const struct zem_layout *layout, const struct zem_box *box)
{
    fprintf(script,
            "set lmargin at screen %.6g\nset rmargin at screen %.6g\nset bmargin at screen %.6g\nset tmargin at screen "
            "%.6g\n",
            box->left / layout->width, box->right / layout->width, box->bottom / layout->height,
            box->top / layout->height);
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

const char *zem_plot_thinned_note(const struct zem_view *view, char *text, size_t size)
{
    text[0] = '\0';
    if (zem_view_is_thinned(view))
        snprintf(text, size, "one of %zu x %zu points shown", view->every[0], view->every[1]);
    return text;
}
