/* The integer totals of all cells (enum zem_tally_word of kernels/layout.h). The words of a cell's histogram, which are
 * nearly all of them, are kept as narrow as the trials of the scenario allow, so that a cell of at most 255 trials
 * takes an eighth of the memory of a tally. */
#ifndef ZEM_TOTALS_H
#define ZEM_TOTALS_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* The most words that a tally has. */
#define ZEM_TALLY_WORDS_LIMIT ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)

struct zem_totals {
    uint64_t cells;
    size_t words;             /* of a tally: ZEM_TALLY_WORDS(radii, shots) */
    size_t width;             /* bytes of a count of the histogram: 1, 2, 4 or 8 */
    uint64_t *plain;          /* cells x zem_totals_plain_words: the words that are not of the histogram, in order */
    unsigned char *histogram; /* cells x ZEM_HISTOGRAM_SLOTS x width, integers of this machine */
};

/* The words of a tally of `words` words that are not of the histogram. */
static inline size_t zem_totals_plain_words(size_t words) { return words - ZEM_HISTOGRAM_SLOTS; }

/* The bytes of a count that can be as large as `most`: 1, 2, 4 or 8. */
size_t zem_totals_width(uint64_t most);

/* The bytes of the totals of one cell. */
size_t zem_totals_cell_bytes(size_t words, size_t width);

/* Allocates totals of zero for cells of at most `most` trials. Returns 0, or -1 without memory. */
int zem_totals_init(struct zem_totals *totals, uint64_t cells, size_t words, uint64_t most);
void zem_totals_free(struct zem_totals *totals);

/* Sets all totals to zero. */
void zem_totals_clear(struct zem_totals *totals);

/* One count of a cell's histogram. */
uint64_t zem_totals_count(const struct zem_totals *totals, uint64_t cell, size_t slot);

/* One word of a cell. */
static inline uint64_t zem_totals_word(const struct zem_totals *totals, uint64_t cell, size_t word)
{
    if (word >= ZEM_TALLY_HISTOGRAM && word < ZEM_TALLY_RADIUS)
        return zem_totals_count(totals, cell, word - ZEM_TALLY_HISTOGRAM);
    const size_t at = word < ZEM_TALLY_HISTOGRAM ? word : word - ZEM_HISTOGRAM_SLOTS;
    return totals->plain[(size_t)cell * zem_totals_plain_words(totals->words) + at];
}

/* Copies the words of a cell into a tally of `words` words, or its histogram alone. */
void zem_totals_get(const struct zem_totals *totals, uint64_t cell, uint64_t *tally);
void zem_totals_histogram(const struct zem_totals *totals, uint64_t cell, uint64_t counts[ZEM_HISTOGRAM_SLOTS]);

/* Replace the words of a cell, add to them, or replace its histogram alone. They return false, and leave the cell as it
 * is, if a count of the histogram exceeds the trials that the totals were made for. */
bool zem_totals_set(struct zem_totals *totals, uint64_t cell, const uint64_t *tally);
bool zem_totals_add(struct zem_totals *totals, uint64_t cell, const uint64_t *tally);
bool zem_totals_set_histogram(struct zem_totals *totals, uint64_t cell, const uint64_t counts[ZEM_HISTOGRAM_SLOTS]);

/* Adds all cells of `part`, which has as many cells and words. Returns false as zem_totals_add does; some cells are
 * then added. */
bool zem_totals_add_all(struct zem_totals *totals, const struct zem_totals *part);

/* Whether a cell has the same words in both. */
bool zem_totals_same(const struct zem_totals *a, const struct zem_totals *b, uint64_t cell);

#endif
