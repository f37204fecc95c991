/* JSON values for texts in an unknown encoding and for numbers that may not be finite, neither of which JSON can hold.
 * Every command that has --json uses them but `zem verify`, which prints its JSON itself. */
#ifndef ZEM_JSON_TEXT_H
#define ZEM_JSON_TEXT_H

#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* A JSON string, or JSON null for NULL. If the text is not UTF-8, '?' replaces each byte outside ASCII. Returns NULL
 * without memory. The caller owns the reference. */
json_t *zem_json_text(const char *text);

/* A JSON number, or JSON null for NaN and infinity. Returns NULL without memory. */
json_t *zem_json_number(double number);

/* Notes from now on whether jansson lacks memory for a value. Called once, before any JSON is made: many functions of
 * jansson then leave the value out, or print a part of it, without a failure. */
void zem_json_watch_memory(void);

/* Returns whether memory was lacking for a JSON value since zem_json_watch_memory. */
bool zem_json_lacked_memory(void);

/* Prints a JSON object and a newline, with the flags of json_dumpf, and releases the object. Returns 0; ZEM_INTERNAL if
 * the object is NULL or memory was lacking for a part of it; ZEM_INPUT_OUTPUT if it cannot be written. */
int zem_json_print(json_t *object, size_t flags, FILE *out, struct zem_error *error);

#endif
