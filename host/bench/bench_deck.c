/* Finds the decks inside the program by name, reads them as scenarios, and gives the efficiency of their lanes. */
#include "bench/bench_deck.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct zem_bench_deck *zem_bench_deck_find(const char *name, size_t length)
{
    for (const struct zem_bench_deck *deck = zem_bench_decks; deck->name != NULL; deck++)
        if (strlen(deck->name) == length && strncmp(deck->name, name, length) == 0)
            return deck;
    return NULL;
}

/* The mixing function of Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. It is
 * one to one, so two challenges never have the same seed. */
uint64_t zem_bench_challenge_seed(uint64_t challenge)
{
    uint64_t z = challenge + UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int zem_bench_deck_read(const struct zem_bench_deck *deck, const uint64_t *challenge, struct zem_scenario *scenario,
                        struct zem_error *error)
{
    char name[64], seed[48];
    const char *const overrides[] = {seed};
    struct zem_diagnostics diagnostics;
    snprintf(name, sizeof name, "deck %s", deck->name);
    if (challenge != NULL)
        snprintf(seed, sizeof seed, "run.seed=%" PRIu64, zem_bench_challenge_seed(*challenge));
    zem_diagnostics_init(&diagnostics, name);
    int status = zem_scenario_read_text(scenario, name, deck->text, strlen(deck->text), overrides,
                                        challenge != NULL ? 1 : 0, &diagnostics, error);
    if (status == ZEM_BAD_INPUT && diagnostics.count > 0) {
        char text[700];
        zem_diagnostics_format(&diagnostics, 0, text, sizeof text);
        status = zem_error_set(error, ZEM_INTERNAL, "bench: %s", text);
    }
    zem_diagnostics_free(&diagnostics);
    return status;
}

double zem_bench_deck_efficiency(const struct zem_bench_deck *deck, unsigned lanes)
{
    if (lanes <= 1)
        return 1.0;
    return lanes <= 4    ? deck->efficiency[0]
           : lanes <= 8  ? deck->efficiency[1]
           : lanes <= 16 ? deck->efficiency[2]
                         : deck->efficiency[3];
}
