/* The word nearest to a misspelt one, for messages that ask "did you mean". Keys of scenarios, options and commands use
 * it; it knows words alone. */
#ifndef ZEM_SUGGESTION_H
#define ZEM_SUGGESTION_H

#include <stddef.h>

/* The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string
 * alignment). Bytes after the first 63 of a word are ignored. */
size_t zem_suggestion_distance(const char *a, size_t a_length, const char *b, size_t b_length);

/* The largest distance at which a word of this length is still worth suggesting. */
size_t zem_suggestion_limit(size_t length);

/* The word among `count` words that is nearest to a misspelt one; the first one if several are equally near. NULL if
 * none is within zem_suggestion_limit. */
const char *zem_suggestion_nearest(const char *word, const char *const *words, size_t count);

#endif
