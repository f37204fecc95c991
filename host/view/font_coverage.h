/* Which characters the fonts of this machine have. A character that none has is drawn by gnuplot's cairo as a box many
 * times as large as the letters, which covers the picture. fontconfig, which cairo uses, is asked by its program
 * fc-list. */
#ifndef ZEM_FONT_COVERAGE_H
#define ZEM_FONT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether some font has each character of a text. True without fc-list, since nothing is known then. */
bool zem_font_has(const char *text);

/* Puts a question mark in place of every character that no font has. Returns how many there were. */
size_t zem_font_replace_missing(char *text);

#endif
