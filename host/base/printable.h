/* Names and texts of unknown content, made safe to print. A terminal obeys control characters, a script or a page may
 * misread them, and characters that reverse the direction of writing hide what stands there. */
#ifndef ZEM_PRINTABLE_H
#define ZEM_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The number of bytes of the first character of a text if it is UTF-8 and may be printed; 0 if it is a control
 * character (C0, DEL, C1), a control of the direction of writing, no UTF-8, or the end of the text. */
size_t zem_printable_length(const char *text);

/* Copies a text, with \xNN in place of every byte that may not be printed. What does not fit is left out. Returns
 * `buffer`, which is empty for NULL. */
const char *zem_printable(const char *text, char *buffer, size_t size);

/* Prints a text in the same way, of any length. If `lines` is true, line feeds and tabs are kept. */
void zem_printable_write(const char *text, bool lines, FILE *out);

/* Prints a text as that of an element or attribute of HTML or XML. Line feeds and tabs are kept, other bytes that may
 * not be printed become \xNN. */
void zem_printable_markup(const char *text, FILE *out);

#endif
