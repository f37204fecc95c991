/* Misses of the linear kinematics without chance, compared with closed forms and the adjoint. The closed forms hold for
 * one lag T, in the seeker or in the autopilot (Zarchan, Tactical and Strategic Missile Guidance, chapters 2 to 5). */
#include "validation.h"
#include "validation_reference.h"

#include "base/kernel_types.h"

#include <math.h>
#include <stdio.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PART "One lag, deterministic"
#define LAG 0.5
#define ZARCHAN "Zarchan, TSMG"

/* The scenario of the flights against closed forms and the adjoint, with the default step. The last measurement is made
 * 10 us before collision, because a blind time changes the miss by about N' blind_time/T of its peak. The limit of 0.1
 * % of the peak is above the error of the default step (benchmarks/README.md, Step control). */
#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, %s}\n" \
    "seeker: {blind_time: 10 us}\n" \
    "scoring: {hit_radius: [1 m]}\n" \
    "sweep: [{parameter: interceptor.navigation_gain, values: [%s]}, {parameter: engagement.flight_time, from: %g s, " \
    "to: %g s, points: 51}]\n" \
    "run: {trials: 1}\n"

/* The polynomial of a closed form, e^-x (c0 + c1 x + c2 x^2 + c3 x^3 + c4 x^4) with x = tF/T. */
struct closed_form {
    const char *formula;
    double c[5];
};

static double evaluate(const struct closed_form *form, double x)
{
    return exp(-x) * (form->c[0] + x * (form->c[1] + x * (form->c[2] + x * (form->c[3] + x * form->c[4]))));
}

/* Returns the largest difference between the flown miss and |scale form| over the flight times, in % of the peak of the
 * curve. `gain` is the index of N' = 3, 4 or 5. */
static double worst_difference(const struct flown *flown, const struct closed_form forms[3], double scale, size_t gain)
{
    const size_t points = flown->scenario.axis[1].points;
    double peak = 0.0, worst = 0.0;
    for (size_t k = 0; k < points; k++) {
        const uint64_t cell = gain * points + k;
        const double expected = fabs(scale * evaluate(&forms[gain], axis_value(flown, 1, cell) / LAG));
        peak = larger(peak, expected);
        worst = larger(worst, fabs(cell_miss_mean(flown, cell) - expected));
    }
    return 100.0 * worst / peak;
}

static void closed_forms_check(const char *cause, const char *target, const char *errors,
                               const struct closed_form forms[3], double scale)
{
    static const char *const lags[2] = {"autopilot", "seeker"};
    for (int lag = 0; lag < 2; lag++) {
        struct flown flown;
        char interceptor[256], claim[128];
        snprintf(interceptor, sizeof interceptor, "%s, %s_lag: %g s", errors, lags[lag], LAG);
        fly(&flown, SCENARIO, target, interceptor, "3, 4, 5", 0.5, 3.0);
        for (size_t gain = 0; gain < 3; gain++) {
            snprintf(claim, sizeof claim, "%s, N' = %zu, lag in the %s", cause, gain + 3, lags[lag]);
            row_add((struct row){.part = PART,
                                 .claim = claim,
                                 .formula = forms[gain].formula,
                                 .source = ZARCHAN,
                                 .unit = "% of the peak",
                                 .measured = worst_difference(&flown, forms, scale, gain),
                                 .limit = 0.1});
        }
        flown_free(&flown);
    }
    rows_check();
}

static const struct closed_form step_forms[3] = {
    {"nT T^2 e^-x x^2/2", {0.0, 0.0, 1.0 / 2.0}},
    {"nT T^2 e^-x (x^2/2 - x^3/6)", {0.0, 0.0, 1.0 / 2.0, -1.0 / 6.0}},
    {"nT T^2 e^-x (x^2/2 - x^3/3 + x^4/24)", {0.0, 0.0, 1.0 / 2.0, -1.0 / 3.0, 1.0 / 24.0}},
};
static const struct closed_form heading_forms[3] = {
    {"-VM HE T e^-x (x - x^2/2)", {0.0, 1.0, -1.0 / 2.0}},
    {"-VM HE T e^-x (x - x^2 + x^3/6)", {0.0, 1.0, -1.0, 1.0 / 6.0}},
    {"-VM HE T e^-x (x - 3x^2/2 + x^3/2 - x^4/24)", {0.0, 1.0, -3.0 / 2.0, 1.0 / 2.0, -1.0 / 24.0}},
};
/* Miss of a displacement: the derivative of the heading-error form. Let p_y and p_v be the adjoint's responses to y and
 * y' at the time to go tau; then p_v = tau p_y. A displacement also makes the line of sight jump, which adds tau p_y'
 * to p_y; the sum is p_v'. */
static const struct closed_form displacement_forms[3] = {
    {"y0 e^-x (1 - 2x + x^2/2)", {1.0, -2.0, 1.0 / 2.0}},
    {"y0 e^-x (1 - 3x + 3x^2/2 - x^3/6)", {1.0, -3.0, 3.0 / 2.0, -1.0 / 6.0}},
    {"y0 e^-x (1 - 4x + 3x^2 - 2x^3/3 + x^4/24)", {1.0, -4.0, 3.0, -2.0 / 3.0, 1.0 / 24.0}},
};

void step_miss_follows_the_closed_forms(void **state)
{
    (void)state;
    closed_forms_check("step", "maneuver: step, acceleration: 30 m/s2", "guidance: pn", step_forms, 30.0 * LAG * LAG);
}

void heading_error_miss_follows_the_closed_forms(void **state)
{
    (void)state;
    closed_forms_check("heading error", "maneuver: none", "heading_error_y: 0.01 radian", heading_forms,
                       -2000.0 * 0.01 * LAG);
}

void displacement_miss_follows_the_closed_forms(void **state)
{
    (void)state;
    closed_forms_check("displacement", "maneuver: none", "displacement_y: 50 m", displacement_forms, 50.0);
}

/* A miss distance has no sign, so that the tests above do not see a wrong sign. Here step, heading error and
 * displacement act together in channel z, where their misses add with their signs; the roll turns the step there.
 * Another displacement in y gives a miss at a right angle. */
void errors_add_with_their_signs(void **state)
{
    (void)state;
    struct flown flown;
    fly(&flown, SCENARIO, "maneuver: step, acceleration: 30 m/s2, roll: 90 degree",
        "autopilot_lag: 0.5 s, heading_error_z: 0.005 radian, displacement_z: 10 m, displacement_y: -4 m", "3, 4, 5",
        0.5, 3.0);
    const size_t points = flown.scenario.axis[1].points;
    for (size_t gain = 0; gain < 3; gain++) {
        double peak = 0.0, worst = 0.0;
        for (size_t k = 0; k < points; k++) {
            const double x = axis_value(&flown, 1, gain * points + k) / LAG,
                         displacement = evaluate(&displacement_forms[gain], x);
            const double z = 30.0 * LAG * LAG * evaluate(&step_forms[gain], x)
                             - 2000.0 * 0.005 * LAG * evaluate(&heading_forms[gain], x) + 10.0 * displacement;
            const double expected = hypot(z, -4.0 * displacement);
            peak = larger(peak, expected);
            worst = larger(worst, fabs(cell_miss_mean(&flown, gain * points + k) - expected));
        }
        char claim[128];
        snprintf(claim, sizeof claim, "step, heading error and displacements in two channels together, N' = %zu",
                 gain + 3);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "vector sum of the above",
                             .source = "superposition",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 0.1});
    }
    flown_free(&flown);
    rows_check();
}

/* ---------------------------------------------------------------- against the adjoint */

/* Flies a sweep of gains and of flight times up to ten total lags, and compares the miss with `scale` times a response
 * of the adjoint. `member` is the offset of that response in struct response. */
static void adjoint_check(const char *system, const char *cause, size_t member, double scale, const char *target,
                          const char *errors, const struct loop *base, const char *gains)
{
    struct flown flown;
    char interceptor[256], claim[128];
    const double total = base->seeker_lag + base->filter_lag + base->autopilot_lag;
    snprintf(interceptor, sizeof interceptor,
             "%s, seeker_lag: %.12g s, filter_lag: %.12g s, autopilot_lag: %.12g s, autopilot_order: %d", errors,
             base->seeker_lag, base->filter_lag, base->autopilot_lag, base->stages);
    fly(&flown, SCENARIO, target, interceptor, gains, 0.5 * total, 10.0 * total);
    const size_t points = flown.scenario.axis[1].points;
    for (size_t gain = 0; gain < flown.scenario.axis[0].points; gain++) {
        struct loop loop = *base;
        struct adjoint adjoint;
        loop.gain = flown.scenario.axis[0].values[gain];
        adjoint_integrate(&loop, 10.0 * total, 0.0, &adjoint);
        double peak = 0.0, worst = 0.0;
        for (size_t k = 0; k < points; k++) {
            const uint64_t cell = gain * points + k;
            const struct response r = adjoint_at(&adjoint, axis_value(&flown, 1, cell));
            const double expected = fabs(scale * ((const double *)&r)[member / sizeof(double)]);
            peak = larger(peak, expected);
            worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - expected));
        }
        snprintf(claim, sizeof claim, "%s, %s, N' = %g", system, cause, loop.gain);
        row_add((struct row){.part = "Higher orders and real-valued gains",
                             .claim = claim,
                             .formula = "adjoint integration",
                             .source = "derived in the test",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 0.1});
        adjoint_free(&adjoint);
    }
    flown_free(&flown);
}

/* Compares the misses of a step, a heading error and a displacement of one system with the adjoint. */
static void system_check(const char *system, const struct loop *base, const char *gains)
{
    adjoint_check(system, "step", offsetof(struct response, step), 30.0, "maneuver: step, acceleration: 30 m/s2",
                  "guidance: pn", base, gains);
    adjoint_check(system, "heading error", offsetof(struct response, velocity), -2000.0 * 0.01, "maneuver: none",
                  "heading_error_z: 0.01 radian", base, gains);
    adjoint_check(system, "displacement", offsetof(struct response, displacement), 50.0, "maneuver: none",
                  "displacement_z: 50 m", base, gains);
    rows_check();
}

void real_valued_gains_follow_the_adjoint(void **state)
{
    (void)state;
    const struct loop autopilot = {.autopilot_lag = LAG, .stages = 1, .closing_speed = 4000.0},
                      seeker = {.seeker_lag = LAG, .stages = 1, .closing_speed = 4000.0};
    system_check("autopilot lag", &autopilot, "2.6, 3.5, 4.7");
    system_check("seeker lag", &seeker, "2.6, 3.5, 4.7");
}

void binomial_system_follows_the_adjoint(void **state)
{
    (void)state;
    const struct loop binomial = {
        .seeker_lag = 0.1, .filter_lag = 0.1, .autopilot_lag = 0.3, .stages = 3, .closing_speed = 4000.0};
    system_check("fifth-order binomial", &binomial, "3, 4, 5, 3.7");
}

void filter_and_high_order_autopilots_follow_the_adjoint(void **state)
{
    (void)state;
    const struct loop filter = {.filter_lag = 0.2, .autopilot_lag = 0.3, .stages = 2, .closing_speed = 4000.0};
    const struct loop filter_alone = {.filter_lag = 0.5, .stages = 1, .closing_speed = 4000.0};
    const struct loop fifth = {.autopilot_lag = 0.5, .stages = 5, .closing_speed = 4000.0},
                      fourth = {.seeker_lag = 0.1, .autopilot_lag = 0.4, .stages = 4, .closing_speed = 4000.0};
    system_check("filter and two autopilot stages", &filter, "4");
    system_check("filter alone", &filter_alone, "4");
    system_check("seeker and four autopilot stages", &fourth, "4");
    system_check("five autopilot stages", &fifth, "4");
}

/* ---------------------------------------------------------------- weave and spiral */

/* Returns the amplitude of the miss of a weave of angular frequency w, long after its start: nT T^2 (wT)^(N'-2)/(1 +
 * (wT)^2)^(N'/2) (Zarchan, JGCD 18(5), 1995). A weave is the real part of a rotating step, so that the amplitude is the
 * size of the Fourier transform of the adjoint. */
static double weave_amplitude(double level, double gain, double frequency)
{
    const double w = frequency * LAG;
    return level * LAG * LAG * pow(w, gain - 2.0) / pow(1.0 + w * w, 0.5 * gain);
}

static void wave_sweep(struct flown *flown, const char *maneuver, double phase)
{
    fly(flown,
        "engagement: {kinematics: linear, flight_time: 10 s, closing_speed: 4 km/s}\n"
        "target: {maneuver: %s, acceleration: 50 m/s2, phase: %g degree, roll: 30 degree}\n"
        "interceptor: {speed: 2 km/s, autopilot_lag: 0.5 s}\n"
        "seeker: {blind_time: 10 us}\n"
        "scoring: {hit_radius: [1 m]}\n"
        "sweep: [{parameter: interceptor.navigation_gain, values: [3, 4, 5]}, {parameter: target.period, from: 0.5 s, "
        "to: 8 s, points: 40, spacing: log}]\n"
        "run: {trials: 1}\n",
        maneuver, phase);
}

/* The squares of the misses of two weaves whose phases are a quarter of a period apart sum to the square of the
 * amplitude. */
void weave_miss_follows_the_closed_form(void **state)
{
    (void)state;
    struct flown sine, cosine;
    wave_sweep(&sine, "weave", 17.0);
    wave_sweep(&cosine, "weave", 107.0);
    for (size_t gain = 0; gain < 3; gain++) {
        double peak = 0.0, worst = 0.0;
        for (size_t k = 0; k < 40; k++) {
            const uint64_t cell = gain * 40 + k;
            const double expected = weave_amplitude(50.0, (double)gain + 3.0, TURN / axis_value(&sine, 1, cell));
            peak = larger(peak, expected);
            worst = larger(worst, fabs(hypot(cell_miss_mean(&sine, cell), cell_miss_mean(&cosine, cell)) - expected));
        }
        char claim[128];
        snprintf(claim, sizeof claim, "weave, amplitude over periods 0.5 s to 8 s at 20 T, N' = %zu", gain + 3);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "nT T^2 (wT)^(N'-2) / (1 + (wT)^2)^(N'/2)",
                             .source = "Zarchan, JGCD 18(5), 1995",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 0.1});
    }
    flown_free(&sine);
    flown_free(&cosine);
    rows_check();
}

/* A spiral is two weaves at right angles, a quarter of a period apart. Its miss is the amplitude, whatever its
 * phase. */
void spiral_miss_follows_the_closed_form(void **state)
{
    (void)state;
    struct flown flown;
    wave_sweep(&flown, "spiral", 17.0);
    for (size_t gain = 0; gain < 3; gain++) {
        double peak = 0.0, worst = 0.0;
        for (size_t k = 0; k < 40; k++) {
            const uint64_t cell = gain * 40 + k;
            const double expected = weave_amplitude(50.0, (double)gain + 3.0, TURN / axis_value(&flown, 1, cell));
            peak = larger(peak, expected);
            worst = larger(worst, fabs(cell_miss_mean(&flown, cell) - expected));
        }
        char claim[128];
        snprintf(claim, sizeof claim, "spiral, miss over periods 0.5 s to 8 s at 20 T, N' = %zu", gain + 3);
        row_add((struct row){.part = PART,
                             .claim = claim,
                             .formula = "nT T^2 (wT)^(N'-2) / (1 + (wT)^2)^(N'/2)",
                             .source = "two weaves at right angles",
                             .unit = "% of the peak",
                             .measured = 100.0 * worst / peak,
                             .limit = 0.1});
    }
    flown_free(&flown);
    rows_check();
}
