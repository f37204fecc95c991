/* Points of a sweep axis that an option selects by a list of values, such as period=1,2. Each value selects the nearest
 * point. A value that can select none, such as one off the axis, is refused. */
#include "view/axis_points.h"

#include "good_scenario.h"
#include "text_has.h"

#define SCENARIO \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "target: {maneuver: weave, acceleration: 6 gravity, period: 2 s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n" \
    "scoring: {hit_radius: 1 m}\n" \
    "run: {trials: 10, seed: 1}\n" \
    "sweep:\n" \
    "  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 6}\n" \
    "  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 4, spacing: log}\n"

static void values_stand_for_the_nearest_points(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_axis_points points;
    struct zem_error error = {0};
    good_scenario(&scenario, "made_up.yaml", SCENARIO);
    assert_int_equal(
        zem_view_axis_points(&scenario, "for", "target.acceleration=0.9, 4.1 gravity,10", 12, &points, &error), ZEM_OK);
    assert_true(points.axis == 0 && points.count == 3);
    assert_true(points.index[0] == 0 && points.index[1] == 2 && points.index[2] == 5);
    /* The axis is logarithmic, so that the nearest point is nearest by ratio: 1.5 is a factor of 1.33 from 2 and of 1.5
     * from 1. */
    assert_int_equal(zem_view_axis_points(&scenario, "for", "period=1.5", 12, &points, &error), ZEM_OK);
    assert_true(points.axis == 1 && points.count == 1 && points.index[0] == 2);
    assert_int_equal(zem_view_axis_points(&scenario, "for", "period", 12, &points, &error), ZEM_OK);
    assert_int_equal(points.count, 0);
    zem_scenario_free(&scenario);
}

static void what_cannot_be_meant_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"altitude=3", "acceleration, period"},
        {"period=9", "from 0.5 to 4 s"},
        {"period=1,2 km", "unit of this axis is s"},
        {"period=", "number"},
        {"period=1,", "number"},
        {"period=1,1.01", "same point"},
        {"period=0.5,1,2,4", "at most 3"},
    };
    struct zem_scenario scenario;
    good_scenario(&scenario, "made_up.yaml", SCENARIO);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_axis_points points;
        struct zem_error error = {0};
        if (zem_view_axis_points(&scenario, "for", cases[i][0], 3, &points, &error) != ZEM_USAGE)
            fail_msg("%s is accepted", cases[i][0]);
        assert_has(error.message, cases[i][1]);
        assert_has(error.message, "for \"");
    }
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_for_the_nearest_points),
        cmocka_unit_test(what_cannot_be_meant_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
