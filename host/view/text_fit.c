/* Widths of letters and the breaking of lines. */
#include "view/text_fit.h"

#include "base/printable.h"

#include <stdio.h>
#include <string.h>

/* Hundredths of the size of the letters, for the characters from blank to tilde. Source: the table of advance widths of
 * DejaVu Sans 2.37, rounded up. */
static const unsigned char widths[] = {32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                                       64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                                       58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                                       62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                                       28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};

/* The width of the character of `length` bytes. Raised digits are narrow. Otherwise characters of three bytes and more
 * are mostly East Asian signs, which are as wide as high, and those of two bytes letters of Europe. */
static double width_of(const char *character, size_t length)
{
    const unsigned char first = (unsigned char)*character, second = length > 1 ? (unsigned char)character[1] : 0;
    if (first >= ' ' && first <= '~')
        return widths[first - ' '] / 100.0;
    if ((first == 0xE2 && second == 0x81) || (first == 0xC2 && (second == 0xB9 || second == 0xB2 || second == 0xB3)))
        return 0.54;
    return length < 3 ? 0.85 : 1.0;
}

/* Characters that may not be printed are drawn as blanks. */
static size_t length_at(const char *text)
{
    const size_t length = zem_printable_length(text);
    return length > 0 ? length : 1;
}

double zem_text_width(const char *text)
{
    double width = 0.0;
    for (size_t length; *text != '\0'; text += length) {
        length = length_at(text);
        width += width_of(text, length);
    }
    return width;
}

/* The bytes of a text that fit into a line, at least one character: up to a line feed, the last blank, or all that
 * fit. */
static size_t line_length(const char *text, double width, size_t most)
{
    double used = 0.0;
    size_t at = 0, blank = 0;
    while (text[at] != '\0' && text[at] != '\n') {
        const size_t length = length_at(text + at);
        used += width_of(text + at, length);
        if (at > 0 && (used > width || at + length > most))
            return blank > 0 ? blank : at;
        if (text[at] == ' ' && at > 0)
            blank = at;
        at += length;
    }
    return at;
}

/* Ends a line that is cut. */
static void shorten(char *line, size_t size, double width)
{
    const size_t length = line_length(line, width - zem_text_width("..."), size - 4);
    if (line[length] != '\0' || length + 4 > size)
        line[length] = '\0';
    strcat(line, "...");
}

bool zem_text_break(struct zem_text_lines *lines, const char *text, double width, size_t most)
{
    const size_t size = sizeof lines->line[0],
                 end = lines->count + most < ZEM_TEXT_LINES ? lines->count + most : ZEM_TEXT_LINES;
    while (*text != '\0' && lines->count < end) {
        const size_t length = line_length(text, width, size - 4);
        snprintf(lines->line[lines->count], size, "%.*s", (int)length, text);
        text += length;
        text += strspn(text, " \n");
        if (++lines->count == end && *text != '\0')
            shorten(lines->line[lines->count - 1], size, width);
    }
    return *text == '\0';
}
