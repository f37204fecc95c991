/* Sorts the keys that are computed by expressions or drawn by the host, so that each comes after the keys on which it
 * depends, and applies their formulas in that order. The sorting is a depth-first search. */
#include "scenario/resolution.h"

#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/grid.h"

#include <stdio.h>
#include <string.h>

/* The state of the depth-first search through the keys. A key is open while the keys on which it depends are searched,
 * and done after that. If a key depends on an open key, the expressions form a circle. */
struct search {
    struct zem_reading *reading;
    bool open[ZEM_KEY_COUNT], done[ZEM_KEY_COUNT];
    enum zem_key path[ZEM_KEY_COUNT]; /* the open keys, in order */
    size_t depth;
};

/* Reports a circle of expressions, in which `key` depends on itself, and names its keys. */
static void cycle_report(const struct search *search, const struct zem_formula *formula, enum zem_key key)
{
    char text[400] = "", path[96];
    size_t first = 0, length = 0;
    while (search->path[first] != key)
        first++;
    for (size_t i = first; i < search->depth && length < sizeof text - 100; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s, ",
                                   zem_key_path(search->path[i], path, sizeof path));
    zem_key_path(key, path, sizeof path);
    if (search->depth - first == 1)
        snprintf(text, sizeof text, "the expression takes its own key, %s", path);
    else
        snprintf(text + length, sizeof text - length, "%s depend on each other in a circle", path);
    zem_diagnostics_add(search->reading->diagnostics, ZEM_MISTAKE, formula->line, formula->column,
                        zem_key_path(formula->key, path, sizeof path), "\"%.48s\": %s; give %s a value", formula->text,
                        text, search->depth - first == 1 ? "it" : "one of them");
}

static bool visit(struct search *search, enum zem_key key);

/* Visits every key that one formula uses, so that these keys come before the key of the formula in the order. Returns
 * false after a mistake. */
static bool visit_formula(struct search *search, const struct zem_formula *formula)
{
    struct zem_scenario *scenario = search->reading->scenario;
    char path[96], other[96];
    for (size_t i = 0; i < formula->step_count; i++) {
        const struct zem_formula_step *step = &formula->step[i];
        if (step->operation != ZEM_FORMULA_KEY)
            continue;
        /* An expression may use another part of the same key, if that part is a number in the file: a sigma may be a
         * tenth of the mean. This is no circle. */
        const bool own_part = step->key == formula->key && step->part != ZEM_PART_VALUE
                              && zem_formula_find(scenario, step->key, step->part) == NULL;
        if (search->open[step->key] && !own_part) {
            cycle_report(search, formula, step->key);
            return false;
        }
        struct zem_value *value = &scenario->value[step->key];
        if ((!value->present && !zem_scenario_sweeps(scenario, step->key))
            || (step->part != ZEM_PART_VALUE && zem_value_part(value, step->part) == NULL)) {
            zem_diagnostics_add(search->reading->diagnostics, ZEM_MISTAKE, formula->line, formula->column,
                                zem_key_path(formula->key, path, sizeof path), "\"%.48s\": %s has no %s%s; give it one",
                                formula->text, zem_key_path(step->key, other, sizeof other),
                                step->part == ZEM_PART_VALUE ? "value" : "part ", zem_part_names[step->part]);
            return false;
        }
        if (own_part)
            continue;
        if (!visit(search, step->key))
            return false;
        if (step->part == ZEM_PART_VALUE || zem_formula_find(scenario, step->key, step->part) != NULL)
            scenario->resolution.varying[formula->key] |= scenario->resolution.varying[step->key];
    }
    return true;
}

/* Appends a key to the order, after all keys on which it depends. Returns false after a mistake. */
static bool visit(struct search *search, enum zem_key key)
{
    struct zem_scenario *scenario = search->reading->scenario;
    struct zem_resolution *resolution = &scenario->resolution;
    if (search->done[key])
        return true;
    search->open[key] = true;
    search->path[search->depth++] = key;
    resolution->varying[key] = resolution->drawn[key];
    bool good = true;
    for (size_t i = 0; i < scenario->formula_count && good; i++)
        if (scenario->formula[i].key == key)
            good = visit_formula(search, &scenario->formula[i]);
    search->open[key] = false;
    search->depth--;
    search->done[key] = true;
    if (resolution->drawn[key] || zem_formula_find(scenario, key, ZEM_PARTS) != NULL)
        resolution->order[resolution->count++] = key;
    return good;
}

/* Whether a key has a distribution, in the file or because an axis sweeps a part of one. */
static bool is_dispersed(const struct zem_scenario *scenario, enum zem_key key)
{
    bool dispersed = scenario->value[key].distribution != ZEM_CONSTANT;
    for (size_t i = 0; i < scenario->axis_count; i++)
        dispersed = dispersed
                    || (scenario->axis[i].key == key && scenario->axis[i].part != ZEM_PART_VALUE
                        && scenario->axis[i].part != ZEM_PART_MEAN);
    return dispersed;
}

static bool is_correlated(const struct zem_scenario *scenario, enum zem_key key)
{
    for (size_t i = 0; i < scenario->correlation_count; i++)
        for (size_t k = 0; k < scenario->correlation[i].count; k++)
            if (scenario->correlation[i].key[k] == key)
                return true;
    return false;
}

/* Whether an expression uses the value of a key. */
static bool is_named(const struct zem_scenario *scenario, enum zem_key key)
{
    for (size_t i = 0; i < scenario->formula_count; i++)
        for (size_t k = 0; k < scenario->formula[i].step_count; k++) {
            const struct zem_formula_step *step = &scenario->formula[i].step[k];
            if (step->operation == ZEM_FORMULA_KEY && step->key == key && step->part == ZEM_PART_VALUE)
                return true;
        }
    return false;
}

static bool is_drawn(const struct zem_scenario *scenario, enum zem_key key)
{
    const bool in_kernels = (zem_key_table[key].flags & ZEM_VARIES) != 0
                            && scenario->value[key].distribution <= ZEM_UNIFORM && !is_correlated(scenario, key)
                            && !is_named(scenario, key);
    return zem_key_table[key].kind != ZEM_CHOICE && is_dispersed(scenario, key) && !in_kernels;
}

/* Reports axes that sweep a value which an expression gives, because the axis would have no effect. */
static void axes_check(struct zem_reading *reading)
{
    const struct zem_scenario *scenario = reading->scenario;
    for (size_t i = 0; i < scenario->axis_count; i++) {
        const struct zem_axis *axis = &scenario->axis[i];
        if (zem_formula_find(scenario, axis->key, axis->part) != NULL)
            zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, axis->line, axis->column, axis->parameter,
                                "swept, and given by an expression too; take one of them away");
    }
}

void zem_resolution_make(struct zem_reading *reading)
{
    struct search search = {.reading = reading};
    struct zem_resolution *resolution = &reading->scenario->resolution;
    axes_check(reading);
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        resolution->drawn[key] = is_drawn(reading->scenario, (enum zem_key)key);
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        if (!visit(&search, (enum zem_key)key))
            return;
    const zem_key_set idle = zem_keys_idle(reading->scenario->value);
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        resolution->by_trial =
            resolution->by_trial || (resolution->varying[key] && !zem_key_in(idle, (enum zem_key)key));
}

void zem_resolution_apply(const struct zem_scenario *scenario, struct zem_value value[ZEM_KEY_COUNT],
                          void (*draw)(void *context, enum zem_key key, struct zem_value *value), void *context)
{
    const struct zem_resolution *resolution = &scenario->resolution;
    struct zem_value source[ZEM_KEY_COUNT];
    if (resolution->count == 0)
        return;
    memcpy(source, value, sizeof source);
    for (size_t i = 0; i < resolution->count; i++) {
        const enum zem_key key = resolution->order[i];
        for (size_t k = 0; k < scenario->formula_count; k++) {
            const struct zem_formula *formula = &scenario->formula[k];
            double *part = formula->key == key ? zem_value_part(&value[key], formula->part) : NULL;
            if (part != NULL)
                *part = zem_formula_value(formula, value, source);
        }
        source[key] = value[key];
        if (draw != NULL && resolution->drawn[key])
            draw(context, key, &value[key]);
    }
}
