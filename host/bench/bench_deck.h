/* The decks of the benchmark. A deck is a fixed scenario. The program stores with it the digests of its counts, which
 * prove that it was flown, and the number of operations that it takes. embed_decks.awk puts the files of
 * benchmarks/decks/ into the program at build time. */
#ifndef ZEM_BENCH_DECK_H
#define ZEM_BENCH_DECK_H

#include "base/error.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

struct zem_bench_deck {
    const char *name;
    unsigned version;
    const char *text; /* the scenario */
    /* The digests of the counts, from digests.txt. They are valid for the kernel version `digest_kernel` only. Both are
     * empty if none are stored. */
    unsigned digest_kernel;
    const char *digest, *miss_digest;
    /* Numbers of operations, from operations.txt: means over a sample of engagements, counted by operations.cpp. They
     * are 0 if none are stored. */
    unsigned operations_kernel; /* kernel version of the counts */
    double steps;               /* steps of an engagement */
    double flops;               /* floating-point operations of an engagement; a fused multiply-add counts two */
    double operations;          /* operations of an engagement: single precision, integer, comparison, select */
    /* For vectors of 4, 8, 16 and 32 lanes: the mean number of steps of an engagement, divided by the mean number of
     * steps of the longest engagement in a vector. */
    double efficiency[4];
};

/* The decks in the order in which they are listed; the last entry has the name NULL. embed_decks.awk writes this
 * array. */
extern const struct zem_bench_deck zem_bench_decks[];

/* Returns the deck whose name is the first `length` bytes of `name`, or NULL if there is none. */
const struct zem_bench_deck *zem_bench_deck_find(const char *name, size_t length);

/* Reads a deck into a scenario. If `challenge` is not NULL, the seed is made from that number. Returns 0 or an error.
 * Release the scenario with zem_scenario_free in every case. */
int zem_bench_deck_read(const struct zem_bench_deck *deck, const uint64_t *challenge, struct zem_scenario *scenario,
                        struct zem_error *error);

/* Returns the seed for a challenge. It mixes the bits of the number, so that consecutive challenges have unrelated
 * seeds. */
uint64_t zem_bench_challenge_seed(uint64_t challenge);

/* Returns the mean fraction of the lanes of a vector that are still flying; the other lanes wait for the longest
 * engagement of the vector. `lanes` is the number of lanes, a power of two up to 32. 0 if unknown. */
double zem_bench_deck_efficiency(const struct zem_bench_deck *deck, unsigned lanes);

#endif
