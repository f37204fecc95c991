/* Comparisons of made-up results: how often chance alone is called significant. Limits are five standard deviations of
 * a binomial count, which chance exceeds once in three million runs. The seeds were chosen before any result was
 * seen. */
#include "result/difference.h"

#include "counted_results.h"

#define HEAD \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n" \
    "scoring: {hit_radius: 1 m}\n"
#define SEED(n) HEAD "run: {trials: 1000, seed: " #n "}\n"
#define CELLS 24
#define GRID "sweep:\n  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 24}\n"
#define REPLICAS 100
#define FEW 1000
#define MANY 200000

/* Returns the probability of a hit in a cell, from 0.001 to 0.5. */
static double chance_of(uint64_t cell) { return 0.001 * pow(500.0, (double)(cell % 7) / 6.0); }

struct two {
    struct zem_result result[2];
    struct zem_scenario scenario[2];
    struct zem_pairs pairs;
    struct zem_comparison comparison;
};

static void two_init(struct two *two, const char *first, const char *second)
{
    memset(two, 0, sizeof *two);
    counted_init(&two->result[0], &two->scenario[0], first);
    counted_init(&two->result[1], &two->scenario[1], second);
}

static void two_compare(struct two *two)
{
    struct zem_error error = {0};
    zem_comparison_free(&two->comparison);
    if (zem_compare(&two->result[0], &two->result[1], two->pairs.source != ZEM_PAIRS_NONE ? &two->pairs : NULL,
                    &two->comparison, &error)
        != 0)
        fail_msg("%s", error.message);
}

static void two_free(struct two *two)
{
    zem_comparison_free(&two->comparison);
    zem_pairs_free(&two->pairs);
    for (int i = 0; i < 2; i++)
        counted_free(&two->result[i], &two->scenario[i]);
}

/* Counts how often the smallest adjusted p-value of a comparison is at or below a level. */
struct alarms {
    unsigned count[3];
};
static const double levels[3] = {0.05, 0.01, 0.001};

static void count_alarms(struct alarms *alarms, const struct zem_comparison *c)
{
    for (int i = 0; i < 3; i++)
        alarms->count[i] += c->item[c->order[0]].adjusted <= levels[i];
}

static void assert_few(const struct alarms *alarms)
{
    for (int i = 0; i < 3; i++) {
        const double expected = REPLICAS * levels[i];
        if (alarms->count[i] > expected + 5 * sqrt(expected))
            fail_msg("%u false alarms at %g in %d comparisons", alarms->count[i], levels[i], REPLICAS);
    }
}

static void independent_results_of_one_scenario_seldom_differ(void **state)
{
    (void)state;
    struct two two;
    struct alarms alarms = {{0}};
    uint64_t random = 1;
    two_init(&two, SEED(1) GRID, SEED(2) GRID);
    for (int replica = 0; replica < REPLICAS; replica++) {
        for (uint64_t cell = 0; cell < CELLS; cell++) {
            counted_cell(&two.result[0], cell, counted_binomial(FEW, chance_of(cell), &random), FEW);
            counted_cell(&two.result[1], cell, counted_binomial(MANY, chance_of(cell), &random), MANY);
        }
        two_compare(&two);
        assert_int_equal(two.comparison.item[0].basis, ZEM_BY_INDEPENDENT);
        count_alarms(&alarms, &two.comparison);
    }
    assert_few(&alarms);
    two_free(&two);
}

/* The first 1,000 of the 200,000 trials have partners in the other result. In cells with an even number the partners
 * are equal, as in two results of one scenario. In the other cells they are as opposite as p allows, which is the worst
 * case. */
static void paired_results_of_one_probability_seldom_differ(void **state)
{
    (void)state;
    struct two two;
    struct zem_error error = {0};
    struct alarms alarms[3] = {{{0}}};
    uint64_t random = 2;
    two_init(&two, SEED(1) GRID, SEED(1) GRID);
    for (int replica = 0; replica < REPLICAS; replica++) {
        assert_int_equal(zem_pairs_init(&two.pairs, &two.result[0], &error), 0);
        for (uint64_t cell = 0; cell < CELLS; cell++) {
            const uint64_t hits = counted_binomial(FEW, chance_of(cell), &random),
                           rest = counted_binomial(MANY - FEW, chance_of(cell), &random);
            uint64_t others = hits, common = hits;
            if (cell % 2 == 1) { /* a miss of the first result hits in the second with the probability p / (1 - p) */
                others = counted_binomial(FEW - hits, chance_of(cell) / (1 - chance_of(cell)), &random);
                common = 0;
            }
            counted_cell(&two.result[0], cell, hits, FEW);
            counted_cell(&two.result[1], cell, others + rest, MANY);
            two.pairs.pairs[cell] = FEW;
            two.pairs.count[cell] = (struct zem_pair_counts){hits, others, hits - common, others - common};
        }
        two.pairs.source = ZEM_PAIRS_KEPT;
        assert_true(zem_pairs_fit(&two.pairs, &two.result[0], &two.result[1]));
        two_compare(&two);
        assert_int_equal(two.comparison.item[0].basis, ZEM_BY_PAIRS_REST);
        count_alarms(&alarms[0], &two.comparison);
        two.pairs.source = ZEM_PAIRS_NONE;
        two_compare(&two);
        assert_int_equal(two.comparison.item[0].basis, ZEM_BY_BOUND);
        count_alarms(&alarms[1], &two.comparison);
        for (uint64_t cell = 0; cell < CELLS; cell++) /* only the trials that have partners */
            counted_cell(&two.result[1], cell, two.pairs.count[cell].second_hits, FEW);
        two.pairs.source = ZEM_PAIRS_KEPT;
        two_compare(&two);
        assert_int_equal(two.comparison.item[0].basis, ZEM_BY_PAIRS);
        count_alarms(&alarms[2], &two.comparison);
    }
    for (int i = 0; i < 3; i++)
        assert_few(&alarms[i]);
    two_free(&two);
}

/* One cell of 24 has another probability. Its adjusted p-value is at most 24 times that of Fisher's test, so that the
 * comparison finds what the textbook's test finds. Cells without hits do not count. */
static void a_difference_is_found_as_by_the_exact_test(void **state)
{
    (void)state;
    struct two two;
    two_init(&two, SEED(1) GRID, SEED(2) GRID);
    for (uint64_t cell = 0; cell < CELLS; cell++)
        for (int i = 0; i < 2; i++)
            counted_cell(&two.result[i], cell, cell < 14 ? 0 : 500 + (cell == 15 && i == 1 ? 80 : 0), FEW);
    two_compare(&two);
    const struct zem_difference *first = &two.comparison.item[two.comparison.order[0]];
    assert_int_equal(first->cell, 15);
    assert_true(first->significant && two.comparison.larger == 1 && two.comparison.smaller == 0);
    assert_true(fabs(first->adjusted / first->chance - 10.0) < 1e-9);
    assert_true(fabs(first->value - 0.08) < 1e-12);
    assert_true(first->each.lower > 0 && first->all.lower < first->each.lower && first->all.upper > first->each.upper);
    two_free(&two);
}

/* Four p-values adjusted by hand: Holm's factors are 4, 3, 2 and 1, and no adjusted value is below an earlier one. */
static void adjusted_p_values_never_fall(void **state)
{
    (void)state;
    struct two two;
    two_init(&two, SEED(1) GRID, SEED(2) GRID);
    for (uint64_t cell = 0; cell < CELLS; cell++)
        for (int i = 0; i < 2; i++)
            counted_cell(&two.result[i], cell, cell < 4 ? 400 + (i == 1) * (70 - 5 * cell) : 0, cell < 4 ? FEW : 0);
    two_compare(&two);
    assert_int_equal(two.comparison.defined, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct zem_difference *item = &two.comparison.item[two.comparison.order[i]];
        assert_int_equal(item->cell, i);
        const double before = i > 0 ? two.comparison.item[two.comparison.order[i - 1]].adjusted : 0;
        assert_true(fabs(item->adjusted - fmax(before, fmin(1, (double)(4 - i) * item->chance))) < 1e-12);
    }
    assert_true(isnan(two.comparison.item[10].adjusted) && !two.comparison.item[10].significant);
    two_free(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(independent_results_of_one_scenario_seldom_differ),
        cmocka_unit_test(paired_results_of_one_probability_seldom_differ),
        cmocka_unit_test(a_difference_is_found_as_by_the_exact_test),
        cmocka_unit_test(adjusted_p_values_never_fall),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
