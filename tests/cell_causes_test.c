/* The radome's stability limit against closed forms of loops of low order. */
#include "cell/cell_causes.h"
#include "good_scenario.h"
#include "scenario/grid.h"

#include <math.h>

#define HEAD \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\nscoring: {hit_radius: 1 m}\n" \
    "run: {trials: 1}\n"
#define SPEEDS (2000.0 / (3.0 * 4000.0)) /* VM/(N' Vc): the slope at which K is 1 */

static double limit_of(const char *interceptor, const char *slope)
{
    struct zem_scenario scenario;
    struct zem_value value[ZEM_KEY_COUNT];
    char text[800];
    snprintf(text, sizeof text,
             HEAD "interceptor: {speed: 2 km/s, navigation_gain: 3, %s}\nseeker: {radome_slope: %s}\n", interceptor,
             slope);
    good_scenario(&scenario, "radome", text);
    zem_grid_values(&scenario, 0, value);
    const double limit = zem_causes_radome_limit(value, 4000.0);
    zem_scenario_free(&scenario);
    return limit;
}

/* One lag T in the autopilot and one in the tracker, Ts: Ts T s^2 + (Ts + T - K Ta) s + 1 - K has roots with negative
 * real parts while K Ta < Ts + T and K < 1. A negative slope keeps all coefficients positive. */
static void two_lags_are_stable_up_to_the_closed_form(void **state)
{
    (void)state;
    const char *lags = "seeker_lag: 0.1 s, autopilot_lag: 0.3 s, turning_rate_lag: 2 s";
    assert_true(fabs(limit_of(lags, "0.5") / (SPEEDS * 0.4 / 2.0) - 1.0) < 1e-12);
    assert_true(limit_of(lags, "0.033") == 0.0);
    assert_true(limit_of(lags, "-50") == 0.0);
    assert_true(fabs(limit_of("seeker_lag: 0.1 s, autopilot_lag: 0.3 s", "0.5") / SPEEDS - 1.0) < 1e-12);
}

/* Three equal lags, (1 + T s)^3 = K (1 + Ta s): T^3 s^3 + 3 T^2 s^2 + (3 T - K Ta) s + 1 - K is stable while
 * 3 T^2 (3 T - K Ta) > T^3 (1 - K), which for negative K is -K < 8 T/(T - 3 Ta) if Ta < T/3, and for positive K is
 * K < 8 T/(3 Ta - T) if Ta > T/3. Two of the lags as a quadratic one of damping 1 are the same loop. */
static void three_lags_are_stable_up_to_the_closed_form(void **state)
{
    (void)state;
    const double small = -SPEEDS * 8.0 * 0.1 / (0.1 - 3.0 * 0.01), large = SPEEDS * 8.0 * 0.1 / (3.0 * 0.5 - 0.1);
    assert_true(
        fabs(limit_of("seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.1 s, turning_rate_lag: 0.01 s", "-9")
                 / small
             - 1.0)
        < 1e-12);
    assert_true(
        fabs(limit_of("seeker_lag: 0.1 s, autopilot_lag: 0.2 s, autopilot_order: 2, turning_rate_lag: 0.5 s", "9")
                 / large
             - 1.0)
        < 1e-12);
    assert_true(
        fabs(limit_of("seeker_lag: 0.1 s, quadratic_lag: 0.1 s, quadratic_damping: 1, turning_rate_lag: 0.5 s", "9")
                 / large
             - 1.0)
        < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lags_are_stable_up_to_the_closed_form),
        cmocka_unit_test(three_lags_are_stable_up_to_the_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
