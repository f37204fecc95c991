/* Texts of unknown encoding as JSON strings. */
#ifndef ZEM_JSON_TEXT_H
#define ZEM_JSON_TEXT_H

#include <jansson.h>

/* A JSON string, where a text that is not UTF-8 has '?' for each byte outside ASCII; JSON null for NULL. NULL without
 * memory. */
json_t *zem_json_text(const char *text);

#endif
