/* Draws a column of panels for each quantity and a row for each channel. Time to go decreases to the right, so that the
 * flight goes from left to right. */
#include "view/plot_ensemble.h"

#include "base/number.h"
#include "result/result_variables.h"
#include "scenario/cell_choice.h"
#include "study/ensemble_table.h"
#include "view/plot.h"
#include "view/plot_panels.h"
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

/* Returns whether a point counts for the vertical range of a panel. Near the end the line-of-sight rate grows as 1 /
 * tgo^2, beyond all earlier values, and the acceleration with it. So the last tenth of the flight does not count for
 * their ranges. */
static bool is_shown(const struct zem_ensemble *ensemble, int quantity, size_t point)
{
    return quantity == ZEM_ENSEMBLE_MISS || ensemble->time_to_go[point] >= 0.1 * ensemble->time_to_go[0];
}

/* Finds the smallest and the largest value that a panel shows. */
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

/* Returns the vertical axis of a panel. It spans at least a tenth of the range of the channel with the larger range, so
 * that a negligible channel does not look large. */
static struct zem_tic_axis scale_of(const struct zem_ensemble *ensemble, int quantity, int component)
{
    double low[2], high[2];
    for (int k = 0; k < 2; k++)
        find_range(ensemble, quantity, k, &low[k], &high[k]);
    const double widest = fmax(high[0] - low[0], high[1] - low[1]), least = low[component], most = high[component];
    const double margin = fmax(0.05 * (most - least), widest > 0.0 ? 0.05 * widest : 1.0);
    return least <= most ? (struct zem_tic_axis){.first = least - margin, .last = most + margin}
                         : (struct zem_tic_axis){.first = -1.0, .last = 1.0};
}

/* Sets the titles and axes of all panels. */
static void describe_panels(const struct zem_ensemble *ensemble, bool superscripts, struct zem_plot_panels *panels)
{
    panels->columns = ZEM_ENSEMBLE_QUANTITIES;
    for (int component = 0; component < 2; component++)
        for (int quantity = 0; quantity < ZEM_ENSEMBLE_QUANTITIES; quantity++) {
            const struct zem_ensemble_quantity_row *row = &zem_ensemble_quantity_table[quantity];
            struct zem_plot_panel *panel = &panels->panel[panels->count++];
            snprintf(panel->title, sizeof panel->title, "%s, %s (%s)", row->long_name,
                     zem_ensemble_component_words[component], row->unit);
            snprintf(panel->label_x, sizeof panel->label_x, "time to go (s)");
            /* the axis of time to go reaches 0, beyond the last point */
            panel->x = (struct zem_tic_axis){.first = fmin(0.0, ensemble->time_to_go[ensemble->points - 1]),
                                             .last = ensemble->time_to_go[0],
                                             .across = true,
                                             .superscripts = superscripts};
            panel->y = scale_of(ensemble, quantity, component);
            panel->y.superscripts = superscripts;
        }
}

#define OUTER 0xD5E6EA
#define INNER 0xA6CFD5
#define MEDIAN 0x7A8A99
#define MEAN 0x21608c
#define MEDIAN_DASHES "(7,3)"

static void make_legend(struct zem_legend *legend)
{
    static const struct zem_legend_item items[] = {
        {.name = "5 to 95 %", .kind = ZEM_LEGEND_BAND, .color = OUTER, .opacity = 1.0},
        {.name = "25 to 75 %", .kind = ZEM_LEGEND_BAND, .color = INNER, .opacity = 1.0},
        {.name = "median", .kind = ZEM_LEGEND_LINE, .color = MEDIAN, .line_width = 1.0, .dashes = MEDIAN_DASHES},
        {.name = "mean", .kind = ZEM_LEGEND_LINE, .color = MEAN, .line_width = 2.0},
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        zem_legend_add(legend, &items[i]);
}

static void write_panel(int quantity, int component, FILE *script)
{
    fprintf(script,
            "plot $data%d%d using 1:3:7 with filledcurves fillcolor rgb '#%06x', '' using 1:4:6 with "
            "filledcurves fillcolor rgb '#%06x', '' using 1:5 with lines linecolor rgb '#%06x' "
            "linewidth 1 dashtype " MEDIAN_DASHES ", '' using 1:2 with lines linecolor rgb '#%06x' linewidth 2\n",
            quantity, component, (unsigned)OUTER, (unsigned)INNER, (unsigned)MEDIAN, (unsigned)MEAN);
}

static int write_script(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct zem_ensemble *ensemble = context;
    struct zem_plot_panels panels = {.reversed = true};
    struct zem_layout layout;
    char name[300];
    zem_figure_usual_size(figure, 1125.0, 480.0);
    describe_panels(ensemble, figure->superscripts, &panels);
    make_legend(&panels.legend);
    panels.title = zem_figure_title(figure, ensemble->scenario);
    snprintf(panels.note, sizeof panels.note, "%s, %" PRIu64 " trial%s",
             zem_cell_name(ensemble->scenario, ensemble->options.cell, name, sizeof name), ensemble->options.trials,
             zem_plural(ensemble->options.trials));
    const int status = zem_plot_panels_lay_out(&panels, figure, &layout, error);
    if (status != ZEM_OK)
        return status;
    zem_plot_start(script, figure);
    for (int component = 0; component < 2; component++)
        for (int quantity = 0; quantity < ZEM_ENSEMBLE_QUANTITIES; quantity++)
            write_data(ensemble, quantity, component, script);
    zem_plot_panels_start(script, &panels, figure, &layout);
    fputs("set style fill solid noborder\n", script);
    for (int component = 0; component < 2; component++)
        for (int quantity = 0; quantity < ZEM_ENSEMBLE_QUANTITIES; quantity++) {
            zem_plot_panels_frame(script, &panels, figure, &layout,
                                  (size_t)(component * ZEM_ENSEMBLE_QUANTITIES + quantity));
            write_panel(quantity, component, script);
        }
    fputs("unset multiplot\n", script);
    return ZEM_OK;
}

int zem_plot_ensemble(const struct zem_ensemble *ensemble, const char *output, FILE *warnings, struct zem_error *error)
{
    const struct zem_plot_options options = {.output = output, .warnings = warnings};
    return zem_plot_write(write_script, ensemble, &options, error);
}
