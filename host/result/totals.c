/* Reads and adds counts of 1, 2, 4 or 8 bytes. Each width has its own loops, so that the compiler can use vector
 * instructions. */
#include "result/totals.h"

#include "base/fresh_memory.h"

#include <stdlib.h>
#include <string.h>

size_t zem_totals_width(uint64_t most)
{
    return most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : most <= UINT32_MAX ? 4 : 8;
}

size_t zem_totals_cell_bytes(size_t words, size_t width)
{
    return zem_totals_plain_words(words) * sizeof(uint64_t) + ZEM_HISTOGRAM_SLOTS * width;
}

int zem_totals_init(struct zem_totals *totals, uint64_t cells, size_t words, uint64_t most)
{
    *totals = (struct zem_totals){.cells = cells, .words = words, .width = zem_totals_width(most)};
    if (cells > SIZE_MAX / zem_totals_cell_bytes(words, totals->width))
        return -1;
    totals->plain = calloc((size_t)cells * zem_totals_plain_words(words), sizeof *totals->plain);
    totals->histogram = calloc((size_t)cells * ZEM_HISTOGRAM_SLOTS, totals->width);
    if (totals->plain != NULL && totals->histogram != NULL)
        return 0;
    zem_totals_free(totals);
    return -1;
}

void zem_totals_free_histograms(struct zem_totals *totals)
{
    free(totals->histogram);
    totals->histogram = NULL;
}

void zem_totals_free(struct zem_totals *totals)
{
    free(totals->plain);
    free(totals->histogram);
    *totals = (struct zem_totals){0};
}

void zem_totals_touch(struct zem_totals *totals, uint64_t first, uint64_t count)
{
    const size_t plain = zem_totals_plain_words(totals->words);
    zem_fresh_memory_touch(totals->plain + (size_t)first * plain, (size_t)count * plain * sizeof *totals->plain);
    zem_fresh_memory_touch(totals->histogram + (size_t)first * ZEM_HISTOGRAM_SLOTS * totals->width,
                           (size_t)count * ZEM_HISTOGRAM_SLOTS * totals->width);
}

void zem_totals_clear(struct zem_totals *totals)
{
    memset(totals->plain, 0, (size_t)totals->cells * zem_totals_plain_words(totals->words) * sizeof *totals->plain);
    memset(totals->histogram, 0, (size_t)totals->cells * ZEM_HISTOGRAM_SLOTS * totals->width);
}

/* ---- histograms of one width ---- */

static unsigned char *histogram_of(const struct zem_totals *totals, uint64_t cell)
{
    return totals->histogram + (size_t)cell * ZEM_HISTOGRAM_SLOTS * totals->width;
}

/* Defines two functions for histograms with counts of one type: one reads all counts, the other adds to all counts if
 * every sum fits the type. */
/* clang-format off */
#define WIDTH(type, most) \
    static void get_##type(const void *from, uint64_t counts[ZEM_HISTOGRAM_SLOTS]) \
    { \
        const type *narrow = from; \
        _Pragma("omp simd") \
        for (size_t slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++) \
            counts[slot] = narrow[slot]; \
    } \
    static bool add_##type(void *to, const uint64_t counts[ZEM_HISTOGRAM_SLOTS]) \
    { \
        type *narrow = to; \
        uint64_t beyond = 0; \
        _Pragma("omp simd reduction(|:beyond)") \
        for (size_t slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++) \
            beyond |= (uint64_t)(counts[slot] > (uint64_t)(most) - narrow[slot]); \
        if (beyond != 0) \
            return false; \
        _Pragma("omp simd") \
        for (size_t slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++) \
            narrow[slot] = (type)(narrow[slot] + counts[slot]); \
        return true; \
    }
/* clang-format on */
WIDTH(uint8_t, UINT8_MAX)
WIDTH(uint16_t, UINT16_MAX)
WIDTH(uint32_t, UINT32_MAX)
WIDTH(uint64_t, UINT64_MAX)

void zem_totals_histogram(const struct zem_totals *totals, uint64_t cell, uint64_t counts[ZEM_HISTOGRAM_SLOTS])
{
    const unsigned char *from = histogram_of(totals, cell);
    switch (totals->width) {
    case 1:
        get_uint8_t(from, counts);
        break;
    case 2:
        get_uint16_t(from, counts);
        break;
    case 4:
        get_uint32_t(from, counts);
        break;
    default:
        get_uint64_t(from, counts);
    }
}

static bool histogram_add(struct zem_totals *totals, uint64_t cell, const uint64_t counts[ZEM_HISTOGRAM_SLOTS])
{
    unsigned char *to = histogram_of(totals, cell);
    switch (totals->width) {
    case 1:
        return add_uint8_t(to, counts);
    case 2:
        return add_uint16_t(to, counts);
    case 4:
        return add_uint32_t(to, counts);
    default:
        return add_uint64_t(to, counts);
    }
}

bool zem_totals_set_histogram(struct zem_totals *totals, uint64_t cell, const uint64_t counts[ZEM_HISTOGRAM_SLOTS])
{
    uint64_t before[ZEM_HISTOGRAM_SLOTS];
    zem_totals_histogram(totals, cell, before);
    memset(histogram_of(totals, cell), 0, ZEM_HISTOGRAM_SLOTS * totals->width);
    if (histogram_add(totals, cell, counts))
        return true;
    histogram_add(totals, cell, before);
    return false;
}

/* ---- cells ---- */

static uint64_t *plain_of(const struct zem_totals *totals, uint64_t cell)
{
    return totals->plain + (size_t)cell * zem_totals_plain_words(totals->words);
}

uint64_t zem_totals_count(const struct zem_totals *totals, uint64_t cell, size_t slot)
{
    const unsigned char *from = histogram_of(totals, cell) + slot * totals->width;
    uint16_t half;
    uint32_t word;
    uint64_t whole;
    switch (totals->width) {
    case 1:
        return *from;
    case 2:
        memcpy(&half, from, sizeof half);
        return half;
    case 4:
        memcpy(&word, from, sizeof word);
        return word;
    default:
        memcpy(&whole, from, sizeof whole);
        return whole;
    }
}

void zem_totals_get(const struct zem_totals *totals, uint64_t cell, uint64_t *tally)
{
    const uint64_t *plain = plain_of(totals, cell);
    memcpy(tally, plain, ZEM_TALLY_HISTOGRAM * sizeof *tally);
    zem_totals_histogram(totals, cell, tally + ZEM_TALLY_HISTOGRAM);
    memcpy(tally + ZEM_TALLY_RADIUS, plain + ZEM_TALLY_HISTOGRAM, (totals->words - ZEM_TALLY_RADIUS) * sizeof *tally);
}

bool zem_totals_set(struct zem_totals *totals, uint64_t cell, const uint64_t *tally)
{
    uint64_t *plain = plain_of(totals, cell);
    if (!zem_totals_set_histogram(totals, cell, tally + ZEM_TALLY_HISTOGRAM))
        return false;
    memcpy(plain, tally, ZEM_TALLY_HISTOGRAM * sizeof *tally);
    memcpy(plain + ZEM_TALLY_HISTOGRAM, tally + ZEM_TALLY_RADIUS, (totals->words - ZEM_TALLY_RADIUS) * sizeof *tally);
    return true;
}

bool zem_totals_add(struct zem_totals *totals, uint64_t cell, const uint64_t *tally)
{
    uint64_t *plain = plain_of(totals, cell);
    if (!histogram_add(totals, cell, tally + ZEM_TALLY_HISTOGRAM))
        return false;
    for (size_t word = 0; word < ZEM_TALLY_HISTOGRAM; word++)
        plain[word] += tally[word];
    for (size_t word = ZEM_TALLY_RADIUS; word < totals->words; word++)
        plain[word - ZEM_HISTOGRAM_SLOTS] += tally[word];
    return true;
}

bool zem_totals_add_all(struct zem_totals *totals, const struct zem_totals *part)
{
    const size_t plain = (size_t)totals->cells * zem_totals_plain_words(totals->words);
    uint64_t counts[ZEM_HISTOGRAM_SLOTS];
    for (size_t k = 0; k < plain; k++)
        totals->plain[k] += part->plain[k];
    for (uint64_t cell = 0; cell < totals->cells; cell++) {
        zem_totals_histogram(part, cell, counts);
        if (!histogram_add(totals, cell, counts))
            return false;
    }
    return true;
}

bool zem_totals_same(const struct zem_totals *a, const struct zem_totals *b, uint64_t cell)
{
    uint64_t first[ZEM_HISTOGRAM_SLOTS], second[ZEM_HISTOGRAM_SLOTS];
    zem_totals_histogram(a, cell, first);
    zem_totals_histogram(b, cell, second);
    return a->words == b->words && memcmp(first, second, sizeof first) == 0
           && memcmp(plain_of(a, cell), plain_of(b, cell), zem_totals_plain_words(a->words) * sizeof *a->plain) == 0;
}
