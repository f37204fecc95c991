/* Writes the HTML page. plot.h draws each picture into a nameless temporary file, from which it is copied into the
 * page. The script and its data stand at the end of the page, so that the page can be read before they are loaded. */
#include "view/report.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "base/output_file.h"
#include "base/printable.h"
#include "result/cell_totals.h"
#include "result/effects.h"
#include "result/extremes.h"
#include "result/result_variables.h"
#include "result/step_check.h"
#include "scenario/cell_choice.h"
#include "view/page_data.h"
#include "view/page_file.h"
#include "view/plot.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Largest number of bytes of a page that still opens at once. The data to explore are cut down to it. */
#define PAGE_ROOM 14500000u
#define POINTS_OF_VECTORS 20000u /* a page whose maps have more points has them as PNG, not SVG */

static void write_text(FILE *out, const char *text)
{
    if (text != NULL)
        zem_printable_markup(text, out);
}

static void write_row(FILE *out, const char *name, const char *value)
{
    fprintf(out, "<tr><th>%s</th><td>", name);
    write_text(out, value != NULL ? value : "unknown");
    fputs("</td></tr>\n", out);
}

/* ---- headline numbers ---- */

static const char *const probability_names[ZEM_COUNTED_KINDS] = {
    [ZEM_COUNTED_HIT] = "probability of a hit", [ZEM_COUNTED_SALVO] = "of at least one hit in the salvo"};

/* Finds the cells with the smallest and the largest value. Returns false if no cell has a value. */
static bool find_range(const struct zem_result *result, const char *variable, size_t element, uint64_t *least,
                       uint64_t *most)
{
    bool found = false;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        const double value = zem_variable_number(result, variable, element, cell);
        if (isnan(value))
            continue;
        if (!found || value < zem_variable_number(result, variable, element, *least))
            *least = cell;
        if (!found || value > zem_variable_number(result, variable, element, *most))
            *most = cell;
        found = true;
    }
    return found;
}

static void write_extreme(FILE *out, const struct zem_result *result, const char *variable, size_t element,
                          uint64_t cell, const char *label)
{
    char name[300], bound[64];
    fprintf(out, "<td class=n data-label=\"%s\">%.5g</td><td>", label,
            zem_variable_number(result, variable, element, cell));
    snprintf(bound, sizeof bound, "%s_lower", variable);
    if (zem_variable_find(bound) != NULL) {
        fprintf(out, "[%.5g, ", zem_variable_number(result, bound, element, cell));
        snprintf(bound, sizeof bound, "%s_upper", variable);
        fprintf(out, "%.5g] ", zem_variable_number(result, bound, element, cell));
    } else if (zem_variable_has_normal_limits(zem_variable_find(variable))) {
        const struct zem_interval interval =
            zem_variable_normal_limits(result, zem_variable_find(variable), cell, zem_cell_confidence(result, cell));
        fprintf(out, "[%.5g, %.5g] ", interval.lower, interval.upper);
    }
    if (result->cells > 1)
        write_text(out, zem_cell_name(result->scenario, cell, name, sizeof name));
    fputs("</td>", out);
}

static void write_range(FILE *out, const struct zem_result *result, const char *variable, size_t element,
                        const char *name)
{
    uint64_t least = 0, most = 0;
    fprintf(out, "<tr><th>%s</th>", name);
    if (find_range(result, variable, element, &least, &most)) {
        write_extreme(out, result, variable, element, least, result->cells > 1 ? "smallest" : "value");
        if (result->cells > 1)
            write_extreme(out, result, variable, element, most, "largest");
    } else
        fputs("<td colspan=4>no trials</td>", out);
    fputs("</tr>\n", out);
}

/* Writes the table cells of the smallest or the largest probability of all cells. */
static void write_picked(FILE *out, const struct zem_result *result, uint64_t cell, double p,
                         struct zem_interval interval, const char *label)
{
    char name[300];
    fprintf(out, "<td class=n data-label=\"%s\">%.5g</td><td>[%.5g, %.5g] ", label, p, interval.lower, interval.upper);
    write_text(out, zem_cell_name(result->scenario, cell, name, sizeof name));
    fputs("</td>", out);
}

/* Writes a verdict. Its p-value, which may have a minus sign, stays on one line. */
static void write_verdict(FILE *out, const char *verdict)
{
    const char *value = strchr(verdict, '(');
    char before[120];
    snprintf(before, sizeof before, "%.*s", (int)(value != NULL ? (size_t)(value - verdict) : strlen(verdict)),
             verdict);
    write_text(out, before);
    fputs("<span class=whole>", out);
    write_text(out, value);
    fputs("</span>", out);
}

/* Writes a table of the smallest and the largest probability of all cells, and whether the cells differ. */
static void write_extremes(FILE *out, const struct zem_result *result, const struct zem_extremes_table *table)
{
    char text[120];
    fprintf(out,
            "<table><tr class=head><th>%.6g %% Clopper-Pearson intervals for all cells at once</th><th "
            "class=n>smallest</th>"
            "<th></th><th class=n>largest</th><th></th><th>do the cells differ?</th></tr>\n",
            100.0 * table->confidence);
    for (size_t i = 0; i < table->count; i++) {
        const struct zem_extremes *row = &table->row[i];
        fprintf(out, "<tr><th>%s within %.6g m</th>", probability_names[row->kind],
                result->scenario->radius[row->radius]);
        if (row->cells == 0) {
            fputs("<td colspan=5>no trials</td></tr>\n", out);
            continue;
        }
        write_picked(out, result, row->smallest, row->least, row->of_smallest, "smallest");
        write_picked(out, result, row->largest, row->most, row->of_largest, "largest");
        fputs("<td data-label=\"do the cells differ?\">", out);
        write_verdict(out, zem_extremes_verdict(table, row, text, sizeof text));
        fputs("</td></tr>\n", out);
    }
    fputs("</table>\n", out);
}

static void write_headlines(FILE *out, const struct zem_result *result, const struct zem_extremes_table *table)
{
    static const char *const means[][2] = {
        {"miss_mean", "mean miss, m"},
        {"miss_rms", "root mean square miss, m"},
        {"divert_mean", "mean divert, m/s"},
        {"saturated_fraction", "fraction of the flight time with the command at its limit"}};
    const bool many = result->cells > 1;
    char name[120], interval[80];
    fputs("<h2>Headline numbers</h2>\n", out);
    if (many)
        write_extremes(out, result, table);
    fprintf(out, "<table><tr class=head><th>%s</th><th class=n>%s</th><th></th>%s</tr>\n",
            many ? "means of the cells, with intervals for each cell alone"
                 : zem_view_interval_text(result, zem_variable_find("p_hit"), interval, sizeof interval),
            many ? "smallest" : "value", many ? "<th class=n>largest</th><th></th>" : "");
    for (size_t i = 0; i < table->count && !many; i++) {
        snprintf(name, sizeof name, "%s within %.6g m", probability_names[table->row[i].kind],
                 result->scenario->radius[table->row[i].radius]);
        write_range(out, result, zem_counted_names[table->row[i].kind], table->row[i].radius, name);
    }
    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        write_range(out, result, means[i][0], 0, means[i][1]);
    fputs("</table>\n", out);
}

/* ---- maps ---- */

/* Writes a line of a picture. Every identifier gets a prefix with the number of the picture, because all pictures of a
 * page share one set of identifiers. */
static void write_renamed(const char *at, unsigned number, FILE *out)
{
    static const char *const references[] = {"id=\"", "id='", "href=\"#", "href='#", "url(#"};
    for (;;) {
        const char *next = NULL;
        for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
            const char *found = strstr(at, references[i]);
            if (found != NULL && (next == NULL || found + strlen(references[i]) < next))
                next = found + strlen(references[i]);
        }
        if (next == NULL)
            break;
        fwrite(at, (size_t)(next - at), 1, out);
        fprintf(out, "p%u-", number);
        at = next;
    }
    fputs(at, out);
}

/* Removes the titles from a line. gnuplot puts its commands into titles, and browsers would show these under the
 * mouse. */
static void remove_titles(char *line)
{
    static const char begin[] = "<title>", end[] = "</title>";
    for (char *title = strstr(line, begin); title != NULL; title = strstr(title, begin)) {
        const char *after = strstr(title, end);
        if (after == NULL)
            return;
        memmove(title, after + strlen(end), strlen(after + strlen(end)) + 1);
    }
}

/* Copies an SVG picture into the page, from its <svg> tag on. */
static int copy_picture(FILE *picture, unsigned number, FILE *out, struct zem_error *error)
{
    char *line = NULL;
    size_t size = 0;
    bool inside = false;
    rewind(picture);
    errno = 0;
    while (getline(&line, &size, picture) >= 0) {
        inside = inside || strstr(line, "<svg") != NULL;
        remove_titles(line);
        if (inside)
            write_renamed(line, number, out);
    }
    const bool broken = !feof(picture);
    free(line);
    if (broken && errno == ENOMEM)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for a line of a picture");
    return broken ? zem_error_set(error, ZEM_INPUT_OUTPUT, "the picture of gnuplot cannot be read") : ZEM_OK;
}

/* Copies a PNG picture into the page. `words` say what it shows. */
static int copy_pixels(FILE *picture, const char *words, FILE *out, struct zem_error *error)
{
    uint8_t bytes[ZEM_PAGE_LINE];
    rewind(picture);
    fputs("<img alt=\"", out);
    write_text(out, words);
    fputs("\" src=\"data:image/png;base64,\n", out);
    for (size_t count; (count = fread(bytes, 1, sizeof bytes, picture)) > 0;)
        zem_page_base64(bytes, count, out);
    fputs("\">", out);
    return ferror(picture) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "the picture of gnuplot cannot be read") : ZEM_OK;
}

/* The state of the part of the page that has pictures. */
struct pictures {
    const struct zem_result *result;
    const struct zem_report_options *options;
    FILE *out;
    unsigned count;
};

static int write_map(struct pictures *page, const struct zem_plot_options *plot, const char *words, bool pixels,
                     struct zem_error *error)
{
    struct zem_plot_options drawn = *plot;
    drawn.program = page->options->program;
    FILE *picture = tmpfile();
    if (picture == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    int status = zem_plot_draw(page->result, &drawn, pixels ? ZEM_PICTURE_PNG : ZEM_PICTURE_SVG, picture, error);
    fputs("<figure>", page->out);
    if (status == ZEM_OK)
        status = pixels ? copy_pixels(picture, words, page->out, error)
                        : copy_picture(picture, page->count++, page->out, error);
    fputs("</figure>\n", page->out);
    fclose(picture);
    return status;
}

/* Returns the largest number of points that all maps of the page can have together. A map has up to 16 panels for
 * further axes. */
static double map_points(const struct zem_result *result)
{
    const struct zem_scenario *scenario = result->scenario;
    double longest = 1.0, second = 1.0;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const double points = (double)scenario->axis[i].points;
        second = fmax(second, fmin(points, longest));
        longest = fmax(longest, points);
    }
    return fmin((double)result->cells, 16.0 * longest * second) * (2.0 * (double)scenario->radius_count + 1.0);
}

static int write_maps(struct pictures *page, struct zem_error *error)
{
    const struct zem_scenario *scenario = page->result->scenario;
    const size_t differs = zem_extremes_radius(page->result, ZEM_COUNTED_HIT);
    const bool pixels = map_points(page->result) > POINTS_OF_VECTORS;
    struct zem_plot_options plot = {.view.middle = true, .multiples = true};
    int status = ZEM_OK;
    /* A picture of this width has letters that can be read where two maps share a printed page. */
    if (scenario->axis_count > 2)
        plot.figure.size = "200mm";
    if (scenario->axis_count > 2)
        fputs("<p>A map has a panel for each of some points of the third and the fourth axis. Further axes, and in the "
              "pictures below all axes that are not drawn, are held at their middle point.</p>\n",
              page->out);
    if (scenario->radius_count > 1)
        fputs("<p>The first map has the hit radius whose probabilities differ most over the grid.</p>\n", page->out);
    for (size_t i = 0; status == ZEM_OK && i < scenario->radius_count; i++) {
        plot.view.radius = i == 0 ? differs : i - (i <= differs); /* first `differs`, then the others in order */
        status = write_map(page, &plot, "map of the probability of a hit", pixels, error);
    }
    plot.view = (struct zem_view_options){.variable = "miss_mean", .middle = true};
    return status == ZEM_OK ? write_map(page, &plot, "map of the mean miss", pixels, error) : status;
}

static int write_pictures(struct pictures *page, struct zem_error *error)
{
    const struct zem_scenario *scenario = page->result->scenario;
    struct zem_plot_options plot = {.against = ZEM_AGAINST_RADIUS, .view.middle = true};
    bool drawable = false;
    int status = ZEM_OK;
    for (size_t i = 0; i < scenario->axis_count; i++)
        drawable = drawable || scenario->axis[i].points > 1;
    if (drawable || scenario->radius_count > 1)
        fputs("<h2>Maps and slices</h2>\n", page->out);
    if (drawable)
        status = write_maps(page, error);
    if (status == ZEM_OK && scenario->radius_count > 1)
        status = write_map(page, &plot, "", false, error);
    plot.against = ZEM_AGAINST_MISS;
    fputs("<h2>Distribution of the miss distance</h2>\n", page->out);
    return status == ZEM_OK ? write_map(page, &plot, "", false, error) : status;
}

/* ---- the page ---- */

static void write_provenance(FILE *out, const struct zem_result *result)
{
    const struct zem_provenance *from = &result->provenance;
    char text[400];
    fputs("<h2>Provenance</h2>\n<table>\n", out);
    snprintf(text, sizeof text, "zem %s (commit %s), kernel version %u", from->version ? from->version : "unknown",
             from->commit ? from->commit : "unknown", from->kernel_version);
    write_row(out, "made by", text);
    if (from->date != NULL) {
        snprintf(text, sizeof text, "%s on %s, %.4g s", from->date, from->host ? from->host : "an unknown host",
                 from->wall_seconds);
        write_row(out, "made", text);
    }
    if (from->command != NULL)
        write_row(out, "command", from->command);
    for (size_t i = 0; i < from->device_count; i++) {
        snprintf(text, sizeof text, "%s: %s, %" PRIu64 " trials", from->device[i].name, from->device[i].description,
                 from->device[i].trials);
        write_row(out, "device", text);
    }
    snprintf(text, sizeof text, "%" PRIu64, result->scenario->value[ZEM_KEY_SEED].integer);
    write_row(out, "seed", text);
    for (size_t i = 0; i < result->scenario->override_count; i++)
        write_row(out, "set", result->scenario->overrides[i]);
    if (result->shards > 0)
        write_row(out, "part of the trials", zem_result_shards_text(result, text, sizeof text));
    fprintf(out,
            "<tr><th>digest</th><td><code>%s</code></td></tr>\n<tr><th>digest of "
            "misses</th><td><code>%s</code></td></tr>\n</table>\n",
            result->digest, result->miss_digest);
    fputs("<p>The same scenario and seed give the same digests on every device: <code>zem verify</code> flies cells "
          "again and compares integers, "
          "<code>zem converge</code> prints the error budget of the scenario.</p>\n<h2>Scenario</h2>\n<pre>",
          out);
    write_text(out, result->scenario->text);
    fputs("</pre>\n", out);
}

/* Writes the outcome of the step check, in which trials were flown again with halved steps; nothing if there were no
 * such trials. */
static int write_step_check(FILE *out, const struct zem_result *result, struct zem_error *error)
{
    char text[ZEM_STEP_CHECK_TEXT];
    struct zem_step_judgement judgement;
    if (result->step_check.trials == NULL)
        return ZEM_OK;
    if (zem_step_check_judge(result, &judgement, error) != ZEM_OK)
        return error->status;
    fprintf(out, "<p>%s", judgement.significant_kinds > 0 ? "<strong>Warning</strong>: " : "");
    zem_step_check_text(result, &judgement, text, sizeof text);
    if (judgement.significant_kinds == 0)
        text[0] = (char)toupper((unsigned char)text[0]);
    write_text(out, text);
    fputs(".</p>\n", out);
    return ZEM_OK;
}

/* Writes the data and the script of the section "explore". The elements of this section are in the page already. */
static int write_explorer(FILE *out, const struct zem_result *result, struct zem_error *error)
{
    bool any = false;
    const long written = ftell(out);
    const size_t room = written >= 0 && written < (long)PAGE_ROOM ? PAGE_ROOM - (size_t)written : 0;
    const int status = zem_page_data(result, room, out, &any, error);
    if (any) {
        fputs("<script>\n", out);
        zem_page_file_write("page_statistics.js", out);
        zem_page_file_write("explorer.js", out);
        fputs("</script>\n", out);
    } else
        fprintf(out,
                "<p>The grid of %" PRIu64 " cells is too large to be explored in a page: <code>zem plot</code> and "
                "<code>zem show</code> show parts of it.</p>\n",
                result->cells);
    return status;
}

static int write_page(FILE *out, const struct zem_result *result, const struct zem_report_options *options,
                      struct zem_error *error)
{
    const struct zem_scenario *scenario = result->scenario;
    struct zem_extremes_table table = {.row = NULL};
    const char *title = scenario->title[0] != '\0' ? scenario->title : options->file;
    uint64_t trials = 0;
    for (uint64_t cell = 0; cell < result->cells; cell++)
        trials += zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\">\n<title>",
          out);
    write_text(out, title);
    fputs("</title>\n<style>\n", out);
    zem_page_file_write("page.css", out);
    fputs("</style></head><body>\n<h1>", out);
    write_text(out, title);
    fputs("</h1>\n<p>", out);
    write_text(out, options->file);
    fprintf(out, ": %" PRIu64 " trials in %" PRIu64 " cell%s. Textbook models with notional numbers.</p>\n", trials,
            result->cells, zem_plural(result->cells));
    if (scenario->description[0] != '\0') {
        fputs("<p>", out);
        write_text(out, scenario->description);
        fputs("</p>\n", out);
    }
    int status = zem_extremes_find(result, &table, error);
    if (status == ZEM_OK) {
        write_headlines(out, result, &table);
        status = write_step_check(out, result, error);
    }
    if (status == ZEM_OK) {
        if (result->cells > 1)
            zem_page_file_write("explorer.html", out);
        status = write_pictures(&(struct pictures){result, options, out, 0}, error);
    }
    zem_extremes_free(&table);
    write_provenance(out, result);
    if (status == ZEM_OK && result->cells > 1)
        status = write_explorer(out, result, error);
    fputs("</body></html>\n", out);
    return status;
}

int zem_report(const struct zem_result *result, const struct zem_report_options *options, struct zem_error *error)
{
    struct zem_output output = {0};
    int status = zem_output_open(&output, options->output, true, error);
    if (status == ZEM_OK)
        status = write_page(output.stream, result, options, error);
    if (status == ZEM_INPUT_OUTPUT)
        zem_error_context(error, "%s", options->output);
    if (status == ZEM_OK)
        status = zem_output_publish(&output, error);
    zem_output_end(&output);
    return status;
}
