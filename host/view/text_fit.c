/* Computes widths of texts and breaks texts into lines. */
#include "view/text_fit.h"

#include "base/printable.h"

#include <stdio.h>
#include <string.h>

/* Widths of the characters from blank to tilde, in hundredths of the size of the letters. Source: the table of advance
 * widths of DejaVu Sans 2.37, rounded up. */
static const unsigned char widths[] = {32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37,  32, 34, 64, 64, 64,
                                       64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 54, 100, 69, 69, 70, 78, 64,
                                       58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64,  62, 74, 69, 99, 69,
                                       62, 69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36,  64, 64, 28, 28, 58,
                                       28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60, 82, 60, 60,  53, 64, 34, 64, 84};

/* Returns the width of a character of `length` bytes, in units of the size of the letters. Raised digits are narrow.
 * Other characters of three bytes and more are mostly East Asian signs, which are as wide as high; those of two bytes
 * are letters of Europe. */
static double width_of(const char *character, size_t length)
{
    const unsigned char first = (unsigned char)*character, second = length > 1 ? (unsigned char)character[1] : 0;
    if (first >= ' ' && first <= '~')
        return widths[first - ' '] / 100.0;
    if ((first == 0xE2 && second == 0x81) || (first == 0xC2 && (second == 0xB9 || second == 0xB2 || second == 0xB3)))
        return 0.54;
    return length < 3 ? 0.85 : 1.0;
}

/* Returns the number of bytes of the character at the start of a text. A byte that cannot be printed counts as one
 * character, which is drawn as a blank. */
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

/* Returns how many bytes of a text go into a line: all up to a line feed, if they fit; else those up to the last blank
 * that fits, or without a blank as many as fit, but at least one character. */
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

/* Cuts a line so that "..." fits behind it, and appends "...". */
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
