/* Random maneuvers. Steps with a random start and telegraphs are compared with integrals over the adjoint's responses.
 * Every quantity that is drawn per trial is compared with the distribution that it gives the miss of an unguided
 * flight. */
#include "validation.h"
#include "validation_reference.h"

#include "base/kernel_types.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PART "Random maneuvers"

/* The single-lag interceptor of this file, N' = 3, T = 0.5 s. */
static const struct loop interceptor = {.gain = 3.0, .autopilot_lag = 0.5, .stages = 1, .closing_speed = 4000.0};

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: %g s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, navigation_gain: 3, %s}\n" \
    "seeker: {blind_time: 10 us}\nscoring: {hit_radius: %s}\n" \
    "%srun: {trials: %llu, seed: %d, step: 25 ms, step_ratio: 16}\n"

/* ---------------------------------------------------------------- random start */

/* A step that starts at the time to go tau gives the miss nT M(tau), where M is the adjoint's response to a step. The
 * start is uniform. */
struct start_case {
    const struct adjoint *adjoint;
    double level, early, flight_time, late; /* starts from -early to flight_time + late */
};

/* Returns the fraction of the starts whose miss is below `radius`. M is interpolated linearly. Starts before the flight
 * give the miss of a step from its begin, starts after it give none. */
static double start_probability(double radius, const void *context)
{
    const struct start_case *c = context;
    double below = c->late;
    for (size_t k = 1; k < c->adjoint->count; k++) {
        const struct response *a = &c->adjoint->responses[k - 1], *b = &c->adjoint->responses[k];
        const double bound = radius / c->level, low = a->step < b->step ? a->step : b->step,
                     high = a->step < b->step ? b->step : a->step;
        const double width = b->to_go - a->to_go;
        if (a->to_go >= c->flight_time)
            break;
        const double from = low > -bound ? low : -bound, to = high < bound ? high : bound;
        if (high - low < 1e-300)
            below += fabs(low) < bound ? width : 0.0;
        else if (to > from)
            below += width * (to - from) / (high - low);
    }
    if (fabs(adjoint_at(c->adjoint, c->flight_time).step) * c->level < radius)
        below += c->early;
    return below / (c->early + c->flight_time + c->late);
}

void random_start_follows_its_integrals(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    struct adjoint adjoint;
    char radii[1024], claim[96];
    adjoint_integrate(&interceptor, 4.0, 0.0, &adjoint);
    for (int k = 0; k < 3; k++) {
        const double flight_time = (const double[]){1.0, 2.0, 4.0}[k];
        char target[128];
        struct flown flown;
        snprintf(target, sizeof target, "maneuver: step, acceleration: 30 m/s2, start: {from: 0 s, to: %g s}",
                 flight_time);
        fly(&flown, SCENARIO, flight_time, target, "autopilot_lag: 0.5 s", "[1 m]", "",
            (unsigned long long)trials_of(full), 41 + k);
        snprintf(claim, sizeof claim, "random-start step, tF = %g s: rms", flight_time);
        const double expected = 30.0 * sqrt(adjoint_at(&adjoint, flight_time).random_start);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "nT sqrt(int_0^tF M^2 dtau / tF), M the step response",
                             .source = "Zarchan, TSMG, ch. 4; adjoint",
                             .unit = "%",
                             .measured = 100.0 * fabs(cell_miss_rms(&flown, 0) / expected - 1.0),
                             .limit = 0.5,
                             .chance = 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials_of(full))});
        flown_free(&flown);
    }
    const struct start_case c = {&adjoint, 30.0, 1.0, 3.0, 0.5};
    struct flown flown;
    fly(&flown, SCENARIO, 3.0, "maneuver: step, acceleration: 30 m/s2, start: {from: -1 s, to: 3.5 s}",
        "autopilot_lag: 0.5 s", radius_list(2.2, 31, radii, sizeof radii), "", (unsigned long long)trials_of(full), 44);
    tail_row(PART, "random-start step from 1 s before to 0.5 s after the flight: whole distribution of the miss",
             "share of starts with |nT M(tF - start)| < R", "direct integral",
             radii_test(&flown, 0, start_probability, &c), NO_ALLOWANCE);
    flown_free(&flown);
    adjoint_free(&adjoint);
    rows_check();
}

/* ---------------------------------------------------------------- telegraph */

#define TELEGRAPH_RATES "0 Hz, 0.1 Hz, 0.5 Hz, 2 Hz, 10 Hz"
enum { TELEGRAPH_CELLS = 5 };

/* The mean square of the miss is nT^2 int int p(s) p(s') exp(-2 nu |s - s'|) ds ds', where p is the adjoint's response
 * to a velocity and nu the rate of reversals. At nu = 0 the miss is that of a step and nothing is random. */
void telegraph_follows_its_integrals(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    struct flown flown;
    char claim[96];
    fly(&flown, SCENARIO, 3.0, "maneuver: telegraph, acceleration: 30 m/s2, roll: 70 degree", "autopilot_lag: 0.5 s",
        "[1 m]", "sweep: [{parameter: target.switching_rate, values: [" TELEGRAPH_RATES "]}]\n",
        (unsigned long long)trials_of(full), 45);
    for (uint64_t cell = 0; cell < TELEGRAPH_CELLS; cell++) {
        const double rate = axis_value(&flown, 0, cell);
        struct adjoint adjoint;
        adjoint_integrate(&interceptor, 3.0, rate, &adjoint);
        const double expected = 30.0 * sqrt(adjoint_at(&adjoint, 3.0).telegraph);
        snprintf(claim, sizeof claim, "telegraph, %g reversals a second: rms", rate);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "nT^2 int int p p' exp(-2 nu |tau - tau'|)",
                             .source = "shaping filter; adjoint",
                             .unit = "%",
                             .measured = 100.0 * fabs(cell_miss_rms(&flown, cell) / expected - 1.0),
                             .limit = rate > 0.0 ? 0.5 : 0.1,
                             .chance = rate > 0.0 ? 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials_of(full)) : 0.0});
        adjoint_free(&adjoint);
    }
    flown_free(&flown);
    rows_check();
}

/* A telegraph begins with either sign with equal probability. Added to a displacement with the response d, the mean
 * square of the miss is therefore the sum of both mean squares. A telegraph that began with a fixed sign would add 2 d
 * E[M], where E[M] is its mean response. */
void telegraph_has_no_preferred_sign(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    struct flown flown;
    struct adjoint adjoint;
    adjoint_integrate(&interceptor, 3.0, 0.5, &adjoint);
    fly(&flown, SCENARIO, 3.0, "maneuver: telegraph, acceleration: 30 m/s2, switching_rate: 0.5 Hz, roll: 180 degree",
        "autopilot_lag: 0.5 s, displacement_y: 60 m", "[1 m]", "", (unsigned long long)trials_of(full), 47);
    const struct response r = adjoint_at(&adjoint, 3.0);
    const double expected = sqrt(900.0 * r.telegraph + 3600.0 * r.displacement * r.displacement);
    row_add((struct row){.part = PART,
                         .claim = "telegraph, 0.5 reversals a second, on a displacement of 60 m: rms",
                         .formula = "squares add: no preferred sign",
                         .source = "shaping filter; adjoint",
                         .unit = "%",
                         .measured = 100.0 * fabs(cell_miss_rms(&flown, 0) / expected - 1.0),
                         .limit = 0.5,
                         .chance = 100.0 * FALSE_ALARM_SIGMA / sqrt((double)trials_of(full))});
    flown_free(&flown);
    adjoint_free(&adjoint);
    rows_check();
}

/* Returns a random number on (0, 1] by splitmix64 (Steele, Lea and Flood, 2014). */
static double uniform(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)(((z ^ (z >> 31)) >> 11) + 1) * 0x1p-53;
}

/* Returns the miss of a telegraph of 1 m/s2 by superposition of steps, M(tF) - 2 M(tF - t1) + 2 M(tF - t2) - ..., with
 * reversals t1, t2, ... drawn from random numbers of this test. */
static double telegraph_miss(const struct adjoint *adjoint, double flight_time, double rate, uint64_t *random)
{
    double miss = adjoint_at(adjoint, flight_time).step, factor = -2.0;
    for (double time = -log(uniform(random)) / rate; time < flight_time; time -= log(uniform(random)) / rate) {
        const double left = flight_time - time;
        miss += factor * adjoint_at(adjoint, left > 1e-6 ? left : 1e-6).step;
        factor = -factor;
    }
    return fabs(miss);
}

/* Returns the tail probability of the chi-square test that two samples of sizes m and n, with counts a and b in the
 * same classes, have one distribution (Press et al., Numerical Recipes, 14.3). Classes with fewer than 20 counts are
 * left out. */
static double two_sample_tail(const uint64_t *a, const uint64_t *b, size_t classes)
{
    double m = 0.0, n = 0.0, statistic = 0.0;
    int freedom = -1;
    for (size_t k = 0; k < classes; k++) {
        m += (double)a[k];
        n += (double)b[k];
    }
    for (size_t k = 0; k < classes; k++) {
        if (a[k] + b[k] < 20)
            continue;
        const double difference = sqrt(n / m) * (double)a[k] - sqrt(m / n) * (double)b[k];
        statistic += difference * difference / (double)(a[k] + b[k]);
        freedom++;
    }
    return chi_square_tail(statistic, freedom);
}

void telegraph_miss_has_its_distribution(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    struct flown flown;
    struct adjoint adjoint;
    char radii[1024];
    uint64_t random = 4711, flown_counts[33], own_counts[33] = {0};
    adjoint_integrate(&interceptor, 3.0, 1.0, &adjoint);
    fly(&flown, SCENARIO, 3.0, "maneuver: telegraph, acceleration: 30 m/s2, switching_rate: 0.8 Hz, roll: 70 degree",
        "autopilot_lag: 0.5 s", radius_list(6.0, 32, radii, sizeof radii), "", (unsigned long long)trials_of(full), 46);
    for (size_t k = 0; k < 33; k++)
        flown_counts[k] = cell_word(&flown, 0, ZEM_TALLY_RADIUS + k);
    for (uint64_t trial = 0; trial < trials_of(full); trial++) {
        const double miss = 30.0 * telegraph_miss(&adjoint, 3.0, 0.8, &random);
        size_t k = 0;
        while (k < 32 && miss >= flown.scenario.radius[k])
            k++;
        own_counts[k]++;
    }
    /* A trial without reversal misses by exactly nT M(tF), a third of a metre. No radius lies within 1 % of that miss,
     * so that rounding cannot move such trials to another class. */
    tail_row(PART, "telegraph, 0.8 reversals a second: whole distribution of the miss",
             "superposition of step responses", "Monte Carlo in the test, other random numbers",
             two_sample_tail(flown_counts, own_counts, 33), NO_ALLOWANCE);
    flown_free(&flown);
    adjoint_free(&adjoint);
    rows_check();
}

/* ---------------------------------------------------------------- per-trial quantities */

/* An unguided flight of 2 s in which one quantity is drawn per trial, and the closed distribution of its miss. In the
 * formulas N(m, s) is normal with mean m and standard deviation s, and U(a, b) is uniform. */
struct quantity_case {
    const char *claim, *formula, *target, *interceptor;
    double largest; /* largest hit radius, m */
    double (*probability)(double radius, const void *context);
};

static double normal_below(double x) { return 0.5 * erfc(-x / sqrt(2.0)); }

/* P(miss < radius) for the miss |N(2, 1.5)| m: a normal displacement. */
static double displacement_normal(double radius, const void *context)
{
    (void)context;
    return normal_below((radius - 2.0) / 1.5) - normal_below((-radius - 2.0) / 1.5);
}

/* P(miss < radius) for the miss |U(-3, 1)| m: a uniform displacement. */
static double displacement_uniform(double radius, const void *context)
{
    (void)context;
    return (fmin(radius, 1.0) + fmin(radius, 3.0)) / 4.0;
}

/* P(miss < radius) for the miss VM tF HE with HE = U(1, 3) mrad and VM tF = 4000 m. */
static double heading_uniform(double radius, const void *context)
{
    (void)context;
    return fmin(fmax((radius / 4000.0 - 0.001) / 0.002, 0.0), 1.0);
}

/* P(miss < radius) for the miss VM tF |HE| with HE = N(1, 2) mrad and VM tF = 4000 m. */
static double heading_normal(double radius, const void *context)
{
    (void)context;
    return normal_below((radius / 4.0 - 1.0) / 2.0) - normal_below((-radius / 4.0 - 1.0) / 2.0);
}

/* P(miss < radius) for the miss tF^2/2 |N(5, 3)|: a step of a normal acceleration, tF = 2 s. */
static double level_normal(double radius, const void *context)
{
    (void)context;
    return normal_below((radius / 2.0 - 5.0) / 3.0) - normal_below((-radius / 2.0 - 5.0) / 3.0);
}

/* P(miss < radius) for the miss A (tF - start)^2/2 of a step with A = 8 m/s2, start = U(0.5, 1.5) s and tF = 2 s. */
static double start_uniform(double radius, const void *context)
{
    (void)context;
    return fmin(fmax(1.5 - (2.0 - sqrt(radius / 4.0)), 0.0), 1.0);
}

/* P(miss < radius) for the miss |(6, 0) + 4 (cos a, sin a)| m with the roll a = U(0, 180) degrees. The miss falls with
 * a, so that it is below the radius beyond the angle at which it equals the radius. */
static double roll_uniform(double radius, const void *context)
{
    (void)context;
    const double cosine = (radius * radius - 52.0) / 48.0;
    return cosine <= -1.0 ? 0.0 : cosine >= 1.0 ? 1.0 : 1.0 - 2.0 * acos(cosine) / TURN;
}

/* P(miss < radius) for the miss A (w tF - sin w tF)/w^2 of a weave with A = 10 m/s2, w = 2 pi/period and period = U(2,
 * 4) s. The miss rises with the period; bisection finds the period at which it equals the radius. */
static double period_uniform(double radius, const void *context)
{
    (void)context;
    double low = 2.0, high = 4.0;
    for (int k = 0; k < 60; k++) {
        const double middle = 0.5 * (low + high), w = TURN / middle;
        if (10.0 * (2.0 * w - sin(2.0 * w)) / (w * w) < radius)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low - 2.0);
}

/* P(miss < radius) for a weave with the phase p = N(90, 10) degrees. The miss is |A (tF cos(p)/w - (sin(w tF + p) - sin
 * p)/w^2)|, which is A tF |cos p|/w where w tF = 2 pi. */
static double phase_normal(double radius, const void *context)
{
    (void)context;
    const double share = radius / (10.0 * 2.0 / (TURN / 2.0)), angle = share < 1.0 ? asin(share) : TURN / 4.0;
    return 1.0 - 2.0 * normal_below(-angle / (10.0 / 360.0 * TURN));
}

static const struct quantity_case quantity_cases[] = {
    {"displacement_y normal", "P(|N(2, 1.5)| < R)", "maneuver: none", "displacement_y: {mean: 2 m, sigma: 1.5 m}", 6.0,
     displacement_normal},
    {"displacement_z uniform", "P(|U(-3, 1)| < R)", "maneuver: none", "displacement_z: {from: -3 m, to: 1 m}", 2.95,
     displacement_uniform},
    {"heading_error_y uniform", "VM tF U(1, 3) mrad", "maneuver: none",
     "heading_error_y: {from: 0.001 radian, to: 0.003 radian}", 11.5, heading_uniform},
    {"heading_error_z normal", "VM tF |N(1, 2) mrad|", "maneuver: none",
     "heading_error_z: {mean: 0.001 radian, sigma: 0.002 radian}", 25.0, heading_normal},
    {"acceleration normal", "tF^2/2 |N(5, 3)|", "maneuver: step, acceleration: {mean: 5 m/s2, sigma: 3 m/s2}", "", 28.0,
     level_normal},
    {"start uniform", "nT (tF - U(0.5, 1.5))^2/2",
     "maneuver: step, acceleration: 8 m/s2, start: {from: 0.5 s, to: 1.5 s}", "", 8.9, start_uniform},
    {"roll uniform", "|(6, 0) + 4 (cos a, sin a)|, a = U(0, 180) degree",
     "maneuver: step, acceleration: 2 m/s2, roll: {from: 0 degree, to: 180 degree}", "displacement_y: 6 m", 9.9,
     roll_uniform},
    {"period uniform", "nT (w tF - sin w tF)/w^2, period U(2, 4)",
     "maneuver: weave, acceleration: 10 m/s2, period: {from: 2 s, to: 4 s}", "", 12.6, period_uniform},
    {"phase normal", "nT tF cos(p)/w, p = N(90, 10) degree",
     "maneuver: weave, acceleration: 10 m/s2, period: 2 s, phase: {mean: 90 degree, sigma: 10 degree}", "", 3.0,
     phase_normal},
};

void varied_quantities_have_their_distributions(void **state)
{
    (void)state;
    const uint64_t full = 400000;
    for (size_t k = 0; k < sizeof quantity_cases / sizeof *quantity_cases; k++) {
        const struct quantity_case *c = &quantity_cases[k];
        struct flown flown;
        char radii[1024], errors[160], claim[96];
        snprintf(errors, sizeof errors, "guidance: none%s%s", c->interceptor[0] != '\0' ? ", " : "", c->interceptor);
        fly(&flown, SCENARIO, 2.0, c->target, errors, radius_list(c->largest, 29, radii, sizeof radii), "",
            (unsigned long long)trials_of(full), 51 + (int)k);
        snprintf(claim, sizeof claim, "%s per trial, unguided: whole distribution of the miss", c->claim);
        tail_row(PART, claim, c->formula, "free motion", radii_test(&flown, 0, c->probability, NULL), NO_ALLOWANCE);
        flown_free(&flown);
    }
    rows_check();
}
