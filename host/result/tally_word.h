/* Names of outcomes and of the words of a tally (enum zem_outcome, enum zem_tally_word), for files, tables and
 * messages. */
#ifndef ZEM_TALLY_WORD_H
#define ZEM_TALLY_WORD_H

#include <stddef.h>
#include <stdint.h>

/* The name of an outcome (enum zem_outcome) for programs, such as "hit_or_miss", and for people, such as "hit or
 * miss". */
const char *zem_outcome_word(uint32_t outcome);
const char *zem_outcome_text(uint32_t outcome);

/* Writes the words of all outcomes in the order of their numbers, separated by blanks. Returns text. */
const char *zem_outcome_words(char *text, size_t size);

/* Writes a name such as "trials whose smallest hit radius is 1 m" for the word of this number in totals with these
 * radii and shots. Returns text. */
const char *zem_tally_word_name(size_t word, const double *radius, size_t radii, size_t shots, char *text, size_t size);

#endif
