/* The decks of the benchmark: scenarios of fixed work inside the program, with the digests that prove the work and the
 * operations that it takes. The texts are benchmarks/decks/, embedded at build time by embed_decks.awk. */
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
    /* From digests.txt; empty if none is stored. They hold for kernel version `digest_kernel` alone. */
    unsigned digest_kernel;
    const char *digest, *miss_digest;
    /* From operations.txt, means over a sample of engagements counted by operations.cpp; 0 if none are stored. */
    unsigned operations_kernel;
    double steps;         /* per engagement, of one lane */
    double flops;         /* per engagement: + - * are one, fma is two */
    double operations;    /* per engagement: every single-precision, integer, comparison and select operation is one */
    double efficiency[4]; /* of 4, 8, 16 and 32 lanes that end together: mean steps / mean of the longest of a vector */
};

/* Written by embed_decks.awk, in the order in which they are listed; `name` NULL ends it. */
extern const struct zem_bench_deck zem_bench_decks[];

/* The deck of this name, or NULL. */
const struct zem_bench_deck *zem_bench_deck_find(const char *name, size_t length);

/* Reads a deck into a scenario; `challenge` other than NULL gives the seed. Release with zem_scenario_free in every
 * case. */
int zem_bench_deck_read(const struct zem_bench_deck *deck, const uint64_t *challenge, struct zem_scenario *scenario,
                        struct zem_error *error);

/* The seed that belongs to a challenge: a fixed mix of it, so that neighbouring challenges share no random numbers. */
uint64_t zem_bench_challenge_seed(uint64_t challenge);

/* Part of `lanes` lanes (a power of two up to 32) that fly a step on average; 0 if unknown. */
double zem_bench_deck_efficiency(const struct zem_bench_deck *deck, unsigned lanes);

#endif
