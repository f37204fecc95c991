/* The shares of the axes, and of pairs of axes, in the variance over a grid: on surfaces whose shares are known, and on
 * noise alone. Limits are five standard deviations of a binomial count or of a mean, which chance exceeds once in two
 * million runs. The seeds were chosen before any result was seen. */
#include "result/effects.h"

#include "counted_results.h"
#include "synthetic_result.h"

#define SCENARIO \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n" \
    "scoring: {hit_radius: 1 m}\n" \
    "run: {trials: 1000, seed: 1}\n" \
    "sweep:\n" \
    "  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 5}\n" \
    "  - {parameter: interceptor.autopilot_lag, from: 0.1 s, to: 0.5 s, points: 4}\n" \
    "  - {parameter: engagement.flight_time, from: 1 s, to: 4 s, points: 3}\n"
#define SURFACES 30

static void analyse(const struct zem_result *result, struct zem_effects *effects)
{
    struct zem_error error = {0};
    if (zem_effects_find(result, zem_variable_find("p_hit"), 0, effects, &error) != 0)
        fail_msg("%s", error.message);
}

static const double rows[5] = {-0.1, -0.05, 0.0, 0.05, 0.1}, columns[4] = {-0.03, -0.01, 0.01, 0.03};

static double additive(uint64_t cell) { return 0.3 + rows[cell / 12] + columns[cell / 3 % 4]; }

/* A surface whose rows have the variance 0.005 and whose columns have 0.0005; nothing else varies. The numbers of
 * trials of its cells differ by up to a factor of 20. */
static void shares_of_an_additive_surface_are_found(void **state)
{
    (void)state;
    const double truth[7] = {0.005 / 0.0055, 0.0005 / 0.0055, 0, 0, 0, 0, 0};
    struct zem_result result;
    struct zem_scenario scenario;
    uint64_t random = 31;
    int missed = 0, found[7] = {0};
    double mean[7] = {0}, square[7] = {0};
    counted_init(&result, &scenario, SCENARIO);
    for (int i = 0; i < SURFACES; i++) {
        struct zem_effects effects;
        for (uint64_t cell = 0; cell < result.cells; cell++) {
            const uint64_t trials = cell % 2 ? 500 : 10000;
            counted_cell(&result, cell, counted_binomial(trials, additive(cell), &random), trials);
        }
        analyse(&result, &effects);
        assert_int_equal(effects.count, 7); /* three axes, three pairs of axes, and the rest */
        assert_true(effects.differ);
        for (size_t n = 0; n < 7; n++) {
            const struct zem_effect *effect = &effects.effect[n];
            missed += truth[n] < effect->interval.lower || truth[n] > effect->interval.upper;
            found[n] += effect->significant;
            mean[n] += effect->share / SURFACES;
            square[n] += effect->share * effect->share / SURFACES;
        }
        zem_effects_free(&effects);
    }
    const double most = 0.05 * 7 * SURFACES;
    if (missed > most + 5 * sqrt(most))
        fail_msg("%d of %d intervals miss the share", missed, 7 * SURFACES);
    assert_int_equal(found[0], SURFACES);
    assert_true(found[1] > SURFACES / 2);
    for (size_t n = 0; n < 7; n++) {
        const double deviation = sqrt((square[n] - mean[n] * mean[n]) / (SURFACES - 1));
        if (fabs(mean[n] - truth[n]) > 5 * deviation + 0.002) /* a ratio of estimates has a bias of the order of its
                                                                 variance */
            fail_msg("part %zu: mean share %g instead of %g, +- %g", n, mean[n], truth[n], deviation);
        assert_true(n < 2 || found[n] <= 0.05 * SURFACES + 5 * sqrt(0.05 * SURFACES));
    }
    counted_free(&result, &scenario);
}

static void noise_has_no_effects(void **state)
{
    (void)state;
    const double chances[] = {0.002, 0.434, 0.99};
    struct zem_result result;
    struct zem_scenario scenario;
    uint64_t random = 32;
    int differ = 0;
    counted_init(&result, &scenario, SCENARIO);
    for (int i = 0; i < 3 * SURFACES; i++) {
        struct zem_effects effects;
        for (uint64_t cell = 0; cell < result.cells; cell++) {
            const uint64_t trials = cell % 2 ? 200 : 3000;
            counted_cell(&result, cell, counted_binomial(trials, chances[i % 3], &random), trials);
        }
        analyse(&result, &effects);
        differ += effects.differ;
        for (size_t n = 0; n < effects.count; n++)
            assert_true(effects.differ || !effects.effect[n].significant);
        zem_effects_free(&effects);
    }
    const double most = 0.05 * 3 * SURFACES;
    if (differ > most + 5 * sqrt(most))
        fail_msg("%d of %d surfaces of noise have effects", differ, 3 * SURFACES);
    counted_free(&result, &scenario);
}

/* p is 0.5 plus 0.002 times the product of row and column, each in steps from the middle, with hardly any noise. By
 * hand, the pair of axes has the whole variance, and the main effects of both are flat. */
static void a_product_is_the_share_of_its_pair(void **state)
{
    (void)state;
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_effects effects;
    const uint64_t trials = 100000000;
    counted_init(&result, &scenario, SCENARIO);
    for (uint64_t cell = 0; cell < result.cells; cell++)
        counted_cell(&result, cell,
                     (uint64_t)rint((0.5 + 40 * rows[cell / 12] * columns[cell / 3 % 4] / 10) * (double)trials),
                     trials);
    analyse(&result, &effects);
    for (size_t n = 0; n < effects.count; n++)
        assert_true(fabs(effects.effect[n].share - (n == 3 ? 1.0 : 0.0)) < 1e-3);
    assert_int_equal(effects.effect[3].axes, 2);
    assert_true(effects.effect[3].axis[0] == 0 && effects.effect[3].axis[1] == 1);
    assert_true(fabs(effects.mean - 0.5) < 1e-8 && fabs(effects.curve[0][4] - 0.5) < 1e-6);
    zem_effects_free(&effects);
    counted_free(&result, &scenario);
}

/* A miss that is uniform on [0, s): the variance of the mean of n trials is s^2 / 12 n, that of the root mean square
 * s^2 / 15 n. Estimates from 1,000 trials have a deviation of about 3 %, and the bins of the histogram add 2 %. */
static void noise_of_moments_is_that_of_a_uniform_miss(void **state)
{
    (void)state;
    struct zem_result result;
    struct zem_scenario scenario;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const double spread = 1 + 4.0 * 23 / 24, passed = 980;
    const double of_mean = zem_variable_noise(&result, zem_variable_find("miss_mean"), 0, 23),
                 of_root = zem_variable_noise(&result, zem_variable_find("miss_rms"), 0, 23),
                 of_median = zem_variable_noise(&result, zem_variable_find("miss_quantile"), 2, 23);
    assert_true(fabs(of_mean / (spread * spread / 12 / passed) - 1) < 0.2);
    assert_true(fabs(of_root / (spread * spread / 15 / passed) - 1) < 0.2);
    assert_true(of_median
                > spread * spread / 4 / passed / 2); /* an interval of whole bins is wider than that of the quantile */
    assert_true(isnan(zem_variable_noise(&result, zem_variable_find("divert_mean"), 0, 23)));
    synthetic_free(&result, &scenario);
}

static void what_cannot_be_analysed_is_said(void **state)
{
    (void)state;
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_effects effects;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES); /* its cell 2 has no trials */
    assert_int_equal(zem_effects_find(&result, zem_variable_find("p_hit"), 0, &effects, &error), ZEM_BAD_INPUT);
    assert_non_null(strstr(error.message, "cell 0,2"));
    zem_effects_free(&effects);
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    error = (struct zem_error){0};
    assert_int_equal(zem_effects_find(&result, zem_variable_find("p_hit"), 0, &effects, &error), ZEM_USAGE);
    zem_effects_free(&effects);
    synthetic_free(&result, &scenario);
    synthetic_init(&result, &scenario, SYNTHETIC_ONE_AXIS);
    for (uint64_t cell = 0; cell < result.cells; cell++)
        counted_cell(&result, cell, 10, 100);
    error = (struct zem_error){0};
    assert_int_equal(zem_effects_find(&result, zem_variable_find("divert_mean"), 0, &effects, &error), ZEM_USAGE);
    assert_non_null(strstr(error.message, "divert_mean"));
    zem_effects_free(&effects);
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_an_additive_surface_are_found),
        cmocka_unit_test(noise_has_no_effects),
        cmocka_unit_test(a_product_is_the_share_of_its_pair),
        cmocka_unit_test(noise_of_moments_is_that_of_a_uniform_miss),
        cmocka_unit_test(what_cannot_be_analysed_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
