/* Computes the two digests of a result, of its totals and of its misses, cell by cell. A run digests its first cells
 * while it flies the others. */
#ifndef ZEM_DIGEST_H
#define ZEM_DIGEST_H

#include "result/result.h"

#include <nettle/sha2.h>

struct zem_digest {
    struct sha256_ctx totals, misses;
    uint64_t cells; /* number of cells digested */
};

/* Starts the digests of a result with its scenario and kernel version. */
void zem_digest_begin(struct zem_digest *digest, const struct zem_result *result);

/* Digests the totals of the cells before `end` that are not digested yet. They must not change afterwards. */
void zem_digest_cells(struct zem_digest *digest, const struct zem_result *result, uint64_t end);

/* Digests the cells that are left, and sets result->digest and result->miss_digest. */
void zem_digest_end(struct zem_digest *digest, struct zem_result *result);

#endif
