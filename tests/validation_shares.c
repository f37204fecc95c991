/* What each source of chance contributes to the variance of the miss. The exact shares of the linear loop are compared
 * with its adjoint, and Sobol' indices with those of a flight whose miss is a known function of two draws. */
#include "validation.h"
#include "validation_reference.h"

#include "study/chance_source.h"
#include "study/sensitivity.h"
#include "study/sobol.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define PART "Sources of chance"
#define FLIGHT_TIME 3.0
#define CLOSING_SPEED 4000.0
#define SPEED 2000.0
#define LEVEL 30.0
#define RATE 1.0

static const unsigned five[] = {ZEM_SOURCE_REVERSALS, ZEM_VARIED_HEADING_Y, ZEM_VARIED_DISPLACEMENT_Z, ZEM_SOURCE_NOISE,
                                ZEM_SOURCE_NOISE + 1};
enum { FIVE = sizeof five / sizeof *five };

static struct zem_sensitivity study_of(const struct flown *flown, uint64_t trials)
{
    const struct zem_sensitivity_options options = {.one_cell = true, .trials = trials};
    struct zem_sensitivity s;
    struct zem_error error = {0};
    if (zem_sensitivity_find(&flown->scenario, &options, &s, &error) != 0)
        fail_msg("%s", error.message);
    return s;
}

/* Returns the index of a source in the study. */
static size_t place_of(const struct zem_sensitivity *s, unsigned source)
{
    size_t k = 0;
    while (k < s->sources && s->source[k] != source)
        k++;
    assert_true(k < s->sources);
    return k;
}

/* Adds a row for that one of five shares which is furthest from the adjoint's. `lags` are the lags of `loop` as
 * scenario keys. */
static void budget_row(const char *claim, const struct loop *loop, const char *lags)
{
    struct flown flown;
    struct adjoint adjoint;
    read_only(&flown,
              "engagement: {kinematics: linear, flight_time: %g s, closing_speed: 4 km/s}\n"
              "target: {maneuver: telegraph, acceleration: %g m/s2, switching_rate: %g Hz}\n"
              "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: %g, %s, heading_error_y: {mean: 0 radian, "
              "sigma: 0.02 radian}, displacement_z: {from: -100 m, to: 100 m}}\n"
              "seeker: {blind_time: 10 us, glint: 0.4 m2/Hz, angle_noise: 1e-7 rad2/Hz}\n"
              "scoring: {hit_radius: 1 m}\nrun: {trials: 16, seed: 1}\n",
              FLIGHT_TIME, LEVEL, RATE, loop->gain, lags);
    struct zem_sensitivity s = study_of(&flown, 16);
    adjoint_integrate(loop, FLIGHT_TIME, RATE, &adjoint);
    const struct response r = adjoint_at(&adjoint, FLIGHT_TIME);
    const double part[FIVE] = {LEVEL * LEVEL * r.telegraph, pow(SPEED * 0.02 * r.velocity, 2.0),
                               pow(100.0 * r.displacement, 2.0) / 3.0, 2.0 * 0.4 * r.glint, 2.0 * 1e-7 * r.angle_noise};
    double sum = 0.0, worst = 0.0;
    for (size_t k = 0; k < FIVE; k++)
        sum += part[k];
    assert_int_equal(s.exact[0], 1);
    for (size_t k = 0; k < FIVE; k++)
        worst =
            larger(worst, fabs(s.series[ZEM_SENSITIVITY_END].first[0][place_of(&s, five[k])] / (part[k] / sum) - 1.0));
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "adjoint integration",
                         .source = "Zarchan, TSMG",
                         .unit = "% of the share that is furthest off",
                         .measured = 100.0 * worst,
                         .limit = 1.0});
    adjoint_free(&adjoint);
    zem_sensitivity_free(&s);
    flown_free(&flown);
}

void shares_of_the_linear_loop_follow_the_adjoint(void **state)
{
    (void)state;
    const struct loop single = {
        .law = LAW_PN, .gain = 3.0, .seeker_lag = 0.5, .stages = 1, .closing_speed = CLOSING_SPEED};
    const struct loop chain = {.law = LAW_PN,
                               .gain = 4.0,
                               .seeker_lag = 0.2,
                               .filter_lag = 0.15,
                               .autopilot_lag = 0.4,
                               .stages = 1,
                               .closing_speed = CLOSING_SPEED};
    const struct loop third = {.law = LAW_PN,
                               .gain = 3.0,
                               .seeker_lag = 0.1,
                               .autopilot_lag = 0.5,
                               .stages = 3,
                               .closing_speed = CLOSING_SPEED};
    budget_row("shares of five sources, one lag, N' = 3", &single, "seeker_lag: 0.5 s");
    budget_row("shares of five sources, seeker, filter and autopilot, N' = 4", &chain,
               "seeker_lag: 0.2 s, filter_lag: 0.15 s, autopilot_lag: 0.4 s");
    budget_row("shares of five sources, seeker and autopilot of three stages, N' = 3", &third,
               "seeker_lag: 0.1 s, autopilot_lag: 0.5 s, autopilot_order: 3");
    rows_check();
}

/* ---- a miss that is a known function: sqrt(y^2 + z^2) of two normal displacements ---- */

#define SIGMA_Y 3.0
#define SIGMA_Z 5.0

/* Returns the mean of f(x) over a standard normal x, by the trapezoidal rule, which is exact to rounding here. */
static double over_normal(double (*f)(double x, const void *context), const void *context)
{
    double sum = 0.0;
    for (int k = -400; k <= 400; k++)
        sum += 0.02 * exp(-0.5 * k * k * 4e-4) * f(0.02 * k, context);
    return sum / sqrt(TURN);
}

/* Two normal displacements. The one whose index is computed is the own displacement. Means are taken over the other
 * one. */
struct draws {
    double own, other; /* standard deviations */
    double value;      /* of the own displacement, m */
};

static double distance(double x, const void *context)
{
    const struct draws *d = context;
    return hypot(d->value, d->other * x);
}

/* Returns the square of the mean miss, when the own displacement is x standard deviations. */
static double squared_mean(double x, const void *context)
{
    struct draws d = *(const struct draws *)context;
    d.value = d.own * x;
    const double mean = over_normal(distance, &d);
    return mean * mean;
}

static double mean_distance(double x, const void *context)
{
    struct draws d = *(const struct draws *)context;
    d.value = d.own * x;
    return over_normal(distance, &d);
}

static void index_row(const char *claim, struct zem_sobol_estimate e, double right)
{
    const double error = larger(e.upper - e.value, e.value - e.lower) / 1.959964;
    row_add((struct row){.part = PART,
                         .claim = claim,
                         .formula = "Var(E[miss | y]) / Var(miss), miss^2 = y^2 + z^2",
                         .source = "derived in the test",
                         .unit = "standard errors",
                         .measured = fabs(e.value - right) / error,
                         .limit = FALSE_ALARM_SIGMA,
                         .chance = NO_ALLOWANCE});
}

void indices_of_free_flight_follow_their_integrals(void **state)
{
    (void)state;
    struct flown flown;
    const struct draws y = {.own = SIGMA_Y, .other = SIGMA_Z}, z = {.own = SIGMA_Z, .other = SIGMA_Y};
    const double mean = over_normal(mean_distance, &y), variance = SIGMA_Y * SIGMA_Y + SIGMA_Z * SIGMA_Z - mean * mean,
                 first_y = (over_normal(squared_mean, &y) - mean * mean) / variance,
                 first_z = (over_normal(squared_mean, &z) - mean * mean) / variance;
    read_only(&flown,
              "engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 4 km/s}\n"
              "interceptor: {speed: 2 km/s, guidance: none, displacement_y: {mean: 0 m, sigma: %g m}, displacement_z: "
              "{mean: 0 m, sigma: %g m}}\nscoring: {hit_radius: 1 m}\nrun: {trials: 16, seed: 2}\n",
              SIGMA_Y, SIGMA_Z);
    struct zem_sensitivity s = study_of(&flown, trials_of(100000));
    const struct zem_sensitivity_series *series = &s.series[ZEM_SENSITIVITY_MISS];
    const size_t at_y = place_of(&s, ZEM_VARIED_DISPLACEMENT_Y), at_z = place_of(&s, ZEM_VARIED_DISPLACEMENT_Z);
    const struct {
        const char *claim;
        double *const *limits;
        size_t at;
        double right;
    } rows[] = {{"free flight, first-order index of y", series->first, at_y, first_y},
                {"free flight, first-order index of z", series->first, at_z, first_z},
                {"free flight, total index of y", series->total, at_y, 1.0 - first_z},
                {"free flight, total index of z", series->total, at_z, 1.0 - first_y}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        index_row(rows[k].claim,
                  (struct zem_sobol_estimate){rows[k].limits[0][rows[k].at], rows[k].limits[1][rows[k].at],
                                              rows[k].limits[2][rows[k].at]},
                  rows[k].right);
    zem_sensitivity_free(&s);
    flown_free(&flown);
    rows_check();
}
