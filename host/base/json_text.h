/* JSON values for what JSON cannot hold as it is: texts in an unknown encoding and numbers that are not finite. Used by
 * every command that has --json. */
#ifndef ZEM_JSON_TEXT_H
#define ZEM_JSON_TEXT_H

#include <jansson.h>

/* A JSON string, or JSON null for NULL. If the text is not UTF-8, '?' replaces each byte outside ASCII. Returns NULL
 * without memory. */
json_t *zem_json_text(const char *text);

/* A JSON number, or JSON null for NaN and infinity. Returns NULL without memory. */
json_t *zem_json_number(double number);

#endif
