/* Guidance that uses the estimates of the Kalman filter. It is compared with the loop in double precision fed with the
 * same noise, and between both kinematics. */
#include "validation_estimator.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---------------------------------------------------------------- guidance on estimates */

/* One channel: relative motion, acceleration of the interceptor, and the estimates of all three states. They are
 * integrated in double precision inside each step of the program, with the noise that the program drew. */
struct estimated {
    double y, v, achieved, y_estimate, v_estimate, a_estimate;
};

struct estimated_flight {
    enum reference_law law;
    double gain, lag, start, level;
};

static double estimated_command(const struct estimated_flight *f, const struct estimated *s, double to_go)
{
    double gain = f->gain, share = 0.0;
    double bracket = (s->y_estimate + s->v_estimate * to_go) / (to_go * to_go);
    if (f->law == LAW_OGL)
        optimal_gains(to_go / f->lag, &gain, &share);
    if (f->law != LAW_PN)
        bracket += 0.5 * s->a_estimate;
    return gain * (bracket - share * s->achieved);
}

/* The measurement of one step: mean and slope of white noise of unit density, as coefficients of Legendre polynomials,
 * the error of the estimate in the middle of the step, and the gains of the filter. */
struct measured {
    double start, duration, mean, slope, error;
    const double *gain;
};

/* Returns the residual of the measurement at a time of the step, m. */
static double measured_residual(const struct measured *m, double time)
{
    const double u = (time - m->start) / m->duration, range = CLOSING_SPEED * (FLIGHT_TIME - time);
    return sqrt((GLINT + ANGLE_NOISE * range * range) / m->duration)
               * (m->mean + m->slope * sqrt(3.0) * (2.0 * u - 1.0))
           - m->error;
}

/* Adds to `rate` what the measurement adds to the rates of the estimate. At the end of the step the estimate must be
 * where a jump in the middle of the step, by the gains times the mean residual r, would put it. Let u be the time in
 * the step over its duration h, and d the change of the residual over the step. The part of gain[1] moves the position
 * by gain[1] h times int (1 - u) (r + d (u - 1/2)) du = r/2 - d/12, where the jump makes r/2. The part of gain[2] moves
 * it by gain[2] h^2 r/6, where the jump makes r/8. The rate of the position corrects both differences. */
static void measured_add(const struct measured *m, double time, struct estimated *rate)
{
    const double h = m->duration, residual = measured_residual(m, time);
    const double change = measured_residual(m, m->start + h) - measured_residual(m, m->start);
    rate->y_estimate += ((m->gain[0] - m->gain[2] * h * h / 24.0) * residual + m->gain[1] * h * change / 12.0) / h;
    rate->v_estimate += m->gain[1] * residual / h;
    rate->a_estimate += m->gain[2] * residual / h;
}

static struct estimated estimated_rate(const struct estimated_flight *f, const struct estimated *s, double time,
                                       const double *held, const struct measured *m)
{
    const double command = held != NULL ? *held : estimated_command(f, s, FLIGHT_TIME - time),
                 target = time >= f->start ? f->level : 0.0;
    struct estimated rate = {s->v,          target - s->achieved,        (command - s->achieved) / f->lag,
                             s->v_estimate, s->a_estimate - s->achieved, 0.0};
    if (m != NULL)
        measured_add(m, time, &rate);
    return rate;
}

static struct estimated estimated_add(const struct estimated *a, double factor, const struct estimated *b)
{
    return (struct estimated){a->y + factor * b->y,
                              a->v + factor * b->v,
                              a->achieved + factor * b->achieved,
                              a->y_estimate + factor * b->y_estimate,
                              a->v_estimate + factor * b->v_estimate,
                              a->a_estimate + factor * b->a_estimate};
}

static void estimated_fly(const struct estimated_flight *f, struct estimated *s, double time, double duration,
                          const double *held, const struct measured *m)
{
    enum { PARTS = 16 };
    const double h = duration / PARTS;
    for (int k = 0; k < PARTS; k++, time += h) {
        const struct estimated rate1 = estimated_rate(f, s, time, held, m);
        const struct estimated state2 = estimated_add(s, 0.5 * h, &rate1),
                               rate2 = estimated_rate(f, &state2, time + 0.5 * h, held, m);
        const struct estimated state3 = estimated_add(s, 0.5 * h, &rate2),
                               rate3 = estimated_rate(f, &state3, time + 0.5 * h, held, m);
        const struct estimated state4 = estimated_add(s, h, &rate3),
                               rate4 = estimated_rate(f, &state4, time + h, held, m);
        *s = estimated_add(s, h / 6.0, &rate1);
        *s = estimated_add(s, h / 3.0, &rate2);
        *s = estimated_add(s, h / 3.0, &rate3);
        *s = estimated_add(s, h / 6.0, &rate4);
    }
}

/* Flies one step with its measurement. The residual is that of the middle of the step, to which the estimate is first
 * carried without a measurement. */
static void estimated_measured(const struct estimated_flight *f, struct estimated *s, const struct filter *filter,
                               const struct schedule_step *step, double mean, bool negative)
{
    struct measured m = {.start = step->time[0],
                         .duration = step->step,
                         .mean = mean,
                         .slope = negative ? -1.0 : 1.0,
                         .gain = filter->gain};
    struct estimated middle = *s;
    estimated_fly(f, &middle, m.start, 0.5 * m.duration, NULL, NULL);
    m.error = middle.y_estimate - middle.y;
    estimated_fly(f, s, m.start, m.duration, NULL, &m);
}

/* Returns the noise that the program will draw for the next step. */
static struct noise noise_of_step(u32 step, const struct engagement *e)
{
    struct noise_block block;
    noise_draw(&block, &e->address, step / ZEM_NOISE_STEPS);
    return block.step[step % ZEM_NOISE_STEPS];
}

/* Flies one trial by the program and by the reference, and writes the position of a channel at the end of both, m. */
static void estimated_trial(const struct ready *ready, uint32_t trial, bool channel_z, struct estimated_flight f,
                            double *program, double *reference)
{
    struct engagement e;
    struct filter filter = filter_begin(40.0);
    const struct handover handover = engagement_begin(&ready->cell, ready_address(ready, trial, 0), &e);
    linear_begin(&ready->cell, &handover, &e);
    struct estimated s = {.y = channel_z ? handover.displacement_z : handover.displacement_y,
                          .v = -2000.0 * (double)(channel_z ? handover.heading_z : handover.heading_y)};
    f.start = e.target.start;
    for (u32 k = 0; k < ready->cell.schedule_steps; k++) {
        const struct schedule_step *step = &ready->steps[k];
        const struct noise noise = noise_of_step(k, &e); /* noise that the program draws in this step */
        engagement_advance_linear(&ready->cell, step, &e);
        reference_filter_step(&filter, step);
        estimated_measured(&f, &s, &filter, step, channel_z ? noise.mean_z : noise.mean_y,
                           noise.signs & (channel_z ? 2u : 1u));
    }
    const double held = estimated_command(&f, &s, ready->cell.blind_time);
    estimated_fly(&f, &s, FLIGHT_TIME - (double)ready->cell.blind_time, ready->cell.blind_time, &held, NULL);
    engagement_finish_linear(&ready->cell, &e);
    *program = channel_z ? e.homing.z.position : e.homing.y.position;
    *reference = s.y;
}

void estimated_guidance_follows_the_reference(void **state)
{
    (void)state;
    enum { TRIALS = 100 };
    static const struct {
        const char *name, *keys;
        enum reference_law law;
    } laws[3] = {{"pn", "guidance: pn, navigation_gain: 3.7, " ERRORS, LAW_PN},
                 {"apn", "guidance: apn, navigation_gain: 3.7, " ERRORS, LAW_APN},
                 {"ogl", "guidance: ogl, " ERRORS, LAW_OGL}};
    for (int law = 0; law < 3; law++) {
        struct flown flown;
        double square = 0.0, worst = 0.0;
        char claim[96];
        read_only(&flown, SCENARIO, RANDOM_START ", roll: 60 degree", laws[law].keys, 74 + law);
        struct ready ready = ready_derive(&flown.scenario, 0);
        for (uint32_t trial = 0; trial < TRIALS; trial++) {
            const bool channel_z = trial % 2 == 1;
            double program, reference;
            estimated_trial(
                &ready, trial, channel_z,
                (struct estimated_flight){
                    .law = laws[law].law, .gain = 3.7, .lag = 0.3, .level = channel_z ? 40.0 * sin(TURN / 6.0) : 20.0},
                &program, &reference);
            square += reference * reference / TRIALS;
            worst = larger(worst, fabs(program - reference));
        }
        snprintf(claim, sizeof claim, "%s on estimates, same noise: worst miss of %d trials, channels in turn",
                 laws[law].name, TRIALS);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "loop and filter in double precision",
                             .source = "derived in the test",
                             .unit = "% of the rms miss",
                             .measured = 100.0 * worst / sqrt(square),
                             .limit = 1.0});
        free(ready.steps);
        flown_free(&flown);
    }
    rows_check();
}

/* In a head-on engagement the point-mass loop equals the linear loop. Guidance on the same estimates therefore has the
 * same miss in both, within the interval of two samples. Both are blind for the last 10 ms, because in that time the
 * range is no longer large against the miss, and the gain of ogl, which has no bound, would enlarge the difference. */
void estimated_guidance_is_the_same_in_both_kinematics(void **state)
{
    (void)state;
    static const char rest[] = "seeker: {estimator: kalman, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: "
                               "10 ms}\nscoring: {hit_radius: [1 m]}\n";
    static const char *const laws[2] = {"apn", "ogl"};
    const uint64_t full = 200000;
    for (int law = 0; law < 2; law++) {
        struct flown linear, body;
        char claim[96];
        fly(&linear,
            "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4.5 km/s}\ntarget: {" RANDOM_START
            "}\ninterceptor: {speed: 2 km/s, guidance: %s, autopilot_lag: 0.3 s, " ERRORS
            "}\n%srun: {trials: %llu, seed: 78}\n",
            laws[law], rest, (unsigned long long)trials_of(full));
        fly(&body,
            "engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 60 km}\ntarget: {speed: 2.5 "
            "km/s, flight_path_angle: 0 degree, " RANDOM_START
            "}\ninterceptor: {speed: 2 km/s, flight_path_angle: 0 degree, guidance: %s, autopilot_lag: 0.3 s, " ERRORS
            "}\n%srun: {trials: %llu, seed: 79}\n",
            laws[law], rest, (unsigned long long)trials_of(full));
        snprintf(claim, sizeof claim, "%s on estimates, point-mass head-on against linear: rms miss", laws[law]);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "equal",
                             .source = "linear limit",
                             .unit = "%",
                             .measured = 100.0 * fabs(cell_miss_rms(&body, 0) / cell_miss_rms(&linear, 0) - 1.0),
                             .limit = 2.0,
                             .chance = 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials_of(full))});
        flown_free(&linear);
        flown_free(&body);
    }
    rows_check();
}
