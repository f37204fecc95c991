/* The decks of the benchmark: scenarios of fixed work, with the digests that prove the work and the number of
 * operations that it takes. embed_decks.awk puts the files of benchmarks/decks/ into the program at build time. */
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
    /* From digests.txt, valid for the kernel version `digest_kernel` alone; empty if none are stored. */
    unsigned digest_kernel;
    const char *digest, *miss_digest;
    /* From operations.txt: means over a sample of engagements that operations.cpp counts; 0 if none are stored. */
    unsigned operations_kernel; /* kernel version of the counts */
    double steps;               /* steps of an engagement */
    double flops;               /* floating-point operations of an engagement; a fused multiply-add counts two */
    double operations;          /* operations of an engagement: single precision, integer, comparison, select */
    /* For vectors of 4, 8, 16 and 32 lanes: mean steps of an engagement / mean steps of the longest engagement in a
     * vector. */
    double efficiency[4];
};

/* The decks in the order in which they are listed; the last entry has the name NULL. Written by embed_decks.awk. */
extern const struct zem_bench_deck zem_bench_decks[];

/* The deck of this name, or NULL. */
const struct zem_bench_deck *zem_bench_deck_find(const char *name, size_t length);

/* Reads a deck into a scenario. If `challenge` is not NULL, the seed is made from it. Release the scenario with
 * zem_scenario_free in every case. */
int zem_bench_deck_read(const struct zem_bench_deck *deck, const uint64_t *challenge, struct zem_scenario *scenario,
                        struct zem_error *error);

/* The seed for a challenge, which mixes its bits so that consecutive challenges have unrelated seeds. */
uint64_t zem_bench_challenge_seed(uint64_t challenge);

/* The mean fraction of `lanes` lanes (a power of two up to 32) that still fly; the others wait for the longest
 * engagement. 0 if unknown. */
double zem_bench_deck_efficiency(const struct zem_bench_deck *deck, unsigned lanes);

#endif
