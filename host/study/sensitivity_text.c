/* Prints the text and the JSON object of a study. Nothing is computed here but ranges over the cells. */
#include "study/sensitivity_text.h"

#include "base/json_text.h"
#include "base/number.h"
#include "base/printable.h"
#include "result/outcome.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "study/chance_source.h"
#include "study/sensitivity_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

size_t zem_sensitivity_radius(const struct zem_sensitivity *s)
{
    const size_t radii = s->scenario->radius_count;
    size_t best = 0;
    double least = (double)INFINITY;
    for (size_t r = 0; r < radii; r++) {
        double sum = 0.0;
        for (uint64_t cell = 0; cell < s->cells; cell++)
            sum += s->series[ZEM_SENSITIVITY_HIT].mean[0][zem_sensitivity_at(s, ZEM_SENSITIVITY_HIT, cell, r)];
        const double distance = fabs(sum / (double)s->cells - 0.5);
        if (distance < least) {
            least = distance;
            best = r;
        }
    }
    return best;
}

/* Returns the total index of a source, or -1 where it is not known. */
static double total_of(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which, size_t source)
{
    const double total = s->series[output].total[0][zem_sensitivity_source_at(s, output, cell, which, source)];
    return isnan(total) ? -1.0 : total;
}

void zem_sensitivity_order(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which, size_t *order)
{
    for (size_t i = 0; i < s->sources; i++) {
        size_t place = i;
        for (; place > 0 && total_of(s, output, cell, which, order[place - 1]) < total_of(s, output, cell, which, i);
             place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
}

/* ---- one cell ---- */

/* Writes an estimate as "0.123 [0.101, 0.145]", as the number alone if it is exact, or as "-" if it is NaN. Returns
 * text. */
static const char *estimate_text(double *const series[3], size_t at, bool exact, char *text, size_t size)
{
    if (isnan(series[0][at]))
        snprintf(text, size, "-");
    else if (exact)
        snprintf(text, size, "%.4g", series[0][at]);
    else
        snprintf(text, size, "%.3g [%.3g, %.3g]", series[0][at], series[1][at], series[2][at]);
    return text;
}

/* Prints the name of an output as a heading, with its mean and variance. */
static void print_heading(const struct zem_sensitivity *s, int output, size_t which, bool exact, FILE *out)
{
    const struct zem_sensitivity_series *series = &s->series[output];
    const size_t at = zem_sensitivity_at(s, output, 0, which);
    char variance[80], mean[80];
    estimate_text(series->variance, at, exact, variance, sizeof variance);
    estimate_text(series->mean, at, false, mean, sizeof mean);
    if (output == ZEM_SENSITIVITY_END)
        fprintf(out, "\nmiss vector (y and z)%s: variance %s m2", exact ? ", exact" : "", variance);
    else if (output == ZEM_SENSITIVITY_MISS)
        fprintf(out, "\nmiss distance: mean %s m, variance %s m2", mean, variance);
    else
        fprintf(out, "\nhit within %.6g m: p_hit %s", s->scenario->radius[which], mean);
    if (exact)
        fprintf(out, ", mean square of the miss %.4g m2", s->mean_square[0]);
    fputc('\n', out);
}

/* Returns whether a source has the same value in every trial of every cell, so that it only shifts the miss vector. */
static bool is_constant(const struct zem_sensitivity *s, size_t source)
{
    const enum zem_key key = zem_chance_source(s->source[source]).key;
    return s->source[source] < ZEM_VARIED_COUNT && !zem_scenario_sweeps(s->scenario, key)
           && s->scenario->value[key].distribution == ZEM_CONSTANT;
}

/* Returns why an output of the first cell has no shares. */
static const char *why_no_shares(const struct zem_sensitivity *s, int output, size_t at)
{
    if (!isnan(s->series[output].variance[0][at]))
        return "it is the same in every trial";
    if (output == ZEM_SENSITIVITY_HIT || s->complete[0] == s->trials[0])
        return "too few trials";
    return s->complete[0] == 0 ? "no trial has a miss distance" : "too few trials have a miss distance";
}

/* Prints a row for each source of one output. An exact budget has deviations and means in metres beside the shares. */
static void print_output(const struct zem_sensitivity *s, int output, size_t which, FILE *out)
{
    const struct zem_sensitivity_series *series = &s->series[output];
    const size_t at = zem_sensitivity_at(s, output, 0, which);
    const bool exact = output == ZEM_SENSITIVITY_END && s->exact[0] != 0;
    const int width = exact ? 10 : 28, last = exact ? width : 0; /* the last column needs no width */
    size_t order[ZEM_CHANCE_LIMIT];
    char first[80], total[80];
    if (isnan(series->variance[0][at]) && output == ZEM_SENSITIVITY_END)
        return;
    print_heading(s, output, which, exact, out);
    if (!(series->variance[0][at] > 0.0) && !exact) {
        fprintf(out, "  nothing to share out: %s\n", why_no_shares(s, output, at));
        return;
    }
    zem_sensitivity_order(s, output, 0, which, order);
    fprintf(out, "  %-18s  %-*s  %-*s%s\n", "source", width, "by itself", last, "in all",
            exact ? "  deviation (m)  mean y (m)  mean z (m)" : "");
    for (size_t i = 0; i < s->sources; i++) {
        const size_t place = zem_sensitivity_source_at(s, output, 0, which, order[i]);
        if (!exact && is_constant(s, order[i]))
            continue;
        fprintf(out, "  %-18s  %-*s  %-*s", zem_chance_source(s->source[order[i]]).word, width,
                estimate_text(series->first, place, exact, first, sizeof first), last,
                estimate_text(series->total, place, exact, total, sizeof total));
        if (exact)
            fprintf(out, "  %-13.4g  %-10.4g  %.4g", sqrt(fmax(series->first[0][place], 0.0) * series->variance[0][at]),
                    s->bias[0][order[i]], s->bias[1][order[i]]);
        fputc('\n', out);
    }
    fprintf(out, "  %-18s  %s\n", "interactions", estimate_text(series->interactions, at, exact, first, sizeof first));
}

static void print_cell(const struct zem_sensitivity *s, size_t radius, FILE *out)
{
    print_output(s, ZEM_SENSITIVITY_END, 0, out);
    print_output(s, ZEM_SENSITIVITY_MISS, 0, out);
    print_output(s, ZEM_SENSITIVITY_HIT, radius, out);
    if (s->complete[0] < s->trials[0])
        fprintf(out,
                "\n%" PRIu64 " of %" PRIu64
                " trials have a flight without a miss distance; the miss leaves them out, and "
                "they are no hits.\n",
                s->trials[0] - s->complete[0], s->trials[0]);
}

/* Prints, for each source of correlated keys, which keys it stands for. */
static void print_groups(const struct zem_sensitivity *s, FILE *out)
{
    for (size_t i = 0; i < s->sources; i++) {
        const zem_key_set group = zem_chance_group(s->scenario, s->source[i]);
        const char *before = " stands for the correlated keys ";
        if ((group & (group - 1)) == 0)
            continue;
        fprintf(out, "\n%s", zem_chance_source(s->source[i]).word);
        for (unsigned key = 0; key < ZEM_KEY_SHOTS; key++)
            if (zem_key_in(group, (enum zem_key)key)) {
                fprintf(out, "%s%s.%s", before, zem_key_table[key].section, zem_key_table[key].name);
                before = ", ";
            }
        fputs(".\n", out);
    }
}

/* ---- several cells ---- */

/* Writes the range of a source's share over the cells: "0.1 to 0.3", or "-" if it is NaN everywhere. Returns text. */
static const char *range_text(const struct zem_sensitivity *s, int output, size_t which, size_t source,
                              double *const series[3], char *text, size_t size)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (uint64_t cell = 0; cell < s->cells; cell++) {
        const double value = series[0][zem_sensitivity_source_at(s, output, cell, which, source)];
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (low > high)
        snprintf(text, size, "-");
    else
        snprintf(text, size, "%.3g to %.3g", low, high);
    return text;
}

/* Returns the number of cells in which a source has the largest total index. */
static uint64_t cells_led(const struct zem_sensitivity *s, int output, size_t which, size_t source)
{
    size_t order[ZEM_CHANCE_LIMIT];
    uint64_t count = 0;
    for (uint64_t cell = 0; cell < s->cells; cell++) {
        zem_sensitivity_order(s, output, cell, which, order);
        count += order[0] == source && total_of(s, output, cell, which, source) > 0.0;
    }
    return count;
}

static void print_ranges(const struct zem_sensitivity *s, int output, size_t which, FILE *out)
{
    char first[80], total[80];
    if (output == ZEM_SENSITIVITY_HIT)
        fprintf(out, "\nhit within %.6g m\n", s->scenario->radius[which]);
    else
        fprintf(out, "\n%s\n", output == ZEM_SENSITIVITY_END ? "miss vector (y and z)" : "miss distance");
    fprintf(out, "  %-18s  %-22s  %-22s  %s\n", "source", "by itself", "in all", "largest in");
    for (size_t i = 0; i < s->sources; i++)
        if (!is_constant(s, i))
            fprintf(out, "  %-18s  %-22s  %-22s  %" PRIu64 " cell%s\n", zem_chance_source(s->source[i]).word,
                    range_text(s, output, which, i, s->series[output].first, first, sizeof first),
                    range_text(s, output, which, i, s->series[output].total, total, sizeof total),
                    cells_led(s, output, which, i), zem_plural(cells_led(s, output, which, i)));
}

static void print_grid(const struct zem_sensitivity *s, size_t radius, FILE *out)
{
    uint64_t exact = 0;
    for (uint64_t cell = 0; cell < s->cells; cell++)
        exact += s->exact[cell];
    if (!isnan(s->series[ZEM_SENSITIVITY_END].variance[0][0]))
        print_ranges(s, ZEM_SENSITIVITY_END, 0, out);
    print_ranges(s, ZEM_SENSITIVITY_MISS, 0, out);
    print_ranges(s, ZEM_SENSITIVITY_HIT, radius, out);
    fprintf(out,
            "\nRanges over %" PRIu64 " cells, of estimates; in %" PRIu64 " of them the miss vector is exact. --cell, "
            "--json and -o have the intervals.\n",
            s->cells, exact);
}

/* ---- one cell or several ---- */

int zem_sensitivity_print(const struct zem_sensitivity *s, size_t radius, const char *name, FILE *out,
                          struct zem_error *error)
{
    char cell[300], count[40];
    zem_printable_write(name, false, out);
    snprintf(count, sizeof count, "%" PRIu64 " cells", s->cells);
    fprintf(out, ": what drives the spread, %s, %" PRIu64 " trials\n",
            s->cells == 1 ? zem_cell_name(s->scenario, s->first_cell, cell, sizeof cell) : count, s->options.trials);
    fputs("Shares of the variance over the trials: of a source by itself, and in all with its interactions.\n", out);
    if (s->cells == 1)
        print_cell(s, radius, out);
    else
        print_grid(s, radius, out);
    print_groups(s, out);
    if (s->cells == 1)
        fprintf(out, "\nEach interval holds by itself with %.6g %% confidence.\n",
                100.0 * zem_sensitivity_confidence(s));
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written")
                                           : ZEM_OK;
}

/* ---- JSON ---- */

static json_t *estimate_json(double *const series[3], size_t at)
{
    return json_pack("{s:o, s:o, s:o}", "value", zem_json_number(series[0][at]), "lower",
                     zem_json_number(series[1][at]), "upper", zem_json_number(series[2][at]));
}

static json_t *output_json(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which)
{
    const struct zem_sensitivity_series *series = &s->series[output];
    const size_t at = zem_sensitivity_at(s, output, cell, which);
    const bool exact = output == ZEM_SENSITIVITY_END && s->exact[cell] != 0;
    json_t *object = json_object(), *sources = json_object();
    if (output == ZEM_SENSITIVITY_HIT) {
        json_object_set_new(object, "hit_radius", zem_json_number(s->scenario->radius[which]));
        json_object_set_new(object, "p_hit", estimate_json(series->mean, at));
    } else if (output == ZEM_SENSITIVITY_MISS)
        json_object_set_new(object, "mean", estimate_json(series->mean, at));
    json_object_set_new(object, "variance", estimate_json(series->variance, at));
    if (exact)
        json_object_set_new(object, "mean_square", zem_json_number(s->mean_square[cell]));
    for (size_t i = 0; i < s->sources; i++) {
        const size_t place = zem_sensitivity_source_at(s, output, cell, which, i);
        json_t *source = json_pack("{s:o, s:o}", "first", estimate_json(series->first, place), "total",
                                   estimate_json(series->total, place));
        for (int channel = 0; exact && channel < 2; channel++)
            json_object_set_new(source, channel == 0 ? "bias_y" : "bias_z",
                                zem_json_number(s->bias[channel][cell * s->sources + i]));
        json_object_set_new(sources, zem_chance_source(s->source[i]).word, source);
    }
    json_object_set_new(object, "sources", sources);
    json_object_set_new(object, "interactions", estimate_json(series->interactions, at));
    return object;
}

static json_t *cell_json(const struct zem_sensitivity *s, uint64_t cell)
{
    size_t index[ZEM_AXES_MAX];
    json_t *object = json_object(), *axes = json_object(), *outcomes = json_object(), *hits = json_array();
    zem_grid_indices(s->scenario, s->first_cell + cell, index);
    for (size_t i = 0; i < s->scenario->axis_count; i++)
        json_object_set_new(axes, s->scenario->axis[i].name, zem_json_number(s->scenario->axis[i].display[index[i]]));
    for (size_t k = 0; k < ZEM_OUTCOME_COUNT; k++)
        json_object_set_new(outcomes, zem_outcome_table[k].word,
                            json_integer((json_int_t)s->outcomes[cell * ZEM_OUTCOME_COUNT + k]));
    for (size_t r = 0; r < s->scenario->radius_count; r++)
        json_array_append_new(hits, output_json(s, ZEM_SENSITIVITY_HIT, cell, r));
    json_object_set_new(object, "cell", json_integer((json_int_t)(s->first_cell + cell)));
    json_object_set_new(object, "axes", axes);
    json_object_set_new(object, "trials", json_integer((json_int_t)s->trials[cell]));
    json_object_set_new(object, "complete", json_integer((json_int_t)s->complete[cell]));
    json_object_set_new(object, "outcomes", outcomes);
    json_object_set_new(object, "miss_vector_is_exact", json_boolean(s->exact[cell] != 0));
    json_object_set_new(object, "miss_vector", output_json(s, ZEM_SENSITIVITY_END, cell, 0));
    json_object_set_new(object, "miss", output_json(s, ZEM_SENSITIVITY_MISS, cell, 0));
    json_object_set_new(object, "hit", hits);
    return object;
}

int zem_sensitivity_print_json(const struct zem_sensitivity *s, const char *name, FILE *out, struct zem_error *error)
{
    char path[80];
    json_t *cells = json_array(), *sources = json_object();
    for (size_t i = 0; i < s->sources; i++)
        json_object_set_new(sources, zem_chance_source(s->source[i]).word,
                            zem_json_text(zem_chance_source_path(s->source[i], path, sizeof path)));
    for (uint64_t cell = 0; cell < s->cells; cell++)
        json_array_append_new(cells, cell_json(s, cell));
    json_t *object =
        json_pack("{s:o, s:I, s:o, s:o, s:o}", "scenario", zem_json_text(name), "trials", (json_int_t)s->options.trials,
                  "confidence", zem_json_number(zem_sensitivity_confidence(s)), "sources", sources, "cells", cells);
    return zem_json_print(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15), out, error);
}
