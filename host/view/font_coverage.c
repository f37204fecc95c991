/* Runs fc-list once for each character beyond ASCII. */
#include "view/font_coverage.h"

#include "base/printable.h"

#include <stdio.h>
#include <string.h>

/* Returns the code point of the UTF-8 character of `length` bytes. */
static unsigned long code_of(const char *character, size_t length)
{
    unsigned long code = (unsigned char)*character & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)character[i] & 0x3Fu);
    return code;
}

/* Returns whether fc-list names a font with this character; true if fc-list cannot be run. The command consists of
 * fixed words and hexadecimal digits. */
static bool has_character(unsigned long code)
{
    char command[100], line[16];
    snprintf(command, sizeof command, "fc-list ':charset=%lx' family 2>/dev/null || echo unknown", code);
    FILE *stream = popen(command, "r");
    if (stream == NULL)
        return true;
    const bool found = fgets(line, sizeof line, stream) != NULL;
    pclose(stream);
    return found;
}

/* Returns whether no font has the character at the start of a text, and its number of bytes in `length`. */
static bool is_missing(const char *text, size_t *length)
{
    *length = zem_printable_length(text);
    if (*length > 1)
        return !has_character(code_of(text, *length));
    *length = 1;
    return false;
}

bool zem_font_has(const char *text)
{
    for (size_t length; *text != '\0'; text += length)
        if (is_missing(text, &length))
            return false;
    return true;
}

size_t zem_font_replace_missing(char *text)
{
    size_t count = 0;
    for (size_t length; *text != '\0'; text += length)
        if (is_missing(text, &length)) {
            *text = '?';
            memmove(text + 1, text + length, strlen(text + length) + 1);
            length = 1;
            count++;
        }
    return count;
}
