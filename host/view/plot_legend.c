/* Sets the items of a legend from left to right, in as many rows as they need. */
#include "view/plot_legend.h"

#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>

/* Lengths in units of the size of the letters. */
#define EDGE 0.5     /* margin below the legend and beside it */
#define SAMPLE 2.7   /* width of a sample with the gap to its name */
#define ITEM_GAP 1.3 /* gap between an item and the next */
#define ROW 1.3      /* height of a row */
#define ABOVE 0.4    /* gap above the legend */

const char *zem_legend_dashes(size_t line)
{
    static const char *const dashes[] = {
        NULL,    "(7,3)",        "(1.5,2.5)", "(7,3,1.5,3)", "(14,4)",          "(7,3,1.5,3,1.5,3)",
        "(4,8)", "(14,4,1.5,4)", "(1.5,7)",   "(14,4,5,4)",  "(7,3,7,3,1.5,3)", "(22,3)"};
    return dashes[line % (sizeof dashes / sizeof *dashes)];
}

void zem_legend_add(struct zem_legend *legend, const struct zem_legend_item *item)
{
    if (legend->count < ZEM_LEGEND_MOST)
        legend->item[legend->count++] = *item;
}

static double sample_width(const struct zem_legend_item *item) { return item->kind == ZEM_LEGEND_TEXT ? 0.0 : SAMPLE; }

int zem_legend_set(struct zem_legend *legend, const struct zem_figure *figure, struct zem_error *error)
{
    const double em = figure->font, mm = 25.4 / 72.0, room = figure->width / em - 2.0 * EDGE;
    double least = 0.0;
    legend->rows = legend->count > 0;
    for (size_t i = 0, first = 0; i < legend->count; i++) {
        const struct zem_legend_item *before = i > first ? &legend->item[i - 1] : NULL;
        struct zem_legend_item *item = &legend->item[i];
        item->width = sample_width(item) + zem_text_width(item->name);
        item->left = before != NULL ? before->left + before->width + ITEM_GAP : 0.0;
        least = fmax(least, (item->width + 2.0 * EDGE) * em);
        if (before != NULL && item->left + item->width > room) {
            item->left = 0.0;
            first = i;
            legend->rows++;
        }
        item->row = legend->rows - 1;
    }
    if (least <= figure->width)
        return ZEM_OK;
    return zem_error_set(error, ZEM_USAGE,
                         "plot: a picture %.0f mm wide has no room for its legend in letters of %.3g points: at least "
                         "%.0f mm or a smaller --font-size are needed",
                         figure->width * mm, em, ceil(least * mm));
}

double zem_legend_height(const struct zem_figure *figure, const struct zem_legend *legend)
{
    return legend->rows > 0 ? (ROW * (double)legend->rows + ABOVE) * figure->font : 0.0;
}

static void write_line(FILE *script, const struct zem_layout *layout, const struct zem_legend_item *item, double left,
                       double right, double y, const char *dashes)
{
    fprintf(script,
            "set arrow from screen %.6g,%.6g to screen %.6g,%.6g nohead linecolor rgb '#%06x' linewidth %.3g dashtype "
            "%s\n",
            left / layout->width, y / layout->height, right / layout->width, y / layout->height, (unsigned)item->color,
            item->line_width, dashes);
}

/* Draws a dashed line as one arrow for each dash, because gnuplot's arrows have no dashes in SVG. The unit of the
 * dashes is half the width of the line. */
static void write_dashes(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                         const struct zem_legend_item *item, double left, double right, double y)
{
    const double unit = 0.5 * item->line_width * zem_plot_line_width(figure);
    const char *at = item->dashes;
    bool gap = false;
    while (left < right) {
        char *end;
        const double length = unit * strtod(at + 1, &end); /* `at` stands at a bracket or a comma */
        if (!gap)
            write_line(script, layout, item, left, fmin(left + length, right), y, "1");
        left += fmax(length, 0.1 * unit);
        gap = !gap;
        at = *end == ')' ? item->dashes : end;
    }
}

/* Writes the sample of an item: a piece of a line, a band or a ring. */
static void write_sample(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                         const struct zem_legend_item *item, double left, double y)
{
    const double em = figure->font, right = left + (SAMPLE - 0.7) * em, up = y / layout->height;
    const unsigned color = (unsigned)item->color;
    if (item->kind == ZEM_LEGEND_BAND)
        fprintf(script,
                "set object rectangle from screen %.6g,%.6g to screen %.6g,%.6g fillcolor rgb '#%06x' fillstyle "
                "transparent solid %.3g noborder\n",
                left / layout->width, (y - 0.35 * em) / layout->height, right / layout->width,
                (y + 0.35 * em) / layout->height, color, item->opacity);
    if (item->kind == ZEM_LEGEND_LINE && item->dashes != NULL && figure->picture == ZEM_PICTURE_SVG)
        write_dashes(script, figure, layout, item, left, right, y);
    else if (item->kind == ZEM_LEGEND_LINE)
        write_line(script, layout, item, left, right, y, item->dashes != NULL ? item->dashes : "1");
    if (item->kind == ZEM_LEGEND_LINE && item->shape > 0)
        fprintf(script, "set label '' at screen %.6g,%.6g point pointtype %u pointsize 0.7 linecolor rgb '#%06x'\n",
                0.5 * (left + right) / layout->width, up, item->shape, color);
    if (item->kind == ZEM_LEGEND_RING)
        fprintf(script, "set label '' at screen %.6g,%.6g point pointtype 6 pointsize 1.4 linecolor rgb '#%06x'\n",
                0.5 * (left + right) / layout->width, up, color);
}

void zem_legend_write(FILE *script, const struct zem_figure *figure, const struct zem_layout *layout,
                      const struct zem_legend *legend)
{
    const double em = figure->font;
    double width[ZEM_LEGEND_MOST] = {0};
    for (size_t i = 0; i < legend->count; i++)
        width[legend->item[i].row] = legend->item[i].left + legend->item[i].width;
    for (size_t i = 0; i < legend->count; i++) {
        const struct zem_legend_item *item = &legend->item[i];
        const double left = 0.5 * (layout->width - width[item->row] * em) + item->left * em,
                     y = (EDGE + ROW * ((double)(legend->rows - item->row) - 0.5)) * em;
        write_sample(script, figure, layout, item, left, y);
        zem_plot_text(script, figure, layout,
                      &(struct zem_plot_place){left + sample_width(item) * em, y, ZEM_ALIGN_LEFT, false, 1.0},
                      item->name);
    }
}
