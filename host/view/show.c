/* Prints the text of `zem show`: counts, headline numbers, provenance and the heat map. show_json.c writes the same as
 * JSON. */
#include "view/show.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/printable.h"
#include "result/cell_totals.h"
#include "result/effects.h"
#include "result/extremes.h"
#include "result/outcome.h"
#include "result/step_check.h"
#include "view/color_map.h"
#include "view/heat_map.h"
#include "view/show_json.h"
#include "view/terminal.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_GRAIN 16384 /* cells that a thread searches at a time */
#define LAST_LINES 4       /* of print_last, and one more for the prompt */

/* ---- headline ---- */

static void print_axes(const struct zem_scenario *scenario, FILE *out)
{
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        bool pure = strcmp(axis->unit, "1") == 0;
        fprintf(out, "  %-12s%s: %zu point%s from %.6g to %.6g%s%s%s\n", i == 0 ? "axes" : "", axis->parameter,
                axis->points, zem_plural(axis->points), axis->display[0], axis->display[axis->points - 1],
                pure ? "" : " ", pure ? "" : axis->unit, axis->logarithmic ? ", logarithmic" : "");
    }
}

/* Numbers over all cells: the number of trials, of trials with a value cut at the end of the range of a sum (clipped),
 * and of trials with each outcome; the number of cells with each stop reason; and the smallest and largest number of
 * trials in a cell. */
struct sums {
    uint64_t trials, least, most, clipped, outcome[ZEM_OUTCOME_COUNT], reason[ZEM_STOP_REASON_COUNT];
};

static struct sums sum_cells(const struct zem_result *result)
{
    struct sums sums = {.least = UINT64_MAX};
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
        sums.trials += trials;
        sums.least = trials < sums.least ? trials : sums.least;
        sums.most = trials > sums.most ? trials : sums.most;
        sums.clipped += zem_result_word(result, cell, ZEM_TALLY_CLIPPED);
        for (int i = 0; i < ZEM_OUTCOME_COUNT; i++)
            sums.outcome[i] += zem_result_word(result, cell, ZEM_TALLY_OUTCOME + (size_t)i);
        sums.reason[result->stop_reason[cell]]++;
    }
    return sums;
}

static void print_counts(const struct zem_result *result, FILE *out)
{
    struct sums sums = sum_cells(result);
    fprintf(out, "  %-12s%" PRIu64 " in %" PRIu64 " cell%s", "trials", sums.trials, result->cells,
            zem_plural(result->cells));
    if (sums.least == sums.most && result->cells > 1)
        fprintf(out, ", %" PRIu64 " each", sums.least);
    else if (sums.least < sums.most)
        fprintf(out, ", %" PRIu64 " to %" PRIu64 " each", sums.least, sums.most);
    char part[200];
    const char *before = "; ";
    for (int i = 0; i < ZEM_STOP_REASON_COUNT; i++)
        if (sums.reason[i] > 0) {
            if (sums.reason[i] == result->cells)
                fprintf(out, "%s%s", before, zem_stop_reason_table[i].name);
            else
                fprintf(out, "%s%s in %" PRIu64 " cell%s", before, zem_stop_reason_table[i].name, sums.reason[i],
                        zem_plural(sums.reason[i]));
            before = ", ";
        }
    if (result->shards > 0)
        fprintf(out, "\n  %-12sof the trials: %s", "a part", zem_result_shards_text(result, part, sizeof part));
    if (result->sample_count > 0)
        fprintf(out, "\n  %-12s%zu single trial%s of every cell", "kept", result->sample_count,
                zem_plural(result->sample_count));
    fprintf(out, "\n  %-12s", "outcomes");
    before = "";
    for (uint32_t i = 0; i < ZEM_OUTCOME_COUNT; i++)
        if (sums.outcome[i] > 0) {
            fprintf(out, "%s%s %" PRIu64 " (%.4g %%)", before, zem_outcome_table[i].name, sums.outcome[i],
                    100 * (double)sums.outcome[i] / (double)sums.trials);
            before = ", ";
        }
    fprintf(out, "%s\n", sums.trials == 0 ? "none" : "");
    if (sums.clipped > 0)
        fprintf(out,
                "  %-12s%" PRIu64
                " trial%s had values cut at the end of the range of a sum: means and miss_rms are too small\n",
                "note", sums.clipped, zem_plural(sums.clipped));
}

/* Prints the outcome of the step check, in which trials were flown again with halved steps; nothing if there were no
 * such trials. */
static int print_step_check(const struct zem_result *result, FILE *out, struct zem_error *error)
{
    char text[ZEM_STEP_CHECK_TEXT];
    struct zem_step_judgement judgement;
    if (result->step_check.trials == NULL)
        return ZEM_OK;
    const int status = zem_step_check_judge(result, &judgement, error);
    if (status == ZEM_OK)
        fprintf(out, "  %-12s%s\n", judgement.significant_kinds > 0 ? "warning" : "steps",
                zem_step_check_text(result, &judgement, text, sizeof text));
    return status;
}

/* Prints the probabilities of a result of one cell, a line for each hit radius. */
static void print_only_cell(const struct zem_result *result, const char *name, FILE *out)
{
    char text[80], lower[64], upper[64];
    const struct zem_variable *variable = zem_variable_find(name);
    snprintf(lower, sizeof lower, "%s_lower", name);
    snprintf(upper, sizeof upper, "%s_upper", name);
    fprintf(out, "\n%s, %s\n", variable->long_name, zem_view_interval_text(result, variable, text, sizeof text));
    for (size_t i = 0; i < result->scenario->radius_count; i++) {
        snprintf(text, sizeof text, "%.6g m", result->scenario->radius[i]);
        fprintf(out, "  hit radius %-12s", text);
        if (zem_result_word(result, 0, ZEM_TALLY_TRIALS) == 0)
            fprintf(out, "  no trials\n");
        else
            fprintf(out, "  %.5g [%.5g, %.5g]\n", zem_variable_number(result, name, i, 0),
                    zem_variable_number(result, lower, i, 0), zem_variable_number(result, upper, i, 0));
    }
}

static const char *extreme_text(double p, struct zem_interval interval, char text[96])
{
    snprintf(text, 96, "%.5g [%.5g, %.5g]", p, interval.lower, interval.upper);
    return text;
}

static const char *radius_text(const struct zem_result *result, size_t radius, char text[96])
{
    snprintf(text, 96, "%.6g m", result->scenario->radius[radius]);
    return text;
}

static int wider(int width, const char *text) { return (int)strlen(text) > width ? (int)strlen(text) : width; }

/* Finds the widths of the columns: hit radius, smallest and largest probability. */
static void extreme_widths(const struct zem_result *result, const struct zem_extremes_table *table,
                           enum zem_counted_kind kind, int width[3])
{
    char text[96];
    width[0] = 12;
    width[1] = width[2] = 30;
    for (size_t i = 0; i < table->count; i++) {
        const struct zem_extremes *row = &table->row[i];
        if (row->kind != kind)
            continue;
        width[0] = wider(width[0], radius_text(result, row->radius, text));
        if (row->cells > 0) {
            width[1] = wider(width[1], extreme_text(row->least, row->of_smallest, text));
            width[2] = wider(width[2], extreme_text(row->most, row->of_largest, text));
        }
    }
}

/* Prints the smallest and the largest probability of all cells, and whether the cells differ: a line for each hit
 * radius. */
static void print_extremes(const struct zem_result *result, const struct zem_extremes_table *table,
                           enum zem_counted_kind kind, FILE *out)
{
    char text[96], verdict[120];
    int width[3];
    extreme_widths(result, table, kind, width);
    fprintf(out, "\n%s, %.6g %% Clopper-Pearson intervals for all cells at once\n",
            zem_variable_find(zem_counted_names[kind])->long_name, 100.0 * table->confidence);
    fprintf(out, "  %-*s  %-*s  %-*s  %s\n", width[0], "hit radius", width[1], "smallest of the cells", width[2],
            "largest of the cells", "do the cells differ?");
    for (size_t i = 0; i < table->count; i++) {
        const struct zem_extremes *row = &table->row[i];
        if (row->kind != kind)
            continue;
        fprintf(out, "  %-*s", width[0], radius_text(result, row->radius, text));
        if (row->cells == 0) {
            fprintf(out, "  no trials\n");
            continue;
        }
        fprintf(out, "  %-*s", width[1], extreme_text(row->least, row->of_smallest, text));
        fprintf(out, "  %-*s", width[2], extreme_text(row->most, row->of_largest, text));
        fprintf(out, "  %s\n", zem_extremes_verdict(table, row, verdict, sizeof verdict));
    }
}

static void print_probabilities(const struct zem_result *result, const struct zem_extremes_table *table, FILE *out)
{
    const int kinds = result->scenario->value[ZEM_KEY_SHOTS].integer > 1 ? 2 : 1;
    for (int kind = 0; kind < kinds; kind++)
        if (result->cells == 1)
            print_only_cell(result, zem_counted_names[kind], out);
        else
            print_extremes(result, table, (enum zem_counted_kind)kind, out);
}

/* The means that are shown. Several threads find their smallest and largest values in one pass over the cells. */
static const char *const mean_names[] = {"miss_mean",          "miss_rms",    "miss_std",
                                         "saturated_fraction", "divert_mean", "flight_time_mean"};
#define MEANS (sizeof mean_names / sizeof *mean_names)

struct means {
    const struct zem_result *result;
    const struct zem_variable *variable[MEANS];
    pthread_mutex_t lock;
    double least[MEANS], most[MEANS]; /* NaN if no cell has a value */
};

static void means_widen(struct means *means, size_t i, double least, double most)
{
    means->least[i] = fmin(means->least[i], least);
    means->most[i] = fmax(means->most[i], most);
}

static void means_clear(struct means *means)
{
    for (size_t i = 0; i < MEANS; i++)
        means->least[i] = means->most[i] = (double)NAN;
}

static void search_cells(void *context, size_t first, size_t last)
{
    struct means *all = context, own;
    double number;
    means_clear(&own);
    for (size_t cell = first; cell < last; cell++)
        for (size_t i = 0; i < MEANS; i++) {
            all->variable[i]->compute(all->result, cell, NULL, &number);
            means_widen(&own, i, number, number);
        }
    pthread_mutex_lock(&all->lock);
    for (size_t i = 0; i < MEANS; i++)
        means_widen(all, i, own.least[i], own.most[i]);
    pthread_mutex_unlock(&all->lock);
}

/* Prints the interval of a mean of the only cell, if it has one, and ends the line. */
static void print_limits(const struct zem_result *result, const struct zem_variable *variable, FILE *out)
{
    if (zem_variable_has_normal_limits(variable)) {
        const struct zem_interval interval =
            zem_variable_normal_limits(result, variable, 0, zem_cell_confidence(result, 0));
        if (!isnan(interval.lower))
            fprintf(out, " [%.5g, %.5g]", interval.lower, interval.upper);
    }
    fputc('\n', out);
}

static void print_means(const struct zem_result *result, FILE *out)
{
    struct means means = {.result = result};
    means_clear(&means);
    for (size_t i = 0; i < MEANS; i++)
        means.variable[i] = zem_variable_find(mean_names[i]);
    pthread_mutex_init(&means.lock, NULL);
    zem_parallel_for(result->cells, SEARCH_GRAIN, 0, search_cells, &means);
    pthread_mutex_destroy(&means.lock);
    fprintf(out,
            result->cells > 1 ? "\nmeans of the cells, from the smallest to the largest, without intervals\n" : "\n");
    for (size_t i = 0; i < MEANS; i++) {
        char unit[32] = "";
        if (strcmp(means.variable[i]->unit, "1") != 0)
            snprintf(unit, sizeof unit, " %s", means.variable[i]->unit);
        fprintf(out, "  %-20s", mean_names[i]);
        if (isnan(means.least[i]))
            fprintf(out, "undefined: no trial ended as hit or miss\n");
        else if (result->cells == 1) {
            fprintf(out, "%.5g%s", means.least[i], unit);
            print_limits(result, means.variable[i], out);
        } else
            fprintf(out, "%.5g to %.5g%s\n", means.least[i], means.most[i], unit);
    }
}

/* Prints a name and a text, in which characters that are not printable are replaced. */
static void print_line(const char *name, const char *text, FILE *out)
{
    fprintf(out, "  %-12s", name);
    zem_printable_write(text, false, out);
    fputc('\n', out);
}

static void print_provenance(const struct zem_result *result, FILE *out)
{
    const struct zem_provenance *from = &result->provenance;
    char first[300], second[300];
    fprintf(out, "\n  %-12szem %s (commit %s), kernel version %u\n", "made by",
            zem_printable(from->version ? from->version : "unknown", first, sizeof first),
            zem_printable(from->commit ? from->commit : "unknown", second, sizeof second), from->kernel_version);
    if (from->date != NULL)
        fprintf(out, "  %-12s%s on %s, %.4g s, of which kernels %.4g s\n", "made",
                zem_printable(from->date, first, sizeof first),
                zem_printable(from->host ? from->host : "an unknown host", second, sizeof second), from->wall_seconds,
                from->kernel_seconds);
    if (from->command != NULL)
        print_line("command", from->command, out);
    if (from->threads > 0)
        fprintf(out, "  %-12s%u (%s)\n", "threads", from->threads,
                zem_printable(from->threads_reason ? from->threads_reason : "unknown why", first, sizeof first));
    for (size_t i = 0; i < from->device_count; i++)
        fprintf(out, "  %-12s%s: %s, %" PRIu64 " trials in %.4g s\n", i == 0 ? "devices" : "",
                zem_printable(from->device[i].name, first, sizeof first),
                zem_printable(from->device[i].description, second, sizeof second), from->device[i].trials,
                from->device[i].busy_seconds);
    fprintf(out, "  %-12s%s\n  %-12s%s\n", "digest", result->digest, "misses", result->miss_digest);
    if (result->glanced)
        fprintf(out,
                "  %-12sthe file has so many cells that its digests were not computed again; zem verify does that\n",
                "note");
}

/* Returns the row of the table for the probability and the hit radius that the picture draws. Returns NULL if the
 * picture draws another variable, or the result has only one cell. */
static const struct zem_extremes *find_drawn(const struct zem_view *view, const struct zem_extremes_table *table)
{
    for (size_t i = 0; i < table->count && view->result->cells > 1; i++)
        if (strcmp(zem_counted_names[table->row[i].kind], view->variable->name) == 0
            && table->row[i].radius == view->element && table->row[i].cells > 0)
            return &table->row[i];
    return NULL;
}

/* Prints the extremes of the drawn probability again below the picture, because a terminal has scrolled the first ones
 * away. */
static void print_last(const struct zem_extremes_table *table, const struct zem_extremes *row, FILE *out)
{
    char text[96], verdict[120];
    fprintf(out, "  smallest of the cells  %s\n", extreme_text(row->least, row->of_smallest, text));
    fprintf(out, "  largest of the cells   %s\n", extreme_text(row->most, row->of_largest, text));
    fprintf(out, "  do the cells differ?   %s\n", zem_extremes_verdict(table, row, verdict, sizeof verdict));
}

/* Draws the view. On a terminal the extremes of a drawn probability follow. */
static void print_view(const struct zem_show_options *options, const struct zem_view *view,
                       const struct zem_extremes_table *table, FILE *out)
{
    const struct zem_screen screen =
        options->screen.color == ZEM_COLOR_AUTO ? zem_terminal_screen(out) : options->screen;
    const struct zem_extremes *row = screen.lines > 0 ? find_drawn(view, table) : NULL;
    fprintf(out, "\n");
    zem_heat_map_print(view, &screen, row != NULL ? LAST_LINES : 1, out);
    if (row != NULL)
        print_last(table, row, out);
}

static int print_text(const struct zem_result *result, const struct zem_show_options *options,
                      const struct zem_view *view, const struct zem_extremes_table *table, FILE *out,
                      struct zem_error *error)
{
    const struct zem_scenario *scenario = result->scenario;
    char name[300];
    if (options->file != NULL) {
        zem_printable_write(options->file, false, out);
        fputs(scenario->title[0] != '\0' ? ": " : "", out);
    }
    zem_printable_write(scenario->title, true, out);
    fprintf(out, "\n  %-12s%s, seed %" PRIu64 "\n", "scenario", zem_printable(scenario->name, name, sizeof name),
            scenario->value[ZEM_KEY_SEED].integer);
    for (size_t i = 0; i < scenario->override_count; i++)
        print_line(i == 0 ? "set" : "", scenario->overrides[i], out);
    print_axes(scenario, out);
    print_counts(result, out);
    if (print_step_check(result, out, error) != ZEM_OK)
        return error->status;
    print_probabilities(result, table, out);
    print_means(result, out);
    print_provenance(result, out);
    if (view->axis_count > 0 || result->cells > 1 || options->view.variable != NULL)
        print_view(options, view, table, out);
    return ZEM_OK;
}

int zem_show(const struct zem_result *result, const struct zem_show_options *options, FILE *out,
             struct zem_error *error)
{
    struct zem_view view;
    struct zem_view_options wanted = options->view;
    struct zem_extremes_table table = {.row = NULL};
    wanted.map_without_interval = !options->json;
    int status = zem_view_init(&view, result, &wanted, error);
    if (status != 0)
        return status;
    status = zem_extremes_find(result, &table, error);
    if (status == 0 && options->json)
        status = zem_show_json(&view, &table, options->file, out, error);
    else if (status == 0)
        status = print_text(result, options, &view, &table, out, error);
    zem_extremes_free(&table);
    zem_view_free(&view);
    if (status == 0 && (fflush(out) != 0 || ferror(out)))
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written");
    return status;
}
