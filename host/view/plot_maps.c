/* Writes the script of maps in panels. The texts set the margins, the margins the size of the panels; then each panel
 * is drawn between its margins. */
#include "view/plot_maps.h"

#include "view/plot_contours.h"
#include "view/plot_legend.h"
#include "view/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lengths in units of the size of the letters. */
#define EDGE 0.4      /* margin around the picture */
#define LABELLED 16.0 /* least width of a panel whose contours have labels */

/* The picture while its script is written. */
struct page {
    FILE *script;
    struct zem_figure *figure;
    const struct zem_maps *maps;
    struct zem_layout layout;
    struct zem_text_lines head, note, title[ZEM_MAPS_MOST];
    bool values;    /* the panels have the values of their points alone, and the caption the names */
    double titles;  /* height of the highest title */
    double label_y; /* width of the labels on the vertical axis, points */
    struct zem_plot_contours contours[ZEM_MAPS_MOST];
    struct zem_contour_labels labels[ZEM_MAPS_MOST][ZEM_CONTOURS_MOST];
    struct zem_contours_wish levels; /* levels in the legend */
    char level_name[ZEM_CONTOURS_MOST][32];
    char legend_name[100];
    struct zem_legend legend; /* legend of the contours; empty if all contours have labels */
};

/* Breaks values such as "0.2 s, 3" that are too long together between them. */
static void break_values(char *values, double width)
{
    if (zem_text_width(values) > width)
        for (char *comma = strstr(values, ", "); comma != NULL; comma = strstr(comma, ", "))
            comma[1] = '\n';
}

/* Breaks lines such as "gain = 3" before the sign if they are too long, so that the value does not stand alone. */
static void break_names(char *lines, double width)
{
    for (char *line = lines, *end; line != NULL; line = end != NULL ? end + 1 : NULL) {
        end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        char *sign = strstr(line, " = ");
        if (sign != NULL && zem_text_width(line) > width)
            *sign = '\n';
        if (end != NULL)
            *end = '\n';
    }
}

/* Returns whether a name, whose lines are such as "gain = 3", fits above a map: no word is cut, and no line is broken
 * into more than two. */
static bool name_fits(const char *name, double width)
{
    struct zem_text_lines lines = {0};
    char text[200], *rest = NULL;
    size_t most = 2;
    for (const char *at = name; *at != '\0'; at++)
        most += *at == '\n' ? 2 : 0;
    snprintf(text, sizeof text, "%s", name);
    break_names(text, width);
    if (!zem_text_break(&lines, text, width, ZEM_TEXT_LINES) || lines.count > most)
        return false;
    for (char *word = strtok_r(text, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest))
        if (zem_text_width(word) > width)
            return false;
    return true;
}

/* Makes "0.2 s, 3" of the lines "lag = 0.2 s" and "gain = 3", or "lag, gain" for the part before the signs. */
static void take_part(char *text, size_t size, const char *name, bool values)
{
    static const char sign[] = " = ";
    text[0] = '\0';
    for (const char *line = name; line != NULL && *line != '\0';) {
        const char *end = strchr(line, '\n'), *at = strstr(line, sign);
        const size_t length = end != NULL ? (size_t)(end - line) : strlen(line), used = strlen(text);
        const size_t before = at != NULL && at < line + length ? (size_t)(at - line) : 0;
        const size_t skipped = values && before > 0 ? before + strlen(sign) : 0;
        snprintf(text + used, size - used, "%s%.*s", used > 0 ? ", " : "",
                 (int)(values || before == 0 ? length - skipped : before), line + skipped);
        line = end != NULL ? end + 1 : NULL;
    }
}

/* Moves the names of the panels' axes to the caption if the name of a panel does not fit above its map. */
static void choose_names(struct page *page, double width)
{
    char names[200];
    page->values = false;
    for (size_t i = 0; i < page->maps->count; i++) {
        snprintf(names, sizeof names, "%s", page->maps->map[i].name);
        page->values = page->values || !name_fits(zem_plot_name(page->figure, names), width);
    }
    if (!page->values)
        return;
    take_part(names, sizeof names, page->maps->map[0].name, false);
    zem_figure_say(page->figure, "above the maps: %s", zem_plot_name(page->figure, names));
}

/* Breaks the names and titles above the maps into lines of at most `width`, and finds their largest height. */
static void break_titles(struct page *page, double width)
{
    page->titles = 0.0;
    for (size_t i = 0; i < page->maps->count; i++) {
        const struct zem_map *map = &page->maps->map[i];
        char name[200];
        snprintf(name, sizeof name, "%s", map->name);
        if (page->values) {
            take_part(name, sizeof name, map->name, true);
            break_values(name, width);
        }
        break_names(name, width);
        zem_text_break(&page->title[i], zem_plot_name(page->figure, name), width, ZEM_TEXT_LINES);
        if (page->figure->print)
            zem_figure_say(page->figure, "%s", map->title);
        else
            zem_text_break(&page->title[i], map->title, width, ZEM_TEXT_LINES);
        page->titles = fmax(page->titles, zem_plot_lines_height(page->figure, &page->title[i], 1.0));
    }
}

/* Widens the margins for wide labels of the axes. The margins were set by axes as high as the whole picture; now that
 * the height of the panels is known, their axes may have wider labels. Returns whether a margin was widened. */
static bool widen(struct page *page)
{
    struct zem_figure *figure = page->figure;
    struct zem_layout *layout = &page->layout;
    const bool one = page->maps->one_bar;
    const struct zem_box box = zem_layout_panel(layout, 0), all = zem_layout_panels(layout);
    const struct zem_tic_axis y = zem_plot_view_axis(figure, page->maps->map[0].view, 1, box.top - box.bottom);
    const double left = fmax(0.0, zem_plot_widest(figure, &y) - page->label_y);
    double right = 0.0;
    for (size_t i = 0; i < page->maps->count; i++)
        right = fmax(right, zem_plot_color_bar_room(figure, page->maps->map[i].low, page->maps->map[i].high,
                                                    one ? all.top - all.bottom : box.top - box.bottom)
                                - layout->right);
    page->label_y += left;
    layout->left += left;
    layout->right += right;
    layout->gap_x += one ? 0.0 : left + right;
    return left > 0.0 || right > 0.0;
}

static int lay_out(struct page *page, const struct zem_view *head, struct zem_error *error)
{
    struct zem_figure *figure = page->figure;
    struct zem_layout *layout = &page->layout;
    const struct zem_map *first = &page->maps->map[0];
    const double em = figure->font, height = figure->height > 0.0 ? figure->height : figure->width;
    const struct zem_tic_axis y = zem_plot_view_axis(figure, first->view, 1, height),
                              x = zem_plot_view_axis(figure, first->view, 0,
                                                     figure->width / (double)page->maps->columns);
    const bool one = page->maps->one_bar;
    layout->width = figure->width;
    layout->columns = page->maps->columns;
    layout->rows = (page->maps->count + layout->columns - 1) / layout->columns;
    page->label_y = zem_plot_widest(figure, &y);
    layout->left = (EDGE + ZEM_PLOT_LABEL + ZEM_PLOT_APART + ZEM_PLOT_TICS) * em + page->label_y;
    const double below = (EDGE + ZEM_PLOT_LABEL + ZEM_PLOT_APART + ZEM_PLOT_DIGITS + ZEM_PLOT_TICS) * em;
    layout->bottom = below + zem_legend_height(figure, &page->legend);
    for (size_t i = 0; i < page->maps->count; i++)
        layout->right = fmax(layout->right,
                             zem_plot_color_bar_room(figure, page->maps->map[i].low, page->maps->map[i].high, height));
    layout->gap_x = one ? fmax(em, zem_plot_widest(figure, &x) + 0.5 * em) : layout->right + layout->left;
    zem_plot_head(figure, head, &page->head);
    const double width =
        (zem_layout_panel_width(layout) + (one ? layout->gap_x - 0.4 * em : 1.6 * fmin(layout->left, layout->right)))
        / em;
    choose_names(page, width);
    if (one && !figure->print)
        zem_text_break(&page->note, figure->caption, figure->width / em - 2.0, 4);
    break_titles(page, width);
    layout->top = (EDGE + ZEM_PLOT_APART) * em + page->titles
                  + zem_plot_lines_height(figure, &page->head, ZEM_HEAD_SCALE)
                  + zem_plot_lines_height(figure, &page->note, 1.0);
    layout->gap_y = page->titles + ZEM_PLOT_APART * em + (one ? ZEM_PLOT_APART * em : below);
    const int status = zem_layout_fit(layout, figure, one ? 0.9 : 0.8, error);
    if (status != ZEM_OK || !widen(page))
        return status;
    return zem_layout_fit(layout, figure, 0.0, error); /* the height stays that of the first fit */
}

/* ---- labels and legend of contours ---- */

/* Places the labels of the contours. A panel that is too narrow gets no labels. No panel gets labels if the picture has
 * a legend, which then names the contours. `all` is set to whether every contour has a label. */
static int place_labels(struct page *page, bool *all, struct zem_error *error)
{
    int status = ZEM_OK;
    *all = true;
    for (size_t i = 0; status == ZEM_OK && i < page->maps->count; i++) {
        const struct zem_map *map = &page->maps->map[i];
        const struct zem_box box = zem_layout_panel(&page->layout, i);
        const double em = page->figure->font;
        page->contours[i] = (struct zem_plot_contours){
            .map = map,
            .panel = i,
            .x = zem_plot_view_axis(page->figure, map->view, 0, box.right - box.left),
            .y = zem_plot_view_axis(page->figure, map->view, 1, box.top - box.bottom),
            .labels = page->legend.count == 0 && box.right - box.left > LABELLED * em ? page->labels[i] : NULL,
        };
        if (map->contours == NULL || map->contours->count == 0)
            continue;
        if (page->contours[i].labels != NULL)
            status = zem_plot_contours_label(&page->contours[i], error);
        for (size_t k = 0; k < map->contours->count; k++)
            *all = *all && page->contours[i].labels != NULL && page->labels[i][k].count > 0;
    }
    return status;
}

static void add_level(struct zem_contours_wish *levels, double level)
{
    size_t at = 0;
    while (at < levels->count && levels->level[at] < level)
        at++;
    if ((at < levels->count && levels->level[at] == level) || levels->count == ZEM_CONTOURS_MOST)
        return;
    memmove(levels->level + at + 1, levels->level + at, (levels->count - at) * sizeof *levels->level);
    levels->level[at] = level;
    levels->count++;
}

/* Makes a legend of the levels of all panels. */
static int make_legend(struct page *page, struct zem_error *error)
{
    const struct zem_variable *variable = page->maps->map[0].view->variable;
    for (size_t i = 0; i < page->maps->count; i++)
        for (size_t k = 0; page->maps->map[i].contours != NULL && k < page->maps->map[i].contours->count; k++)
            add_level(&page->levels, page->maps->map[i].contours->level[k]);
    snprintf(page->legend_name, sizeof page->legend_name,
             strcmp(variable->unit, "1") != 0 ? "contours (%s)" : "contours", variable->unit);
    zem_legend_add(&page->legend, &(struct zem_legend_item){.name = page->legend_name, .kind = ZEM_LEGEND_TEXT});
    for (size_t i = 0; i < page->levels.count; i++)
        zem_legend_add(&page->legend,
                       &(struct zem_legend_item){.name = zem_contour_label(page->levels.level[i], page->level_name[i]),
                                                 .kind = ZEM_LEGEND_LINE,
                                                 .line_width = ZEM_CONTOUR_WIDTH,
                                                 .dashes = zem_legend_dashes(i)});
    return zem_legend_set(&page->legend, page->figure, error);
}

/* Lays the picture out. If a contour finds no room for its label, lays it out again with a legend of the contours. */
static int lay_out_with_legend(struct page *page, const struct zem_view *head, struct zem_error *error)
{
    const double height = page->figure->height;
    bool all = true;
    int status = lay_out(page, head, error);
    if (status == ZEM_OK)
        status = place_labels(page, &all, error);
    if (status != ZEM_OK || all)
        return status;
    status = make_legend(page, error);
    page->figure->height = height;
    page->layout = (struct zem_layout){0};
    page->head.count = page->note.count = 0;
    for (size_t i = 0; i < page->maps->count; i++)
        page->title[i].count = 0;
    if (status == ZEM_OK)
        status = lay_out(page, head, error);
    return status == ZEM_OK ? place_labels(page, &all, error) : status;
}

/* ---- the script ---- */

static void write_data(const struct page *page, size_t i)
{
    const struct zem_map *map = &page->maps->map[i];
    char name[32];
    snprintf(name, sizeof name, "cells%zu", i);
    zem_plot_cells(page->script, map->view, name, map->value);
    if (map->marked == NULL)
        return;
    fprintf(page->script, "$marks%zu << END\n", i);
    for (size_t k = 0; k < map->view->columns * map->view->rows; k++)
        if (map->marked[k]) {
            zem_plot_number(page->script, zem_view_point(map->view, 0, k % map->view->columns));
            zem_plot_number(page->script, zem_view_point(map->view, 1, k / map->view->columns));
            fputc('\n', page->script);
        }
    fputs("END\n", page->script);
}

static bool has_marks(const struct zem_map *map)
{
    bool any = false;
    for (size_t k = 0; map->marked != NULL && k < map->view->columns * map->view->rows; k++)
        any = any || map->marked[k];
    return any;
}

/* Writes the axes of a panel; the tics have labels below the panel if `below`, and beside it if `beside`. */
static void write_axes(const struct page *page, bool below, bool beside)
{
    const struct zem_view *view = page->maps->map[0].view;
    const struct zem_box panel = zem_layout_panel(&page->layout, 0);
    const struct zem_tic_axis x = zem_plot_view_axis(page->figure, view, 0, panel.right - panel.left),
                              y = zem_plot_view_axis(page->figure, view, 1, panel.top - panel.bottom);
    zem_plot_axis(page->script, &x, 'x', below);
    zem_plot_axis(page->script, &y, 'y', beside);
}

/* Writes the names of the axes below and beside a box. */
static void write_axis_names(const struct page *page, const struct zem_box *box)
{
    const struct zem_view *view = page->maps->map[0].view;
    const double em = page->figure->font;
    char label[200];
    zem_view_axis_label(view, view->axis[0], label, sizeof label);
    zem_plot_name(page->figure, label);
    zem_plot_label(page->script, page->figure, &page->layout, 0.5 * (box->left + box->right),
                   box->bottom - (ZEM_PLOT_TICS + ZEM_PLOT_DIGITS + ZEM_PLOT_APART + 0.5 * ZEM_PLOT_LABEL) * em, false,
                   label, label);
    zem_view_axis_label(view, view->axis[1], label, sizeof label);
    zem_plot_name(page->figure, label);
    zem_plot_label(page->script, page->figure, &page->layout,
                   box->left - page->label_y - (ZEM_PLOT_TICS + ZEM_PLOT_APART + 0.5 * ZEM_PLOT_LABEL) * em,
                   0.5 * (box->bottom + box->top), true, label, label);
}

/* Writes the texts and axes of a panel. If all maps share one colour bar, it stands beside all panels, and the names of
 * the axes are written once. */
static void write_frame(const struct page *page, size_t i)
{
    const struct zem_map *map = &page->maps->map[i];
    const struct zem_layout *layout = &page->layout;
    const struct zem_box box = zem_layout_panel(layout, i), all = zem_layout_panels(layout);
    const bool one = page->maps->one_bar;
    const double em = page->figure->font;
    fputs("unset label\n", page->script);
    zem_plot_margins(page->script, layout, &box);
    zem_plot_palette(page->script, map->stops, map->low, map->high);
    write_axes(page, !one || i + layout->columns >= page->maps->count, !one || i % layout->columns == 0);
    if (i == 0) {
        const double top = layout->height - EDGE * em, middle = 0.5 * layout->width;
        zem_plot_lines(page->script, page->figure, layout, middle, top, ZEM_HEAD_SCALE, &page->head);
        zem_plot_lines(page->script, page->figure, layout, middle,
                       top - zem_plot_lines_height(page->figure, &page->head, ZEM_HEAD_SCALE), 1.0, &page->note);
    }
    zem_plot_lines(page->script, page->figure, layout, 0.5 * (box.left + box.right),
                   box.top + 0.3 * em + zem_plot_lines_height(page->figure, &page->title[i], 1.0), 1.0,
                   &page->title[i]);
    if (!one || i == 0) {
        zem_plot_color_bar(page->script, page->figure, layout, one ? &all : &box, map->low, map->high, map->label,
                           map->brief);
        write_axis_names(page, one ? &all : &box);
    } else
        fputs("unset colorbox\n", page->script);
}

static void write_map(const struct page *page, size_t i)
{
    const struct zem_map *map = &page->maps->map[i];
    fprintf(page->script, "plot $cells%zu using 1:2:3:4:5:6:7 with boxxyerror linecolor palette", i);
    if (map->contours != NULL)
        zem_plot_contours_draw(page->script, page->figure, &page->contours[i],
                               page->legend.count > 0 ? &page->levels : NULL);
    if (has_marks(map))
        fprintf(page->script, ", $marks%zu using 1:2 with points pointtype 7 pointsize 0.6 linecolor rgb 'black'", i);
    fputs("\n", page->script);
}

static int write_page(struct page *page, struct zem_error *error)
{
    int status = ZEM_OK;
    zem_plot_start(page->script, page->figure);
    for (size_t i = 0; status == ZEM_OK && i < page->maps->count; i++) {
        write_data(page, i);
        if (page->maps->map[i].contours != NULL)
            status = zem_plot_contours_data(page->script, &page->contours[i], error);
    }
    fputs("set multiplot\nset style fill solid 1.0 noborder\n", page->script);
    for (size_t i = 0; i < page->maps->count; i++) {
        write_frame(page, i);
        if (i == 0)
            zem_legend_write(page->script, page->figure, &page->layout, &page->legend);
        write_map(page, i);
        if (i == 0 && page->legend.count > 0)
            fputs("unset arrow\n", page->script);
    }
    fputs("unset multiplot\n", page->script);
    return status;
}

#define MM (72.0 / 25.4)

void zem_plot_maps_size(struct zem_figure *figure, struct zem_maps *maps)
{
    if (figure->print)
        zem_figure_usual_size(figure, maps->count > 1 ? 160.0 * MM : 80.0 * MM, 0.0);
    else
        zem_figure_usual_size(figure, maps->count > 1 ? 1125.0 : 675.0, 480.0);
    const bool wide = figure->width > 44.0 * figure->font && !(figure->height > figure->width);
    maps->columns = wide ? maps->count : 1;
}

int zem_plot_maps(FILE *script, struct zem_figure *figure, const struct zem_view *head, const struct zem_maps *maps,
                  struct zem_error *error)
{
    struct page *page = calloc(1, sizeof *page);
    if (page == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the picture");
    *page = (struct page){.script = script, .figure = figure, .maps = maps};
    int status = lay_out_with_legend(page, head, error);
    if (status == ZEM_OK)
        status = write_page(page, error);
    free(page);
    return status;
}
