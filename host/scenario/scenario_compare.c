/* Compares two scenarios by their digests and by their values, and computes the digest of a scenario from its canonical
 * bytes (scenario_print.h). */
#include "scenario/scenario_compare.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "scenario/formula.h"
#include "scenario/scenario_print.h"
#include "scenario/scenario_value.h"

#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int emit(void *context, const void *bytes, size_t size)
{
    sha256_update((struct sha256_ctx *)context, size, bytes);
    return 0;
}

void zem_scenario_digest(const struct zem_scenario *scenario, char text[65])
{
    static const uint8_t kernel_version = ZEM_KERNEL_VERSION;
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&sha);
    sha256_update(&sha, sizeof kernel_version, &kernel_version);
    zem_scenario_canonical(scenario, emit, &sha);
    sha256_digest(&sha, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

bool zem_scenario_same(const struct zem_scenario *a, const struct zem_scenario *b)
{
    char first[65], second[65];
    zem_scenario_digest(a, first);
    zem_scenario_digest(b, second);
    return strcmp(first, second) == 0;
}

static bool same_radii(const struct zem_scenario *a, const struct zem_scenario *b)
{
    return a->radius_count == b->radius_count && memcmp(a->radius, b->radius, a->radius_count * sizeof *a->radius) == 0;
}

static bool same_parameter(const struct zem_axis *a, const struct zem_axis *b)
{
    return a->key == b->key && a->part == b->part;
}

static bool same_points(const struct zem_axis *a, const struct zem_axis *b)
{
    return a->points == b->points && memcmp(a->values, b->values, a->points * sizeof *a->values) == 0;
}

/* Whether both scenarios have axes of the same parameters in the same order. */
static bool same_parameters(const struct zem_scenario *a, const struct zem_scenario *b)
{
    bool same = a->axis_count == b->axis_count;
    for (size_t i = 0; same && i < a->axis_count; i++)
        same = same_parameter(&a->axis[i], &b->axis[i]);
    return same;
}

static bool same_axes(const struct zem_scenario *a, const struct zem_scenario *b)
{
    bool same = same_parameters(a, b);
    for (size_t i = 0; same && i < a->axis_count; i++)
        same = same_points(&a->axis[i], &b->axis[i]);
    return same;
}

bool zem_scenario_same_grid(const struct zem_scenario *a, const struct zem_scenario *b)
{
    return same_radii(a, b) && same_axes(a, b);
}

/* ---- what differs between two grids ---- */

static void __attribute__((format(printf, 3, 4))) add(char *text, size_t size, const char *form, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, form);
    vsnprintf(text + used, size - used, form, arguments);
    va_end(arguments);
}

static void add_axes(char *text, size_t size, const struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->axis_count; i++)
        add(text, size, "%s%s", i > 0 ? ", " : "", scenario->axis[i].parameter);
    if (scenario->axis_count == 0)
        add(text, size, "nothing");
}

static void add_radii(char *text, size_t size, const struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->radius_count; i++)
        add(text, size, "%s%.6g", i > 0 ? ", " : "", scenario->radius[i]);
}

static void add_points(char *text, size_t size, const struct zem_axis *axis)
{
    add(text, size, "%zu point%s from %.6g to %.6g%s%s%s", axis->points, zem_plural(axis->points), axis->display[0],
        axis->display[axis->points - 1], strcmp(axis->unit, "1") != 0 ? " " : "",
        strcmp(axis->unit, "1") != 0 ? axis->unit : "", axis->logarithmic ? " (log)" : "");
}

const char *zem_scenario_grid_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                          size_t size)
{
    const bool alike = same_parameters(a, b);
    text[0] = '\0';
    if (!alike) {
        add(text, size, "the first one sweeps ");
        add_axes(text, size, a);
        add(text, size, " and the second one ");
        add_axes(text, size, b);
    }
    for (size_t i = 0; alike && i < a->axis_count; i++) {
        if (same_points(&a->axis[i], &b->axis[i]))
            continue;
        add(text, size, "%s%s has ", text[0] != '\0' ? "; " : "", a->axis[i].parameter);
        add_points(text, size, &a->axis[i]);
        add(text, size, " in the first one and ");
        add_points(text, size, &b->axis[i]);
        add(text, size, " in the second one");
    }
    if (!same_radii(a, b)) {
        add(text, size, "%sthe hit radii are ", text[0] != '\0' ? "; " : "");
        add_radii(text, size, a);
        add(text, size, " m in the first one and ");
        add_radii(text, size, b);
        add(text, size, " m in the second one");
    }
    return text;
}

/* ---- what differs between two scenarios ---- */

static bool same_list(const struct zem_value_list *a, const struct zem_value_list *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->count == b->count && memcmp(a->value, b->value, a->count * sizeof *a->value) == 0
           && memcmp(a->cumulative, b->cumulative, a->count * sizeof *a->cumulative) == 0;
}

static bool same_value(const struct zem_value *a, const struct zem_value *b)
{
    if (a->present != b->present)
        return false;
    return !a->present
           || (a->distribution == b->distribution && a->first == b->first && a->second == b->second
               && a->third == b->third && a->fourth == b->fourth && same_list(a->list, b->list)
               && a->integer == b->integer);
}

static bool same_step(const struct zem_formula_step *a, const struct zem_formula_step *b)
{
    return a->operation == b->operation && a->number == b->number && a->key == b->key && a->part == b->part;
}

/* Whether all expressions of a key are the same in both scenarios. */
static bool same_formulas(const struct zem_scenario *a, const struct zem_scenario *b, enum zem_key key)
{
    for (int part = 0; part < ZEM_PARTS; part++) {
        const struct zem_formula *x = zem_formula_find(a, key, (enum zem_part)part),
                                 *y = zem_formula_find(b, key, (enum zem_part)part);
        if ((x == NULL) != (y == NULL) || (x != NULL && x->step_count != y->step_count))
            return false;
        for (size_t i = 0; x != NULL && i < x->step_count; i++)
            if (!same_step(&x->step[i], &y->step[i]))
                return false;
    }
    return true;
}

static bool same_correlations(const struct zem_scenario *a, const struct zem_scenario *b)
{
    bool same = a->correlation_count == b->correlation_count;
    for (size_t i = 0; same && i < a->correlation_count; i++) {
        const struct zem_correlation *x = &a->correlation[i], *y = &b->correlation[i];
        same = x->count == y->count && memcmp(x->key, y->key, x->count * sizeof *x->key) == 0
               && memcmp(x->matrix, y->matrix, x->count * x->count * sizeof *x->matrix) == 0;
    }
    return same;
}

static void append(char *text, size_t size, const char *more)
{
    const size_t length = strlen(text);
    if (length + strlen(more) + 8 < size)
        snprintf(text + length, size - length, "%s%s", length > 0 ? ", " : "", more);
    else if (length > 3 && strcmp(text + length - 3, "...") != 0)
        snprintf(text + length, size - length, ", ...");
}

const char *zem_scenario_differences(const struct zem_scenario *a, const struct zem_scenario *b, char *text,
                                     size_t size)
{
    char path[128];
    text[0] = '\0';
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        if (!same_value(&a->value[key], &b->value[key]) || !same_formulas(a, b, (enum zem_key)key))
            append(text, size, zem_key_path((enum zem_key)key, path, sizeof path));
    if (!same_correlations(a, b))
        append(text, size, "correlations");
    if (!same_radii(a, b))
        append(text, size, "scoring.hit_radius");
    if (!same_axes(a, b))
        append(text, size, "the sweep");
    return text;
}
