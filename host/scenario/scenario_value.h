/* Reads one value of a scenario: from a YAML node to a number in SI units, or to a message that says what is wrong. The
 * readers of keys, sweep and hit radii share it. It uses only the key's own line of the table. */
#ifndef ZEM_SCENARIO_VALUE_H
#define ZEM_SCENARIO_VALUE_H

#include "scenario/scenario.h"
#include "scenario/unit.h"
#include "scenario/yaml_document.h"

/* The state that the parts of the reader share while they read one scenario. */
struct zem_reading {
    struct zem_scenario *scenario;
    struct zem_diagnostics *diagnostics;
    struct zem_units *units;
    struct zem_yaml_arena *arena;
    bool bad[ZEM_KEY_COUNT]; /* a mistake was reported; rules between keys skip the key */
    bool out_of_memory;
};

/* A number that has been read. */
struct zem_measure {
    double si;          /* in the unit of the key */
    double number;      /* as the user wrote it */
    uint64_t integer;   /* exact value of a ZEM_INTEGER */
    char unit_text[32]; /* as the user wrote it, "1" if none */
    struct zem_unit unit;
};

/* The line that hit radii would have in the table of keys if they were one number. */
extern const struct zem_key_info zem_hit_radius_info;

/* Adds a mistake about a node. The message begins with the node's text in quotes if it has one. */
void zem_reading_mistake(struct zem_reading *reading, const struct zem_yaml_node *node, const char *path,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reads one number of a key, or of a part of its distribution, and checks the key's rule. Returns false after a
 * mistake. */
bool zem_measure_read(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                      const char *path, const struct zem_yaml_node *node, struct zem_measure *measure);

/* Reads the value of a key: a word, a number, or a distribution if the key may vary. Returns false after a mistake. */
bool zem_value_read(struct zem_reading *reading, enum zem_key key, const struct zem_yaml_node *node,
                    struct zem_value *value);

/* Writes "section.name" into path[size]. Returns path. */
const char *zem_key_path(enum zem_key key, char *path, size_t size);

/* Writes the key nearest to a misspelt one, as "section.name", into path[size]; "" if none is near. Keys of the same
 * section are preferred. Returns path. */
const char *zem_key_suggestion(const char *section, const char *name, char *path, size_t size);

#endif
