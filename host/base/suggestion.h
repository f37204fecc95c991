/* "Did you mean": finds the word nearest to a misspelt one. Knows nothing of scenarios or options. */
#ifndef ZEM_SUGGESTION_H
#define ZEM_SUGGESTION_H

#include <stddef.h>

/* Number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string
 * alignment); only the first 63 bytes of each count. */
size_t zem_suggestion_distance(const char *a, size_t a_length, const char *b, size_t b_length);

/* Largest distance at which a word of this length is still worth suggesting. */
size_t zem_suggestion_limit(size_t length);

/* The nearest of `count` words to a misspelt one, the first of several that are equally near; NULL if none is near
 * enough. */
const char *zem_suggestion_nearest(const char *word, const char *const *words, size_t count);

#endif
