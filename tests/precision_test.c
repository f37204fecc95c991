/* The rule that ends a cell when it has its precision, on made-up totals. Tested are the numbers of trials after which
 * the rule looks at a cell's interval, that it uses the interval that is reported, how many trials more than the least
 * it takes, what it plans, and what it reports as missed. */
#include "run/precision.h"

#include "base/kernel_types.h"
#include "good_scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define HEAD \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 1 km/s}\n" \
    "interceptor: {speed: 1 km/s, guidance: none}\n" \
    "scoring: {hit_radius: 1 m}\n"

struct made_up {
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_precision precision;
};

static void make(struct made_up *m, const char *run, enum zem_interval_method method)
{
    struct zem_error error = {0};
    char text[1024];
    snprintf(text, sizeof text, HEAD "run: %s\n", run);
    good_scenario(&m->scenario, "precision", text);
    assert_int_equal(zem_result_init(&m->result, &m->scenario, &error), 0);
    m->result.interval_method = method;
    assert_int_equal(zem_precision_init(&m->precision, &m->result, &error), 0);
}

static void release(struct made_up *m)
{
    zem_precision_free(&m->precision);
    zem_result_free(&m->result);
    zem_scenario_free(&m->scenario);
}

static void set_counts(struct made_up *m, uint64_t cell, uint64_t trials, uint64_t hits)
{
    uint64_t tally[ZEM_TALLY_WORDS(1, 1)] = {0};
    assert_int_equal(m->result.words, ZEM_TALLY_WORDS(1, 1));
    tally[ZEM_TALLY_TRIALS] = trials;
    tally[ZEM_TALLY_RADIUS] = hits;
    assert_true(zem_totals_set(&m->result.totals, cell, tally));
}

/* Gives the first cell the trials of this round, with the share p of hits, rounded to the nearest. */
static void fly(struct made_up *m, double p)
{
    const uint64_t trials = m->precision.target[0];
    set_counts(m, 0, trials, (uint64_t)llround(p * (double)trials));
}

static double half_width(const struct made_up *m, uint64_t hits, uint64_t trials)
{
    const struct zem_interval interval = zem_interval_binomial(hits, trials, 0.95, m->result.interval_method);
    return 0.5 * (interval.upper - interval.lower);
}

static void looks_grow_by_a_tenth(void **state)
{
    (void)state;
    const uint64_t expected[] = {32, 35, 38, 41, 45, 49, 53, 58};
    uint64_t trials = 0;
    for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++)
        assert_int_equal(trials = zem_precision_look(trials), expected[k]);
    assert_true(zem_precision_look(1000000) > 1000000 && zem_precision_look(1000000) <= 1100000);
}

/* Returns the number of trials after which the rule ends a cell. The share of hits is p whenever the rule looks at the
 * interval of the cell. */
static uint64_t trials_at_end(const char *run, enum zem_interval_method method, double p, double asked)
{
    struct made_up m;
    make(&m, run, method);
    while (zem_precision_next_round(&m.precision, &m.result))
        fly(&m, p);
    const uint64_t trials = zem_result_word(&m.result, 0, ZEM_TALLY_TRIALS);
    assert_int_equal(m.result.stop_reason[0], ZEM_STOP_PRECISION);
    assert_true(half_width(&m, zem_result_word(&m.result, 0, ZEM_TALLY_RADIUS), trials) <= asked);
    release(&m);
    return trials;
}

/* Returns the least number of trials that gives the precision, by a search that does not use the rule's formula. */
static uint64_t least_trials(enum zem_interval_method method, double p, double asked)
{
    struct made_up m = {.result = {.interval_method = method}};
    uint64_t below = 1, least = 1000000;
    while (least - below > 1) {
        const uint64_t middle = below + (least - below) / 2;
        if (half_width(&m, (uint64_t)llround(p * (double)middle), middle) <= asked)
            least = middle;
        else
            below = middle;
    }
    return least;
}

static void trials_are_within_a_seventh_of_the_least(void **state)
{
    (void)state;
    static const double shares[] = {0.5, 0.3, 0.1, 0.01, 0.0, 0.97, 1.0};
    static const struct {
        const char *run;
        double asked;
    } goals[] = {{"{trials: 1000000, precision: 0.01}", 0.01},
                 {"{trials: 1000000, precision: 0.003}", 0.003},
                 {"{trials: 1000000, precision: 0.05}", 0.05}};
    for (int method = ZEM_WILSON; method <= ZEM_CLOPPER_PEARSON; method++)
        for (size_t g = 0; g < 3; g++)
            for (size_t k = 0; k < sizeof shares / sizeof shares[0]; k++) {
                const uint64_t least = least_trials(method, shares[k], goals[g].asked);
                const uint64_t trials = trials_at_end(goals[g].run, method, shares[k], goals[g].asked);
                if (least > 500) /* within 1.15 of the least, if that is more than 500 */
                    assert_true((double)trials <= 1.15 * (double)least);
                else
                    assert_true(trials <= 550);
            }
    /* The interval of a cell without hits is short early, and such a cell ends early. */
    assert_true(trials_at_end(goals[2].run, ZEM_WILSON, 0.0, 0.05) < 100);
}

/* At 0.3 % of hits Wilson's interval is short enough no later than that of Clopper and Pearson. */
static void the_rule_goes_by_the_method_that_is_reported(void **state)
{
    (void)state;
    const char *run = "{trials: 1000000, precision: 0.01}";
    const uint64_t wilson = trials_at_end(run, ZEM_WILSON, 0.003, 0.01),
                   exact = trials_at_end(run, ZEM_CLOPPER_PEARSON, 0.003, 0.01);
    struct made_up m = {.result = {.interval_method = ZEM_CLOPPER_PEARSON}};
    assert_true(exact >= wilson);
    assert_true(half_width(&m, (uint64_t)llround(0.003 * (double)wilson), wilson) > 0.0);
    for (double p = 0.05; p < 0.5; p += 0.1)
        trials_at_end(run, ZEM_CLOPPER_PEARSON, p, 0.01);
}

/* A run of 700 trials that is extended to 2000 looks at the interval after the same numbers of trials as a run of 2000
 * from the start, which does not look after 700. */
static void an_extended_run_looks_where_a_longer_one_does(void **state)
{
    (void)state;
    struct made_up m;
    make(&m, "{trials: 2000, precision: 0.03}", ZEM_WILSON);
    uint64_t looks[64];
    size_t count = 0;
    while (zem_precision_next_round(&m.precision, &m.result)) {
        looks[count++] = m.precision.target[0];
        fly(&m, 0.5);
    }
    release(&m);
    make(&m, "{trials: 2000, precision: 0.03}", ZEM_WILSON);
    m.precision.target[0] = 700;
    m.precision.started = true;
    fly(&m, 0.5);
    size_t k = 0;
    while (looks[k] <= 700)
        k++;
    for (; zem_precision_next_round(&m.precision, &m.result); k++) {
        assert_true(k < count);
        assert_int_equal(m.precision.target[0], looks[k]);
        fly(&m, 0.5);
    }
    assert_int_equal(k, count);
    release(&m);
}

static void the_plan_is_what_the_run_takes(void **state)
{
    (void)state;
    struct made_up m;
    make(&m, "{trials: 1000000, precision: 0.005}", ZEM_WILSON);
    uint64_t missing = 1;
    m.precision.target[0] = 1000;
    fly(&m, 0.3);
    const double forecast = zem_precision_forecast(&m.precision, &m.result, &missing);
    const uint64_t trials = trials_at_end("{trials: 1000000, precision: 0.005}", ZEM_WILSON, 0.3, 0.005);
    assert_int_equal(missing, 0);
    assert_true(forecast == (double)trials);
    release(&m);
    make(&m, "{trials: 5000, precision: 0.005}", ZEM_WILSON);
    m.precision.target[0] = 1000;
    fly(&m, 0.3);
    assert_true(zem_precision_forecast(&m.precision, &m.result, &missing) == 5000.0);
    assert_int_equal(missing, 1);
    release(&m);
}

static void cells_that_miss_are_found(void **state)
{
    (void)state;
    struct made_up m;
    struct zem_precision_missed missed;
    struct zem_error error = {0};
    make(&m,
         "{trials: 1000, precision: 0.01}\nsweep: [{parameter: target.roll, values: [0 degree, 1 degree, 2 degree]}]",
         ZEM_WILSON);
    const uint64_t hits[] = {0, 500, 100};
    for (uint64_t cell = 0; cell < 3; cell++)
        set_counts(&m, cell, 1000, hits[cell]);
    assert_int_equal(zem_precision_find_missed(&m.result, &missed, &error), 0);
    assert_int_equal(missed.goals, 3);
    assert_int_equal(missed.cells, 2);
    assert_int_equal(missed.named[0], 1);
    assert_int_equal(missed.named[1], 2);
    assert_int_equal(missed.worst, 1);
    assert_true(missed.half_width == half_width(&m, 500, 1000) && missed.asked == 0.01);
    /* For p = 0.5 the formula p (1 - p) (z / h)^2 gives 9,604 trials. The plan adds half of the distance between two
     * numbers of trials after which the rule looks at the interval. */
    assert_true(missed.trials > 9604.0 && missed.trials < 1.1 * 9604.0);
    release(&m);
    make(&m, "{trials: 1000}", ZEM_WILSON);
    assert_int_equal(zem_precision_find_missed(&m.result, &missed, &error), 0);
    assert_true(missed.goals == 0 && missed.cells == 0);
    release(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_grow_by_a_tenth),
        cmocka_unit_test(trials_are_within_a_seventh_of_the_least),
        cmocka_unit_test(the_rule_goes_by_the_method_that_is_reported),
        cmocka_unit_test(an_extended_run_looks_where_a_longer_one_does),
        cmocka_unit_test(the_plan_is_what_the_run_takes),
        cmocka_unit_test(cells_that_miss_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
