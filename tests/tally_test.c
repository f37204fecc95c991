/* From one trial to integers: the histogram slot at and beside every edge, fixed point to its last bit, hits by radius,
 * salvos, and Carleton's draw. identity_test.c compares the tallies of whole devices, where the carries of their 32-bit
 * halves matter. */
#include "kernels/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define EDGES (ZEM_HISTOGRAM_BINS + 1)

static u32 histogram_slot(float miss)
{
    u32 slot[ZEM_LANES];
    histogram_slots(miss, slot);
    return slot[0];
}

static float next_below(float x) { return as_real(as_bits(x) - 1u); }

static void an_edge_belongs_to_the_bin_above_it(void **state)
{
    (void)state;
    for (u32 k = 0; k < EDGES; k++) {
        assert_int_equal(histogram_slot(zem_histogram_edge[k]), k + 1u);
        assert_int_equal(histogram_slot(next_below(zem_histogram_edge[k])), k);
        assert_int_equal(histogram_slot(as_real(as_bits(zem_histogram_edge[k]) + 1u)), k + 1u);
    }
    assert_int_equal(histogram_slot(0.0f), 0);
    assert_int_equal(histogram_slot(1e9f), ZEM_HISTOGRAM_SLOTS - 1);
    assert_int_equal(histogram_slot(HUGE_VALF), ZEM_HISTOGRAM_SLOTS - 1);
}

static void every_slot_is_that_of_a_plain_search(void **state)
{
    (void)state;
    for (u32 word = 0; word < as_bits(HUGE_VALF); word += 104729u) {
        u32 slot = 0;
        while (slot < EDGES && as_real(word) >= zem_histogram_edge[slot])
            slot++;
        assert_int_equal(histogram_slot(as_real(word)), slot);
    }
}

static void fixed_point_rounds_down_exactly(void **state)
{
    (void)state;
    for (u32 word = 0; word < as_bits(274877906944.0f); word += 1009u) {
        u32 clipped = 0;
        assert_true(fixed_point(as_real(word), &clipped) == (u64)((double)as_real(word) * 16777216.0));
        assert_int_equal(clipped, 0);
    }
    u32 clipped = 0;
    assert_true(fixed_point(1.0f, &clipped) == 1u << 24);
    assert_true(fixed_point(0x1p-24f, &clipped) == 1u && fixed_point(next_below(0x1p-24f), &clipped) == 0u);
    assert_true(fixed_point(next_below(274877906944.0f), &clipped) == (UINT64_C(1) << 62) - (UINT64_C(1) << 38));
    assert_int_equal(clipped, 0);
}

static void a_value_beyond_the_range_is_clipped_and_reported(void **state)
{
    (void)state;
    const float beyond[] = {274877906944.0f, 1e20f, HUGE_VALF, (float)NAN};
    for (size_t k = 0; k < sizeof beyond / sizeof *beyond; k++) {
        u32 clipped = 0;
        assert_true(fixed_point(beyond[k], &clipped) == UINT64_C(1) << 62);
        assert_int_equal(clipped, 1);
    }
}

/* The tally adds the low and the high halves of the terms of a sum separately. Together they hold the sum of 128 bits,
 * also when 64 bits have overflowed. */
static void a_sum_outgrows_64_bits_without_loss(void **state)
{
    (void)state;
    u64 tally[2] = {0, 0};
    u32 clipped = 0;
    const u32 counted = 1, not_counted = 0;
    const float terms[] = {274877890560.0f, 0x1p-24f, 3.0e10f, 255.99998f, 1.0f};
    __extension__ unsigned __int128 expected = 0;
    for (u32 k = 0; k < 100000u; k++) {
        tally_sum(tally, 0u, &terms[k % 5u], &counted, &clipped);
        tally_sum(tally, 0u, &terms[k % 5u], &not_counted, &clipped);
        expected += (u64)((double)terms[k % 5u] * 16777216.0);
    }
    assert_true((tally[0] >> 32) > 0u); /* the low half did overflow 32 bits */
    assert_true(((expected - tally[0]) >> 32) == tally[1] && (u32)(expected - tally[0]) == 0u);
    assert_true((u64)(expected >> 64) > 0u); /* and the sum 64 bits */
    assert_int_equal(clipped, 0);
}

static struct cell_parameters cell_with_radii(u32 count)
{
    struct cell_parameters cell = {.radius_count = count, .shots = 1u};
    for (u32 k = 0; k < count; k++)
        cell.radius[k] = 0.5f * (float)(k + 1u);
    return cell;
}

static void a_hit_is_a_miss_below_the_radius(void **state)
{
    (void)state;
    const struct cell_parameters cell = cell_with_radii(3);
    const float misses[] = {0.0f, 0.4999999f, 0.5f, 0.9f, 1.0f, 1.4999999f, 1.5f, 100.0f};
    const u32 expected[] = {0, 0, 1, 1, 2, 2, 3, 3};
    for (size_t k = 0; k < sizeof misses / sizeof *misses; k++)
        assert_int_equal(smallest_hit_radius(&cell, misses[k], ZEM_OUTCOME_PASSED), expected[k]);
    for (u32 outcome = ZEM_OUTCOME_NOT_CLOSING; outcome < ZEM_OUTCOME_COUNT; outcome++)
        assert_int_equal(smallest_hit_radius(&cell, 0.0f, outcome), 3);
    assert_int_equal(smallest_hit_radius(&cell, (float)NAN, ZEM_OUTCOME_PASSED), 3);
}

static void a_trial_is_counted_once_in_every_group_of_words(void **state)
{
    (void)state;
    u64 tally[ZEM_TALLY_WORDS(3, 1)] = {0};
    struct flight flight = {
        .miss = 0.75f, .flight_time = 5.0f, .divert = 100.0f, .saturated_time = 0.25f, .outcome = ZEM_OUTCOME_PASSED};
    tally_trials(tally, &flight, 1u, 1u);
    assert_true(tally[ZEM_TALLY_TRIALS] == 1 && tally[ZEM_TALLY_OUTCOME] == 1 && tally[ZEM_TALLY_RADIUS + 1] == 1);
    assert_true(tally[ZEM_TALLY_HISTOGRAM + histogram_slot(0.75f)] == 1 && tally[ZEM_TALLY_SATURATED_TRIALS] == 1
                && tally[ZEM_TALLY_CLIPPED] == 0);
    assert_true(tally[ZEM_TALLY_MISS] == 3u << 22 && tally[ZEM_TALLY_MISS_SQUARED] == 9u << 20
                && tally[ZEM_TALLY_FLIGHT_TIME] == 5u << 24);
    assert_true(tally[ZEM_TALLY_DIVERT] == 100u << 24 && tally[ZEM_TALLY_SATURATED_TIME] == 1u << 22);
    u64 words = 0, before = 0;
    for (int k = 0; k < ZEM_TALLY_WORDS(3, 1); k++)
        before += tally[k];
    tally_trials(tally, &flight, 1u, 0u); /* a lane beyond the last trial counts nothing */
    for (int k = 0; k < ZEM_TALLY_WORDS(3, 1); k++)
        words += tally[k];
    assert_true(words == before);

    /* A trial that did not pass has an outcome, and no count that needs a miss. */
    u64 other[ZEM_TALLY_WORDS(3, 1)] = {0}, total = 0;
    flight.outcome = ZEM_OUTCOME_NOT_FINITE;
    flight.miss = flight.divert = (float)NAN;
    tally_trials(other, &flight, 3u, 1u);
    assert_true(other[ZEM_TALLY_TRIALS] == 1 && other[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_FINITE] == 1
                && other[ZEM_TALLY_RADIUS + 3] == 1);
    for (int k = ZEM_TALLY_CLIPPED; k < ZEM_TALLY_RADIUS; k++)
        total += other[k];
    assert_true(total == 0);

    /* A trial whose sums are clipped is counted as clipped once, however many of its sums are. */
    u64 clipped[ZEM_TALLY_WORDS(3, 1)] = {0};
    const struct flight far = {.miss = 1e20f, .flight_time = 1e20f, .divert = 1.0f, .outcome = ZEM_OUTCOME_PASSED};
    tally_trials(clipped, &far, 3u, 1u);
    assert_true(clipped[ZEM_TALLY_CLIPPED] == 1 && clipped[ZEM_TALLY_SATURATED_TRIALS] == 0);
}

static void the_mix_has_the_bits_of_the_miss_or_the_outcome(void **state)
{
    (void)state;
    const struct address address = {.trial_low = 4u, .trial_high = 7u};
    struct flight flight = {.miss = 0.75f, .outcome = ZEM_OUTCOME_PASSED};
    assert_true(flight_mix(&flight, &address, 7u, 1u) == trial_mix(4u, 7u, as_bits(0.75f)));
    flight.outcome = ZEM_OUTCOME_NOT_FINITE;
    assert_true(flight_mix(&flight, &address, 7u, 1u) == trial_mix(4u, 7u, 0xFFFFFFFFu - ZEM_OUTCOME_NOT_FINITE));
    assert_true(flight_mix(&flight, &address, 7u, 0u) == 0u); /* no trial of the vector belongs to the batch */
}

static void salvos_count_hits_by_shot_and_by_number(void **state)
{
    (void)state;
    enum { RADII = 2, SHOTS = 3 };
    struct cell_parameters cell = cell_with_radii(RADII);
    u64 tally[ZEM_TALLY_WORDS(RADII, SHOTS)] = {0};
    cell.shots = SHOTS;
    /* The first shot hits within the first radius, the second within the second, the third within none. */
    tally_salvo(&cell, tally, 0x020100u);
    tally_salvo(&cell, tally, 0x020202u);
    const u64 *shot = tally + ZEM_TALLY_SALVO(RADII), *number = shot + RADII * SHOTS;
    const u64 shots[RADII * SHOTS] = {1, 0, 0, 1, 1, 0}, numbers[RADII * (SHOTS + 1)] = {1, 1, 0, 0, 1, 0, 1, 0};
    assert_memory_equal(shot, shots, sizeof shots);
    assert_memory_equal(number, numbers, sizeof numbers);
}

/* The fraction of hits is exp(-miss^2 / 2 a^2) for the radius a, within five standard deviations (false-alarm rate 6e-7
 * each). A trial has one draw for all radii. */
static void carleton_hits_have_their_probability(void **state)
{
    (void)state;
    enum { TRIALS = 1 << 20, RADII = 4 };
    struct cell_parameters cell = cell_with_radii(RADII);
    u64 counts[RADII + 1] = {0};
    const float miss = 0.8f;
    cell.features = ZEM_FEATURE_CARLETON;
    for (u32 n = 0; n < TRIALS; n++) {
        const struct address address = {.trial_low = n, .seed_low = 20u};
        counts[smallest_hit_radius(&cell, scored_miss(&cell, &address, miss), ZEM_OUTCOME_PASSED)]++;
    }
    u64 hits = 0;
    for (u32 k = 0; k < RADII; k++) {
        const double a = (double)cell.radius[k], p = exp(-(double)miss * (double)miss / (2.0 * a * a));
        hits += counts[k];
        printf("radius %g: %.0f hits, expected %.0f\n", a, (double)hits, p * TRIALS);
        assert_true(fabs((double)hits - p * TRIALS) < 5.0 * sqrt(TRIALS * p * (1.0 - p)));
    }
    cell.features = 0;
    const struct address address = {.trial_low = 1u};
    assert_true(scored_miss(&cell, &address, miss) == miss);
}

/* The largest of the 2^24 possible draws, u = 1, has -ln u = 0, so that only a miss of 0 is a hit. Trials 1344267 and
 * 6762403 of this seed have the largest and the smallest draw. */
static void carleton_scores_stay_finite_at_extreme_draws(void **state)
{
    (void)state;
    struct cell_parameters cell = cell_with_radii(1);
    struct address address = {.trial_low = 1344267u, .seed_low = 20u};
    cell.features = ZEM_FEATURE_CARLETON;
    assert_true(uniform_positive(draw(&address, ZEM_STREAM_LETHALITY, 0u).word[0]) == 1.0f);
    assert_true(scored_miss(&cell, &address, 0.0f) == 0.0f);
    assert_true(scored_miss(&cell, &address, 1.0f) > 1e9f && isfinite(scored_miss(&cell, &address, 1.0f)));
    address.trial_low = 6762403u;
    assert_true(uniform_positive(draw(&address, ZEM_STREAM_LETHALITY, 0u).word[0]) == 0x1p-24f);
    assert_true(fabs((double)scored_miss(&cell, &address, 1.0f) - 1.0 / sqrt(48.0 * log(2.0))) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edge_belongs_to_the_bin_above_it),
        cmocka_unit_test(every_slot_is_that_of_a_plain_search),
        cmocka_unit_test(fixed_point_rounds_down_exactly),
        cmocka_unit_test(a_value_beyond_the_range_is_clipped_and_reported),
        cmocka_unit_test(a_sum_outgrows_64_bits_without_loss),
        cmocka_unit_test(a_hit_is_a_miss_below_the_radius),
        cmocka_unit_test(a_trial_is_counted_once_in_every_group_of_words),
        cmocka_unit_test(the_mix_has_the_bits_of_the_miss_or_the_outcome),
        cmocka_unit_test(salvos_count_hits_by_shot_and_by_number),
        cmocka_unit_test(carleton_hits_have_their_probability),
        cmocka_unit_test(carleton_scores_stay_finite_at_extreme_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
