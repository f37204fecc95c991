/* The reference of the scenario keys, generated from the table of keys: Markdown for people (models/KEYS.md) and a JSON
 * schema with which editors complete and check scenarios (models/scenario.schema.json). A test fails when either file
 * is out of date. */
#ifndef ZEM_KEY_REFERENCE_H
#define ZEM_KEY_REFERENCE_H

#include "base/error.h"
#include "scenario/scenario.h"

#include <stdio.h>

/* Returns the rule for the value of a key, such as "above 0". A rule with bounds is written to text[size]; other rules
 * are static texts. */
const char *zem_key_rule_text(const struct zem_key_info *key, char *text, size_t size);

/* Returns the word of the kinematics that uses a key, "linear" or "point-mass", or "both". */
const char *zem_key_kinematics_text(enum zem_key key);

/* Writes the reference as Markdown. Returns 0 or ZEM_INPUT_OUTPUT. */
int zem_key_reference_markdown(FILE *stream, struct zem_error *error);

/* Writes the JSON schema (draft 2020-12) of a scenario. Returns 0, ZEM_INTERNAL without memory, or ZEM_INPUT_OUTPUT. */
int zem_key_reference_schema(FILE *stream, struct zem_error *error);

#endif
