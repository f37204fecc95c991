/* Applies the overrides of --set and of similar options. Each is put into the YAML tree of the file before values are
 * read, so that the same rules and messages apply as to a line of the file. */
#include "scenario/scenario_parts.h"

#include <stdio.h>
#include <string.h>

enum { PATH_PARTS_MAX = 3, PATH_MAX_LENGTH = 120 };

static void form_mistake(struct zem_reading *reading, int number, const char *text, const char *rule)
{
    zem_diagnostics_add(reading->diagnostics, ZEM_MISTAKE, 0, number, "", "\"%.60s\": %s", text, rule);
}

/* Splits a path at its dots, in place. Returns the number of parts, or 0 if a part is empty or there are too many. */
static size_t path_cut(char *path, const char *part[PATH_PARTS_MAX])
{
    size_t count = 0;
    for (char *at = path; at != NULL;) {
        char *end = strchr(at, '.');
        if (end != NULL)
            *end = '\0';
        if (*at == '\0' || count == PATH_PARTS_MAX)
            return 0;
        part[count++] = at;
        at = end != NULL ? end + 1 : NULL;
    }
    return count;
}

/* Returns the mapping under `key`. It is created if it is absent or empty. Returns NULL if `key` has another kind of
 * value, or without memory. `number` is the number of the override. */
static struct zem_yaml_node *mapping_enter(struct zem_reading *reading, struct zem_yaml_node *parent, const char *key,
                                           int number)
{
    struct zem_yaml_node *node = zem_yaml_child(parent, key);
    if (node != NULL && (node->kind == ZEM_YAML_MAPPING || !node->null))
        return node->kind == ZEM_YAML_MAPPING ? node : NULL;
    node = zem_yaml_mapping(reading->arena);
    if (node == NULL || (node->column = number, !zem_yaml_put(reading->arena, parent, key, node))) {
        reading->out_of_memory = true;
        return NULL;
    }
    return node;
}

/* Sets one part of a distribution, as in "target.acceleration.sigma=1 gravity". If the key is a constant, or absent
 * with a default, a sigma makes that value the mean of a normal distribution, and a mean replaces that value. */
static void part_put(struct zem_reading *reading, struct zem_yaml_node *section, const char *const part[PATH_PARTS_MAX],
                     struct zem_yaml_node *value, int number)
{
    char path[PATH_MAX_LENGTH];
    snprintf(path, sizeof path, "%s.%s", part[0], part[1]);
    enum zem_key key = zem_key_find(path, strlen(path));
    struct zem_yaml_node *old = zem_yaml_child(section, part[1]);
    if (old != NULL && old->kind == ZEM_YAML_MAPPING) {
        reading->out_of_memory |= !zem_yaml_put(reading->arena, old, part[2], value);
        return;
    }
    struct zem_yaml_node *mean = old != NULL && old->kind == ZEM_YAML_SCALAR && !old->null ? old : NULL;
    if (mean == NULL && key != ZEM_KEY_COUNT && zem_key_table[key].default_text != NULL
        && zem_key_table[key].default_text[0] != '\0') {
        mean = zem_yaml_scalar(reading->arena, zem_key_table[key].default_text);
        if (mean != NULL)
            mean->column = number;
    }
    if (mean != NULL && strcmp(part[2], "mean") == 0) {
        reading->out_of_memory |= !zem_yaml_put(reading->arena, section, part[1], value);
        return;
    }
    struct zem_yaml_node *distribution = zem_yaml_mapping(reading->arena);
    bool put = distribution != NULL;
    if (put) {
        distribution->column = number;
        put = zem_yaml_put(reading->arena, section, part[1], distribution);
        if (put && mean != NULL && strcmp(part[2], "sigma") == 0)
            put = zem_yaml_put(reading->arena, distribution, "mean", mean);
        put = put && zem_yaml_put(reading->arena, distribution, part[2], value);
    }
    reading->out_of_memory |= !put;
}

void zem_override_apply(struct zem_reading *reading, struct zem_yaml_node *root, const char *text, int number,
                        struct zem_error *error)
{
    char path[PATH_MAX_LENGTH];
    const char *part[PATH_PARTS_MAX], *equals = strchr(text, '=');
    const bool cut = equals != NULL && (size_t)(equals - text) >= sizeof path;
    if (equals == NULL || equals == text || cut) {
        form_mistake(reading, number, text,
                     cut ? "no key is so long; `zem reference` lists the keys"
                         : "key=value is needed, such as run.trials=1000");
        return;
    }
    memcpy(path, text, (size_t)(equals - text));
    path[equals - text] = '\0';
    size_t parts = path_cut(path, part);
    if (parts == 0) {
        form_mistake(reading, number, text,
                     "a key is section.name or section.name.part, such as target.acceleration.sigma");
        return;
    }
    if (strcmp(part[0], "sweep") == 0 && parts > 1) {
        form_mistake(reading, number, text, "an override replaces the whole sweep, such as sweep=[]");
        return;
    }
    struct zem_yaml_node *value = NULL;
    int status =
        zem_yaml_parse(reading->arena, equals + 1, strlen(equals + 1), number, &value, reading->diagnostics, error);
    if (status != 0)
        return;
    if (value == NULL) {
        form_mistake(reading, number, text, "the value is missing after the equals sign");
        return;
    }
    struct zem_yaml_node *section = parts > 1 ? mapping_enter(reading, root, part[0], number) : root;
    if (section == NULL)
        return; /* the reader reports a section that is no mapping */
    if (parts == 3)
        part_put(reading, section, part, value, number);
    else
        reading->out_of_memory |= !zem_yaml_put(reading->arena, section, part[parts - 1], value);
}

void zem_override_warn_swept(struct zem_reading *reading)
{
    const struct zem_scenario *scenario = reading->scenario;
    for (size_t i = 0; i < scenario->override_count; i++)
        for (size_t k = 0; k < scenario->axis_count; k++) {
            const char *text = scenario->overrides[i], *parameter = scenario->axis[k].parameter;
            if (strncmp(text, parameter, strlen(parameter)) == 0 && text[strlen(parameter)] == '=')
                zem_diagnostics_add(reading->diagnostics, ZEM_WARNING, 0, (int)i + 1, parameter,
                                    "has no effect: the scenario sweeps this key; sweep=[] removes all axes");
        }
}
