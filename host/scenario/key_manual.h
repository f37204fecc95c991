/* The manual page zem-scenario(5), generated from the table of keys and the tables of choices. models/KEYS.md has the
 * same contents as Markdown (scenario/key_reference.h). */
#ifndef ZEM_KEY_MANUAL_H
#define ZEM_KEY_MANUAL_H

#include <stdio.h>

/* Writes the page as roff. A failure to write sets the error indicator of the stream (ferror). */
void zem_key_manual(FILE *stream);

#endif
