/* The Kalman filter: its covariance and gains against one written with whole matrices in double precision, the
 * consistency of its errors with that covariance, and guidance on its estimates against the loop in double precision
 * fed with the same noise. */
#include "validation.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PART "Estimator"
#define CLOSING_SPEED 4000.0
#define FLIGHT_TIME 3.0
#define GLINT 0.1        /* m2/Hz */
#define ANGLE_NOISE 1e-8 /* rad2/Hz */

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, %s}\n" \
    "seeker: {estimator: kalman, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: 1 ms}\n" \
    "scoring: {hit_radius: [1 m]}\nrun: {trials: 1, seed: %d}\n"
#define ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 0.004 radian}, heading_error_z: {mean: 0 degree, sigma: 0.004 radian}, " \
    "displacement_y: {mean: 0 m, sigma: 15 m}, displacement_z: {mean: 0 m, sigma: 15 m}"
#define RANDOM_START "maneuver: step, acceleration: 40 m/s2, start: {from: 0 s, to: 3 s}"

/* ---------------------------------------------------------------- the filter in double precision */

struct filter {
    double p[3][3], gain[3], jerk_density;
};

static struct filter filter_begin(double acceleration)
{
    struct filter f = {.jerk_density = acceleration * acceleration / FLIGHT_TIME};
    f.p[0][0] = 15.0 * 15.0;
    f.p[1][1] = 2000.0 * 2000.0 * 0.004 * 0.004;
    return f;
}

/* Measurement of the position: P - P h h' P / (h' P h + r), h = (1, 0, 0). */
static void filter_update(struct filter *f, double variance)
{
    double before[3][3];
    memcpy(before, f->p, sizeof before);
    for (int i = 0; i < 3; i++)
        f->gain[i] = before[i][0] / (before[0][0] + variance);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            f->p[i][j] = before[i][j] - f->gain[i] * before[0][j];
}

/* F P F' and the white jerk's contribution int_0^h g g' dt, g = (t^2/2, t, 1), by Gauss's rule with five points, exact
 * for it. */
static void filter_propagate(struct filter *f, double h)
{
    static const double node[5] = {0.0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640,
                                   -0.9061798459386640};
    static const double weight[5] = {0.5688888888888889, 0.4786286704993665, 0.4786286704993665, 0.2369268850561891,
                                     0.2369268850561891};
    const double transition[3][3] = {{1.0, h, 0.5 * h * h}, {0.0, 1.0, h}, {0.0, 0.0, 1.0}};
    double p[3][3] = {{0.0}};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++)
                for (int m = 0; m < 3; m++)
                    p[i][j] += transition[i][k] * f->p[k][m] * transition[j][m];
            for (int k = 0; k < 5; k++) {
                const double t = 0.5 * h * (1.0 + node[k]), g[3] = {0.5 * t * t, t, 1.0};
                p[i][j] += f->jerk_density * 0.5 * h * weight[k] * g[i] * g[j];
            }
        }
    memcpy(f->p, p, sizeof p);
}

/* Variance of the position measured over a step whose middle is at range r: R^2 times the spectral density there, over
 * the duration. */
static double measurement_variance(double range, double h) { return (GLINT + ANGLE_NOISE * range * range) / h; }

/* The filter's step: what a step measures is known in its middle. */
static void filter_step(struct filter *f, const struct schedule_step *s)
{
    filter_propagate(f, 0.5 * (double)s->step);
    filter_update(f, measurement_variance(CLOSING_SPEED * (double)s->time_to_go[1], s->step));
    filter_propagate(f, 0.5 * (double)s->step);
}

/* Largest relative difference of an element after a step of 0.7 s, long enough for every term to show. */
static double propagation_difference(const struct cell_parameters *cell)
{
    struct covariance c = covariance_begin(cell);
    struct filter f = filter_begin(40.0);
    covariance_propagate(cell, &c, 0.7f);
    filter_propagate(&f, 0.7f);
    const double p[6] = {c.p11, c.p12, c.p13, c.p22, c.p23, c.p33},
                 expected[6] = {f.p[0][0], f.p[0][1], f.p[0][2], f.p[1][1], f.p[1][2], f.p[2][2]};
    double worst = 0.0;
    for (int k = 0; k < 6; k++)
        worst = larger(worst, fabs(p[k] / expected[k] - 1.0));
    return worst;
}

void estimator_covariance_follows_the_reference(void **state)
{
    (void)state;
    struct flown flown;
    double worst[3] = {0.0, 0.0, 0.0};
    static const char *const names[3] = {"position", "velocity", "acceleration"};
    char claim[96];
    read_only(&flown, SCENARIO, RANDOM_START, ERRORS, 71);
    struct ready ready = ready_derive(&flown.scenario, 0);
    struct filter f = filter_begin(40.0);
    for (u32 k = 0; k < ready.cell.schedule_steps; k++) {
        const struct schedule_step *s = &ready.steps[k];
        filter_step(&f, s);
        for (int i = 0; i < 3; i++)
            worst[i] = larger(worst[i], f.gain[i] > 0.0 ? fabs(s->gain[i] / f.gain[i] - 1.0) : fabs(s->gain[i]));
    }
    row_add((struct row){.part = PART,
                         .claim = "covariance after a step of 0.7 s, no measurement",
                         .formula = "F P F' + Q",
                         .source = "whole matrices in double precision",
                         .unit = "relative",
                         .measured = propagation_difference(&ready.cell),
                         .limit = 1e-5});
    for (int i = 0; i < 3; i++) {
        snprintf(claim, sizeof claim, "gain of the %s over a whole flight", names[i]);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "P h/(h' P h + r), F P F' + Q",
                             .source = "whole matrices in double precision",
                             .unit = "relative",
                             .measured = worst[i],
                             .limit = 1e-5});
    }
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}

/* A measurement without noise comes in over the step with a residual that does not change: the estimate, wrong at first
 * by (1 m, 0.5 m/s, -0.3 m/s2), is at the end where half a step, a jump by gain times residual and another half step
 * put it. */
void measurement_is_a_jump_in_the_middle(void **state)
{
    (void)state;
    static const double gain[3] = {0.3, 2.0, 50.0};
    const struct kalman_gain kernel_gain = {(real)gain[0], (real)gain[1], (real)gain[2]};
    struct flown flown;
    struct engagement e;
    struct loop_input input;
    struct homing_report report;
    read_only(&flown, SCENARIO, "maneuver: none", "guidance: pn", 71);
    struct ready ready = ready_derive(&flown.scenario, 0);
    const struct handover handover = engagement_begin(&ready.cell, ready_address(&ready, 0, 0), &e);
    linear_begin(&ready.cell, &handover, &e);
    e.homing.y.error_position = 1.0f;
    e.homing.y.error_velocity = 0.5f;
    e.homing.y.estimate_acceleration = -0.3f;
    linear_loop_input(&ready.cell, &ready.steps[0], &e, &input);
    loop_input_unmeasured(&input);
    engagement_measure(&e, &kernel_gain, ready.steps[0].range, &input);
    homing_step(&ready.cell, &e.homing, &input, 1, NULL, &report);
    const double half = 0.5 * (double)input.step;
    const double middle = 1.0 + half * (0.5 - 0.5 * half * 0.3), velocity = 0.5 - half * 0.3 - gain[1] * middle,
                 acceleration = -0.3 - gain[2] * middle;
    const double expected[3] = {middle - gain[0] * middle + half * (velocity + 0.5 * half * acceleration),
                                velocity + half * acceleration, acceleration};
    const double error[3] = {e.homing.y.error_position, e.homing.y.error_velocity, e.homing.y.estimate_acceleration};
    double worst = 0.0;
    for (int k = 0; k < 3; k++)
        worst = larger(worst, fabs(error[k] / expected[k] - 1.0));
    row_add((struct row){.part = PART,
                         .claim = "estimate after one step, measured without noise",
                         .formula = "F(h/2) (I - gain h') F(h/2) e",
                         .source = "jump in the middle of the step",
                         .unit = "relative",
                         .measured = worst,
                         .limit = 1e-5});
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- consistency */

/* e' P^-1 e for the first `n` states, by Cholesky's factors. */
static double normalised_square(const double p[3][3], const double e[3], int n)
{
    double l[3][3] = {{0.0}}, sum = 0.0, z[3];
    for (int i = 0; i < n; i++) {
        z[i] = e[i];
        for (int j = 0; j <= i; j++) {
            double x = p[i][j];
            for (int k = 0; k < j; k++)
                x -= l[i][k] * l[j][k];
            l[i][j] = i == j ? sqrt(x) : x / l[j][j];
        }
        for (int j = 0; j < i; j++)
            z[i] -= l[i][j] * z[j];
        z[i] /= l[i][i];
        sum += z[i] * z[i];
    }
    return sum;
}

enum { LOOKS = 8, CONSISTENCY_TRIALS = 1000 };

/* Flies one trial and normalises the error of channel y after 1/LOOKS, 2/LOOKS, ... of the steps. */
static void trial_consistency(const struct ready *ready, uint32_t trial, double level, int states, double out[LOOKS])
{
    struct engagement e;
    struct filter f = filter_begin(level);
    int look = 0;
    const struct handover handover = engagement_begin(&ready->cell, ready_address(ready, trial, 0), &e);
    linear_begin(&ready->cell, &handover, &e);
    for (u32 k = 0; k < ready->cell.schedule_steps && look < LOOKS; k++) {
        const struct schedule_step *s = &ready->steps[k];
        engagement_advance_linear(&ready->cell, s, &e);
        filter_step(&f, s);
        if (k + 1 < ready->cell.schedule_steps * (u32)(look + 1) / LOOKS)
            continue;
        const double truth = states == 3 && s->time[2] >= e.target.start ? level : 0.0;
        const double error[3] = {e.homing.y.error_position, e.homing.y.error_velocity,
                                 e.homing.y.estimate_acceleration - truth};
        out[look++] = normalised_square((const double(*)[3])f.p, error, states);
    }
}

/* Tail of the sum of n normalised squares in its chi-square distribution, two-sided. */
static double band_tail(double sum, double freedom)
{
    const double tail = chi_square_tail(sum, freedom);
    return 2.0 * fmin(tail, 1.0 - tail);
}

/* Without manoeuvre all is Gaussian and every normalised square has the chi-square distribution with two degrees of
 * freedom: whole distribution at every look. Of a random-start step the covariance is exact, but errors are not
 * Gaussian: the mean over trials is 3, judged by its own spread. */
void estimator_errors_lie_in_their_band(void **state)
{
    (void)state;
    struct flown still, moving;
    double smallest = 1.0, distribution = 1.0, farthest = 0.0, sum[LOOKS] = {0.0}, moving_sum[LOOKS] = {0.0},
           moving_square[LOOKS] = {0.0}, out[LOOKS];
    uint64_t counts[LOOKS][10] = {{0}};
    double tenths[10];
    read_only(&still, SCENARIO, "maneuver: none", ERRORS, 72);
    read_only(&moving, SCENARIO, RANDOM_START, ERRORS, 73);
    struct ready ready = ready_derive(&still.scenario, 0), ready_moving = ready_derive(&moving.scenario, 0);
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        trial_consistency(&ready, trial, 0.0, 2, out);
        for (int k = 0; k < LOOKS; k++) {
            sum[k] += out[k];
            counts[k][(int)fmin(10.0 * -expm1(-0.5 * out[k]),
                                9.0)]++; /* chi-square with two degrees of freedom is exponential */
        }
        trial_consistency(&ready_moving, trial, 40.0, 3, out);
        for (int k = 0; k < LOOKS; k++) {
            moving_sum[k] += out[k];
            moving_square[k] += out[k] * out[k];
        }
    }
    for (int k = 0; k < 10; k++)
        tenths[k] = 0.1;
    for (int k = 0; k < LOOKS; k++) {
        const double mean = moving_sum[k] / CONSISTENCY_TRIALS,
                     variance = moving_square[k] / CONSISTENCY_TRIALS - mean * mean;
        smallest = fmin(smallest, LOOKS * band_tail(sum[k], 2.0 * CONSISTENCY_TRIALS));
        distribution = fmin(distribution, LOOKS * chi_square_test(counts[k], tenths, 10));
        farthest = larger(farthest, fabs(mean - 3.0) / sqrt(variance / CONSISTENCY_TRIALS));
    }
    row_add((struct row){.part = PART,
                         .claim = "normalised squared errors, no manoeuvre, 1000 trials, 8 times: sums",
                         .formula = "chi-square, 2 a trial",
                         .source = "the filter's model holds",
                         .unit = "(tail probability)",
                         .measured = smallest,
                         .limit = FALSE_ALARM,
                         .from_below = true});
    row_add((struct row){.part = PART,
                         .claim = "normalised squared errors, no manoeuvre, 1000 trials, 8 times: distribution",
                         .formula = "chi-square with 2 degrees of freedom",
                         .source = "the filter's model holds",
                         .unit = "(tail probability)",
                         .measured = distribution,
                         .limit = FALSE_ALARM,
                         .from_below = true});
    row_add((struct row){.part = PART,
                         .claim = "normalised squared errors, random-start step, 1000 trials, 8 times: means",
                         .formula = "3",
                         .source = "second moments of the model hold",
                         .unit = "standard deviations",
                         .measured = farthest,
                         .limit = 5.3});
    free(ready.steps);
    free(ready_moving.steps);
    flown_free(&still);
    flown_free(&moving);
    rows_check();
}

/* The point-mass kinematics carries its covariance along instead of tabulating it. */
static void body_consistency(const struct ready *ready, uint32_t trial, double out[LOOKS])
{
    struct engagement e;
    int look = 0;
    const struct handover handover = engagement_begin(&ready->cell, ready_address(ready, trial, 0), &e);
    bodies_begin(&ready->cell, &handover, &e);
    while (e.flying && look < LOOKS) {
        real step;
        engagement_classify(&ready->cell, &e, &step);
        if (e.flying)
            engagement_advance_point_mass(&ready->cell, &e, step);
        if (e.time < FLIGHT_TIME * (look + 1) / (LOOKS + 1))
            continue;
        const struct covariance *c = &e.covariance;
        const double p[3][3] = {{c->p11, c->p12, c->p13}, {c->p12, c->p22, c->p23}, {c->p13, c->p23, c->p33}};
        const double error[3] = {e.homing.z.error_position, e.homing.z.error_velocity,
                                 e.homing.z.estimate_acceleration};
        out[look++] = normalised_square(p, error, 2);
    }
}

void estimator_of_point_mass_is_consistent(void **state)
{
    (void)state;
    struct flown flown;
    double sum[LOOKS] = {0.0}, out[LOOKS], smallest = 1.0;
    read_only(
        &flown,
        "engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 30 km}\ntarget: {speed: 2.5 km/s, "
        "flight_path_angle: -30 degree}\n"
        "interceptor: {speed: 2 km/s, flight_path_angle: 20 degree, heading: 160 degree, autopilot_lag: 0.3 s, " ERRORS
        "}\n"
        "seeker: {estimator: kalman, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: 1 ms}\nscoring: "
        "{hit_radius: [1 m]}\nrun: {trials: 1, seed: 77}\n");
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        body_consistency(&ready, trial, out);
        for (int k = 0; k < LOOKS; k++)
            sum[k] += out[k];
    }
    for (int k = 0; k < LOOKS; k++)
        smallest = fmin(smallest, LOOKS * band_tail(sum[k], 2.0 * CONSISTENCY_TRIALS));
    row_add((struct row){.part = PART,
                         .claim = "normalised squared errors, point-mass, no manoeuvre, 1000 trials, 8 times: sums",
                         .formula = "chi-square, 2 a trial",
                         .source = "the filter's model holds",
                         .unit = "(tail probability)",
                         .measured = smallest,
                         .limit = FALSE_ALARM,
                         .from_below = true});
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- guidance on estimates */

/* One channel: relative motion, autopilot and the estimate of all three states, integrated in double precision inside
 * each step of the program with the noise that the program drew. */
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

/* What is measured in a step: white noise of unit density in Legendre polynomials, and the estimate's error in the
 * middle. */
struct measured {
    double start, duration, mean, slope, error;
    const double *gain;
};

/* Residual at a time of the step. */
static double measured_residual(const struct measured *m, double time)
{
    const double u = (time - m->start) / m->duration, range = CLOSING_SPEED * (FLIGHT_TIME - time);
    return sqrt((GLINT + ANGLE_NOISE * range * range) / m->duration)
               * (m->mean + m->slope * sqrt(3.0) * (2.0 * u - 1.0))
           - m->error;
}

/* What it adds to the rates of the estimate. At the end of the step the estimate has to be where a jump in the middle,
 * by the gains times the mean residual r, puts it: the velocity's part moves the position by int (1 - u) (r + d (u -
 * 1/2)) du = r/2 - d/12 of gain h where the jump makes r/2, the acceleration's by r/6 where it makes r/8. */
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

/* One step with its measurement. The residual is that of the middle, to which the estimate is carried on without one.
 */
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

/* The noise that the next step will draw. */
static struct noise noise_of_step(u32 step, const struct engagement *e)
{
    struct noise_block block;
    noise_draw(&block, &e->address, step / ZEM_NOISE_STEPS);
    return block.step[step % ZEM_NOISE_STEPS];
}

/* Position of a channel at the end in both, for one trial. */
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
        const struct noise noise = noise_of_step(k, &e); /* what the program will have in this step */
        engagement_advance_linear(&ready->cell, step, &e);
        filter_step(&filter, step);
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

/* Head-on the point-mass loop is the linear one: the same guidance on estimates misses as much in both, within the
 * interval of two samples. Up to 10 ms to go, that is: nearer the range is no longer large against the miss, and the
 * unbounded gain of ogl makes something of the difference. */
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
