/* The order in which values are computed and drawn: which keys the host draws, expressions in cells, and circular
 * references. */
#include "scenario/resolution.h"
#include "scenario/grid.h"
#include "scenario/scenario_compare.h"
#include "scenario/scenario_print.h"
#include "scenario_reading.h"

#include <math.h>
#include <stdlib.h>

static const char base[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\n"
                           "target: {maneuver: step, acceleration: {mean: 3 gravity, sigma: 1 gravity},\n"
                           "  start: {from: 0 s, to: 5 s}}\n"
                           "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.4 s}\n"
                           "scoring: {hit_radius: 1 m}\n"
                           "run: {trials: 100}\n";

enum { OVERRIDES_MAX = 4 };

static void read_with(struct reading *reading, const char *const overrides[OVERRIDES_MAX])
{
    reading_begin_good(reading, base, sizeof base - 1, overrides, OVERRIDES_MAX);
}

static bool draws(enum zem_key key, const char *const overrides[OVERRIDES_MAX])
{
    struct reading reading;
    read_with(&reading, overrides);
    const struct zem_resolution *resolution = &reading.scenario.resolution;
    const bool drawn = resolution->drawn[key];
    reading_end(&reading);
    return drawn;
}

#define WITH(...) ((const char *const[OVERRIDES_MAX]){__VA_ARGS__})

/* The kernels keep drawing the distributions that they know, so that their results do not change by a bit. */
static void the_host_draws_what_the_kernels_cannot(void **state)
{
    (void)state;
    assert_false(draws(ZEM_KEY_TARGET_ACCELERATION, WITH(NULL)));
    assert_false(draws(ZEM_KEY_MANEUVER_START, WITH(NULL)));
    assert_false(draws(ZEM_KEY_TARGET_ACCELERATION, WITH("interceptor.speed={from: 1 km/s, to: 2 km/s}")));
    assert_true(draws(ZEM_KEY_INTERCEPTOR_SPEED, WITH("interceptor.speed={from: 1 km/s, to: 2 km/s}")));
    assert_true(draws(ZEM_KEY_TARGET_ACCELERATION, WITH("target.acceleration={from: 1 gravity, mode: 2 gravity, to: 4 "
                                                        "gravity}")));
    assert_true(draws(ZEM_KEY_TARGET_ACCELERATION, WITH("run.step==0.01 s2/(1 m)*target.acceleration*0.01 s")));
    assert_false(draws(ZEM_KEY_TARGET_ACCELERATION, WITH("run.step==0.01 s3/(1 m)*target.acceleration.sigma")));
    assert_true(draws(ZEM_KEY_MANEUVER_START,
                      WITH("correlations=[{keys: [target.start, target.acceleration], coefficient: 0.5}]")));
    assert_true(draws(ZEM_KEY_SEEKER_LAG, WITH("interceptor.seeker_lag={from: 0.1 s, to: 0.2 s}",
                                               "sweep=[{parameter: interceptor.seeker_lag.to, values: [0.2 s, 0.3 "
                                               "s]}]")));
    assert_true(
        draws(ZEM_KEY_DISPLACEMENT_Y, WITH("sweep=[{parameter: interceptor.displacement_y.sigma, values: [0 m, 1 m]}]",
                                           "interceptor.displacement_z==interceptor.displacement_y")));
}

/* One axis changes two keys: an expression that follows it, and an expression that follows that expression. */
static void expressions_follow_the_axes(void **state)
{
    (void)state;
    struct reading reading;
    read_with(&reading, WITH("interceptor.filter_lag==interceptor.seeker_lag + 0.05 s",
                             "interceptor.autopilot_lag==2*interceptor.filter_lag",
                             "target.start={from: 0 s, to: =engagement.flight_time}",
                             "sweep=[{parameter: interceptor.seeker_lag, values: [0.1 s, 0.2 s]}, {parameter: "
                             "engagement.flight_time, values: [3 s, 4 s, 5 s]}]"));
    for (uint64_t cell = 0; cell < 6; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        const double lag = cell < 3 ? 0.1 : 0.2;
        zem_grid_values(&reading.scenario, cell, value);
        assert_true(value[ZEM_KEY_SEEKER_LAG].first == lag);
        assert_true(value[ZEM_KEY_FILTER_LAG].first == lag + 0.05);
        assert_true(value[ZEM_KEY_AUTOPILOT_LAG].first == 2.0 * (lag + 0.05));
        assert_true(value[ZEM_KEY_MANEUVER_START].distribution == ZEM_UNIFORM
                    && value[ZEM_KEY_MANEUVER_START].second == 3.0 + (double)(cell % 3));
    }
    assert_false(reading.scenario.resolution.by_trial);
    reading_end(&reading);
}

/* The sigma of a key is an expression of its swept mean. The kernels still draw the value. */
static void a_part_may_follow_another_of_its_key(void **state)
{
    (void)state;
    struct reading reading;
    struct zem_value value[ZEM_KEY_COUNT];
    read_with(&reading, WITH("target.acceleration={mean: 30 m/s2, sigma: =0.1*target.acceleration.mean}",
                             "sweep=[{parameter: target.acceleration.mean, values: [10 m/s2, 20 m/s2]}]"));
    for (uint64_t cell = 0; cell < 2; cell++) {
        zem_grid_values(&reading.scenario, cell, value);
        assert_true(value[ZEM_KEY_TARGET_ACCELERATION].distribution == ZEM_NORMAL
                    && value[ZEM_KEY_TARGET_ACCELERATION].first == 10.0 + 10.0 * (double)cell
                    && value[ZEM_KEY_TARGET_ACCELERATION].second == 0.1 * value[ZEM_KEY_TARGET_ACCELERATION].first);
    }
    assert_false(reading.scenario.resolution.by_trial);
    reading_end(&reading);
}

/* In the values of a cell a key that the host draws has its mean, so that other code never sees its distribution. */
static void cells_have_the_means_of_what_is_drawn(void **state)
{
    (void)state;
    struct reading reading;
    struct zem_value value[ZEM_KEY_COUNT];
    read_with(&reading, WITH("interceptor.speed={from: 1 km/s, mode: 2 km/s, to: 6 km/s}",
                             "interceptor.navigation_gain={values: [3, 5], weights: [1, 3]}",
                             "interceptor.filter_lag==1 km/interceptor.speed/10"));
    zem_grid_values(&reading.scenario, 0, value);
    assert_true(value[ZEM_KEY_INTERCEPTOR_SPEED].distribution == ZEM_CONSTANT
                && value[ZEM_KEY_INTERCEPTOR_SPEED].first == 3000.0);
    assert_true(value[ZEM_KEY_NAVIGATION_GAIN].first == 4.5);
    assert_true(fabs(value[ZEM_KEY_FILTER_LAG].first - 1.0 / 30.0) < 1e-16);
    assert_true(reading.scenario.resolution.varying[ZEM_KEY_FILTER_LAG]
                && !reading.scenario.resolution.drawn[ZEM_KEY_FILTER_LAG]);
    reading_end(&reading);
}

/* A drawn key without effect does not make the trials have parameters of their own, which takes longer. */
static void what_has_no_effect_costs_nothing(void **state)
{
    (void)state;
    const char *idle[] = {"target.phase={from: 0 degree, mode: 1 degree, to: 2 degree}",
                          "target.switching_rate={median: 1 Hz, geometric_sigma: 2}", NULL};
    struct reading reading;
    for (int i = 0; idle[i] != NULL; i++) {
        struct zem_value value[ZEM_KEY_COUNT];
        read_with(&reading, WITH(idle[i]));
        assert_false(reading.scenario.resolution.by_trial);
        zem_grid_values(&reading.scenario, 0, value);
        for (int key = 0; key < ZEM_KEY_COUNT; key++)
            assert_true(value[key].distribution <= ZEM_UNIFORM);
        reading_end(&reading);
    }
    read_with(&reading, WITH(idle[1], "interceptor.filter_lag==0.1/target.switching_rate*1 Hz*1 s"));
    assert_true(reading.scenario.resolution.by_trial);
    reading_end(&reading);
}

static void circles_and_doubles_are_refused(void **state)
{
    (void)state;
    const struct {
        const char *overrides[2], *message;
    } cases[] = {
        {{"interceptor.filter_lag==interceptor.autopilot_lag", "interceptor.autopilot_lag==interceptor.filter_lag/2"},
         "interceptor.filter_lag, interceptor.autopilot_lag, interceptor.filter_lag depend on each other in a circle"},
        {{"engagement.flight_time={from: 1 s, to: =target.start}", "target.start==engagement.flight_time"},
         "depend on each other in a circle"},
        {{"target.acceleration={mean: =9*target.acceleration.sigma, sigma: =0.1*target.acceleration.mean}",
          "run.seed=2"},
         "takes its own key"},
        {{"interceptor.filter_lag==interceptor.seeker_lag",
          "sweep=[{parameter: interceptor.filter_lag, values: [0.1 s, 0.2 s]}]"},
         "swept, and given by an expression too"},
        {{"interceptor.seeker_lag={from: 0.1 s, to: =interceptor.filter_lag}",
          "sweep=[{parameter: interceptor.filter_lag, values: [0.2 s, 0.05 s]}]"},
         "from is greater than to; exchange them, in cell 1"},
        {{"engagement.flight_time={median: 5 s, geometric_sigma: 1.1}", "seeker.blind_time=1 ms"},
         "must be shorter than engagement.flight_time in every cell and every trial"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reading reading;
        char text[1024] = "";
        reading_begin(&reading, base, sizeof base - 1, cases[i].overrides, 2);
        zem_diagnostics_format(&reading.diagnostics, 0, text, sizeof text);
        if (reading.status != ZEM_BAD_INPUT || strstr(text, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].overrides[0], text);
        reading_end(&reading);
    }
}

/* A printed scenario reads back to the same canonical bytes, and every part of a distribution changes them. */
static void print_and_digest_know_all_parts(void **state)
{
    (void)state;
    static const char *const one_each[][3] = {
        {"interceptor.speed={mean: 2 km/s, sigma: 1 m/s, from: 1 km/s, to: 3 km/s}",
         "interceptor.speed={mean: 2 km/s, sigma: 1 m/s, from: 1 km/s, to: 3.5 km/s}",
         "interceptor.speed={mean: 2 km/s, sigma: 1 m/s, from: 0.9 km/s, to: 3 km/s}"},
        {"interceptor.speed={median: 2 km/s, geometric_sigma: 1.1}",
         "interceptor.speed={median: 2 km/s, geometric_sigma: 1.2}", "interceptor.speed={from: 2 km/s, to: 2.1 km/s}"},
        {"target.roll={from: 0 degree, mode: 20 degree, to: 1 radian}",
         "target.roll={from: 0 degree, mode: 21 degree, to: 1 radian}", "target.roll={from: 0 degree, to: 1 radian}"},
        {"target.roll={values: [0 degree, 90 degree], weights: [1, 2]}",
         "target.roll={values: [0 degree, 90 degree], weights: [1, 3]}", "target.roll={values: [0 degree, 80 degree]}"},
        {"interceptor.filter_lag==interceptor.seeker_lag*1.5", "interceptor.filter_lag==interceptor.seeker_lag/1.5",
         "interceptor.filter_lag==interceptor.autopilot_lag*1.5"},
        {"correlations=[{keys: [target.start, target.acceleration], coefficient: 0.5}]",
         "correlations=[{keys: [target.start, target.acceleration], coefficient: 0.25}]", "correlations=[]"},
    };
    for (size_t i = 0; i < sizeof one_each / sizeof *one_each; i++) {
        char digest[3][65], again[65], differences[200];
        struct reading reading[3], printed;
        for (int k = 0; k < 3; k++) {
            reading_begin(&reading[k], base, sizeof base - 1, &one_each[i][k], 1);
            assert_int_equal(reading[k].status, 0);
            zem_scenario_digest(&reading[k].scenario, digest[k]);
        }
        assert_string_not_equal(digest[0], digest[1]);
        assert_string_not_equal(digest[0], digest[2]);
        assert_string_not_equal(digest[1], digest[2]);
        for (int k = 1; k < 3; k++)
            assert_true(
                zem_scenario_differences(&reading[0].scenario, &reading[k].scenario, differences, sizeof differences)[0]
                != '\0');
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        assert_int_equal(zem_scenario_print(&reading[0].scenario, ZEM_PRINT_AS_WRITTEN, stream, &reading[0].error), 0);
        fclose(stream);
        reading_begin(&printed, text, size, NULL, 0);
        if (printed.status != 0)
            fail_msg("%s", text);
        zem_scenario_digest(&printed.scenario, again);
        assert_string_equal(again, digest[0]);
        free(text);
        reading_end(&printed);
        for (int k = 0; k < 3; k++)
            reading_end(&reading[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_draws_what_the_kernels_cannot),
        cmocka_unit_test(expressions_follow_the_axes),
        cmocka_unit_test(a_part_may_follow_another_of_its_key),
        cmocka_unit_test(cells_have_the_means_of_what_is_drawn),
        cmocka_unit_test(what_has_no_effect_costs_nothing),
        cmocka_unit_test(circles_and_doubles_are_refused),
        cmocka_unit_test(print_and_digest_know_all_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
