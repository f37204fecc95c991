/* The text of `zem show`: counts, headline numbers, provenance and the heat map. The same as JSON is written by
 * show_json.c. */
#include "view/show.h"

#include "base/kernel_types.h"
#include "base/parallel.h"
#include "base/printable.h"
#include "result/outcome.h"
#include "view/color_map.h"
#include "view/heat_map.h"
#include "view/show_json.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SEARCH_GRAIN 16384 /* cells that a thread searches at a time */

enum zem_color zem_color_of_stream(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM"), *depth = getenv("COLORTERM");
    if (!isatty(fileno(stream)) || (no_color != NULL && *no_color != '\0') || term == NULL || *term == '\0'
        || strcmp(term, "dumb") == 0)
        return ZEM_COLOR_NONE;
    return depth != NULL && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0) ? ZEM_COLOR_TRUE
                                                                                             : ZEM_COLOR_256;
}

static unsigned stream_columns(FILE *stream)
{
    struct winsize size;
    if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* ---- headline ---- */

static void print_axes(const struct zem_scenario *scenario, FILE *out)
{
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        bool pure = strcmp(axis->unit, "1") == 0;
        fprintf(out, "  %-12s%s: %zu point%s from %.6g to %.6g%s%s%s\n", i == 0 ? "axes" : "", axis->parameter,
                axis->points, axis->points == 1 ? "" : "s", axis->display[0], axis->display[axis->points - 1],
                pure ? "" : " ", pure ? "" : axis->unit, axis->logarithmic ? ", logarithmic" : "");
    }
}

/* Sums over all cells: trials with the smallest and largest number in a cell, clipped trials, outcomes and stop
 * reasons. */
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
            result->cells == 1 ? "" : "s");
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
                fprintf(out, "%s%s in %" PRIu64 " cells", before, zem_stop_reason_table[i].name, sums.reason[i]);
            before = ", ";
        }
    if (result->shards > 0)
        fprintf(out, "\n  %-12sof the trials: %s", "a part", zem_result_shards_text(result, part, sizeof part));
    if (result->sample_count > 0)
        fprintf(out, "\n  %-12s%zu single trials of every cell", "kept", result->sample_count);
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
                "  %-12s%" PRIu64 " trials had sums cut at the end of their range: means and miss_rms are too small\n",
                "note", sums.clipped);
}

/* The smallest and the largest value of each element of a variable and the first cells that have them, which threads
 * find together. */
struct extremes {
    const struct zem_result *result;
    const struct zem_variable *variable;
    size_t elements;
    pthread_mutex_t lock;
    double value[2][ZEM_RADII_MAX]; /* NaN if no cell has a value */
    uint64_t cell[2][ZEM_RADII_MAX];
};

/* Takes a value of a cell into account. Of equal values that of the first cell counts. */
static void extreme_take(struct extremes *to, size_t element, double value, uint64_t cell)
{
    for (int side = 0; side < 2 && !isnan(value); side++) {
        const double best = to->value[side][element], gain = side == 0 ? best - value : value - best;
        if (!isnan(best) && !(gain > 0) && !(value == best && cell < to->cell[side][element]))
            continue;
        to->value[side][element] = value;
        to->cell[side][element] = cell;
    }
}

static void extremes_clear(struct extremes *extremes)
{
    for (int side = 0; side < 2; side++)
        for (size_t element = 0; element < extremes->elements; element++)
            extremes->value[side][element] = (double)NAN;
}

static void search_cells(void *context, size_t first, size_t last)
{
    struct extremes *all = context;
    struct extremes own = {.elements = all->elements};
    double numbers[ZEM_RADII_MAX];
    extremes_clear(&own);
    for (size_t cell = first; cell < last; cell++) {
        all->variable->compute(all->result, cell, NULL, numbers);
        for (size_t element = 0; element < all->elements; element++)
            extreme_take(&own, element, numbers[element], cell);
    }
    pthread_mutex_lock(&all->lock);
    for (int side = 0; side < 2; side++)
        for (size_t element = 0; element < all->elements; element++)
            extreme_take(all, element, own.value[side][element], own.cell[side][element]);
    pthread_mutex_unlock(&all->lock);
}

/* Finds the extremes of a variable with one value per cell or per hit radius. */
static void find_extremes(const struct zem_result *result, const struct zem_variable *variable,
                          struct extremes *extremes)
{
    *extremes = (struct extremes){
        .result = result, .variable = variable, .elements = zem_dimension_length(result, variable->dimension[0])};
    extremes_clear(extremes);
    pthread_mutex_init(&extremes->lock, NULL);
    zem_parallel_for(result->cells, SEARCH_GRAIN, 0, search_cells, extremes);
    pthread_mutex_destroy(&extremes->lock);
}

static void print_probability(const struct zem_result *result, const char *name, size_t radius, uint64_t cell,
                              bool last, FILE *out)
{
    char lower[64], upper[64], text[96];
    snprintf(lower, sizeof lower, "%s_lower", name);
    snprintf(upper, sizeof upper, "%s_upper", name);
    snprintf(text, sizeof text, "%.5g [%.5g, %.5g]", zem_variable_number(result, name, radius, cell),
             zem_variable_number(result, lower, radius, cell), zem_variable_number(result, upper, radius, cell));
    fprintf(out, !last ? "  %-30s" : "  %s", text);
}

/* Prints a line for each hit radius: the probability with its interval, or the smallest and the largest of all
 * cells. */
static void print_probabilities(const struct zem_result *result, const char *name, FILE *out)
{
    char text[80];
    const struct zem_variable *variable = zem_variable_find(name);
    fprintf(out, "\n%s, %s\n", variable->long_name, zem_view_interval_text(result, text, sizeof text));
    if (result->cells > 1)
        fprintf(out, "  %-12s  %-30s  %s\n", "hit radius", "smallest of the cells", "largest of the cells");
    struct extremes extremes;
    find_extremes(result, variable, &extremes);
    for (size_t i = 0; i < result->scenario->radius_count; i++) {
        snprintf(text, sizeof text, "%.6g m", result->scenario->radius[i]);
        fprintf(out, "  %s%-12s", result->cells > 1 ? "" : "hit radius ", text);
        if (!isnan(extremes.value[0][i])) {
            print_probability(result, name, i, extremes.cell[0][i], result->cells == 1, out);
            if (result->cells > 1)
                print_probability(result, name, i, extremes.cell[1][i], true, out);
        } else
            fprintf(out, "  no trials");
        fprintf(out, "\n");
    }
}

static void print_means(const struct zem_result *result, FILE *out)
{
    static const char *const names[] = {"miss_mean",          "miss_rms",    "miss_std",
                                        "saturated_fraction", "divert_mean", "flight_time_mean"};
    fprintf(out, "\n");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct zem_variable *variable = zem_variable_find(names[i]);
        char unit[32] = "";
        if (strcmp(variable->unit, "1") != 0)
            snprintf(unit, sizeof unit, " %s", variable->unit);
        struct extremes extremes;
        find_extremes(result, variable, &extremes);
        fprintf(out, "  %-20s", names[i]);
        if (isnan(extremes.value[0][0]))
            fprintf(out, "undefined: no trial ended as hit or miss\n");
        else if (result->cells == 1)
            fprintf(out, "%.5g%s\n", extremes.value[0][0], unit);
        else
            fprintf(out, "%.5g to %.5g%s\n", extremes.value[0][0], extremes.value[1][0], unit);
    }
}

/* Prints a text of unknown content behind its name. */
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
    for (size_t i = 0; i < from->device_count; i++)
        fprintf(out, "  %-12s%s: %s, %" PRIu64 " trials in %.4g s\n", i == 0 ? "devices" : "",
                zem_printable(from->device[i].name, first, sizeof first),
                zem_printable(from->device[i].description, second, sizeof second), from->device[i].trials,
                from->device[i].busy_seconds);
    fprintf(out, "  %-12s%s\n  %-12s%s\n", "digest", result->digest, "misses", result->miss_digest);
    if (result->glanced)
        fprintf(out, "  %-12sof so many cells the digests were not computed again; zem verify does that\n", "note");
}

static void print_text(const struct zem_result *result, const struct zem_show_options *options,
                       const struct zem_view *view, FILE *out)
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
    print_probabilities(result, "p_hit", out);
    if (scenario->value[ZEM_KEY_SHOTS].integer > 1)
        print_probabilities(result, "p_salvo", out);
    print_means(result, out);
    print_provenance(result, out);
    if (view->axis_count > 0) {
        fprintf(out, "\n");
        zem_heat_map_print(view, options->color == ZEM_COLOR_AUTO ? zem_color_of_stream(out) : options->color,
                           options->columns > 0 ? options->columns : stream_columns(out), out);
    }
}

int zem_show(const struct zem_result *result, const struct zem_show_options *options, FILE *out,
             struct zem_error *error)
{
    struct zem_view view;
    struct zem_view_options wanted = options->view;
    wanted.map_without_interval = !options->json;
    int status = zem_view_init(&view, result, &wanted, error);
    if (status != 0)
        return status;
    if (options->json)
        status = zem_show_json(&view, options->file, out, error);
    else
        print_text(result, options, &view, out);
    zem_view_free(&view);
    if (status == 0 && (fflush(out) != 0 || ferror(out)))
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written");
    return status;
}
