/* Reads one value of a scenario from a YAML node: a number in SI units, a word, a distribution or an expression. A
 * mistake becomes a message. The readers of keys, sweep and hit radii use it. Rules between several keys are checked
 * elsewhere (scenario_check.c). */
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
    bool bad[ZEM_KEY_COUNT]; /* bad[key]: a mistake in the key was reported; rules between keys then skip it */
    bool out_of_memory;
};

/* A number of a scenario, as it was read. */
struct zem_measure {
    double si;          /* in the SI unit of the key */
    double number;      /* as the user wrote it */
    uint64_t integer;   /* exact value of a ZEM_INTEGER */
    char unit_text[32]; /* the unit as the user wrote it, "1" if none */
    struct zem_unit unit;
};

/* A description of a hit radius in the form of a line of the table of keys, in which hit radii have no line because
 * they are a list. */
extern const struct zem_key_info zem_hit_radius_info;

/* Adds a mistake about a YAML node at its place in the file. `path` is the key that the message names, such as
 * "target.speed". If the node is a scalar, the message begins with its text in quotes. */
void zem_reading_mistake(struct zem_reading *reading, const struct zem_yaml_node *node, const char *path,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reads one number of a key, or of a part of its distribution, and checks the key's rule. Returns false after a
 * mistake. */
bool zem_measure_read(struct zem_reading *reading, const struct zem_key_info *info, enum zem_part part,
                      const char *path, const struct zem_yaml_node *node, struct zem_measure *measure);

/* Reads the value of a key: a word, a number, an expression, or a distribution if the key may vary. Returns false after
 * a mistake. */
bool zem_value_read(struct zem_reading *reading, enum zem_key key, const struct zem_yaml_node *node,
                    struct zem_value *value);

/* Writes "section.name" into path[size]. Returns `path`. */
const char *zem_key_path(enum zem_key key, char *path, size_t size);

/* Writes the key nearest to a misspelt one, as "section.name", into path[size]; "" if none is near. Keys of the same
 * section are preferred. Returns `path`. */
const char *zem_key_suggestion(const char *section, const char *name, char *path, size_t size);

#endif
