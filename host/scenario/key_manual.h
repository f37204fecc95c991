/* The manual page zem-scenario(5), generated from the table of keys and the tables of choices. models/KEYS.md has the
 * same as Markdown (scenario/key_reference.h). */
#ifndef ZEM_KEY_MANUAL_H
#define ZEM_KEY_MANUAL_H

#include <stdio.h>

/* Writes the page as roff. A failure to write stays in the stream. */
void zem_key_manual(FILE *stream);

#endif
