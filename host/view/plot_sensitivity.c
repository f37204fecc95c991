/* A panel for each output. The sources stand in the order of their total index in the miss distance, the largest on
 * top. */
#include "view/plot_sensitivity.h"

#include "scenario/cell_choice.h"
#include "study/chance_source.h"
#include "study/sensitivity_text.h"
#include "view/plot.h"
#include "view/plot_parts.h"

#include <inttypes.h>
#include <math.h>

#define LEGEND_ROWS 1.4 /* the height of the legend, in rows of sources */

struct picture {
    const struct zem_sensitivity *s;
    size_t radius;
    size_t order[ZEM_CHANCE_LIMIT];
};

/* Whether an output has shares to draw. */
static bool is_known(const struct picture *p, int output)
{
    const size_t which = output == ZEM_SENSITIVITY_HIT ? p->radius : 0;
    return p->s->series[output].variance[0][zem_sensitivity_at(p->s, output, 0, which)] > 0.0;
}

/* Writes a line for each source: its row, then value, lower and upper limit of its first-order index and of its total
 * index. */
static void write_data(const struct picture *p, int output, FILE *script)
{
    const struct zem_sensitivity_series *series = &p->s->series[output];
    const size_t which = output == ZEM_SENSITIVITY_HIT ? p->radius : 0;
    fprintf(script, "$output%d << END\n", output);
    for (size_t i = 0; i < p->s->sources; i++) {
        const size_t at = zem_sensitivity_source_at(p->s, output, 0, which, p->order[i]);
        zem_plot_number(script, (double)i);
        for (int k = 0; k < 3; k++)
            zem_plot_number(script, series->first[k][at]);
        for (int k = 0; k < 3; k++)
            zem_plot_number(script, series->total[k][at]);
        fputc('\n', script);
    }
    fputs("END\n", script);
}

static void write_panel(const struct picture *p, int output, FILE *script)
{
    const struct zem_sensitivity *s = p->s;
    const size_t which = output == ZEM_SENSITIVITY_HIT ? p->radius : 0;
    const double variance = s->series[output].variance[0][zem_sensitivity_at(s, output, 0, which)];
    char title[160];
    if (output == ZEM_SENSITIVITY_END)
        snprintf(title, sizeof title, "miss vector, variance %.3g m2%s", variance, s->exact[0] != 0 ? ", exact" : "");
    else if (output == ZEM_SENSITIVITY_MISS)
        snprintf(title, sizeof title, "miss distance, variance %.3g m2", variance);
    else
        snprintf(title, sizeof title, "hit within %.6g m, p_hit %.3g", s->scenario->radius[which],
                 s->series[output].mean[0][zem_sensitivity_at(s, output, 0, which)]);
    fputs("set title ", script);
    zem_plot_quoted(script, title);
    fprintf(
        script,
        "\nplot $output%d using ($2/2):($1-0.19):($2/2):(0.18) with boxxyerror fillcolor rgb '#21608c' linewidth 0 "
        "title 'by itself', '' using ($5/2):($1+0.19):($5/2):(0.18) with boxxyerror fillcolor rgb '#A6CFD5' linewidth "
        "0 title 'in all', '' using 5:($1+0.19):6:7 with xerrorbars linecolor rgb '#445566' pointtype 0 notitle, "
        "'' using 2:($1-0.19):3:4 with xerrorbars linecolor rgb '#445566' pointtype 0 notitle\n",
        output);
}

static void write_names(const struct picture *p, FILE *script)
{
    fputs("set ytics (", script);
    for (size_t i = 0; i < p->s->sources; i++) {
        fputs(i > 0 ? ", " : "", script);
        zem_plot_quoted(script, zem_chance_source(p->s->source[p->order[i]]).word);
        fprintf(script, " %zu", i);
    }
    fprintf(script, ") noenhanced\nset yrange [%g:-0.5]\n", (double)p->s->sources - 0.5 + LEGEND_ROWS);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct picture *p = context;
    char title[500], name[300];
    int panels = 0;
    (void)error;
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        panels += is_known(p, output);
    zem_figure_usual_size(figure, 225.0 + 300.0 * panels, 160.0 + 34.0 * ((double)p->s->sources + LEGEND_ROWS));
    zem_plot_start(script, figure);
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        if (is_known(p, output))
            write_data(p, output, script);
    snprintf(title, sizeof title, "%s: %s, %" PRIu64 " trials", zem_figure_title(figure, p->s->scenario),
             zem_cell_name(p->s->scenario, p->s->first_cell, name, sizeof name), p->s->options.trials);
    fprintf(script, "set multiplot layout 1,%d title ", panels);
    zem_plot_words(script, figure, title);
    fputs(" font ',14' noenhanced\nset grid xtics linetype 1 linecolor rgb '#DDDDDD'\nset xlabel 'share of the "
          "variance'\nset xrange [0:1]\nset xtics 0.25\nset style fill solid noborder\nset key bottom right\n",
          script);
    write_names(p, script);
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        if (is_known(p, output)) {
            write_panel(p, output, script);
            fputs("set key off\n", script);
        }
    fputs("unset multiplot\n", script);
    return ZEM_OK;
}

int zem_plot_sensitivity(const struct zem_sensitivity *s, size_t radius, const char *output, FILE *warnings,
                         struct zem_error *error)
{
    const struct zem_plot_options options = {.output = output, .warnings = warnings};
    struct picture picture = {.s = s, .radius = radius};
    bool any = false;
    for (int k = 0; k < ZEM_SENSITIVITY_OUTPUTS; k++)
        any |= is_known(&picture, k);
    if (!any)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: there is nothing to draw, because no output differs from trial to trial", output);
    zem_sensitivity_order(s, is_known(&picture, ZEM_SENSITIVITY_MISS) ? ZEM_SENSITIVITY_MISS : ZEM_SENSITIVITY_HIT, 0,
                          0, picture.order);
    return zem_plot_write(write_script, &picture, &options, error);
}
