/* FNV-1a with the 64-bit prime of RFC 9923: the state is combined with each byte by exclusive or, then multiplied by
 * the prime. */
#include "base/hash.h"

static uint64_t add_byte(uint64_t state, uint64_t byte) { return (state ^ byte) * UINT64_C(0x100000001B3); }

uint64_t zem_hash_bytes(uint64_t state, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t k = 0; k < size; k++)
        state = add_byte(state, byte[k]);
    return state;
}

uint64_t zem_hash_words(uint64_t state, const uint32_t *words, size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (int byte = 0; byte < 4; byte++)
            state = add_byte(state, words[k] >> (8 * byte) & 0xFFu);
    return state;
}
