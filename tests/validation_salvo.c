/* Scoring and salvos: hits by Carleton's lethality, hits of independent shots, hits of shots that share conditions, and
 * what all shots of a salvo share. */
#include "validation.h"
#include "validation_kernel.h"
#include "validation_reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PART "Scoring and salvos"

/* An interceptor of one lag T with N' = 3 and a flight time of 1 T. Its miss is nT T^2 e^-1 / 2 for a step and -VM HE T
 * e^-1 / 2 for a heading error. With heading errors of standard deviation SIGMA_HEADING in both channels the miss
 * vector is Gaussian about the bias that the step gives. */
#define LAG 0.5
#define SIGMA_HEADING 0.0075
#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, navigation_gain: 3, autopilot_lag: 0.5 s, %s}\n" \
    "seeker: {blind_time: 10 us}\n" \
    "salvo: {shots: %d}\n" \
    "scoring: {hit_radius: %s, lethality: %s}\n" \
    "run: {trials: %llu, seed: %d, step_ratio: 16}\n"
#define GAUSSIAN_ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 0.0075 radian}, heading_error_z: {mean: 0 degree, sigma: 0.0075 radian}"

static double response(void) { return LAG * exp(-1.0) / 2.0; }
static double sigma(void) { return 2000.0 * SIGMA_HEADING * response(); }

static double carleton(double radius, const void *context)
{
    const double s = *(const double *)context;
    return radius * radius / (radius * radius + s * s);
}

void carleton_hits_follow_the_closed_form(void **state)
{
    (void)state;
    const double s = sigma();
    char radii[1024];
    struct flown flown;
    fly(&flown, SCENARIO, "maneuver: none", GAUSSIAN_ERRORS, 1, radius_list(6.0 * s, 32, radii, sizeof radii),
        "carleton", (unsigned long long)trials_of(400000), 61);
    tail_row(PART, "Carleton, Gaussian miss: hits at 32 radii together", "a^2/(a^2 + s^2)", "mean of exp(-m^2/2a^2)",
             radii_test(&flown, 0, carleton, &s), NO_ALLOWANCE);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- independent shots */

static double choose_count(int n, int k) { return round(exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0))); }

/* Returns the tail probability of the number of hits in a salvo, within the radius of index `radius`, when
 * `probabilities`[k] is the probability of k hits. */
static double salvo_tail(const struct flown *flown, size_t radius, const double *probabilities)
{
    const size_t radii = flown->scenario.radius_count, shots = (size_t)flown->scenario.value[ZEM_KEY_SHOTS].integer;
    uint64_t counts[ZEM_SHOTS_LIMIT + 1];
    for (size_t k = 0; k <= shots; k++)
        counts[k] = cell_word(flown, 0, ZEM_TALLY_SALVO(radii) + radii * shots + radius * (shots + 1) + k);
    return chi_square_test(counts, probabilities, shots + 1);
}

/* Returns the tail probability of the hits of each single shot, each of which hits with the probability `p`: the
 * smallest over the shots times their number (Bonferroni). */
static double shots_tail(const struct flown *flown, size_t radius, double p)
{
    const size_t radii = flown->scenario.radius_count, shots = (size_t)flown->scenario.value[ZEM_KEY_SHOTS].integer;
    const double probabilities[2] = {p, 1.0 - p};
    double smallest = 1.0;
    for (size_t shot = 0; shot < shots; shot++) {
        const uint64_t hits = cell_word(flown, 0, ZEM_TALLY_SALVO(radii) + radius * shots + shot);
        const uint64_t counts[2] = {hits, cell_word(flown, 0, ZEM_TALLY_TRIALS) - hits};
        smallest = fmin(smallest, chi_square_test(counts, probabilities, 2) * (double)shots);
    }
    return fmin(smallest, 1.0);
}

static void binomial_rows(const struct flown *flown, const char *what, const double *p, int shots)
{
    char claim[128];
    for (size_t radius = 0; radius < flown->scenario.radius_count; radius++) {
        double probabilities[ZEM_SHOTS_LIMIT + 1];
        for (int k = 0; k <= shots; k++)
            probabilities[k] = choose_count(shots, k) * pow(p[radius], k) * pow(1.0 - p[radius], shots - k);
        snprintf(claim, sizeof claim, "%s, %d shots, radius %g m: hits in a salvo", what, shots,
                 flown->scenario.radius[radius]);
        tail_row(PART, claim, "binomial(n, p)", "independent shots", salvo_tail(flown, radius, probabilities),
                 NO_ALLOWANCE);
        snprintf(claim, sizeof claim, "%s, %d shots, radius %g m: hits of every shot", what, shots,
                 flown->scenario.radius[radius]);
        tail_row(PART, claim, "p", "independent shots", shots_tail(flown, radius, p[radius]), NO_ALLOWANCE);
    }
}

/* Every shot draws handover errors, seeker noise and lethality of its own. Each of these three alone makes the shots
 * independent, so that the number of hits in a salvo is binomial. */
void independent_shots_are_binomial(void **state)
{
    (void)state;
    const uint64_t trials = trials_of(200000);
    const double s = sigma(), miss = 30.0 * LAG * response();
    const double handover[2] = {1.0 - exp(-0.5 / (s * s)), 1.0 - exp(-2.0 / (s * s))};
    const double lethality[1] = {exp(-0.5 * miss * miss)};
    const double glint = 33.0 / 16.0 * 0.25 / LAG, noise[1] = {1.0 - exp(-0.5 / glint)};
    struct flown flown;
    fly(&flown, SCENARIO, "maneuver: none", GAUSSIAN_ERRORS, 5, "[1 m, 2 m]", "cookie-cutter",
        (unsigned long long)trials, 62);
    binomial_rows(&flown, "heading errors", handover, 5);
    flown_free(&flown);
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 30 m/s2", "guidance: pn", 4, "[1 m]", "carleton",
        (unsigned long long)trials, 63);
    binomial_rows(&flown, "Carleton draws", lethality, 4);
    flown_free(&flown);
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 10 s, closing_speed: 4 km/s}\n"
        "interceptor: {speed: 2 km/s, navigation_gain: 3, seeker_lag: 0.5 s}\nseeker: {blind_time: 10 us, glint: 0.25 "
        "m2/Hz}\nsalvo: {shots: 3}\n"
        "scoring: {hit_radius: [1 m]}\nrun: {trials: %llu, seed: 64, step: 20 ms, step_ratio: 16}\n",
        (unsigned long long)trials_of(100000));
    binomial_rows(&flown, "glint", noise, 3);
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- shared conditions */

/* Returns P(miss < radius) for a Gaussian miss vector of standard deviation `s` about the bias `bias`, by Simpson's
 * rule over the distance and a mean over the angle (as in validation_random.c). */
static double rice(double radius, double bias, double s)
{
    const int panels = 200, angles = 48;
    double sum = 0.0;
    for (int k = 0; k <= panels; k++) {
        const double x = radius * k / panels;
        double mean = 0.0;
        for (int a = 0; a < angles; a++)
            mean += exp(-0.5 * (x * x + bias * bias - 2.0 * x * bias * cos(TURN * a / angles)) / (s * s)) / angles;
        sum += (k == 0 || k == panels ? 1.0 : k % 2 == 1 ? 4.0 : 2.0) * x * mean;
    }
    return sum * radius / panels / 3.0 / (s * s);
}

/* The target's acceleration is uniform and the same for all shots of a salvo. Given the acceleration the shots are
 * independent; the number of hits is therefore a mixture of binomials over it, which Simpson's rule computes. */
void shared_conditions_follow_the_mixture(void **state)
{
    (void)state;
    enum { SHOTS = 4, PANELS = 200 };
    const double s = sigma(), radius = 1.5;
    double mixture[SHOTS + 1] = {0.0}, mean = 0.0;
    for (int j = 0; j <= PANELS; j++) {
        const double weight = (j == 0 || j == PANELS ? 1.0 : j % 2 == 1 ? 4.0 : 2.0) / (3.0 * PANELS);
        const double p = rice(radius, 80.0 * j / PANELS * LAG * response(), s);
        mean += weight * p;
        for (int k = 0; k <= SHOTS; k++)
            mixture[k] += weight * choose_count(SHOTS, k) * pow(p, k) * pow(1.0 - p, SHOTS - k);
    }
    struct flown flown;
    fly(&flown, SCENARIO,
        "maneuver: step, acceleration: {from: 0 m/s2, to: 80 m/s2}, roll: {from: 0 degree, to: 360 degree}",
        GAUSSIAN_ERRORS, SHOTS, "[1.5 m]", "cookie-cutter", (unsigned long long)trials_of(400000), 65);
    tail_row(PART, "target level shared by four shots: hits in a salvo", "E[binomial(n, p(level))]", "direct integral",
             salvo_tail(&flown, 0, mixture), NO_ALLOWANCE);
    tail_row(PART, "target level shared by four shots: hits of every shot", "E[p(level)]", "direct integral",
             shots_tail(&flown, 0, mean), NO_ALLOWANCE);
    const double trials = (double)cell_word(&flown, 0, ZEM_TALLY_TRIALS);
    const double any = 1.0 - (double)cell_word(&flown, 0, ZEM_TALLY_SALVO(1) + SHOTS) / trials;
    double none = 1.0;
    for (size_t shot = 0; shot < SHOTS; shot++)
        none *= 1.0 - (double)cell_word(&flown, 0, ZEM_TALLY_SALVO(1) + shot) / trials;
    /* Jensen's inequality makes the difference positive. The mixture says how large it is. */
    const double expected = pow(1.0 - mean, SHOTS) < mixture[0] ? mixture[0] - pow(1.0 - mean, SHOTS) : -1.0;
    row_add((struct row){
        .part = PART,
        .claim = "target level shared by four shots: by how much independent shots overstate P(at least one)",
        .formula = "E[(1 - p)^n] - (1 - E[p])^n > 0 (Jensen)",
        .source = "direct integral",
        .unit = "off in probability",
        .measured = fabs(1.0 - none - any - expected),
        .limit = 0.004,
        .chance = 0.01});
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- spacing */

struct wave_shot {
    double level, start, period, phase; /* m/s2, s, s, rad; period 0: a step at `start` */
};

static void shot_acceleration(const void *context, double time, double acceleration[2])
{
    const struct wave_shot *w = context;
    acceleration[0] = w->period > 0.0    ? w->level * sin(TURN * time / w->period + w->phase)
                      : time >= w->start ? w->level
                                         : 0.0;
    acceleration[1] = 0.0;
}

/* Compares three shots 0.3 s apart with the loop flown in double precision. Shot k meets the target 0.3 k seconds
 * further along its maneuver `wave`, which the keys `target` describe. Also compares the counted hits of each shot with
 * its miss. */
static void spacing_check(const char *what, const char *target, const struct wave_shot *wave)
{
    static const double none[2] = {0.0, 0.0};
    const struct loop loop = {
        .law = LAW_PN, .gain = 3.0, .autopilot_lag = 0.5, .stages = 1, .closing_speed = 4000.0, .blind_time = 1e-5};
    struct flown flown;
    char radii[1024], claim[128];
    double worst = 0.0;
    int misplaced = 0;
    fly(&flown,
        "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\ntarget: {%s}\n"
        "interceptor: {speed: 2 km/s, navigation_gain: 3, autopilot_lag: 0.5 s}\nseeker: {blind_time: 10 us}\nsalvo: "
        "{shots: 3, spacing: 0.3 s}\n"
        "scoring: {hit_radius: %s}\nrun: {trials: 1, step: 10 ms}\n",
        target, radius_list(4.0, 32, radii, sizeof radii));
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t shot = 0; shot < 3; shot++) {
        struct wave_shot moved = *wave;
        moved.start -= 0.3 * shot;
        moved.phase += moved.period > 0.0 ? TURN * 0.3 * shot / moved.period : 0.0;
        const double miss = engagement_fly(&ready.cell, ready.steps, ready_address(&ready, 0, shot)).miss;
        worst = larger(worst, fabs(miss - loop_fly(&loop, 3.0, none, none, shot_acceleration, &moved).miss));
        for (size_t radius = 0; radius < 32; radius++)
            misplaced +=
                cell_word(&flown, 0, ZEM_TALLY_SALVO(32) + radius * 3 + shot) != (miss < flown.scenario.radius[radius]);
    }
    snprintf(claim, sizeof claim, "three shots 0.3 s apart against %s: miss of each", what);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "loop in double precision, target k spacing further along",
                         .source = "derived in the test",
                         .unit = "m",
                         .measured = worst,
                         .limit = 0.01});
    snprintf(claim, sizeof claim, "three shots 0.3 s apart against %s: hits counted at 32 radii", what);
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "miss of that shot < R",
                         .source = "definition",
                         .unit = "wrong counts",
                         .measured = misplaced,
                         .limit = 0.0});
    free(ready.steps);
    flown_free(&flown);
}

/* Writes the acceleration of a telegraph, as shot `shot` sees it, into `seen`: its means over steps of 10 ms. */
static void telegraph_seen(const struct ready *ready, uint32_t trial, uint32_t shot, size_t steps, double *seen)
{
    struct engagement e;
    const struct address address = ready_address(ready, trial, shot);
    engagement_begin(&ready->cell, address, &e);
    for (size_t k = 0; k < steps; k++) {
        const float begin = 0.01f * (float)k, time[3] = {begin, begin + 0.005f, begin + 0.01f};
        const struct maneuver m = target_maneuver(&ready->cell, &address, &e.target, time, 0.01f, 0.0f);
        seen[k] = (m.in_plane[0] + 4.0 * m.in_plane[1] + m.in_plane[2]) / 6.0; /* mean over the step */
    }
}

/* Both shots meet the same telegraph. The second shot, 0.5 s later, must see from its start what the first shot saw
 * from 0.5 s on. */
static void telegraph_sharing_check(void)
{
    enum { STEPS = 250, LATER = 50, TRIALS = 200 };
    static double first[STEPS], second[STEPS];
    double worst = 0.0;
    struct flown flown;
    read_only(&flown, "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\ntarget: {maneuver: "
                      "telegraph, acceleration: 30 m/s2, switching_rate: 2 Hz}\n"
                      "interceptor: {speed: 2 km/s, autopilot_lag: 0.5 s}\nsalvo: {shots: 2, spacing: 0.5 s}\nscoring: "
                      "{hit_radius: [1 m]}\nrun: {trials: 1}\n");
    struct ready ready = ready_derive(&flown.scenario, 0);
    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        telegraph_seen(&ready, trial, 0, STEPS, first);
        telegraph_seen(&ready, trial, 1, STEPS, second);
        for (size_t k = LATER; k < STEPS; k++)
            worst = larger(worst, fabs(first[k] - second[k - LATER]));
    }
    row_add((struct row){.part = PART,
                         .claim = "a telegraph seen by two shots 0.5 s apart, 200 trials: largest difference",
                         .formula = "0",
                         .source = "one realisation",
                         .unit = "m/s2",
                         .measured = worst,
                         .limit = 0.01});
    free(ready.steps);
    flown_free(&flown);
}

/* A reversal inside a step acts at its own time. The values at start, middle and end of the step give the right
 * velocity and position at its end. The miss of an unguided flight is therefore the same with steps of 100 ms and of 1
 * ms. */
static void telegraph_integral_check(void)
{
    static const char *const steps[2] = {"100 ms", "1 ms"};
    double worst = 0.0;
    struct flown flown[2];
    struct ready ready[2];
    for (int k = 0; k < 2; k++) {
        read_only(
            &flown[k],
            "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\ntarget: {maneuver: telegraph, "
            "acceleration: 30 m/s2, switching_rate: 4 Hz}\n"
            "interceptor: {speed: 2 km/s, guidance: none}\nscoring: {hit_radius: [1 m]}\nrun: {trials: 1, step: %s}\n",
            steps[k]);
        ready[k] = ready_derive(&flown[k].scenario, 0);
    }
    for (uint32_t trial = 0; trial < 100; trial++) {
        const double coarse = engagement_fly(&ready[0].cell, ready[0].steps, ready_address(&ready[0], trial, 0)).miss;
        worst = larger(
            worst,
            fabs(coarse
                 - (double)engagement_fly(&ready[1].cell, ready[1].steps, ready_address(&ready[1], trial, 0)).miss));
    }
    row_add((struct row){
        .part = PART,
        .claim =
            "a telegraph of 4 reversals a second, unguided, steps of 100 ms against 1 ms: worst miss of 100 trials",
        .formula = "equal",
        .source = "exact integrals of a switched level",
        .unit = "m",
        .measured = worst,
        .limit = 0.01});
    for (int k = 0; k < 2; k++) {
        free(ready[k].steps);
        flown_free(&flown[k]);
    }
}

void shots_of_a_salvo_share_the_target(void **state)
{
    (void)state;
    spacing_check("a weave", "maneuver: weave, acceleration: 50 m/s2, period: 2.3 s, phase: 20 degree",
                  &(struct wave_shot){.level = 50.0, .period = 2.3, .phase = 20.0 / 360.0 * TURN});
    spacing_check("a step from 1.5 s", "maneuver: step, acceleration: 50 m/s2, start: 1.5 s",
                  &(struct wave_shot){.level = 50.0, .start = 1.5});
    telegraph_sharing_check();
    telegraph_integral_check();
    rows_check();
}
