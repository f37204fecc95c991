/* `zem plot`: reads a result file and draws a picture of it by view/plot.h. */
#include "base/output_file.h"
#include "base/interruption.h"
#include "command/commands.h"
#include "command/compared_results.h"
#include "command/options.h"
#include "result/result_file.h"
#include "view/plot.h"
#include "view/plot_difference.h"

static const struct zem_usage usage = {
    .command = "plot",
    .operands = "FILE [FILE]",
    .summary =
        "Draws a heat map with contours and, beside it, the half-width of the interval; with one sweep axis a line "
        "with its\n"
        "interval, with three or four a panel for points of the further ones. A contour is drawn only if the intervals "
        "of all\n"
        "cells together show that it exists. A band shows where it may lie. Of two results, A and B, it draws B minus "
        "A and marks\n"
        "where that is significant, as zem diff tests it. The ending of the output chooses PNG, SVG or PDF; an "
        "existing\n"
        "picture is replaced. A picture for print leaves most words to a caption, which is printed. Needs gnuplot.",
    .examples = "  zem plot weave.h5 -o weave.png\n"
                "  zem plot weave.h5 -o weave.pdf --format print --size 80mm --levels 0.5,0.9\n"
                "  zem plot weave.h5 -o miss.svg --variable miss_rms --slice \"period=2\"\n"
                "  zem plot weave.h5 -o curves.pdf --along acceleration --for period=0.5,1,2\n"
                "  zem plot weave.h5 -o miss.png --against miss --for period --slice acceleration=5\n"
                "  zem plot first.h5 -o first.png --closed-form\n"
                "  zem plot pn.h5 apn.h5 -o difference.png\n",
    .least_operands = 1,
    .most_operands = 2,
};

/* Draws one result, or the difference of two. `names` are the `count` result files, 1 or 2. */
static int draw(const struct zem_console *console, const struct zem_plot_options *plot, const char *const *names,
                size_t count, struct zem_error *error)
{
    struct zem_compared_results compared = {.pairs = {0}};
    struct zem_result result = {0};
    struct zem_scenario scenario = {0};
    int status = plot->output != NULL ? zem_output_check_inputs(plot->output, names, count, error) : ZEM_OK;
    if (status == ZEM_OK && plot->script != NULL)
        status = zem_output_check_inputs(plot->script, names, count, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK && count == 2) {
        status = zem_compared_read(&compared, names, ZEM_PAIRS_FLOWN_DEFAULT, 0, error);
        if (status == ZEM_OK)
            status = zem_plot_difference(&compared.comparison, names, plot, error);
    } else if (status == ZEM_OK) {
        status = zem_result_file_read(&result, &scenario, names[0], error);
        if (status == ZEM_OK)
            status = zem_plot(&result, plot, error);
    }
    zem_compared_free(&compared);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}

/* The values of the options as they are read. read_settings converts them into `plot`. */
struct plot_settings {
    struct zem_plot_options plot;
    struct zem_overrides slices;
    uint64_t radius;
    unsigned against, panel, format, colors; /* 1 + index of the word of the option, or 0 without it */
};

static int read_settings(struct plot_settings *s, int argc, char **argv, int *first, struct zem_error *error)
{
    struct zem_plot_options *plot = &s->plot;
    struct zem_figure_options *figure = &plot->figure;
    const struct zem_option options[] = {
        {'o', "output", "FILE", "picture to write, .png, .svg or .pdf", ZEM_OPTION_TEXT, &plot->output, NULL, 0, 0},
        {0, "variable", "NAME", "what to draw, such as miss_rms; p_hit if absent", ZEM_OPTION_TEXT,
         &plot->view.variable, NULL, 0, 0},
        {0, "radius", "INDEX", "which hit radius, counted from 0; the one whose cells differ most if absent",
         ZEM_OPTION_NUMBER, &s->radius, NULL, 0, ZEM_RADII_MAX - 1},
        {0, "slice", "AXIS=VALUE", "hold a sweep axis at its nearest point; may be repeated", ZEM_OPTION_OVERRIDE,
         &s->slices, NULL, 0, 0},
        {0, "along", "AXIS", "draw curves along this sweep axis", ZEM_OPTION_TEXT, &plot->along, NULL, 0, 0},
        {0, "for", "AXIS=VALUES", "draw a curve for each of these points, such as period=0.5,1,2", ZEM_OPTION_TEXT,
         &plot->curves_for, NULL, 0, 0},
        {0, "against", "WHAT", "draw over the hit radius, or the distribution of the miss", ZEM_OPTION_WORD,
         &s->against, ZEM_PLOT_AGAINST, 0, 0},
        {0, "closed-form", NULL, "draw the closed form of the textbooks over curves, where the scenario has one",
         ZEM_OPTION_FLAG, &plot->closed_form, NULL, 0, 0},
        {0, "panel", "WHICH", "which maps to draw", ZEM_OPTION_WORD, &s->panel, ZEM_FIGURE_PANELS, 0, 0},
        {0, "levels", "LIST",
         "levels of contours, such as 0.5,0.9, or the most contours, such as 5; drawn where justified", ZEM_OPTION_TEXT,
         &figure->levels, NULL, 0, 0},
        {0, "format", "USE", "use of the picture, which sets letters, lines, words and pixels", ZEM_OPTION_WORD,
         &s->format, ZEM_FIGURE_FORMATS, 0, 0},
        {0, "size", "SIZE", "width, or width and height: 80mm, 160mmx100mm, 3.2in, 640px, 1200x900", ZEM_OPTION_TEXT,
         &figure->size, NULL, 0, 0},
        {0, "font-size", "POINTS", "size of the letters, with which lines grow; 7 to 12 by the width, 8 in print",
         ZEM_OPTION_TEXT, &figure->font_size, NULL, 0, 0},
        {0, "title", "TEXT", "title in place of the scenario's, or none", ZEM_OPTION_TEXT, &figure->title, NULL, 0, 0},
        {0, "colors", "NAME", "colours of all maps, which are also read in grey", ZEM_OPTION_WORD, &s->colors,
         ZEM_COLOR_MAP_NAMES, 0, 0},
        {0, "script", "FILE", "also write the script and the data for gnuplot", ZEM_OPTION_TEXT, &plot->script, NULL, 0,
         0},
        {0},
    };
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status == ZEM_OK && !plot->output && !plot->script)
        status = zem_error_set(error, ZEM_USAGE, "plot: -o OUT.png (or .svg, .pdf) is needed, or --script FILE");
    plot->against = (enum zem_plot_against)s->against;
    figure->panel = (enum zem_figure_panel)s->panel;
    figure->format = s->format > 0 ? (enum zem_figure_format)(s->format - 1) : ZEM_FIGURE_SCREEN;
    figure->colors = s->colors;
    plot->radius_is_given = s->radius != UINT64_MAX;
    plot->view.radius_that_differs = !plot->radius_is_given;
    plot->view.radius = (size_t)s->radius;
    plot->view.slices = (const char *const *)s->slices.items;
    plot->view.slice_count = s->slices.count;
    return status;
}

int zem_command_plot(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct plot_settings settings = {.plot = {.multiples = true, .caption = stdout, .warnings = stderr},
                                     .radius = UINT64_MAX};
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status == ZEM_OK)
        status = draw(console, &settings.plot, (const char *const *)&argv[first], (size_t)(argc - first), error);
    zem_overrides_free(&settings.slices);
    return status > 0 ? ZEM_OK : status;
}
