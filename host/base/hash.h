/* The 64-bit hash FNV-1a (Fowler, Noll, Vo; RFC 9923), which finds accidental changes. Where someone might forge,
 * SHA-256 stands instead. */
#ifndef ZEM_HASH_H
#define ZEM_HASH_H

#include <stddef.h>
#include <stdint.h>

/* The hash of no bytes, from which a sum starts. */
#define ZEM_HASH_START UINT64_C(0xCBF29CE484222325)

/* The hash of what `state` already covers, followed by `size` bytes. */
uint64_t zem_hash_bytes(uint64_t state, const void *bytes, size_t size);

/* The same for 32-bit words, each as four bytes from the lowest to the highest on every machine. */
uint64_t zem_hash_words(uint64_t state, const uint32_t *words, size_t count);

#endif
