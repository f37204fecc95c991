/* Writes the variables in the order of the table of result variables, but probabilities first and quantiles last.
 * Floating-point values for which the page has no room are not computed. */
#include "view/page_data.h"

#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/parallel.h"
#include "result/cell_totals.h"
#include "result/effects.h"
#include "result/extremes.h"
#include "result/result_variables.h"
#include "scenario/choices.h"
#include "view/color_map.h"
#include "view/export.h"

#include <nettle/base64.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_GRAIN 1024 /* cells that a thread computes at a time */

struct embedding {
    const struct zem_result *result;
    FILE *out;
    size_t room;      /* bytes that are left for blocks */
    size_t blocks;    /* number of blocks written */
    json_t *variable; /* descriptions of the variables written, an array */
    json_t *left_out; /* names of the variables left out, an array */
    bool failed;      /* there was no memory for something */
};

/* Appends a value to an array. A value of NULL means that there was no memory. */
static void append(struct embedding *to, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        to->failed = true;
}

/* ---- blocks ---- */

size_t zem_page_base64_length(size_t bytes) { return (bytes + 2) / 3 * 4 + bytes / ZEM_PAGE_LINE + 2; }

void zem_page_base64(const uint8_t *bytes, size_t count, FILE *out)
{
    char text[BASE64_ENCODE_RAW_LENGTH(ZEM_PAGE_LINE)];
    base64_encode_raw(text, count, bytes);
    fwrite(text, 1, BASE64_ENCODE_RAW_LENGTH(count), out);
    fputc('\n', out);
}

static size_t block_length(const struct embedding *to, size_t width)
{
    return zem_page_base64_length(to->result->cells * width) + 80;
}

/* Writes the lowest `width` bytes of each number as a block of the page, and returns the number of the block. `kind` is
 * the block's attribute data-width (page_data.h). */
static json_t *write_block(struct embedding *to, const uint64_t *bits, size_t width, const char *kind)
{
    uint8_t bytes[ZEM_PAGE_LINE];
    size_t held = 0;
    fprintf(to->out, "<script type=\"text/plain\" id=\"zem-block-%zu\" data-width=\"%s\">\n", to->blocks, kind);
    for (size_t i = 0; i < to->result->cells * width; i++) {
        bytes[held++] = (uint8_t)(bits[i / width] >> 8 * (i % width));
        if (held == sizeof bytes || i + 1 == to->result->cells * width) {
            zem_page_base64(bytes, held, to->out);
            held = 0;
        }
    }
    fputs("</script>\n", to->out);
    to->room -= block_length(to, width);
    return json_integer((json_int_t)to->blocks++);
}

static bool fits(const struct embedding *to, size_t width) { return block_length(to, width) < to->room; }

/* Writes a block of counts in the narrowest integers that hold them. Returns its number, or JSON null if it does not
 * fit. */
static json_t *write_counts(struct embedding *to, const uint64_t *count)
{
    static const char *const kinds[] = {[1] = "1", [2] = "2", [4] = "4", [8] = "8"};
    uint64_t most = 0;
    for (uint64_t cell = 0; cell < to->result->cells; cell++)
        most = count[cell] > most ? count[cell] : most;
    const size_t width = most < 1u << 8 ? 1 : most < 1u << 16 ? 2 : most < UINT64_C(1) << 32 ? 4 : 8;
    return fits(to, width) ? write_block(to, count, width, kinds[width]) : json_null();
}

/* ---- variables ---- */

/* The values of one variable in all cells. A cell has one value, or an element for each hit radius or quantile. */
struct table {
    const struct zem_result *result;
    const struct zem_variable *variable;
    size_t span;   /* number of elements of a cell */
    double *value; /* cells x span */
};

static void compute_cells(void *context, size_t first, size_t last)
{
    const struct table *table = context;
    for (size_t cell = first; cell < last; cell++)
        table->variable->compute(table->result, cell, NULL, table->value + cell * table->span);
}

/* Writes a block for every element of a variable. Returns an array of the numbers of the blocks, null for those that do
 * not fit; NULL without memory. */
static json_t *number_blocks(struct embedding *to, const struct zem_variable *variable)
{
    const size_t cells = (size_t)to->result->cells;
    struct table table = {to->result, variable, zem_dimension_length(to->result, variable->dimension[0]), NULL};
    json_t *blocks = json_array();
    uint64_t *bits = calloc(cells, sizeof *bits);
    table.value = fits(to, 8) ? calloc(cells * table.span, sizeof *table.value) : NULL;
    to->failed |= bits == NULL || (fits(to, 8) && table.value == NULL);
    if (table.value != NULL)
        zem_parallel_for(cells, CELLS_GRAIN, 0, compute_cells, &table);
    for (size_t element = 0; bits != NULL && element < table.span; element++) {
        for (size_t cell = 0; table.value != NULL && cell < cells; cell++)
            memcpy(&bits[cell], &table.value[cell * table.span + element], sizeof *bits);
        const bool written = table.value != NULL && fits(to, 8);
        append(to, blocks, written ? write_block(to, bits, 8, "f") : json_null());
    }
    free(table.value);
    free(bits);
    return blocks;
}

/* Writes a block of standard errors, for a variable whose interval follows from them. Returns its number; NULL if the
 * variable has none or the block does not fit. */
static json_t *error_block(struct embedding *to, const struct zem_variable *variable)
{
    const size_t cells = (size_t)to->result->cells;
    if (!zem_variable_has_normal_limits(variable) || !fits(to, 8))
        return NULL;
    uint64_t *bits = calloc(cells, sizeof *bits);
    to->failed |= bits == NULL;
    for (size_t cell = 0; bits != NULL && cell < cells; cell++) {
        const double error = zem_passed_count(to->result, cell) < 2
                                 ? (double)NAN
                                 : sqrt(zem_variable_noise(to->result, variable, 0, cell));
        memcpy(&bits[cell], &error, sizeof error);
    }
    json_t *block = bits != NULL ? write_block(to, bits, 8, "f") : NULL;
    to->failed |= block == NULL;
    free(bits);
    return block;
}

/* Writes the counts of hits of a probability, a block for each hit radius. Returns an array of the numbers of the
 * blocks. */
static json_t *counted_blocks(struct embedding *to, enum zem_counted_kind kind)
{
    uint64_t *count = calloc((size_t)to->result->cells, sizeof *count);
    json_t *blocks = json_array();
    to->failed |= count == NULL;
    for (size_t radius = 0; count != NULL && radius < to->result->scenario->radius_count; radius++) {
        for (uint64_t cell = 0; cell < to->result->cells; cell++)
            count[cell] = zem_counted(to->result, kind, radius, cell).hits;
        append(to, blocks, write_counts(to, count));
    }
    free(count);
    return blocks;
}

static json_t *trial_block(struct embedding *to)
{
    uint64_t *count = calloc((size_t)to->result->cells, sizeof *count);
    for (uint64_t cell = 0; count != NULL && cell < to->result->cells; cell++)
        count[cell] = zem_trial_count(to->result, cell);
    json_t *block = count != NULL ? write_counts(to, count) : NULL;
    free(count);
    return block;
}

static bool any_block(const json_t *blocks)
{
    for (size_t i = 0; i < json_array_size(blocks); i++)
        if (json_is_integer(json_array_get(blocks, i)))
            return true;
    return false;
}

static bool all_blocks(const json_t *blocks)
{
    for (size_t i = 0; i < json_array_size(blocks); i++)
        if (!json_is_integer(json_array_get(blocks, i)))
            return false;
    return true;
}

/* Appends the description of a variable, whose blocks have been written, to to->variable, and writes the blocks of its
 * limits. The names of what does not fit go to to->left_out. `counted` says that the variable is a probability, whose
 * blocks are counts of hits. */
static void describe(struct embedding *to, const struct zem_variable *variable, bool counted, json_t *blocks)
{
    char name[64];
    json_t *elements = json_array(), *limits[2] = {NULL, NULL};
    const enum zem_dimension dimension = variable->dimension[0];
    for (size_t i = 0; dimension != ZEM_DIMENSION_NONE && i < zem_dimension_length(to->result, dimension); i++)
        append(to, elements, json_string(zem_export_element(to->result, dimension, i, name, sizeof name)));
    for (int i = 0; i < 2 && !counted; i++) {
        snprintf(name, sizeof name, "%s_%s", variable->name, i == 0 ? "lower" : "upper");
        if (zem_variable_find(name) != NULL && any_block(blocks))
            limits[i] = number_blocks(to, zem_variable_find(name));
        if (limits[i] != NULL && !all_blocks(limits[i]))
            append(to, to->left_out, json_string(name));
    }
    if (!all_blocks(blocks))
        append(to, to->left_out, json_string(variable->name));
    json_t *error = any_block(blocks) ? error_block(to, variable) : NULL;
    if (any_block(blocks)) {
        const char *over = dimension != ZEM_DIMENSION_NONE ? zem_dimension_name(dimension) : "";
        append(to, to->variable,
               json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:O, s:o*, s:o*, s:o*}", "name", variable->name, "title",
                         variable->long_name, "unit", variable->unit, "over", over, "counted", counted, "fraction",
                         !variable->is_count && strcmp(variable->unit, "1") == 0, "elements", elements, "blocks",
                         blocks, "lower", limits[0], "upper", limits[1], "error", error));
    } else
        json_decref(elements);
    json_decref(blocks);
}

static bool is_limit(const struct zem_variable *variable)
{
    const char *end = strrchr(variable->name, '_');
    return end != NULL && (strcmp(end, "_lower") == 0 || strcmp(end, "_upper") == 0);
}

/* Returns whether a variable is written as numbers: it has one number for each cell, or one for each hit radius or
 * quantile. */
static bool is_embedded(const struct zem_result *result, const struct zem_variable *variable)
{
    const enum zem_dimension over = variable->dimension[0];
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++)
        if (strcmp(variable->name, zem_counted_names[kind]) == 0)
            return false;
    return zem_variable_exists(result, variable) && !variable->is_count && !is_limit(variable)
           && variable->dimension[1] == ZEM_DIMENSION_NONE
           && (over == ZEM_DIMENSION_NONE || over == ZEM_DIMENSION_RADIUS || over == ZEM_DIMENSION_QUANTILE);
}

static void write_variables(struct embedding *to)
{
    for (int kind = 0; kind < ZEM_COUNTED_KINDS; kind++) {
        const struct zem_variable *variable = zem_variable_find(zem_counted_names[kind]);
        if (zem_variable_exists(to->result, variable))
            describe(to, variable, true, counted_blocks(to, (enum zem_counted_kind)kind));
    }
    for (int last = 0; last < 2; last++) /* quantiles come last, because with their limits they take most room */
        for (size_t i = 0; i < zem_variable_count; i++)
            if (is_embedded(to->result, &zem_variable_table[i])
                && (zem_variable_table[i].dimension[0] == ZEM_DIMENSION_QUANTILE) == (last == 1))
                describe(to, &zem_variable_table[i], false, number_blocks(to, &zem_variable_table[i]));
}

/* ---- the description ---- */

static json_t *axis_json(struct embedding *to, const struct zem_axis *axis)
{
    json_t *values = json_array(), *confidence = json_array();
    for (size_t i = 0; i < axis->points; i++) {
        append(to, values, json_real(axis->display[i]));
        if (axis->key == ZEM_KEY_CONFIDENCE)
            append(to, confidence, json_real(axis->values[i]));
    }
    return json_pack("{s:s, s:o, s:b, s:o, s:o}", "name", axis->name, "unit", zem_json_text(axis->unit), "logarithmic",
                     axis->logarithmic, "values", values, "confidence", confidence);
}

static json_t *description(struct embedding *to, json_t *trials)
{
    const struct zem_result *result = to->result;
    json_t *axes = json_array(), *colors = json_array();
    for (size_t i = 0; i < result->scenario->axis_count; i++)
        append(to, axes, axis_json(to, &result->scenario->axis[i]));
    for (size_t i = 0; i < ZEM_COLOR_STOPS; i++)
        append(to, colors, json_sprintf("#%06x", (unsigned)zem_color_viridis[i]));
    return json_pack("{s:I, s:f, s:s, s:b, s:I, s:o, s:o, s:o, s:O, s:O}", "cells", (json_int_t)result->cells,
                     "confidence", result->scenario->value[ZEM_KEY_CONFIDENCE].first, "interval",
                     zem_interval_words[result->interval_method], "common_random_numbers",
                     zem_choice_index(result->scenario->value, ZEM_KEY_RANDOM_NUMBERS) == ZEM_RANDOM_NUMBERS_COMMON,
                     "radius", (json_int_t)zem_extremes_radius(result, ZEM_COUNTED_HIT), "trials", trials, "axes", axes,
                     "colors", colors, "variables", to->variable, "left_out", to->left_out);
}

/* Writes the description as a <script> element. "<" is escaped, so that no text in it can end the element or begin a
 * comment. */
static bool write_json(const json_t *description, FILE *out)
{
    char *text = json_dumps(description, JSON_COMPACT | JSON_REAL_PRECISION(17));
    fputs("<script type=\"application/json\" id=\"zem-grid\">", out);
    for (const char *at = text; at != NULL && *at != '\0'; at++)
        if (*at == '<')
            fputs("\\u003c", out);
        else
            fputc(*at, out);
    fputs("</script>\n", out);
    const bool written = text != NULL && !zem_json_lacked_memory();
    free(text);
    return written;
}

int zem_page_data(const struct zem_result *result, size_t room, FILE *out, bool *any, struct zem_error *error)
{
    struct embedding to = {result, out, room, 0, json_array(), json_array(), false};
    json_t *trials = trial_block(&to);
    if (json_is_integer(trials))
        write_variables(&to);
    *any = json_array_size(to.variable) > 0;
    json_t *all = trials != NULL ? description(&to, trials) : NULL;
    const bool written = all != NULL && !to.failed && (!*any || write_json(all, out));
    json_decref(all);
    json_decref(to.variable);
    json_decref(to.left_out);
    return written ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the data of the page");
}
