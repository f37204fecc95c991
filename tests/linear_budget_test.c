/* The error budget of the linear loop, which divides the variance of the miss vector among its sources. It is compared
 * with the adjoint of the loop, which is integrated here from the equations of models/README.md, and with the variance
 * of flown trials.
 *
 * The budget is computed with the steps of a run. If these change a miss by 0.1 %, they change a share, which is a
 * square, by 0.2 %. The tolerance AGREES of 0.3 % is smaller than the 1 % of models/VALIDATION.md. */
#include "study/linear_budget.h"

#include "cell/schedule_table.h"
#include "device/native/native_exchange.h"
#include "good_scenario.h"
#include "study/chance_source.h"
#include "scenario/grid.h"

#include <math.h>
#include <stdlib.h>

#define AGREES 3e-3
static const double PI = 3.14159265358979323846;

/* ---- the adjoint ---- */

enum { Y, V, D, F, A, STATES, GRID = 40000 };

/* A loop of a tracker, a filter and an autopilot in SI units. A lag of 0 means that there is no such lag. */
struct loop {
    double flight, closing, speed, gain, seeker, filter, autopilot;
    double level, roll; /* of the maneuver: mean of the acceleration, roll */
    double density[4];  /* of glint, angle, semiactive and active noise, the last two at `range` */
    double range;
};

/* Responses of the loop: the relative position at the end of the flight, in m, per unit of a cause. impulse[k] is per
 * impulse of target acceleration at the time to go k flight / GRID. noise[k] is the variance by density[k]. */
struct adjoint {
    double impulse[GRID + 1], displacement, heading, noise[4];
};

/* Right-hand side of the adjoint equation dx/dtgo = M^T x, where the states of the loop obey x' = M x. `x` is the
 * adjoint, `rate` its derivative. */
static void slope(const struct loop *l, double to_go, const double x[STATES], double rate[STATES])
{
    double m[STATES][STATES] = {{0}}, signal[STATES] = {0}, command[STATES] = {0};
    m[Y][V] = 1;
    if (l->seeker > 0) {
        m[D][Y] = 1 / (l->closing * to_go * l->seeker);
        m[D][D] = -1 / l->seeker;
        signal[Y] = m[D][Y];
        signal[D] = m[D][D];
    } else {
        signal[Y] = 1 / (l->closing * to_go * to_go);
        signal[V] = 1 / (l->closing * to_go);
    }
    for (int k = 0; k < STATES; k++)
        command[k] = l->gain * l->closing * (l->filter > 0 ? k == F : signal[k]);
    for (int k = 0; k < STATES; k++) {
        if (l->filter > 0)
            m[F][k] = (signal[k] - (k == F)) / l->filter;
        m[A][k] = (command[k] - (k == A)) / l->autopilot;
    }
    m[V][A] = -1;
    for (int k = 0; k < STATES; k++) {
        rate[k] = 0;
        for (int n = 0; n < STATES; n++)
            rate[k] += m[n][k] * x[n];
    }
}

static void runge_kutta(const struct loop *l, double to_go, double h, double x[STATES])
{
    double k[4][STATES], y[STATES];
    slope(l, to_go, x, k[0]);
    for (int stage = 1; stage < 4; stage++) {
        const double part = stage < 3 ? 0.5 * h : h;
        for (int i = 0; i < STATES; i++)
            y[i] = x[i] + part * k[stage - 1][i];
        slope(l, to_go + part, y, k[stage]);
    }
    for (int i = 0; i < STATES; i++)
        x[i] += h / 6 * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
}

/* Integrates the adjoint from the end of the flight. At a vanishing time to go the position at the end is y + v tgo,
 * which gives the initial values. */
static void integrate(const struct loop *l, struct adjoint *a)
{
    const double h = l->flight / GRID, start = 1e-3 * h;
    double x[STATES] = {[Y] = 1, [V] = start};
    *a = (struct adjoint){.displacement = 0};
    for (int k = 0; k <= GRID; k++) {
        const double to_go = k == 0 ? start : k * h, range = l->closing * to_go, ratio = range / l->range;
        const double white =
            l->seeker > 0
                ? (x[D] + (l->filter > 0 ? x[F] / l->filter : x[A] * l->gain * l->closing / l->autopilot)) / l->seeker
                : 0;
        const double weight = (k == 0 || k == GRID ? 0.5 : 1) * h * white * white;
        a->impulse[k] = k == 0 ? 0 : x[V];
        a->noise[0] += k == 0 ? 0 : weight * l->density[0] / (range * range);
        a->noise[1] += weight * l->density[1];
        a->noise[2] += weight * l->density[2] * ratio * ratio;
        a->noise[3] += weight * l->density[3] * pow(ratio, 4);
        if (k < GRID)
            runge_kutta(l, to_go, k == 0 ? h - start : h, x);
    }
    const double angle = 1 / (l->closing * l->flight); /* of a displacement of 1 m: it jumps, and the next lag
                                                          integrates its rate */
    a->displacement = x[Y]
                      + (l->seeker > 0   ? 0
                         : l->filter > 0 ? x[F] * angle / l->filter
                                         : x[A] * l->gain * l->closing * angle / l->autopilot);
    a->heading = -l->speed * x[V];
}

/* Returns the position of a channel at the end of the flight for a target acceleration shape(t, p), by the trapezoidal
 * rule over the impulse response. */
static double end_of(const struct loop *l, const struct adjoint *a, double (*shape)(double t, const double *p),
                     const double *p)
{
    const double h = l->flight / GRID;
    double sum = 0;
    for (int k = 0; k <= GRID; k++)
        sum += (k == 0 || k == GRID ? 0.5 : 1) * h * a->impulse[k] * shape(l->flight - k * h, p);
    return sum;
}

/* ---- scenarios ---- */

static const struct loop base = {.flight = 3,
                                 .closing = 3000,
                                 .speed = 2000,
                                 .gain = 4,
                                 .seeker = 0.1,
                                 .filter = 0.08,
                                 .autopilot = 0.2,
                                 .level = 40,
                                 .density = {0.04, 2e-9, 3e-9, 4e-9},
                                 .range = 6000};

/* Writes into `text` a scenario with this loop. `target` and `handover` are the remaining keys of the sections target
 * and interceptor. The blind time of 0.01 ms is too short to matter against the adjoint, which has none. */
static void write_scenario(const struct loop *l, const char *target, const char *handover, char *text, size_t size)
{
    const int length =
        snprintf(text, size,
                 "zem: 1\nengagement: {kinematics: linear, flight_time: %g s, closing_speed: %g m/s}\n"
                 "target: {%s}\n"
                 "interceptor: {speed: %g m/s, guidance: pn, navigation_gain: %g, seeker_lag: %g s, filter_lag: %g s, "
                 "autopilot_lag: %g s%s}\n"
                 "seeker: {blind_time: 0.01 ms%s",
                 l->flight, l->closing, target, l->speed, l->gain, l->seeker, l->filter, l->autopilot, handover,
                 l->seeker > 0 ? "" : "}\n");
    const size_t used = (size_t)length;
    snprintf(text + used, size - used,
             l->seeker > 0 ? ", glint: %g m2/Hz, angle_noise: %g rad2/Hz, semiactive_noise: %g rad2/Hz, active_noise: "
                             "%g rad2/Hz, reference_range: %g m}\nscoring: {hit_radius: 1 m}\nrun: {trials: 100, seed: "
                             "1}\n"
                           : "scoring: {hit_radius: 1 m}\nrun: {trials: 100, seed: 1}\n",
             l->density[0], l->density[1], l->density[2], l->density[3], l->range);
}

static struct zem_linear_budget budget_of(const char *text, uint32_t *varying)
{
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_value value[ZEM_KEY_COUNT];
    struct zem_linear_budget budget;
    struct zem_error error = {0};
    good_cell(&scenario, text, &cell);
    zem_grid_values(&scenario, 0, value);
    *varying = zem_chance_sources(value, &cell);
    if (zem_linear_budget_find(&cell, zem_chance_quantities(value), 0, &budget, &error) != 0)
        fail_msg("no budget: %s", error.message);
    zem_scenario_free(&scenario);
    return budget;
}

static void assert_near(double found, double right, double scale, const char *what)
{
    if (!(fabs(found - right) <= AGREES * scale))
        fail_msg("%s: %g, expected %g", what, found, right);
}

/* ---- sources that add up ---- */

/* Compares the shares of seven sources that add up (heading error in y, displacement in z, a telegraph and four kinds
 * of noise) with the adjoint, in a loop with the lags `seeker` and `filter`. `rate` is that of the telegraph's
 * reversals, `step` an addition to the section run. Noise needs a seeker lag. */
static void assert_additive(double seeker, double filter, double rate, const char *step)
{
    static struct adjoint a;
    char text[2000], target[200];
    struct loop l = base;
    uint32_t varying;
    double telegraph = 0, sum = 0;
    l.seeker = seeker;
    l.filter = filter;
    integrate(&l, &a);
    snprintf(target, sizeof target, "maneuver: telegraph, acceleration: %g m/s2, switching_rate: %g Hz", l.level, rate);
    write_scenario(
        &l, target,
        ", heading_error_y: {mean: 4 milliradian, sigma: 6 milliradian}, displacement_z: {from: -10 m, to: 30 "
        "m}",
        text, sizeof text);
    strcpy(strstr(text, "seed: 1}"), "seed: 1");
    strcat(strcat(text, step), "}\n");
    const struct zem_linear_budget b = budget_of(text, &varying);
    /* The telegraph q(t) is a first-order shaping filter. Its covariance with the relative position at the end of the
     * flight is integrated along the impulse response. */
    const double h = l.flight / GRID;
    double correlated = 0; /* E[q(t) y] / level; y: position at the end due to q before t */
    for (int k = GRID; k > 0; k--) {
        const double g = 0.5 * (a.impulse[k] + a.impulse[k - 1]), x = 2 * rate * h;
        telegraph += 2 * g * h * correlated * (rate > 0 ? -expm1(-x) / x : 1) + g * g * h * h;
        correlated = correlated * exp(-x) + g * h;
    }
    const double right[] = {pow(a.heading * 6e-3, 2),
                            pow(a.displacement * 40, 2) / 12,
                            l.level * l.level * telegraph,
                            2 * a.noise[0],
                            2 * a.noise[1],
                            2 * a.noise[2],
                            2 * a.noise[3]};
    const unsigned source[] = {ZEM_VARIED_HEADING_Y, ZEM_VARIED_DISPLACEMENT_Z, ZEM_SOURCE_REVERSALS, ZEM_SOURCE_NOISE,
                               ZEM_SOURCE_NOISE + 1, ZEM_SOURCE_NOISE + 2,      ZEM_SOURCE_NOISE + 3};
    const char *const name[] = {"heading", "displacement", "telegraph", "glint", "angle", "semiactive", "active"};
    for (int k = 0; k < (l.seeker > 0 ? 7 : 3); k++) {
        assert_near(b.part[source[k]].first, right[k], right[k], name[k]);
        assert_true(b.part[source[k]].first == b.part[source[k]].total);
        assert_true(varying >> source[k] & 1u);
        sum += right[k];
    }
    assert_near(b.variance, sum, sum, "variance");
    assert_near(creal(b.mean), a.heading * 4e-3, fabs(a.heading * 4e-3), "mean in y");
    assert_near(cimag(b.mean), a.displacement * 10, fabs(a.displacement * 10), "mean in z");
}

static void sources_that_add_up_have_the_shares_of_the_adjoint(void **state)
{
    (void)state;
    assert_additive(0.1, 0.08, 0.7, "");
    assert_additive(0.15, 0, 2, "");
    assert_additive(0, 0.1, 0, "");
    assert_additive(0, 0, 1, "");
}

/* The program integrates the budget in groups of steps. With a step of 2 ms there are more steps than groups, so that a
 * group has two steps; the shares must stay the same. */
static void many_steps_have_the_same_shares(void **state)
{
    (void)state;
    assert_additive(0.1, 0.08, 0.7, ", step: 2 ms");
}

/* With about 20,000 steps, of which most are in groups of many, glint of density Phi gives each channel the variance
 * (33/16) Phi / T of the textbook for N' = 3 and one lag T in the seeker. Groups that are as long near the target as
 * far from it give 6 % more. The step of 1 ms, a fiftieth of the lag, gives 0.03 %. */
static void glint_over_many_steps_has_its_closed_form(void **state)
{
    (void)state;
    uint32_t varying;
    const struct zem_linear_budget b =
        budget_of("zem: 1\nengagement: {kinematics: linear, flight_time: 20 s, closing_speed: 4 km/s}\n"
                  "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 3, seeker_lag: 0.05 s}\n"
                  "seeker: {blind_time: 0.01 ms, glint: 0.05 m2/Hz}\nscoring: {hit_radius: 1 m}\n"
                  "run: {trials: 100, seed: 1, step: 1 ms}\n",
                  &varying);
    const double right = 2 * 33.0 / 16 * 0.05 / 0.05;
    if (!(fabs(b.variance - right) < 0.001 * right))
        fail_msg("variance %.6g, by the closed form %.6g", b.variance, right);
}

/* ---- maneuvers, whose sources multiply ---- */

static double step_shape(double t, const double *p) { return t >= p[0]; }
static double sine_shape(double t, const double *p) { return sin(2 * PI * t / p[0]); }
static double cosine_shape(double t, const double *p) { return cos(2 * PI * t / p[0]); }

static void a_step_has_the_shares_of_the_adjoint(void **state)
{
    (void)state;
    static struct adjoint a;
    char text[2000];
    uint32_t varying;
    double mean = 0, square = 0;
    integrate(&base, &a);
    /* Acceleration, start and roll vary. */
    write_scenario(&base,
                   "maneuver: step, acceleration: {mean: 40 m/s2, sigma: 15 m/s2}, start: {from: -1 s, to: 2.5 s}, "
                   "roll: {from: 0 degree, to: 90 degree}",
                   "", text, sizeof text);
    const struct zem_linear_budget b = budget_of(text, &varying);
    enum { NODES = 350 };
    for (int k = 0; k < NODES; k++) {
        const double start = -1 + 3.5 * (k + 0.5) / NODES, end = end_of(&base, &a, step_shape, &start);
        mean += end / NODES;
        square += end * end / NODES;
    }
    const double rolled = pow(2 / PI, 2) * 2; /* |mean of e^(i rho)|^2 over a quarter turn */
    const double strength = 40 * 40 + 15 * 15;
    const double scale = strength * square; /* the variance by all sources, by which the tolerance scales */
    assert_near(b.part[ZEM_VARIED_ACCELERATION].first, 225 * rolled * mean * mean, scale, "acceleration alone");
    assert_near(b.part[ZEM_VARIED_ACCELERATION].total, 225 * square, scale, "acceleration");
    assert_near(b.part[ZEM_VARIED_START].first, 1600 * rolled * (square - mean * mean), scale, "start alone");
    assert_near(b.part[ZEM_VARIED_START].total, strength * (square - mean * mean), scale, "start");
    assert_near(b.part[ZEM_VARIED_ROLL].first, 1600 * mean * mean * (1 - rolled), scale, "roll alone");
    assert_near(b.part[ZEM_VARIED_ROLL].total, scale * (1 - rolled), scale, "roll");
}

/* The start of the maneuver is normal with a standard deviation of 0.1 ms, shorter than a step. The variance of the
 * miss is then the square of that deviation times the slope of the miss over the start, which is the impulse
 * response. */
static void a_start_that_hardly_varies_has_the_slope_of_the_response(void **state)
{
    (void)state;
    static struct adjoint a;
    char text[2000];
    uint32_t varying;
    integrate(&base, &a);
    write_scenario(&base, "maneuver: step, acceleration: 40 m/s2, start: {mean: 2.6 s, sigma: 0.1 ms}", "", text,
                   sizeof text);
    const struct zem_linear_budget b = budget_of(text, &varying);
    const double slope = 40 * a.impulse[(int)lround(0.4 / 3 * GRID)], right = pow(slope * 1e-4, 2);
    assert_near(b.part[ZEM_VARIED_START].first, right, right, "start");
}

/* Weave or spiral with a period uniform from 0.8 s to 1.6 s and a phase uniform over a third of a turn. The expected
 * shares are means over a grid of both. */
static void assert_wave(bool spiral)
{
    static struct adjoint a;
    enum { PERIODS = 60, PHASES = 60 };
    char text[2000], target[300];
    uint32_t varying;
    double complex by_period[PERIODS] = {0}, by_phase[PHASES] = {0}, mean = 0;
    double square = 0, first_period = 0, first_phase = 0, rest_period = 0, rest_phase = 0;
    integrate(&base, &a);
    snprintf(target, sizeof target,
             "maneuver: %s, acceleration: 40 m/s2, period: {from: 0.8 s, to: 1.6 s}, phase: {from: 30 degree, to: 150 "
             "degree}",
             spiral ? "spiral" : "weave");
    write_scenario(&base, target, "", text, sizeof text);
    const struct zem_linear_budget b = budget_of(text, &varying);
    for (int i = 0; i < PERIODS; i++) {
        const double period = 0.8 + 0.8 * (i + 0.5) / PERIODS;
        const double s = end_of(&base, &a, sine_shape, &period), c = end_of(&base, &a, cosine_shape, &period);
        for (int k = 0; k < PHASES; k++) {
            const double phase = (30 + 120 * (k + 0.5) / PHASES) * PI / 180;
            const double in_plane = spiral ? c * cos(phase) - s * sin(phase) : s * cos(phase) + c * sin(phase),
                         across = spiral ? s * cos(phase) + c * sin(phase) : 0;
            const double complex end = 40 * (in_plane + I * across);
            by_period[i] += end / PHASES;
            by_phase[k] += end / PERIODS;
            mean += end / (PERIODS * PHASES);
            square += pow(cabs(end), 2) / (PERIODS * PHASES);
        }
    }
    for (int i = 0; i < PERIODS; i++)
        first_period += pow(cabs(by_period[i]), 2) / PERIODS;
    for (int k = 0; k < PHASES; k++)
        first_phase += pow(cabs(by_phase[k]), 2) / PHASES;
    rest_phase = square - first_period;
    rest_period = square - first_phase;
    first_period -= pow(cabs(mean), 2);
    first_phase -= pow(cabs(mean), 2);
    assert_near(b.part[ZEM_VARIED_PERIOD].first, first_period, square, "period alone");
    assert_near(b.part[ZEM_VARIED_PERIOD].total, rest_period, square, "period");
    assert_near(b.part[ZEM_VARIED_PHASE].first, first_phase, square, "phase alone");
    assert_near(b.part[ZEM_VARIED_PHASE].total, rest_phase, square, "phase");
    assert_near(creal(b.mean), creal(mean), sqrt(square), "mean in y");
    assert_near(cimag(b.mean), cimag(mean), sqrt(square), "mean in z");
}

static void waves_have_the_shares_of_the_adjoint(void **state)
{
    (void)state;
    assert_wave(false);
    assert_wave(true);
}

/* ---- loops without an adjoint here, against flown trials ---- */

/* Compares the mean square that the budget gives the miss with that of flown trials. The mean of TRIALS squares is more
 * than 4.5 standard errors away for 7 of a million seeds. */
static void assert_flown(const char *text)
{
    enum { TRIALS = 30000 };
    struct zem_scenario scenario;
    struct cell_parameters cell;
    uint32_t varying;
    struct zem_exchange_end end[ZEM_EXCHANGE_LANES_LIMIT];
    const struct zem_native_exchange *exchange = zem_native_exchange_choose();
    const struct zem_linear_budget b = budget_of(text, &varying);
    double sum = 0, squares = 0;
    good_cell(&scenario, text, &cell);
    struct schedule_step *schedule = calloc(cell.schedule_steps + 1, sizeof *schedule);
    assert_non_null(schedule);
    zem_schedule_fill(&cell, schedule);
    for (u64 k = 0; k + exchange->lanes <= TRIALS; k += exchange->lanes) {
        exchange->fly(&cell, schedule, 0u, k, end);
        for (u32 n = 0; n < exchange->lanes; n++) {
            const double x = (double)end[n].miss * (double)end[n].miss;
            sum += x / TRIALS;
            squares += x * x / TRIALS;
        }
    }
    const double right = b.variance + pow(cabs(b.mean), 2);
    if (!(fabs(sum - right) < 4.5 * sqrt((squares - sum * sum) / TRIALS)))
        fail_msg("mean square %g, flown %g +- %g", right, sum, sqrt((squares - sum * sum) / TRIALS));
    free(schedule);
    zem_scenario_free(&scenario);
}

#define RUN "scoring: {hit_radius: 1 m}\nrun: {trials: 100, seed: 3}\n"
#define HANDOVER \
    "heading_error_y: {mean: 0.1 degree, sigma: 0.3 degree}, heading_error_z: 0.2 degree, displacement_z: {from: -20 " \
    "m, " \
    "to: 20 m}"
#define ENGAGEMENT "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}\n"

static void budgets_have_the_mean_square_of_flown_trials(void **state)
{
    (void)state;
    assert_flown(ENGAGEMENT "target: {maneuver: telegraph, acceleration: {mean: 3 gravity, sigma: 1 gravity}, "
                            "switching_rate: 0.5 Hz, roll: {from: 0 degree, to: 360 degree}}\n"
                            "interceptor: {speed: 2 km/s, guidance: ogl, autopilot_lag: 0.3 s, " HANDOVER "}\n"
                            "seeker: {estimator: kalman, glint: 0.04 m2/Hz, angle_noise: 1e-8 rad2/Hz}\n" RUN);
    assert_flown(ENGAGEMENT "target: {maneuver: weave, acceleration: 4 gravity, period: {mean: 1.5 s, sigma: 0.15 s}, "
                            "phase: {from: 0 degree, to: 90 degree}}\n"
                            "interceptor: {speed: 2 km/s, guidance: apn, seeker_lag: 0.1 s, autopilot_lag: 0.4 s, "
                            "autopilot_order: 3, " HANDOVER "}\nseeker: {glint: 0.04 m2/Hz}\n" RUN);
    assert_flown(ENGAGEMENT "target: {maneuver: spiral, acceleration: 5 gravity, period: 1 s, phase: {mean: 0 degree, "
                            "sigma: 60 degree}, roll: {mean: 30 degree, sigma: 20 degree}}\n"
                            "interceptor: {speed: 2 km/s, guidance: pn, seeker_lag: 0.2 s, filter_lag: 0.1 s, "
                            "autopilot_lag: 0.3 s, autopilot_order: 5, " HANDOVER
                            "}\nseeker: {blind_time: 20 ms}\n" RUN);
}

/* ---- what has no such budget ---- */

static void a_cell_with_a_limit_has_none(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct cell_parameters cell;
    struct zem_linear_budget budget;
    struct zem_error error = {0};
    good_cell(&scenario,
              ENGAGEMENT "target: {maneuver: step, acceleration: 3 gravity}\n"
                         "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, acceleration_limit: 30 gravity}\n" RUN,
              &cell);
    assert_int_equal(zem_linear_budget_find(&cell, 0, 0, &budget, &error), 1);
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sources_that_add_up_have_the_shares_of_the_adjoint),
        cmocka_unit_test(many_steps_have_the_same_shares),
        cmocka_unit_test(glint_over_many_steps_has_its_closed_form),
        cmocka_unit_test(a_step_has_the_shares_of_the_adjoint),
        cmocka_unit_test(a_start_that_hardly_varies_has_the_slope_of_the_response),
        cmocka_unit_test(waves_have_the_shares_of_the_adjoint),
        cmocka_unit_test(budgets_have_the_mean_square_of_flown_trials),
        cmocka_unit_test(a_cell_with_a_limit_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
