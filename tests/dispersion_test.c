/* Values that the host draws for trials: their distributions and correlations, what a draw depends on, and the
 * parameters that follow from the values. Random checks have fixed seeds and 20,000 trials. A distribution is judged by
 * the test of Kolmogorov and Smirnov with the limit sqrt(n) D < 2.0, which a true distribution exceeds in 7 of 10,000
 * tests. */
#include "cell/dispersion.h"
#include "scenario/distribution.h"
#include "scenario/grid.h"
#include "scenario_reading.h"

#include <math.h>
#include <stdlib.h>

enum { TRIALS = 20000, OVERRIDES_MAX = 6 };

static const char base[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
                           "target: {maneuver: step, acceleration: 3 gravity}\n"
                           "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.4 s}\n"
                           "scoring: {hit_radius: 1 m}\n"
                           "run: {trials: 100, seed: 7}\n"
                           "sweep: [{parameter: target.roll, values: [0 degree, 1 degree]}]\n";

static void read_with(struct reading *reading, const char *const overrides[OVERRIDES_MAX])
{
    reading_begin_good(reading, base, sizeof base - 1, overrides, OVERRIDES_MAX);
}

#define WITH(...) ((const char *const[OVERRIDES_MAX]){__VA_ARGS__})

static double drawn(const struct reading *reading, uint64_t cell, uint64_t trial, enum zem_key key)
{
    struct zem_value value[ZEM_KEY_COUNT];
    struct zem_error error = {0};
    if (zem_trial_values(&reading->scenario, cell, trial, value, &error) != 0)
        fail_msg("trial %llu: %s", (unsigned long long)trial, error.message);
    assert_int_equal(value[key].distribution, ZEM_CONSTANT);
    return value[key].first;
}

static void no_two_keys_share_their_draws(void **state)
{
    (void)state;
    for (int a = 0; a < ZEM_KEY_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_int_not_equal(zem_draw_index((enum zem_key)a), zem_draw_index((enum zem_key)b));
}

static double tail(double z) { return 0.5 * erfc(-z * sqrt(0.5)); }

static double normal_below(double x) { return tail((x - 2.0) / 0.5); }
static double uniform_below(double x) { return (x - 1.0) / 3.0; }
static double truncated_below(double x) { return (tail((x - 0.1) / 0.05) - tail(-1.0)) / (tail(2.0) - tail(-1.0)); }
static double lognormal_below(double x) { return tail(log(x / 2000.0) / log(1.3)); }
static double triangular_below(double x)
{
    return x < 4.0 ? (x - 2.0) * (x - 2.0) / 8.0 : 1.0 - (6.0 - x) * (6.0 - x) / 8.0;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void draws_have_their_distributions(void **state)
{
    (void)state;
    static double x[TRIALS];
    const struct {
        const char *override;
        enum zem_key key;
        double (*below)(double x);
    } cases[] = {
        {"interceptor.displacement_y={mean: 2 m, sigma: 0.5 m}", ZEM_KEY_DISPLACEMENT_Y, normal_below},
        {"interceptor.displacement_y={from: 1 m, to: 4 m}", ZEM_KEY_DISPLACEMENT_Y, uniform_below},
        {"interceptor.seeker_lag={mean: 0.1 s, sigma: 0.05 s, from: 0.05 s, to: 0.2 s}", ZEM_KEY_SEEKER_LAG,
         truncated_below},
        {"interceptor.speed={median: 2 km/s, geometric_sigma: 1.3}", ZEM_KEY_INTERCEPTOR_SPEED, lognormal_below},
        {"interceptor.navigation_gain={from: 2, mode: 4, to: 6}", ZEM_KEY_NAVIGATION_GAIN, triangular_below},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        double largest = 0.0;
        read_with(&reading, WITH(cases[i].override, "interceptor.displacement_z==interceptor.displacement_y"));
        for (int k = 0; k < TRIALS; k++)
            x[k] = drawn(&reading, 0, (uint64_t)k, cases[i].key);
        qsort(x, TRIALS, sizeof *x, compare);
        for (int k = 0; k < TRIALS; k++)
            largest = fmax(largest,
                           fmax((k + 1.0) / TRIALS - cases[i].below(x[k]), cases[i].below(x[k]) - (double)k / TRIALS));
        print_message("%s: sqrt(n) D = %.3f\n", cases[i].override, sqrt(TRIALS) * largest);
        assert_true(sqrt(TRIALS) * largest < 2.0);
        reading_end(&reading);
    }
}

static double pearson(const double *x, const double *y)
{
    double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
    for (int k = 0; k < TRIALS; k++)
        mx += x[k] / TRIALS, my += y[k] / TRIALS;
    for (int k = 0; k < TRIALS; k++) {
        xx += (x[k] - mx) * (x[k] - mx);
        yy += (y[k] - my) * (y[k] - my);
        xy += (x[k] - mx) * (y[k] - my);
    }
    return xy / sqrt(xx * yy);
}

/* Two correlated normals have the coefficient r of the matrix; Fisher's atanh of its estimate has the deviation
 * 1/sqrt(n - 3). Both are above their means in 1/4 + asin(r)/(2 pi) of the trials (Sheppard 1899). Two uniforms have
 * the coefficient (6/pi) asin(r/2) (Pearson 1907), whose estimate has a deviation of at most 1/sqrt(n). The limits are
 * four deviations, with 6 false alarms in 100,000. */
static void correlations_are_those_of_the_underlying_normals(void **state)
{
    (void)state;
    static double x[TRIALS], y[TRIALS], u[TRIALS], v[TRIALS];
    const double r = -0.7, pi = acos(-1.0);
    struct reading reading;
    int above = 0;
    read_with(&reading,
              WITH("interceptor.displacement_y={mean: 2 m, sigma: 0.5 m}",
                   "interceptor.displacement_z={mean: -1 m, sigma: 3 m}",
                   "interceptor.speed={from: 1 km/s, to: 2 km/s}", "interceptor.seeker_lag={from: 0.1 s, to: 0.2 s}",
                   "correlations=[{keys: [interceptor.displacement_y, interceptor.displacement_z], coefficient: -0.7}, "
                   "{keys: [interceptor.speed, interceptor.seeker_lag], coefficient: -0.7}]"));
    for (int k = 0; k < TRIALS; k++) {
        x[k] = drawn(&reading, 0, (uint64_t)k, ZEM_KEY_DISPLACEMENT_Y);
        y[k] = drawn(&reading, 0, (uint64_t)k, ZEM_KEY_DISPLACEMENT_Z);
        u[k] = drawn(&reading, 0, (uint64_t)k, ZEM_KEY_INTERCEPTOR_SPEED);
        v[k] = drawn(&reading, 0, (uint64_t)k, ZEM_KEY_SEEKER_LAG);
        above += x[k] > 2.0 && y[k] > -1.0;
    }
    const double p = 0.25 + asin(r) / (2.0 * pi);
    print_message("normals %.4f, uniforms %.4f (%.4f), quadrant %.4f (%.4f), between groups %.4f\n", pearson(x, y),
                  pearson(u, v), 6.0 / pi * asin(r / 2.0), (double)above / TRIALS, p, pearson(x, u));
    assert_true(fabs(atanh(pearson(x, y)) - atanh(r)) < 4.0 / sqrt(TRIALS - 3.0));
    assert_true(fabs(pearson(u, v) - 6.0 / pi * asin(r / 2.0)) < 4.0 / sqrt(TRIALS));
    assert_true(fabs((double)above / TRIALS - p) < 4.0 * sqrt(p * (1.0 - p) / TRIALS));
    assert_true(fabs(pearson(x, u)) < 4.0 / sqrt(TRIALS));
    reading_end(&reading);
}

/* A draw depends only on seed, cell, trial and key, and on nothing else in the scenario. */
static void a_draw_has_an_address(void **state)
{
    (void)state;
    const char *speed = "interceptor.speed={from: 1 km/s, to: 2 km/s}";
    struct reading alone, more, common, other;
    read_with(&alone, WITH(speed));
    read_with(&more, WITH(speed, "interceptor.seeker_lag={from: 0.1 s, to: 0.2 s}", "target.start={from: 0 s, to: 1 s}",
                          "run.trials=7"));
    read_with(&common, WITH(speed, "run.random_numbers=common"));
    read_with(&other, WITH(speed, "run.seed=8"));
    for (uint64_t k = 0; k < 20; k++) {
        const uint64_t trial = k * UINT64_C(0x10000001);
        const double x = drawn(&alone, 1, trial, ZEM_KEY_INTERCEPTOR_SPEED);
        assert_true(drawn(&more, 1, trial, ZEM_KEY_INTERCEPTOR_SPEED) == x);
        assert_true(drawn(&alone, 0, trial, ZEM_KEY_INTERCEPTOR_SPEED) != x);
        assert_true(drawn(&alone, 1, trial + 1, ZEM_KEY_INTERCEPTOR_SPEED) != x);
        assert_true(drawn(&alone, 1, trial ^ UINT64_C(1) << 40, ZEM_KEY_INTERCEPTOR_SPEED) != x);
        assert_true(drawn(&other, 1, trial, ZEM_KEY_INTERCEPTOR_SPEED) != x);
        assert_true(drawn(&common, 0, trial, ZEM_KEY_INTERCEPTOR_SPEED)
                    == drawn(&common, 1, trial, ZEM_KEY_INTERCEPTOR_SPEED));
    }
    reading_end(&alone);
    reading_end(&more);
    reading_end(&common);
    reading_end(&other);
}

/* Expressions use drawn values. The numbers of a distribution, such as its ends, may be expressions of drawn values. */
static void expressions_follow_the_draws(void **state)
{
    (void)state;
    struct reading reading;
    double latest = 0.0;
    read_with(&reading, WITH("engagement.flight_time={from: 3 s, to: 6 s}",
                             "interceptor.filter_lag==0.1*interceptor.seeker_lag + 0.01*engagement.flight_time",
                             "target.start={from: 0 s, mode: =0.5*engagement.flight_time, to: =engagement.flight_time}",
                             "interceptor.autopilot_lag==0.1 s*(target.start/engagement.flight_time + 1)",
                             "interceptor.seeker_lag==0.02*target.start.to"));
    assert_true(reading.scenario.resolution.varying[ZEM_KEY_SEEKER_LAG]);
    for (uint64_t trial = 0; trial < 1000; trial++) {
        const double flight_time = drawn(&reading, 0, trial, ZEM_KEY_FLIGHT_TIME),
                     start = drawn(&reading, 0, trial, ZEM_KEY_MANEUVER_START);
        assert_true(flight_time > 3.0 && flight_time < 6.0 && start > 0.0 && start < flight_time);
        assert_true(fabs(drawn(&reading, 0, trial, ZEM_KEY_FILTER_LAG) - 0.012 * flight_time) < 1e-15);
        assert_true(fabs(drawn(&reading, 0, trial, ZEM_KEY_SEEKER_LAG) - 0.02 * flight_time) < 1e-15);
        assert_true(fabs(drawn(&reading, 0, trial, ZEM_KEY_AUTOPILOT_LAG) - 0.1 * (start / flight_time + 1.0)) < 1e-15);
        latest = fmax(latest, start);
    }
    assert_true(latest > 4.5); /* a start beyond the mean flight time comes from a drawn flight time */
    reading_end(&reading);
}

static struct cell_parameters derived(const struct reading *reading, uint64_t trial)
{
    struct cell_parameters parameters;
    struct zem_error error = {0};
    if (zem_cell_derive_trial(&reading->scenario, 0, trial, &parameters, &error) != 0)
        fail_msg("%s", error.message);
    return parameters;
}

/* The Kalman filter assumes the distributions of the cell, and not what the trial has drawn. Its own keys may be
 * drawn. */
static void the_kalman_filter_assumes_the_cell(void **state)
{
    (void)state;
    struct reading reading, own;
    read_with(&reading, WITH("seeker.estimator=kalman", "engagement.flight_time={from: 4 s, to: 6 s}",
                             "target.acceleration={median: 3 gravity, geometric_sigma: 1.5}",
                             "interceptor.speed={from: 1 km/s, to: 3 km/s}",
                             "interceptor.heading_error_y={values: [-1 degree, 1 degree]}",
                             "interceptor.displacement_y={from: -3 m, mode: 0 m, to: 3 m}"));
    const struct cell_parameters first = derived(&reading, 0);
    const double level = 3.0 * 9.80665, s = log(1.5), turn = acos(-1.0) / 180.0;
    const double square = level * level * exp(2.0 * s * s);
    assert_true(fabs((double)first.process_noise / (square / 5.0) - 1.0) < 1e-6);
    assert_true(fabs((double)first.initial_variance[0] / (0.5 * 1.5) - 1.0) < 1e-6); /* the triangular distribution has
                                                                                        the variance 9/6 */
    assert_true(fabs((double)first.initial_variance[1] / (0.5 * 4e6 * turn * turn) - 1.0) < 1e-6);
    for (uint64_t trial = 1; trial < 50; trial++) {
        const struct cell_parameters other = derived(&reading, trial);
        assert_true(other.process_noise == first.process_noise);
        assert_memory_equal(other.initial_variance, first.initial_variance, sizeof first.initial_variance);
        assert_true(other.flight_time != first.flight_time && other.interceptor_speed != first.interceptor_speed);
        assert_true(other.varied[ZEM_VARIED_ACCELERATION].kind == ZEM_QUANTITY_CONSTANT
                    && other.varied[ZEM_VARIED_ACCELERATION].base != first.varied[ZEM_VARIED_ACCELERATION].base);
    }
    reading_end(&reading);
    read_with(&own, WITH("seeker.estimator=kalman", "seeker.estimator_sigma_position={from: 1 m, to: 2 m}"));
    assert_true(derived(&own, 0).initial_variance[0] != derived(&own, 1).initial_variance[0]);
    reading_end(&own);
}

/* An engine, which is one compiled form of the kernels, is chosen for the features of the model that the distributions
 * of a cell allow. No trial may need another feature. */
static void features_follow_from_the_supports(void **state)
{
    (void)state;
    const char *const cases[][OVERRIDES_MAX] = {
        {"interceptor.seeker_lag={mean: 0.1 s, sigma: 0.02 s, from: 0 s, to: 1 s}"},
        {"interceptor.seeker_lag={values: [0 s, 0.1 s]}"},
        {"interceptor.filter_lag={from: 0 s, to: 0.001 s}", "interceptor.seeker_lag=0 s"},
        {"interceptor.seeker_lag={values: [0 s, 0.1 s]}", "interceptor.filter_lag==interceptor.seeker_lag"},
        {"interceptor.seeker_lag={from: 0.1 s, to: 0.2 s}", "interceptor.filter_lag==interceptor.seeker_lag - 0.1 s"},
        {"seeker.glint={values: [0 m2/Hz, 0.1 m2/Hz]}"},
        {"interceptor.acceleration_limit={from: 10 gravity, to: 20 gravity}"},
        {"target.maneuver=weave", "target.period={from: 1 s, mode: 2 s, to: 3 s}"},
        {"interceptor.autopilot_lag_3={from: 0 s, to: 0.1 s}"},
        {"interceptor.autopilot_lag_3={values: [0 s, 0.1 s]}"},
        {"interceptor.quadratic_lag={values: [0 s, 0.1 s]}"},
    };
    const feature_set tracker = ZEM_FEATURE_TRACKER,
                      certain_of_case[] = {tracker, 0, 0, 0, tracker, tracker, tracker, 0, 0, 0, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        feature_set possible, certain, all = 0, both = ~(feature_set)0;
        read_with(&reading, cases[i]);
        uint32_t stages;
        zem_trial_features(&reading.scenario, 0, &possible, &certain, &stages);
        assert_true((stages == 0) == (i >= 9)); /* a list of 0 and another lag changes the number of stages */
        assert_true((certain & certain_of_case[i]) == certain_of_case[i]);
        for (uint64_t trial = 0; trial < 300; trial++) {
            const struct cell_parameters p = derived(&reading, trial);
            all |= p.features;
            both &= p.features;
            assert_int_equal(p.features & ~possible, 0);
            assert_true(stages == 0 || stages == p.stages);
            assert_int_equal(certain & ~p.features, 0);
            assert_true(((p.features & tracker) != 0) == (p.inverse_seeker_lag > 0.0f));
        }
        assert_true(i == 4 || both == certain); /* in case 4 a computed lag is never certain */
        assert_int_equal(all, possible);
        reading_end(&reading);
    }
}

/* A drawn lag near 0 is raised to a floor, so that no trial has endless steps. A 0 from a list stays 0. */
static void a_lag_has_a_floor(void **state)
{
    (void)state;
    struct reading reading, probed;
    double least = 1.0;
    struct zem_error error = {0};
    read_with(&reading,
              WITH("interceptor.seeker_lag={from: 0 s, to: 2 ms}", "interceptor.filter_lag={values: [0 s, 1e-9 s]}",
                   "interceptor.autopilot_lag_3={from: 0 s, to: 1 us}"));
    for (uint64_t trial = 0; trial < 2000; trial++) {
        const double filter = drawn(&reading, 0, trial, ZEM_KEY_FILTER_LAG);
        least = fmin(least, drawn(&reading, 0, trial, ZEM_KEY_SEEKER_LAG));
        assert_true(filter == 0.0 || filter == 5e-4);
        assert_true(drawn(&reading, 0, trial, ZEM_KEY_AUTOPILOT_LAG_3) == 5e-4);
    }
    assert_true(least == 5e-4); /* the floor, 1e-4 of the flight time */
    enum zem_key culprit;
    assert_int_equal(zem_trial_probe(&reading.scenario, 0, &culprit, &error), 0);
    assert_int_equal(culprit, ZEM_KEY_COUNT);
    reading_end(&reading);
    read_with(&probed, WITH("interceptor.seeker_lag={from: 0 s, to: 2 ms}", "run.step=2 ms"));
    assert_int_equal(zem_trial_probe(&probed.scenario, 0, &culprit, &error), ZEM_BAD_INPUT);
    assert_int_equal(culprit, ZEM_KEY_SEEKER_LAG);
    assert_non_null(strstr(error.message, "interceptor.seeker_lag near an end of its distribution"));
    reading_end(&probed);
}

/* Trials are flown by transition matrices only if all trials of the cell share one schedule, the table of the
 * integration steps. */
static void transitions_need_one_schedule(void **state)
{
    (void)state;
    struct reading shared, apart;
    read_with(&shared, WITH("target.acceleration={from: 1 gravity, mode: 2 gravity, to: 4 gravity}"));
    read_with(&apart, WITH("interceptor.seeker_lag={from: 0.1 s, to: 0.2 s}"));
    assert_true((derived(&shared, 0).features & ZEM_FEATURE_TRANSITION) != 0);
    assert_true((derived(&apart, 0).features & ZEM_FEATURE_TRANSITION) == 0);
    reading_end(&shared);
    reading_end(&apart);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_keys_share_their_draws),
        cmocka_unit_test(draws_have_their_distributions),
        cmocka_unit_test(correlations_are_those_of_the_underlying_normals),
        cmocka_unit_test(a_draw_has_an_address),
        cmocka_unit_test(expressions_follow_the_draws),
        cmocka_unit_test(the_kalman_filter_assumes_the_cell),
        cmocka_unit_test(features_follow_from_the_supports),
        cmocka_unit_test(a_lag_has_a_floor),
        cmocka_unit_test(transitions_need_one_schedule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
