/* Names of the words of a tally (enum zem_tally_word), for messages about one of them. */
#ifndef ZEM_TALLY_WORD_H
#define ZEM_TALLY_WORD_H

#include <stddef.h>

/* "hits, smallest radius 1 m" and the like for word number `word` of totals with these radii and shots. Returns text.
 */
const char *zem_tally_word_name(size_t word, const double *radius, size_t radii, size_t shots, char *text, size_t size);

#endif
