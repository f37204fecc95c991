/* The 64-bit hash FNV-1a (Fowler, Noll, Vo; RFC 9923), which finds accidental changes. Deliberate ones are found by
 * SHA-256, which is used for digests and checkpoints. */
#ifndef ZEM_HASH_H
#define ZEM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of no bytes: the first `state` of a chain of calls. */
#define ZEM_HASH_START UINT64_C(0xCBF29CE484222325)

/* Continues the hash `state` over `size` more bytes and returns the new state. */
uint64_t zem_hash_bytes(uint64_t state, const void *bytes, size_t size);

/* The same over 32-bit words, each taken as four bytes from the lowest to the highest, whatever the byte order of the
 * machine. */
uint64_t zem_hash_words(uint64_t state, const uint32_t *words, size_t count);

#endif
