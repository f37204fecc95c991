/* The textbook's further causes of miss: maneuvers that grow, a sampled seeker, the radome, a quadratic lag, laws that
 * know the target wrongly. They are held against closed forms, and against a loop of one channel that is flown here in
 * double precision with steps of 50 us, which shares no code with kernels/. */
#include "validation.h"
#include "validation_guidance.h"
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

/* ---------------------------------------------------------------- the loop, flown here */

enum law_here { PN, APN, OGL };

/* The causes of one channel; 0 stands for "none". */
struct plant {
    enum law_here law;
    double gain, known_error, seeker_lag, filter_lag, stage_lag, quadratic_lag, damping;
    int stages;
    double radome, turning_lag, interval, delay, memory, scale_error, bias;
    double level, rise, start; /* of the target's maneuver, level ((t - start)/rise)^power */
    int power;
    double heading; /* rad */
    double flight;  /* s */
    long kicked;    /* number of the sample with an error of 1 rad; negative: none */
};

/* y, y', tracker, filter, quadratic lag's position and rate, flight path angle, stages. */
enum { Y, V, TRACKER, FILTER, QUADRATIC, QUADRATIC_RATE, TURNED, STAGE, STATES = STAGE + 5 };

struct sampled {
    double angle, rate, used;
};

static double target_at(const struct plant *p, double t)
{
    const double x = (t - p->start) / p->rise;
    return t < p->start ? 0.0 : p->level * pow(x, p->power);
}

static double achieved_by(const struct plant *p, const double *x, double command)
{
    if (p->quadratic_lag > 0.0)
        return x[QUADRATIC];
    return p->stages > 0 ? x[STAGE + p->stages - 1] : command;
}

/* The angle that the seeker measures, without noise; the interceptor's acceleration must be a state. */
static double measured(const struct plant *p, const double *x, double to_go)
{
    double angle = x[Y] / (CLOSING_SPEED * to_go);
    if (p->radome != 0.0)
        angle += p->radome * (x[TURNED] + p->turning_lag * achieved_by(p, x, 0.0) / SPEED);
    return angle;
}

static double command_of(const struct plant *p, double signal, double known, double achieved, double to_go)
{
    const double taken = fmax((1.0 + p->scale_error) * to_go + p->bias, 0.01 * to_go), lag = p->stage_lag * p->stages,
                 u = taken / lag;
    if (p->law == PN)
        return p->gain * CLOSING_SPEED * signal;
    if (p->law == APN)
        return p->gain * (CLOSING_SPEED * signal + 0.5 * (1.0 - p->known_error) * known);
    double gain, weight;
    optimal_gains(u, &gain, &weight);
    return gain * (CLOSING_SPEED * to_go / taken * signal + 0.5 * (1.0 - p->known_error) * known - achieved * weight);
}

static void rates_of(const struct plant *p, const double *x, const struct sampled *s, double t, int seeing,
                     const double *held, double *rate)
{
    const double to_go = p->flight - t, range = CLOSING_SPEED * to_go, known = target_at(p, t);
    double signal = (x[Y] / to_go + x[V]) / range;
    for (int k = 0; k < STATES; k++)
        rate[k] = 0.0;
    if (p->interval > 0.0)
        signal = s->used;
    else if (p->seeker_lag > 0.0) {
        rate[TRACKER] = (measured(p, x, to_go) - x[TRACKER]) / p->seeker_lag;
        signal = rate[TRACKER];
    }
    if (p->filter_lag > 0.0) {
        rate[FILTER] = (signal - x[FILTER]) / p->filter_lag;
        signal = x[FILTER];
    }
    if (!seeing)
        rate[TRACKER] = rate[FILTER] = 0.0;
    const double command = held != NULL ? *held : command_of(p, signal, known, achieved_by(p, x, 0.0), to_go);
    double input = command;
    for (int k = 0; k < p->stages; k++) {
        rate[STAGE + k] = (input - x[STAGE + k]) / p->stage_lag;
        input = x[STAGE + k];
    }
    if (p->quadratic_lag > 0.0) {
        const double w = 1.0 / p->quadratic_lag;
        rate[QUADRATIC] = x[QUADRATIC_RATE];
        rate[QUADRATIC_RATE] = w * w * (input - x[QUADRATIC]) - 2.0 * p->damping * w * x[QUADRATIC_RATE];
    }
    rate[TURNED] = achieved_by(p, x, command) / SPEED;
    rate[Y] = x[V];
    rate[V] = known - achieved_by(p, x, command);
}

/* One classical Runge-Kutta step. */
static void advance(const struct plant *p, double *x, const struct sampled *s, double t, double h, int seeing)
{
    double k[4][STATES], z[STATES];
    const double at[4] = {0.0, 0.5, 0.5, 1.0};
    for (int j = 0; j < 4; j++) {
        for (int i = 0; i < STATES; i++)
            z[i] = x[i] + (j > 0 ? h * at[j] * k[j - 1][i] : 0.0);
        rates_of(p, z, s, t + h * at[j], seeing, NULL, k[j]);
    }
    for (int i = 0; i < STATES; i++)
        x[i] += h / 6.0 * (k[0][i] + 2.0 * (k[1][i] + k[2][i]) + k[3][i]);
}

/* Flies a channel and returns y at the end. Sample and delay are multiples of the step. */
static double fly_here(const struct plant *p)
{
    const double h = 5e-5;
    const long steps = lround(p->flight / h), every = lround(p->interval / h), late = lround(p->delay / h);
    double x[STATES] = {0.0};
    struct sampled s = {0.0, 0.0, 0.0};
    x[V] = -SPEED * p->heading;
    for (long k = 0; k < steps - 1; k++) { /* the last step is shorter than any blind time; the command has no effect */
        const double t = (double)k * h;
        if (every > 0 && k % every == 0) {
            const double g = 1.0 - p->memory * p->memory, r = (1.0 - p->memory) * (1.0 - p->memory) / p->interval;
            const double predicted = s.angle + s.rate * p->interval;
            const double residual = measured(p, x, p->flight - t) + (k / every == p->kicked ? 1.0 : 0.0) - predicted;
            s.angle = predicted + g * residual;
            s.rate += r * residual;
        }
        if (every > 0 && k % every == late)
            s.used = s.rate;
        advance(p, x, &s, t, h, 1);
    }
    return x[Y] + x[V] * h;
}

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
        const double expected = fabs(fly_here(&plant));
        worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - expected));
        peak = larger(peak, expected);
    }
    row_add((struct row){.part = PART,
                         .claim = c->claim,
                         .formula = "the loop in double precision, steps of 50 us",
                         .source = "validation_causes.c",
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
    {"sampled every 0.05 s behind a radome",
     STEP,
     LAG ", turning_rate_lag: 0.5 s",
     ", sample_interval: 0.05 s, fading_memory: 0.5, radome_slope: -0.02",
     {STEP_HERE, LAG_HERE, .interval = 0.05, .memory = 0.5, .radome = -0.02, .turning_lag = 0.5},
     0.3},
};

/* The default step keeps the error of a miss below some tenths of a per cent of its peak (benchmarks/README.md). */
void further_causes_follow_the_loop_flown_here(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        compare(&cases[k]);
    rows_check();
}

/* ---------------------------------------------------------------- closed forms */

/* Ramp A t/r gives A t^3/(6 r), parabola A (t/r)^2 gives A t^4/(12 r^2). */
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

/* A quadratic lag of damping 1 is two equal lags. Both fly the same steps. */
void critical_quadratic_lag_is_two_equal_lags(void **state)
{
    (void)state;
    struct flown quadratic, equal;
    const char *sweep = "engagement.flight_time, from: 0.5 s, to: 5 s, points: 31", *step = ", step: 5 ms";
    double worst = 0.0, peak = 0.0;
    fly(&quadratic, SCENARIO, STEP, "quadratic_lag: 0.1 s, quadratic_damping: 1", "1 ms", "none", sweep, step);
    fly(&equal, SCENARIO, STEP, "autopilot_lag: 0.2 s, autopilot_order: 2", "1 ms", "none", sweep, step);
    for (uint64_t cell = 0; cell < equal.result.cells; cell++) {
        worst = larger(worst, fabs(cell_miss_mean(&quadratic, cell) - cell_miss_mean(&equal, cell)));
        peak = larger(peak, cell_miss_mean(&equal, cell));
    }
    row_add((struct row){.part = PART,
                         .claim = "a quadratic lag of damping 1 is two equal lags",
                         .formula = "(1 + T s)^2",
                         .source = "autopilot_order: 2",
                         .unit = "% of the peak",
                         .measured = 100.0 * worst / peak,
                         .limit = 1e-2});
    flown_free(&quadratic);
    flown_free(&equal);
    rows_check();
}

/* Without lag the zero-effort miss of a law that knows where the target goes falls as tgo^N', so that the miss is 0 and
 * the divert N' Z(0)/((N' - 1) tF). For a weave Z(0) = A/w^2 [sin p (1 - cos u) + cos p (u - sin u)], u = w tF; for a
 * spiral its size is that of both components. */
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

/* The noise of sample k moves the end by its response, which is flown here with an error of one radian; the samples are
 * independent. The mean square of the miss over both channels has the standard deviation 2 s^2/sqrt(n) around 2 s^2. */
void noise_of_a_sampled_seeker_has_its_mean_square(void **state)
{
    (void)state;
    struct flown flown;
    const uint64_t trials = trials_of(40000);
    const double density = 1e-7, interval = 0.1;
    struct plant plant = {USUAL, LAG_HERE, .interval = interval, .memory = 0.5, .flight = FLIGHT};
    double square = 0.0;
    for (plant.kicked = 0; plant.kicked < lround(FLIGHT / interval); plant.kicked++) {
        const double response = fly_here(&plant);
        square += response * response * density / interval;
    }
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
        "interceptor: {speed: 2 km/s, " LAG "}\n"
        "seeker: {blind_time: 50 us, angle_noise: 1e-7 rad2/Hz, sample_interval: 0.1 s, fading_memory: 0.5}\n"
        "scoring: {hit_radius: [1 m]}\nrun: {trials: %llu}\n",
        (unsigned long long)trials);
    const double rms = cell_miss_rms(&flown, 0), mean = rms * rms;
    const double chance = 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials);
    row_add((struct row){.part = PART,
                         .claim = "angle noise of a sampled seeker, mean square miss",
                         .formula = "2 sum of (response of sample k)^2 density/interval",
                         .source = "validation_causes.c",
                         .unit = "%",
                         .measured = 100.0 * fabs(mean / (2.0 * square) - 1.0),
                         .limit = 0.3 + 100.0 * FALSE_ALARM_SIGMA / sqrt(40000.0),
                         .chance = chance});
    flown_free(&flown);
    rows_check();
}
