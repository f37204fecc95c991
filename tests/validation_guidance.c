/* Guidance laws and limits in the linear kinematics: zero-lag command histories, augmented and optimal guidance,
 * limited commands. */
#include "validation.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PART "Guidance laws and limits"
#define SPEED 2000.0         /* of the interceptor, m/s */
#define CLOSING_SPEED 4000.0 /* m/s */

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, %s}\n" \
    "seeker: {blind_time: %s, estimator: %s}\n" \
    "scoring: {hit_radius: [1 m]}\n" \
    "sweep: [{parameter: %s}]\n" \
    "run: {trials: 1%s}\n"

/* ---------------------------------------------------------------- no guidance */

/* y = y0 + y0' tF + nT tF^2/2 with nothing to bend it, and nothing at all without errors. */
void unguided_miss_is_that_of_free_motion(void **state)
{
    (void)state;
    struct flown moved, still;
    fly(&moved, SCENARIO, "maneuver: step, acceleration: 30 m/s2, start: 0.7 s",
        "guidance: none, heading_error_y: 0.01 radian, displacement_y: 7 m, displacement_z: -20 m", "10 us", "none",
        "engagement.flight_time, from: 0.5 s, to: 5 s, points: 31", "");
    fly(&still, SCENARIO, "maneuver: none, acceleration: 30 m/s2", "guidance: none", "10 us", "none",
        "engagement.flight_time, from: 0.5 s, to: 5 s, points: 31", "");
    double worst = 0.0, largest = 0.0;
    for (uint64_t cell = 0; cell < 31; cell++) {
        const double t = axis_value(&moved, 0, cell), after = t > 0.7 ? t - 0.7 : 0.0;
        const double expected = hypot(7.0 - SPEED * 0.01 * t + 15.0 * after * after, -20.0);
        worst = larger(worst, fabs(cell_miss_mean(&moved, cell) / expected - 1.0));
        largest = larger(largest, cell_miss_mean(&still, cell));
    }
    row_add((struct row){.part = PART,
                         .claim = "no guidance, errors and a step from 0.7 s",
                         .formula = "y0 - VM HE tF + nT (tF - start)^2/2",
                         .source = "free motion",
                         .unit = "%",
                         .measured = 100.0 * worst,
                         .limit = 1e-3});
    row_add((struct row){.part = PART,
                         .claim = "no guidance, no errors: linear",
                         .formula = "0",
                         .source = "free motion",
                         .unit = "m",
                         .measured = largest,
                         .limit = 0.0});
    flown_free(&moved);
    flown_free(&still);
    rows_check();
}

/* ---------------------------------------------------------------- zero lag */

/* Without lag and limit y'' + N' y'/tgo + N' y/tgo^2 = nT, whose solutions give nc = -(N' VM HE/tF)(1 - t/tF)^(N'-2)
 * for a heading error and nc = nT N'/(N'-2) [1 - (1 - t/tF)^(N'-2)] for a step; y vanishes with tgo (Zarchan, chapter
 * 2). A displacement first gives an impulse of N' y0/tF, which leaves y + y' tgo = (1 - N') y0 at the start; as that
 * falls with tgo^N', nc = N' (1 - N') y0/tF^2 (1 - t/tF)^(N'-2). */
struct cause {
    double level, heading, displacement;
};

static double history(double gain, double flight_time, double time, const struct cause *cause)
{
    const double left = pow(1.0 - time / flight_time, gain - 2.0);
    return cause->level * gain / (gain - 2.0) * (1.0 - left) - gain * SPEED * cause->heading / flight_time * left
           + gain * (1.0 - gain) * cause->displacement / (flight_time * flight_time) * left;
}

static void history_check(const struct flown *flown, uint64_t cell, const struct cause *cause, const char *name,
                          const char *formula)
{
    struct ready ready = ready_derive(&flown->scenario, cell);
    const double gain = ready.cell.navigation_gain, flight_time = ready.cell.flight_time;
    struct engagement e;
    double worst = 0.0, peak = 0.0;
    char claim[128];
    const struct handover handover = engagement_begin(&ready.cell, ready_address(&ready, 0, 0), &e);
    linear_begin(&ready.cell, &handover, &e);
    for (u32 k = 0; k < ready.cell.schedule_steps; k++) {
        engagement_advance_linear(&ready.cell, &ready.steps[k], &e);
        const double expected = history(gain, flight_time, ready.steps[k].time[0], cause);
        worst = larger(worst, fabs(e.achieved.y - expected));
        peak = larger(peak, fabs(expected));
    }
    const struct flight flight = engagement_finish_linear(&ready.cell, &e);
    snprintf(claim, sizeof claim, "zero lag, %s, N' = %g: command over the whole flight", name, gain);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = formula,
                         .source = "Zarchan, TSMG",
                         .unit = "% of the peak",
                         .measured = 100.0 * worst / peak,
                         .limit = 0.1});
    snprintf(claim, sizeof claim, "zero lag, %s, N' = %g: miss", name, gain);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "0",
                         .source = "Zarchan, TSMG",
                         .unit = "m",
                         .measured = flight.miss,
                         .limit = 1e-4});
    free(ready.steps);
}

void zero_lag_guidance_follows_its_command_histories(void **state)
{
    (void)state;
    struct flown step, heading, displacement;
    read_only(&step, SCENARIO, "maneuver: step, acceleration: 30 m/s2", "guidance: pn", "1 ms", "none",
              "interceptor.navigation_gain, values: [3, 4, 5, 3.5]", ", step_ratio: 32");
    read_only(&heading, SCENARIO, "maneuver: none", "guidance: pn, heading_error_y: 0.01 radian", "1 ms", "none",
              "interceptor.navigation_gain, values: [3, 4, 5, 3.5]", ", step_ratio: 32");
    read_only(&displacement, SCENARIO, "maneuver: none", "guidance: pn, displacement_y: 30 m", "1 ms", "none",
              "interceptor.navigation_gain, values: [3, 4, 5, 3.5]", ", step_ratio: 32");
    for (uint64_t cell = 0; cell < 4; cell++) {
        history_check(&step, cell, &(struct cause){.level = 30.0}, "step", "nT N'/(N'-2) (1 - (1 - t/tF)^(N'-2))");
        history_check(&heading, cell, &(struct cause){.heading = 0.01}, "heading error",
                      "-(N' VM HE/tF) (1 - t/tF)^(N'-2)");
        history_check(&displacement, cell, &(struct cause){.displacement = 30.0}, "displacement",
                      "N' (1 - N') y0/tF^2 (1 - t/tF)^(N'-2)");
    }
    flown_free(&step);
    flown_free(&displacement);
    flown_free(&heading);
    rows_check();
}

/* ---------------------------------------------------------------- augmented and optimal guidance */

/* N'(x) and the share of the interceptor's own acceleration over twelve decades of x against series in long double;
 * N'(0+) x = 10. */
void optimal_gain_holds_near_zero(void **state)
{
    (void)state;
    double worst_gain = 0.0, worst_share = 0.0, gain, share;
    for (double x = 1e-8; x < 1e4; x *= 1.0009) {
        const float rounded = (float)x;
        const struct law law = optimal_law(rounded);
        optimal_gains(rounded, &gain, &share);
        worst_gain = larger(worst_gain, fabs(law.gain / gain - 1.0));
        worst_share = larger(worst_share, fabs(law.achieved_weight / share - 1.0));
    }
    optimal_gains(1e-6, &gain, &share);
    row_add((struct row){.part = PART,
                         .claim = "ogl: N'(x) for x from 1e-8 to 1e4",
                         .formula = "6x^2(e^-x - 1 + x)/(2x^3 + 3 + 6x - 6x^2 - 12x e^-x - 3e^-2x)",
                         .source = "series in long double",
                         .unit = "relative",
                         .measured = worst_gain,
                         .limit = 2e-6});
    row_add((struct row){.part = PART,
                         .claim = "ogl: share of own acceleration for x from 1e-8 to 1e4",
                         .formula = "(e^-x + x - 1)/x^2",
                         .source = "series in long double",
                         .unit = "relative",
                         .measured = worst_share,
                         .limit = 2e-6});
    row_add((struct row){.part = PART,
                         .claim = "the reference's N'(x) near 0",
                         .formula = "x N'(x) -> 10",
                         .source = "first term of the series",
                         .unit = "relative",
                         .measured = fabs(gain * 1e-7 - 1.0),
                         .limit = 1e-6});
    rows_check();
}

/* Zero-lag augmented guidance commands (N'/2) nT (1 - t/tF)^(N'-2) against a step: largest at the start, half of what
 * proportional navigation ends with for N' = 4. The integral of it is the divert. The miss is zero. */
void augmented_guidance_nulls_a_constant_maneuver(void **state)
{
    (void)state;
    struct flown flown;
    double worst_miss = 0.0, worst_divert = 0.0;
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 30 m/s2, roll: 120 degree", "guidance: apn", "10 us",
        "perfect", "interceptor.navigation_gain, values: [3, 4, 5, 3.5]", "");
    for (uint64_t cell = 0; cell < 4; cell++) {
        const double gain = axis_value(&flown, 0, cell), divert = 0.5 * gain * 30.0 * 3.0 / (gain - 1.0);
        worst_miss = larger(worst_miss, cell_miss_mean(&flown, cell));
        worst_divert = larger(worst_divert, fabs(cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT) / divert - 1.0));
    }
    row_add((struct row){.part = PART,
                         .claim = "apn, zero lag, step, N' = 3, 4, 5, 3.5: miss",
                         .formula = "0",
                         .source = "Zarchan, TSMG",
                         .unit = "m",
                         .measured = worst_miss,
                         .limit = 1e-4});
    row_add((struct row){.part = PART,
                         .claim = "apn, zero lag, step, N' = 3, 4, 5, 3.5: divert",
                         .formula = "nT tF N'/(2(N'-1))",
                         .source = "integral of the command",
                         .unit = "%",
                         .measured = 100.0 * worst_divert,
                         .limit = 1.0});
    flown_free(&flown);
    rows_check();
}

/* With perfect knowledge, one lag and no limit the optimal law leaves no miss, whatever the flight time and the errors;
 * proportional navigation at its effective gain of 3 would miss by up to 2 m here. */
void optimal_guidance_nulls_a_constant_maneuver(void **state)
{
    (void)state;
    struct flown flown;
    double worst = 0.0;
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 30 m/s2",
        "guidance: ogl, autopilot_lag: 0.5 s, heading_error_y: 0.01 radian, displacement_z: 20 m", "10 us", "perfect",
        "engagement.flight_time, from: 1 s, to: 6 s, points: 26", "");
    for (uint64_t cell = 0; cell < 26; cell++)
        worst = larger(worst, cell_miss_mean(&flown, cell));
    row_add((struct row){.part = PART,
                         .claim = "ogl, one lag, step, heading error and displacement, 2 T to 12 T: miss",
                         .formula = "0",
                         .source = "Cottrell, J. Spacecraft 8(6), 1971",
                         .unit = "m",
                         .measured = worst,
                         .limit = 0.01});
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- against the loop flown in double precision */

struct wave {
    double level, frequency, phase, roll; /* frequency 0: a step at time 0 */
};

static void wave_acceleration(const void *context, double time, double acceleration[2])
{
    const struct wave *wave = context;
    const double size =
        wave->frequency > 0.0 ? wave->level * sin(TURN * wave->frequency * time + wave->phase) : wave->level;
    acceleration[0] = size * cos(wave->roll);
    acceleration[1] = size * sin(wave->roll);
}

/* Errors and target of the flights below: a weave at 50 degrees and errors in both channels, so that everything acts
 * together. */
#define WAVE_TARGET "maneuver: weave, acceleration: 40 m/s2, period: 1.7 s, phase: 40 degree, roll: 50 degree"
#define WAVE_ERRORS "displacement_y: 3 m, heading_error_y: 0.004 radian, heading_error_z: -0.006 radian"
static const struct wave wave = {40.0, 1.0 / 1.7, 40.0 / 360.0 * TURN, 50.0 / 360.0 * TURN};
static const double wave_position[2] = {3.0, 0.0};
static const double wave_velocity[2] = {-SPEED * 0.004, SPEED * 0.006};

/* Largest difference of the sweep over flight time from the reference, in % of the largest miss. */
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

static void reference_check(const char *claim, const char *interceptor, const char *blind_time, const char *estimator,
                            double limit, const struct loop *loop)
{
    struct flown flown;
    struct flight_record last;
    fly(&flown, SCENARIO, WAVE_TARGET, interceptor, blind_time, estimator,
        "engagement.flight_time, from: 1 s, to: 5 s, points: 17", "");
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "loop in double precision",
                         .source = "derived in the test",
                         .unit = "% of the peak",
                         .measured = reference_difference(&flown, loop, &last),
                         .limit = limit});
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

/* ---------------------------------------------------------------- the held command */

/* The command flown at the end, of channel y, and that of the states when the seeker went blind, N' Vc (y/R -
 * tracker)/T, for one trial without lag in the autopilot. White noise has no value in an instant: it must not be in a
 * command that is held. */
static double held_linear(const struct ready *ready, uint32_t trial, double *expected)
{
    struct engagement e;
    const struct handover handover = engagement_begin(&ready->cell, ready_address(ready, trial, 0), &e);
    linear_begin(&ready->cell, &handover, &e);
    for (u32 k = 0; k < ready->cell.schedule_steps; k++)
        engagement_advance_linear(&ready->cell, &ready->steps[k], &e);
    const double angle = e.homing.y.position / (CLOSING_SPEED * ready->cell.blind_time) - e.homing.y.tracker;
    *expected = ready->cell.navigation_gain * CLOSING_SPEED * angle * ready->cell.inverse_seeker_lag;
    engagement_finish_linear(&ready->cell, &e);
    return e.achieved.y;
}

static double held_point_mass(const struct ready *ready, uint32_t trial, double *expected)
{
    struct engagement e;
    const struct handover handover = engagement_begin(&ready->cell, ready_address(ready, trial, 0), &e);
    bodies_begin(&ready->cell, &handover, &e);
    while (e.flying) {
        real step;
        engagement_classify(&ready->cell, &e, &step);
        if (e.flying)
            engagement_advance_point_mass(&ready->cell, &e, step);
    }
    const struct vector p = e.bodies.position.high, v = relative_velocity(&e.bodies);
    const double closing_speed =
        -vector_dot(p, v) / sqrt(vector_dot(p, p)); /* the tracker is seen from the line of sight */
    *expected = -ready->cell.navigation_gain * closing_speed * e.homing.y.tracker * ready->cell.inverse_seeker_lag;
    engagement_finish_point_mass(&ready->cell, &e);
    return e.achieved.y;
}

static void held_check(const struct flown *flown, const char *kinematics,
                       double (*held)(const struct ready *ready, uint32_t trial, double *expected))
{
    struct ready ready = ready_derive(&flown->scenario, 0);
    double worst = 0.0, square = 0.0, expected;
    char claim[128];
    for (uint32_t trial = 0; trial < 100; trial++) {
        worst = larger(worst, fabs(held(&ready, trial, &expected) - expected));
        square += expected * expected / 100.0;
    }
    snprintf(claim, sizeof claim, "command held while blind, glint, %s: worst of 100 trials", kinematics);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "N' Vc (y/R - tracker)/T",
                         .source = "definition",
                         .unit = "% of the rms command",
                         .measured = 100.0 * worst / sqrt(square),
                         .limit = 0.1});
    free(ready.steps);
}

void held_command_has_no_noise(void **state)
{
    (void)state;
    struct flown linear, body;
    read_only(&linear, SCENARIO, "maneuver: none", "guidance: pn, navigation_gain: 4, seeker_lag: 0.2 s", "100 ms",
              "none, glint: 0.1 m2/Hz", "engagement.flight_time, values: [3 s]", "");
    read_only(&body,
              "engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 30 km}\ntarget: {speed: 2.5 "
              "km/s, flight_path_angle: -30 degree}\n"
              "interceptor: {speed: 2 km/s, flight_path_angle: 20 degree, guidance: pn, navigation_gain: 4, "
              "seeker_lag: 0.2 s}\n"
              "seeker: {glint: 0.1 m2/Hz, blind_time: 100 ms}\nscoring: {hit_radius: [1 m]}\nrun: {trials: 1}\n");
    held_check(&linear, "linear", held_linear);
    held_check(&body, "point-mass", held_point_mass);
    flown_free(&linear);
    flown_free(&body);
    rows_check();
}

/* ---------------------------------------------------------------- transition matrices against the loop itself */

/* Miss, divert and time at the limit of one trial. */
static struct flight trial_fly(const struct ready *ready, uint32_t trial)
{
    return engagement_fly(&ready->cell, ready->steps, ready_address(ready, trial, 0));
}

/* A cell with all lags is flown by transition matrices, and with that feature cleared by Runge-Kutta steps of the loop.
 * Both have the same draws. */
static void transition_check(const char *claim, const char *target, const char *interceptor, const char *estimator,
                             double limit)
{
    struct flown flown;
    double miss = 0.0, divert = 0.0, saturated = 0.0, square = 0.0;
    char text[160];
    read_only(&flown, SCENARIO, target, interceptor, "1 ms", estimator, "engagement.flight_time, values: [3 s]",
              ", step: 5 ms, step_ratio: 32");
    struct ready ready = ready_derive(&flown.scenario, 0), loop = ready;
    assert_true((ready.cell.features & ZEM_FEATURE_TRANSITION) != 0);
    loop.cell.features &= ~(u32)ZEM_FEATURE_TRANSITION;
    for (uint32_t trial = 0; trial < 100; trial++) {
        const struct flight a = trial_fly(&ready, trial), b = trial_fly(&loop, trial);
        miss = larger(miss, fabs((double)a.miss - (double)b.miss));
        square += (double)b.miss * (double)b.miss / 100.0;
        divert = larger(divert, fabs((double)a.divert / (double)b.divert - 1.0));
        saturated = larger(saturated, fabs((double)a.saturated_time - (double)b.saturated_time));
    }
    snprintf(text, sizeof text, "%s: worst miss of 100 trials", claim);
    row_add((struct row){.part = PART,
                         .claim = text,
                         .formula = "Runge-Kutta steps of the loop",
                         .source = "the same draws",
                         .unit = "% of the rms",
                         .measured = 100.0 * miss / sqrt(square),
                         .limit = limit});
    snprintf(text, sizeof text, "%s: worst divert of 100 trials", claim);
    row_add((struct row){.part = PART,
                         .claim = text,
                         .formula = "Runge-Kutta steps of the loop",
                         .source = "the same draws",
                         .unit = "%",
                         .measured = 100.0 * divert,
                         .limit = limit});
    snprintf(text, sizeof text, "%s: worst time at the limit of 100 trials", claim);
    row_add((struct row){.part = PART,
                         .claim = text,
                         .formula = "Runge-Kutta steps of the loop",
                         .source = "the same draws",
                         .unit = "s",
                         .measured = saturated,
                         .limit = 0.03});
    free(ready.steps);
    flown_free(&flown);
}

/* Limits: without a limit of the command what is left is the step's error, at most a hundredth of a per cent of the rms
 * miss at 5 ms, a tenth of the shortest lag. A limit begins somewhere in a step, and the two notice it at different
 * places of it. */
void transitions_are_those_of_the_loop(void **state)
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

void limited_miss_follows_the_reference(void **state)
{
    (void)state;
    static const struct {
        const char *claim, *interceptor, *run;
        struct loop loop;
    } cases[] = {
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
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct flown flown;
        struct flight_record last;
        char claim[128];
        fly(&flown, SCENARIO, WAVE_TARGET, cases[k].interceptor, "10 us", "none",
            "engagement.flight_time, from: 1 s, to: 5 s, points: 17", cases[k].run);
        snprintf(claim, sizeof claim, "%s: miss", cases[k].claim);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "loop in double precision",
                             .source = "derived in the test",
                             .unit = "% of the peak",
                             .measured = reference_difference(&flown, &cases[k].loop, &last),
                             .limit = 0.5});
        snprintf(claim, sizeof claim, "%s: time at the limit, tF = 5 s", cases[k].claim);
        row_add(
            (struct row){.part = PART,
                         .claim = claim,
                         .formula = "loop in double precision",
                         .source = "derived in the test",
                         .unit = "s",
                         .measured = fabs(cell_sum_mean(&flown, 16, ZEM_TALLY_SATURATED_TIME) - last.saturated_time),
                         .limit = 0.1});
        snprintf(claim, sizeof claim, "%s: divert, tF = 5 s", cases[k].claim);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "loop in double precision",
                             .source = "derived in the test",
                             .unit = "%",
                             .measured = 100.0 * fabs(cell_sum_mean(&flown, 16, ZEM_TALLY_DIVERT) / last.divert - 1.0),
                             .limit = 0.5});
        flown_free(&flown);
    }
    rows_check();
}

/* The command stops when the budget is spent; what the autopilot still holds then, nL T for one lag, is delivered on
 * top. */
void divert_budget_is_spent_and_kept(void **state)
{
    (void)state;
    struct flown flown;
    double worst_miss = 0.0, worst_divert = 0.0, peak = 0.0, excess = -1e9;
    fly(&flown, SCENARIO, WAVE_TARGET,
        "guidance: pn, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 80 m/s2, divert_limit: 60 "
        "m/s, " WAVE_ERRORS,
        "10 us", "none", "interceptor.divert_limit, from: 20 m/s, to: 140 m/s, points: 13", "");
    for (uint64_t cell = 0; cell < flown.result.cells; cell++) {
        const double budget = axis_value(&flown, 0, cell), divert = cell_sum_mean(&flown, cell, ZEM_TALLY_DIVERT);
        const struct loop loop = {.law = LAW_PN,
                                  .gain = 4.0,
                                  .autopilot_lag = 0.3,
                                  .stages = 1,
                                  .acceleration_limit = 80.0,
                                  .divert_limit = budget,
                                  .closing_speed = CLOSING_SPEED,
                                  .blind_time = 1e-5};
        const struct flight_record r = loop_fly(&loop, 3.0, wave_position, wave_velocity, wave_acceleration, &wave);
        worst_miss = larger(worst_miss, fabs(cell_miss_mean(&flown, cell) - r.miss));
        worst_divert = larger(worst_divert, fabs(divert - r.divert) / r.divert);
        peak = larger(peak, r.miss);
        excess = larger(excess, divert - budget - 80.0 * 0.3);
    }
    row_add((struct row){.part = PART,
                         .claim = "divert budget of 20 to 140 m/s: miss",
                         .formula = "loop in double precision",
                         .source = "derived in the test",
                         .unit = "% of the peak",
                         .measured = 100.0 * worst_miss / peak,
                         .limit = 2.0});
    row_add((struct row){.part = PART,
                         .claim = "divert budget of 20 to 140 m/s: divert",
                         .formula = "loop in double precision",
                         .source = "derived in the test",
                         .unit = "%",
                         .measured = 100.0 * worst_divert,
                         .limit = 0.5});
    struct flown zero_lag;
    double unspent = 0.0;
    fly(&zero_lag, SCENARIO, "maneuver: step, acceleration: 30 m/s2", "guidance: pn, navigation_gain: 4", "10 us",
        "none", "interceptor.divert_limit, values: [10 m/s, 30 m/s, 60 m/s]", "");
    for (uint64_t cell = 0; cell < 3; cell++)
        unspent = larger(unspent,
                         fabs(cell_sum_mean(&zero_lag, cell, ZEM_TALLY_DIVERT) / axis_value(&zero_lag, 0, cell) - 1.0));
    row_add((struct row){.part = PART,
                         .claim = "divert budget too small for a step, zero lag: divert",
                         .formula = "the budget",
                         .source = "definition",
                         .unit = "%",
                         .measured = 100.0 * unspent,
                         .limit = 1.0});
    flown_free(&zero_lag);
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
