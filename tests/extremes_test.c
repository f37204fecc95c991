/* The smallest and the largest probability of a grid whose cells differ by noise only, for several hit radii at once.
 * Their intervals contain the truth, and the cells are said not to differ, as often as stated. Limits are five standard
 * deviations of a binomial count, which chance exceeds once in three million runs. The seeds were chosen before any
 * result was seen. */
#include "result/extremes.h"

#include "counted_results.h"

#define SCENARIO(points, more) \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n" \
    "scoring: {hit_radius: [1 m, 2 m, 3 m]}\n" \
    "run: {trials: 1000, seed: 1" more "}\n" \
    "sweep:\n  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: " #points "}\n"
#define REPLICAS 50

/* Gives a cell random hits. The probability of a hit within radius i is p[i], which grows with i. */
static void fill(struct zem_result *result, uint64_t cell, uint64_t trials, const double p[3], uint64_t *random)
{
    uint64_t totals[ZEM_TALLY_WORDS_LIMIT], left = trials;
    double outside = 1.0, before = 0.0;
    zem_totals_get(&result->totals, cell, totals);
    totals[ZEM_TALLY_TRIALS] = totals[ZEM_TALLY_OUTCOME] = trials;
    for (int i = 0; i < 3; i++) {
        totals[ZEM_TALLY_RADIUS + i] = counted_binomial(left, (p[i] - before) / outside, random);
        left -= totals[ZEM_TALLY_RADIUS + i];
        outside -= p[i] - before;
        before = p[i];
    }
    totals[ZEM_TALLY_RADIUS + 3] = left;
    assert_true(zem_totals_set(&result->totals, cell, totals));
}

static void find(const struct zem_result *result, struct zem_extremes_table *table)
{
    struct zem_error error = {0};
    if (zem_extremes_find(result, table, &error) != 0)
        fail_msg("%s", error.message);
}

static void noise_is_called_noise(void **state)
{
    (void)state;
    const char *const texts[] = {SCENARIO(2, ""), SCENARIO(30, ""), SCENARIO(30, ", random_numbers: common")};
    const double p[3] = {0.002, 0.434, 0.998};
    uint64_t random = 11;
    for (size_t t = 0; t < 3; t++) {
        struct zem_result result;
        struct zem_scenario scenario;
        int differ = 0, missed = 0;
        counted_init(&result, &scenario, texts[t]);
        for (int replica = 0; replica < REPLICAS; replica++) {
            struct zem_extremes_table table;
            bool any = false, outside = false;
            for (uint64_t cell = 0; cell < result.cells; cell++)
                fill(&result, cell, cell % 3 == 0 ? 100 : 1000, p, &random);
            find(&result, &table);
            assert_int_equal(table.count, 3);
            for (size_t i = 0; i < table.count; i++) {
                const struct zem_extremes *row = &table.row[i];
                any = any || row->differ;
                outside = outside || row->of_smallest.lower > p[i] || row->of_smallest.upper < p[i]
                          || row->of_largest.lower > p[i] || row->of_largest.upper < p[i];
            }
            differ += any;
            missed += outside;
            zem_extremes_free(&table);
        }
        const double most = 0.05 * REPLICAS + 5 * sqrt(0.05 * REPLICAS);
        if (differ > most || missed > most)
            fail_msg("%zu: cells differ %d times and an interval misses %d times of %d", t, differ, missed, REPLICAS);
        counted_free(&result, &scenario);
    }
}

static void the_radius_that_differs_most_is_found(void **state)
{
    (void)state;
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_extremes_table table;
    uint64_t random = 12;
    char text[120];
    counted_init(&result, &scenario, SCENARIO(60, ""));
    for (uint64_t cell = 1; cell < result.cells; cell++) /* the first cell has no trials */
        fill(&result, cell, 2000, (double[]){0.1, 0.3 + 0.005 * (double)cell, 0.95}, &random);
    find(&result, &table);
    assert_int_equal(zem_extremes_radius(&result, ZEM_COUNTED_HIT), 1);
    assert_int_equal(table.row[1].cells, 59);
    assert_true(table.row[1].differ && !table.row[0].differ && !table.row[2].differ);
    assert_true(table.row[1].smallest < 10 && table.row[1].largest > 50);
    /* 59 equal steps of 0.005 have the variance 0.005^2 (59^2 - 1) / 12 times 59 / 58. */
    assert_true(fabs(table.row[1].spread - 0.005 * 0.005 * 3480 / 12 * 59 / 58) < 0.0015);
    assert_true(fabs(table.row[0].spread) < 1e-4);
    assert_non_null(strstr(zem_extremes_verdict(&table, &table.row[1], text, sizeof text), "yes, at a level of 5 %"));
    assert_non_null(strstr(zem_extremes_verdict(&table, &table.row[0], text, sizeof text), "not more than by chance"));
    zem_extremes_free(&table);
    counted_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_is_called_noise),
        cmocka_unit_test(the_radius_that_differs_most_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
