/* The textbook's further causes of miss: maneuvers that grow, a sampled seeker, the radome, unequal and quadratic lags,
 * and laws whose knowledge of the target is wrong. They are compared with closed forms and with the loop of
 * validation_plant.c. */
#include "validation.h"
#include "validation_guidance.h"
#include "validation_plant.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#undef PART
#define PART "Further causes of miss"
#define FLIGHT 3.0

/* ---------------------------------------------------------------- comparisons */

struct compared {
    const char *claim, *target, *interceptor, *seeker;
    struct plant plant;
    double limit; /* % of the largest miss over the flight times */
};

#define HERE \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\ninterceptor: {speed: 2 km/s, %s}\nseeker: {blind_time: 50 us%s}\n" \
    "scoring: {hit_radius: [1 m]}\n" \
    "sweep: [{parameter: engagement.flight_time, values: [1.1 s, 1.7 s, 2.3 s, 3 s, 4.3 s]}]\nrun: {trials: 1}\n"

static void compare(const struct compared *c)
{
    struct flown flown;
    double worst = 0.0, peak = 0.0;
    fly(&flown, HERE, c->target, c->interceptor, c->seeker);
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        struct plant plant = c->plant;
        plant.flight = axis_value(&flown, 0, cell);
        const double expected = fabs(plant_fly(&plant));
        worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - expected));
        peak = larger(peak, expected);
    }
    row_add((struct row){.part = PART,
                         .claim = c->claim,
                         .formula = "the loop in double precision, steps of 50 us",
                         .source = "validation_plant.c",
                         .unit = "% of the peak",
                         .measured = 100.0 * worst / peak,
                         .limit = c->limit});
    flown_free(&flown);
}

#define USUAL .gain = 4.0, .kicked = -1
#define STEP "maneuver: step, acceleration: 30 m/s2"
#define LAG "navigation_gain: 4, autopilot_lag: 0.2 s"
#define STEP_HERE USUAL, .level = 30.0
#define LAG_HERE .stages = 1, .stage_lag = 0.2

static const struct compared cases[] = {
    {"ramp from 0.4 s, one lag",
     "maneuver: ramp, acceleration: 20 m/s2, rise_time: 0.8 s, start: 0.4 s",
     LAG,
     "",
     {USUAL, LAG_HERE, .level = 20.0, .rise = 0.8, .start = 0.4, .power = 1},
     0.3},
    {"parabola from 0.4 s, one lag",
     "maneuver: parabola, acceleration: 20 m/s2, rise_time: 0.8 s, start: 0.4 s",
     LAG,
     "",
     {USUAL, LAG_HERE, .level = 20.0, .rise = 0.8, .start = 0.4, .power = 2},
     0.3},
    {"ramp from 0.4 s, by transition matrices",
     "maneuver: ramp, acceleration: 20 m/s2, rise_time: 0.8 s, start: 0.4 s",
     "navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.05 s, autopilot_lag: 0.3 s, autopilot_order: 3",
     "",
     {USUAL, .seeker_lag = 0.1, .filter_lag = 0.05, .stages = 3, .stage_lag = 0.1, .level = 20.0, .rise = 0.8,
      .start = 0.4, .power = 1},
     0.3},
    {"apn that assumes half of the acceleration",
     STEP,
     LAG ", guidance: apn, target_acceleration_scale: 0.5",
     "",
     {STEP_HERE, LAG_HERE, .law = APN, .known_error = 0.5},
     0.3},
    {"ogl with 0.7 of the time to go and 0.05 s",
     STEP,
     LAG ", guidance: ogl, time_to_go_scale: 0.7, time_to_go_bias: 0.05 s",
     "",
     {STEP_HERE, LAG_HERE, .law = OGL, .scale_error = -0.3, .bias = 0.05},
     0.3},
    {"ogl with 1.2 of the time to go and 0.1 s",
     STEP,
     LAG ", guidance: ogl, time_to_go_scale: 1.2, time_to_go_bias: 0.1 s",
     "",
     {STEP_HERE, LAG_HERE, .law = OGL, .scale_error = 0.2, .bias = 0.1},
     0.3},
    {"quadratic lag, damping 0.3",
     STEP,
     "navigation_gain: 4, quadratic_lag: 0.05 s, quadratic_damping: 0.3",
     "",
     {STEP_HERE, .quadratic_lag = 0.05, .damping = 0.3},
     0.3},
    {"three lags and a quadratic one",
     STEP,
     "navigation_gain: 4, seeker_lag: 0.08 s, filter_lag: 0.05 s, autopilot_lag: 0.1 s, quadratic_lag: 0.04 s, "
     "quadratic_damping: 0.5",
     "",
     {STEP_HERE, .seeker_lag = 0.08, .filter_lag = 0.05, .stages = 1, .stage_lag = 0.1, .quadratic_lag = 0.04,
      .damping = 0.5},
     0.3},
    {"autopilot lags of 0.1 s, 0.05 s and 0.2 s",
     STEP,
     "navigation_gain: 4, autopilot_lag: 0.1 s, autopilot_lag_2: 0.05 s, autopilot_lag_3: 0.2 s",
     "",
     {STEP_HERE, .stages = 1, .stage_lag = 0.1, .further = {0.05, 0.2}},
     0.3},
    {"two equal lags and three of their own, with seeker and filter",
     STEP,
     "navigation_gain: 4, seeker_lag: 0.08 s, filter_lag: 0.05 s, autopilot_lag: 0.1 s, autopilot_order: 2, "
     "autopilot_lag_2: 0.03 s, autopilot_lag_3: 0.12 s, autopilot_lag_5: 0.02 s",
     "",
     {STEP_HERE, .seeker_lag = 0.08, .filter_lag = 0.05, .stages = 2, .stage_lag = 0.05, .further = {0.03, 0.12, 0.02}},
     0.3},
    {"unequal lags without autopilot_lag, and a quadratic one",
     STEP,
     "navigation_gain: 4, autopilot_lag_3: 0.15 s, autopilot_lag_4: 0.05 s, quadratic_lag: 0.04 s, "
     "quadratic_damping: 0.5",
     "",
     {STEP_HERE, .further = {0.15, 0.05}, .quadratic_lag = 0.04, .damping = 0.5},
     0.3},
    {"a quadratic tracker, damping 0.4",
     STEP,
     LAG ", seeker_lag: 0.08 s, seeker_damping: 0.4",
     "",
     {STEP_HERE, LAG_HERE, .seeker_lag = 0.08, .seeker_damping = 0.4},
     0.3},
    {"a quadratic noise filter alone, damping 2",
     STEP,
     LAG ", filter_lag: 0.08 s, filter_damping: 2",
     "",
     {STEP_HERE, LAG_HERE, .filter_lag = 0.08, .filter_damping = 2.0},
     0.3},
    {"quadratic tracker and noise filter behind a radome, heading error",
     "maneuver: none",
     LAG ", heading_error_y: 0.01 radian, seeker_lag: 0.06 s, seeker_damping: 0.7, filter_lag: 0.08 s, "
         "filter_damping: 0.4, turning_rate_lag: 1 s",
     ", radome_slope: -0.01",
     {USUAL, LAG_HERE, .heading = 0.01, .seeker_lag = 0.06, .seeker_damping = 0.7, .filter_lag = 0.08,
      .filter_damping = 0.4, .radome = -0.01, .turning_lag = 1.0},
     0.3},
    {"radome slope -0.03",
     STEP,
     LAG ", seeker_lag: 0.1 s, turning_rate_lag: 1 s",
     ", radome_slope: -0.03",
     {STEP_HERE, LAG_HERE, .seeker_lag = 0.1, .radome = -0.03, .turning_lag = 1.0},
     0.3},
    {"radome slope 0.03, near its limit",
     STEP,
     LAG ", seeker_lag: 0.1 s, turning_rate_lag: 1 s",
     ", radome_slope: 0.03",
     {STEP_HERE, LAG_HERE, .seeker_lag = 0.1, .radome = 0.03, .turning_lag = 1.0},
     0.3},
    {"sampled every 0.1 s",
     STEP,
     LAG,
     ", sample_interval: 0.1 s, fading_memory: 0.4",
     {STEP_HERE, LAG_HERE, .interval = 0.1, .memory = 0.4},
     0.3},
    {"sampled every 0.1 s, 30 ms late, heading error",
     "maneuver: none",
     LAG ", heading_error_y: 0.01 radian",
     ", sample_interval: 0.1 s, sample_delay: 30 ms, fading_memory: 0.6",
     {USUAL, LAG_HERE, .interval = 0.1, .delay = 0.03, .memory = 0.6, .heading = 0.01},
     0.3},
    {"sampled every 0.05 s, three intervals late",
     STEP,
     LAG,
     ", sample_interval: 0.05 s, sample_delay: 0.15 s, fading_memory: 0.5",
     {STEP_HERE, LAG_HERE, .interval = 0.05, .delay = 0.15, .memory = 0.5},
     0.3},
    {"sampled every 0.02 s, 14.5 intervals late, heading error",
     "maneuver: none",
     LAG ", heading_error_y: 0.01 radian",
     ", sample_interval: 0.02 s, sample_delay: 0.29 s, fading_memory: 0.7",
     {USUAL, LAG_HERE, .interval = 0.02, .delay = 0.29, .memory = 0.7, .heading = 0.01},
     0.3},
    {"sampled every 0.05 s behind a radome",
     STEP,
     LAG ", turning_rate_lag: 0.5 s",
     ", sample_interval: 0.05 s, fading_memory: 0.5, radome_slope: -0.02",
     {STEP_HERE, LAG_HERE, .interval = 0.05, .memory = 0.5, .radome = -0.02, .turning_lag = 0.5},
     0.3},
    {"acquisition 1 s before collision, one lag",
     STEP,
     LAG,
     ", acquisition_range: 4 km, acquisition_angle: 20 degree",
     {STEP_HERE, LAG_HERE, .look = 1.0},
     0.3},
    {"acquisition 0.8 s before collision, quadratic tracker and filter",
     STEP,
     LAG ", heading_error_y: 0.01 radian, seeker_lag: 0.06 s, seeker_damping: 0.7, filter_lag: 0.08 s, "
         "filter_damping: 0.4",
     ", acquisition_range: 3.2 km",
     {STEP_HERE, LAG_HERE, .heading = 0.01, .seeker_lag = 0.06, .seeker_damping = 0.7, .filter_lag = 0.08,
      .filter_damping = 0.4, .look = 0.8},
     0.3},
    {"acquisition 1 s before collision, a quadratic filter alone",
     STEP,
     LAG ", filter_lag: 0.08 s, filter_damping: 2",
     ", acquisition_range: 4 km",
     {STEP_HERE, LAG_HERE, .filter_lag = 0.08, .filter_damping = 2.0, .look = 1.0},
     0.3},
    {"acquisition 1 s before collision, apn",
     "maneuver: ramp, acceleration: 20 m/s2, rise_time: 0.8 s, start: 0.4 s",
     LAG ", guidance: apn, seeker_lag: 0.1 s",
     ", acquisition_range: 4 km",
     {USUAL, LAG_HERE, .level = 20.0, .rise = 0.8, .start = 0.4, .power = 1, .law = APN, .seeker_lag = 0.1,
      .look = 1.0},
     0.3},
    {"acquisition 0.9 s before collision, sampled every 0.1 s, 30 ms late",
     STEP,
     LAG,
     ", sample_interval: 0.1 s, sample_delay: 30 ms, fading_memory: 0.6, acquisition_range: 3.6 km",
     {STEP_HERE, LAG_HERE, .interval = 0.1, .delay = 0.03, .memory = 0.6, .look = 0.9},
     0.3},
};

/* The limits are some tenths of a per cent of the peak, more than the error of the default step (benchmarks/README.md,
 * Step control). */
void further_causes_follow_the_loop_flown_here(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        compare(&cases[k]);
    rows_check();
}

/* ---------------------------------------------------------------- closed forms */

/* Without guidance, a time t after its start, a ramp A t/r gives the miss A t^3/(6 r) and a parabola A (t/r)^2 gives A
 * t^4/(12 r^2), with the rise time r. */
void growing_maneuvers_follow_free_motion(void **state)
{
    (void)state;
    for (int power = 1; power <= 2; power++) {
        struct flown flown;
        char target[120];
        double worst = 0.0;
        snprintf(target, sizeof target, "maneuver: %s, acceleration: 30 m/s2, rise_time: 0.8 s, start: 0.7 s",
                 power == 1 ? "ramp" : "parabola");
        fly(&flown, SCENARIO, target, "guidance: none", "10 us", "none",
            "engagement.flight_time, from: 0.9 s, to: 5 s, points: 31", "");
        for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
            const double t = axis_value(&flown, 0, cell) - 0.7;
            const double expected = power == 1 ? 30.0 * t * t * t / (6.0 * 0.8) : 30.0 * pow(t, 4) / (12.0 * 0.64);
            worst = larger(worst, fabs(cell_miss_mean(&flown, cell) / expected - 1.0));
        }
        row_add(
            (struct row){.part = PART,
                         .claim = power == 1 ? "no guidance, a ramp from 0.7 s" : "no guidance, a parabola from 0.7 s",
                         .formula = power == 1 ? "A t^3/(6 r)" : "A t^4/(12 r^2)",
                         .source = "free motion",
                         .unit = "%",
                         .measured = 100.0 * worst,
                         .limit = 1e-2});
        flown_free(&flown);
    }
    rows_check();
}

/* Two ways to write the same lags must fly the same misses. A displacement makes the line of sight jump at the start,
 * and the jump must enter the first lag alike in both ways. */
void lags_written_in_two_ways_are_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *claim, *one, *other, *formula, *source;
    } pairs[] = {
        {"a quadratic lag of damping 1 is two equal lags", "quadratic_lag: 0.1 s, quadratic_damping: 1",
         "autopilot_lag: 0.2 s, autopilot_order: 2", "(1 + T s)^2", "autopilot_order: 2"},
        {"three stages of 0.1 s are an autopilot of order 3",
         "autopilot_lag: 0.1 s, autopilot_lag_2: 0.1 s, autopilot_lag_4: 0.1 s, displacement_y: 50 m",
         "autopilot_lag: 0.3 s, autopilot_order: 3, displacement_y: 50 m", "(1 + T s)^3", "autopilot_order: 3"},
        {"unequal stages in another order", "autopilot_lag_3: 0.05 s, autopilot_lag_5: 0.2 s, displacement_y: 50 m",
         "autopilot_lag: 0.2 s, autopilot_lag_2: 0.05 s, displacement_y: 50 m", "(1 + T1 s)(1 + T2 s)", "commutation"},
        {"a quadratic tracker of damping 1 is tracker and filter",
         "seeker_lag: 0.1 s, seeker_damping: 1, displacement_y: 50 m",
         "seeker_lag: 0.1 s, filter_lag: 0.1 s, displacement_y: 50 m", "(1 + T s)^2", "seeker_lag and filter_lag"},
        {"a quadratic filter of damping 1 is tracker and filter",
         "seeker_lag: 0 s, filter_lag: 0.1 s, filter_damping: 1, displacement_y: 50 m",
         "seeker_lag: 0.1 s, filter_lag: 0.1 s, displacement_y: 50 m", "(1 + T s)^2", "seeker_lag and filter_lag"}};
    const char *sweep = "engagement.flight_time, from: 0.5 s, to: 5 s, points: 31", *step = ", step: 5 ms";
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        struct flown one, other;
        double worst = 0.0, peak = 0.0;
        fly(&one, SCENARIO, STEP, pairs[k].one, "1 ms", "none", sweep, step);
        fly(&other, SCENARIO, STEP, pairs[k].other, "1 ms", "none", sweep, step);
        for (uint64_t cell = 0; cell < other.result.cells; cell++) {
            worst = larger(worst, fabs(cell_miss_mean(&one, cell) - cell_miss_mean(&other, cell)));
            peak = larger(peak, cell_miss_mean(&other, cell));
        }
        row_add((struct row){.part = PART,
                             .claim = pairs[k].claim,
                             .formula = pairs[k].formula,
                             .source = pairs[k].source,
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 1e-2});
        flown_free(&one);
        flown_free(&other);
    }
    rows_check();
}

/* Without lag, and with a law that knows where the target goes, the zero-effort miss Z falls as tgo^N'. The miss is
 * therefore 0 and the divert N' Z(0)/((N' - 1) tF). For a weave of acceleration A, angular frequency w and phase p,
 * Z(0) = A/w^2 [sin p (1 - cos u) + cos p (u - sin u)] with u = w tF. For a spiral Z(0) is the size of both
 * components. */
void weave_law_nulls_a_weave(void **state)
{
    (void)state;
    static const char *const kinds[] = {"weave", "spiral"};
    for (int kind = 0; kind < 2; kind++) {
        struct flown flown;
        char target[160];
        double worst = 0.0, miss = 0.0, largest = 0.0;
        const double w = TURN / 1.3, phase = 1.0;
        snprintf(target, sizeof target,
                 "maneuver: %s, acceleration: 40 m/s2, period: 1.3 s, phase: 1 radian, roll: 0.5 radian", kinds[kind]);
        fly(&flown, SCENARIO, target, "guidance: weave-law, navigation_gain: 3", "10 us", "none",
            "engagement.flight_time, from: 0.2 s, to: 5 s, points: 25", ", step: 2 ms");
        for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
            const double t = axis_value(&flown, 0, cell), u = w * t, a = 40.0 / (w * w);
            const double y = kind == 0 ? sin(phase) * (1.0 - cos(u)) + cos(phase) * (u - sin(u))
                                       : cos(phase) * (1.0 - cos(u)) - sin(phase) * (u - sin(u));
            const double z = kind == 0 ? 0.0 : sin(phase) * (1.0 - cos(u)) + cos(phase) * (u - sin(u));
            const double expected = 1.5 * a * hypot(y, z) / t;
            worst = larger(worst, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT) - expected));
            largest = larger(largest, expected);
            miss = larger(miss, cell_miss_mean(&flown, cell));
        }
        named_row(PART, "weave law without lag, ", kinds[kind], "divert N' Z(0)/((N' - 1) tF)",
                  "Z falls as tgo^N' (Zarchan, chapter 2)", "% of the largest", 100.0 * worst / largest, 0.05);
        named_row(PART, "the same, miss, ", kinds[kind], "0", "Z falls as tgo^N' (Zarchan, chapter 2)", "m", miss,
                  1e-3);
        flown_free(&flown);
    }
    rows_check();
}

/* An error of one radian in sample k moves the relative position at the end by its response, which is flown here. The
 * noise of the samples is independent, so that s^2, the mean square of one channel, is the sum of the squared responses
 * times the variance of a sample. Over n trials the mean square of the miss, of both channels, has the mean 2 s^2 and
 * the standard deviation 2 s^2/sqrt(n). */
void noise_of_a_sampled_seeker_has_its_mean_square(void **state)
{
    (void)state;
    struct flown flown;
    const uint64_t trials = trials_of(40000);
    const double density = 1e-7, interval = 0.1;
    struct plant plant = {USUAL, LAG_HERE, .interval = interval, .memory = 0.5, .flight = FLIGHT};
    double square = 0.0;
    for (plant.kicked = 0; plant.kicked < lround(FLIGHT / interval); plant.kicked++) {
        const double response = plant_fly(&plant);
        square += response * response * density / interval;
    }
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
        "interceptor: {speed: 2 km/s, " LAG "}\n"
        "seeker: {blind_time: 50 us, angle_noise: 1e-7 rad2/Hz, sample_interval: 0.1 s, fading_memory: 0.5}\n"
        "scoring: {hit_radius: [1 m]}\nrun: {trials: %llu}\n",
        (unsigned long long)trials);
    mean_square_row(PART, "angle noise of a sampled seeker, mean square miss",
                    "2 sum of (response of sample k)^2 density/interval", "validation_plant.c", &flown, 2.0 * square,
                    trials);
    flown_free(&flown);
    rows_check();
}

/* White angle noise through a quadratic tracker, a quadratic noise filter, and both. An impulse of noise moves the
 * relative position at the end by its response, which is flown here for impulses every 30 ms. The mean square of the
 * miss is twice the integral of the squared response times the density, because there are two channels. */
void noise_through_quadratic_lags_has_its_mean_square(void **state)
{
    (void)state;
    static const struct {
        const char *claim, *lags;
        struct plant plant;
    } kinds[] = {{"angle noise through a quadratic tracker, mean square miss",
                  "seeker_lag: 0.1 s, seeker_damping: 0.5",
                  {USUAL, LAG_HERE, .flight = FLIGHT, .seeker_lag = 0.1, .seeker_damping = 0.5}},
                 {"angle noise through a quadratic noise filter, mean square miss",
                  "seeker_lag: 0.05 s, filter_lag: 0.1 s, filter_damping: 0.5",
                  {USUAL, LAG_HERE, .flight = FLIGHT, .seeker_lag = 0.05, .filter_lag = 0.1, .filter_damping = 0.5}},
                 {"angle noise through both, mean square miss",
                  "seeker_lag: 0.06 s, seeker_damping: 0.7, filter_lag: 0.1 s, filter_damping: 0.5",
                  {USUAL, LAG_HERE, .flight = FLIGHT, .seeker_lag = 0.06, .seeker_damping = 0.7, .filter_lag = 0.1,
                   .filter_damping = 0.5}}};
    const uint64_t trials = trials_of(40000);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct flown flown;
        struct plant plant = kinds[k].plant;
        double square = 0.0;
        for (plant.noise_at = 0.015; plant.noise_at < FLIGHT; plant.noise_at += 0.03)
            square += pow(plant_fly(&plant), 2) * 0.03 * 1e-7;
        fly(&flown,
            "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
            "interceptor: {speed: 2 km/s, " LAG ", %s}\nseeker: {blind_time: 50 us, angle_noise: 1e-7 rad2/Hz}\n"
            "scoring: {hit_radius: [1 m]}\nrun: {trials: %llu}\n",
            kinds[k].lags, (unsigned long long)trials);
        mean_square_row(PART, kinds[k].claim, "2 integral of (response to an impulse)^2 density dt",
                        "validation_plant.c", &flown, 2.0 * square, trials);
        flown_free(&flown);
    }
    rows_check();
}
