/* Writes the gnuplot commands for the contours of a map. gnuplot computes the contours; on a logarithmic axis it gets
 * the logarithms of the coordinates. The band of a contour, in which the contour may lie, is drawn as small boxes in
 * brightened colours of the map. Transparent boxes would show a thin line where two of them meet. */
#include "view/plot_contours.h"

#include "view/plot_legend.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>

#define WHITE_OF_BAND 0.37 /* fraction of white in the colour of a band */

/* Writes the data from which gnuplot computes contours: lines "x y value", in blocks of one row. The coordinate of a
 * logarithmic axis is its logarithm. */
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

/* Writes the commands that put each contour into a data block of its own: $contours0_0, $contours0_1, ... for panel
 * 0. */
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

/* Returns the gnuplot expression for a coordinate (0 x, 1 y) of $contours, which undoes the logarithm. */
static const char *coordinate(const struct zem_view *view, int which)
{
    const bool logarithmic = zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]);
    return which == 0 ? logarithmic ? "(10**$1)" : "1" : logarithmic ? "(10**$2)" : "2";
}

/* Returns the value on an axis between two viewed points, at a fractional index. */
static double place_between(const struct zem_view *view, int which, double index)
{
    const size_t points = which == 0 ? view->columns : view->rows,
                 i = index < (double)(points - 1) ? (size_t)index : points - 2;
    const double a = zem_view_point(view, which, i), b = zem_view_point(view, which, i + 1), part = index - (double)i;
    return zem_plot_is_logarithmic(&view->result->scenario->axis[view->axis[which]]) ? a * pow(b / a, part)
                                                                                     : a + (b - a) * part;
}

/* Returns a limit of the intervals (`value` has those of the points) at a place between the points of the map, given by
 * fractional indices. The linear interpolation is that of a contour. */
static double between(const struct zem_view *view, const double *value, double column, double row)
{
    const size_t i = (size_t)column, k = (size_t)row, at = k * view->columns + i;
    const double x = column - (double)i, y = row - (double)k;
    return (1.0 - y) * ((1.0 - x) * value[at] + x * value[at + 1])
           + y * ((1.0 - x) * value[at + view->columns] + x * value[at + view->columns + 1]);
}

/* Returns whether the interpolated limits at a place enclose the level of some contour. */
static bool is_possible(const struct zem_view *view, const struct zem_contours *contours, double column, double row)
{
    const double low = between(view, contours->low, column, row), high = between(view, contours->high, column, row);
    for (size_t n = 0; n < contours->count; n++)
        if (low <= contours->level[n] && contours->level[n] <= high)
            return true;
    return false;
}

/* The band of a panel, in which its contours may lie. Each square between four neighbouring points is divided into
 * parts x parts small boxes; `columns` and `rows` count the boxes of the panel. */
struct band {
    const struct zem_plot_contours *plot;
    size_t parts, columns, rows;
    /* Two rows of boxes, the one that is written and the one above it: the colour of each box, 0 outside the band. */
    uint32_t *colors;
};

static uint32_t brighten(uint32_t color)
{
    uint32_t bright = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
        const double part = (double)(color >> shift & 255u);
        bright |= (uint32_t)(part + WHITE_OF_BAND * (255.0 - part) + 0.5) << shift;
    }
    return bright;
}

/* Returns the colour of box (i, k): the brightened colour of the nearest point, or 0 outside the band. */
static uint32_t part_color(const struct band *band, size_t i, size_t k)
{
    const struct zem_map *map = band->plot->map;
    const struct zem_view *view = map->view;
    const double column = ((double)i + 0.5) / (double)band->parts, row = ((double)k + 0.5) / (double)band->parts;
    if (!is_possible(view, map->contours, column, row))
        return 0;
    const double value = map->value[(size_t)(row + 0.5) * view->columns + (size_t)(column + 0.5)];
    return brighten(zem_color_at(map->stops, (value - map->low) / (map->high - map->low)));
}

/* Writes the boxes `begin` to `end` - 1 of row k as one box. It reaches into the next box and into the row above, which
 * are drawn over it, unless they lie outside the band. */
static void write_box(FILE *script, const struct band *band, size_t begin, size_t end, size_t k)
{
    const struct zem_view *view = band->plot->map->view;
    const double part = 1.0 / (double)band->parts, right = end < band->columns && band->colors[end] != 0 ? 0.5 : 0.0,
                 up = band->colors[band->columns + begin] != 0 ? 0.5 : 0.0,
                 left = place_between(view, 0, (double)begin * part);
    const double box[] = {left,
                          place_between(view, 1, ((double)k + 0.5) * part),
                          left,
                          place_between(view, 0, ((double)end + right) * part),
                          place_between(view, 1, (double)k * part),
                          place_between(view, 1, ((double)(k + 1) + up) * part)};
    for (int n = 0; n < 6; n++)
        zem_plot_number(script, box[n]);
    fprintf(script, " 0x%06x\n", (unsigned)band->colors[begin]);
}

/* Writes row k of the boxes of a band. Neighbouring boxes become one if they have the same colour, and if those above
 * them are all in the band or all outside. Returns the number of boxes written. */
static size_t write_row(FILE *script, const struct band *band, size_t k)
{
    const uint32_t *own = band->colors, *above = band->colors + band->columns;
    size_t count = 0;
    for (size_t i = 0, end; i < band->columns; i = end) {
        end = i + 1;
        while (end < band->columns && own[end] == own[i] && (above[end] != 0) == (above[i] != 0))
            end++;
        if (own[i] == 0)
            continue;
        write_box(script, band, i, end, k);
        count++;
    }
    return count;
}

/* Writes the data block of the band of a panel ($band0, $band1, ...) and sets plot->band. Returns 0, or ZEM_INTERNAL
 * without memory. */
static int write_band(FILE *script, struct zem_plot_contours *plot, struct zem_error *error)
{
    const struct zem_view *view = plot->map->view;
    const size_t points = plot->map->contours->points, parts = points <= 1000 ? 8 : points <= 10000 ? 4 : 2;
    struct band band = {plot, parts, (view->columns - 1) * parts, (view->rows - 1) * parts, NULL};
    size_t count = 0;
    band.colors = calloc(2 * band.columns, sizeof *band.colors);
    if (band.colors == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the band of a contour");
    fprintf(script, "$band%zu << END\n", plot->panel);
    for (size_t k = 0; k <= band.rows; k++) {
        for (size_t i = 0; i < band.columns; i++) { /* row k becomes the row above */
            band.colors[i] = band.colors[band.columns + i];
            band.colors[band.columns + i] = k < band.rows ? part_color(&band, i, k) : 0;
        }
        count += k > 0 ? write_row(script, &band, k - 1) : 0;
    }
    fputs("END\n", script);
    free(band.colors);
    plot->band = count > 0;
    return ZEM_OK;
}

/* ---- labels ---- */

/* place_at returns the value on an axis at a fraction of its length, part_at the fraction of a value. */
static double place_at(const struct zem_tic_axis *axis, double part)
{
    return axis->logarithmic ? axis->first * pow(axis->last / axis->first, part)
                             : axis->first + part * (axis->last - axis->first);
}

static double part_at(const struct zem_tic_axis *axis, double place)
{
    return axis->logarithmic ? log(place / axis->first) / log(axis->last / axis->first)
                             : (place - axis->first) / (axis->last - axis->first);
}

int zem_plot_contours_label(const struct zem_plot_contours *plot, struct zem_error *error)
{
    const struct zem_view *view = plot->map->view;
    double *place = calloc(view->columns + view->rows, sizeof *place);
    if (place == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the labels of contours");
    for (size_t i = 0; i < view->columns; i++)
        place[i] = part_at(&plot->x, zem_view_point(view, 0, i));
    for (size_t i = 0; i < view->rows; i++)
        place[view->columns + i] = part_at(&plot->y, zem_view_point(view, 1, i));
    const struct zem_contour_panel panel = {plot->x.length, plot->y.length, place, place + view->columns};
    const int status = zem_contour_labels_place(view, plot->map->contours, &panel, plot->labels, error);
    free(place);
    return status;
}

/* Writes the data block of the labels of a panel ($labels0, $labels1, ...): the middle, the box and the text of each
 * label. */
static void write_labels(FILE *script, const struct zem_plot_contours *plot)
{
    const struct zem_contours *contours = plot->map->contours;
    fprintf(script, "$labels%zu << END\n", plot->panel);
    for (size_t level = 0; level < contours->count; level++)
        for (size_t i = 0; i < plot->labels[level].count; i++) {
            const struct zem_contour_labels *labels = &plot->labels[level];
            char text[32];
            const double wide = labels->half_width / plot->x.length, high = labels->half_height / plot->y.length;
            const double values[] = {place_at(&plot->x, labels->x[i]),        place_at(&plot->y, labels->y[i]),
                                     place_at(&plot->x, labels->x[i] - wide), place_at(&plot->x, labels->x[i] + wide),
                                     place_at(&plot->y, labels->y[i] - high), place_at(&plot->y, labels->y[i] + high)};
            for (int n = 0; n < 6; n++)
                zem_plot_number(script, values[n]);
            fprintf(script, " %s\n", zem_contour_label(contours->level[level], text));
        }
    fputs("END\n", script);
}

/* ---- contours, bands and labels together ---- */

int zem_plot_contours_data(FILE *script, struct zem_plot_contours *plot, struct zem_error *error)
{
    const struct zem_contours *contours = plot->map->contours;
    plot->band = false;
    if (contours->count == 0)
        return ZEM_OK;
    write_contours(script, plot->map->view, contours, plot->panel);
    if (plot->labels != NULL)
        write_labels(script, plot);
    return contours->unknown ? ZEM_OK : write_band(script, plot, error);
}

/* A contour is a black line with white edges, so that it is seen on every colour and in grey. */
void zem_plot_contours_draw(FILE *script, const struct zem_figure *figure, const struct zem_plot_contours *plot,
                            const struct zem_contours_wish *levels)
{
    const struct zem_contours *contours = plot->map->contours;
    const char *x = coordinate(plot->map->view, 0), *y = coordinate(plot->map->view, 1);
    bool any = false;
    if (plot->band)
        fprintf(script, ", $band%zu using 1:2:3:4:5:6:7 with boxxyerror linecolor rgb variable", plot->panel);
    for (size_t i = 0; i < contours->count; i++) {
        size_t which = 0;
        while (levels != NULL && which + 1 < levels->count && levels->level[which] != contours->level[i])
            which++;
        fprintf(script,
                ", $contours%zu_%zu using %s:%s with lines linecolor rgb 'white' linewidth %g"
                ", $contours%zu_%zu using %s:%s with lines linecolor rgb 'black' linewidth %g dashtype %s",
                plot->panel, i, x, y, 2.3 * ZEM_CONTOUR_WIDTH, plot->panel, i, x, y, ZEM_CONTOUR_WIDTH,
                levels != NULL && zem_legend_dashes(which) != NULL ? zem_legend_dashes(which) : "1");
        any = any || (plot->labels != NULL && plot->labels[i].count > 0);
    }
    if (any)
        fprintf(script,
                ", $labels%zu using 1:2:3:4:5:6 with boxxyerror fillcolor rgb 'white', "
                "$labels%zu using 1:2:7 with labels font ',%.6g' textcolor rgb 'black'",
                plot->panel, plot->panel, ZEM_CONTOUR_LETTERS * figure->font);
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
        used =
            (size_t)snprintf(text, size, "%s",
                             contours->unknown ? "no contours: this variable has no interval"
                                               : "no contours: chance may explain the differences across every level");
    for (size_t i = 0; i < contours->refused_count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%.6g",
                                 i > 0               ? ", "
                                 : contours->unknown ? "; not drawn, because all values are on one side: "
                                                     : "; not drawn, because no cells are surely on both sides: ",
                                 contours->refused[i]);
    return text;
}
