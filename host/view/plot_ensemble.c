/* A column of panels for each quantity and a row for each channel. Time to go decreases to the right, as the flight
 * goes. */
#include "view/plot_ensemble.h"

#include "result/result_variables.h"
#include "scenario/cell_choice.h"
#include "study/ensemble_table.h"
#include "view/plot.h"
#include "view/plot_parts.h"

#include <inttypes.h>
#include <math.h>

/* Writes the data of a panel: time to go, mean, and the five quantiles. */
static void write_data(const struct zem_ensemble *ensemble, int quantity, int component, FILE *script)
{
    const struct zem_ensemble_series *series = &ensemble->series[quantity];
    fprintf(script, "$data%d%d << END\n", quantity, component);
    for (size_t point = 0; point < ensemble->points; point++) {
        const size_t at = point * ZEM_ENSEMBLE_COMPONENTS + (size_t)component;
        zem_plot_number(script, ensemble->time_to_go[point]);
        zem_plot_number(script, series->mean[at]);
        for (size_t level = 0; level < ZEM_ENSEMBLE_LEVELS; level++)
            zem_plot_number(script, series->quantile[at * ZEM_ENSEMBLE_LEVELS + level]);
        fputc('\n', script);
    }
    fputs("END\n", script);
}

/* Whether a panel has room for a point. Near the end a line-of-sight rate grows beyond all others, as 1 / tgo^2, and
 * with it the acceleration, so that the ranges of their panels are those before the last tenth of the flight. */
static bool is_shown(const struct zem_ensemble *ensemble, int quantity, size_t point)
{
    return quantity == ZEM_ENSEMBLE_MISS || ensemble->time_to_go[point] >= 0.1 * ensemble->time_to_go[0];
}

/* The least and the largest value of a panel. */
static void find_range(const struct zem_ensemble *ensemble, int quantity, int component, double *low, double *high)
{
    const struct zem_ensemble_series *series = &ensemble->series[quantity];
    *low = (double)INFINITY;
    *high = -(double)INFINITY;
    for (size_t point = 0; point < ensemble->points && is_shown(ensemble, quantity, point); point++) {
        const size_t at = point * ZEM_ENSEMBLE_COMPONENTS + (size_t)component;
        *low = fmin(*low, fmin(series->quantile[at * ZEM_ENSEMBLE_LEVELS], series->mean[at]));
        *high = fmax(*high, fmax(series->quantile[(at + 1) * ZEM_ENSEMBLE_LEVELS - 1], series->mean[at]));
    }
}

/* Sets the range of a panel, at least a tenth of that of the larger channel, so that nothing looks like nothing. */
static void write_range(const struct zem_ensemble *ensemble, int quantity, int component, FILE *script)
{
    double low[2], high[2];
    for (int k = 0; k < 2; k++)
        find_range(ensemble, quantity, k, &low[k], &high[k]);
    const double widest = fmax(high[0] - low[0], high[1] - low[1]), least = low[component], most = high[component];
    const double margin = fmax(0.05 * (most - least), widest > 0.0 ? 0.05 * widest : 1.0);
    if (least <= most)
        fprintf(script, "set yrange [%.17g:%.17g]\n", least - margin, most + margin);
}

static void write_panel(int quantity, int component, FILE *script)
{
    const struct zem_ensemble_quantity_row *row = &zem_ensemble_quantity_table[quantity];
    char label[100];
    snprintf(label, sizeof label, "%s, %s (%s)", row->long_name, zem_ensemble_component_words[component], row->unit);
    fputs("set title ", script);
    zem_plot_quoted(script, label);
    fprintf(script,
            "\nplot $data%d%d using 1:3:7 with filledcurves fillcolor rgb '#D5E6EA' title '5 to 95 %%', '' using 1:4:6 "
            "with filledcurves fillcolor rgb '#A6CFD5' title '25 to 75 %%', '' using 1:5 with lines linecolor rgb "
            "'#7A8A99' linewidth 1 title 'median', '' using 1:2 with lines linecolor rgb '#21608c' linewidth 2 title "
            "'mean'\n",
            quantity, component);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct zem_ensemble *ensemble = context;
    char title[500], name[300];
    (void)error;
    zem_figure_usual_size(figure, 1125.0, 480.0);
    zem_plot_start(script, figure);
    for (int component = 0; component < 2; component++)
        for (int quantity = 0; quantity < ZEM_ENSEMBLE_QUANTITIES; quantity++)
            write_data(ensemble, quantity, component, script);
    snprintf(title, sizeof title, "%s: %s, %" PRIu64 " trials", ensemble->scenario->title,
             zem_cell_name(ensemble->scenario, ensemble->options.cell, name, sizeof name), ensemble->options.trials);
    fprintf(script, "set multiplot layout 2,%d title ", ZEM_ENSEMBLE_QUANTITIES);
    zem_plot_words(script, figure, title);
    fputs(
        " font ',14' noenhanced\nset grid xtics ytics linetype 1 linecolor rgb '#DDDDDD'\nset xlabel 'time to go (s)'\n"
        "set xrange [*:*] reverse\nset key top right\nset style fill solid noborder\n",
        script);
    for (int component = 0; component < 2; component++)
        for (int quantity = 0; quantity < ZEM_ENSEMBLE_QUANTITIES; quantity++) {
            write_range(ensemble, quantity, component, script);
            write_panel(quantity, component, script);
            fputs("set key off\n", script);
        }
    fputs("unset multiplot\n", script);
    return ZEM_OK;
}

int zem_plot_ensemble(const struct zem_ensemble *ensemble, const char *output, FILE *warnings, struct zem_error *error)
{
    const struct zem_plot_options options = {.output = output, .warnings = warnings};
    return zem_plot_write(write_script, ensemble, &options, error);
}
