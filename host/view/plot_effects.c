/* A panel for each axis, in rows of three. */
#include "view/plot_effects.h"

#include "result/effects_text.h"
#include "view/plot.h"
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

static void write_panel(const struct zem_effects *e, size_t i, const struct zem_figure *figure, FILE *script)
{
    const struct zem_axis *axis = &e->result->scenario->axis[i];
    char label[200];
    snprintf(label, sizeof label, strcmp(axis->unit, "1") ? "%s (%s)" : "%s", axis->name, axis->unit);
    fputs("set xlabel ", script);
    zem_plot_words(script, figure, label);
    fprintf(script,
            "\n%s logscale x\nplot $axis%zu using 1:3:4 with filledcurves fillcolor rgb '#A6CFD5' notitle, $axis%zu "
            "using 1:2 with linespoints linecolor rgb '#21608c' linewidth 2 pointtype 7 pointsize 0.6 notitle\n",
            zem_plot_is_logarithmic(axis) ? "set" : "unset", i, i);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct zem_effects *e = context;
    (void)error;
    char text[300], subject[200];
    double low = (double)INFINITY, high = (double)-INFINITY;
    size_t panels = 0;
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        for (size_t k = 0; e->curve[i] != NULL && k < e->result->scenario->axis[i].points; k++) {
            panels += k == 0;
            low = fmin(low, e->curve[i][k] - e->half_width[i][k]);
            high = fmax(high, e->curve[i][k] + e->half_width[i][k]);
        }
    const double margin = fmax(0.05 * (high - low), 1e-9 * fmax(fabs(low), 1e-9));
    zem_figure_usual_size(figure, panels > 1 ? 1125.0 : 675.0, 480.0);
    zem_plot_start(script, figure);
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        if (e->curve[i] != NULL)
            write_curve(e, i, script);
    snprintf(text, sizeof text, "mean of %s over all other axes, %.6g %% intervals%s",
             zem_effects_subject(e, subject, sizeof subject), 100.0 * e->confidence,
             e->differ ? "" : "; the cells do not differ by more than chance");
    fprintf(script, "set multiplot layout %zu,%zu title ", (panels + 2) / 3, panels < 3 ? panels : 3);
    zem_plot_words(script, figure, text);
    fprintf(script,
            " font ',14' noenhanced\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset yrange "
            "[%.17g:%.17g]\n",
            low - margin, high + margin);
    for (size_t i = 0; i < e->result->scenario->axis_count; i++)
        if (e->curve[i] != NULL)
            write_panel(e, i, figure, script);
    fputs("unset multiplot\n", script);
    return ZEM_OK;
}

int zem_plot_effects(const struct zem_effects *e, const char *output, FILE *warnings, struct zem_error *error)
{
    return zem_plot_write(write_script, e, &(struct zem_plot_options){.output = output, .warnings = warnings}, error);
}
