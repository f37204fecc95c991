/* The manual page zem-result(5), generated from the table of result variables. models/FILE-FORMAT.md describes the file
 * in full. */
#ifndef ZEM_VARIABLE_MANUAL_H
#define ZEM_VARIABLE_MANUAL_H

#include <stdio.h>

/* Writes the page as roff. A failure to write sets the error indicator of the stream. */
void zem_variable_manual(FILE *stream);

#endif
