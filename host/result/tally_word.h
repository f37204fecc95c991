/* Names of the words of a tally (enum zem_tally_word), for messages. */
#ifndef ZEM_TALLY_WORD_H
#define ZEM_TALLY_WORD_H

#include <stddef.h>

/* Writes a name such as "trials whose smallest hit radius is 1 m" for the word with the index `word` of a tally. The
 * tally has `radii` hit radii, which `radius` has in m, and `shots` shots. Returns text. */
const char *zem_tally_word_name(size_t word, const double *radius, size_t radii, size_t shots, char *text, size_t size);

#endif
