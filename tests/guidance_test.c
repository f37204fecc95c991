/* What a guidance law commands for a displacement at the start of homing if there is no tracker, filter or limit. The
 * line-of-sight rate has an impulse there, to which the law applies the gain of that instant. */
#include "small_scenarios.h"

#include "result/cell_totals.h"

#include <math.h>

/* One lag and a displacement of 30 m. The gain of the optimal law depends on time to go over lag, which is 6 here. */
#define DISPLACED(interceptor, run) \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.5 s, displacement_y: 30 m, " interceptor "}\n" \
    "scoring: {hit_radius: 1 m}\nrun: {trials: 8, seed: 1, " run "}\n"
#define FINE "step: 1 ms, step_ratio: 20"

/* Returns the mean divert of the trials of a scenario, m/s. */
static double divert_of(const char *text)
{
    static const struct zem_run_options options = {.devices = "openmp"};
    struct zem_scenario scenario;
    struct zem_result result;
    good_scenario(&scenario, "displaced", text);
    small_run(&scenario, &options, &result);
    const double divert = zem_mean_of_passed(&result, 0, ZEM_TALLY_DIVERT);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return divert;
}

static void the_optimal_law_has_no_use_for_the_navigation_gain(void **state)
{
    (void)state;
    const double three = divert_of(DISPLACED("guidance: ogl, navigation_gain: 3", FINE));
    assert_true(three > 0.0);
    assert_true(divert_of(DISPLACED("guidance: ogl, navigation_gain: 4", FINE)) == three);
    assert_true(divert_of(DISPLACED("guidance: ogl, navigation_gain: 8", FINE)) == three);
}

/* Without a tracker the divert is the limit for a lag of the tracker that goes to zero. With 10 and 5 ms it differs
 * from the limit by 0.7 and 0.3 %, nearly in proportion to the lag, so that the line through both meets the limit to
 * 0.1 %. */
static void a_displacement_without_a_tracker_is_the_limit_of_a_fast_one(void **state)
{
    (void)state;
    const double none = divert_of(DISPLACED("guidance: ogl", FINE));
    const double slow = divert_of(DISPLACED("guidance: ogl, seeker_lag: 10 ms", FINE));
    const double fast = divert_of(DISPLACED("guidance: ogl, seeker_lag: 5 ms", FINE));
    print_message("divert %.4f m/s; by trackers of 10 and 5 ms %.4f and %.4f\n", none, slow, fast);
    assert_true(fabs(slow - none) > 5.0e-3 * none);
    assert_true(fabs(2.0 * fast - slow - none) < 1.0e-3 * none);
}

static void a_gain_of_proportional_navigation_scales_the_answer(void **state)
{
    (void)state;
    const double three = divert_of(DISPLACED("guidance: pn, navigation_gain: 3", FINE));
    assert_true(divert_of(DISPLACED("guidance: pn, navigation_gain: 5", FINE)) > 1.2 * three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_optimal_law_has_no_use_for_the_navigation_gain),
        cmocka_unit_test(a_displacement_without_a_tracker_is_the_limit_of_a_fast_one),
        cmocka_unit_test(a_gain_of_proportional_navigation_scales_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
