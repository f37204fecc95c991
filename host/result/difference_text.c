/* What `zem diff` prints. Nothing is computed here. */
#include "result/difference_text.h"

#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/printable.h"
#include "scenario/cell_choice.h"
#include "scenario/grid.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_bits(const struct zem_comparison *c)
{
    return strcmp(c->first->digest, c->second->digest) == 0
           && strcmp(c->first->miss_digest, c->second->miss_digest) == 0;
}

static const char *source_text(const struct zem_comparison *c)
{
    static const char *const texts[] = {[ZEM_PAIRS_NONE] = "none known",
                                        [ZEM_PAIRS_EQUAL] = "the results are equal to the bit",
                                        [ZEM_PAIRS_KEPT] = "from the single trials that both files keep",
                                        [ZEM_PAIRS_FLOWN] = "from the trials of both, flown again"};
    return texts[c->pairs != NULL ? c->pairs->source : ZEM_PAIRS_NONE];
}

/* The number of cells that have the same random numbers in both results. */
static uint64_t cells_shared(const struct zem_comparison *c)
{
    uint64_t count = 0;
    for (uint64_t cell = 0; cell < c->first->cells; cell++)
        count += zem_pairs_dependence(c->first, c->second, cell) == ZEM_DEPENDENT;
    return count;
}

const char *zem_comparison_verdict(const struct zem_comparison *c, char *text, size_t size)
{
    int length = snprintf(text, size, "%zu of %zu differences are significant at %.6g %% for all together",
                          c->larger + c->smaller, c->defined, 100.0 * c->confidence);
    if (c->larger + c->smaller > 0 && length > 0 && (size_t)length < size)
        snprintf(text + length, size - (size_t)length, ": %zu larger in the second, %zu smaller", c->larger,
                 c->smaller);
    return text;
}

/* ---- text ---- */

static void print_tests(const struct zem_comparison *c, FILE *out)
{
    size_t count[ZEM_DIFFERENCE_BASES] = {0};
    uint64_t pairs = 0;
    for (size_t i = 0; i < c->count; i++)
        count[c->item[i].basis]++;
    for (uint64_t cell = 0; c->pairs != NULL && c->pairs->pairs != NULL && cell < c->first->cells; cell++)
        pairs += c->pairs->pairs[cell];
    if (count[ZEM_BY_INDEPENDENT] < c->count)
        fprintf(out, "  pairs        %" PRIu64 ", %s\n", pairs, source_text(c));
    for (int i = 0; i < ZEM_DIFFERENCE_BASES; i++)
        if (count[i] == c->count)
            fprintf(out, "  test         %s\n", zem_difference_basis_table[i].meaning);
        else if (count[i] > 0)
            fprintf(out, "  test         of %zu: %s\n", count[i], zem_difference_basis_table[i].meaning);
    fprintf(out, "  adjusted     for %zu comparisons by Holm's procedure, without those whose counts are too few\n",
            c->defined);
}

/* Writes a p-value, or "<1e-300" if it is smaller than that. Returns text. */
static const char *p_value_text(double p, char text[16])
{
    snprintf(text, 16, p < 1e-300 ? "<1e-300" : "%.3g", p);
    return text;
}

static void print_head(const struct zem_comparison *c, const char *const names[2], FILE *out)
{
    char text[400];
    zem_printable_write(names[1], false, out);
    fputs(" minus ", out);
    zem_printable_write(names[0], false, out);
    fputs(", p_hit\n", out);
    zem_scenario_differences(c->first->scenario, c->second->scenario, text, sizeof text);
    fprintf(out, "  scenarios    %s%s\n", text[0] != '\0' ? "differ in " : "the same", text);
    if (same_bits(c))
        fprintf(out, "  digests      the same: the results are equal to the bit\n");
    fprintf(out, "  compared     %zu probabilities in %" PRIu64 " cells\n", c->defined, c->first->cells);
    print_tests(c, out);
    fprintf(out, "  result       %s\n", zem_comparison_verdict(c, text, sizeof text));
    if (c->defined > 0) {
        const double chance = c->item[c->order[0]].adjusted;
        char smallest[16], adjusted[16];
        fprintf(out, "  smallest     p-value %s; chance of one so small among all: %s%s\n",
                p_value_text(c->item[c->order[0]].chance, smallest), chance < 1.0 && chance >= 1e-300 ? "at most " : "",
                p_value_text(chance, adjusted));
    }
}

/* Whether a difference comes from a part of the trials only. It then differs from the second probability minus the
 * first, which the same line of the table shows. The table marks such a difference with ~ and explains the mark in a
 * note. */
static bool is_of_pairs(const struct zem_difference *d)
{
    const double whole = (double)d->hits[1] / (double)d->trials[1] - (double)d->hits[0] / (double)d->trials[0];
    return fabs(d->value - whole) > 1e-9;
}

/* The width of a column that holds every hit radius with its unit, in characters. */
static int radius_width(const struct zem_comparison *c)
{
    int width = 9;
    for (size_t i = 0; i < c->first->scenario->radius_count; i++) {
        const int length = snprintf(NULL, 0, "%.4g m", c->first->scenario->radius[i]);
        width = length > width ? length : width;
    }
    return width;
}

int zem_comparison_print(const struct zem_comparison *c, const char *const names[2], size_t lines, FILE *out,
                         struct zem_error *error)
{
    char name[300], interval[64], p_text[16];
    bool note = false;
    print_head(c, names, out);
    const int radius = radius_width(c);
    fprintf(out, "\n%*s %11s %11s %11s  %-24s %9s  %s\n", radius, "radius", "first", "second", "difference",
            "interval, all at once", "p-value", "cell");
    for (size_t i = 0; i < lines && i < c->defined; i++) {
        const struct zem_difference *d = &c->item[c->order[i]];
        const double p = (double)d->hits[0] / (double)d->trials[0], q = (double)d->hits[1] / (double)d->trials[1];
        snprintf(interval, sizeof interval, "[%+.6f, %+.6f]", d->all.lower, d->all.upper);
        note = note || is_of_pairs(d);
        fprintf(out, "%*.4g m %11.6f %11.6f %+11.6f%c %-24s %9s%c %s\n", radius - 2,
                c->first->scenario->radius[d->radius], p, q, d->value, is_of_pairs(d) ? '~' : ' ', interval,
                p_value_text(d->adjusted, p_text), d->significant ? '*' : ' ',
                zem_cell_name(c->first->scenario, d->cell, name, sizeof name));
    }
    fprintf(out, "\np-values are adjusted; * marks those that are significant.\n");
    if (note)
        fprintf(out, "~ marks a difference of a part of the trials, whose interval is shorter than that of all.\n");
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "standard output cannot be written")
                                           : ZEM_OK;
}

/* ---- JSON ---- */

static json_t *item_json(const struct zem_comparison *c, const struct zem_difference *d)
{
    size_t index[ZEM_AXES_MAX];
    json_t *at = json_array();
    zem_grid_indices(c->first->scenario, d->cell, index);
    for (size_t k = 0; k < c->first->scenario->axis_count; k++)
        json_array_append_new(at, json_integer((json_int_t)index[k]));
    json_t *object = json_pack(
        "{s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:b}", "cell", at, "hit_radius",
        c->first->scenario->radius[d->radius], "first", zem_json_number((double)d->hits[0] / (double)d->trials[0]),
        "second", zem_json_number((double)d->hits[1] / (double)d->trials[1]), "difference", zem_json_number(d->value),
        "lower", zem_json_number(d->each.lower), "upper", zem_json_number(d->each.upper), "lower_of_all",
        zem_json_number(d->all.lower), "upper_of_all", zem_json_number(d->all.upper), "basis",
        zem_difference_basis_table[d->basis].word, "p_value", zem_json_number(d->chance), "p_value_adjusted",
        zem_json_number(d->adjusted), "significant", d->significant);
    if (c->pairs != NULL && c->pairs->source != ZEM_PAIRS_NONE && object != NULL) {
        const size_t i = d->cell * c->first->scenario->radius_count + d->radius;
        json_object_set_new(object, "pairs", json_integer((json_int_t)c->pairs->pairs[d->cell]));
        json_object_set_new(object, "first_only", json_integer((json_int_t)c->pairs->count[i].first_only));
        json_object_set_new(object, "second_only", json_integer((json_int_t)c->pairs->count[i].second_only));
    }
    return object;
}

/* Prints the items of the array "differences". Each is printed as soon as it is made, because all of them together
 * would take many times the memory of the comparison. Returns false without memory or if `out` cannot be written. */
static bool print_items(const struct zem_comparison *c, size_t flags, FILE *out)
{
    for (size_t i = 0; i < c->count; i++) {
        json_t *item = item_json(c, &c->item[i]);
        if (i > 0)
            fputc(',', out);
        const bool good = item != NULL && json_dumpf(item, out, flags) == 0;
        json_decref(item);
        if (!good || ferror(out))
            return false;
    }
    return true;
}

int zem_comparison_print_json(const struct zem_comparison *c, const char *const names[2], FILE *out,
                              struct zem_error *error)
{
    const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(15);
    char differences[400];
    json_t *head =
        json_pack("{s:o, s:o, s:s, s:b, s:I, s:s, s:f, s:I, s:I, s:I, s:o}", "first", zem_json_text(names[0]), "second",
                  zem_json_text(names[1]), "scenarios_differ_in",
                  zem_scenario_differences(c->first->scenario, c->second->scenario, differences, sizeof differences),
                  "same_bits", same_bits(c), "cells_with_the_same_random_numbers", (json_int_t)cells_shared(c), "pairs",
                  source_text(c), "confidence", c->confidence, "compared", (json_int_t)c->defined, "significant_larger",
                  (json_int_t)c->larger, "significant_smaller", (json_int_t)c->smaller, "chance_of_smallest",
                  c->defined > 0 ? zem_json_number(c->item[c->order[0]].adjusted) : json_null());
    char *text = head != NULL ? json_dumps(head, flags) : NULL;
    json_decref(head);
    bool good = text != NULL;
    if (good) { /* the head without its closing brace */
        fprintf(out, "%.*s,\"differences\":[", (int)strlen(text) - 1, text);
        good = print_items(c, flags, out);
    }
    free(text);
    if (zem_json_lacked_memory() || (!good && !ferror(out)))
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the JSON object");
    fputs("]}\n", out);
    return fflush(out) != 0 || ferror(out) ? zem_error_set(error, ZEM_INPUT_OUTPUT, "the JSON object cannot be written")
                                           : ZEM_OK;
}
