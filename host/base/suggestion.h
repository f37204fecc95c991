/* The word nearest to a misspelt one, for messages that ask "did you mean". It is used for keys of scenarios, options
 * and commands. */
#ifndef ZEM_SUGGESTION_H
#define ZEM_SUGGESTION_H

#include <stddef.h>

/* The number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string
 * alignment). Bytes after the first 63 of a word are ignored. */
size_t zem_suggestion_distance(const char *a, size_t a_length, const char *b, size_t b_length);

/* Returns the largest distance at which a word is still suggested for a misspelt word of this length. */
size_t zem_suggestion_limit(size_t length);

/* Returns the one of `count` words that is nearest to the misspelt `word`, and the first of them if several are equally
 * near. NULL if no word is within zem_suggestion_limit. */
const char *zem_suggestion_nearest(const char *word, const char *const *words, size_t count);

#endif
