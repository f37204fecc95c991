/* Contours come from gnuplot; on a logarithmic axis it gets logarithms. Bands are drawn as small boxes. */
#include "view/plot_contours.h"

#include "view/plot_parts.h"

#include <math.h>

#define LABELLED 16.0 /* the least width of a panel whose contours have labels, in parts of the size of the letters */

/* Writes x y value, a block for each row, for gnuplot's contours. The coordinate of a logarithmic axis is its
 * logarithm. */
static void write_surface(FILE *script, const struct zem_view *view, const char *name, const double *value)
{
    const struct zem_axis *axis[2];
    for (int i = 0; i < 2; i++)
        axis[i] = &view->result->scenario->axis[view->axis[i]];
    fprintf(script, "$surface%s << END\n", name);
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

/* Writes the commands that put each contour into a data block of its own, $contours0_0, $contours0_1, ... */
static void write_contours(FILE *script, const struct zem_view *view, const struct zem_contours *contours, size_t panel)
{
    char name[48];
    if (contours->count > 0)
        fputs("set contour base\nset cntrparam linear\nunset surface\nset format '%.10g'\n", script);
    for (size_t i = 0; i < contours->count; i++) {
        snprintf(name, sizeof name, "%zu_%zu", panel, i);
        write_surface(script, view, name, contours->surface + i * contours->points);
        fprintf(script,
                "set cntrparam levels discrete %.17g\nset table $contours%s\nsplot $surface%s using 1:2:3\n"
                "unset table\n",
                contours->level[i], name, name);
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

/* Whether the interpolated limits at a place enclose a level. */
static bool is_possible(const struct zem_view *view, const struct zem_contours *contours, double column, double row)
{
    const double low = between(view, contours->low, column, row), high = between(view, contours->high, column, row);
    for (size_t n = 0; n < contours->count; n++)
        if (low <= contours->level[n] && contours->level[n] <= high)
            return true;
    return false;
}

/* Writes the block $band0, $band1, ... of a panel: boxes, from left to right as long as they can be, in which the
 * interpolated limits enclose a level. Returns their number. */
static size_t write_band(FILE *script, const struct zem_view *view, const struct zem_contours *contours, size_t panel)
{
    const size_t parts = contours->points <= 1000 ? 8 : contours->points <= 10000 ? 4 : 1;
    const size_t columns = (view->columns - 1) * parts, rows = (view->rows - 1) * parts;
    const double part = 1.0 / (double)parts;
    size_t count = 0;
    fprintf(script, "$band%zu << END\n", panel);
    for (size_t k = 0; k < rows; k++)
        for (size_t i = 0, begin = 0; i <= columns; i++) {
            const double row = ((double)k + 0.5) * part;
            if (i < columns && is_possible(view, contours, ((double)i + 0.5) * part, row))
                continue;
            if (i > begin) {
                const double left = place_between(view, 0, (double)begin * part),
                             right = place_between(view, 0, (double)i * part);
                const double box[] = {left,
                                      place_between(view, 1, row),
                                      left,
                                      right,
                                      place_between(view, 1, (double)k * part),
                                      place_between(view, 1, (double)(k + 1) * part)};
                for (int n = 0; n < 6; n++)
                    zem_plot_number(script, box[n]);
                fputc('\n', script);
                count++;
            }
            begin = i + 1;
        }
    fputs("END\n", script);
    return count;
}

bool zem_plot_contours_data(FILE *script, const struct zem_view *view, const struct zem_contours *contours,
                            size_t panel)
{
    write_contours(script, view, contours, panel);
    return contours->count > 0 && !contours->unknown && write_band(script, view, contours, panel) > 0;
}

/* Labels are shifted from level to level, so that they do not hide each other. They stand in white boxes, of which SVG
 * has none; there they stand on white copies of themselves. */
static void draw_labels(FILE *script, const struct zem_figure *figure, const struct zem_view *view, size_t panel,
                        size_t level, size_t every)
{
    static const double around[][2] = {{-0.15, 0.0}, {0.15, 0.0}, {0.0, -0.1}, {0.0, 0.1}, {0.0, 0.0}};
    const size_t shorter = view->rows < view->columns ? view->rows : view->columns;
    for (size_t k = figure->picture == ZEM_PICTURE_SVG ? 0 : 4; k < 5; k++)
        fprintf(script,
                ", $contours%zu_%zu using %s:%s:(sprintf('%%g', $3)) every %zu::%zu with labels%s offset character "
                "%.3g,%.3g font ',%.6g' textcolor rgb '%s'",
                panel, level, coordinate(view, 0), coordinate(view, 1), every,
                1 + shorter / 8 + shorter / 4 * (level % 4), figure->picture == ZEM_PICTURE_SVG ? "" : " boxed",
                around[k][0], around[k][1], 0.8 * figure->font, k < 4 ? "white" : "black");
}

/* A line is white with a dark edge, so that it is seen on every colour and in grey. */
void zem_plot_contours_draw(FILE *script, const struct zem_figure *figure, const struct zem_view *view,
                            const struct zem_contours *contours, size_t panel, bool band, double width)
{
    const char *x = coordinate(view, 0), *y = coordinate(view, 1);
    const size_t every = width > 24.0 * figure->font ? 60 : 1000;
    if (band)
        fprintf(script, ", $band%zu using 1:2:3:4:5:6 with boxxyerror fillcolor rgb '#A0FFFFFF'", panel);
    for (size_t i = 0; i < contours->count; i++)
        fprintf(script,
                ", $contours%zu_%zu using %s:%s with lines linecolor rgb '#80000000' linewidth 2.4"
                ", $contours%zu_%zu using %s:%s with lines linecolor rgb 'white' linewidth 1.4",
                panel, i, x, y, panel, i, x, y);
    for (size_t i = 0; i < contours->count && width > LABELLED * figure->font; i++)
        draw_labels(script, figure, view, panel, i, every);
}

const char *zem_plot_contours_text(const struct zem_view *view, const struct zem_contours *contours, char *text,
                                   size_t size)
{
    const bool all = !zem_view_is_thinned(view);
    size_t used = 0;
    if (contours->count > 0 && contours->unknown)
        used = (size_t)snprintf(text, size, "contours without regard to chance: this variable has no interval");
    else if (contours->count > 0)
        used =
            (size_t)snprintf(text, size, "bright bands: where the contours may lie (%.6g %% for all cells%s at once)",
                             100.0 * view->result->scenario->value[ZEM_KEY_CONFIDENCE].first, all ? "" : " shown");
    else
        used = (size_t)snprintf(text, size, "%s",
                                contours->unknown ? "no contours: this variable has no interval"
                                                  : "no contours: chance may account for every step across one");
    for (size_t i = 0; i < contours->refused_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.6g",
                                 i == 0 ? "; not drawn, because no cell is surely on each side: " : ", ",
                                 contours->refused[i]);
    return text;
}
