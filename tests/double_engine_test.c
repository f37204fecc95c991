/* The engines, or compiled forms of the kernels, with which the error budget is computed. Those in double precision,
 * for every instruction set of this processor, agree with a plain second compilation of the kernels that calls the C
 * library. Those in single precision have the bits of a run. */
#define ZEM_LANES 2
#define ZEM_DOUBLE
#include "kernels/portable.h"

#include "device/native/double_math.h"

#include "kernels/specialise.h"

#include "kernels/layout.h"

#include "cell/cell.h"
#include "run/double_engine.h"
#include "run/replay.h"
#include "cell/schedule_table.h"
#include "double_engine_reference.h"
#include "good_scenario.h"

#include <math.h>
#include <stdlib.h>

/* ---- elementary functions ---- */

enum { ARGUMENTS = 400000 };

static double argument(double from, double to, int k) { return from + (to - from) * (k + 0.37) / ARGUMENTS; }

static void double_precision_functions_agree_with_the_c_library(void **state)
{
    (void)state;
    double worst[4] = {0.0, 0.0, 0.0, 0.0};
    for (int k = 0; k + ZEM_LANES <= ARGUMENTS; k += ZEM_LANES) {
        real x, y, turns, sine, cosine;
        for (int i = 0; i < ZEM_LANES; i++) {
            x[i] = argument(-690.0, 690.0, k + i);
            y[i] = k % 8 ? exp(argument(-690.0, 690.0, k + i)) : argument(0.0, 2.0, k + i);
            turns[i] = argument(-1000.0, 1000.0, k + i);
        }
        const real e = exponential(x), l = logarithm(y);
        sine_cosine_turns(turns, &sine, &cosine);
        for (int i = 0; i < ZEM_LANES; i++) {
            const long double angle =
                6.283185307179586476925286766559L * ((long double)turns[i] - rintl((long double)turns[i]));
            worst[0] = fmax(worst[0], fabs(e[i] / exp(x[i]) - 1.0));
            worst[1] = fmax(worst[1], fabs(l[i] - log(y[i])) / fabs(log(y[i])));
            worst[2] = fmax(worst[2], (double)fabsl((long double)sine[i] - sinl(angle)));
            worst[3] = fmax(worst[3], (double)fabsl((long double)cosine[i] - cosl(angle)));
        }
    }
    print_message("largest errors: exponential %.2g, logarithm %.2g (relative), sine %.2g, cosine %.2g\n", worst[0],
                  worst[1], worst[2], worst[3]);
    for (int k = 0; k < 4; k++)
        assert_true(worst[k] < 2e-15);
    assert_true(lane(exponential(splat(-800.0)), 0) == 0.0f);
}

static void the_logarithm_is_accurate_near_one(void **state)
{
    (void)state;
    for (int k = -60; k <= 60; k++) {
        const double x = 1.0 + k * 1e-9;
        assert_true(fabs(logarithm(splat(x))[0] - log1p(x - 1.0)) <= 1e-15 * fabs(x - 1.0) + 1e-25);
    }
}

/* ---- flights ---- */

#define LINEAR "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
#define BODIES "zem: 1\nengagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}\n"
#define NOISE "seeker: {glint: 0.05 m2/Hz, angle_noise: 1e-8 rad2/Hz}\n"
#define END "scoring: {hit_radius: [0.5 m, 1 m], lethality: carleton}\nrun: {trials: 1000, seed: 3}\n"
#define ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 0.5 degree}, heading_error_z: {mean: 0 degree, sigma: 0.5 degree}"
#define LARGE_ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 5 degree}, heading_error_z: {mean: 0 degree, sigma: 5 degree}"
#define BODY_TARGET "speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, "

static const char *const texts[] = {
    LINEAR
    "target: {maneuver: weave, acceleration: 6 gravity, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}}\n"
    "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, acceleration_limit: 10 "
    "gravity, " ERRORS "}\n" NOISE END,
    LINEAR "target: {maneuver: telegraph, acceleration: 6 gravity, switching_rate: 2 Hz}\n"
           "interceptor: {speed: 2 km/s, guidance: apn, autopilot_lag: 0.2 s, autopilot_order: 3, " ERRORS "}\n"
           "seeker: {estimator: kalman, glint: 0.05 m2/Hz, angle_noise: 1e-8 rad2/Hz}\n" END,
    BODIES "target: {" BODY_TARGET
           "maneuver: weave, acceleration: 6 gravity, period: 1.5 s, phase: {from: 0 degree, to: 360 degree}}\n"
           "interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, seeker_lag: 0.1 s, filter_lag: 0.1 s, "
           "autopilot_lag: 0.2 s, "
           "acceleration_limit: 20 gravity, " LARGE_ERRORS "}\n" NOISE END, /* lanes end at different steps */
};
enum { TEXTS = sizeof texts / sizeof *texts, FIRST = 5, TRIALS = 61 }; /* TRIALS: no multiple of any number of lanes */

/* Returns the largest difference from the reference in any trial, relative to the miss if that is more than a metre. */
static double largest_difference(const struct zem_native_engine *engine, const struct cell_parameters *cell,
                                 unsigned refinement)
{
    struct zem_flown flown[TRIALS];
    double largest = 0.0;
    assert_int_equal(zem_double_engine_fly_with(engine, cell, refinement, 2, FIRST, TRIALS, flown), 0);
    for (size_t k = 0; k < TRIALS; k++) {
        const struct zem_flown expected = double_engine_reference(cell, refinement, FIRST + k);
        assert_int_equal(flown[k].outcome, expected.outcome);
        largest = fmax(largest, fabs(flown[k].miss - expected.miss) / fmax(expected.miss, 1.0));
        largest = fmax(largest, fabs(flown[k].scored - expected.scored) / fmax(expected.scored, 1.0));
    }
    return largest;
}

static void vector_engines_agree_with_a_second_scalar_reading(void **state)
{
    (void)state;
    unsigned tried = 0;
    for (size_t text = 0; text < TEXTS; text++) {
        struct zem_scenario scenario;
        struct cell_parameters cell;
        double largest = 0.0;
        good_cell(&scenario, texts[text], &cell);
        for (unsigned k = 0; k < zem_native_engine_count; k++) {
            const struct zem_native_engine *engine = zem_native_engines[k];
            for (unsigned refinement = 0;
                 engine->in_double && zem_native_engine_fits(engine, cell.features, cell.features, cell.stages)
                 && refinement < 4;
                 refinement++, tried++) {
                const double difference = largest_difference(engine, &cell, refinement);
                if (!(difference < 1e-9))
                    fail_msg("%s, scenario %zu, refinement %u: differs by %g", engine->isa, text, refinement,
                             difference);
                largest = fmax(largest, difference);
            }
        }
        print_message("scenario %zu: largest difference %.2g\n", text, largest);
        zem_scenario_free(&scenario);
    }
    assert_true(tried >= 4 * TEXTS);
}

/* A limit on steps counts the steps of the scenario, not their parts. */
static void the_step_limit_counts_whole_steps(void **state)
{
    (void)state;
    enum { SOME = 24 };
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_flown flown[SOME];
    unsigned mixed = 0;
    good_cell(&scenario, texts[2], &cell);
    for (cell.step_limit = 60; cell.step_limit < 240; cell.step_limit += 2)
        for (unsigned refinement = 0; refinement < 2; refinement++) {
            unsigned passed = 0;
            assert_int_equal(zem_double_engine_fly(&cell, refinement, 1, 0, SOME, flown), 0);
            for (size_t k = 0; k < SOME; k++) {
                assert_int_equal(flown[k].outcome, double_engine_reference(&cell, refinement, k).outcome);
                passed += flown[k].outcome == ZEM_OUTCOME_PASSED;
            }
            mixed += passed > 0 && passed < SOME;
        }
    print_message("%u limits let some trials pass and some not\n", mixed);
    assert_true(mixed > 0);
    zem_scenario_free(&scenario);
}

static void single_precision_has_the_bits_of_a_run(void **state)
{
    (void)state;
    for (size_t text = 0; text < TEXTS; text++) {
        struct zem_scenario scenario;
        struct cell_parameters cell;
        struct zem_flown flown[TRIALS];
        good_cell(&scenario, texts[text], &cell);
        struct schedule_step *schedule =
            calloc((size_t)cell.schedule_steps + 1, sizeof *schedule / sizeof(scheduled) * sizeof(float));
        assert_non_null(schedule);
        zem_schedule_fill(&cell, schedule);
        zem_single_engine_fly(&cell, schedule, 2, FIRST, TRIALS, flown);
        for (uint64_t k = 0; k < TRIALS; k++) {
            const struct zem_replay_end end = zem_replay_fly(&cell, schedule, FIRST + k, 0, NULL, NULL);
            assert_int_equal(flown[k].outcome, end.outcome);
            assert_true(flown[k].miss == (double)end.miss && flown[k].scored == (double)end.scored);
        }
        free(schedule);
        zem_scenario_free(&scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(double_precision_functions_agree_with_the_c_library),
        cmocka_unit_test(the_logarithm_is_accurate_near_one),
        cmocka_unit_test(vector_engines_agree_with_a_second_scalar_reading),
        cmocka_unit_test(the_step_limit_counts_whole_steps),
        cmocka_unit_test(single_precision_has_the_bits_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
