/* One value of a scenario: from a YAML node to a number in SI units, with the sentence that says what is wrong with it.
 * Shared by the parts of the scenario reader (keys, sweep, hit radii); knows a key's line of the table, not its
 * neighbours. */
#ifndef ZEM_SCENARIO_VALUE_H
#define ZEM_SCENARIO_VALUE_H

#include "scenario/scenario.h"
#include "scenario/unit.h"
#include "scenario/yaml_document.h"

/* What the parts of the reader share while one scenario is read. */
struct zem_reading {
    struct zem_scenario *scenario;
    struct zem_diagnostics *diagnostics;
    struct zem_units *units;
    struct zem_yaml_arena *arena;
    bool bad[ZEM_KEY_COUNT]; /* a mistake was reported: leave this key out of rules between keys */
    bool out_of_memory;
};

/* One number as read. */
struct zem_measure {
    double si;          /* value in the unit of the key */
    double number;      /* as written */
    uint64_t integer;   /* ZEM_INTEGER only */
    char unit_text[32]; /* as written, "1" if there is none */
    struct zem_unit unit;
};

/* The line of the table that hit radii would have if they were one number. */
extern const struct zem_key_info zem_hit_radius_info;

/* Adds a mistake about a node: "\"text\": message" if it has a text. */
void zem_reading_mistake(struct zem_reading *reading, const struct zem_yaml_node *node, const char *path,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reads one number for a key (or a part of its distribution) and checks the key's rule. False after a mistake. */
bool zem_measure_read(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                      const char *path, const struct zem_yaml_node *node, struct zem_measure *measure);

/* Reads the value of a key: a word, a number, or for keys that vary {mean, sigma} or {from, to}. False after a mistake.
 */
bool zem_value_read(struct zem_reading *reading, enum zem_key key, const struct zem_yaml_node *node,
                    struct zem_value *value);

/* "section.name" into `path`. Returns path. */
const char *zem_key_path(enum zem_key key, char *path, size_t size);

/* The nearest key to a misspelt path, "section.name", or "" if none is near. A key of the same section is preferred. */
const char *zem_key_suggestion(const char *section, const char *name, char *path, size_t size);

#endif
