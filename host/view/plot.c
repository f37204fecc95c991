/* A picture: the script of plot_script.c, drawn by gnuplot into a file that gets its name when it is complete. */
#include "view/plot.h"

#include "base/output_file.h"
#include "view/plot_script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Most points of an axis that are drawn. A map is about 500 pixels wide and high, so more would not be seen, and
 * gnuplot's contours of a million points take minutes. */
#define POINTS_MOST 500u

struct zem_view_options zem_plot_thinned(const struct zem_view_options *options)
{
    struct zem_view_options thinned = *options;
    thinned.columns_max = thinned.rows_max = POINTS_MOST;
    return thinned;
}

static int picture_of(const char *output, enum zem_picture *picture, struct zem_error *error)
{
    static const char *const endings[] = {
        [ZEM_PICTURE_PNG] = ".png", [ZEM_PICTURE_SVG] = ".svg", [ZEM_PICTURE_PDF] = ".pdf"};
    size_t length = strlen(output);
    for (int i = 0; i < 3; i++)
        if (length > 4 && strcmp(output + length - 4, endings[i]) == 0) {
            *picture = (enum zem_picture)i;
            return 0;
        }
    return zem_error_set(error, ZEM_USAGE, "%s: the name of the picture must end in .png, .svg or .pdf", output);
}

static int write_script(const struct zem_result *result, const struct zem_plot_options *options,
                        enum zem_picture picture, FILE *script, struct zem_error *error)
{
    struct zem_view view;
    const struct zem_view_options thinned = zem_plot_thinned(&options->view);
    int status;
    if (options->against != NULL && strcmp(options->against, "radius") != 0)
        return zem_error_set(error, ZEM_USAGE, "against \"%s\": only radius is possible; the axes are drawn without it",
                             options->against);
    if (options->against != NULL)
        status = zem_plot_script_radius(result, &options->view, picture, script, error);
    else if ((status = zem_view_init(&view, result, &thinned, error)) == 0) {
        status = zem_plot_script_view(&view, picture, script, error);
        zem_view_free(&view);
    }
    return status;
}

/* The script of a result with its options, as zem_plot_write takes it. */
struct drawing {
    const struct zem_result *result;
    const struct zem_plot_options *options;
};

static int write_drawing(const void *context, enum zem_picture picture, FILE *script, struct zem_error *error)
{
    const struct drawing *drawing = context;
    return write_script(drawing->result, drawing->options, picture, script, error);
}

/* Writes a script and runs gnuplot with it. */
static int draw(zem_plot_script *write, const void *context, const char *program, enum zem_picture picture, FILE *out,
                struct zem_error *error)
{
    FILE *script = tmpfile();
    if (script == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    int status = write(context, picture, script, error);
    if (status == 0 && (fflush(script) != 0 || ferror(script)))
        status =
            zem_error_set(error, ZEM_INPUT_OUTPUT, "the script for gnuplot cannot be written: %s", strerror(errno));
    if (status == 0)
        status = zem_gnuplot_draw(program ? program : "gnuplot", script, picture, out, error);
    fclose(script);
    return status;
}

int zem_plot_draw(const struct zem_result *result, const struct zem_plot_options *options, enum zem_picture picture,
                  FILE *out, struct zem_error *error)
{
    const struct drawing drawing = {result, options};
    return draw(write_drawing, &drawing, options->program, picture, out, error);
}

int zem_plot_write(zem_plot_script *write, const void *context, const char *name, const char *program,
                   struct zem_error *error)
{
    enum zem_picture picture = ZEM_PICTURE_PNG;
    struct zem_output output = {0};
    int status = picture_of(name, &picture, error);
    if (status == ZEM_OK)
        status = zem_output_open(&output, name, true, error);
    if (status == ZEM_OK) {
        status = draw(write, context, program, picture, output.stream, error);
        if (status == ZEM_INPUT_OUTPUT)
            zem_error_context(error, "%s", name);
    }
    if (status == ZEM_OK)
        status = zem_output_publish(&output, error);
    zem_output_end(&output);
    return status;
}

int zem_plot(const struct zem_result *result, const struct zem_plot_options *options, struct zem_error *error)
{
    const struct drawing drawing = {result, options};
    return zem_plot_write(write_drawing, &drawing, options->output, options->program, error);
}
