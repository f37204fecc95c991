/* Reads distributions. The names of the parts, such as mean and sigma, tell which distribution it is. Each part is then
 * read like the value of the key, with its unit. */
#include "scenario/distribution_reader.h"

#include "base/suggestion.h"
#include "scenario/distribution.h"
#include "scenario/formula.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char list_values[] = "values", list_weights[] = "weights";

/* The YAML nodes of the mapping that gives a distribution. part[i] is the node of part i, such as the mean or the
 * sigma, or NULL if the mapping does not have it. */
struct parts {
    const struct zem_yaml_node *part[ZEM_PARTS];
    const struct zem_yaml_node *values, *weights;
    size_t count; /* number of nodes in part[] */
};

const char *zem_distribution_form_write(enum zem_distribution distribution, char *text, size_t size)
{
    const struct zem_distribution_form *form = &zem_distribution_forms[distribution];
    size_t length = (size_t)snprintf(text, size, "{");
    if (distribution == ZEM_LIST)
        length += (size_t)snprintf(text + length, size - length, "%s: [ ], %s: [ ]", list_values, list_weights);
    for (size_t k = 0; k < form->part_count; k++)
        length +=
            (size_t)snprintf(text + length, size - length, "%s%s: ", k > 0 ? ", " : "", zem_part_names[form->part[k]]);
    snprintf(text + length, size - length, "}");
    return text;
}

const char *zem_distribution_forms_write(char *text, size_t size)
{
    char form[96];
    size_t length = 0;
    for (int i = ZEM_NORMAL; i <= ZEM_LIST; i++)
        length += (size_t)snprintf(text + length, size - length, "%s%s%s", i > ZEM_NORMAL ? ", " : "",
                                   i == ZEM_LIST ? "or " : "",
                                   zem_distribution_form_write((enum zem_distribution)i, form, sizeof form));
    return text;
}

static void unknown_part_report(struct zem_reading *reading, const char *path, const struct zem_yaml_node *child)
{
    const char *names[ZEM_PARTS + 1];
    char forms[320];
    size_t count = 0;
    for (int i = ZEM_PART_MEAN; i < ZEM_PARTS; i++)
        names[count++] = zem_part_names[i];
    names[count++] = list_values;
    names[count++] = list_weights;
    const char *near = zem_suggestion_nearest(child->key, names, count);
    zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, child->key_line, child->key_column, path,
                        "unknown part \"%.40s\"; a distribution is %s%s%s%s", child->key,
                        zem_distribution_forms_write(forms, sizeof forms), near != NULL ? "; did you mean \"" : "",
                        near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static bool parts_find(struct zem_reading *reading, const char *path, const struct zem_yaml_node *node,
                       struct parts *parts)
{
    bool good = true;
    *parts = (struct parts){.count = 0};
    for (const struct zem_yaml_node *child = node->first; child != NULL; child = child->next) {
        enum zem_part part = ZEM_PART_VALUE;
        if (strcmp(child->key, list_values) == 0)
            parts->values = child;
        else if (strcmp(child->key, list_weights) == 0)
            parts->weights = child;
        else if (zem_part_find(child->key, &part)) {
            parts->part[part] = child;
            parts->count++;
        } else {
            unknown_part_report(reading, path, child);
            good = false;
        }
    }
    return good;
}

/* Returns the distribution that has exactly these parts, or ZEM_CONSTANT if there is none. */
static enum zem_distribution form_find(const struct parts *parts)
{
    if (parts->values != NULL || parts->weights != NULL)
        return parts->values != NULL && parts->count == 0 ? ZEM_LIST : ZEM_CONSTANT;
    for (int i = ZEM_NORMAL; i < ZEM_LIST; i++) {
        const struct zem_distribution_form *form = &zem_distribution_forms[i];
        size_t found = 0;
        for (size_t k = 0; k < form->part_count; k++)
            found += parts->part[form->part[k]] != NULL;
        if (found == form->part_count && found == parts->count)
            return (enum zem_distribution)i;
    }
    return ZEM_CONSTANT;
}

/* Finds the first distribution that has all given parts and writes the parts that it lacks, as in "sigma is missing; ".
 * Writes "" if no distribution has all given parts. */
static const char *missing_write(const struct parts *parts, char *text, size_t size)
{
    text[0] = '\0';
    if (parts->values != NULL || parts->weights != NULL || parts->count == 0)
        return text;
    for (int i = ZEM_NORMAL; i < ZEM_LIST && text[0] == '\0'; i++) {
        const struct zem_distribution_form *form = &zem_distribution_forms[i];
        size_t found = 0, length = 0, missing = 0;
        for (size_t k = 0; k < form->part_count; k++)
            found += parts->part[form->part[k]] != NULL;
        if (found < parts->count)
            continue;
        for (size_t k = 0; k < form->part_count; k++)
            if (parts->part[form->part[k]] == NULL)
                length += (size_t)snprintf(text + length, size - length, "%s%s", missing++ > 0 ? " and " : "",
                                           zem_part_names[form->part[k]]);
        snprintf(text + length, size - length, "%s missing; ", missing > 1 ? " are" : " is");
    }
    return text;
}

/* Reads one part of a distribution: a number, stored in `value`, or an expression. The mean of a truncated normal
 * distribution may lie outside the range that the key allows. A geometric standard deviation has no unit. */
static bool part_read(struct zem_reading *reading, enum zem_key key, const char *path, enum zem_part part,
                      const struct zem_yaml_node *node, struct zem_value *value)
{
    struct zem_key_info info = zem_key_table[key];
    struct zem_measure measure;
    char part_path[112];
    snprintf(part_path, sizeof part_path, "%s.%s", path, zem_part_names[part]);
    if (zem_formula_begins(node))
        return zem_formula_read(reading, key, part, part_path, node);
    if (part == ZEM_PART_MEAN && value->distribution == ZEM_TRUNCATED_NORMAL)
        info.rule = ZEM_RULE_ANY;
    if (part == ZEM_PART_GEOMETRIC_SIGMA) {
        info.kind = ZEM_NUMBER;
        info.rule = ZEM_RULE_POSITIVE;
    }
    if (!zem_measure_read(reading, &info, part, part_path, node, &measure))
        return false;
    *zem_value_part(value, part) = measure.si;
    if (part != ZEM_PART_GEOMETRIC_SIGMA && strcmp(value->unit, "1") == 0)
        memcpy(value->unit, measure.unit_text, sizeof value->unit);
    return true;
}

/* Appends a list with room for `count` values to the scenario, which owns it. Returns NULL without memory. */
static struct zem_value_list *list_new(struct zem_reading *reading, size_t count)
{
    struct zem_scenario *scenario = reading->scenario;
    struct zem_value_list **all = realloc(scenario->list, (scenario->list_count + 1) * sizeof *scenario->list);
    if (all != NULL)
        scenario->list = all;
    struct zem_value_list *list = calloc(1, sizeof *list);
    double *numbers = calloc(3 * count, sizeof *numbers);
    if (all == NULL || list == NULL || numbers == NULL) {
        free(list);
        free(numbers);
        reading->out_of_memory = true;
        return NULL;
    }
    *list = (struct zem_value_list){count, numbers, numbers + count, numbers + 2 * count};
    scenario->list[scenario->list_count++] = list;
    return list;
}

static bool weights_read(struct zem_reading *reading, const char *path, const struct zem_yaml_node *node,
                         struct zem_value_list *list)
{
    static const struct zem_key_info info = {
        .section = "", .name = "weights", .kind = ZEM_NUMBER, .unit = "1", .rule = ZEM_RULE_NONNEGATIVE};
    struct zem_measure measure;
    bool good = true;
    size_t i = 0;
    if (node != NULL && (node->kind != ZEM_YAML_SEQUENCE || node->count != list->count)) {
        zem_reading_mistake(reading, node, path, "weights must be a list with a number for each of the %zu values",
                            list->count);
        return false;
    }
    for (i = 0; i < list->count; i++)
        list->weight[i] = 1.0;
    i = 0;
    for (const struct zem_yaml_node *item = node != NULL ? node->first : NULL; item != NULL; item = item->next, i++) {
        good = zem_measure_read(reading, &info, ZEM_PART_VALUE, path, item, &measure) && good;
        list->weight[i] = good ? measure.si : 0.0;
    }
    double sum = 0.0, below = 0.0;
    for (i = 0; i < list->count; i++)
        sum += list->weight[i];
    if (good && !(sum > 0.0)) {
        zem_reading_mistake(reading, node, path, "one of the weights must be greater than zero");
        return false;
    }
    for (i = 0; i < list->count; i++) {
        below += list->weight[i];
        list->cumulative[i] = below / sum;
    }
    return good;
}

static bool list_read(struct zem_reading *reading, enum zem_key key, const char *path, const struct parts *parts,
                      struct zem_value *value)
{
    struct zem_measure measure;
    bool good = true;
    size_t i = 0;
    if (parts->values->kind != ZEM_YAML_SEQUENCE || parts->values->count == 0
        || parts->values->count > ZEM_LIST_VALUES_MAX) {
        zem_reading_mistake(reading, parts->values, path, "values must be a list of 1 to %d values",
                            ZEM_LIST_VALUES_MAX);
        return false;
    }
    struct zem_value_list *list = list_new(reading, parts->values->count);
    if (list == NULL)
        return false;
    value->list = list;
    for (const struct zem_yaml_node *item = parts->values->first; item != NULL; item = item->next, i++) {
        if (zem_formula_begins(item)) {
            zem_reading_mistake(reading, item, path, "an expression cannot stand in a list of values");
            good = false;
            continue;
        }
        good = zem_measure_read(reading, &zem_key_table[key], ZEM_PART_VALUE, path, item, &measure) && good;
        if (good && i == 0)
            memcpy(value->unit, measure.unit_text, sizeof value->unit);
        list->value[i] = good ? measure.si : 0.0;
    }
    return weights_read(reading, path, parts->weights, list) && good;
}

/* Checks a distribution whose parts are all numbers. If a part is an expression, zem_scenario_check checks the
 * distribution in every cell. A normal distribution of a key that the kernels can draw (ZEM_VARIES) is not refused
 * here, because zem_scenario_check warns if its tail breaks the rule of the key. */
static bool soundness_demand(struct zem_reading *reading, enum zem_key key, const char *path,
                             const struct zem_yaml_node *node, const struct zem_value *value)
{
    char fault[240];
    const struct zem_key_info *info = &zem_key_table[key];
    if (zem_formula_find(reading->scenario, key, ZEM_PARTS) != NULL
        || (value->distribution == ZEM_NORMAL && (info->flags & ZEM_VARIES) != 0)
        || !zem_value_fault(info, value, fault, sizeof fault))
        return true;
    zem_reading_mistake(reading, node, path, "%s", fault);
    return false;
}

bool zem_distribution_read(struct zem_reading *reading, enum zem_key key, const char *path,
                           const struct zem_yaml_node *node, struct zem_value *value)
{
    struct parts parts;
    char forms[320], missing[96];
    bool good = parts_find(reading, path, node, &parts);
    value->distribution = form_find(&parts);
    if (value->distribution == ZEM_CONSTANT) {
        if (good)
            zem_reading_mistake(reading, node, path, "%sa distribution is %s",
                                missing_write(&parts, missing, sizeof missing),
                                zem_distribution_forms_write(forms, sizeof forms));
        return false;
    }
    if (value->distribution == ZEM_LIST)
        return list_read(reading, key, path, &parts, value) && good;
    const struct zem_distribution_form *form = &zem_distribution_forms[value->distribution];
    for (size_t i = 0; i < form->part_count; i++)
        good = part_read(reading, key, path, form->part[i], parts.part[form->part[i]], value) && good;
    return good && soundness_demand(reading, key, path, node, value);
}

void zem_lists_free(struct zem_scenario *scenario)
{
    for (size_t i = 0; i < scenario->list_count; i++) {
        free(scenario->list[i]->value);
        free(scenario->list[i]);
    }
    free(scenario->list);
}
