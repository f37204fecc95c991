/* Expressions from which a key, or a part of its distribution, gets its value: "=2*interceptor.autopilot_lag + 0.1 s".
 * A key in an expression stands for its value in the cell, or for the value that the trial has drawn. A part of a
 * distribution, such as the sigma, is written as section.name.part: interceptor.heading_error_y.sigma. Units are
 * checked when an expression is read.
 *
 *   expression = term {("+" | "-") term}
 *   term       = factor {("*" | "/") factor}
 *   factor     = number [unit] | section.name[.part] | "(" expression ")" | ("-" | "+") factor
 *
 * A unit follows its number after a blank. It is a name with its power, or several of them with slashes between them:
 * "0.1 m2/Hz". */
#ifndef ZEM_FORMULA_H
#define ZEM_FORMULA_H

#include "scenario/scenario_value.h"

enum zem_formula_operation {
    ZEM_FORMULA_NUMBER,
    ZEM_FORMULA_KEY,
    ZEM_FORMULA_ADD,
    ZEM_FORMULA_SUBTRACT,
    ZEM_FORMULA_MULTIPLY,
    ZEM_FORMULA_DIVIDE,
    ZEM_FORMULA_NEGATE
};

/* One step of the evaluation on a stack: it pushes a number or a key, or replaces the numbers on top by a result. */
struct zem_formula_step {
    enum zem_formula_operation operation;
    double number;      /* ZEM_FORMULA_NUMBER: the number in SI units */
    enum zem_key key;   /* ZEM_FORMULA_KEY: the key */
    enum zem_part part; /* ZEM_FORMULA_KEY: a part of the key; ZEM_PART_VALUE for its value */
};

/* Whether a node is an expression: its text begins with an equals sign. */
static inline bool zem_formula_begins(const struct zem_yaml_node *node)
{
    return node->kind == ZEM_YAML_SCALAR && !node->null && node->text[0] == '=';
}

/* Reads an expression for a part of a key, such as its value or its sigma, and appends it to the scenario. `path` names
 * the part in messages. Returns false after a mistake. */
bool zem_formula_read(struct zem_reading *reading, enum zem_key key, enum zem_part part, const char *path,
                      const struct zem_yaml_node *node);

/* Returns the formula of a part of a key, or NULL if there is none. If `part` is ZEM_PARTS, it returns the first
 * formula of any part of the key. */
const struct zem_formula *zem_formula_find(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part);

/* Evaluates a formula in SI units. A key in it stands for its number in `value`, or for the mean if it has a
 * distribution there. A part of a key, such as its sigma, is taken from `source`. This array holds the distributions
 * also of the keys that are already drawn numbers in `value`. Both may be the same array. NaN if a key or a part is
 * absent. */
double zem_formula_value(const struct zem_formula *formula, const struct zem_value value[ZEM_KEY_COUNT],
                         const struct zem_value source[ZEM_KEY_COUNT]);

void zem_formulas_free(struct zem_scenario *scenario);

#endif
