/* Random misses of the linear kinematics: noise, Gaussian errors and random phases, compared in mean square and as
 * whole distributions. A distribution is judged by the chi-square test of the counts between up to 32 hit radii. */
#include "validation.h"
#include "validation_reference.h"

#include "base/kernel_types.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PART "Random causes"
#define LAG 0.5
#define CLOSING_SPEED 4000.0

/* Adds a row for the relative error of an rms miss, in %. `spread` is the standard deviation of the rms times
 * sqrt(trials)/rms; it is 1/2 for a Gaussian miss vector with two equal variances. */
static void rms_row(const char *claim, const char *formula, const char *source, double rms, double expected,
                    double limit, double spread, uint64_t full)
{
    const double chance = 100.0 * FALSE_ALARM_SIGMA * spread / sqrt((double)trials_of(full));
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = formula,
                         .source = source,
                         .unit = "%",
                         .measured = 100.0 * fabs(rms / expected - 1.0),
                         .limit = limit,
                         .chance = chance});
}

/* ---------------------------------------------------------------- noise */

#define NOISE_SCENARIO \
    "engagement: {kinematics: linear, flight_time: %g s, closing_speed: 4 km/s}\n" \
    "interceptor: {speed: 2 km/s, guidance: pn, %s}\n" \
    "seeker: {blind_time: 10 us, %s}\n" \
    "scoring: {hit_radius: %s}\n" \
    "sweep: [{parameter: interceptor.navigation_gain, values: [%s]}]\n" \
    "run: {trials: %llu, seed: %d%s}\n"

/* The kinds of noise in the order of the adjoint's mean squares. Each has a spectral density Phi that gives misses of
 * metres, and the power n of the range with which the density of the angle grows. */
static const struct noise_kind {
    const char *name, *keys, *formula;
    double density, power; /* Phi/Rref^n, or Phi without a reference range; n */
} noise_kinds[4] = {
    {"glint", "glint: 1 m2/Hz", "K sqrt(Phi/T)", 1.0, -2.0},
    {"range-independent noise", "angle_noise: 1e-8 rad2/Hz", "K Vc sqrt(T Phi)", 1e-8, 0.0},
    {"semi-active noise", "semiactive_noise: 1e-8 rad2/Hz, reference_range: 5 km", "K Vc^2 T^1.5 sqrt(Phi)/Rref",
     1e-8 / 25e6, 2.0},
    {"active noise", "active_noise: 1e-8 rad2/Hz, reference_range: 5 km", "K Vc^3 T^2.5 sqrt(Phi)/Rref^2",
     1e-8 / 625e12, 4.0},
};

/* Returns K^2 for N' = 3, 4 or 5, where K is the constant of the formulas in `noise_kinds`. P is the polynomial of the
 * displacement miss e^-x P(x). A unit impulse of angle noise at the time to go x T then gives the miss Vc x e^-x q(x)
 * with q = P' - P. For noise that grows as R^n, K^2 = int x^m e^-2x q^2 dx with m = n + 2, which is integrated term by
 * term by int x^m e^-2x dx = m!/2^(m+1). */
static double noise_constant(int gain, int power)
{
    static const double P[3][5] = {
        {1.0, -2.0, 0.5}, {1.0, -3.0, 1.5, -1.0 / 6.0}, {1.0, -4.0, 3.0, -2.0 / 3.0, 1.0 / 24.0}};
    double q[5], sum = 0.0;
    for (int k = 0; k < 5; k++)
        q[k] = (k < 4 ? (k + 1) * P[gain - 3][k + 1] : 0.0) - P[gain - 3][k];
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 5; j++)
            sum += q[i] * q[j] * tgamma(i + j + power + 3.0) / pow(2.0, i + j + power + 3.0);
    return sum;
}

/* Compares the constants of noise_constant with the published ones, which are exact rationals. */
static void noise_constants_check(void)
{
    static const double published[3][3] = {{33.0 / 16, 93.0 / 32, 965.0 / 256},
                                           {9.0 / 32, 5.0 / 16, 175.0 / 512},
                                           {675.0 / 32, 675.0 / 32, 22725.0 / 1024}};
    static const int power[3] = {-2, 0, 4};
    double worst = 0.0;
    for (int kind = 0; kind < 3; kind++)
        for (int gain = 3; gain <= 5; gain++)
            worst = larger(worst, fabs(noise_constant(gain, power[kind]) / published[kind][gain - 3] - 1.0));
    row_add((struct row){.part = PART,
                         .claim = "noise constants K^2 by polynomial algebra",
                         .formula = "33/16, 93/32, 965/256; 9/32, 5/16, 175/512; 675/32, 675/32, 22725/1024",
                         .source = "Zarchan, TSMG, ch. 3",
                         .unit = "relative",
                         .measured = worst,
                         .limit = 1e-12});
}

void noise_miss_follows_the_closed_forms(void **state)
{
    (void)state;
    const uint64_t full = 1000000;
    noise_constants_check();
    for (size_t kind = 0; kind < 4; kind++) {
        const struct noise_kind *noise = &noise_kinds[kind];
        struct flown flown;
        fly(&flown, NOISE_SCENARIO, 10.0, "seeker_lag: 0.5 s", noise->keys, "[1 m]", "3, 4, 5",
            (unsigned long long)trials_of(full), 11 + (int)kind, "");
        for (int gain = 3; gain <= 5; gain++) {
            /* both channels have independent noise, so that the rms miss is sqrt(2) times that of one channel */
            const double scale = pow(CLOSING_SPEED, noise->power + 2.0) * pow(LAG, noise->power + 1.0) * noise->density;
            const double one = sqrt(noise_constant(gain, (int)noise->power) * scale);
            char claim[96];
            snprintf(claim, sizeof claim, "%s, N' = %d, 20 T: rms of one channel", noise->name, gain);
            rms_row(claim, noise->formula, kind == 2 ? "derived in the test" : "Zarchan, TSMG, ch. 3",
                    cell_miss_rms(&flown, (uint64_t)gain - 3) / sqrt(2.0), one, 1.0, 0.5, full);
        }
        flown_free(&flown);
    }
    rows_check();
}

void noise_of_the_binomial_system_follows_the_adjoint(void **state)
{
    (void)state;
    const uint64_t full = 200000;
    static const double gains[2] = {4.0, 3.5};
    struct adjoint adjoint[2];
    for (int k = 0; k < 2; k++) {
        const struct loop loop = {.gain = gains[k],
                                  .seeker_lag = 0.1,
                                  .filter_lag = 0.1,
                                  .autopilot_lag = 0.3,
                                  .stages = 3,
                                  .closing_speed = CLOSING_SPEED};
        adjoint_integrate(&loop, 6.0, 0.0, &adjoint[k]);
    }
    for (size_t kind = 0; kind < 4; kind++) {
        struct flown flown;
        fly(&flown, NOISE_SCENARIO, 6.0,
            "seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s, autopilot_order: 3", noise_kinds[kind].keys,
            "[1 m]", "4, 3.5", (unsigned long long)trials_of(full), 21 + (int)kind, "");
        for (uint64_t k = 0; k < 2; k++) {
            const struct response r = adjoint_at(&adjoint[k], 6.0);
            const double squares[4] = {r.glint, r.angle_noise, r.semiactive, r.active};
            char claim[96];
            snprintf(claim, sizeof claim, "%s, fifth-order binomial, N' = %g, 12 T: rms of one channel",
                     noise_kinds[kind].name, gains[k]);
            rms_row(claim, "adjoint integration", "derived in the test", cell_miss_rms(&flown, k) / sqrt(2.0),
                    sqrt(squares[kind] * noise_kinds[kind].density), 1.0, 0.5, full);
        }
        flown_free(&flown);
    }
    adjoint_free(&adjoint[0]);
    adjoint_free(&adjoint[1]);
    rows_check();
}

/* In a head-on engagement without maneuver the closing speed is constant, so the point-mass loop equals the linear one.
 * The closed forms of `noise_kinds` must hold here too, with Vc = 5 km/s and T = 0.25 s. */
void noise_of_point_mass_follows_the_closed_forms(void **state)
{
    (void)state;
    const uint64_t full = 200000;
    const double lag = 0.25, closing_speed = 5000.0;
    for (size_t kind = 0; kind < 4; kind++) {
        const struct noise_kind *noise = &noise_kinds[kind];
        struct flown flown;
        char claim[96];
        fly(&flown,
            "engagement: {kinematics: point-mass, flight_time: 5 s, intercept_altitude: 60 km}\ntarget: {speed: 3 "
            "km/s, flight_path_angle: 0 degree}\n"
            "interceptor: {speed: 2 km/s, flight_path_angle: 0 degree, navigation_gain: 4, seeker_lag: 0.25 "
            "s}\nseeker: {blind_time: 10 us, %s}\n"
            "scoring: {hit_radius: [1 m]}\nrun: {trials: %llu, seed: %d}\n",
            noise->keys, (unsigned long long)trials_of(full), 15 + (int)kind);
        const double scale = pow(closing_speed, noise->power + 2.0) * pow(lag, noise->power + 1.0) * noise->density;
        snprintf(claim, sizeof claim, "point-mass, head-on: %s, N' = 4, 20 T: rms of one channel", noise->name);
        rms_row(claim, noise->formula, "the linear closed form", cell_miss_rms(&flown, 0) / sqrt(2.0),
                sqrt(noise_constant(4, (int)noise->power) * scale), 1.0, 0.5, full);
        flown_free(&flown);
    }
    rows_check();
}

/* ---------------------------------------------------------------- Gaussian misses */

static double rayleigh(double radius, const void *context)
{
    const double sigma = *(const double *)context;
    return -expm1(-0.5 * radius * radius / (sigma * sigma));
}

/* Steps so short that their error in the deviation is far below what the test can see. */
#define FINE ", step: 20 ms, step_ratio: 16"

void glint_in_both_channels_is_rayleigh(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    const double sigma = sqrt(noise_constant(4, -2) / LAG);
    char radii[1024];
    struct flown flown;
    fly(&flown, NOISE_SCENARIO, 10.0, "seeker_lag: 0.5 s", "glint: 1 m2/Hz",
        radius_list(4.0 * sigma, 32, radii, sizeof radii), "4", (unsigned long long)trials_of(full), 31, FINE);
    tail_row(PART, "glint in both channels: whole distribution of the miss", "1 - exp(-R^2 / 2 sigma^2) (Rayleigh)",
             "two independent Gaussians", radii_test(&flown, 0, rayleigh, &sigma), NO_ALLOWANCE);
    flown_free(&flown);
    rows_check();
}

/* Parameters of Rice's distribution, and P(miss < radius) for the miss vector (b + s g1, s g2), g1 and g2 standard
 * normal. The density r/s^2 exp(-(r^2 + b^2)/2s^2) I0(r b/s^2) is integrated by Simpson's rule, with I0 as an integral
 * over the angle. */
struct rice {
    double bias, sigma;
};
static double rice(double radius, const void *context)
{
    const struct rice *r = context;
    const int panels = 400, angles = 64;
    double sum = 0.0;
    for (int k = 0; k <= panels; k++) {
        const double x = radius * k / panels;
        double mean = 0.0; /* mean over a of exp(-((x cos a - b)^2 + (x sin a)^2)/2s^2), exact as it is periodic */
        for (int a = 0; a < angles; a++)
            mean += exp(-0.5 * (x * x + r->bias * r->bias - 2.0 * x * r->bias * cos(TURN * a / angles))
                        / (r->sigma * r->sigma))
                    / angles;
        sum += (k == 0 || k == panels ? 1.0 : k % 2 == 1 ? 4.0 : 2.0) * x * mean;
    }
    return sum * radius / panels / 3.0 / (r->sigma * r->sigma);
}

void gaussian_miss_with_bias_is_rice(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    const double response = LAG * exp(-1.0) * 0.5; /* T e^-x (x - x^2/2) for N' = 3 at x = 1 */
    const struct rice expected = {30.0 * LAG * LAG * exp(-1.0) * 0.5, 2000.0 * 0.0075 * response};
    char radii[1024];
    struct flown flown;
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 4 km/s}\n"
        "target: {maneuver: step, acceleration: 30 m/s2, roll: 200 degree}\n"
        "interceptor: {speed: 2 km/s, navigation_gain: 3, autopilot_lag: 0.5 s, heading_error_y: {mean: 0 degree, "
        "sigma: 0.0075 radian}, heading_error_z: {mean: 0 degree, sigma: 0.0075 radian}}\n"
        "seeker: {blind_time: 10 us}\nscoring: {hit_radius: %s}\nrun: {trials: %llu, seed: 32, step_ratio: 16}\n",
        radius_list(expected.bias + 4.0 * expected.sigma, 32, radii, sizeof radii),
        (unsigned long long)trials_of(full));
    tail_row(PART, "step and normal heading errors: whole distribution of the miss", "1 - Q1(b/s, R/s) (Rice)",
             "two Gaussians about a bias", radii_test(&flown, 0, rice, &expected), NO_ALLOWANCE);
    flown_free(&flown);
    rows_check();
}

static double arcsine(double radius, const void *context)
{
    const double share = radius / *(const double *)context;
    return share < 1.0 ? 4.0 / TURN * asin(share) : 1.0;
}

void weave_of_random_phase_is_arcsine(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    const double w = TURN / 2.0 * LAG, amplitude = 50.0 * LAG * LAG * w * w / pow(1.0 + w * w, 2.0);
    char radii[1024];
    struct flown flown;
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 10 s, closing_speed: 4 km/s}\n"
        "target: {maneuver: weave, acceleration: 50 m/s2, period: 2 s, phase: {from: 0 degree, to: 360 degree}}\n"
        "interceptor: {speed: 2 km/s, navigation_gain: 4, autopilot_lag: 0.5 s}\n"
        "seeker: {blind_time: 10 us}\nscoring: {hit_radius: %s}\nrun: {trials: %llu, seed: 33" FINE "}\n",
        radius_list(0.96 * amplitude, 24, radii, sizeof radii), (unsigned long long)trials_of(full));
    rms_row("weave of uniform phase: rms", "amplitude/sqrt 2", "Ohlmeyer, JGCD 19(3), 1996", cell_miss_rms(&flown, 0),
            amplitude / sqrt(2.0), 0.5, 0.36, full);
    tail_row(PART, "weave of uniform phase: whole distribution of the miss", "(2/pi) asin(R/amplitude)",
             "sine of a uniform angle", radii_test(&flown, 0, arcsine, &amplitude), NO_ALLOWANCE);
    flown_free(&flown);
    rows_check();
}
