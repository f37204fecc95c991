/* A mirrored engagement has the same result. The nominal bodies move in one vertical plane, and channel y is normal to
 * it, so that the mirror changes the sign of displacement and heading error in y and replaces `roll` by its supplement.
 * Miss distance, flight time, divert and time at the limit must be equal. Exchanging y and z is no mirror, because
 * gravity lies in z. */
#include "run/double_engine.h"
#include "good_scenario.h"

#include <math.h>

#define ENGAGEMENT \
    "zem: 1\nengagement: {kinematics: point-mass, flight_time: 4 s, intercept_altitude: 15 km}\n" \
    "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave, " \
    "acceleration: 60 m/s2, period: 1.3 s, phase: 40 degree, roll: "
#define BODY \
    "}\ninterceptor: {speed: 2 km/s, flight_path_angle: 30 degree, ballistic_coefficient: 8000 kg/m2, autopilot_lag: " \
    "0.3 s, acceleration_limit: 150 m/s2, "
#define END "}\nscoring: {hit_radius: 1 m}\nrun: {trials: 1}\n"

static struct zem_flown fly(const char *text)
{
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_flown flown;
    good_cell(&scenario, text, &cell);
    assert_int_equal(zem_double_engine_fly(&cell, 0, 1, 0, 1, &flown), 0);
    assert_int_equal(flown.outcome, ZEM_OUTCOME_PASSED);
    zem_scenario_free(&scenario);
    return flown;
}

/* Fails unless a and b agree to 1e-6 of `scale`. Angles and handover errors are single-precision numbers, whose signs
 * change exactly; but the supplement of `roll` is rounded anew, to 6e-8 of half a turn, and the maneuver moves the
 * target by some hundred metres. */
static void assert_same(double a, double b, double scale)
{
    if (!(fabs(a - b) <= 1e-6 * scale))
        fail_msg("%.12g and its mirror %.12g", a, b);
}

static void a_mirrored_engagement_has_the_same_result(void **state)
{
    (void)state;
    const struct zem_flown one = fly(ENGAGEMENT "30 degree" BODY
                                                "displacement_y: 20 m, displacement_z: -7 m, heading_error_y: 0.6 "
                                                "degree, heading_error_z: 0.2 degree" END),
                           other = fly(ENGAGEMENT "150 degree" BODY
                                                  "displacement_y: -20 m, displacement_z: -7 m, heading_error_y: -0.6 "
                                                  "degree, heading_error_z: 0.2 degree" END);
    print_message("misses %.9g m, %.9g m, divert %.9g m/s, %.9g m/s\n", one.miss, other.miss, one.divert, other.divert);
    assert_true(one.saturated_time > 0.0);
    assert_same(one.miss, other.miss, 300.0);
    assert_same(one.flight_time, other.flight_time, 4.0);
    assert_same(one.divert, other.divert, one.divert);
    /* The time at the limit counts whole steps of about 50 ms. Rounding may move the instant at which the limit begins
     * or ends into the next step. */
    assert_true(fabs(one.saturated_time - other.saturated_time) <= 0.05);
}

static void the_vertical_channel_is_not_the_mirror_of_the_horizontal_one(void **state)
{
    (void)state;
    const struct zem_flown up = fly(ENGAGEMENT "90 degree" BODY "displacement_z: 20 m" END),
                           down = fly(ENGAGEMENT "-90 degree" BODY "displacement_z: -20 m" END);
    assert_true(fabs(up.miss - down.miss) > 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mirrored_engagement_has_the_same_result),
        cmocka_unit_test(the_vertical_channel_is_not_the_mirror_of_the_horizontal_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
