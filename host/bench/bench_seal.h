/* The seal of a document of `zem bench --json`: a SHA-256 of all other members, which is itself a member of the
 * document. It shows that a file was edited or damaged, even in a text that cannot be checked otherwise, such as the
 * name of the machine. It gives no protection against a person who computes a new seal. */
#ifndef ZEM_BENCH_SEAL_H
#define ZEM_BENCH_SEAL_H

#include "base/error.h"

#include <jansson.h>

#define ZEM_BENCH_SEAL_MEMBER "seal"

enum { ZEM_BENCH_SEAL_SIZE = 65 };

/* Writes the seal of a document to `seal` as 64 hexadecimal digits. It does not depend on the order of members, on
 * white space or on the spelling of numbers. The member ZEM_BENCH_SEAL_MEMBER is left out. Returns 0, or ZEM_INTERNAL
 * without memory. */
int zem_bench_seal(const json_t *document, char seal[ZEM_BENCH_SEAL_SIZE], struct zem_error *error);

#endif
