/* The 64-bit hash FNV-1a (Fowler, Noll, Vo; RFC 9923), which finds accidental changes of data. Digests and checkpoints
 * use SHA-256, which also finds deliberate changes. */
#ifndef ZEM_HASH_H
#define ZEM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of an empty text. It is the `state` for the first call of zem_hash_bytes or zem_hash_words. */
#define ZEM_HASH_START UINT64_C(0xCBF29CE484222325)

/* Continues the hash `state` over `size` more bytes and returns the new state. */
uint64_t zem_hash_bytes(uint64_t state, const void *bytes, size_t size);

/* Continues the hash `state` over `count` words of 32 bits and returns the new state. A word counts as four bytes, the
 * lowest first, on every machine. */
uint64_t zem_hash_words(uint64_t state, const uint32_t *words, size_t count);

#endif
