/* The two digests of a result (digest.c), taken from its cells in order. A run takes the first cells while it flies the
 * others. */
#ifndef ZEM_DIGEST_H
#define ZEM_DIGEST_H

#include "result/result.h"

#include <nettle/sha2.h>

struct zem_digest {
    struct sha256_ctx totals, misses;
    uint64_t cells; /* number of cells taken */
};

/* Starts digests of a result. They depend on its scenario and kernel version, and on the cells that are taken. */
void zem_digest_begin(struct zem_digest *digest, const struct zem_result *result);

/* Takes the totals of the cells up to `end` - 1 that were not taken before. The totals must not change afterwards. */
void zem_digest_cells(struct zem_digest *digest, const struct zem_result *result, uint64_t end);

/* Takes the cells that are left, and sets result->digest and result->miss_digest. */
void zem_digest_end(struct zem_digest *digest, struct zem_result *result);

#endif
