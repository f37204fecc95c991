/* Verification finds a total that was changed by one, and names its cell and its word in the tally. */
#include "run/verify.h"
#include "good_scenario.h"

static const char text[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}\n"
                           "target: {maneuver: step, acceleration: 3 gravity, start: {from: 0 s, to: 1 s}}\n"
                           "interceptor: {speed: 2 km/s, autopilot_lag: 0.2 s}\n"
                           "scoring: {hit_radius: [0.5 m, 1 m]}\n"
                           "sweep:\n"
                           "  - {parameter: target.acceleration, from: 1 gravity, to: 4 gravity, points: 4}\n"
                           "  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}\n"
                           "run: {trials: 70, seed: 1}\n";

static void a_total_changed_by_one_is_found_and_named(void **state)
{
    (void)state;
    static const size_t words[] = {ZEM_TALLY_MIX, ZEM_TALLY_HISTOGRAM + 100, ZEM_TALLY_DIVERT, ZEM_TALLY_RADIUS + 1};
    const struct zem_run_options options = {.devices = "openmp", .threads = 1, .shards = 1};
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_verification verification;
    struct zem_error error = {0};
    good_scenario(&scenario, "made_up.yaml", text);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    assert_int_equal(zem_run(&scenario, &options, &result, &error), 0);
    const uint64_t cells[] = {7, 2};
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT];
    assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), 0);
    assert_int_equal(verification.trials, 140);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        zem_totals_get(&result.totals, 2, tally);
        tally[words[i]]++;
        assert_true(zem_totals_set(&result.totals, 2, tally));
        error = (struct zem_error){0};
        assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), ZEM_DIFFERENCE);
        assert_int_equal(verification.different_cells, 1);
        assert_int_equal(verification.cell, 2);
        assert_int_equal(verification.word, words[i]);
        assert_int_equal(verification.in_file, verification.again + 1);
        assert_non_null(strstr(error.message, "cell 0,2 (acceleration = 1 gravity, navigation_gain = 5)"));
        tally[words[i]]--;
        assert_true(zem_totals_set(&result.totals, 2, tally));
    }
    zem_totals_get(&result.totals, 3, tally);
    tally[0]++; /* not among the cells that are verified */
    assert_true(zem_totals_set(&result.totals, 3, tally));
    assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), 0);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_changed_by_one_is_found_and_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
