/* Writes the key reference and the JSON schema from zem_key_table and the tables of choices. The keys that are in no
 * table (title, description, references, hit radii, correlations and sweep) are described in this file. */
#include "scenario/key_reference.h"

#include "base/json_text.h"
#include "scenario/correlation.h"
#include "scenario/distribution.h"
#include "scenario/distribution_reader.h"
#include "scenario/scenario.h"

#include <inttypes.h>
#include <string.h>

const char *zem_key_rule_text(const struct zem_key_info *key, char *text, size_t size)
{
    switch (key->rule) {
    case ZEM_RULE_POSITIVE:
        return "above 0";
    case ZEM_RULE_NONNEGATIVE:
        return "0 or above";
    case ZEM_RULE_FRACTION:
        return "between 0 and 1";
    case ZEM_RULE_RANGE:
        snprintf(text, size, "%" PRIu64 " to %" PRIu64, key->low, key->high);
        return text;
    default:
        return "any";
    }
}

const char *zem_key_kinematics_text(enum zem_key key)
{
    const struct zem_choice *choice = &zem_kinematics_choice;
    for (unsigned i = 0; zem_key_in(choice->keys, key) && i < choice->count; i++)
        if (zem_key_in(choice->row[i].keys, key))
            return choice->row[i].word;
    return "both";
}

/* Writes the row of a key. Its dimension is shown by the unit in which the value is stored, because a name such as
 * "length per second" would be too long for a table. */
static void write_row(FILE *stream, enum zem_key index)
{
    const struct zem_key_info *key = &zem_key_table[index];
    char rule[64], words[160];
    fprintf(stream, "| `%s` | %s | ", key->name,
            key->kind == ZEM_CHOICE     ? zem_choice_words(key->choice, ", ", words, sizeof words)
            : key->kind == ZEM_QUANTITY ? key->unit
            : key->kind == ZEM_INTEGER  ? "integer"
                                        : "number");
    fprintf(stream, "%s | %s | %s | %s%s | %s |\n",
            key->kind == ZEM_CHOICE ? "" : zem_key_rule_text(key, rule, sizeof rule),
            key->default_text == NULL      ? "required"
            : key->default_text[0] == '\0' ? "absent"
                                           : key->default_text,
            zem_key_kinematics_text(index),
            key->flags & ZEM_VARIES  ? "varies, "
            : zem_key_disperses(key) ? "disperses, "
                                     : "",
            key->flags & ZEM_SWEEPS ? "sweeps" : "fixed", key->description);
}

/* Writes the words of a choice with their meanings, and the keys that have no effect with each word. */
static void write_words(FILE *stream, enum zem_key index)
{
    const struct zem_choice *choice = zem_key_table[index].choice;
    const bool keys = choice->keys != 0;
    fprintf(stream, "\n| `%s` | meaning |%s\n|---|---|%s\n", zem_key_table[index].name,
            keys ? " keys without effect |" : "", keys ? "---|" : "");
    for (unsigned i = 0; i < choice->count; i++) {
        const char *before = "";
        fprintf(stream, "| `%s` | %s |%s", choice->row[i].word, choice->row[i].meaning, keys ? " " : "");
        for (int key = 0; key < ZEM_KEY_COUNT; key++)
            if (zem_key_in(choice->keys & ~choice->row[i].keys, (enum zem_key)key)) {
                fprintf(stream, "%s`%s.%s`", before, zem_key_table[key].section, zem_key_table[key].name);
                before = ", ";
            }
        fputs(keys ? " |\n" : "\n", stream);
    }
}

/* Writes the keys of one section from `first` on and the words of its choices. Returns the first key of the next
 * section. */
static int write_section(FILE *stream, int first)
{
    int end = first;
    fprintf(stream,
            "\n## %s\n\n| key | value | rule | default | kinematics | per trial, axis | meaning "
            "|\n|---|---|---|---|---|---|---|\n",
            zem_key_table[first].section);
    for (; end < ZEM_KEY_COUNT && strcmp(zem_key_table[end].section, zem_key_table[first].section) == 0; end++)
        write_row(stream, (enum zem_key)end);
    for (int key = first; key < end; key++)
        if (zem_key_table[key].kind == ZEM_CHOICE)
            write_words(stream, (enum zem_key)key);
    return end;
}

int zem_key_reference_markdown(FILE *stream, struct zem_error *error)
{
    char spacings[64], form[96];
    fputs("# Scenario keys\n\n"
          "Made from the table of keys by `zem reference`; a test says when it is stale. Values of a dimensional key "
          "carry a\n"
          "unit of the same dimension in UDUNITS-2 spelling (`3 km/s`, `6 gravity`, `-35 degree`). *varies* and "
          "*disperses*:\n"
          "the value may be drawn for each trial, from one of these distributions.\n\n"
          "| distribution | parts |\n|---|---|\n",
          stream);
    for (int i = ZEM_NORMAL; i < ZEM_DISTRIBUTIONS; i++)
        fprintf(stream, "| %s | `%s` |\n", zem_distribution_forms[i].word,
                zem_distribution_form_write((enum zem_distribution)i, form, sizeof form));
    fputs(
        "\nA distribution whose values may break the rule of the key is refused. Keys that *vary* are drawn by the "
        "device if\n"
        "they are normal or uniform; every other draw is made by the host and gives each trial parameters of its own, "
        "which\n"
        "[costs time](README.md#dispersion).\n\n"
        "An expression such as `=2*interceptor.autopilot_lag + 0.1 s` may stand for a number of `engagement`, "
        "`target`,\n"
        "`interceptor` and `seeker`, for `salvo.spacing`, `run.step` and `run.step_ratio`, and for a part of a\n"
        "distribution. It has numbers with units, keys, `+ - * /` and parentheses, and follows sweeps and draws.\n\n"
        "*sweeps*: the key may be an axis, and so may a part of its distribution (`target.speed.sigma`). A key of the\n"
        "other kinematics is accepted and unused.\n\n"
        "Besides these a scenario has `zem: 1` (required), `title`, `description`, `references` (a list of texts),\n"
        "`scoring.hit_radius` (one length or a list of up to 32, required), `correlations`, a list of groups\n"
        "`{keys: [section.key, ...], matrix: [[1, 0.5], [0.5, 1]]}` or, of two keys, `{keys: [ ], coefficient: 0.5}`, "
        "and\n"
        "`sweep`, a list of up to six axes: `{parameter: section.key, from: , to: , points: , spacing: ",
        stream);
    fprintf(stream, "%s}` or\n`{parameter: section.key, values: [ ]}`; the first axis is the slowest.\n",
            zem_choice_words(&zem_axis_spacing_choice, " or ", spacings, sizeof spacings));
    for (int key = 0; key < ZEM_KEY_COUNT;)
        key = write_section(stream, key);
    return fflush(stream) == 0 && !ferror(stream)
               ? ZEM_OK
               : zem_error_set(error, ZEM_INPUT_OUTPUT, "cannot write the reference");
}

static json_t *choice_schema(const struct zem_choice *choice)
{
    json_t *words = json_array();
    for (unsigned i = 0; i < choice->count; i++)
        json_array_append_new(words, json_string(choice->row[i].word));
    return json_pack("{s:o}", "enum", words);
}

static json_t *scalar_schema(const struct zem_key_info *key)
{
    if (key->kind == ZEM_CHOICE)
        return choice_schema(key->choice);
    if (key->kind == ZEM_INTEGER)
        return json_pack("{s:s, s:I}", "type", "integer", "minimum", (json_int_t)key->low);
    if (key->kind == ZEM_NUMBER)
        return json_pack("{s:s}", "type", "number");
    return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[-+]?[0-9.]+([eE][-+]?[0-9]+)? +\\S+");
}

/* Returns a reference to a definition, such as #/$defs/quantity. */
static json_t *reference_schema(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "#/$defs/%s", name);
    return json_pack("{s:s}", "$ref", path);
}

/* Returns the schema of a distribution as a mapping, all of whose parts are required. `scalar` names the definition of
 * a part's value. */
static json_t *form_schema(const struct zem_distribution_form *form, const char *scalar)
{
    json_t *parts = json_object(), *names = json_array();
    for (size_t i = 0; i < form->part_count; i++) {
        const char *name = zem_part_names[form->part[i]];
        json_object_set_new(parts, name,
                            reference_schema(form->part[i] == ZEM_PART_GEOMETRIC_SIGMA ? "number" : scalar));
        json_array_append_new(names, json_string(name));
    }
    return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", parts, "required", names,
                     "additionalProperties", 0);
}

static json_t *list_schema(const char *scalar)
{
    json_t *values = json_pack("{s:s, s:o, s:i, s:i}", "type", "array", "items", reference_schema(scalar), "minItems",
                               1, "maxItems", ZEM_LIST_VALUES_MAX);
    json_t *weights = json_pack("{s:s, s:{s:s, s:i}}", "type", "array", "items", "type", "number", "minimum", 0);
    return json_pack("{s:s, s:{s:o, s:o}, s:[s], s:b}", "type", "object", "properties", "values", values, "weights",
                     weights, "required", "values", "additionalProperties", 0);
}

/* Returns the definitions that keys share: "quantity", a number with its unit; "number", one without; and both with the
 * ending "_per_trial", which also allow distributions. */
static json_t *definitions_schema(void)
{
    static const struct zem_key_info kinds[] = {{.kind = ZEM_QUANTITY}, {.kind = ZEM_NUMBER}};
    static const char *const names[][2] = {{"quantity", "quantity_per_trial"}, {"number", "number_per_trial"}};
    json_t *definitions = json_object();
    for (int k = 0; k < 2; k++) {
        json_t *any = json_pack("[o]", reference_schema(names[k][0]));
        for (int i = ZEM_NORMAL; i < ZEM_DISTRIBUTIONS; i++)
            json_array_append_new(any, i == ZEM_LIST ? list_schema(names[k][0])
                                                     : form_schema(&zem_distribution_forms[i], names[k][0]));
        json_object_set_new(
            definitions, names[k][0],
            json_pack("{s:[o,{s:s, s:s}]}", "anyOf", scalar_schema(&kinds[k]), "type", "string", "pattern", "^="));
        json_object_set_new(definitions, names[k][1], json_pack("{s:o}", "anyOf", any));
    }
    return definitions;
}

/* Returns the schema of one key: a scalar, an expression, or one of the distributions. */
static json_t *key_schema(const struct zem_key_info *key)
{
    const char *name = key->kind == ZEM_QUANTITY ? "quantity" : "number";
    json_t *schema = zem_key_disperses(key)
                         ? reference_schema(key->kind == ZEM_QUANTITY ? "quantity_per_trial" : "number_per_trial")
                     : zem_key_takes_formula(key) ? reference_schema(name)
                                                  : scalar_schema(key);
    json_object_set_new(schema, "description", json_string(key->description));
    return schema;
}

static json_t *correlations_schema(void)
{
    json_t *rows =
        json_pack("{s:s, s:{s:s, s:{s:s}}}", "type", "array", "items", "type", "array", "items", "type", "number");
    json_t *keys = json_pack("{s:s, s:{s:s}, s:i, s:i}", "type", "array", "items", "type", "string", "minItems", 2,
                             "maxItems", ZEM_CORRELATED_KEYS_MAX);
    json_t *group = json_pack("{s:s, s:{s:o, s:o, s:{s:s, s:i, s:i}}, s:[s], s:b}", "type", "object", "properties",
                              "keys", keys, "matrix", rows, "coefficient", "type", "number", "minimum", -1, "maximum",
                              1, "required", "keys", "additionalProperties", 0);
    return json_pack("{s:s, s:o}", "type", "array", "items", group);
}

static json_t *sections_schema(void)
{
    json_t *sections = json_object();
    for (size_t k = 0; k < ZEM_KEY_COUNT; k++) {
        const struct zem_key_info *key = &zem_key_table[k];
        json_t *section = json_object_get(sections, key->section);
        if (section == NULL) {
            section = json_pack("{s:s, s:{}, s:b}", "type", "object", "properties", "additionalProperties", 0);
            json_object_set_new(sections, key->section, section);
        }
        json_object_set_new(json_object_get(section, "properties"), key->name, key_schema(key));
    }
    return sections;
}

int zem_key_reference_schema(FILE *stream, struct zem_error *error)
{
    static const char length[] = "^[-+]?[0-9.]+([eE][-+]?[0-9]+)? +\\S+";
    json_t *sections = sections_schema();
    json_t *radius = json_pack("{s:[{s:s, s:s}, {s:s, s:{s:s, s:s}, s:i, s:i}]}", "anyOf", "type", "string", "pattern",
                               length, "type", "array", "items", "type", "string", "pattern", length, "minItems", 1,
                               "maxItems", ZEM_RADII_MAX);
    json_t *axis = json_pack("{s:s, s:{s:{s:s}, s:{}, s:{}, s:{s:s, s:i}, s:o, s:{s:s, s:i}}, s:[s], s:b}", "type",
                             "object", "properties", "parameter", "type", "string", "from", "to", "points", "type",
                             "integer", "minimum", 1, "spacing", choice_schema(&zem_axis_spacing_choice), "values",
                             "type", "array", "minItems", 1, "required", "parameter", "additionalProperties", 0);
    json_object_set_new(json_object_get(json_object_get(sections, "scoring"), "properties"), "hit_radius", radius);
    json_object_set_new(sections, "zem", json_pack("{s:i}", "const", 1));
    json_object_set_new(sections, "title", json_pack("{s:s}", "type", "string"));
    json_object_set_new(sections, "description", json_pack("{s:s}", "type", "string"));
    json_object_set_new(sections, "references",
                        json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string"));
    json_object_set_new(sections, "correlations", correlations_schema());
    json_object_set_new(sections, "sweep",
                        json_pack("{s:s, s:o, s:i}", "type", "array", "items", axis, "maxItems", ZEM_AXES_MAX));
    json_t *schema = json_pack("{s:s, s:s, s:s, s:o, s:o, s:[s,s,s,s], s:b}", "$schema",
                               "https://json-schema.org/draft/2020-12/schema", "title", "zem scenario", "type",
                               "object", "$defs", definitions_schema(), "properties", sections, "required", "zem",
                               "engagement", "scoring", "run", "additionalProperties", 0);
    return zem_json_print(schema, JSON_INDENT(2), stream, error);
}
