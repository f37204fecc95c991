/* Lays out and frames panels. The texts set the margins; the panels share the rest. */
#include "view/plot_panels.h"

#include "view/plot_parts.h"

#include <math.h>

/* EDGE is a margin in units of the size of the letters; the others are the largest numbers of lines of a text. */
#define EDGE 0.5
#define TITLE_LINES 2
#define HEAD_LINES 3
#define NOTE_LINES 2

/* Breaks title and note into lines. Returns whether the whole title fits. */
static bool break_head(const struct zem_figure *figure, const struct zem_plot_panels *panels,
                       struct zem_text_lines *lines)
{
    const double width = figure->width / (ZEM_HEAD_SCALE * figure->font) - 2.0;
    const bool fits = zem_text_break(lines, panels->title, width, HEAD_LINES);
    zem_text_break(lines, panels->note, width, NOTE_LINES);
    return fits;
}

static double below_panel(const struct zem_plot_panels *panels, size_t i, double em)
{
    return (ZEM_PLOT_TICS + ZEM_PLOT_DIGITS
            + (panels->panel[i].label_x[0] != '\0' ? ZEM_PLOT_APART + ZEM_PLOT_LABEL : 0.0))
           * em;
}

/* Returns the width of the widest label on the vertical axes of all panels, points. */
static double widest_y(const struct zem_plot_panels *panels, const struct zem_figure *figure)
{
    double widest = 0.0;
    for (size_t i = 0; i < panels->count; i++) {
        const struct zem_plot_panel *panel = &panels->panel[i];
        for (size_t k = 0; k < panel->name_count; k++)
            widest = fmax(widest, zem_text_width(panel->names[k]) * figure->font);
        if (panel->name_count == 0)
            widest = fmax(widest, zem_plot_widest(figure, &panel->y));
    }
    return widest;
}

static void set_lengths(struct zem_plot_panels *panels, double em, double width, double height)
{
    for (size_t i = 0; i < panels->count; i++) {
        panels->panel[i].x.length = width / em;
        panels->panel[i].y.length = height / em;
    }
}

static void break_title(const struct zem_plot_panels *panels, const struct zem_layout *layout, double em, size_t i,
                        struct zem_text_lines *lines)
{
    zem_text_break(lines, panels->panel[i].title, (zem_layout_panel_width(layout) + 0.5 * layout->gap_x) / em,
                   TITLE_LINES);
}

/* Sets the margins and gaps from the texts. */
static void set_margins(const struct zem_plot_panels *panels, const struct zem_figure *figure,
                        struct zem_layout *layout)
{
    const double em = figure->font, beside = widest_y(panels, figure) + ZEM_PLOT_TICS * em;
    double titles = 0.0, across = 0.0;
    struct zem_text_lines head = {.count = 0};
    for (size_t i = 0; i < panels->count; i++)
        across = fmax(across, zem_plot_widest(figure, &panels->panel[i].x));
    layout->left = (EDGE + (panels->label_y[0] != '\0' ? ZEM_PLOT_LABEL + ZEM_PLOT_APART : 0.0)) * em + beside;
    layout->right = EDGE * em + 0.5 * across;
    layout->gap_x = across + em + (panels->one_y ? 0.0 : beside);
    for (size_t i = 0; i < panels->count; i++) {
        struct zem_text_lines lines = {.count = 0};
        break_title(panels, layout, em, i, &lines);
        titles = fmax(titles, zem_plot_lines_height(figure, &lines, 1.0) + (lines.count > 0 ? 0.3 * em : 0.0));
    }
    break_head(figure, panels, &head);
    layout->bottom =
        EDGE * em + below_panel(panels, panels->count - 1, em) + zem_legend_height(figure, &panels->legend);
    layout->top = (EDGE + ZEM_PLOT_APART) * em + titles + zem_plot_lines_height(figure, &head, ZEM_HEAD_SCALE);
    layout->gap_y = ZEM_PLOT_APART * em + below_panel(panels, 0, em) + titles;
}

int zem_plot_panels_lay_out(struct zem_plot_panels *panels, struct zem_figure *figure, struct zem_layout *layout,
                            struct zem_error *error)
{
    *layout = (struct zem_layout){.width = figure->width,
                                  .height = figure->height,
                                  .columns = panels->columns,
                                  .rows = (panels->count + panels->columns - 1) / panels->columns};
    set_lengths(panels, figure->font, figure->width / (double)layout->columns, figure->height / (double)layout->rows);
    int status = zem_legend_set(&panels->legend, figure, error);
    for (int pass = 0; status == ZEM_OK && pass < 2; pass++) { /* the second pass knows the size of the panels */
        set_margins(panels, figure, layout);
        status = zem_layout_fit(layout, figure, 0.7, error);
        const struct zem_box box = zem_layout_panel(layout, 0);
        if (status == ZEM_OK)
            set_lengths(panels, figure->font, box.right - box.left, box.top - box.bottom);
    }
    return status;
}

void zem_plot_panels_start(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout)
{
    struct zem_text_lines head = {.count = 0};
    if (!break_head(figure, panels, &head))
        zem_figure_warn(figure, "the title does not fit into the picture and ends in \"...\"; a shorter title of the "
                                "scenario shows all of it");
    fputs("set multiplot\nset border back\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD' linewidth 0.7\n",
          script);
    zem_plot_lines(script, figure, layout, 0.5 * layout->width, layout->height - EDGE * figure->font, ZEM_HEAD_SCALE,
                   &head);
    zem_legend_write(script, figure, layout, &panels->legend);
}

/* Sets names instead of numbers on the vertical axis, from the top downward. */
static void write_names(FILE *script, const struct zem_figure *figure, const struct zem_plot_panel *panel,
                        bool labelled)
{
    fputs("set ytics (", script);
    for (size_t i = 0; i < panel->name_count; i++) {
        fputs(i > 0 ? ", " : "", script);
        zem_plot_words(script, figure, labelled ? panel->names[i] : "");
        fprintf(script, " %zu", i);
    }
    fprintf(script, ")\nset yrange [%g:-0.5]\n", (double)panel->name_count - 0.5);
}

void zem_plot_panels_frame(FILE *script, const struct zem_plot_panels *panels, struct zem_figure *figure,
                           const struct zem_layout *layout, size_t i)
{
    const struct zem_plot_panel *panel = &panels->panel[i];
    const struct zem_box box = zem_layout_panel(layout, i);
    const double em = figure->font, middle = 0.5 * (box.left + box.right);
    const bool first = i % panels->columns == 0;
    struct zem_text_lines lines = {.count = 0};
    if (i > 0)
        fputs("unset label\nunset arrow\nunset object\n", script);
    zem_plot_margins(script, layout, &box);
    zem_plot_axis(script, &panel->x, 'x', true);
    if (panels->reversed)
        fprintf(script, "set xrange [%.17g:%.17g]\n", panel->x.last, panel->x.first);
    if (panel->name_count > 0)
        write_names(script, figure, panel, first || !panels->one_y);
    else
        zem_plot_axis(script, &panel->y, 'y', first || !panels->one_y);
    break_title(panels, layout, em, i, &lines);
    zem_plot_lines(script, figure, layout, middle, box.top + 0.3 * em + zem_plot_lines_height(figure, &lines, 1.0), 1.0,
                   &lines);
    if (panel->label_x[0] != '\0')
        zem_plot_label(script, figure, layout, middle,
                       box.bottom - (ZEM_PLOT_TICS + ZEM_PLOT_DIGITS + ZEM_PLOT_APART + 0.5 * ZEM_PLOT_LABEL) * em,
                       false, panel->label_x, panel->label_x);
    if (first && panels->label_y[0] != '\0')
        zem_plot_label(script, figure, layout, (EDGE + 0.5 * ZEM_PLOT_LABEL) * em, 0.5 * (box.bottom + box.top), true,
                       panels->label_y, panels->label_y);
}
