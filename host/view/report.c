/* The text of the HTML page. Maps are drawn by plot.h into a nameless temporary file and copied into the page; the
 * distribution of the miss is drawn here. The page needs no other file and no network. */
#include "view/report.h"

#include "base/kernel_types.h"
#include "base/output_file.h"
#include "base/printable.h"
#include "result/extremes.h"
#include "result/result_variables.h"
#include "result/step_check.h"
#include "scenario/cell_choice.h"
#include "view/plot.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISTRIBUTION_CELLS 3 /* curves in the picture of the miss distribution */

static const char style[] =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 "
    "1rem;color:#222;background:#fff}"
    "h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}table{border-collapse:collapse;margin:1rem 0}"
    "td,th{padding:.2rem .9rem .2rem "
    "0;text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "figure{margin:1rem "
    "0}svg{max-width:100%;height:auto}pre{background:#f4f4f4;padding:1rem;overflow:auto;font-size:13px}code{word-break:"
    "break-all}";

static void write_text(FILE *out, const char *text)
{
    size_t length;
    for (; text != NULL && *text != '\0'; text += length > 0 ? length : 1)
        switch (length = 1, *text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default: /* line feeds stay; other control characters and bytes that are no UTF-8 show as \xNN */
            length = zem_printable_length(text);
            if (length == 0 && *text != '\n' && *text != '\t')
                fprintf(out, "\\x%02x", (unsigned char)*text);
            else
                fwrite(text, 1, length > 0 ? length : 1, out);
        }
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

/* Finds the cells with the smallest and the largest value; false if no cell has a value. */
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
                          uint64_t cell)
{
    char name[300], bound[64];
    fprintf(out, "<td class=n>%.5g</td><td>", zem_variable_number(result, variable, element, cell));
    snprintf(bound, sizeof bound, "%s_lower", variable);
    if (zem_variable_find(bound) != NULL) {
        fprintf(out, "[%.5g, ", zem_variable_number(result, bound, element, cell));
        snprintf(bound, sizeof bound, "%s_upper", variable);
        fprintf(out, "%.5g] ", zem_variable_number(result, bound, element, cell));
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
        write_extreme(out, result, variable, element, least);
        if (result->cells > 1)
            write_extreme(out, result, variable, element, most);
    } else
        fputs("<td colspan=4>no trials</td>", out);
    fputs("</tr>\n", out);
}

/* One extreme of the probabilities of all cells. */
static void write_picked(FILE *out, const struct zem_result *result, uint64_t cell, double p,
                         struct zem_interval interval)
{
    char name[300];
    fprintf(out, "<td class=n>%.5g</td><td>[%.5g, %.5g] ", p, interval.lower, interval.upper);
    write_text(out, zem_cell_name(result->scenario, cell, name, sizeof name));
    fputs("</td>", out);
}

/* The smallest and the largest probability of all cells, and whether the cells differ. */
static void write_extremes(FILE *out, const struct zem_result *result, const struct zem_extremes_table *table)
{
    char text[120];
    fprintf(out,
            "<table><tr><th>%.6g %% Clopper-Pearson intervals for all cells at once</th><th class=n>smallest</th>"
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
        write_picked(out, result, row->smallest, row->least, row->of_smallest);
        write_picked(out, result, row->largest, row->most, row->of_largest);
        fputs("<td>", out);
        write_text(out, zem_extremes_verdict(table, row, text, sizeof text));
        fputs("</td></tr>\n", out);
    }
    fputs("</table>\n", out);
}

static void write_headlines(FILE *out, const struct zem_result *result, const struct zem_extremes_table *table)
{
    static const char *const means[][2] = {{"miss_mean", "mean miss, m"},
                                           {"miss_rms", "root mean square miss, m"},
                                           {"divert_mean", "mean divert, m/s"},
                                           {"saturated_fraction", "part of the time at the limit"}};
    const bool many = result->cells > 1;
    char name[120], interval[80];
    fputs("<h2>Headline numbers</h2>\n", out);
    if (many)
        write_extremes(out, result, table);
    fprintf(out, "<table><tr><th>%s</th><th class=n>%s</th><th></th>%s</tr>\n",
            many ? "means of the cells, without intervals" : zem_view_interval_text(result, interval, sizeof interval),
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

/* Writes a line of a picture with a prefix before every identifier, because all pictures of a page share one set of
 * identifiers. */
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

/* Removes the titles from a line. gnuplot puts its commands into them, and browsers would show those under the
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

/* Copies a picture into the page, beginning at its <svg> tag. */
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

static int write_map(FILE *out, const struct zem_result *result, const struct zem_report_options *options,
                     const struct zem_plot_options *plot, unsigned number, struct zem_error *error)
{
    struct zem_plot_options drawn = *plot;
    drawn.program = options->program;
    FILE *picture = tmpfile();
    if (picture == NULL)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "no temporary file can be made: %s", strerror(errno));
    int status = zem_plot_draw(result, &drawn, ZEM_PICTURE_SVG, picture, error);
    fputs("<figure>", out);
    if (status == ZEM_OK)
        status = copy_picture(picture, number, out, error);
    fputs("</figure>\n", out);
    fclose(picture);
    return status;
}

static int write_maps(FILE *out, const struct zem_result *result, const struct zem_report_options *options,
                      struct zem_error *error)
{
    struct zem_plot_options plot = {0};
    int status = ZEM_OK;
    unsigned number = 0;
    bool drawable = false;
    for (size_t i = 0; i < result->scenario->axis_count; i++)
        drawable = drawable || result->scenario->axis[i].points > 1;
    fputs("<h2>Maps and slices</h2>\n", out);
    if (result->scenario->axis_count > 2)
        fputs("<p>Axes that are not drawn are held at their first point.</p>\n", out);
    if (drawable && result->scenario->radius_count > 1)
        fputs("<p>The first map has the hit radius whose probabilities differ most over the grid.</p>\n", out);
    const size_t differs = zem_extremes_radius(result, ZEM_COUNTED_HIT);
    for (size_t i = 0; drawable && status == ZEM_OK && i < result->scenario->radius_count; i++) {
        plot.view.radius = i == 0 ? differs : i - (i <= differs); /* that one first, then the others in order */
        status = write_map(out, result, options, &plot, number++, error);
    }
    plot = (struct zem_plot_options){.view.variable = "miss_mean"};
    if (drawable && status == ZEM_OK)
        status = write_map(out, result, options, &plot, number++, error);
    plot = (struct zem_plot_options){.against = ZEM_AGAINST_RADIUS};
    if (status == ZEM_OK && result->scenario->radius_count > 1)
        status = write_map(out, result, options, &plot, number, error);
    return status;
}

/* ---- distribution of the miss ---- */

/* The fraction of the trials of a cell whose miss lies below the edge of this index. */
static double fraction_below(const struct zem_result *result, uint64_t cell, size_t edge)
{
    uint64_t counts[ZEM_HISTOGRAM_SLOTS], below = 0;
    zem_totals_histogram(&result->totals, cell, counts);
    for (size_t slot = 0; slot <= edge; slot++)
        below += counts[slot];
    return (double)below / (double)zem_result_word(result, cell, ZEM_TALLY_TRIALS);
}

/* Draws the cumulative distribution of the miss for some cells, over a logarithmic axis from 1 cm to 1 km. */
static void write_distribution(FILE *out, const struct zem_result *result)
{
    static const char *const color[DISTRIBUTION_CELLS] = {"#440154", "#21918c", "#d08800"};
    const double left = 60, width = 700, top = 20, height = 300, low = -2.0, high = 3.0;
    const double *edges = zem_histogram_edges();
    uint64_t cells[DISTRIBUTION_CELLS];
    char name[300];
    const size_t count = zem_cell_sample(result->scenario, DISTRIBUTION_CELLS, cells);
    fprintf(out, "<h2>Distribution of the miss distance</h2>\n<figure><svg viewBox=\"0 0 1100 370\" role=\"img\" "
                 "aria-label=\"cumulative distribution of the miss distance\" "
                 "font-family=\"sans-serif\" font-size=\"13\">\n");
    for (int decade = (int)low; decade <= (int)high; decade++) {
        const double x = left + width * (decade - low) / (high - low);
        fprintf(out,
                "<path d=\"M%.1f %.1fV%.1f\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%g "
                "m</text>\n",
                x, top, top + height, x, top + height + 20, pow(10.0, decade));
    }
    for (int tenth = 0; tenth <= 10; tenth += 2)
        fprintf(
            out,
            "<path d=\"M%.1f %.1fH%.1f\" stroke=\"#ddd\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n",
            left, top + height * (1 - tenth / 10.0), left + width, left - 8, top + height * (1 - tenth / 10.0) + 4,
            tenth / 10.0);
    for (size_t i = 0; i < count; i++) {
        bool begun = false;
        if (zem_result_word(result, cells[i], ZEM_TALLY_TRIALS) == 0)
            continue;
        fprintf(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"", color[i]);
        for (size_t edge = 0; edge <= ZEM_HISTOGRAM_BINS; edge++) {
            const double place = log10(edges[edge]);
            if (place < low - 1e-6 || place > high + 1e-6)
                continue;
            fprintf(out, "%c%.1f %.2f", begun ? 'L' : 'M', left + width * (place - low) / (high - low),
                    top + height * (1 - fraction_below(result, cells[i], edge)));
            begun = true;
        }
        fprintf(out, "\"/><text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">", left + width + 12, top + 16 + 20 * (double)i,
                color[i]);
        write_text(out, zem_cell_name(result->scenario, cells[i], name, sizeof name));
        fputs("</text>\n", out);
    }
    fputs("</svg><figcaption>Fraction of all trials with a miss below the value, in the middle of the grid and at its "
          "first and last point.</figcaption></figure>\n",
          out);
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
          "<code>zem converge</code> prints the error budget of the scenario.</p>\n<details><summary>The "
          "scenario</summary><pre>",
          out);
    write_text(out, result->scenario->text);
    fputs("</pre></details>\n", out);
}

/* What trials flown again with half the steps tell, if there are any. */
static void write_step_check(FILE *out, const struct zem_result *result)
{
    char text[ZEM_STEP_CHECK_TEXT];
    struct zem_step_judgement judgement;
    struct zem_error error;
    if (result->step_check.trials == NULL || zem_step_check_judge(result, &judgement, &error) != ZEM_OK)
        return;
    fprintf(out, "<p>%s", judgement.significant_kinds > 0 ? "<strong>Warning</strong>: " : "");
    write_text(out, zem_step_check_text(result, &judgement, text, sizeof text));
    fputs(".</p>\n", out);
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
          "content=\"width=device-width\">\n<title>",
          out);
    write_text(out, title);
    fprintf(out, "</title>\n<style>%s</style></head><body>\n<h1>", style);
    write_text(out, title);
    fputs("</h1>\n<p>", out);
    write_text(out, options->file);
    fprintf(out, ": %" PRIu64 " trials in %" PRIu64 " cells. Textbook models with notional numbers.</p>\n<p>", trials,
            result->cells);
    write_text(out, scenario->description);
    fputs("</p>\n", out);
    int status = zem_extremes_find(result, &table, error);
    if (status == ZEM_OK) {
        write_headlines(out, result, &table);
        write_step_check(out, result);
        status = write_maps(out, result, options, error);
    }
    zem_extremes_free(&table);
    write_distribution(out, result);
    write_provenance(out, result);
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
