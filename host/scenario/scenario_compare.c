/* Compares two scenarios by their canonical bytes (scenario_print.h) and by their values, and computes the digest of
 * one. */
#include "scenario/scenario_compare.h"

#include "base/kernel_types.h"
#include "scenario/formula.h"
#include "scenario/scenario_print.h"
#include "scenario/scenario_value.h"

#include <nettle/sha2.h>
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

static bool same_axes(const struct zem_scenario *a, const struct zem_scenario *b)
{
    if (a->axis_count != b->axis_count)
        return false;
    for (size_t i = 0; i < a->axis_count; i++) {
        const struct zem_axis *x = &a->axis[i], *y = &b->axis[i];
        if (x->key != y->key || x->part != y->part || x->points != y->points
            || memcmp(x->values, y->values, x->points * sizeof *x->values) != 0)
            return false;
    }
    return true;
}

bool zem_scenario_same_grid(const struct zem_scenario *a, const struct zem_scenario *b)
{
    return same_radii(a, b) && same_axes(a, b);
}

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
