/* The intervals of paired differences contain the true ones. The trials are synthetic: misses have a Rayleigh
 * distribution and are longer by a fixed share in the second series, so that every true difference has a closed form.
 * The seed was chosen before any result was seen. At 99 % confidence 17 or more of 400 intervals miss the true value
 * with a probability below 1e-6. */
#include "study/paired_difference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/layout.h"

enum { TRIALS = 2000, REPLICAS = 400, OUTSIDE_MOST = 16 };
#define CONFIDENCE 0.99
#define LONGER 1.002 /* misses of the second series over those of the first */

static struct zem_flown first[TRIALS], second[TRIALS];
static double first_sorted[TRIALS], second_sorted[TRIALS];

/* Returns a random number, uniform on (0, 1), by splitmix64. */
static double random_number(void)
{
    static uint64_t state = 12;
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static void draw(void)
{
    for (size_t k = 0; k < TRIALS; k++) {
        const double miss = sqrt(-2.0 * log(random_number())), time = 4.0 + random_number(), scatter = random_number();
        first[k] = (struct zem_flown){.miss = miss, .scored = miss, .flight_time = time, .divert = 50.0 * miss};
        first[k].saturated_time = time * random_number() * 0.2;
        first[k].outcome = ZEM_OUTCOME_PASSED;
        second[k] = first[k];
        second[k].miss = second[k].scored = miss * LONGER;
        second[k].divert = first[k].divert * (1.0 + 0.02 * scatter);
        second[k].saturated_time = first[k].saturated_time * (1.0 + 0.02 * scatter);
    }
}

static struct zem_series series_of(const struct zem_flown *flown, double *sorted)
{
    const size_t passed = zem_series_sort(flown, TRIALS, false, sorted);
    return (struct zem_series){.flown = flown, .count = TRIALS, .sorted = sorted, .passed = passed};
}

static void check_coverage(struct zem_quantity quantity, double truth)
{
    unsigned outside = 0;
    for (unsigned replica = 0; replica < REPLICAS; replica++) {
        draw();
        const struct zem_series a = series_of(first, first_sorted), b = series_of(second, second_sorted);
        const struct zem_paired d = zem_paired_difference(quantity, &a, &b, CONFIDENCE);
        assert_true(d.lower <= d.value && d.value <= d.upper && d.lower < d.upper);
        outside += d.lower > truth || d.upper < truth;
    }
    if (outside > OUTSIDE_MOST)
        fail_msg("quantity %d: %u of %d intervals miss %g", (int)quantity.kind, outside, REPLICAS, truth);
}

static void the_interval_of_a_hit_probability_covers(void **state)
{
    (void)state;
    for (double radius = 0.05; radius < 4.0; radius *= 2.0)
        check_coverage((struct zem_quantity){ZEM_P_HIT, radius},
                       exp(-0.5 * radius * radius / (LONGER * LONGER)) - exp(-0.5 * radius * radius));
}

static void the_interval_of_a_quantile_covers(void **state)
{
    (void)state;
    static const double level[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    for (size_t k = 0; k < sizeof level / sizeof *level; k++)
        check_coverage((struct zem_quantity){ZEM_MISS_QUANTILE, level[k]},
                       (1.0 - LONGER) * sqrt(-2.0 * log(1.0 - level[k])));
}

static void the_interval_of_a_mean_covers(void **state)
{
    (void)state;
    const double mean = sqrt(2.0 * atan(1.0)); /* of a Rayleigh distribution: the root of pi/2 */
    check_coverage((struct zem_quantity){ZEM_MISS_MEAN, 0.0}, (1.0 - LONGER) * mean);
    check_coverage((struct zem_quantity){ZEM_MISS_RMS, 0.0}, (1.0 - LONGER) * sqrt(2.0));
    check_coverage((struct zem_quantity){ZEM_DIVERT_MEAN, 0.0}, -0.01 * 50.0 * mean);
    check_coverage((struct zem_quantity){ZEM_SATURATED_FRACTION, 0.0}, -0.01 * 0.1);
}

/* Two errors of opposite sign near the radius cancel in every average over radii, but not at the radius itself. */
static void an_error_at_the_radius_is_not_averaged_away(void **state)
{
    (void)state;
    draw();
    for (size_t k = 0; k < TRIALS; k++) {
        const double miss = k % 2 == 0 ? 0.99 : 1.05;
        first[k].scored = miss;
        second[k].scored = k % 20 == 0 ? 1.01 : k % 20 == 1 ? 1.03 : miss;
    }
    const struct zem_series a = series_of(first, first_sorted), b = series_of(second, second_sorted);
    const struct zem_paired d = zem_paired_difference((struct zem_quantity){ZEM_P_HIT, 1.0}, &a, &b, CONFIDENCE);
    assert_int_equal(d.gained, TRIALS / 20);
    assert_int_equal(d.lost, 0);
    assert_true(d.value == 0.05 && d.lower > 0.03 && d.upper < 0.07);
}

static void a_trial_without_a_miss_distance_counts_as_no_hit(void **state)
{
    (void)state;
    draw();
    for (size_t k = 0; k < TRIALS; k += 10)
        second[k].outcome = ZEM_OUTCOME_PASSED + 1;
    const struct zem_series a = series_of(first, first_sorted), b = series_of(second, second_sorted);
    const struct zem_paired d = zem_paired_difference((struct zem_quantity){ZEM_P_HIT, 100.0}, &a, &b, CONFIDENCE);
    assert_int_equal(b.passed, TRIALS - TRIALS / 10);
    assert_int_equal(d.gained, TRIALS / 10);
    assert_int_equal(d.lost, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_of_a_hit_probability_covers),
        cmocka_unit_test(the_interval_of_a_quantile_covers),
        cmocka_unit_test(the_interval_of_a_mean_covers),
        cmocka_unit_test(an_error_at_the_radius_is_not_averaged_away),
        cmocka_unit_test(a_trial_without_a_miss_distance_counts_as_no_hit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
