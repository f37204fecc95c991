/* What `zem doctrine` prints: the text and the JSON object. Nothing is computed here. */
#include "study/doctrine_text.h"

#include "base/json_text.h"
#include "base/number.h"
#include "base/printable.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "study/doctrine_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define ROWS_MAX 60u /* largest number of rows, one for each doctrine and cell, that are printed */

/* Prints the headings: the parameters with several values, the sweep axes if each row is one cell, then the
 * quantities. */
static void print_heads(const struct zem_doctrine_surface *surface, bool cells, FILE *out)
{
    char head[120];
    const struct zem_scenario *scenario = surface->result->scenario;
    fputs("\n", out);
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        if (surface->set->count[key] > 1)
            fprintf(out, "  %12s", zem_doctrine_table[key].option);
    for (size_t i = 0; cells && i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        snprintf(head, sizeof head, strcmp(axis->unit, "1") == 0 ? "%s" : "%s (%s)", axis->name, axis->unit);
        fprintf(out, "  %12s", head);
    }
    fprintf(out, "  %-27s  %-27s  %s\n", "no leak", "expected leakers",
            cells && surface->shots > 1 ? "expected shots               no leak if independent" : "expected shots");
}

static void print_parameters(const struct zem_doctrine_surface *surface, size_t which, FILE *out)
{
    char text[32];
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        if (surface->set->count[key] > 1)
            fprintf(out, "  %*s", (int)fmax(12, (double)strlen(zem_doctrine_table[key].option)),
                    zem_doctrine_set_text(surface->set, which, (enum zem_doctrine_key)key, text, sizeof text));
}

static void print_row(const struct zem_doctrine_surface *surface, size_t which, uint64_t cell, size_t radius, FILE *out)
{
    size_t index[ZEM_AXES_MAX];
    char head[120], number[80];
    const struct zem_scenario *scenario = surface->result->scenario;
    const size_t at = zem_doctrine_surface_at(surface, which, cell, radius);
    print_parameters(surface, which, out);
    zem_grid_indices(scenario, cell, index);
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        const int width =
            snprintf(head, sizeof head, strcmp(axis->unit, "1") == 0 ? "%s" : "%s (%s)", axis->name, axis->unit);
        fprintf(out, "  %*.6g", width > 12 ? width : 12, axis->display[index[i]]);
    }
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        const struct zem_doctrine_series *series = &surface->series[q];
        snprintf(number, sizeof number, "%.4g [%.4g, %.4g]", series->value[at], series->lower[at], series->upper[at]);
        fprintf(out, q + 1 < ZEM_DOCTRINE_QUANTITIES || surface->shots > 1 ? "  %-27s" : "  %s", number);
    }
    if (surface->shots > 1)
        fprintf(out, "  %.4g", surface->series[ZEM_DOCTRINE_NO_LEAK].independent[at]);
    fputc('\n', out);
}

/* Prints a row with the range of each quantity over the cells. */
static void print_range(const struct zem_doctrine_surface *surface, size_t which, size_t radius, FILE *out)
{
    char number[80];
    print_parameters(surface, which, out);
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        double low = (double)INFINITY, high = -(double)INFINITY;
        for (uint64_t cell = 0; cell < surface->result->cells; cell++) {
            const double value = surface->series[q].value[zem_doctrine_surface_at(surface, which, cell, radius)];
            low = fmin(low, value);
            high = fmax(high, value);
        }
        snprintf(number, sizeof number, "%.4g to %.4g", low, high);
        fprintf(out, q + 1 < ZEM_DOCTRINE_QUANTITIES ? "  %-27s" : "  %s", number);
    }
    fputc('\n', out);
}

/* Prints all parameters of the doctrines. A parameter with several values has its values in the rows of the table, and
 * its line says so. */
static void print_doctrine(const struct zem_doctrine_surface *surface, FILE *out)
{
    char text[32];
    fprintf(out, "  %-19s %s\n", "unit", zem_doctrine_unit_words[surface->set->unit]);
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++) {
        const bool one = surface->set->count[key] <= 1;
        fprintf(out, "  %-19s %s\n", zem_doctrine_table[key].option,
                one ? zem_doctrine_set_text(surface->set, 0, (enum zem_doctrine_key)key, text, sizeof text)
                    : "as in the rows");
    }
    if (surface->shots > 1)
        fprintf(out, "  a salvo has %zu shots; the trials say how many of them hit together\n", surface->shots);
}

/* Says which shots meet the same realisation of a target, and how that was counted. */
static void print_dependence(const struct zem_doctrine_surface *surface, FILE *out)
{
    if (surface->set->unit == ZEM_DOCTRINE_UNIT_SALVO)
        fprintf(out, "\nSalvos count as independent of each other, also those at one target.\n");
    else
        fprintf(out, "\nThe shots at a target are those of one salvo. Targets count as independent of each other.\n");
    if (surface->patterns != NULL && surface->patterns->trials > 0)
        fprintf(out,
                "Up to %" PRIu64
                " trial%s of each cell with a spacing were flown again to see which of their shots hit.\n",
                surface->patterns->trials, zem_plural(surface->patterns->trials));
}

int zem_doctrine_print(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                       struct zem_error *error)
{
    const struct zem_result *result = surface->result;
    const bool rows = surface->doctrines * result->cells <= ROWS_MAX;
    zem_printable_write(file, false, out);
    fprintf(out, ": doctrine, hit radius %.6g m\n", result->scenario->radius[radius]);
    print_doctrine(surface, out);
    print_heads(surface, rows, out);
    for (size_t which = 0; which < surface->doctrines; which++)
        for (uint64_t cell = 0; rows && cell < result->cells; cell++)
            print_row(surface, which, cell, radius, out);
    for (size_t which = 0; !rows && which < surface->doctrines; which++)
        print_range(surface, which, radius, out);
    print_dependence(surface, out);
    if (rows)
        fprintf(out, "Intervals are those of the trials alone: parameters of a doctrine count as known.\n");
    else
        fprintf(out, "Ranges over %" PRIu64 " cell%s; -o FILE and --json have every cell with its intervals.\n",
                result->cells, zem_plural(result->cells));
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written")
                                           : ZEM_OK;
}

/* ---- JSON ---- */

/* Adds the value of a parameter: text for the volleys, null for an unlimited inventory. */
static void add_parameter(json_t *object, const struct zem_doctrine_set *set, size_t which, int key)
{
    char text[32];
    const enum zem_doctrine_key parameter = (enum zem_doctrine_key)key;
    const double value = zem_doctrine_set_value(set, which, parameter);
    json_object_set_new(object, zem_doctrine_table[key].name,
                        parameter == ZEM_DOCTRINE_FIRE
                            ? zem_json_text(zem_doctrine_set_text(set, which, parameter, text, sizeof text))
                        : zem_doctrine_table[key].whole && isfinite(value) ? json_integer((json_int_t)value)
                                                                           : zem_json_number(value));
}

static json_t *row_json(const struct zem_doctrine_surface *surface, size_t which, uint64_t cell, size_t radius)
{
    size_t index[ZEM_AXES_MAX];
    const struct zem_scenario *scenario = surface->result->scenario;
    const size_t at = zem_doctrine_surface_at(surface, which, cell, radius);
    json_t *row = json_object(), *axes = json_object();
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        if (surface->set->count[key] > 1)
            add_parameter(row, surface->set, which, key);
    zem_grid_indices(scenario, cell, index);
    for (size_t i = 0; i < scenario->axis_count; i++)
        json_object_set_new(axes, scenario->axis[i].name, zem_json_number(scenario->axis[i].display[index[i]]));
    json_object_set_new(row, "cell", json_integer((json_int_t)cell));
    json_object_set_new(row, "axes", axes);
    for (int q = 0; q < ZEM_DOCTRINE_QUANTITIES; q++) {
        const struct zem_doctrine_series *series = &surface->series[q];
        json_t *value = json_pack("{s:o, s:o, s:o}", "value", zem_json_number(series->value[at]), "lower",
                                  zem_json_number(series->lower[at]), "upper", zem_json_number(series->upper[at]));
        if (series->independent != NULL)
            json_object_set_new(value, "if_independent", zem_json_number(series->independent[at]));
        json_object_set_new(row, zem_doctrine_quantity_table[q].name, value);
    }
    return row;
}

int zem_doctrine_print_json(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                            struct zem_error *error)
{
    json_t *doctrine = json_object(), *rows = json_array();
    for (int key = 0; key < ZEM_DOCTRINE_KEYS; key++)
        if (surface->set->count[key] <= 1)
            add_parameter(doctrine, surface->set, 0, key);
    for (size_t which = 0; which < surface->doctrines; which++)
        for (uint64_t cell = 0; cell < surface->result->cells; cell++)
            json_array_append_new(rows, row_json(surface, which, cell, radius));
    json_t *object = json_pack("{s:o, s:f, s:i, s:s, s:o, s:o}", "file", zem_json_text(file), "hit_radius",
                               surface->result->scenario->radius[radius], "shots", (int)surface->shots, "unit",
                               zem_doctrine_unit_words[surface->set->unit], "doctrine", doctrine, "rows", rows);
    if (surface->patterns != NULL && surface->patterns->trials > 0)
        json_object_set_new(object, "trials_flown_again", json_integer((json_int_t)surface->patterns->trials));
    return zem_json_print(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15), out, error);
}
