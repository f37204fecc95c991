/* Quantities that the host draws for each trial: distributions, correlated groups and expressions. Each is compared
 * with the distribution that it gives the miss, in unguided flights and in the single-lag loop. */
#include "validation.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PART "Dispersed quantities"

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: %s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {navigation_gain: 3, %s}\n" \
    "seeker: {blind_time: 10 us}\nscoring: {hit_radius: %s}\n" \
    "%srun: {trials: %llu, seed: %d, step: 25 ms, step_ratio: 16}\n"

/* A scenario with dispersed quantities and the closed distribution of its miss. */
struct dispersed_case {
    const char *claim, *formula, *source, *flight_time, *target, *interceptor, *more;
    double largest; /* largest hit radius, m */
    double (*probability)(double radius, const void *context);
};

static double normal_below(double x) { return 0.5 * erfc(-x / sqrt(2.0)); }

/* P(miss < radius) for a lognormal miss of median 5 m and geometric standard deviation 1.5. */
static double lognormal(double radius, const void *context)
{
    (void)context;
    return normal_below(log(radius / 5.0) / log(1.5));
}

/* P(x < value) for the triangular distribution from -2 m to 8 m with the mode 1 m, and P(|x| < radius). */
static double triangle(double x)
{
    return x <= -2.0  ? 0.0
           : x >= 8.0 ? 1.0
           : x < 1.0  ? (x + 2.0) * (x + 2.0) / 30.0
                      : 1.0 - (8.0 - x) * (8.0 - x) / 70.0;
}
static double triangular(double radius, const void *context)
{
    (void)context;
    return triangle(radius) - triangle(-radius);
}

/* P(miss < radius) for a normal miss of mean 4 m and standard deviation 3 m that is truncated to 1 m to 9 m. */
static double truncated(double radius, const void *context)
{
    (void)context;
    const double low = normal_below(-1.0), high = normal_below(5.0 / 3.0);
    return fmin(fmax((normal_below((radius - 4.0) / 3.0) - low) / (high - low), 0.0), 1.0);
}

/* P(miss < radius) for misses of 1.05 m, 3.05 m and 6.05 m with the weights 1, 2 and 5. */
static double listed(double radius, const void *context)
{
    (void)context;
    return (radius > 1.05 ? 0.125 : 0.0) + (radius > 3.05 ? 0.25 : 0.0) + (radius > 6.05 ? 0.625 : 0.0);
}

/* P(miss < radius) for the miss VM HE tF with VM HE = 4 m/s. The flight time tF is normal with mean 2 s and standard
 * deviation 0.4 s, truncated to 1 s to 2.5 s. */
static double flight_times(double radius, const void *context)
{
    (void)context;
    const double low = normal_below(-2.5), high = normal_below(1.25);
    return fmin(fmax((normal_below((radius / 4.0 - 2.0) / 0.4) - low) / (high - low), 0.0), 1.0);
}

/* P(miss < radius) for the miss nT (tF V)^2/2 with nT = 4 m/s2, V uniform on (0, 1) and tF uniform on (1 s, 3 s). For s
 * = sqrt(2 radius/nT), P(tF V < s) is s ln(3)/2 where s < 1 s. */
static double coupled_start(double radius, const void *context)
{
    (void)context;
    const double s = sqrt(radius / 2.0);
    return s < 1.0 ? 0.5 * s * log(3.0) : s < 3.0 ? 0.5 * (s - 1.0 + s * log(3.0 / s)) : 1.0;
}

/* P(miss < radius) for the miss sqrt(y^2 + z^2) of a bivariate normal whose covariance has the eigenvalues a and b. The
 * density is r/sqrt(a b) exp(-r^2 (1/a + 1/b)/4) I0(r^2 |1/a - 1/b|/4) (Hoyt 1947, Proc. IRE 35, 1404), integrated as a
 * mean over the angle. */
static double correlated(double radius, const void *context)
{
    (void)context;
    const double y = 4.0, z = 2.0, r = 0.75, mean = 0.5 * (y * y + z * z),
                 root = sqrt(mean * mean - y * y * z * z * (1.0 - r * r)), a = mean + root, b = mean - root;
    enum { ANGLES = 2000 };
    double sum = 0.0;
    for (int k = 0; k < ANGLES; k++) {
        const double c = cos((k + 0.5) * TURN / ANGLES), s = sin((k + 0.5) * TURN / ANGLES);
        const double rate = 0.5 * (c * c / a + s * s / b);
        sum += (1.0 - exp(-rate * radius * radius)) / (2.0 * rate);
    }
    return sum * TURN / ANGLES / (TURN * sqrt(a * b));
}

/* P(miss < radius) for the miss sqrt(2) |N(0, 3)| m: one normal displacement in both channels. */
static double copied(double radius, const void *context)
{
    (void)context;
    return 2.0 * normal_below(radius / (3.0 * sqrt(2.0))) - 1.0;
}

/* P(miss < radius) for the miss nT tF^2 e^-x/2 with x = tF/T, T = 0.5 s and tF uniform from 1 s to 4 s. The miss falls
 * from tF = 2 T on; bisection finds the flight time at which it equals the radius. The radii stay below the peak, near
 * which an error of the miss would move that flight time by its square root. */
static double guided(double radius, const void *context)
{
    (void)context;
    double low = 1.0, high = 4.0;
    for (int k = 0; k < 60; k++) {
        const double middle = 0.5 * (low + high);
        if (30.0 * 0.5 * middle * middle * exp(-middle / 0.5) < radius)
            high = middle;
        else
            low = middle;
    }
    return (4.0 - low) / 3.0;
}

/* P(miss < radius) for the miss nT tF^2 e^-x/2 with x = tF/T, nT = 30 m/s2, tF = 2 s and T uniform from 0.2 s to 0.8 s.
 * The miss rises with T. */
static double lagged(double radius, const void *context)
{
    (void)context;
    return fmin(fmax((-2.0 / log(fmax(radius, 1e-9) / 60.0) - 0.2) / 0.6, 0.0), 1.0);
}

#define UNGUIDED "speed: 2 km/s, guidance: none, "

static const struct dispersed_case cases[] = {
    {"displacement lognormal, unguided", "exp N(ln 5, ln 1.5)", "free motion", "2 s", "maneuver: none",
     UNGUIDED "displacement_y: {median: 5 m, geometric_sigma: 1.5}", "", 14.5, lognormal},
    {"displacement triangular, unguided", "|triangular(-2, 1, 8)|", "free motion", "2 s", "maneuver: none",
     UNGUIDED "displacement_z: {from: -2 m, mode: 1 m, to: 8 m}", "", 7.9, triangular},
    {"displacement truncated normal, unguided", "N(4, 3) between 1 and 9", "free motion", "2 s", "maneuver: none",
     UNGUIDED "displacement_y: {mean: 4 m, sigma: 3 m, from: 1 m, to: 9 m}", "", 8.9, truncated},
    {"displacement from a list with weights, unguided", "1/8, 1/4, 5/8", "free motion", "2 s", "maneuver: none",
     UNGUIDED "displacement_y: {values: [1.05 m, 3.05 m, 6.05 m], weights: [1, 2, 5]}", "", 7.25, listed},
    {"flight time truncated normal, unguided heading error", "VM HE tF", "free motion",
     "{mean: 2 s, sigma: 0.4 s, from: 1 s, to: 2.5 s}", "maneuver: none", UNGUIDED "heading_error_y: 0.002 radian", "",
     9.9, flight_times},
    {"speed by the expression of a lognormal key, unguided heading error", "exp N(ln 5, ln 1.5)", "free motion", "2 s",
     "maneuver: none",
     "speed: =(1 km/s)*interceptor.displacement_z/(2 m), guidance: none, heading_error_y: 0.001 radian, "
     "heading_error_z: =interceptor.displacement_z/(interceptor.speed*engagement.flight_time)*1 radian, "
     "displacement_z: {median: 5 m, geometric_sigma: 1.5}",
     "", 14.5, lognormal},
    {"start uniform up to a uniform flight time, unguided", "nT (tF V)^2/2", "free motion", "{from: 1 s, to: 3 s}",
     "maneuver: step, acceleration: 4 m/s2, start: {from: 0 s, to: =engagement.flight_time}",
     "speed: 2 km/s, guidance: none", "", 17.5, coupled_start},
    {"displacements with correlation 0.75, unguided", "generalised Rayleigh (Hoyt)", "bivariate normal", "2 s",
     "maneuver: none", UNGUIDED "displacement_y: {mean: 0 m, sigma: 4 m}, displacement_z: {mean: 0 m, sigma: 2 m}",
     "correlations: [{keys: [interceptor.displacement_y, interceptor.displacement_z], coefficient: 0.75}]\n", 12.0,
     correlated},
    {"one drawn displacement in both channels, unguided", "sqrt(2) |N(0, 3)|", "free motion", "2 s", "maneuver: none",
     UNGUIDED "displacement_y: {mean: 0 m, sigma: 3 m}, displacement_z: =interceptor.displacement_y", "", 12.0, copied},
    {"step, N' = 3, flight time uniform from 1 s to 4 s", "nT tF^2 e^-x/2", "Zarchan, TSMG", "{from: 1 s, to: 4 s}",
     "maneuver: step, acceleration: 30 m/s2", "speed: 2 km/s, autopilot_lag: 0.5 s", "", 1.9, guided},
    {"step, N' = 3, lag uniform from 0.2 s to 0.8 s", "nT tF^2 e^-x/2", "Zarchan, TSMG", "2 s",
     "maneuver: step, acceleration: 30 m/s2", "speed: 2 km/s, autopilot_lag: {from: 0.2 s, to: 0.8 s}", "", 4.9,
     lagged},
};

void dispersed_quantities_have_their_distributions(void **state)
{
    (void)state;
    const uint64_t full = 100000;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const struct dispersed_case *c = &cases[k];
        struct flown flown;
        char radii[1024], claim[160];
        fly(&flown, SCENARIO, c->flight_time, c->target, c->interceptor,
            radius_list(c->largest, 29, radii, sizeof radii), c->more, (unsigned long long)trials_of(full),
            71 + (int)k);
        snprintf(claim, sizeof claim, "%s: whole distribution of the miss", c->claim);
        tail_row(PART, claim, c->formula, c->source, radii_test(&flown, 0, c->probability, NULL), NO_ALLOWANCE);
        flown_free(&flown);
    }
    rows_check();
}
