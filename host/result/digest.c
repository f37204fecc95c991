/* The two digests of a result, SHA-256 over little-endian integers: one covers the totals, the other the bits of every
 * miss. What may differ between two machines is left out: time, host, device and the layout of the scenario's text. */
#include "result/digest.h"

#include "base/kernel_types.h"
#include "scenario/scenario_print.h"

#include <stdio.h>
#include <string.h>

static int emit(void *context, const void *bytes, size_t size)
{
    sha256_update((struct sha256_ctx *)context, size, bytes);
    return 0;
}

/* Writes a word to `bytes`, lowest byte first, and returns the address behind it. Without a loop it is one instruction
 * on machines that store the lowest byte first. */
static uint8_t *put_word(uint8_t *bytes, uint64_t word)
{
    bytes[0] = (uint8_t)word;
    bytes[1] = (uint8_t)(word >> 8);
    bytes[2] = (uint8_t)(word >> 16);
    bytes[3] = (uint8_t)(word >> 24);
    bytes[4] = (uint8_t)(word >> 32);
    bytes[5] = (uint8_t)(word >> 40);
    bytes[6] = (uint8_t)(word >> 48);
    bytes[7] = (uint8_t)(word >> 56);
    return bytes + 8;
}

static void emit_word(struct sha256_ctx *sha, uint64_t word)
{
    uint8_t bytes[8];
    put_word(bytes, word);
    sha256_update(sha, sizeof bytes, bytes);
}

static void begin(struct sha256_ctx *sha, const char *format, const struct zem_result *result)
{
    sha256_init(sha);
    sha256_update(sha, strlen(format) + 1, (const uint8_t *)format);
    emit_word(sha, result->provenance.kernel_version);
    zem_scenario_canonical(result->scenario, emit, sha);
    emit_word(sha, result->cells);
}

static void finish(struct sha256_ctx *sha, char text[65])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(sha, sizeof digest, digest);
    for (size_t k = 0; k < sizeof digest; k++)
        snprintf(text + 2 * k, 3, "%02x", digest[k]);
}

/* Writes all words of a cell except ZEM_TALLY_MIX to `row`, lowest byte first. Returns the number of bytes. The
 * later word is left out if it is 0. */
static size_t fill_row(const uint64_t *tally, size_t words, uint8_t *row)
{
    uint8_t *next = row;
    for (size_t word = 0; word < words; word++)
        if (word != ZEM_TALLY_MIX && (word != ZEM_TALLY_LATER_WORD || tally[word] != 0))
            next = put_word(next, tally[word]);
    return (size_t)(next - row);
}

void zem_digest_begin(struct zem_digest *digest, const struct zem_result *result)
{
    begin(&digest->totals, "zem totals 1", result);
    begin(&digest->misses, "zem misses 1", result);
    digest->cells = 0;
}

void zem_digest_cells(struct zem_digest *digest, const struct zem_result *result, uint64_t end)
{
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT];
    uint8_t row[8 * ZEM_TALLY_WORDS_LIMIT];
    for (; digest->cells < end; digest->cells++) {
        zem_totals_get(&result->totals, digest->cells, tally);
        sha256_update(&digest->totals, fill_row(tally, result->words, row), row);
        emit_word(&digest->misses, tally[ZEM_TALLY_TRIALS]);
        emit_word(&digest->misses, tally[ZEM_TALLY_MIX]);
    }
}

void zem_digest_end(struct zem_digest *digest, struct zem_result *result)
{
    zem_digest_cells(digest, result, result->cells);
    finish(&digest->totals, result->digest);
    finish(&digest->misses, result->miss_digest);
}

void zem_result_digest(struct zem_result *result)
{
    struct zem_digest digest;
    zem_digest_begin(&digest, result);
    zem_digest_end(&digest, result);
}
