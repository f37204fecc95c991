/* How much room a text takes, and how it is broken into lines that fit. gnuplot knows neither before it draws. */
#ifndef ZEM_TEXT_FIT_H
#define ZEM_TEXT_FIT_H

#include <stdbool.h>
#include <stddef.h>

#define ZEM_TEXT_LINES 5

/* A text in lines, each ending in a NUL. */
struct zem_text_lines {
    size_t count;
    char line[ZEM_TEXT_LINES][400];
};

/* The width of a text without line feeds in parts of the size of its letters, those of DejaVu Sans, which is wider than
 * other usual fonts. */
double zem_text_width(const char *text);

/* Appends a text, broken at line feeds and blanks into at most `most` lines of at most `width`, in parts of the size of
 * the letters as of zem_text_width; a word that is longer is cut where it must be. What does not fit is left out, and
 * the last line ends in "...". Returns whether all of it fits. */
bool zem_text_break(struct zem_text_lines *lines, const char *text, double width, size_t most);

#endif
