/* Replaces what JSON cannot hold: null stands for a number that is not finite, and '?' for a byte of a text that is not
 * UTF-8. */
#include "base/json_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

json_t *zem_json_number(double number) { return isfinite(number) ? json_real(number) : json_null(); }

json_t *zem_json_text(const char *text)
{
    if (!text)
        return json_null();
    json_t *string = json_string(text);
    if (string)
        return string;
    size_t length = strlen(text);
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    for (size_t i = 0; i <= length; i++)
        copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
    string = json_string(copy);
    free(copy);
    return string;
}
