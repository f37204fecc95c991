/* Expressions that give a key, or a part of its distribution, the value of other keys: "=2*interceptor.autopilot_lag +
 * 0.1 s". A key has the value that it has in the cell, or that the trial draws; a part such as
 * interceptor.heading_error_y.sigma is named like the part of an axis. Units are checked when an expression is read.
 *
 *   expression = term {("+" | "-") term}
 *   term       = factor {("*" | "/") factor}
 *   factor     = number [unit] | section.name[.part] | "(" expression ")" | ("-" | "+") factor
 *
 * A unit stands behind its number and a blank, and is a name with its power, or several of them with slashes between
 * them: "0.1 m2/Hz". */
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

/* One step of the evaluation on a stack. */
struct zem_formula_step {
    enum zem_formula_operation operation;
    double number;      /* SI, of ZEM_FORMULA_NUMBER */
    enum zem_key key;   /* of ZEM_FORMULA_KEY */
    enum zem_part part; /* ZEM_PART_VALUE for the value itself */
};

/* Whether a text is meant as an expression: it begins with an equals sign. */
static inline bool zem_formula_begins(const struct zem_yaml_node *node)
{
    return node->kind == ZEM_YAML_SCALAR && !node->null && node->text[0] == '=';
}

/* Reads an expression for a part of a key and appends it to the scenario. Returns false after a mistake. */
bool zem_formula_read(struct zem_reading *reading, enum zem_key key, enum zem_part part, const char *path,
                      const struct zem_yaml_node *node);

/* The formula of a part of a key, or NULL. With ZEM_PARTS for the part: of any part. */
const struct zem_formula *zem_formula_find(const struct zem_scenario *scenario, enum zem_key key, enum zem_part part);

/* Evaluates a formula, SI. A key has the number that it has in `value`, the mean of a distribution; a part of a key is
 * taken from `source`, in which distributions stand that `value` may have drawn from. Both may be one array. */
double zem_formula_value(const struct zem_formula *formula, const struct zem_value value[ZEM_KEY_COUNT],
                         const struct zem_value source[ZEM_KEY_COUNT]);

void zem_formulas_free(struct zem_scenario *scenario);

#endif
