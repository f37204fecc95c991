/* The ranks of the samples that bound a quantile, compared with their definition by probabilities that are added up one
 * by one; and the limits that follow from them, compared with those of statistics.c. The histograms are random with a
 * fixed seed. No check can fail by chance. */
#include "base/quantile_ranks.h"
#include "base/statistics.h"
#include "result/rank_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SLOTS 258

/* Returns a random number, uniform on [0, 1), by splitmix64. */
static double random_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Returns P(B >= hits) for B binomial(trials, p), added up from the smallest term on. */
static long double tail_sum(unsigned hits, unsigned trials, long double p)
{
    long double sum = 0;
    for (unsigned k = trials + 1; k-- > hits;)
        sum += expl(lgammal(trials + 1.0L) - lgammal(k + 1.0L) - lgammal(trials - k + 1.0L) + k * logl(p)
                    + (trials - k) * log1pl(-p));
    return sum;
}

static const double levels[] = {0.05, 0.25, 0.5, 0.75, 0.95};
#define LEVELS (sizeof levels / sizeof *levels)

/* Fails if the rank is not the smallest number r with P(B >= r) <= tail. A number whose probability equals the tail to
 * 1e-12 may be on either side. */
static void assert_rank(uint64_t rank, unsigned total, double p, double tail)
{
    const double margin = 1e-12;
    assert_true(rank >= 1 && rank <= total + 1);
    if (rank <= total)
        assert_true((double)tail_sum((unsigned)rank, total, (long double)p) <= tail * (1 + margin));
    if (rank > 1)
        assert_true((double)tail_sum((unsigned)rank - 1, total, (long double)p) > tail * (1 - margin));
}

static void ranks_are_the_smallest_rare_numbers(void **state)
{
    (void)state;
    static const double confidences[] = {0.5, 0.9, 0.95, 0.999, 0.9999999};
    for (unsigned total = 1; total < 3000; total += 1 + total / 5)
        for (size_t c = 0; c < sizeof confidences / sizeof *confidences; c++)
            for (size_t i = 0; i < LEVELS; i++) {
                const struct zem_quantile_ranks ranks = zem_quantile_ranks(total, levels[i], confidences[c]);
                assert_rank(ranks.below, total, levels[i], 0.5 * (1 - confidences[c]));
                assert_rank(ranks.above, total, 1 - levels[i], 0.5 * (1 - confidences[c]));
            }
}

/* Fills a histogram with misses around some slot with some spread, often with empty slots at both ends. */
static void fill(uint64_t counts[SLOTS], uint64_t below[SLOTS + 1], uint64_t *random)
{
    const uint64_t samples = (uint64_t)exp(9 * random_number(random)) - 1;
    const double centre = SLOTS * (1.2 * random_number(random) - 0.1), spread = 60 * random_number(random);
    memset(counts, 0, SLOTS * sizeof *counts);
    for (uint64_t k = 0; k < samples; k++) {
        const double slot = centre + spread * (random_number(random) - random_number(random));
        counts[slot < 0 ? 0 : slot >= SLOTS ? SLOTS - 1 : (size_t)slot]++;
    }
    below[0] = 0;
    for (size_t i = 0; i < SLOTS; i++)
        below[i + 1] = below[i] + counts[i];
}

static void limits_equal_those_of_tail_sums(void **state)
{
    (void)state;
    uint64_t random = 20261125, counts[SLOTS], below[SLOTS + 1];
    double edges[SLOTS - 1];
    struct zem_rank_table *table = zem_rank_table_create();
    assert_non_null(table);
    for (size_t i = 0; i < SLOTS - 1; i++)
        edges[i] = 1 + (double)i;
    for (int round = 0; round < 2000; round++) {
        struct zem_quantile_ranks ranks[LEVELS];
        const double confidence = round % 2 == 0 ? 0.95 : 0.5;
        fill(counts, below, &random);
        zem_rank_table_find(round % 5 == 0 ? NULL : table, levels, LEVELS, below[SLOTS], confidence, ranks);
        for (size_t i = 0; i < LEVELS; i++) {
            const double lower = zem_quantile_ranks_lower(&ranks[i], below, edges, SLOTS),
                         upper = zem_quantile_ranks_upper(&ranks[i], below, edges, SLOTS),
                         exact_lower = zem_quantile_lower(counts, edges, SLOTS, levels[i], confidence),
                         exact_upper = zem_quantile_upper(counts, edges, SLOTS, levels[i], confidence);
            assert_memory_equal(&lower, &exact_lower, sizeof lower); /* compared bit by bit, as NaN if no samples */
            assert_memory_equal(&upper, &exact_upper, sizeof upper);
        }
    }
    zem_rank_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_the_smallest_rare_numbers),
        cmocka_unit_test(limits_equal_those_of_tail_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
