/* UTF-8 is decoded as in The Unicode Standard, version 15, table 3-7: overlong forms, surrogates and numbers beyond
 * U+10FFFF are no UTF-8. */
#include "base/printable.h"

#include <stdint.h>

static bool is_control(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0)          /* C0, DEL, C1 */
           || character == 0x061c || character == 0x200e || character == 0x200f /* marks of direction */
           || (character >= 0x2028 && character <= 0x202e) /* separators of lines, embeddings, overrides */
           || (character >= 0x2066 && character <= 0x2069) || character == 0xfeff; /* isolates, byte order mark */
}

size_t zem_printable_length(const char *text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    const size_t length = bytes[0] < 0x80   ? 1
                          : bytes[0] < 0xc0 ? 0
                          : bytes[0] < 0xe0 ? 2
                          : bytes[0] < 0xf0 ? 3
                          : bytes[0] < 0xf8 ? 4
                                            : 0;
    uint32_t character = length <= 1 ? bytes[0] : bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0u) != 0x80u) /* also at the end of the text */
            return 0;
        character = character << 6 | (bytes[i] & 0x3fu);
    }
    if (character < least[length] || character > 0x10ffff || (character >= 0xd800 && character < 0xe000))
        return 0;
    return is_control(character) ? 0 : length;
}

const char *zem_printable(const char *text, char *buffer, size_t size)
{
    size_t used = 0;
    while (text != NULL && *text != '\0') {
        const size_t length = zem_printable_length(text), width = length > 0 ? length : 4;
        if (used + width >= size)
            break;
        if (length == 0)
            snprintf(buffer + used, size - used, "\\x%02x", (unsigned char)*text);
        for (size_t i = 0; i < length; i++)
            buffer[used + i] = text[i];
        used += width;
        text += length > 0 ? length : 1;
    }
    buffer[used] = '\0';
    return buffer;
}

void zem_printable_write(const char *text, bool lines, FILE *out)
{
    while (*text != '\0') {
        const size_t length = zem_printable_length(text);
        if (length > 0)
            fwrite(text, 1, length, out);
        else if (lines && (*text == '\n' || *text == '\t'))
            fputc(*text, out);
        else
            fprintf(out, "\\x%02x", (unsigned char)*text);
        text += length > 0 ? length : 1;
    }
}

void zem_printable_markup(const char *text, FILE *out)
{
    for (size_t length; *text != '\0'; text += length > 0 ? length : 1)
        switch (length = 1, *text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            length = zem_printable_length(text);
            if (length == 0 && *text != '\n' && *text != '\t')
                fprintf(out, "\\x%02x", (unsigned char)*text);
            else
                fwrite(text, 1, length > 0 ? length : 1, out);
        }
}
