/* The Kalman filter. Its covariance and gains are compared with a filter of whole matrices in double precision, and its
 * errors over 1000 trials must be consistent with that covariance. */
#include "validation_estimator.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* ---------------------------------------------------------------- the filter in double precision */

struct filter filter_begin(double acceleration)
{
    struct filter f = {.jerk_density = acceleration * acceleration / FLIGHT_TIME};
    f.p[0][0] = 15.0 * 15.0;
    f.p[1][1] = 2000.0 * 2000.0 * 0.004 * 0.004;
    return f;
}

/* Update by a measurement of the position with the variance r = `variance`: P - P h h' P / (h' P h + r), h = (1, 0,
 * 0). */
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

/* Propagation over h seconds: F P F' plus what the white jerk adds, int_0^h g g' dt with g = (t^2/2, t, 1). Gauss's
 * rule with five points is exact for these polynomials. */
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

/* Returns the variance of the position, m2, that is measured over a step of `h` seconds whose middle is at `range`
 * metres: range^2 times the spectral density of the angle there, over the duration. */
static double measurement_variance(double range, double h) { return (GLINT + ANGLE_NOISE * range * range) / h; }

void reference_filter_step(struct filter *f, const struct schedule_step *s)
{
    filter_propagate(f, 0.5 * (double)s->step);
    filter_update(f, measurement_variance(CLOSING_SPEED * (double)s->time_to_go[1], s->step));
    filter_propagate(f, 0.5 * (double)s->step);
}

/* Returns the largest relative difference between the elements of both covariances after a step of 0.7 s, which is long
 * enough for every term to matter. */
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
        reference_filter_step(&f, s);
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

/* One step with a measurement without noise. The errors of the estimate begin at (1 m, 0.5 m/s, -0.3 m/s2). The kernels
 * spread the measurement over the step; the errors at its end must be those of half a step, a jump by gain times
 * residual and another half step. */
void a_measurement_acts_as_a_jump_in_the_middle_of_its_step(void **state)
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
    measurement_make(&e.homing, &kernel_gain, input.step, ready.steps[0].range, input.noise_y, input.noise_z,
                     input.disturbance_y[1], input.disturbance_z[1], &input.measurement);
    homing_step(&ready.cell, &e.homing, &input, &report);
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

/* Returns e' P^-1 e for the first `n` states of the error e and the covariance P, by Cholesky's factors. */
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

/* Flies one trial and writes the normalised squared error of channel y into `out`, after 1/LOOKS, 2/LOOKS, ... of the
 * steps. `level` is the acceleration of the target in m/s2, `states` how many states of the error count. */
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
        reference_filter_step(&f, s);
        if (k + 1 < ready->cell.schedule_steps * (u32)(look + 1) / LOOKS)
            continue;
        const double truth = states == 3 && s->time[2] >= e.target.start ? level : 0.0;
        const double error[3] = {e.homing.y.error_position, e.homing.y.error_velocity,
                                 e.homing.y.estimate_acceleration - truth};
        out[look++] = normalised_square((const double(*)[3])f.p, error, states);
    }
}

/* Returns the two-sided tail probability of a sum of normalised squares, which has the chi-square distribution with
 * `freedom` degrees of freedom. */
static double band_tail(double sum, double freedom)
{
    const double tail = chi_square_tail(sum, freedom);
    return 2.0 * fmin(tail, 1.0 - tail);
}

/* Returns the smallest tail probability of the LOOKS sums, times LOOKS (Bonferroni). Each normalised square of a sum
 * has `states` degrees of freedom. */
static double smallest_band_tail(const double sum[LOOKS], int states)
{
    double smallest = 1.0;
    for (int k = 0; k < LOOKS; k++)
        smallest = fmin(smallest, LOOKS * band_tail(sum[k], (double)states * CONSISTENCY_TRIALS));
    return smallest;
}

#define STILL_SCENARIO \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, %s}\n" \
    "seeker: {estimator: kalman, estimator_acceleration: 0 m/s2, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, " \
    "blind_time: 1 ms}\nscoring: {hit_radius: [1 m]}\nrun: {trials: 1, seed: 72}\n"

/* Without maneuver all errors are Gaussian, so that a normalised square of two states has the chi-square distribution
 * with two degrees of freedom. At each of the LOOKS instants both the sum over trials and the whole distribution are
 * tested. */
static void still_target_check(void)
{
    struct flown flown;
    double distribution = 1.0, sum[LOOKS] = {0.0}, out[LOOKS], tenths[10];
    uint64_t counts[LOOKS][10] = {{0}};
    read_only(&flown, STILL_SCENARIO, ERRORS);
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        trial_consistency(&ready, trial, 0.0, 2, out);
        for (int k = 0; k < LOOKS; k++) {
            const double below = -expm1(-0.5 * out[k]); /* P(chi-square < out), which is exponential for two degrees of
                                                           freedom */
            sum[k] += out[k];
            counts[k][(int)fmin(10.0 * below, 9.0)]++;
        }
    }
    for (int k = 0; k < 10; k++)
        tenths[k] = 0.1;
    for (int k = 0; k < LOOKS; k++)
        distribution = fmin(distribution, LOOKS * chi_square_test(counts[k], tenths, 10));
    tail_row(PART, "normalised squared errors, no maneuver, 1000 trials, 8 times: sums", "chi-square, 2 a trial",
             "the filter's model holds", smallest_band_tail(sum, 2), 0.0);
    tail_row(PART, "normalised squared errors, no maneuver, 1000 trials, 8 times: distribution",
             "chi-square with 2 degrees of freedom", "the filter's model holds", distribution, 0.0);
    free(ready.steps);
    flown_free(&flown);
}

/* Against a step at a random time the covariance is exact but the errors are not Gaussian. The normalised square of
 * three states has the mean 3 over the trials; its standard error comes from its own spread. Chance takes one of the 8
 * means beyond 5.3 standard errors with the probability 9e-7. */
static void random_start_check(void)
{
    struct flown flown;
    double farthest = 0.0, sum[LOOKS] = {0.0}, square[LOOKS] = {0.0}, out[LOOKS];
    read_only(&flown, SCENARIO, RANDOM_START, ERRORS, 73);
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        trial_consistency(&ready, trial, 40.0, 3, out);
        for (int k = 0; k < LOOKS; k++) {
            sum[k] += out[k];
            square[k] += out[k] * out[k];
        }
    }
    for (int k = 0; k < LOOKS; k++) {
        const double mean = sum[k] / CONSISTENCY_TRIALS, variance = square[k] / CONSISTENCY_TRIALS - mean * mean;
        farthest = larger(farthest, fabs(mean - 3.0) / sqrt(variance / CONSISTENCY_TRIALS));
    }
    row_add((struct row){.part = PART,
                         .claim = "normalised squared errors, random-start step, 1000 trials, 8 times: means",
                         .formula = "3",
                         .source = "second moments of the model hold",
                         .unit = "standard deviations",
                         .measured = farthest,
                         .limit = 5.3});
    free(ready.steps);
    flown_free(&flown);
}

void estimator_errors_lie_in_their_band(void **state)
{
    (void)state;
    still_target_check();
    random_start_check();
    rows_check();
}

/* ---------------------------------------------------------------- a filter that is wrong about its target */

#define WRONG_FILTER \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {" RANDOM_START "}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, " ERRORS "}\n" \
    "seeker: {estimator: kalman, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: 1 ms, %s}\n" \
    "scoring: {hit_radius: [1 m]}\nrun: {trials: 1, seed: 78}\n"

/* Advances two filters by one step. `assumed` is the filter that the program flies, with gains K for a target that it
 * assumes. `actual` holds the covariance A of the errors that these gains make against the true target: F A F' + Q,
 * then (I - K h') A (I - K h')' + K r K' (Joseph's form). */
static void wrong_filter_step(struct filter *assumed, struct filter *actual, const struct schedule_step *s)
{
    const double variance = measurement_variance(CLOSING_SPEED * (double)s->time_to_go[1], s->step);
    double half[3][3];
    filter_propagate(assumed, 0.5 * (double)s->step);
    filter_update(assumed, variance);
    filter_propagate(assumed, 0.5 * (double)s->step);
    filter_propagate(actual, 0.5 * (double)s->step);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            half[i][j] = actual->p[i][j] - assumed->gain[i] * actual->p[0][j];
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            actual->p[i][j] =
                half[i][j] - half[i][0] * assumed->gain[j] + assumed->gain[i] * variance * assumed->gain[j];
    filter_propagate(actual, 0.5 * (double)s->step);
}

/* Flies the filter with the given keys and compares the mean squares of its three errors in channel y with the
 * covariance of wrong_filter_step, at each of the LOOKS instants. Returns the largest distance in standard errors.
 * These come from the spread of the squared errors, because errors against a step at a random time are not Gaussian. */
static double wrong_filter_distance(const char *keys, struct filter assumed)
{
    struct flown flown;
    double sum[LOOKS][3] = {{0.0}}, fourth[LOOKS][3] = {{0.0}}, farthest = 0.0;
    read_only(&flown, WRONG_FILTER, keys);
    struct ready ready = ready_derive(&flown.scenario, 0);
    const u32 steps = ready.cell.schedule_steps;
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        struct engagement e;
        const struct handover handover = engagement_begin(&ready.cell, ready_address(&ready, trial, 0), &e);
        linear_begin(&ready.cell, &handover, &e);
        for (u32 k = 0, look = 0; k < steps && look < LOOKS; k++) {
            engagement_advance_linear(&ready.cell, &ready.steps[k], &e);
            if (k + 1 < steps * (look + 1) / LOOKS)
                continue;
            const double truth = ready.steps[k].time[2] >= e.target.start ? 40.0 : 0.0;
            const double error[3] = {e.homing.y.error_position, e.homing.y.error_velocity,
                                     e.homing.y.estimate_acceleration - truth};
            for (int i = 0; i < 3; i++) {
                sum[look][i] += error[i] * error[i];
                fourth[look][i] += error[i] * error[i] * error[i] * error[i];
            }
            look++;
        }
    }
    struct filter actual = filter_begin(40.0);
    for (u32 k = 0, look = 0; k < steps && look < LOOKS; k++) {
        wrong_filter_step(&assumed, &actual, &ready.steps[k]);
        if (k + 1 < steps * (look + 1) / LOOKS)
            continue;
        for (int i = 0; i < 3; i++) {
            const double mean = sum[look][i] / CONSISTENCY_TRIALS,
                         variance = fourth[look][i] / CONSISTENCY_TRIALS - mean * mean;
            farthest = larger(farthest, fabs(mean - actual.p[i][i]) / sqrt(variance / CONSISTENCY_TRIALS));
        }
        look++;
    }
    free(ready.steps);
    flown_free(&flown);
    return farthest;
}

static void wrong_filter_row(const char *claim, double farthest)
{
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "(I - K h')(F A F' + Q)(I - K h')' + K r K'",
                         .source = "covariance of the linear loop in double precision",
                         .unit = "standard deviations",
                         .measured = farthest,
                         .limit = 5.3});
}

void estimator_errors_follow_the_covariance_of_the_loop(void **state)
{
    (void)state;
    wrong_filter_row("errors of a matched filter, 1000 trials, 8 times: mean squares",
                     wrong_filter_distance("estimator_acceleration: 40 m/s2", filter_begin(40.0)));
    struct filter assumed = filter_begin(10.0);
    wrong_filter_row("errors of a filter that assumes a quarter of the acceleration: mean squares",
                     wrong_filter_distance("estimator_acceleration: 10 m/s2", assumed));
    assumed = filter_begin(40.0);
    assumed.jerk_density = 4000.0;
    assumed.p[0][0] = 30.0 * 30.0;
    assumed.p[1][1] = 2.0 * 2.0;
    assumed.p[2][2] = 20.0 * 20.0;
    wrong_filter_row("errors of a filter with other noise and initial deviations: mean squares",
                     wrong_filter_distance("estimator_process_noise: 4000 m2/s5, estimator_sigma_position: 30 m, "
                                           "estimator_sigma_velocity: 2 m/s, estimator_sigma_acceleration: 20 m/s2",
                                           assumed));
    rows_check();
}

/* Flies one trial of the point-mass kinematics and writes the normalised squared error of channel z into `out`, after
 * 1/(LOOKS + 1), 2/(LOOKS + 1), ... of the flight time. The covariance is that of the flight, which integrates it in
 * every trial; the linear kinematics has it in a table. */
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
    double sum[LOOKS] = {0.0}, out[LOOKS];
    read_only(
        &flown,
        "engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 30 km}\ntarget: {speed: 2.5 km/s, "
        "flight_path_angle: -30 degree}\n"
        "interceptor: {speed: 2 km/s, flight_path_angle: 20 degree, heading: 160 degree, autopilot_lag: 0.3 s, " ERRORS
        "}\n"
        "seeker: {estimator: kalman, estimator_acceleration: 0 m/s2, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, "
        "blind_time: 1 ms}\nscoring: {hit_radius: [1 m]}\nrun: {trials: 1, seed: 77}\n");
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < CONSISTENCY_TRIALS; trial++) {
        body_consistency(&ready, trial, out);
        for (int k = 0; k < LOOKS; k++)
            sum[k] += out[k];
    }
    tail_row(PART, "normalised squared errors, point-mass, no maneuver, 1000 trials, 8 times: sums",
             "chi-square, 2 a trial", "the filter's model holds", smallest_band_tail(sum, 2), 0.0);
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}
