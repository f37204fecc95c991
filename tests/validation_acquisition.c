/* The range and the cone within which the seeker must acquire the target: the number of trials without acquisition
 * against closed forms of the place of the target at the moment at which the seeker looks. The flight after the
 * acquisition is compared in validation_causes.c, validation_samples.c and validation_body.c. */
#include "validation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PART "Acquisition"
#define RADIAN 0.017453292519943295 /* rad in a degree */

/* Adds a row that compares the trials that were not acquired with a binomial distribution of chance `expected`. The
 * tail is that of a Gaussian, for which at least a hundred trials are expected on either side. */
static void not_acquired_row(const char *claim, const char *formula, const char *source, const struct flown *flown,
                             double expected)
{
    const double trials = (double)cell_word(flown, 0, ZEM_TALLY_TRIALS),
                 lost = (double)cell_word(flown, 0, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_ACQUIRED);
    const double sigmas = (lost - trials * expected) / sqrt(trials * expected * (1.0 - expected));
    tail_row(PART, claim, formula, source, erfc(fabs(sigmas) / sqrt(2.0)), NO_ALLOWANCE);
}

/* In linear kinematics the seeker looks at the distance y from the nominal line of sight and at the range R. It
 * acquires if |y| <= R tan a. Displacements are normal in both channels, so |y| has a Rayleigh distribution. A heading
 * error e moves the interceptor by VM e t until the time t of the look. */
void trials_outside_the_cone_are_not_acquired(void **state)
{
    (void)state;
    static const char scenario[] = "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n"
                                   "target: {%s}\ninterceptor: {speed: 2 km/s, autopilot_lag: 0.2 s, %s}\n"
                                   "seeker: {acquisition_angle: %g degree%s}\nscoring: {hit_radius: [1 km]}\n"
                                   "run: {trials: %llu, seed: %d}\n";
    struct flown flown;
    const unsigned long long trials = trials_of(200000);
    fly(&flown, scenario, "maneuver: none",
        "displacement_y: {mean: 0 m, sigma: 20 m}, displacement_z: {mean: 0 m, sigma: 20 m}", 0.2, "", trials, 61);
    not_acquired_row("normal displacements, looking at start of homing", "exp(-(R tan a)^2/(2 s^2))", "Rayleigh",
                     &flown, exp(-pow(12000.0 * tan(0.2 * RADIAN) / 20.0, 2) / 2.0));
    flown_free(&flown);
    fly(&flown, scenario, "maneuver: none", "heading_error_y: {mean: 0 radian, sigma: 0.01 radian}", 0.3,
        ", acquisition_range: 5 km", trials, 62);
    not_acquired_row("normal heading errors, looking at 5 km", "erfc(R tan a/(sqrt(2) s VM t))", "free motion", &flown,
                     erfc(5000.0 * tan(0.3 * RADIAN) / (sqrt(2.0) * 0.01 * 2000.0 * 1.75)));
    flown_free(&flown);
    fly(&flown, scenario, "maneuver: step, acceleration: {from: -60 m/s2, to: 60 m/s2}", "displacement_y: 5 m", 0.5,
        ", acquisition_range: 4 km", trials, 63);
    const double reach = 4000.0 * tan(0.5 * RADIAN), half = 0.5 * 2.0 * 2.0;
    not_acquired_row("uniform maneuver levels, looking at 4 km", "1 - R tan a/(A t^2/2)", "free motion", &flown,
                     1.0 - ((reach - 5.0) / half + (reach + 5.0) / half) / 120.0);
    flown_free(&flown);
    fly(&flown, scenario, "maneuver: none", "displacement_y: 30 m", 0.5,
        ", acquisition_range: {values: [1 km, 3 km, 8 km], weights: [1, 2, 5]}", trials, 64);
    not_acquired_row("drawn ranges of acquisition, 30 m aside", "share of ranges below 30 m/tan a", "definition",
                     &flown, 3.0 / 8.0);
    flown_free(&flown);
    rows_check();
}

/* Two bodies without drag, of which gravity changes only the sum. The relative position moves on a straight line, which
 * a heading error e turns. Returns the angle (rad) between the line of sight and its direction at the start when the
 * range has fallen to `range` (m). The bodies fly head-on for `time` (s) with the given speeds (m/s). */
static double angle_aside(double e, double range, double time, double target_speed, double speed)
{
    const double start = (target_speed + speed) * time, along = target_speed + speed * cos(e), aside = speed * sin(e);
    double t = 0.0, far = time; /* bisection: the range falls until nearly the end */
    for (int k = 0; k < 100; k++) {
        const double middle = 0.5 * (t + far), left = start - along * middle;
        *(hypot(left, aside * middle) > range ? &t : &far) = middle;
    }
    return atan2(aside * t, start - along * t);
}

/* In point-mass kinematics the seeker looks along the nominal line of sight at start of homing. At the start the target
 * is acquired if the displacement is below R tan a = 314.19 m. Later a heading error, drawn uniformly, turns the line
 * of sight; the error at which it reaches the edge of the cone follows from the straight relative motion. */
void point_mass_looks_along_the_nominal_line(void **state)
{
    (void)state;
    static const struct {
        const char *claim;
        double range, displacement, lost; /* m, m, share of trials; negative: by the straight relative motion */
    } cases[] = {{"point-mass, looking at start of homing, displacement R tan a - 0.2 m", 1e9, 314.0, 0.0},
                 {"point-mass, looking at start of homing, displacement R tan a + 0.2 m", 1e9, 314.4, 1.0},
                 {"point-mass, uniform heading errors, looking at 9 km", 9000.0, 0.0, -1.0},
                 {"point-mass, uniform heading errors, looking at 3 km", 3000.0, 0.0, -1.0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct flown flown;
        double inside = 0.0, outside = 0.1;
        fly(&flown,
            "engagement: {kinematics: point-mass, flight_time: 4 s, intercept_altitude: 20 km}\n"
            "target: {speed: 2.5 km/s, flight_path_angle: 0 degree}\n"
            "interceptor: {speed: 2 km/s, flight_path_angle: 0 degree, heading_error_y: {from: -0.1 radian, to: 0.1 "
            "radian}, displacement_z: %g m}\n"
            "seeker: {acquisition_angle: 1 degree, acquisition_range: %g m}\nscoring: {hit_radius: [1 km]}\n"
            "run: {trials: %llu, seed: %zu}\n",
            cases[k].displacement, cases[k].range, (unsigned long long)trials_of(200000), 65 + k);
        for (int half = 0; half < 60; half++) {
            const double middle = 0.5 * (inside + outside);
            *(angle_aside(middle, cases[k].range, 4.0, 2500.0, 2000.0) < RADIAN ? &inside : &outside) = middle;
        }
        const double lost = (double)cell_word(&flown, 0, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_ACQUIRED),
                     trials = (double)cell_word(&flown, 0, ZEM_TALLY_TRIALS);
        if (cases[k].lost < 0.0)
            not_acquired_row(cases[k].claim, "1 - e/e_max at the edge of the cone", "straight relative motion", &flown,
                             1.0 - inside / 0.1);
        else
            named_row(PART, cases[k].claim, "", cases[k].lost > 0.0 ? "none acquired" : "all acquired", "definition",
                      "trials that end otherwise", fabs(lost - trials * cases[k].lost), 0.0);
        flown_free(&flown);
    }
    rows_check();
}

/* A coast of a target that does not maneuver, without errors, and a late acquisition on a collision course, must end in
 * a hit; a range that is reached in the blind time only comes too late. */
void acquisition_happens_once_and_in_time(void **state)
{
    (void)state;
    static const struct {
        const char *claim, *kinematics, *bodies, *range;
        double lost;
    } cases[] = {
        {"linear, looking at 5 m, 0.25 ms before the blind time", "linear, closing_speed: 4 km/s", "", "5 m", 0.0},
        {"linear, looking at 1 m, within the blind time", "linear, closing_speed: 4 km/s", "", "1 m", 100.0},
        {"point-mass, looking at 20 m", "point-mass, intercept_altitude: 20 km", ", flight_path_angle: 0 degree",
         "20 m", 0.0},
        {"point-mass, looking at 1 m, within the blind time", "point-mass, intercept_altitude: 20 km",
         ", flight_path_angle: 0 degree", "1 m", 100.0}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct flown flown;
        const char *body = cases[k].bodies;
        fly(&flown,
            "engagement: {kinematics: %s, flight_time: 3 s}\n%s%s%s"
            "interceptor: {speed: 2 km/s%s}\nseeker: {acquisition_range: %s}\nscoring: {hit_radius: [0.1 m]}\n"
            "run: {trials: 100}\n",
            cases[k].kinematics, *body ? "target: {speed: 2 km/s" : "", body, *body ? "}\n" : "", body, cases[k].range);
        const double lost = (double)cell_word(&flown, 0, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_ACQUIRED),
                     hits = 100.0 * cell_hit_fraction(&flown, 0, 0);
        named_row(PART, cases[k].claim, "", "all acquired and hit, or none", "definition",
                  "trials of 100 that end otherwise", fabs(lost - cases[k].lost) + fabs(hits - (100.0 - cases[k].lost)),
                  0.0);
        flown_free(&flown);
    }
    rows_check();
}
