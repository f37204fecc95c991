/* Writes the script of curves. Curves differ in colour, and also in the shape of their points or in their dashes, so
 * that they can be told apart in grey. */
#include "view/plot_curves.h"

#include "view/plot_legend.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* EDGE is a margin in units of the size of the letters; the others are as gnuplot counts widths, dashes and opacity. */
#define EDGE 0.5
#define CURVE_WIDTH 1.6
#define CLOSED_WIDTH 1.2
#define CLOSED_DASHES "(6,4)"
#define BAND_OPACITY 0.25
#define WITH_POINTS 60 /* points are drawn on curves with at most so many points */

/* The picture while its script is written. */
struct page {
    FILE *script;
    struct zem_figure *figure;
    const struct zem_curves *curves;
    struct zem_layout layout;
    const struct zem_text_lines *head;
    struct zem_text_lines title;
    struct zem_tic_axis x, y;
    double label_y; /* width of the labels on the vertical axis, points */
    struct zem_legend legend;
};

int zem_curve_init(struct zem_curve *curve, size_t points, struct zem_error *error)
{
    *curve = (struct zem_curve){.points = points, .x = calloc(5 * points + 1, sizeof *curve->x)};
    if (curve->x == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a curve of %zu points", points);
    curve->value = curve->x + points;
    curve->low = curve->value + points;
    curve->high = curve->low + points;
    curve->closed = curve->high + points;
    for (size_t i = 0; i < points; i++)
        curve->closed[i] = (double)NAN;
    return ZEM_OK;
}

void zem_curves_free(struct zem_curves *curves)
{
    for (size_t i = 0; i < curves->count; i++)
        free(curves->curve[i].x); /* the memory of all members */
    curves->count = 0;
}

/* Sets the ends of the vertical axis, with a little room above the curves. */
static void choose_range(const struct zem_curves *curves, struct zem_tic_axis *y)
{
    double low = (double)INFINITY, high = (double)-INFINITY;
    for (size_t i = 0; i < curves->count; i++)
        for (size_t k = 0; k < curves->curve[i].points; k++) {
            const struct zem_curve *curve = &curves->curve[i];
            const double values[] = {curve->value[k], curve->low[k], curve->high[k], curve->closed[k]};
            for (int n = 0; n < 4; n++)
                if (isfinite(values[n])) {
                    low = fmin(low, values[n]);
                    high = fmax(high, values[n]);
                }
        }
    if (curves->zero) {
        low = fmin(low, 0.0);
        high = fmax(high, 0.0);
    }
    if (!(low < high)) {
        low = isfinite(low) ? low - 0.5 * fabs(low) : 0.0;
        high = low + 1.0;
    }
    const double room = 0.05 * (high - low);
    y->first = curves->fraction ? 0.0 : low < 0.0 || !curves->zero ? low - room : low;
    y->last = curves->fraction ? 1.0 : high + room;
}

static uint32_t color_of(const struct page *page, size_t i)
{
    const uint32_t *stops = page->figure->colors != NULL ? page->figure->colors->stops : zem_color_viridis;
    const size_t count = page->curves->count;
    return zem_color_at(stops, count > 1 ? 0.75 * (double)i / (double)(count - 1) : 0.35);
}

static bool has_points(const struct zem_curve *curve) { return curve->points <= WITH_POINTS; }

static unsigned shape_of(size_t i)
{
    static const unsigned shapes[] = {7, 5, 9, 11, 13, 6, 4, 8, 10, 12, 1, 2};
    return shapes[i % 12];
}

/* Returns the dashes of a curve; NULL for a curve with points, which has the shape of its points instead. */
static const char *dashes_of(const struct zem_curve *curve, size_t i)
{
    return has_points(curve) ? NULL : zem_legend_dashes(i);
}

static void set_legend(struct page *page)
{
    const struct zem_curves *curves = page->curves;
    struct zem_legend *legend = &page->legend;
    if (curves->legend[0] != '\0')
        zem_legend_add(legend, &(struct zem_legend_item){.name = curves->legend, .kind = ZEM_LEGEND_TEXT});
    for (size_t i = 0; i < curves->count && (curves->count > 1 || curves->legend[0] != '\0'); i++) {
        const struct zem_curve *curve = &curves->curve[i];
        zem_legend_add(legend, &(struct zem_legend_item){.name = curve->name,
                                                         .kind = ZEM_LEGEND_LINE,
                                                         .color = color_of(page, i),
                                                         .line_width = CURVE_WIDTH,
                                                         .dashes = dashes_of(curve, i),
                                                         .shape = has_points(curve) ? shape_of(i) : 0});
    }
    if (curves->interval[0] != '\0')
        zem_legend_add(legend, &(struct zem_legend_item){.name = curves->interval,
                                                         .kind = ZEM_LEGEND_BAND,
                                                         .color = color_of(page, 0),
                                                         .opacity = BAND_OPACITY});
    if (curves->closed)
        zem_legend_add(legend, &(struct zem_legend_item){.name = "closed form",
                                                         .kind = ZEM_LEGEND_LINE,
                                                         .line_width = CLOSED_WIDTH,
                                                         .dashes = CLOSED_DASHES});
    if (curves->significant != NULL)
        zem_legend_add(legend, &(struct zem_legend_item){.name = "significant", .kind = ZEM_LEGEND_RING});
}

static int lay_out(struct page *page, struct zem_error *error)
{
    struct zem_figure *figure = page->figure;
    struct zem_layout *layout = &page->layout;
    const struct zem_curves *curves = page->curves;
    const double em = figure->font, height = figure->height > 0.0 ? figure->height : figure->width;
    page->y = (struct zem_tic_axis){.length = height / em, .superscripts = figure->superscripts};
    choose_range(curves, &page->y);
    page->x = (struct zem_tic_axis){fmin(curves->first, curves->last),
                                    fmax(curves->first, curves->last),
                                    curves->logarithmic,
                                    true,
                                    figure->width / em,
                                    figure->superscripts};
    page->label_y = zem_plot_widest(figure, &page->y);
    set_legend(page);
    int status = zem_legend_set(&page->legend, figure, error);
    layout->width = figure->width;
    layout->columns = layout->rows = 1;
    layout->left = (EDGE + ZEM_PLOT_LABEL + ZEM_PLOT_APART + ZEM_PLOT_TICS) * em + page->label_y;
    layout->right = (EDGE + 0.3) * em + 0.5 * zem_plot_widest(figure, &page->x);
    layout->bottom = (EDGE + ZEM_PLOT_LABEL + ZEM_PLOT_APART + ZEM_PLOT_DIGITS + ZEM_PLOT_TICS) * em
                     + zem_legend_height(figure, &page->legend);
    if (figure->print) {
        zem_figure_say(figure, "%s", curves->title);
        zem_figure_say(figure, "%s", curves->note);
    } else {
        zem_text_break(&page->title, curves->title, zem_layout_panel_width(layout) / em, 3);
        zem_text_break(&page->title, curves->note, zem_layout_panel_width(layout) / em, 3);
    }
    layout->top = (EDGE + ZEM_PLOT_APART) * em + zem_plot_lines_height(figure, page->head, ZEM_HEAD_SCALE)
                  + zem_plot_lines_height(figure, &page->title, 1.0)
                  + (curves->mark_count > 0 ? ZEM_PLOT_LABEL * em : 0.0);
    if (status == ZEM_OK)
        status = zem_layout_fit(layout, figure, 0.7, error);
    page->y.length = (layout->height - layout->top - layout->bottom) / em;
    const double wider = fmax(0.0, zem_plot_widest(figure, &page->y) - page->label_y);
    page->label_y += wider;
    layout->left += wider;
    if (status == ZEM_OK && wider > 0.0)
        status = zem_layout_fit(layout, figure, 0.7, error);
    const struct zem_box box = zem_layout_panel(layout, 0);
    page->x.length = (box.right - box.left) / em;
    return status;
}

static void write_data(const struct page *page)
{
    for (size_t i = 0; i < page->curves->count; i++) {
        const struct zem_curve *curve = &page->curves->curve[i];
        fprintf(page->script, "$curve%zu << END\n", i);
        for (size_t k = 0; k < curve->points; k++) {
            const double values[] = {curve->x[k], curve->value[k], curve->low[k], curve->high[k], curve->closed[k]};
            for (int n = 0; n < (page->curves->closed ? 5 : 4); n++)
                zem_plot_number(page->script, values[n]);
            fputc('\n', page->script);
        }
        fputs("END\n", page->script);
    }
    if (page->curves->significant == NULL)
        return;
    const struct zem_curve *first = &page->curves->curve[0];
    fputs("$marks << END\n", page->script);
    for (size_t k = 0; k < first->points; k++)
        if (page->curves->significant[k])
            fprintf(page->script, " %.17g %.17g\n", first->x[k], first->value[k]);
    fputs("END\n", page->script);
}

/* Writes vertical lines with labels above the panel. A label that would touch the one before it is left out, which a
 * warning says. */
static void write_marks(const struct page *page, const struct zem_box *box)
{
    const struct zem_curves *curves = page->curves;
    const double em = page->figure->font, first = page->x.first, last = page->x.last;
    double end = -1.0;
    for (size_t i = 0; i < curves->mark_count; i++) {
        const double part = page->x.logarithmic ? log(curves->mark[i] / first) / log(last / first)
                                                : (curves->mark[i] - first) / (last - first),
                     x = box->left + part * (box->right - box->left),
                     width = zem_text_width(curves->mark_label[i]) * em;
        if (!(part >= 0.0 && part <= 1.0))
            continue;
        fprintf(page->script,
                "set arrow from first %.17g, graph 0 to first %.17g, graph 1 nohead back linecolor rgb '#606060' "
                "linewidth 1 dashtype '-'\n",
                curves->mark[i], curves->mark[i]);
        if (x - 0.5 * width < end + 0.4 * em) {
            zem_figure_warn(page->figure, "the line at %s has no label, because there is no room for it",
                            curves->mark_label[i]);
            continue;
        }
        zem_plot_text(page->script, page->figure, &page->layout,
                      &(struct zem_plot_place){x, box->top + 0.7 * em, ZEM_ALIGN_CENTER, false, 1.0},
                      curves->mark_label[i]);
        end = x + 0.5 * width;
    }
}

static void write_frame(const struct page *page)
{
    const struct zem_layout *layout = &page->layout;
    const struct zem_box box = zem_layout_panel(layout, 0);
    const double em = page->figure->font, marks = page->curves->mark_count > 0 ? ZEM_PLOT_LABEL * em : 0.0;
    zem_plot_margins(page->script, layout, &box);
    zem_plot_axis(page->script, &page->x, 'x', true);
    zem_plot_axis(page->script, &page->y, 'y', true);
    fputs("set border back\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD' linewidth 0.7\n", page->script);
    if (page->y.first < 0.0)
        fputs("set xzeroaxis linetype 1 linecolor rgb '#555555'\n", page->script);
    zem_plot_lines(page->script, page->figure, layout, 0.5 * layout->width, layout->height - EDGE * em, ZEM_HEAD_SCALE,
                   page->head);
    zem_plot_lines(page->script, page->figure, layout, 0.5 * (box.left + box.right),
                   box.top + marks + 0.3 * em + zem_plot_lines_height(page->figure, &page->title, 1.0), 1.0,
                   &page->title);
    zem_plot_label(page->script, page->figure, layout, 0.5 * (box.left + box.right),
                   box.bottom - (ZEM_PLOT_TICS + ZEM_PLOT_DIGITS + ZEM_PLOT_APART + 0.5 * ZEM_PLOT_LABEL) * em, false,
                   page->curves->label_x, page->curves->label_x);
    zem_plot_label(page->script, page->figure, layout,
                   box.left - page->label_y - (ZEM_PLOT_TICS + ZEM_PLOT_APART + 0.5 * ZEM_PLOT_LABEL) * em,
                   0.5 * (box.bottom + box.top), true, page->curves->label_y,
                   page->curves->brief_y[0] != '\0' ? page->curves->brief_y : page->curves->label_y);
    write_marks(page, &box);
    zem_legend_write(page->script, page->figure, layout, &page->legend);
}

/* Writes the plot command: first the bands, then the curves over them, then the closed form of each curve. */
static void write_plot(const struct page *page)
{
    const struct zem_curves *curves = page->curves;
    FILE *script = page->script;
    fprintf(script, "set style fill transparent solid %g noborder\nplot ", BAND_OPACITY);
    for (size_t i = 0; curves->interval[0] != '\0' && i < curves->count; i++)
        fprintf(script, "$curve%zu using 1:3:4 with filledcurves fillcolor rgb '#%06x', ", i,
                (unsigned)color_of(page, i));
    for (size_t i = 0; i < curves->count; i++) {
        const struct zem_curve *curve = &curves->curve[i];
        fprintf(script, "%s$curve%zu using 1:2 with %s linecolor rgb '#%06x' linewidth %g dashtype %s",
                i > 0 ? ", " : "", i, has_points(curve) ? "linespoints" : "lines", (unsigned)color_of(page, i),
                CURVE_WIDTH, dashes_of(curve, i) != NULL ? dashes_of(curve, i) : "1");
        if (has_points(curve))
            fprintf(script, " pointtype %u pointsize 0.7", shape_of(i));
    }
    for (size_t i = 0; curves->closed && i < curves->count; i++)
        fprintf(script, ", $curve%zu using 1:5 with lines linecolor rgb 'black' linewidth %g dashtype " CLOSED_DASHES,
                i, CLOSED_WIDTH);
    if (curves->significant != NULL)
        fputs(", $marks using 1:2 with points pointtype 6 pointsize 1.4 linecolor rgb 'black'", script);
    fputs("\n", script);
}

int zem_plot_curves(FILE *script, struct zem_figure *figure, const struct zem_text_lines *head,
                    const struct zem_curves *curves, struct zem_error *error)
{
    struct page page = {.script = script, .figure = figure, .curves = curves, .head = head};
    const int status = lay_out(&page, error);
    if (status != ZEM_OK)
        return status;
    zem_plot_start(script, figure);
    write_data(&page);
    write_frame(&page);
    write_plot(&page);
    return ZEM_OK;
}
