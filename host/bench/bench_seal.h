/* The seal of a document of `zem bench --json`: a digest of all its members, which the document itself carries. It
 * shows that a file was edited or damaged, also in a text that nothing else can be held against, such as the name of
 * the machine. It does not stop somebody who computes it anew. */
#ifndef ZEM_BENCH_SEAL_H
#define ZEM_BENCH_SEAL_H

#include "base/error.h"

#include <jansson.h>

#define ZEM_BENCH_SEAL_MEMBER "seal"

enum { ZEM_BENCH_SEAL_SIZE = 65 };

/* The seal of a document as hexadecimal text. The order of members, white space and the spelling of numbers do not
 * change it; its own member is left out. ZEM_INTERNAL without memory. */
int zem_bench_seal(const json_t *document, char seal[ZEM_BENCH_SEAL_SIZE], struct zem_error *error);

#endif
