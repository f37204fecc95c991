/* Closed forms at points where the formulas of the textbooks have values that are found by hand, and the reason that is
 * given for a cell without a closed form. plot_script_test.py compares them with flights; the validation suite has
 * formulas of its own. */
#include "study/closed_form.h"

#include "good_scenario.h"

#include <math.h>

#define HEAD "zem: 1\nscoring: {hit_radius: 1 m}\nrun: {trials: 10}\n"
#define LINEAR(time) HEAD "engagement: {kinematics: linear, flight_time: " time ", closing_speed: 4 km/s}\n"

static const double PI = 3.14159265358979323846;
/* e^-2, and the value I0(1) of a modified Bessel function (Abramowitz and Stegun, table 9.8). */
static const double E_2 = 0.1353352832366126919, I0_1 = 1.2660658777520084;

static struct zem_closed_form form_of(const char *text)
{
    struct zem_scenario scenario;
    struct zem_closed_form form;
    struct zem_error error = {0};
    char why[200] = "";
    good_scenario(&scenario, "made_up.yaml", text);
    if (zem_closed_form_find(&scenario, 0, &form, why, sizeof why, &error) != ZEM_OK)
        fail_msg("no closed form: %s%s", why, error.message);
    zem_scenario_free(&scenario);
    return form;
}

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g instead of %.12g", value, expected);
}

/* The closed forms depend on x, the flight time divided by the lag. With a lag of 0.5 s, flight times of 1 s, 0.5 s and
 * 1.5 s are x = 2, 1 and 3. */
static void deterministic_misses_are_those_of_one_lag(void **state)
{
    (void)state;
    struct zem_closed_form form = form_of(LINEAR("1 s") "target: {maneuver: step, acceleration: 30 m/s2}\n"
                                                        "interceptor: {speed: 2 km/s, navigation_gain: 3, seeker_lag: "
                                                        "0.5 s}\n");
    assert_near(zem_closed_form_mean(&form), 30.0 * 0.25 * 2.0 * E_2, 1e-12);
    assert_near(zem_closed_form_deviation(&form), 0.0, 1e-6);
    zem_closed_form_free(&form);
    form = form_of(LINEAR("1.5 s") "target: {maneuver: step, acceleration: 30 m/s2}\n"
                                   "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.5 s}\n");
    assert_near(zem_closed_form_rms(&form), 0.0, 1e-12); /* x^2/2 = x^3/6 at x = 3 */
    zem_closed_form_free(&form);
    form = form_of(LINEAR("1 s") "interceptor: {speed: 2 km/s, navigation_gain: 3, autopilot_lag: 0.5 s, "
                                 "displacement_z: 7 m, heading_error_z: 0.1 radian}\n");
    assert_near(zem_closed_form_mean(&form), 7.0 * E_2, 1e-12); /* at x = 2, x - x^2/2 = 0 and 1 - 2x + x^2/2 = -1 */
    zem_closed_form_free(&form);
}

/* With a flight time of one lag T and N' = 3 a heading error misses by -VM HE T e^-1 / 2 = -20 e^-1 / 4 m and a
 * displacement by -y0 e^-1 / 2. */
static void misses_add_with_their_signs(void **state)
{
    (void)state;
    struct zem_closed_form form = form_of(LINEAR("0.5 s") "interceptor: {speed: 2 km/s, navigation_gain: 3, "
                                                          "autopilot_lag: 0.5 s, heading_error_y: 0.01 radian, "
                                                          "displacement_y: -10 m, displacement_z: 4 m}\n");
    assert_near(zem_closed_form_mean(&form), 2.0 * exp(-1.0), 1e-9);
    zem_closed_form_free(&form);
}

/* Here the angular frequency w of the weave and the lag T have the product 1. At N' = 4 the amplitude of the miss is
 * then nT T^2 / 4 = 2 m. */
static void a_weave_of_any_phase_has_an_arcsine(void **state)
{
    (void)state;
    struct zem_closed_form form =
        form_of(LINEAR("10 s") "target: {maneuver: weave, acceleration: 32 m/s2, period: 3.14159265358979 s, "
                               "phase: {from: 0 degree, to: 360 degree}}\n"
                               "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.5 s}\n");
    /* The program sums over 20,000 phases, which determines the tolerance. */
    assert_near(zem_closed_form_probability(&form, 1.0), 1.0 / 3.0, 1e-4);
    assert_near(zem_closed_form_mean(&form), 4.0 / PI, 1e-6);
    assert_near(zem_closed_form_rms(&form), sqrt(2.0), 1e-9);
    zem_closed_form_free(&form);
    form = form_of(LINEAR("10 s") "target: {maneuver: spiral, acceleration: 32 m/s2, period: 3.14159265358979 s}\n"
                                  "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.5 s}\n");
    assert_near(zem_closed_form_mean(&form), 2.0, 1e-9);
    zem_closed_form_free(&form);
}

/* Normal errors far below the amplitude of a weave hardly blur its miss. The probability is that of the arcsine at
 * every radius, without the steps that single phases would make. The tolerance is a deviation times the density, 1e-3
 * (2/pi) / sqrt(1 - 0.9^2), plus the error of a sum over 20,000 phases. */
static void small_errors_leave_an_arcsine(void **state)
{
    (void)state;
    /* A displacement y0 misses by y0 e^-20 (1 - 60 + 600 - 4000/3) for a flight time of x = 20 lags and N' = 4. The
     * deviation of 1224.65 m gives 2 mm. */
    struct zem_closed_form form =
        form_of(LINEAR("10 s") "target: {maneuver: weave, acceleration: 32 m/s2, period: 3.14159265358979 s, "
                               "phase: {from: 0 degree, to: 360 degree}}\n"
                               "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.5 s, displacement_y: "
                               "{mean: 0 m, sigma: 1224.65 m}, displacement_z: {mean: 0 m, sigma: 1224.65 m}}\n");
    assert_near(form.sigma, 2e-3, 1e-5);
    for (double radius = 0.05; radius < 1.85; radius += 0.0137)
        assert_near(zem_closed_form_probability(&form, radius), 2.0 / PI * asin(radius / 2.0), 1.6e-3);
    zem_closed_form_free(&form);
}

/* The published constants for N' = 3 are K^2 = 33/16 for glint, 9/32 for noise that does not depend on range and 675/32
 * for active noise. The miss has Rayleigh's distribution. */
static void noise_has_the_published_constants(void **state)
{
    (void)state;
    static const struct {
        const char *seeker;
        double variance;
    } cases[] = {
        {"glint: 0.05 m2/Hz", 33.0 / 16 * 0.05 / 0.5},
        {"angle_noise: 1e-8 rad2/Hz", 9.0 / 32 * 16e6 * 0.5 * 1e-8},
        {"active_noise: 1e-8 rad2/Hz, reference_range: 5 km", 675.0 / 32 * 4.096e21 * 0.03125 * 1e-8 / 6.25e14}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 LINEAR("10 s") "interceptor: {speed: 2 km/s, navigation_gain: 3, seeker_lag: 0.5 s}\nseeker: {%s}\n",
                 cases[i].seeker);
        struct zem_closed_form form = form_of(text);
        const double variance = cases[i].variance, radius = sqrt(variance);
        assert_near(form.sigma * form.sigma / variance, 1.0, 1e-12);
        assert_near(zem_closed_form_probability(&form, radius), 1.0 - exp(-0.5), 1e-6);
        assert_near(zem_closed_form_mean(&form) / sqrt(0.5 * PI * variance), 1.0, 1e-9);
        assert_near(zem_closed_form_rms(&form) / sqrt(2.0 * variance), 1.0, 1e-12);
        zem_closed_form_free(&form);
    }
}

/* Normal displacements of deviation 3 m about a bias of 3 m, so that the miss has Rice's distribution. It is below 3 m
 * with the probability 1 - Q1(1, 1), where Marcum's function Q1(1, 1) is (1 + e^-1 I0(1))/2. The mean of the miss is
 * compared with its defining integral, summed here. */
static void normal_errors_about_a_bias_have_the_distribution_of_rice(void **state)
{
    (void)state;
    struct zem_closed_form form =
        form_of(LINEAR("1 s") "interceptor: {speed: 2 km/s, guidance: none, displacement_y: {mean: 3 m, sigma: 3 m}, "
                              "displacement_z: {mean: 0 m, sigma: 3 m}}\n");
    assert_near(zem_closed_form_probability(&form, 3.0), 0.5 - 0.5 * exp(-1.0) * I0_1, 1e-5);
    double mean = 0.0;
    for (double r = 0.005; r < 60.0; r += 0.01)
        mean += 0.01 * (1.0 - zem_closed_form_probability(&form, r));
    assert_near(zem_closed_form_mean(&form), mean, 1e-4);
    assert_near(zem_closed_form_rms(&form), sqrt(27.0), 1e-9);
    zem_closed_form_free(&form);
}

/* Free motion: a step that begins at a uniform time misses by nT (tF - start)^2/2. */
static void a_drawn_start_is_taken_over_its_range(void **state)
{
    (void)state;
    struct zem_closed_form form =
        form_of(LINEAR("2 s") "target: {maneuver: step, acceleration: 10 m/s2, start: {from: 0 s, to: 2 s}}\n"
                              "interceptor: {speed: 2 km/s, guidance: none}\n");
    assert_near(zem_closed_form_probability(&form, 5.0), 0.5, 1e-4);
    assert_near(zem_closed_form_mean(&form), 10.0 / 2.0 * 4.0 / 3.0, 1e-6);
    zem_closed_form_free(&form);
}

static void cells_without_a_closed_form_say_why(void **state)
{
    (void)state;
    static const struct {
        const char *time, *rest, *why;
    } cases[] = {
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, seeker_lag: 0.1 s}\n", "several lags"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, autopilot_order: 2}\n", "the autopilot"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, navigation_gain: 3.5}\n", "navigation_gain"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, acceleration_limit: 9 gravity}\n", "limit"},
        {"5 s", "interceptor: {speed: 2 km/s, guidance: apn}\ntarget: {maneuver: step, acceleration: 1 gravity}\n",
         "guidance law"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, displacement_y: {from: 0 m, to: 1 m}}\n",
         "interceptor.displacement_y varies"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, displacement_y: {mean: 0 m, sigma: 1 m}}\n",
         "differ between channels"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: {mean: 0.3 s, sigma: 0.01 s, from: 0.2 s, to: 0.4 s}}\n",
         "draws values"},
        {"5 s",
         "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\ntarget: {maneuver: weave, acceleration: 1 gravity, "
         "phase: {from: 0 degree, to: 180 degree}}\n",
         "whole turns"},
        {"4 s",
         "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\ntarget: {maneuver: weave, acceleration: 1 gravity, "
         "phase: {from: 0 degree, to: 360 degree}}\n",
         "shorter than 15 lags"},
        {"30 s", /* the flown miss is 0.1 m; a weave that has gone on for long gives 0.01 m */
         "interceptor: {speed: 2 km/s, autopilot_lag: 2 s, navigation_gain: 5}\ntarget: {maneuver: weave, "
         "acceleration: 100 m/s2, period: 400 s, phase: {from: 0 degree, to: 360 degree}}\n",
         "so slow or fast a weave"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\nseeker: {blind_time: 4 ms}\n", "blind_time"},
        {"5 s",
         "interceptor: {speed: 2 km/s, seeker_lag: 0.3 s, displacement_y: 1 m}\ntarget: {maneuver: spiral, "
         "acceleration: 1 gravity}\n",
         "constant error"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\nsalvo: {shots: 2, spacing: 0.1 s}\n", "salvos"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\nseeker: {sample_interval: 0.1 s}\n",
         "the seeker is sampled"},
        {"5 s", "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, autopilot_lag_2: 0.1 s}\n", "autopilot stages"},
        {"5 s", "interceptor: {speed: 2 km/s, seeker_lag: 0.3 s, seeker_damping: 0.7}\n", "a lag is quadratic"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_scenario scenario;
        struct zem_closed_form form;
        struct zem_error error = {0};
        char text[900], why[200] = "";
        snprintf(text, sizeof text, LINEAR("%s") "%s", cases[i].time, cases[i].rest);
        good_scenario(&scenario, "made_up.yaml", text);
        const int status = zem_closed_form_find(&scenario, 0, &form, why, sizeof why, &error);
        if (status != 1 || strstr(why, cases[i].why) == NULL)
            fail_msg("\"%s\" says %d, \"%s\" instead of \"%s\"", cases[i].rest, status, why, cases[i].why);
        zem_closed_form_free(&form);
        zem_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deterministic_misses_are_those_of_one_lag),
        cmocka_unit_test(misses_add_with_their_signs),
        cmocka_unit_test(a_weave_of_any_phase_has_an_arcsine),
        cmocka_unit_test(small_errors_leave_an_arcsine),
        cmocka_unit_test(noise_has_the_published_constants),
        cmocka_unit_test(normal_errors_about_a_bias_have_the_distribution_of_rice),
        cmocka_unit_test(a_drawn_start_is_taken_over_its_range),
        cmocka_unit_test(cells_without_a_closed_form_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
