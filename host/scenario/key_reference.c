/* Implementation of key_reference.h. Everything comes from zem_key_table; only the keys that are no values of a cell
 * (title, hit radii, sweep) are written out here. */
#include "scenario/key_reference.h"

#include "scenario/scenario.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

static const char *rule_text(const struct zem_key_info *key, char *text, size_t size)
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

/* "length per second" is beyond a table: the unit in which the value is kept names the dimension. */
static void write_row(FILE *stream, const struct zem_key_info *key)
{
    char rule[64];
    const char *applies = key->flags & ZEM_LINEAR_ONLY       ? "linear"
                          : key->flags & ZEM_POINT_MASS_ONLY ? "point-mass"
                                                             : "both";
    fprintf(stream, "| `%s` | ", key->name);
    if (key->kind == ZEM_CHOICE) {
        for (const char *c = key->choices; *c != '\0'; c++)
            fputs(*c == '|' ? ", " : (char[]){*c, '\0'}, stream);
        fputs(" | ", stream);
    } else
        fprintf(stream, "%s | ",
                key->kind == ZEM_QUANTITY  ? key->unit
                : key->kind == ZEM_INTEGER ? "integer"
                                           : "number");
    fprintf(stream, "%s | %s | %s | %s%s | %s |\n", key->kind == ZEM_CHOICE ? "" : rule_text(key, rule, sizeof rule),
            key->default_text == NULL      ? "required"
            : key->default_text[0] == '\0' ? "absent"
                                           : key->default_text,
            applies, key->flags & ZEM_VARIES ? "varies, " : "", key->flags & ZEM_SWEEPS ? "sweeps" : "fixed",
            key->description);
}

int zem_key_reference_markdown(FILE *stream, struct zem_error *error)
{
    const char *section = "";
    fputs("# Scenario keys\n\nMade from the table of keys by `zem reference`; a test says when it is stale. Values of "
          "a dimensional key carry a unit of the\n"
          "same dimension in UDUNITS-2 spelling (`3 km/s`, `6 gravity`, `-35 degree`). *varies*: the value may be "
          "`{mean: , sigma: }` (normal) or\n"
          "`{from: , to: }` (uniform) per trial. *sweeps*: the key may be an axis. A key of the other kinematics is "
          "accepted and unused.\n\n"
          "Besides these a scenario has `zem: 1` (required), `title`, `description`, `references` (a list of texts), "
          "`scoring.hit_radius` (one length or a\n"
          "list of up to 32, required) and `sweep`, a list of up to six axes: `{parameter: section.key, from: , to: , "
          "points: , spacing: linear or log}` or\n"
          "`{parameter: section.key, values: [ ]}`; the first axis is the slowest.\n",
          stream);
    for (size_t k = 0; k < ZEM_KEY_COUNT; k++) {
        const struct zem_key_info *key = &zem_key_table[k];
        if (strcmp(section, key->section) != 0)
            fprintf(stream,
                    "\n## %s\n\n| key | value | rule | default | kinematics | per trial, axis | meaning "
                    "|\n|---|---|---|---|---|---|---|\n",
                    key->section);
        section = key->section;
        write_row(stream, key);
    }
    return fflush(stream) == 0 && !ferror(stream)
               ? ZEM_OK
               : zem_error_set(error, ZEM_INPUT_OUTPUT, "cannot write the reference");
}

static json_t *choice_schema(const struct zem_key_info *key)
{
    json_t *words = json_array();
    for (const char *word = key->choices; *word != '\0';) {
        const size_t length = strcspn(word, "|");
        json_array_append_new(words, json_stringn(word, length));
        word += length + (word[length] == '|');
    }
    return json_pack("{s:o}", "enum", words);
}

static json_t *scalar_schema(const struct zem_key_info *key)
{
    if (key->kind == ZEM_CHOICE)
        return choice_schema(key);
    if (key->kind == ZEM_INTEGER)
        return json_pack("{s:s, s:I}", "type", "integer", "minimum", (json_int_t)key->low);
    if (key->kind == ZEM_NUMBER)
        return json_pack("{s:s}", "type", "number");
    return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[-+]?[0-9.]+([eE][-+]?[0-9]+)? +\\S+");
}

/* The schema of one key: its scalar, or one of the two distributions where it may vary per trial. */
static json_t *key_schema(const struct zem_key_info *key)
{
    json_t *schema = scalar_schema(key);
    if (key->flags & ZEM_VARIES) {
        json_t *normal = json_pack("{s:s, s:{s:O, s:O}, s:[s,s], s:b}", "type", "object", "properties", "mean", schema,
                                   "sigma", schema, "required", "mean", "sigma", "additionalProperties", 0);
        json_t *uniform = json_pack("{s:s, s:{s:O, s:O}, s:[s,s], s:b}", "type", "object", "properties", "from", schema,
                                    "to", schema, "required", "from", "to", "additionalProperties", 0);
        schema = json_pack("{s:[o,o,o]}", "anyOf", schema, normal, uniform);
    }
    json_object_set_new(schema, "description", json_string(key->description));
    return schema;
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
    json_t *axis = json_pack("{s:s, s:{s:{s:s}, s:{}, s:{}, s:{s:s, s:i}, s:{s:[s,s]}, s:{s:s, s:i}}, s:[s], s:b}",
                             "type", "object", "properties", "parameter", "type", "string", "from", "to", "points",
                             "type", "integer", "minimum", 1, "spacing", "enum", "linear", "log", "values", "type",
                             "array", "minItems", 1, "required", "parameter", "additionalProperties", 0);
    int status = ZEM_OK;
    json_object_set_new(json_object_get(json_object_get(sections, "scoring"), "properties"), "hit_radius", radius);
    json_object_set_new(sections, "zem", json_pack("{s:i}", "const", 1));
    json_object_set_new(sections, "title", json_pack("{s:s}", "type", "string"));
    json_object_set_new(sections, "description", json_pack("{s:s}", "type", "string"));
    json_object_set_new(sections, "references",
                        json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string"));
    json_object_set_new(sections, "sweep",
                        json_pack("{s:s, s:o, s:i}", "type", "array", "items", axis, "maxItems", ZEM_AXES_MAX));
    json_t *schema =
        json_pack("{s:s, s:s, s:s, s:o, s:[s,s,s,s], s:b}", "$schema", "https://json-schema.org/draft/2020-12/schema",
                  "title", "zem scenario", "type", "object", "properties", sections, "required", "zem", "engagement",
                  "scoring", "run", "additionalProperties", 0);
    if (schema == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the schema");
    if (json_dumpf(schema, stream, JSON_INDENT(2)) != 0 || fputc('\n', stream) == EOF || fflush(stream) != 0)
        status = zem_error_set(error, ZEM_INPUT_OUTPUT, "cannot write the schema");
    json_decref(schema);
    return status;
}
