/* Replaces what JSON cannot hold: null stands for a number that is not finite, and '?' for a byte of a text that is not
 * UTF-8. */
#include "base/json_text.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool lacked;

static void *watched_malloc(size_t size)
{
    void *memory = malloc(size);
    if (memory == NULL)
        lacked = true;
    return memory;
}

void zem_json_watch_memory(void) { json_set_alloc_funcs(watched_malloc, free); }
bool zem_json_lacked_memory(void) { return lacked; }

int zem_json_print(json_t *object, size_t flags, FILE *out, struct zem_error *error)
{
    const bool made = object != NULL,
               written = made && json_dumpf(object, out, flags) == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
    json_decref(object);
    if (!made || lacked)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the JSON object");
    return written ? ZEM_OK : zem_error_set(error, ZEM_INPUT_OUTPUT, "the JSON object cannot be written");
}

json_t *zem_json_number(double number) { return isfinite(number) ? json_real(number) : json_null(); }

json_t *zem_json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *string = json_string(text);
    if (string)
        return string;
    size_t length = strlen(text);
    char *copy = watched_malloc(length + 1);
    if (!copy)
        return NULL;
    for (size_t i = 0; i <= length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    string = json_string(copy);
    free(copy);
    return string;
}
