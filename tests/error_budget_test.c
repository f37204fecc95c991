/* The error budget measures what it says. Double precision flies the trials of single precision. Halving the step of a
 * fourth-order Runge-Kutta method divides its error by sixteen. Refined noise has the statistics of the noise that it
 * refines. A step that is too long fails. */
#include "run/double_engine.h"
#include "study/error_budget.h"
#include "run/replay.h"
#include "cell/schedule_table.h"
#include "good_scenario.h"

#include <math.h>
#include <stdlib.h>

#define LINEAR "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
#define POINT_MASS "zem: 1\nengagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}\n"
#define WEAVE \
    "target: {maneuver: weave, acceleration: 6 gravity, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}}\n"
#define BODY_WEAVE \
    "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave, " \
    "acceleration: 6 gravity, period: 1.5 s, " \
    "phase: {from: 0 degree, to: 360 degree}}\n"
#define LAGS \
    "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, autopilot_order: 2}\n"
#define BODY_LAGS \
    "interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: " \
    "0.2 s}\n"
#define NOISE "seeker: {glint: 0.05 m2/Hz, angle_noise: 1e-8 rad2/Hz}\n"
#define END "scoring: {hit_radius: [0.5 m, 1 m]}\nrun: {trials: 20000, seed: 3}\n"

/* Returns the largest difference of a miss between single precision and double precision with the same steps. */
static double largest_rounding(const char *text)
{
    enum { TRIALS = 200 };
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_flown flight[TRIALS];
    double largest = 0.0;
    good_cell(&scenario, text, &cell);
    struct schedule_step *schedule = calloc((size_t)cell.schedule_steps + 1, sizeof *schedule);
    assert_non_null(schedule);
    zem_schedule_fill(&cell, schedule);
    assert_int_equal(zem_double_engine_fly(&cell, 0, 1, 0, TRIALS, flight), 0);
    for (uint64_t trial = 0; trial < TRIALS; trial++) {
        const struct zem_replay_end end = zem_replay_fly(&cell, schedule, trial, 0, NULL, NULL);
        assert_int_equal(end.outcome, flight[trial].outcome);
        largest = fmax(largest, fabs((double)end.miss - flight[trial].miss));
    }
    free(schedule);
    zem_scenario_free(&scenario);
    return largest;
}

static void double_precision_flies_the_same_trials(void **state)
{
    (void)state;
    const double noisy = largest_rounding(LINEAR WEAVE LAGS NOISE END),
                 bodies = largest_rounding(POINT_MASS BODY_WEAVE BODY_LAGS NOISE END);
    assert_true(noisy > 0.0 && noisy < 1e-3);
    assert_true(bodies > 0.0 && bodies < 1e-2);
}

/* Returns the mean size of the change of the miss from one refinement of the step to the next. */
static double mean_change(const char *text, unsigned refinement)
{
    enum { TRIALS = 200 };
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_flown coarse[TRIALS], fine[TRIALS];
    double sum = 0.0;
    good_cell(&scenario, text, &cell);
    assert_int_equal(zem_double_engine_fly(&cell, refinement, 1, 0, TRIALS, coarse), 0);
    assert_int_equal(zem_double_engine_fly(&cell, refinement + 1, 1, 0, TRIALS, fine), 0);
    for (size_t trial = 0; trial < TRIALS; trial++)
        sum += fabs(coarse[trial].miss - fine[trial].miss);
    zem_scenario_free(&scenario);
    return sum / TRIALS;
}

static void halving_the_step_divides_its_error_by_sixteen(void **state)
{
    (void)state;
    static const char text[] = LINEAR WEAVE LAGS END;
    const double first = mean_change(text, 1), second = mean_change(text, 2);
    print_message("change of the miss by the second and third halving: %.3g m, %.3g m\n", first, second);
    assert_true(first / second > 10.0 && first / second < 25.0);
}

/* The root mean square miss by noise alone is the same with refined steps. 4,000 trials give it to 0.8 % (one standard
 * error; the channels are independent normals); the difference is known better, because both flights share their noise.
 * Refined noise without the right scale would be wrong by 41 %. */
static void refined_noise_misses_as_unrefined_noise_does(void **state)
{
    (void)state;
    enum { TRIALS = 4000 };
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_flown *flight = calloc((size_t)TRIALS * 2, sizeof *flight);
    double square[2] = {0.0, 0.0}, product = 0.0;
    assert_non_null(flight);
    good_cell(&scenario, LINEAR LAGS NOISE END, &cell);
    assert_int_equal(zem_double_engine_fly(&cell, 0, 0, 0, TRIALS, flight), 0);
    assert_int_equal(zem_double_engine_fly(&cell, 2, 0, 0, TRIALS, flight + TRIALS), 0);
    for (size_t trial = 0; trial < TRIALS; trial++) {
        square[0] += flight[trial].miss * flight[trial].miss;
        square[1] += flight[TRIALS + trial].miss * flight[TRIALS + trial].miss;
        product += flight[trial].miss * flight[TRIALS + trial].miss;
    }
    print_message("rms ratio %.4f, correlation %.4f\n", sqrt(square[1] / square[0]),
                  product / sqrt(square[0] * square[1]));
    assert_true(fabs(sqrt(square[1] / square[0]) - 1.0) < 0.02);
    assert_true(product / sqrt(square[0] * square[1]) > 0.99);
    free(flight);
    zem_scenario_free(&scenario);
}

#define SHARE 0.25 /* an error may be this share of the half-width of the interval */

static enum zem_budget_verdict verdict_on(const char *text, size_t line, struct zem_budget_line *out)
{
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_budget budget;
    struct zem_error error = {0};
    good_cell(&scenario, text, &cell);
    assert_int_equal(zem_budget_make(&scenario, 0, ZEM_WILSON, SHARE, 4000, 0, &budget, &error), 0);
    *out = budget.line[line];
    zem_scenario_free(&scenario);
    return out->verdict;
}

static void a_long_step_fails_and_a_short_one_passes(void **state)
{
    (void)state;
    struct zem_budget_line line;
    assert_int_equal(verdict_on(LINEAR WEAVE LAGS END, 2, &line), ZEM_BUDGET_PASSES);
    assert_true(fabs(line.rounding.value) < 1e-4);
    assert_true(line.ratio < SHARE);
    assert_int_equal(
        verdict_on(LINEAR WEAVE LAGS
                   "scoring: {hit_radius: [0.5 m, 1 m]}\nrun: {trials: 20000, seed: 3, step: 200 ms, step_ratio: 2}\n",
                   2, &line),
        ZEM_BUDGET_FAILS);
    assert_true(line.halvings_needed >= 1 && line.halvings_needed <= ZEM_BUDGET_HALVINGS);
}

static void the_closest_approach_of_bodies_adds_no_error(void **state)
{
    (void)state;
    struct zem_budget_line line;
    verdict_on(POINT_MASS BODY_WEAVE BODY_LAGS END, 2, &line);
    assert_true(line.defined && fabs(line.approach.value) < 1e-6);
}

/* The verdict counts both the error of the steps that was measured and the remainder, the largest error that the finest
 * steps may still have. */
static void what_finer_steps_may_still_change_counts_in_the_verdict(void **state)
{
    (void)state;
    struct zem_budget_line line;
    assert_int_equal(
        verdict_on(LINEAR WEAVE LAGS
                   "scoring: {hit_radius: [0.5 m, 1 m]}\nrun: {trials: 20000, seed: 3, step: 60 ms, step_ratio: 4}\n",
                   2, &line),
        ZEM_BUDGET_PASSES);
    print_message("step error %.3g m, remainder %.3g m, all %.3g of the interval of %.3g m\n", line.step.value,
                  line.remainder, line.ratio, line.half_width);
    assert_true(line.remainder > 0.0 && line.ratio * line.half_width >= fabs(line.all.value) + line.remainder);
}

/* Misses are metres and the radius is a millimetre, so that no trial hits with any step. The error of the probability
 * is then small, but it is not known to be zero. */
static void without_a_hit_the_step_error_stays_uncertain(void **state)
{
    (void)state;
    struct zem_budget_line line;
    verdict_on(LINEAR WEAVE LAGS NOISE "scoring: {hit_radius: [1 mm]}\nrun: {trials: 20000, seed: 3}\n", 0, &line);
    print_message("p_hit %g, step error %g in [%g, %g]\n", line.value, line.step.value, line.step.lower,
                  line.step.upper);
    assert_true(line.value == 0.0 && line.step.value == 0.0);
    /* In none of n pairs of flights does the finer step gain a hit or lose one. With 99 % confidence the probability p
     * of a gain therefore has n p < -ln(0.005) = 5.3, and the probability of a loss likewise. */
    assert_true(line.step.upper > 5.2 / 4000.0 && line.step.upper < 5.4 / 1000.0);
    assert_true(line.step.lower == -line.step.upper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(double_precision_flies_the_same_trials),
        cmocka_unit_test(halving_the_step_divides_its_error_by_sixteen),
        cmocka_unit_test(refined_noise_misses_as_unrefined_noise_does),
        cmocka_unit_test(a_long_step_fails_and_a_short_one_passes),
        cmocka_unit_test(the_closest_approach_of_bodies_adds_no_error),
        cmocka_unit_test(what_finer_steps_may_still_change_counts_in_the_verdict),
        cmocka_unit_test(without_a_hit_the_step_error_stays_uncertain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
