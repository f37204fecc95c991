/* JSON values for texts in an unknown encoding and for numbers that may not be finite, neither of which JSON can hold.
 * Every command that has --json uses them. */
#ifndef ZEM_JSON_TEXT_H
#define ZEM_JSON_TEXT_H

#include <jansson.h>

/* A JSON string, or JSON null for NULL. If the text is not UTF-8, '?' replaces each byte outside ASCII. Returns NULL
 * without memory. The caller owns the reference. */
json_t *zem_json_text(const char *text);

/* A JSON number, or JSON null for NaN and infinity. Returns NULL without memory. */
json_t *zem_json_number(double number);

#endif
