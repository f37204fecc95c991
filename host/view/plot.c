/* Makes a picture: gnuplot draws a script into a file that gets its name when it is complete. */
#include "view/plot.h"

#include "base/number.h"
#include "base/output_file.h"
#include "view/gnuplot.h"
#include "view/plot_script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Largest number of points of an axis that are drawn. A map is about 500 pixels wide and high, so that more points
 * would not be seen, and gnuplot takes minutes for the contours of a million points. */
#define POINTS_MOST 500u

struct zem_view_options zem_plot_thinned(const struct zem_view_options *options)
{
    struct zem_view_options thinned = *options;
    thinned.columns_max = thinned.rows_max = POINTS_MOST;
    return thinned;
}

static const char *const endings[] = {
    [ZEM_PICTURE_PNG] = ".png", [ZEM_PICTURE_SVG] = ".svg", [ZEM_PICTURE_PDF] = ".pdf"};

static int picture_of(const char *output, enum zem_picture *picture, struct zem_error *error)
{
    size_t length = strlen(output);
    for (int i = 0; i < 3; i++)
        if (length > 4 && strcmp(output + length - 4, endings[i]) == 0) {
            *picture = (enum zem_picture)i;
            return 0;
        }
    return zem_error_set(error, ZEM_USAGE, "%s: the name of the picture must end in .png, .svg or .pdf", output);
}

/* A result and its options, as the context of a zem_plot_writer. */
struct drawing {
    const struct zem_result *result;
    const struct zem_plot_options *options;
};

static int write_drawing(const void *context, struct zem_figure *figure, FILE *script, struct zem_error *error)
{
    const struct drawing *drawing = context;
    return zem_plot_script(drawing->result, drawing->options, figure, script, error);
}

/* Fills the figure, and writes the script to a temporary file, which the caller closes. */
static int make_script(zem_plot_writer *write, const void *context, const struct zem_figure_options *options,
                       struct zem_figure *figure, enum zem_picture picture, size_t *missing, FILE **script,
                       struct zem_error *error)
{
    int status = zem_figure_init(figure, options, picture, error);
    figure->missing = missing;
    if (status != ZEM_OK)
        return status;
    *script = tmpfile();
    if (*script == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    status = write(context, figure, *script, error);
    if (status == ZEM_OK && (fflush(*script) != 0 || ferror(*script)))
        status =
            zem_error_set(error, ZEM_INPUT_OUTPUT, "the script for gnuplot cannot be written: %s", strerror(errno));
    return status;
}

static int run_gnuplot(FILE *script, const struct zem_figure *figure, const char *program, FILE *out,
                       struct zem_error *error)
{
    const struct zem_gnuplot_facts facts = {figure->pixels * 72.0 / 25.4e-3, figure->name};
    return zem_gnuplot_draw(program != NULL ? program : "gnuplot", script, figure->picture, &facts, out, error);
}

int zem_plot_draw(const struct zem_result *result, const struct zem_plot_options *options, enum zem_picture picture,
                  FILE *out, struct zem_error *error)
{
    const struct drawing drawing = {result, options};
    struct zem_figure figure;
    FILE *script = NULL;
    int status = make_script(write_drawing, &drawing, &options->figure, &figure, picture, NULL, &script, error);
    if (status == ZEM_OK)
        status = run_gnuplot(script, &figure, options->program, out, error);
    if (script != NULL)
        fclose(script);
    return status;
}

/* Copies the script into the user's file, after comments that say how to use it. */
static int keep_script(FILE *script, const struct zem_figure *figure, const char *name, struct zem_error *error)
{
    struct zem_output output = {0};
    char bytes[16384];
    int status = zem_output_open(&output, name, true, error);
    if (status == ZEM_OK) {
        fprintf(
            output.stream,
            "# A picture of a result of zem, with its data. Change what you like and draw it with\n#     gnuplot FILE "
            ">PICTURE%s\n# Positions are fractions of the picture, sizes of letters are points.\n",
            endings[figure->picture]);
        if (figure->caption[0] != '\0')
            fprintf(output.stream, "# Caption: %s\n", figure->caption);
        rewind(script);
        for (size_t count; (count = fread(bytes, 1, sizeof bytes, script)) > 0;)
            fwrite(bytes, 1, count, output.stream);
        status = ferror(script) ? zem_error_set(error, ZEM_INPUT_OUTPUT,
                                                "%s: the temporary file of the script cannot be read", name)
                                : zem_output_publish(&output, error);
    }
    zem_output_end(&output);
    return status;
}

/* Draws the picture into its file. */
static int keep_picture(FILE *script, const struct zem_figure *figure, const struct zem_plot_options *options,
                        struct zem_error *error)
{
    struct zem_output output = {0};
    int status = zem_output_open(&output, options->output, true, error);
    if (status == ZEM_OK) {
        status = run_gnuplot(script, figure, options->program, output.stream, error);
        if (status == ZEM_INPUT_OUTPUT)
            zem_error_context(error, "%s", options->output);
    }
    if (status == ZEM_OK)
        status = zem_output_publish(&output, error);
    zem_output_end(&output);
    return status;
}

int zem_plot_write(zem_plot_writer *write, const void *context, const struct zem_plot_options *options,
                   struct zem_error *error)
{
    enum zem_picture picture = ZEM_PICTURE_PNG;
    struct zem_figure figure;
    size_t missing = 0;
    FILE *script = NULL;
    if (options->output != NULL && options->script != NULL && strcmp(options->output, options->script) == 0)
        return zem_error_set(error, ZEM_USAGE, "plot: --script %s: the picture has this name, the script needs another",
                             options->script);
    int status = options->output != NULL ? picture_of(options->output, &picture, error) : ZEM_OK;
    if (status == ZEM_OK && options->output != NULL)
        status = zem_output_check_name(options->output, true, error);
    if (status == ZEM_OK)
        status = make_script(write, context, &options->figure, &figure, picture, &missing, &script, error);
    if (status == ZEM_OK && options->output != NULL)
        status = keep_picture(script, &figure, options, error);
    if (status == ZEM_OK && options->script != NULL)
        status = keep_script(script, &figure, options->script, error);
    if (status == ZEM_OK && options->warnings != NULL)
        fputs(figure.warnings, options->warnings);
    if (status == ZEM_OK && options->warnings != NULL && missing > 0)
        fprintf(
            options->warnings,
            "zem: %zu character%s of the picture stand%s in no font of this machine and %s drawn as question marks; "
            "install a font that has %s, or write SVG, whose letters the reader's machine draws\n",
            missing, zem_plural(missing), missing == 1 ? "s" : "", missing == 1 ? "is" : "are",
            missing == 1 ? "it" : "them");
    if (status == ZEM_OK && options->caption != NULL && figure.print && figure.caption[0] != '\0')
        fprintf(options->caption, "%s\n", figure.caption);
    if (script != NULL)
        fclose(script);
    return status;
}

int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error)
{
    const struct drawing drawing = {result, options};
    return zem_plot_write(write_drawing, &drawing, options, error);
}
