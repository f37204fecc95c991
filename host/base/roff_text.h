/* Text as roff, the language of manual pages. Pages are written in the macros of man(7) (groff_man(7)), which every man
 * program reads. */
#ifndef ZEM_ROFF_TEXT_H
#define ZEM_ROFF_TEXT_H

#include <stdio.h>

/* Writes text so that roff prints it as it is: backslashes, hyphens, quotation marks and accents are escaped, and a dot
 * or an apostrophe at the start of a line is not taken for a command of roff. Newlines are kept. The output must be at
 * the start of a line when the function is called. */
void zem_roff_text(FILE *stream, const char *text);

/* Writes text like zem_roff_text, but begins within a line, for example after a macro. */
void zem_roff_words(FILE *stream, const char *text);

/* Writes the title line of a manual page: its name in capitals, its section number, and the name of the manual. */
void zem_roff_title(FILE *stream, const char *name, int section);

/* Writes the heading of a section. The text of the section follows it. */
void zem_roff_section(FILE *stream, const char *heading);

/* Writes an entry of a list: `head` in bold, `rest` in italics on the same line (NULL for none), and `text` below them,
 * indented. */
void zem_roff_entry(FILE *stream, const char *head, const char *rest, const char *text);

#endif
