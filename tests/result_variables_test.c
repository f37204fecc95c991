/* Result variables, computed from made-up totals (synthetic_result.h) and compared with their definitions. */
#include "synthetic_result.h"

#include <math.h>

static void assert_close(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

static double number_of(const struct zem_result *result, const char *name, uint64_t cell, size_t element)
{
    double numbers[ZEM_HISTOGRAM_SLOTS];
    zem_variable_find(name)->compute(result, cell, NULL, numbers);
    return numbers[element];
}

static void means_and_deviations_follow_from_the_sums(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    uint64_t totals[ZEM_TALLY_WORDS_LIMIT] = {0};
    const double misses[] = {0.25, 0.75, 3, 100};
    totals[ZEM_TALLY_TRIALS] = 5;
    totals[ZEM_TALLY_OUTCOME] = 4;
    totals[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_GROUND] = 1;
    totals[ZEM_TALLY_RADIUS] = 1;
    totals[ZEM_TALLY_RADIUS + 1] = 1;
    totals[ZEM_TALLY_RADIUS + 3] = 3;
    for (int i = 0; i < 4; i++) {
        synthetic_sum(totals, ZEM_TALLY_MISS, misses[i]);
        synthetic_sum(totals, ZEM_TALLY_MISS_SQUARED, misses[i] * misses[i]);
        synthetic_sum(totals, ZEM_TALLY_FLIGHT_TIME, 4);
        synthetic_sum(totals, ZEM_TALLY_SATURATED_TIME, 0.5);
        synthetic_sum(totals, ZEM_TALLY_DIVERT, 300);
    }
    assert_true(zem_totals_set(&result.totals, 0, totals));
    assert_close(number_of(&result, "miss_mean", 0, 0), 26, 1e-15);
    assert_close(number_of(&result, "miss_rms", 0, 0), sqrt((0.0625 + 0.5625 + 9 + 10000) / 4), 1e-15);
    assert_close(number_of(&result, "miss_std", 0, 0), sqrt((0.0625 + 0.5625 + 9 + 10000) / 4 - 26 * 26), 1e-15);
    assert_close(number_of(&result, "saturated_fraction", 0, 0), 0.125, 1e-15);
    assert_close(number_of(&result, "divert_mean", 0, 0), 300, 1e-15);
    assert_close(number_of(&result, "flight_time_mean", 0, 0), 4, 1e-15);
    assert_close(number_of(&result, "p_hit", 0, 0), 0.2, 1e-15); /* of all trials, not of those with a miss */
    assert_close(number_of(&result, "p_hit", 0, 1), 0.4, 1e-15);
    assert_close(number_of(&result, "p_hit", 0, 2), 0.4, 1e-15);
    assert_int_equal(zem_result_hits(&result, 0, 2), 2);
    synthetic_free(&result, &scenario);
}

/* A thousand million trials of 1 km, half of them 2^-12 m more. The difference of two means in double precision would
 * be rounding error alone. */
static void standard_deviation_survives_cancellation(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_NO_AXES);
    uint64_t totals[ZEM_TALLY_WORDS_LIMIT] = {0}, half = 500000000;
    totals[ZEM_TALLY_TRIALS] = totals[ZEM_TALLY_OUTCOME] = 2 * half;
    for (int i = 0; i < 2; i++) {
        double miss = i == 0 ? 1000 : 1000 + 0x1p-12;
        uint64_t first = (uint64_t)(miss * 0x1p24), second = (uint64_t)(miss * miss * 0x1p24);
        totals[ZEM_TALLY_MISS] += half * (first & 0xFFFFFFFFu);
        totals[ZEM_TALLY_MISS + 1] += half * (first >> 32);
        totals[ZEM_TALLY_MISS_SQUARED] += half * (second & 0xFFFFFFFFu);
        totals[ZEM_TALLY_MISS_SQUARED + 1] += half * (second >> 32);
    }
    assert_true(zem_totals_set(&result.totals, 0, totals));
    assert_close(number_of(&result, "miss_std", 0, 0), 0x1p-13, 1e-12);
    assert_close(number_of(&result, "miss_mean", 0, 0), 1000 + 0x1p-13, 1e-15);
    synthetic_free(&result, &scenario);
}

static void statistics_without_trials_are_not_a_number(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const char *const of_passed[] = {
        "miss_mean",           "miss_rms",           "miss_std",    "miss_quantile",   "miss_quantile_lower",
        "miss_quantile_upper", "saturated_fraction", "divert_mean", "flight_time_mean"};
    for (size_t i = 0; i < sizeof of_passed / sizeof *of_passed; i++)
        for (uint64_t cell = 1; cell <= 2; cell++) /* cell 1: no trial passed; cell 2: no trial */
            assert_true(isnan(number_of(&result, of_passed[i], cell, 0)));
    assert_true(number_of(&result, "p_hit", 1, 0) == 0 && isnan(number_of(&result, "p_hit", 2, 0)));
    assert_true(number_of(&result, "p_hit_lower", 2, 0) == 0 && number_of(&result, "p_hit_upper", 2, 0) == 1);
    synthetic_free(&result, &scenario);
}

static void counts_add_up_to_the_trials(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    uint64_t counts[ZEM_HISTOGRAM_SLOTS], outcomes[ZEM_OUTCOME_COUNT];
    synthetic_init(&result, &scenario, SYNTHETIC_SALVO);
    for (uint64_t cell = 0; cell < result.cells; cell++) {
        uint64_t trials = zem_result_word(&result, cell, ZEM_TALLY_TRIALS), sum = 0, ended = 0;
        zem_variable_find("outcomes")->compute(&result, cell, outcomes, NULL);
        zem_variable_find("miss_counts")->compute(&result, cell, counts, NULL);
        for (int i = 0; i < ZEM_OUTCOME_COUNT; i++)
            ended += outcomes[i];
        for (int i = 0; i < ZEM_HISTOGRAM_SLOTS; i++)
            sum += counts[i];
        assert_int_equal(ended, trials);
        assert_int_equal(sum, outcomes[ZEM_OUTCOME_PASSED]);
        zem_variable_find("salvo_hits")->compute(&result, cell, counts, NULL);
        assert_int_equal(counts[4] + counts[5] + counts[6] + counts[7], trials);
        zem_variable_find("hits_shot")->compute(&result, cell, counts, NULL);
        assert_int_equal(counts[3], zem_result_hits(&result, cell, 1)); /* hits of the first shot */
    }
    synthetic_free(&result, &scenario);
}

static void salvo_probabilities_follow_from_the_counts(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    uint64_t shots[9], salvos[12];
    synthetic_init(&result, &scenario, SYNTHETIC_SALVO);
    zem_variable_find("hits_shot")->compute(&result, 5, shots, NULL);
    zem_variable_find("salvo_hits")->compute(&result, 5, salvos, NULL);
    for (size_t i = 0; i < 3; i++) {
        double none = 1;
        for (size_t shot = 0; shot < 3; shot++)
            none *= 1 - (double)shots[3 * i + shot] / 1000;
        assert_close(number_of(&result, "p_salvo_independent", 5, i), 1 - none, 1e-13);
        assert_close(number_of(&result, "p_salvo", 5, i), 1 - (double)salvos[4 * i] / 1000, 1e-15);
        assert_true(number_of(&result, "p_salvo_lower", 5, i) < number_of(&result, "p_salvo", 5, i));
    }
    synthetic_free(&result, &scenario);
}

static void confidence_may_be_an_axis(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_THREE_AXES);
    uint64_t cell = 9; /* confidence 0.5, 0.95 and 0.99 in cells 9, 10 and 11 */
    for (size_t i = 0; i < 3; i++) {
        const double confidence[] = {0.5, 0.95, 0.99};
        struct zem_interval expected =
            zem_interval_binomial(zem_result_hits(&result, cell + i, 0), 1000, confidence[i], ZEM_WILSON);
        assert_true(number_of(&result, "p_hit_lower", cell + i, 0) == expected.lower);
        assert_true(number_of(&result, "p_hit_upper", cell + i, 0) == expected.upper);
    }
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_and_deviations_follow_from_the_sums),
        cmocka_unit_test(standard_deviation_survives_cancellation),
        cmocka_unit_test(statistics_without_trials_are_not_a_number),
        cmocka_unit_test(counts_add_up_to_the_trials),
        cmocka_unit_test(salvo_probabilities_follow_from_the_counts),
        cmocka_unit_test(confidence_may_be_an_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
