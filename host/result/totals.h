/* The integer totals of all cells (enum zem_tally_word of kernels/layout.h). Nearly all words of a cell are counts of
 * the miss histogram. These counts are stored in as few bytes as the number of trials allows, so that a cell of at most
 * 255 trials with one hit radius and one shot takes 434 bytes, while its tally has 2,240. */
#ifndef ZEM_TOTALS_H
#define ZEM_TOTALS_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>

/* The word of the outcome "not acquired". The file formats before the present one lack it, and it enters a digest only
 * if it is not 0, so that the digests of other results do not depend on it. */
#define ZEM_TALLY_LATER_WORD ((size_t)ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_ACQUIRED)

/* The most words that a tally has. */
#define ZEM_TALLY_WORDS_LIMIT ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)

struct zem_totals {
    uint64_t cells;
    size_t words;             /* of a tally: ZEM_TALLY_WORDS(radii, shots) */
    size_t width;             /* bytes of a count of the histogram: 1, 2, 4 or 8 */
    uint64_t *plain;          /* cells x zem_totals_plain_words: all words but the histogram, in the order of a tally */
    unsigned char *histogram; /* cells x ZEM_HISTOGRAM_SLOTS x width, in the byte order of this machine */
};

/* How many of the `words` words of a tally lie outside the miss histogram. */
static inline size_t zem_totals_plain_words(size_t words) { return words - ZEM_HISTOGRAM_SLOTS; }

/* The bytes that a count of at most `most` needs: 1, 2, 4 or 8. */
size_t zem_totals_width(uint64_t most);

/* The bytes of the totals of one cell. */
size_t zem_totals_cell_bytes(size_t words, size_t width);

/* Allocates totals of zero for cells of at most `most` trials. Returns 0, or -1 without memory. */
int zem_totals_init(struct zem_totals *totals, uint64_t cells, size_t words, uint64_t most);
void zem_totals_free(struct zem_totals *totals);

/* Frees the histograms alone, which are more than half of the bytes. Nothing may read them afterwards. */
void zem_totals_free_histograms(struct zem_totals *totals);

/* Call before adding to `count` cells from `first` on. The first addition to many cells then takes less time. */
void zem_totals_touch(struct zem_totals *totals, uint64_t first, uint64_t count);

/* Sets all totals to zero. */
void zem_totals_clear(struct zem_totals *totals);

/* The count of one bin of a cell's histogram. `slot` is the index of the bin. */
uint64_t zem_totals_count(const struct zem_totals *totals, uint64_t cell, size_t slot);

/* One word of a cell's tally. `word` is its index as in enum zem_tally_word. */
static inline uint64_t zem_totals_word(const struct zem_totals *totals, uint64_t cell, size_t word)
{
    if (word >= ZEM_TALLY_HISTOGRAM && word < ZEM_TALLY_RADIUS)
        return zem_totals_count(totals, cell, word - ZEM_TALLY_HISTOGRAM);
    const size_t at = word < ZEM_TALLY_HISTOGRAM ? word : word - ZEM_HISTOGRAM_SLOTS;
    return totals->plain[(size_t)cell * zem_totals_plain_words(totals->words) + at];
}

/* Copy all words of a cell to `tally`, which has room for them, or the histogram alone to `counts`. */
void zem_totals_get(const struct zem_totals *totals, uint64_t cell, uint64_t *tally);
void zem_totals_histogram(const struct zem_totals *totals, uint64_t cell, uint64_t counts[ZEM_HISTOGRAM_SLOTS]);

/* Replace all words of a cell, add to all of them, or replace the histogram alone. The functions return false, and
 * leave the cell as it is, if a count of the histogram becomes too large for its width. */
bool zem_totals_set(struct zem_totals *totals, uint64_t cell, const uint64_t *tally);
bool zem_totals_add(struct zem_totals *totals, uint64_t cell, const uint64_t *tally);
bool zem_totals_set_histogram(struct zem_totals *totals, uint64_t cell, const uint64_t counts[ZEM_HISTOGRAM_SLOTS]);

/* Adds all cells of `part`, which has as many cells and words. Returns false if a count becomes too large for its
 * width; some cells have then been added. */
bool zem_totals_add_all(struct zem_totals *totals, const struct zem_totals *part);

/* Whether a cell has the same words in `a` and `b`. */
bool zem_totals_same(const struct zem_totals *a, const struct zem_totals *b, uint64_t cell);

#endif
