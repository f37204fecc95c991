/* How much room a text takes, and how it is broken into lines that fit. Scripts need this before gnuplot draws. */
#ifndef ZEM_TEXT_FIT_H
#define ZEM_TEXT_FIT_H

#include <stdbool.h>
#include <stddef.h>

#define ZEM_TEXT_LINES 5

/* A text in lines; each line ends in a NUL. */
struct zem_text_lines {
    size_t count;
    char line[ZEM_TEXT_LINES][400];
};

/* Returns the width of a text without line feeds, in units of the size of its letters. Widths are those of DejaVu Sans,
 * which is wider than other usual fonts. */
double zem_text_width(const char *text);

/* Appends a text to `lines`, broken at line feeds and blanks into at most `most` lines. A line is at most `width` wide,
 * as zem_text_width counts; a longer word is cut. Text that does not fit is left out, and the last line then ends in
 * "...". Returns whether all of the text fits. */
bool zem_text_break(struct zem_text_lines *lines, const char *text, double width, size_t most);

#endif
