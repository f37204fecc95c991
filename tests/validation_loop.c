/* Guidance laws and limits in the linear kinematics, compared with the same loop flown in double precision: augmented
 * and optimal guidance, transition matrices, limits of the command and of the divert. */
#include "validation_guidance.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---------------------------------------------------------------- against the loop flown in double precision */

struct wave {
    double level, frequency, phase, roll, start; /* m/s2, Hz, rad, rad, s; frequency 0: a step at `start` */
};

static void wave_acceleration(const void *context, double time, double acceleration[2])
{
    const struct wave *wave = context;
    const double turn = TURN * wave->frequency * time + wave->phase;
    const double size = wave->frequency > 0.0 ? wave->level * sin(turn) : time < wave->start ? 0.0 : wave->level;
    acceleration[0] = size * cos(wave->roll);
    acceleration[1] = size * sin(wave->roll);
}

/* Target and errors of the flights below. The weave lies at 50 degrees and the errors are in both channels, so that all
 * causes act together. */
#define WAVE_TARGET "maneuver: weave, acceleration: 40 m/s2, period: 1.7 s, phase: 40 degree, roll: 50 degree"
#define WAVE_ERRORS "displacement_y: 3 m, heading_error_y: 0.004 radian, heading_error_z: -0.006 radian"
static const struct wave wave = {40.0, 1.0 / 1.7, 40.0 / 360.0 * TURN, 50.0 / 360.0 * TURN, 0.0};
static const double wave_position[2] = {3.0, 0.0};
static const double wave_velocity[2] = {-SPEED * 0.004, SPEED * 0.006};

/* Flies the reference for every flight time of the sweep. Returns the largest difference of the misses in % of the
 * largest miss, and writes the last flight into `last`. */
static double reference_difference(const struct flown *flown, const struct loop *loop, struct flight_record *last)
{
    double worst = 0.0, peak = 0.0;
    for (uint64_t cell = 0; cell < flown->result.cells; cell++) {
        const struct flight_record r =
            loop_fly(loop, axis_value(flown, 0, cell), wave_position, wave_velocity, wave_acceleration, &wave);
        worst = larger(worst, fabs(cell_miss_mean(flown, cell) - r.miss));
        peak = larger(peak, r.miss);
        *last = r;
    }
    return 100.0 * worst / peak;
}

static void loop_row(const char *name, const char *quantity, const char *unit, double measured, double limit)
{
    named_row(PART, name, quantity, "loop in double precision", "derived in the test", unit, measured, limit);
}

static void reference_check(const char *claim, const char *interceptor, const char *blind_time, const char *estimator,
                            double limit, const struct loop *loop)
{
    struct flown flown;
    struct flight_record last;
    fly(&flown, SCENARIO, WAVE_TARGET, interceptor, blind_time, estimator,
        "engagement.flight_time, from: 1 s, to: 5 s, points: 17", "");
    loop_row(claim, "", "% of the peak", reference_difference(&flown, loop, &last), limit);
    flown_free(&flown);
}

void augmented_and_optimal_guidance_follow_the_reference(void **state)
{
    (void)state;
    struct loop loop = {.law = LAW_APN,
                        .gain = 3.6,
                        .autopilot_lag = 0.3,
                        .stages = 2,
                        .closing_speed = CLOSING_SPEED,
                        .blind_time = 1e-5,
                        .perfect = true};
    reference_check("apn, true line-of-sight rate, two stages, weave",
                    "guidance: apn, navigation_gain: 3.6, autopilot_lag: 0.3 s, autopilot_order: 2, seeker_lag: 0.2 s, "
                    "filter_lag: 0.1 s, " WAVE_ERRORS,
                    "10 us", "perfect", 0.2, &loop);
    loop.perfect = false;
    loop.seeker_lag = 0.2;
    loop.filter_lag = 0.1;
    reference_check("apn, tracker and filter, two stages, weave",
                    "guidance: apn, navigation_gain: 3.6, autopilot_lag: 0.3 s, autopilot_order: 2, seeker_lag: 0.2 s, "
                    "filter_lag: 0.1 s, " WAVE_ERRORS,
                    "10 us", "none", 0.2, &loop);
    loop = (struct loop){.law = LAW_OGL,
                         .autopilot_lag = 0.4,
                         .stages = 1,
                         .closing_speed = CLOSING_SPEED,
                         .blind_time = 1e-5,
                         .perfect = true};
    loop.acceleration_limit = 50.0;
    reference_check("ogl, true line-of-sight rate, one stage, 50 m/s2 limit, weave",
                    "guidance: ogl, autopilot_lag: 0.4 s, acceleration_limit: 50 m/s2, " WAVE_ERRORS, "10 us",
                    "perfect", 0.5, &loop);
    loop.acceleration_limit = 0.0;
    loop.stages = 3;
    loop.perfect = false;
    loop.seeker_lag = 0.1;
    reference_check("ogl, tracker, three stages, weave",
                    "guidance: ogl, autopilot_lag: 0.4 s, autopilot_order: 3, seeker_lag: 0.1 s, " WAVE_ERRORS, "10 us",
                    "none", 0.2, &loop);
    loop = (struct loop){.law = LAW_PN,
                         .gain = 4.0,
                         .seeker_lag = 0.2,
                         .autopilot_lag = 0.3,
                         .stages = 1,
                         .closing_speed = CLOSING_SPEED,
                         .blind_time = 0.3};
    reference_check("pn, blind for the last 300 ms: the last command is held, weave",
                    "guidance: pn, seeker_lag: 0.2 s, autopilot_lag: 0.3 s, " WAVE_ERRORS, "300 ms", "none", 0.2,
                    &loop);
    rows_check();
}

/* A step maneuver that begins within a step of 100 ms, which is cut there: guidance that knows the target's
 * acceleration has a jump in its command, and the autopilot follows it from then on. A step that is cut at half of the
 * way is wrong by 4 % of the peak. The instants at which the maneuver begins here are a sixth of a step apart. */
void a_step_is_cut_where_a_maneuver_begins(void **state)
{
    (void)state;
    struct flown flown;
    struct wave begun = {.level = 40.0};
    double worst = 0.0, peak = 0.0;
    const struct loop loop = {.law = LAW_APN,
                              .gain = 3.0,
                              .autopilot_lag = 0.1,
                              .stages = 1,
                              .acceleration_limit = 70.0,
                              .closing_speed = CLOSING_SPEED,
                              .blind_time = 1e-5,
                              .perfect = true};
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 40 m/s2",
        "guidance: apn, navigation_gain: 3, autopilot_lag: 0.1 s, acceleration_limit: 70 m/s2", "10 us", "perfect",
        "target.start, from: 2.3 s, to: 2.9 s, points: 37", ", step: 100 ms");
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        begun.start = axis_value(&flown, 0, cell);
        const struct flight_record r =
            loop_fly(&loop, 3.0, (double[2]){0.0, 0.0}, (double[2]){0.0, 0.0}, wave_acceleration, &begun);
        worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - r.miss));
        peak = larger(peak, r.miss);
    }
    loop_row("apn, steps of 100 ms that a maneuver begins in, 70 m/s2 limit: miss", "", "% of the peak",
             100.0 * worst / peak, 0.5);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- transition matrices against the loop itself */

/* Flies one trial and returns its miss, divert and time at the limit. */
static struct flight trial_fly(const struct ready *ready, uint32_t trial)
{
    return engagement_fly(&ready->cell, ready->steps, ready_address(ready, trial, 0));
}

static void same_draws_row(const char *name, const char *quantity, const char *unit, double measured, double limit)
{
    named_row(PART, name, quantity, "Runge-Kutta steps of the loop", "the same draws", unit, measured, limit);
}

/* Flies 100 trials of a cell that has all lags: by transition matrices, and, with that feature cleared, by Runge-Kutta
 * steps of the loop. The draws are the same. `limit` is that of the miss in % of the rms miss. */
static void transition_check(const char *claim, const char *target, const char *interceptor, const char *estimator,
                             double limit)
{
    struct flown flown;
    double miss = 0.0, divert = 0.0, saturated = 0.0, square = 0.0;
    read_only(&flown, SCENARIO, target, interceptor, "1 ms", estimator, "engagement.flight_time, values: [3 s]",
              ", step: 5 ms, step_ratio: 32");
    struct ready ready = ready_derive(&flown.scenario, 0), loop = ready;
    assert_true((ready.cell.features & ZEM_FEATURE_TRANSITION) != 0);
    loop.cell.features &= ~ZEM_FEATURE_TRANSITION;
    for (uint32_t trial = 0; trial < 100; trial++) {
        const struct flight a = trial_fly(&ready, trial), b = trial_fly(&loop, trial);
        miss = larger(miss, fabs((double)a.miss - (double)b.miss));
        square += (double)b.miss * (double)b.miss / 100.0;
        divert = larger(divert, fabs((double)a.divert / (double)b.divert - 1.0));
        saturated = larger(saturated, fabs((double)a.saturated_time - (double)b.saturated_time));
    }
    same_draws_row(claim, ": worst miss of 100 trials", "% of the rms", 100.0 * miss / sqrt(square), limit);
    same_draws_row(claim, ": worst divert of 100 trials", "%", 100.0 * divert, limit);
    same_draws_row(claim, ": worst time at the limit of 100 trials", "s", saturated, 0.03);
    free(ready.steps);
    flown_free(&flown);
}

/* The limits: without an acceleration limit both flights differ by the error of the step, at most 0.01 % of the rms
 * miss with steps of 5 ms, a tenth of the shortest lag. With a limit they differ by up to 2 %, because the limit begins
 * inside a step and each notices it at another place of the step. */
void transition_matrices_follow_the_loop(void **state)
{
    (void)state;
    transition_check("transition, spiral, glint, two stages",
                     "maneuver: spiral, acceleration: 40 m/s2, period: 1.7 s, phase: 40 degree, roll: 50 degree",
                     "guidance: pn, navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, "
                     "autopilot_order: 2, " WAVE_ERRORS,
                     "none, glint: 0.1 m2/Hz", 0.01);
    transition_check("transition, weave, glint, 60 m/s2 limit, one stage", WAVE_TARGET,
                     "guidance: pn, navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, "
                     "autopilot_order: 1, acceleration_limit: 60 m/s2, " WAVE_ERRORS,
                     "none, glint: 0.02 m2/Hz", 2.0);
    transition_check("transition, weave, five stages", WAVE_TARGET,
                     "guidance: pn, navigation_gain: 4, seeker_lag: 0.05 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s, "
                     "autopilot_order: 5, " WAVE_ERRORS,
                     "none", 0.01);
    static const struct loop loop = {.law = LAW_PN,
                                     .gain = 4.0,
                                     .seeker_lag = 0.1,
                                     .filter_lag = 0.1,
                                     .autopilot_lag = 0.2,
                                     .stages = 1,
                                     .divert_limit = 60.0,
                                     .closing_speed = CLOSING_SPEED,
                                     .blind_time = 1e-5};
    reference_check("pn, all lags, divert budget of 60 m/s, weave",
                    "guidance: pn, navigation_gain: 4, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s, "
                    "divert_limit: 60 m/s, " WAVE_ERRORS,
                    "10 us", "none", 2.0, &loop);
    rows_check();
}

/* ---------------------------------------------------------------- limits */

struct limited_case {
    const char *claim, *interceptor, *run;
    struct loop loop;
};

static const struct limited_case limited_cases[] = {
    {"pn, 60 m/s2 limit on both channels together",
     "guidance: pn, navigation_gain: 4, autopilot_lag: 0.4 s, seeker_lag: 0.1 s, acceleration_limit: 60 "
     "m/s2, " WAVE_ERRORS,
     "",
     {.law = LAW_PN,
      .gain = 4.0,
      .autopilot_lag = 0.4,
      .stages = 1,
      .seeker_lag = 0.1,
      .acceleration_limit = 60.0,
      .closing_speed = CLOSING_SPEED,
      .blind_time = 1e-5}},
    {"pn, 25 m/s2 limit, less than the target has",
     "guidance: pn, navigation_gain: 4, autopilot_lag: 0.4 s, acceleration_limit: 25 m/s2, " WAVE_ERRORS,
     "",
     {.law = LAW_PN,
      .gain = 4.0,
      .autopilot_lag = 0.4,
      .stages = 1,
      .acceleration_limit = 25.0,
      .closing_speed = CLOSING_SPEED,
      .blind_time = 1e-5}},
    {"pn, zero lag, 45 m/s2 limit",
     "guidance: pn, navigation_gain: 3, acceleration_limit: 45 m/s2, " WAVE_ERRORS,
     ", step: 10 ms, step_ratio: 16",
     {.law = LAW_PN, .gain = 3.0, .acceleration_limit = 45.0, .closing_speed = CLOSING_SPEED, .blind_time = 1e-5}},
};

static void limited_check(const struct limited_case *c)
{
    struct flown flown;
    struct flight_record last;
    fly(&flown, SCENARIO, WAVE_TARGET, c->interceptor, "10 us", "none",
        "engagement.flight_time, from: 1 s, to: 5 s, points: 17", c->run);
    loop_row(c->claim, ": miss", "% of the peak", reference_difference(&flown, &c->loop, &last), 0.5);
    loop_row(c->claim, ": time at the limit, tF = 5 s", "s",
             fabs(cell_sum_mean(&flown, 16, ZEM_TALLY_SATURATED_TIME) - last.saturated_time), 0.1);
    loop_row(c->claim, ": divert, tF = 5 s", "%",
             100.0 * fabs(cell_sum_mean(&flown, 16, ZEM_TALLY_DIVERT) / last.divert - 1.0), 0.5);
    flown_free(&flown);
}

void limited_miss_follows_the_reference(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof limited_cases / sizeof *limited_cases; k++)
        limited_check(&limited_cases[k]);
    rows_check();
}

/* Without a lag the interceptor spends exactly its divert budget when the target demands more. The limit of 1 % allows
 * for the error of the step. */
static void small_budget_check(void)
{
    struct flown flown;
    double unspent = 0.0;
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 30 m/s2", "guidance: pn, navigation_gain: 4", "10 us", "none",
        "interceptor.divert_limit, values: [10 m/s, 30 m/s, 60 m/s]", "");
    for (uint64_t cell = 0; cell < 3; cell++)
        unspent =
            larger(unspent, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT) / axis_value(&flown, 0, cell) - 1.0));
    row_add((struct row){.part = PART,
                         .claim = "divert budget too small for a step, zero lag: divert",
                         .formula = "the budget",
                         .source = "definition",
                         .unit = "%",
                         .measured = 100.0 * unspent,
                         .limit = 1.0});
    flown_free(&flown);
}

/* The command stops when the divert budget is spent. The autopilot then still delivers the acceleration that it holds,
 * which for one lag T adds at most nL T to the divert, nL being the acceleration limit. */
void divert_budget_is_spent_and_kept(void **state)
{
    (void)state;
    struct flown flown;
    struct loop loop = {.law = LAW_PN,
                        .gain = 4.0,
                        .autopilot_lag = 0.3,
                        .stages = 1,
                        .acceleration_limit = 80.0,
                        .closing_speed = CLOSING_SPEED,
                        .blind_time = 1e-5};
    double worst_miss = 0.0, worst_divert = 0.0, peak = 0.0, excess = -1e9;
    fly(&flown, SCENARIO, WAVE_TARGET,
        "guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 80 m/s2, divert_limit: 60 "
        "m/s, " WAVE_ERRORS,
        "10 us", "none", "interceptor.divert_limit, from: 20 m/s, to: 140 m/s, points: 13", "");
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        const double budget = axis_value(&flown, 0, cell), divert = cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT);
        loop.divert_limit = budget;
        const struct flight_record r = loop_fly(&loop, 3.0, wave_position, wave_velocity, wave_acceleration, &wave);
        worst_miss = larger(worst_miss, fabs(cell_miss_mean(&flown, cell) - r.miss));
        worst_divert = larger(worst_divert, fabs(divert - r.divert) / r.divert);
        peak = larger(peak, r.miss);
        excess = larger(excess, divert - budget - 80.0 * 0.3);
    }
    loop_row("divert budget of 20 to 140 m/s: miss", "", "% of the peak", 100.0 * worst_miss / peak, 2.0);
    loop_row("divert budget of 20 to 140 m/s: divert", "", "%", 100.0 * worst_divert, 0.5);
    small_budget_check();
    row_add((struct row){.part = PART,
                         .claim = "divert budget: largest divert less the budget and what the lag holds",
                         .formula = "<= 0",
                         .source = "acceleration_limit x autopilot_lag",
                         .unit = "m/s",
                         .measured = excess,
                         .limit = 0.0});
    flown_free(&flown);
    rows_check();
}
