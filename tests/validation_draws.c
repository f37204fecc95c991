/* The random draws of a trial: means, variances and independence of everything that is drawn. The noise of a step,
 * which stands for white noise by its mean and its slope, must be a straight line over the step. */
#include "validation.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PART "Random draws"
#define CLOSING_SPEED 4000.0
#define GLINT 0.1        /* m2/Hz */
#define ANGLE_NOISE 1e-8 /* rad2/Hz */
#define ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 0.004 radian}, heading_error_z: {mean: 0 degree, sigma: 0.004 radian}, " \
    "displacement_y: {mean: 0 m, sigma: 15 m}, displacement_z: {mean: 0 m, sigma: 15 m}"

/* ---------------------------------------------------------------- independence */

enum { DRAWS = 20, DRAW_TRIALS = 4000 };

/* `noise` has the noise at start, middle and end of a step, `deviation` its standard deviations there. Writes the mean
 * and the slope of their ratio over the step, as coefficients of orthonormal polynomials, which have unit variance for
 * white noise. Returns how far the ratio is from a straight line. */
static double noise_coefficients(const real noise[3], const double deviation[3], double *mean, double *slope)
{
    double v[3];
    for (int node = 0; node < 3; node++)
        v[node] = (double)noise[node] / deviation[node];
    *mean = (v[0] + 4.0 * v[1] + v[2]) / 6.0;
    *slope = sqrt(3.0) * (v[2] - v[0]) / 6.0;
    return fabs(v[0] - 2.0 * v[1] + v[2]);
}

/* Writes all random quantities of one trial into `out`, scaled so that each should have mean 0 and variance 1. Returns
 * how far the noise of a step is from a straight line. */
static double trial_draws(const struct ready *ready, uint32_t trial, double out[DRAWS])
{
    const double uniform = sqrt(12.0);
    double bend = 0.0;
    struct engagement e;
    const struct address address = ready_address(ready, trial, 0);
    const struct handover h = engagement_begin(&ready->cell, address, &e);
    linear_begin(&ready->cell, &h, &e);
    out[0] = (e.target.level - 40.0) / 5.0;
    out[1] = ((double)e.target.start - 1.5) / 3.0 * uniform;
    out[2] = (atan2(e.target.roll_sine, e.target.roll_cosine)) / TURN * uniform;
    out[3] = h.heading_y / 0.004;
    out[4] = h.heading_z / 0.004;
    out[5] = h.displacement_y / 15.0;
    out[6] = h.displacement_z / 15.0;
    for (u32 k = 0; k < 3; k++) {
        const struct schedule_step *step = &ready->steps[k];
        double deviation[3];
        for (int node = 0; node < 3; node++) {
            const double range = CLOSING_SPEED * (double)step->time_to_go[node];
            deviation[node] = sqrt((GLINT / (range * range) + ANGLE_NOISE) / (double)step->step);
        }
        struct engagement copy = e;
        struct loop_input input;
        linear_loop_input(&ready->cell, step, &copy, &input);
        bend = larger(bend, noise_coefficients(input.noise_y, deviation, &out[7 + 4 * k], &out[8 + 4 * k]));
        bend = larger(bend, noise_coefficients(input.noise_z, deviation, &out[9 + 4 * k], &out[10 + 4 * k]));
        engagement_advance_linear(&ready->cell, step, &e);
    }
    const double hit = scored_miss(&ready->cell, &address, 1.0f); /* 1/sqrt(-2 ln u) with the uniform draw u of
                                                                     Carleton's lethality */
    out[19] = (exp(-0.5 / (hit * hit)) - 0.5) * uniform;
    return bend;
}

/* Sums over trials, from which all statistics of the draws are computed. */
struct draw_sums {
    double sum[DRAWS], product[DRAWS][DRAWS], square_product[DRAWS][DRAWS];
};

static void draw_sums_add(struct draw_sums *s, const double draw[DRAWS])
{
    for (int i = 0; i < DRAWS; i++) {
        s->sum[i] += draw[i];
        for (int j = 0; j <= i; j++) {
            s->product[i][j] += draw[i] * draw[j];
            s->square_product[i][j] += (draw[i] * draw[i] - 1.0) * (draw[j] * draw[j] - 1.0);
        }
    }
}

static void draw_row(const char *statistic, const char *formula, double measured, double limit)
{
    char claim[128];
    snprintf(claim, sizeof claim, "20 random quantities of a trial, 4000 trials: %s", statistic);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = formula,
                         .source = "independent draws",
                         .unit = "standard deviations",
                         .measured = measured,
                         .limit = limit});
}

/* Adds rows for the largest of 20 means, of 20 variances, of 190 correlations of the draws and of 190 correlations of
 * their squares, each in standard deviations. */
static void draw_rows(const struct draw_sums *s)
{
    double mean = 0.0, correlation = 0.0, square_correlation = 0.0, variance = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        mean = larger(mean, fabs(s->sum[i]) / sqrt(DRAW_TRIALS));
        variance = larger(variance, fabs(s->product[i][i] / DRAW_TRIALS - 1.0) * sqrt(DRAW_TRIALS / 2.0));
        for (int j = 0; j < i; j++) {
            const double spread = sqrt(s->square_product[i][i] * s->square_product[j][j]); /* 0 for signs, whose squares
                                                                                              are constant */
            const double square = fabs(s->square_product[i][j]);
            correlation = larger(correlation, fabs(s->product[i][j]) / sqrt(DRAW_TRIALS));
            square_correlation = larger(square_correlation, spread > 1.0 ? sqrt(DRAW_TRIALS) * square / spread : 0.0);
        }
    }
    draw_row("means", "0", mean, 5.8);
    draw_row("variances", "1", variance, 5.8);
    draw_row("correlations of all pairs", "0", correlation, 5.8);
    draw_row("correlations of the squares of all pairs", "0", square_correlation, 10.0);
}

static void bend_row(const char *claim, double bend, double limit)
{
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "0, in units of sqrt(density at the range / duration)",
                         .source = "two Legendre polynomials",
                         .unit = "standard deviations",
                         .measured = bend,
                         .limit = limit});
}

/* All draws of a trial have 20 means, 20 variances and 190 correlations, each a Gaussian of unit variance after
 * scaling. Quantities that share a draw would correlate fully. Two normals that share only the random word of their
 * radius would correlate in their squares. Correlations of squares are not quite Gaussian, so that their limit is
 * wider. */
void draws_of_a_trial_are_independent(void **state)
{
    (void)state;
    static struct draw_sums sums;
    struct flown flown;
    double bend = 0.0, draw[DRAWS];
    read_only(&flown, "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
                      "target: {maneuver: step, acceleration: {mean: 40 m/s2, sigma: 5 m/s2}, start: {from: 0 s, to: 3 "
                      "s}, roll: {from: -180 degree, to: 180 degree}}\n"
                      "interceptor: {speed: 2 km/s, seeker_lag: 0.2 s, " ERRORS
                      "}\nseeker: {glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: 1 ms}\n"
                      "scoring: {hit_radius: [1 m], lethality: carleton}\nrun: {trials: 1, seed: 70}\n");
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < DRAW_TRIALS; trial++) {
        bend = larger(bend, trial_draws(&ready, trial, draw));
        draw_sums_add(&sums, draw);
    }
    draw_rows(&sums);
    bend_row("noise of the first steps, 4000 trials: from a straight line over the step", bend, 1e-4);
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- noise of the point-mass kinematics */

/* Returns how far the noise of the next step is from a straight line, with all four kinds of noise. The ranges are
 * those of straight motion, because gravity is the same for both bodies and guidance acts normal to the line of
 * sight. */
static double body_noise_bend(const struct ready *ready, const struct engagement *e, real step)
{
    const struct vector p = e->bodies.position.high, v = relative_velocity(&e->bodies);
    double deviation[3], unused[2];
    struct engagement copy = *e;
    struct frame frame;
    struct loop_input input;
    for (int node = 0; node < 3; node++) {
        const double t = 0.5 * node * (double)step, x = p.x + t * v.x, y = p.y + t * v.y, z = p.z + t * v.z,
                     square = x * x + y * y + z * z;
        deviation[node] = sqrt((GLINT / square + ANGLE_NOISE + 2e-8 * square / 25e6 + 3e-8 * square * square / 625e12)
                               / (double)step);
    }
    point_mass_loop_input(&ready->cell, &copy, step, &frame, &input);
    return larger(noise_coefficients(input.noise_y, deviation, &unused[0], &unused[1]),
                  noise_coefficients(input.noise_z, deviation, &unused[0], &unused[1]));
}

void noise_of_point_mass_scales_with_range(void **state)
{
    (void)state;
    struct flown flown;
    struct engagement e;
    double bend = 0.0;
    read_only(&flown,
              "engagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 30 km}\ntarget: {speed: 2.5 "
              "km/s, flight_path_angle: -30 degree}\n"
              "interceptor: {speed: 2 km/s, flight_path_angle: 20 degree, heading: 160 degree, seeker_lag: 0.2 s}\n"
              "seeker: {glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, semiactive_noise: 2e-8 rad2/Hz, active_noise: "
              "3e-8 rad2/Hz, reference_range: 5 km, blind_time: 1 ms}\n"
              "scoring: {hit_radius: [1 m]}\nrun: {trials: 1}\n");
    struct ready ready = ready_derive(&flown.scenario, 0);
    const struct handover handover = engagement_begin(&ready.cell, ready_address(&ready, 0, 0), &e);
    bodies_begin(&ready.cell, &handover, &e);
    while (e.flying) {
        real step;
        engagement_classify(&ready.cell, &e, &step);
        if (!e.flying)
            break;
        bend = larger(bend, body_noise_bend(&ready, &e, step));
        engagement_advance_point_mass(&ready.cell, &e, step);
    }
    bend_row("noise of all steps of a flight, point-mass: from a straight line over the step", bend, 1e-3);
    free(ready.steps);
    flown_free(&flown);
    rows_check();
}
