/* Draws a panel for each axis, in rows of three, or of two if there are four panels. */
#include "view/plot_effects.h"

#include "result/effects_text.h"
#include "view/plot.h"
#include "view/plot_panels.h"
#include "view/plot_parts.h"

#include <math.h>
#include <string.h>

static void write_curve(const struct zem_effects *e, size_t i, FILE *script)
{
    const struct zem_axis *axis = &e->result->scenario->axis[i];
    fprintf(script, "$axis%zu << END\n", i);
    for (size_t k = 0; k < axis->points; k++) {
        const double values[] = {axis->display[k], e->curve[i][k], e->curve[i][k] - e->half_width[i][k],
                                 e->curve[i][k] + e->half_width[i][k]};
        for (int n = 0; n < 4; n++)
            zem_plot_number(script, values[n]);
        fputc('\n', script);
    }
    fputs("END\n", script);
}

/* Sets the label and the axes of the panel of axis i. */
static void describe_panel(const struct zem_effects *e, size_t i, const struct zem_tic_axis *y, bool superscripts,
                           struct zem_plot_panel *panel)
{
    const struct zem_axis *axis = &e->result->scenario->axis[i];
    const double first = axis->display[0], last = axis->display[axis->points - 1];
    snprintf(panel->label_x, sizeof panel->label_x, strcmp(axis->unit, "1") ? "%s (%s)" : "%s", axis->name, axis->unit);
    panel->x = (struct zem_tic_axis){.first = fmin(first, last),
                                     .last = fmax(first, last),
                                     .logarithmic = zem_plot_is_logarithmic(axis),
                                     .across = true,
                                     .superscripts = superscripts};
    panel->y = *y;
}

/* Returns the vertical axis that all panels share. */
static struct zem_tic_axis find_range(const struct zem_effects *e, bool superscripts)
{
    double low = (double)INFINITY, high = (double)-INFINITY;
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        for (size_t k = 0; e->curve[i] != NULL && k < e->result->scenario->axis[i].points; k++) {
            low = fmin(low, e->curve[i][k] - e->half_width[i][k]);
            high = fmax(high, e->curve[i][k] + e->half_width[i][k]);
        }
    const double margin = fmax(0.05 * (high - low), 1e-9 * fmax(fabs(low), 1e-9));
    return (struct zem_tic_axis){.first = low - margin, .last = high + margin, .superscripts = superscripts};
}

static void write_panels(const struct zem_effects *e, const struct zem_plot_panels *panels, struct zem_figure *figure,
                         const struct zem_layout *layout, FILE *script)
{
    zem_plot_start(script, figure);
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        if (e->curve[i] != NULL)
            write_curve(e, i, script);
    zem_plot_panels_start(script, panels, figure, layout);
    for (size_t i = 0, panel = 0; i < e->result->scenario->axis_count; i++) {
        if (e->curve[i] == NULL)
            continue;
        zem_plot_panels_frame(script, panels, figure, layout, panel++);
        fprintf(script,
                "plot $axis%zu using 1:3:4 with filledcurves fillcolor rgb '#A6CFD5', $axis%zu using "
                "1:2 with linespoints linecolor rgb '#21608c' linewidth 2 pointtype 7 pointsize 0.6\n",
                i, i);
    }
    fputs("unset multiplot\n", script);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct zem_effects *e = context;
    struct zem_plot_panels panels = {.one_y = true};
    struct zem_layout layout;
    char subject[200];
    const struct zem_tic_axis y = find_range(e, figure->superscripts);
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        if (e->curve[i] != NULL)
            describe_panel(e, i, &y, figure->superscripts, &panels.panel[panels.count++]);
    panels.columns = panels.count < 4 ? panels.count : panels.count == 4 ? 2 : 3;
    zem_effects_subject(e, subject, sizeof subject);
    snprintf(panels.label_y, sizeof panels.label_y, "mean of %.150s", e->variable->name);
    zem_figure_usual_size(figure, panels.count > 1 ? 1125.0 : 675.0, 480.0);
    panels.title = zem_figure_title(figure, e->result->scenario);
    snprintf(panels.note, sizeof panels.note, "mean of %s over all other axes, %.6g %% intervals%s", subject,
             100.0 * e->confidence, e->differ ? "" : "; the cells do not differ by more than chance");
    const int status = zem_plot_panels_lay_out(&panels, figure, &layout, error);
    if (status == ZEM_OK)
        write_panels(e, &panels, figure, &layout, script);
    return status;
}

int zem_plot_effects(const struct zem_effects *e, const char *output, FILE *warnings, struct zem_error *error)
{
    return zem_plot_write(write_script, e, &(struct zem_plot_options){.output = output, .warnings = warnings}, error);
}
