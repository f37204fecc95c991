/* Writes the CSV of a result. The columns follow from the table of result variables, so that a new variable becomes a
 * new column without a change here. */
#include "view/export.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "base/parallel.h"
#include "result/outcome.h"
#include "result/result_variables.h"
#include "result/tally_word.h"
#include "scenario/grid.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void zem_export_field(FILE *out, const char *text)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

const char *zem_export_number(double value, char *text, size_t size)
{
    if (isnan(value))
        return "";
    return isinf(value) ? value > 0 ? "inf" : "-inf" : zem_number_format(value, text, size);
}

const char *zem_export_element(const struct zem_result *result, enum zem_dimension dimension, size_t element,
                               char *text, size_t size)
{
    char number[32];
    const double *edges = zem_histogram_edges();
    switch (dimension) {
    case ZEM_DIMENSION_RADIUS:
        snprintf(text, size, "%s m", zem_number_format(result->scenario->radius[element], number, sizeof number));
        return text;
    case ZEM_DIMENSION_QUANTILE:
        snprintf(text, size, "%s", zem_number_format(zem_quantile_levels[element], number, sizeof number));
        return text;
    case ZEM_DIMENSION_OUTCOME:
        snprintf(text, size, "%s", zem_outcome_table[element].word);
        return text;
    case ZEM_DIMENSION_SHOT:
        snprintf(text, size, "shot %zu", element + 1);
        return text;
    case ZEM_DIMENSION_HITS_IN_SALVO:
        snprintf(text, size, "%zu hits", element);
        return text;
    case ZEM_DIMENSION_MISS_BIN:
        snprintf(text, size, "from %s m",
                 element == 0 ? "0" : zem_number_format_digits(edges[element - 1], 6, number, sizeof number));
        return text;
    case ZEM_DIMENSION_SAMPLE:
    case ZEM_DIMENSION_NONE:
    case ZEM_DIMENSION_COUNT:
        break;
    }
    text[0] = '\0';
    return text;
}

/* Writes the heading of a column: "p_hit[0.5 m]", "miss_mean (m)", "hits_shot[1 m][shot 2]". */
static void write_heading(const struct zem_result *result, const struct zem_variable *variable, size_t first,
                          size_t second, FILE *out)
{
    char heading[160], name[48];
    size_t length = (size_t)snprintf(heading, sizeof heading, "%s", variable->name);
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] != ZEM_DIMENSION_NONE) {
            const char *element =
                zem_export_element(result, variable->dimension[i], i == 0 ? first : second, name, sizeof name);
            length += (size_t)snprintf(heading + length, sizeof heading - length, "[%s]", element);
        }
    if (strcmp(variable->unit, "1") != 0)
        snprintf(heading + length, sizeof heading - length, " (%s)", variable->unit);
    fputc(',', out);
    zem_export_field(out, heading);
}

static bool is_exported(const struct zem_result *result, const struct zem_variable *variable, bool histogram)
{
    if (!zem_variable_exists(result, variable) || variable->dimension[0] == ZEM_DIMENSION_SAMPLE)
        return false;
    return histogram || variable->dimension[0] != ZEM_DIMENSION_MISS_BIN;
}

static void write_header(const struct zem_result *result, bool histogram, FILE *out)
{
    char heading[160];
    fputs("cell", out);
    for (size_t i = 0; i < result->scenario->axis_count; i++) {
        const struct zem_axis *axis = &result->scenario->axis[i];
        snprintf(heading, sizeof heading, strcmp(axis->unit, "1") == 0 ? "%s" : "%s (%s)", axis->name, axis->unit);
        fputc(',', out);
        zem_export_field(out, heading);
    }
    for (size_t k = 0; k < zem_variable_count; k++) {
        const struct zem_variable *variable = &zem_variable_table[k];
        const size_t first = zem_dimension_length(result, variable->dimension[0]),
                     second = zem_dimension_length(result, variable->dimension[1]);
        for (size_t i = 0; is_exported(result, variable, histogram) && i < first * second; i++)
            write_heading(result, variable, i / second, i % second, out);
    }
    fputc('\n', out);
}

static void write_cell(const struct zem_result *result, uint64_t cell, bool histogram, uint64_t *counts,
                       double *numbers, FILE *out)
{
    char number[32];
    size_t index[ZEM_AXES_MAX];
    fprintf(out, "%" PRIu64, cell);
    zem_grid_indices(result->scenario, cell, index);
    for (size_t i = 0; i < result->scenario->axis_count; i++)
        fprintf(out, ",%s", zem_number_format(result->scenario->axis[i].display[index[i]], number, sizeof number));
    for (size_t k = 0; k < zem_variable_count; k++) {
        const struct zem_variable *variable = &zem_variable_table[k];
        if (!is_exported(result, variable, histogram))
            continue;
        const size_t span =
            zem_dimension_length(result, variable->dimension[0]) * zem_dimension_length(result, variable->dimension[1]);
        variable->compute(result, cell, counts, numbers);
        for (size_t i = 0; i < span; i++)
            if (variable->is_count)
                fprintf(out, ",%" PRIu64, counts[i]);
            else
                fprintf(out, ",%s", zem_export_number(numbers[i], number, sizeof number));
    }
    fputc('\n', out);
}

/* The rows of a range of cells are written into memory, by several threads, and then to the output in order. A window
 * is the ranges that are in memory at once. */
enum { RANGE_CELLS = 64, WINDOW_RANGES = 32 };

struct window {
    const struct zem_result *result;
    bool histogram;
    size_t most;                /* largest number of values of a variable in a cell */
    uint64_t first;             /* the first cell of the window */
    char *text[WINDOW_RANGES];  /* the rows of each range; NULL without memory */
    size_t size[WINDOW_RANGES]; /* their lengths in bytes */
};

static void range_write(struct window *window, size_t range)
{
    const uint64_t first = window->first + range * RANGE_CELLS;
    uint64_t *counts = calloc(window->most, sizeof *counts);
    double *numbers = calloc(window->most, sizeof *numbers);
    FILE *out = open_memstream(&window->text[range], &window->size[range]);
    bool whole = counts != NULL && numbers != NULL && out != NULL;
    for (uint64_t cell = first; whole && cell < first + RANGE_CELLS && cell < window->result->cells; cell++)
        write_cell(window->result, cell, window->histogram, counts, numbers, out);
    whole = whole && !ferror(out);
    if (out != NULL && fclose(out) != 0)
        whole = false;
    if (!whole) {
        free(window->text[range]);
        window->text[range] = NULL;
    }
    free(numbers);
    free(counts);
}

static void ranges_write(void *context, size_t first, size_t last)
{
    for (size_t range = first; range < last; range++)
        range_write(context, range);
}

/* Writes the rows of the window that begins at window->first. */
static int window_write(struct window *window, FILE *out, struct zem_error *error)
{
    const uint64_t left = (window->result->cells - window->first + RANGE_CELLS - 1) / RANGE_CELLS;
    const size_t ranges = left < WINDOW_RANGES ? (size_t)left : WINDOW_RANGES;
    int status = ZEM_OK;
    memset(window->text, 0, sizeof window->text);
    zem_parallel_for(ranges, 1, 0, ranges_write, window);
    for (size_t range = 0; range < ranges; range++) {
        if (status == ZEM_OK && window->text[range] == NULL)
            status = zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %d lines", RANGE_CELLS);
        if (status == ZEM_OK)
            fwrite(window->text[range], 1, window->size[range], out);
        free(window->text[range]);
    }
    return status;
}

int zem_export(const struct zem_result *result, bool histogram, FILE *out, struct zem_error *error)
{
    struct window window = {.result = result, .histogram = histogram, .most = 1};
    for (size_t k = 0; k < zem_variable_count; k++) {
        const size_t span = zem_dimension_length(result, zem_variable_table[k].dimension[0])
                            * zem_dimension_length(result, zem_variable_table[k].dimension[1]);
        window.most = span > window.most ? span : window.most;
    }
    int status = ZEM_OK;
    write_header(result, histogram, out);
    for (; status == ZEM_OK && window.first < result->cells && !ferror(out);
         window.first += RANGE_CELLS * WINDOW_RANGES)
        status = window_write(&window, out, error);
    if (status == ZEM_OK && (fflush(out) != 0 || ferror(out)))
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written");
    return status;
}
