/* The decks of the benchmark, which are scenarios of fixed work: how they are read, the digests by which a result
 * counts as valid, the seed that a challenge sets, and the figures that are computed from counts and times. */
#include "bench/bench.h"
#include "base/kernel_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void every_deck_reads_and_has_digests_for_this_kernel(void **state)
{
    (void)state;
    for (const struct zem_bench_deck *deck = zem_bench_decks; deck->name != NULL; deck++) {
        struct zem_scenario scenario = {0};
        struct zem_error error = {0};
        assert_int_equal(zem_bench_deck_read(deck, NULL, &scenario, &error), 0);
        zem_scenario_free(&scenario);
        assert_true(deck->version >= 1);
        assert_int_equal(deck->digest_kernel, ZEM_KERNEL_VERSION);
        assert_int_equal(strlen(deck->digest), 64);
        assert_int_equal(strlen(deck->miss_digest), 64);
        assert_int_equal(deck->operations_kernel, ZEM_KERNEL_VERSION);
        assert_true(deck->steps > 1.0 && deck->operations > deck->steps && deck->flops > deck->steps);
    }
}

static void both_digests_have_to_match(void **state)
{
    (void)state;
    char other[65];
    struct zem_bench_deck deck = *zem_bench_deck_find("small", 5);
    memcpy(other, deck.digest, sizeof other);
    other[63] = other[63] == '0' ? '1' : '0';
    assert_true(zem_bench_digest_matches(&deck, deck.digest, deck.miss_digest));
    assert_false(zem_bench_digest_matches(&deck, other, deck.miss_digest));
    assert_false(zem_bench_digest_matches(&deck, deck.digest, other));
    deck.digest_kernel++;
    assert_false(zem_bench_digest_matches(&deck, deck.digest, deck.miss_digest));
}

static void a_changed_digest_table_makes_the_work_invalid(void **state)
{
    (void)state;
    struct zem_bench_deck deck = *zem_bench_deck_find("small", 5);
    struct zem_device_list list = {0};
    struct zem_error error = {0};
    const struct zem_bench_options options = {.repeat = 1};
    static struct zem_bench_result result;
    size_t chosen[64], count = 0;
    char wrong[65];
    memcpy(wrong, deck.miss_digest, sizeof wrong);
    wrong[0] = wrong[0] == 'f' ? '0' : 'f';
    deck.miss_digest = wrong;
    assert_int_equal(zem_devices_list(&list, "openmp", 0.0, &error), 0);
    assert_int_equal(zem_devices_choose(&list, "openmp", chosen, &count, NULL, &error), 0);
    assert_int_equal(zem_bench_measure(&deck, &list.items[chosen[0]], &options, &result, &error), 0);
    zem_devices_free(&list);
    assert_false(result.valid);
    assert_non_null(strstr(result.proof, "not those of the deck"));
}

static void decks_are_found_by_whole_name(void **state)
{
    (void)state;
    assert_non_null(zem_bench_deck_find("standard,small", 8));
    assert_null(zem_bench_deck_find("stand", 5));
    assert_null(zem_bench_deck_find("", 0));
}

static void a_challenge_gives_its_seed(void **state)
{
    (void)state;
    const uint64_t challenge = 7;
    struct zem_scenario scenario = {0};
    struct zem_error error = {0};
    assert_int_equal(zem_bench_deck_read(zem_bench_deck_find("small", 5), &challenge, &scenario, &error), 0);
    assert_true(scenario.value[ZEM_KEY_SEED].integer == zem_bench_challenge_seed(7));
    assert_true(zem_bench_challenge_seed(7) != zem_bench_challenge_seed(8));
    zem_scenario_free(&scenario);
}

static void spread_has_interpolated_quartiles(void **state)
{
    (void)state;
    const double seconds[] = {5.0, 1.0, 4.0, 2.0};
    const struct zem_bench_spread one = zem_bench_spread_of(seconds, 1), four = zem_bench_spread_of(seconds, 4);
    assert_true(one.least == 5.0 && one.lower_quartile == 5.0 && one.median == 5.0 && one.upper_quartile == 5.0
                && one.most == 5.0);
    assert_true(four.least == 1.0 && four.lower_quartile == 1.75 && four.median == 3.0 && four.upper_quartile == 4.25
                && four.most == 5.0);
}

static void figures_follow_from_counts_and_times(void **state)
{
    (void)state;
    static struct zem_bench_result result;
    const struct zem_bench_deck deck = {.operations_kernel = ZEM_KERNEL_VERSION,
                                        .steps = 100.0,
                                        .flops = 4000.0,
                                        .operations = 3000.0,
                                        .efficiency = {0.9, 0.8, 0.7, 0.6}};
    result.deck = &deck;
    result.engagements = 1000;
    result.kernel.median = 0.5;
    result.peak.flops = 16e6;
    result.peak.issue = 8e6;
    assert_true(zem_bench_engagement_rate(&result) == 2000.0);
    assert_true(zem_bench_step_rate(&result) == 200000.0);
    assert_true(zem_bench_peak_share(&result) == 0.5);
    assert_true(zem_bench_issue_share(&result) == 0.75);
    assert_true(zem_bench_deck_efficiency(&deck, 1) == 1.0 && zem_bench_deck_efficiency(&deck, 8) == 0.8
                && zem_bench_deck_efficiency(&deck, 32) == 0.6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_deck_reads_and_has_digests_for_this_kernel),
        cmocka_unit_test(both_digests_have_to_match),
        cmocka_unit_test(a_changed_digest_table_makes_the_work_invalid),
        cmocka_unit_test(decks_are_found_by_whole_name),
        cmocka_unit_test(a_challenge_gives_its_seed),
        cmocka_unit_test(spread_has_interpolated_quartiles),
        cmocka_unit_test(figures_follow_from_counts_and_times),
    };
    return cmocka_run_group_tests_name("bench_deck", tests, NULL, NULL);
}
