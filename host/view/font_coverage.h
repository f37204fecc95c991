/* Which characters the fonts of this machine have. gnuplot's cairo draws a character that no font has as a box many
 * times as large as the letters, which covers the picture. cairo finds fonts by fontconfig; the functions here ask
 * fontconfig by its program fc-list. */
#ifndef ZEM_FONT_COVERAGE_H
#define ZEM_FONT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Returns whether every character of a text is in some font. True without fc-list, because nothing is known then. */
bool zem_font_has(const char *text);

/* Puts a question mark in place of every character that no font has. Returns the number of these characters. */
size_t zem_font_replace_missing(char *text);

#endif
