/* Draws a panel for each output. The sources are ordered by their total index in the miss distance, or in a hit if the
 * miss distance has no shares, the largest on top. */
#include "view/plot_sensitivity.h"

#include "scenario/cell_choice.h"
#include "study/chance_source.h"
#include "study/sensitivity_text.h"
#include "view/plot.h"
#include "view/plot_panels.h"
#include "view/plot_parts.h"

#include <inttypes.h>
#include <math.h>

#define BY_ITSELF 0x21608c
#define IN_ALL 0xA6CFD5

/* What is drawn: the study, the index of the hit radius, and the sources in the order of their bars. */
struct picture {
    const struct zem_sensitivity *s;
    size_t radius;
    size_t order[ZEM_CHANCE_LIMIT];
};

/* Returns whether an output has shares to draw. */
static bool is_known(const struct picture *p, int output)
{
    const size_t which = output == ZEM_SENSITIVITY_HIT ? p->radius : 0;
    return p->s->series[output].variance[0][zem_sensitivity_at(p->s, output, 0, which)] > 0.0;
}

/* Writes a data line for each source: its place, then value, lower and upper limit of its first-order index and of its
 * total index. */
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

/* Sets title, axes and names of the panel of an output. names[sources] are the names of the sources. */
static void describe_panel(const struct picture *p, int output, const char *const *names, struct zem_plot_panel *panel)
{
    const struct zem_sensitivity *s = p->s;
    const size_t which = output == ZEM_SENSITIVITY_HIT ? p->radius : 0, size = sizeof panel->title;
    const double variance = s->series[output].variance[0][zem_sensitivity_at(s, output, 0, which)];
    if (output == ZEM_SENSITIVITY_END)
        snprintf(panel->title, size, "miss vector, variance %.3g m2%s", variance, s->exact[0] != 0 ? ", exact" : "");
    else if (output == ZEM_SENSITIVITY_MISS)
        snprintf(panel->title, size, "miss distance, variance %.3g m2", variance);
    else
        snprintf(panel->title, size, "hit within %.6g m, p_hit %.3g", s->scenario->radius[which],
                 s->series[output].mean[0][zem_sensitivity_at(s, output, 0, which)]);
    snprintf(panel->label_x, sizeof panel->label_x, "share of the variance");
    panel->x = (struct zem_tic_axis){.first = 0.0, .last = 1.0, .across = true};
    panel->names = names;
    panel->name_count = s->sources;
}

static void write_bars(int output, FILE *script)
{
    fprintf(script,
            "plot $output%d using ($2/2):($1-0.19):($2/2):(0.18) with boxxyerror fillcolor rgb '#%06x' linewidth 0, "
            "'' using ($5/2):($1+0.19):($5/2):(0.18) with boxxyerror fillcolor rgb '#%06x' linewidth 0, '' using "
            "5:($1+0.19):6:7 with xerrorbars linecolor rgb '#445566' pointtype 0, '' using 2:($1-0.19):3:4 with "
            "xerrorbars linecolor rgb '#445566' pointtype 0\n",
            output, (unsigned)BY_ITSELF, (unsigned)IN_ALL);
}

static void describe(const struct picture *p, const char *const *names, struct zem_plot_panels *panels)
{
    char name[300];
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        if (is_known(p, output))
            describe_panel(p, output, names, &panels->panel[panels->count++]);
    panels->columns = panels->count;
    panels->one_y = true;
    zem_legend_add(
        &panels->legend,
        &(struct zem_legend_item){.name = "by itself", .kind = ZEM_LEGEND_BAND, .color = BY_ITSELF, .opacity = 1.0});
    zem_legend_add(&panels->legend, &(struct zem_legend_item){.name = "in all, with its interactions",
                                                              .kind = ZEM_LEGEND_BAND,
                                                              .color = IN_ALL,
                                                              .opacity = 1.0});
    snprintf(panels->note, sizeof panels->note, "%s, %" PRIu64 " trials",
             zem_cell_name(p->s->scenario, p->s->first_cell, name, sizeof name), p->s->options.trials);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct picture *p = context;
    const char *names[ZEM_CHANCE_LIMIT];
    struct zem_plot_panels panels = {.title = zem_figure_title(figure, p->s->scenario)};
    struct zem_layout layout;
    for (size_t i = 0; i < p->s->sources; i++)
        names[i] = zem_chance_source(p->s->source[p->order[i]]).word;
    describe(p, names, &panels);
    zem_figure_usual_size(figure, 225.0 + 300.0 * (double)panels.count, 240.0 + 34.0 * (double)p->s->sources);
    const int status = zem_plot_panels_lay_out(&panels, figure, &layout, error);
    if (status != ZEM_OK)
        return status;
    zem_plot_start(script, figure);
    for (int output = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        if (is_known(p, output))
            write_data(p, output, script);
    zem_plot_panels_start(script, &panels, figure, &layout);
    fputs("unset grid\nset grid xtics linetype 1 linecolor rgb '#DDDDDD' linewidth 0.7\nset style fill solid "
          "noborder\n",
          script);
    for (int output = 0, panel = 0; output < ZEM_SENSITIVITY_OUTPUTS; output++)
        if (is_known(p, output)) {
            zem_plot_panels_frame(script, &panels, figure, &layout, (size_t)panel++);
            write_bars(output, script);
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
    if (is_known(&picture, ZEM_SENSITIVITY_MISS))
        zem_sensitivity_order(s, ZEM_SENSITIVITY_MISS, 0, 0, picture.order);
    else
        zem_sensitivity_order(s, ZEM_SENSITIVITY_HIT, 0, radius, picture.order);
    return zem_plot_write(write_script, &picture, &options, error);
}
