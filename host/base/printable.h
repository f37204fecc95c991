/* Makes names and texts of unknown content safe to print. Control characters are not printed, because a terminal obeys
 * them and a script or a page may misread them. Characters that change the direction of writing are not printed,
 * because they can hide parts of a text. */
#ifndef ZEM_PRINTABLE_H
#define ZEM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Returns the number of bytes of the first character of a text, 1 to 4, if the character may be printed. Returns 0 for
 * a control character (C0, DEL, C1), a character that changes the direction of writing, bytes that are not UTF-8, and
 * the end of the text. */
size_t zem_printable_length(const char *text);

/* Copies a text into `buffer` of `size` bytes, with \xNN in place of every byte that may not be printed. A text that
 * does not fit is cut off. Returns `buffer`; it is empty if `text` is NULL. */
const char *zem_printable(const char *text, char *buffer, size_t size);

/* Prints a text to `out`, with \xNN in place of every byte that may not be printed. If `lines` is true, line feeds and
 * tabs are printed as they are. */
void zem_printable_write(const char *text, bool lines, FILE *out);

/* Prints a text to `out` for an element or an attribute of HTML or XML, with the characters & < > " escaped. Line feeds
 * and tabs are printed as they are; other bytes that may not be printed become \xNN. */
void zem_printable_markup(const char *text, FILE *out);

#endif
