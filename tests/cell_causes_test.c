/* The radome slope up to which the homing loop is stable, compared with closed forms of loops of low order. Also the
 * default integration steps and the stages of the autopilot, which follow from the lags. */
#include "cell/cell.h"
#include "cell/cell_causes.h"
#include "cell/cell_step.h"
#include "good_scenario.h"
#include "scenario/grid.h"

#include <math.h>
#include <string.h>

#define HEAD \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 5 s, closing_speed: 4 km/s}\nscoring: {hit_radius: 1 m}\n" \
    "run: {trials: 1}\n"
#define SPEEDS (2000.0 / (3.0 * 4000.0)) /* VM/(N' Vc): the radome slope at which the loop's gain K is 1 */

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

/* One lag T in the autopilot and one lag Ts in the tracker, with the turning-rate time constant Ta. The characteristic
 * polynomial Ts T s^2 + (Ts + T - K Ta) s + 1 - K has roots with negative real parts while K Ta < Ts + T and K < 1. A
 * negative slope keeps all coefficients positive. */
static void two_lags_are_stable_up_to_the_closed_form(void **state)
{
    (void)state;
    const char *lags = "seeker_lag: 0.1 s, autopilot_lag: 0.3 s, turning_rate_lag: 2 s";
    assert_true(fabs(limit_of(lags, "0.5") / (SPEEDS * 0.4 / 2.0) - 1.0) < 1e-12);
    assert_true(limit_of(lags, "0.033") == 0.0);
    assert_true(limit_of(lags, "-50") == 0.0);
    assert_true(fabs(limit_of("seeker_lag: 0.1 s, autopilot_lag: 0.3 s", "0.5") / SPEEDS - 1.0) < 1e-12);
}

/* Three equal lags T, with (1 + T s)^3 = K (1 + Ta s). The polynomial T^3 s^3 + 3 T^2 s^2 + (3 T - K Ta) s + 1 - K is
 * stable while 3 T^2 (3 T - K Ta) > T^3 (1 - K). For negative K that is -K < 8 T/(T - 3 Ta) if Ta < T/3, and for
 * positive K it is K < 8 T/(3 Ta - T) if Ta > T/3. Two of the lags written as a quadratic lag of damping 1, in the
 * tracker or in the autopilot, are the same loop. */
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
    static const char *const same[] = {"seeker_lag: 0.1 s, quadratic_lag: 0.1 s, quadratic_damping: 1",
                                       "seeker_lag: 0.1 s, seeker_damping: 1, autopilot_lag_3: 0.1 s",
                                       "seeker_lag: 0.1 s, autopilot_lag_2: 0.1 s, autopilot_lag: 0.1 s"};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        char lags[200];
        snprintf(lags, sizeof lags, "%s, turning_rate_lag: 0.5 s", same[k]);
        assert_true(fabs(limit_of(lags, "9") / large - 1.0) < 1e-12);
    }
}

static void values_of(const char *interceptor, const char *seeker, struct zem_value value[ZEM_KEY_COUNT])
{
    struct zem_scenario scenario;
    char text[800];
    snprintf(text, sizeof text, HEAD "interceptor: {speed: 2 km/s, %s}\nseeker: {%s}\n", interceptor, seeker);
    good_scenario(&scenario, "lags", text);
    zem_grid_values(&scenario, 0, value);
    zem_scenario_free(&scenario);
}

static double step_with(const char *interceptor, const char *seeker)
{
    struct zem_value value[ZEM_KEY_COUNT];
    values_of(interceptor, seeker, value);
    return zem_cell_step(value);
}
static double step_of(const char *interceptor) { return step_with(interceptor, "blind_time: 1 ms"); }

/* The default step is at most 0.75 of the shortest time constant and 0.12 of their sum. A quadratic lag T of damping
 * zeta counts with the sum 2 zeta T. With a damping of 1.25 its fast pole is twice as fast as 1/T, because 1.25 +
 * sqrt(1.25^2 - 1) = 2. */
static void default_steps_follow_every_lag(void **state)
{
    (void)state;
    assert_true(fabs(step_of("autopilot_lag: 1 s, autopilot_lag_5: 20 ms") - 0.015) < 1e-15);
    assert_true(fabs(step_of("autopilot_lag_2: 0.3 s, autopilot_lag_4: 0.2 s") - 0.12 * 0.5) < 1e-15);
    assert_true(fabs(step_of("autopilot_lag: 1 s, seeker_lag: 40 ms, seeker_damping: 1.25") - 0.015) < 1e-15);
    assert_true(fabs(step_of("autopilot_lag: 1 s, filter_lag: 40 ms, filter_damping: 1.25") - 0.015) < 1e-15);
    assert_true(fabs(step_of("seeker_lag: 0.3 s, seeker_damping: 0.5") - 0.12 * 0.3) < 1e-15);
    assert_true(fabs(step_of("filter_lag: 0.3 s, filter_damping: 0.25") - 0.12 * 0.15) < 1e-15);
}

/* The default step under ogl is at most 0.08 of the sum of the lags, because the gain of this law grows faster. A
 * telegraph takes 0.15 of the mean time between reversals, but no less than a quarter of the step without it. */
static void default_steps_follow_law_and_reversals(void **state)
{
    (void)state;
    static const struct {
        const char *rate;
        double step;
    } telegraph[] = {{"0.1 Hz", 0.06}, {"5 Hz", 0.03}, {"100 Hz", 0.015}};
    assert_true(fabs(step_of("autopilot_lag: 0.5 s") - 0.06) < 1e-15);
    assert_true(fabs(step_of("autopilot_lag: 0.5 s, guidance: ogl") - 0.04) < 1e-15);
    assert_true(fabs(step_of("autopilot_lag: 0.5 s, guidance: ogl, acceleration_limit: 100 m/s2") - 0.03) < 1e-15);
    for (size_t k = 0; k < sizeof telegraph / sizeof *telegraph; k++) {
        struct zem_value value[ZEM_KEY_COUNT];
        char rest[200];
        snprintf(rest, sizeof rest,
                 "blind_time: 1 ms}\ntarget: {maneuver: telegraph, acceleration: 1 gravity, switching_rate: %s",
                 telegraph[k].rate);
        values_of("autopilot_lag: 0.5 s", rest, value);
        assert_true(fabs(zem_cell_step(value) - telegraph[k].step) < 1e-15);
    }
}

/* Under ogl with a limit and without noise, a step is at most an eighth of a radian of the weave, and step_ratio is 28.
 * With a Kalman filter, and so with noise, both are as without a limit. */
static void default_steps_are_shorter_under_ogl_with_a_limit(void **state)
{
    (void)state;
    static const struct {
        const char *limit, *seeker;
        double turn, ratio;
    } cases[] = {{"", "estimator: perfect", 0.5, 14.0},
                 {", acceleration_limit: 100 m/s2", "estimator: perfect", 0.125, 28.0},
                 {", acceleration_limit: 100 m/s2", "estimator: kalman, glint: 1e-2 m2/Hz", 0.5, 14.0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct zem_value value[ZEM_KEY_COUNT];
        char interceptor[200], rest[200];
        snprintf(interceptor, sizeof interceptor, "autopilot_lag: 0.5 s, guidance: ogl%s", cases[k].limit);
        snprintf(rest, sizeof rest, "%s}\ntarget: {maneuver: weave, acceleration: 1 gravity, period: 0.3 s",
                 cases[k].seeker);
        values_of(interceptor, rest, value);
        assert_true(fabs(zem_cell_step(value) / (cases[k].turn / 6.283185307179586 * 0.3) - 1.0) < 1e-12);
        assert_true(zem_cell_step_ratio(value) == cases[k].ratio);
    }
}

#define NOISY_LOOP \
    "navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s, acceleration_limit: 100 m/s2"

/* Noise may move the command within a step by a tenth of its limit, which takes h = (L T1 T2/(10 N' Vc))^2/P. With N' =
 * 4, Vc = 4 km/s, T1 = T2 = 0.1 s and L = 100 m/s2, this is 39.0625 ms for P = 1e-9 rad2/Hz. Glint of 0.016 m2/Hz has
 * this density at 4 km, which is the range two sums of the lags before the end. The step is at most that without a
 * limit, 0.12 of the sum of the lags, and at least 0.15 of the shortest lag. With a divert budget, it is the latter. */
static void default_steps_follow_weak_noise_at_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *interceptor, *seeker;
        double step;
    } cases[] = {{NOISY_LOOP, "angle_noise: 1e-10 rad2/Hz", 0.06},
                 {NOISY_LOOP, "angle_noise: 1e-9 rad2/Hz", 0.0390625},
                 {NOISY_LOOP, "glint: 0.016 m2/Hz", 0.0390625},
                 {NOISY_LOOP, "angle_noise: 2e-9 rad2/Hz", 0.01953125},
                 {NOISY_LOOP, "angle_noise: 1e-8 rad2/Hz", 0.015},
                 {NOISY_LOOP ", divert_limit: 1 km/s", "angle_noise: 1e-10 rad2/Hz", 0.015}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        assert_true(fabs(step_with(cases[k].interceptor, cases[k].seeker) / cases[k].step - 1.0) < 1e-6);
}

/* Strong noise may move the command within a step by half of its limit, which takes 3.26 ms for P = 3e-7 rad2/Hz. For
 * more noise the step is a fifth of the 15 ms that are enough for weaker noise. */
static void default_steps_follow_strong_noise_at_the_limit(void **state)
{
    (void)state;
    assert_true(fabs(step_with(NOISY_LOOP, "angle_noise: 3e-7 rad2/Hz") / 0.0032552083333 - 1.0) < 1e-6);
    assert_true(fabs(step_with(NOISY_LOOP, "angle_noise: 1e-5 rad2/Hz") / 0.003 - 1.0) < 1e-6);
    for (int gain = 3; gain < 9; gain += 5) { /* ogl does not use navigation_gain, and its own is 3 */
        char optimal[200];
        snprintf(optimal, sizeof optimal, "guidance: ogl, navigation_gain: %d%s", gain, strchr(NOISY_LOOP, ','));
        assert_true(fabs(step_with(optimal, "angle_noise: 3e-7 rad2/Hz") / (0.0032552083333 * 16.0 / 9.0) - 1.0)
                    < 1e-6);
    }
}

/* A stage of the autopilot that has a time constant of its own is stored as a ratio: the time constant of the first
 * stage divided by that of this stage. */
static void stages_have_their_ratios(void **state)
{
    (void)state;
    static const struct {
        const char *interceptor;
        uint32_t stages;
        double lag, ratio[ZEM_STAGES_LIMIT];
    } cases[] = {
        {"autopilot_lag: 0.2 s, autopilot_order: 2, autopilot_lag_3: 50 ms", 3, 0.1, {0.0, 0.0, 1.0, 1.0, 2.0}},
        {"autopilot_lag_2: 0.4 s, autopilot_lag_5: 0.1 s", 2, 0.4, {0.0, 0.0, 0.0, 1.0, 4.0}},
        {"autopilot_lag_4: 0.2 s, quadratic_lag: 0.1 s", 3, 0.2, {0.0, 0.0, 1.0}},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct zem_value value[ZEM_KEY_COUNT];
        struct cell_parameters p = {.features = ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_UNEQUAL};
        values_of(cases[k].interceptor, "blind_time: 1 ms", value);
        assert_true((zem_cell_features(value) & p.features) == p.features);
        p.stages = zem_causes_stages(value);
        p.inverse_stage_lag = strstr(cases[k].interceptor, "autopilot_lag:") != NULL ? 10.0f : 0.0f;
        zem_causes_derive(value, value, &p);
        assert_int_equal(p.stages, cases[k].stages);
        assert_true(fabs(1.0 / (double)p.inverse_stage_lag / cases[k].lag - 1.0) < 1e-6);
        for (int i = 0; i < ZEM_STAGES_LIMIT; i++)
            assert_true(fabs((double)p.stage_ratio[i] - cases[k].ratio[i]) < 1e-6);
    }
}

/* A cell is flown by transition matrices only if all its lags are of first order and all stages of its autopilot have
 * one time constant. With any of the keys below a cell must not have ZEM_FEATURE_TRANSITION. */
static void transition_matrices_fly_no_such_lag(void **state)
{
    (void)state;
    static const char *const lags[] = {"autopilot_lag_2: 0.1 s", "seeker_damping: 0.5", "filter_damping: 0.5"};
    for (size_t k = 0; k <= sizeof lags / sizeof *lags; k++) {
        struct zem_value value[ZEM_KEY_COUNT];
        char text[200];
        const bool plain = k == sizeof lags / sizeof *lags;
        snprintf(text, sizeof text, "seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s%s%s", plain ? "" : ", ",
                 plain ? "" : lags[k]);
        values_of(text, "blind_time: 1 ms", value);
        assert_true(((zem_cell_features(value) & ZEM_FEATURE_TRANSITION) != 0) == plain);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lags_are_stable_up_to_the_closed_form),
        cmocka_unit_test(three_lags_are_stable_up_to_the_closed_form),
        cmocka_unit_test(default_steps_follow_every_lag),
        cmocka_unit_test(default_steps_follow_law_and_reversals),
        cmocka_unit_test(default_steps_are_shorter_under_ogl_with_a_limit),
        cmocka_unit_test(default_steps_follow_weak_noise_at_the_limit),
        cmocka_unit_test(default_steps_follow_strong_noise_at_the_limit),
        cmocka_unit_test(stages_have_their_ratios),
        cmocka_unit_test(transition_matrices_fly_no_such_lag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
