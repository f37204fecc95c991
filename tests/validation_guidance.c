/* Guidance laws in the linear kinematics, compared with closed forms: flights without guidance, command histories
 * without lag, augmented and optimal guidance, and the command that is held while the seeker is blind. */
#include "validation_guidance.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---------------------------------------------------------------- no guidance */

/* Without guidance the miss is y = y0 + y0' tF + nT (tF - start)^2/2, and without errors and maneuver it is 0. */
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

/* Without lag and limit the motion obeys y'' + N' y'/tgo + N' y/tgo^2 = nT, and y vanishes with tgo (Zarchan, chapter
 * 2). The solutions give the command nc = -(N' VM HE/tF)(1 - t/tF)^(N'-2) for a heading error, and nc = nT N'/(N'-2) [1
 * - (1 - t/tF)^(N'-2)] for a step. A displacement first commands an impulse of N' y0/tF, after which y + y' tgo = (1 -
 * N') y0. This zero-effort miss falls as tgo^N', so that nc = N' (1 - N') y0/tF^2 (1 - t/tF)^(N'-2). */
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
        const double expected = history(gain, flight_time, ready.steps[k].time[2], cause);
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

/* Compares the gain N'(x) of the optimal law and the weight of the interceptor's own acceleration in it with series in
 * long double, over twelve decades of x = time to go / lag. Also compares x N'(x) near 0 with its limit 10. */
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

/* Augmented guidance without lag commands (N'/2) nT (1 - t/tF)^(N'-2) against a step. The command is largest at the
 * start, where for N' = 4 it is half of what proportional navigation ends with. Its integral is the divert, and the
 * miss is zero. */
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

/* With perfect knowledge, one lag and no limit the optimal law leaves no miss, whatever the flight time and the errors.
 * Proportional navigation with its effective gain of 3 would miss by up to 2 m here. */
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

/* ---------------------------------------------------------------- the held command */

/* Flies one trial without lag in the autopilot. Returns the command of channel y that is held at the end, and writes
 * the command of the states at the instant when the seeker went blind, N' Vc (y/R - tracker)/T, into `expected`. Both
 * must be equal, because white noise has no value in an instant and must not be part of a held command. */
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
    /* in this kinematics the tracker is an angle relative to the line of sight */
    const double closing_speed = -vector_dot(p, v) / sqrt(vector_dot(p, p));
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
