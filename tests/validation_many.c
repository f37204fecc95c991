/* From one engagement to many. Doctrines are compared with closed forms of elementary probability: firings until the
 * first success, binomial leakers, a common cause, imperfect looks. Ensembles are compared with the closed form of
 * proportional navigation without lags and with the covariance of the linear loop, integrated in the test. */
#include "validation.h"

#include "study/doctrine_shots.h"
#include "study/ensemble.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "plain_doctrine.h"

/* ---------------------------------------------------------------- doctrines */

#define DOCTRINES "Doctrines"
static void doctrine_row(const char *claim, const char *formula, double difference)
{
    named_row(DOCTRINES, claim, "", formula, "elementary probability", "", difference, ROUNDING);
}

/* The probability p that a salvo kills goes from 0.05 to 1, and the number n of salvos from 1 to 6. Every row has the
 * largest difference. */
void doctrines_follow_their_closed_forms(void **state)
{
    (void)state;
    double kill = 0, shots = 0, raid = 0, leakers = 0, common = 0, track = 0, looks = 0, spent = 0;
    for (unsigned n = 1; n <= 6; n++)
        for (int twentieth = 1; twentieth <= 20; twentieth++) {
            const double p = twentieth / 20.0, killed = 1 - pow(1 - p, n);
            struct zem_doctrine d = plain_doctrine(1, n, 1);
            kill = larger(kill, fabs(outcome_of(&d, p).no_leak - killed));
            d = plain_doctrine(n, 1, 1);
            shots = larger(shots, fabs(outcome_of(&d, p).salvos - killed / p));
            d = plain_doctrine(1, n, 7);
            raid = larger(raid, fabs(outcome_of(&d, p).no_leak - pow(killed, 7)));
            leakers = larger(leakers, fabs(outcome_of(&d, p).leakers - 7 * (1 - killed)));
            d.common = 0.9;
            common = larger(common, fabs(outcome_of(&d, p).no_leak - 0.9 * pow(killed, 7)));
            d.common = 1;
            d.track = 0.8;
            track = larger(track, fabs(outcome_of(&d, p).no_leak - pow(0.8 * killed, 7)));
            d = plain_doctrine(2, n, 1);
            d.kill_seen = 0.7;
            d.survivor_seen = 0.6;
            looks = larger(looks, fabs(outcome_of(&d, p).no_leak - killed * (1 + (1 - killed) * 0.6)));
            spent = larger(spent, fabs(outcome_of(&d, p).salvos - n * (1 + killed * 0.3 + (1 - killed) * 0.6)));
        }
    doctrine_row("n salvos at one target: kill", "1 - (1 - p)^n", kill);
    doctrine_row("one salvo at a time until a kill, at most n: expected salvos", "(1 - (1 - p)^n)/p", shots);
    doctrine_row("n salvos at each of W = 7 targets: P(no leak)", "(1 - (1 - p)^n)^W", raid);
    doctrine_row("n salvos at each of W = 7 targets: expected leakers", "W (1 - p)^n", leakers);
    doctrine_row("defence that works with q = 0.9: P(no leak)", "q (1 - (1 - p)^n)^W", common);
    doctrine_row("targets that are tracked with t = 0.8: P(no leak)", "(t (1 - (1 - p)^n))^W", track);
    doctrine_row("two volleys, survivors seen with s = 0.6: kill", "K (1 + (1 - K) s), K = 1 - (1 - p)^n", looks);
    doctrine_row("two volleys, kills seen with k = 0.7: expected salvos", "n (1 + K (1 - k) + (1 - K) s)", spent);
    rows_check();
}

/* ---------------------------------------------------------------- shots that share the target */

static double factorial(size_t n) { return n > 1 ? (double)n * factorial(n - 1) : 1; }

/* Returns the outcome where the probability that a salvo has M hits is proportional to weight[M]. The weights are whole
 * numbers. */
static struct zem_doctrine_estimate shared(const struct zem_doctrine *doctrine, size_t shots, const double *weight)
{
    struct zem_shot_classes classes;
    struct zem_doctrine_estimate estimate;
    zem_shot_classes_init(&classes, shots, false);
    for (size_t hits = 0; hits <= shots; hits++)
        classes.salvos[hits] = (uint64_t)(weight[hits] + 0.5);
    if (!zem_doctrine_shots_apply(doctrine, &classes, 1, 0.95, ZEM_WILSON, &estimate))
        fail_msg("no memory");
    return estimate;
}

static double differs(struct zem_doctrine_outcome a, struct zem_doctrine_outcome b)
{
    return larger(larger(fabs(a.no_leak - b.no_leak), fabs(a.leakers - b.leakers)), fabs(a.salvos - b.salvos));
}

/* Salvos of 8 shots, of which n = 1 to 8 are fired one at a time. A salvo hits always or never; or with a probability
 * that has a beta distribution; or always with the same probability. Every row has the largest difference. */
void shared_shots_follow_their_closed_forms(void **state)
{
    (void)state;
    enum { S = 8 };
    double kill = 0, shots = 0, beta = 0, fixed = 0, gap = 0;
    for (unsigned n = 1; n <= S; n++) {
        struct zem_doctrine d = plain_doctrine(n, 1, 1);
        const double levels[S + 1] = {[0] = 3, [S] = 7};
        const struct zem_doctrine_outcome binary = shared(&d, S, levels).value;
        kill = larger(kill, fabs(binary.no_leak - 0.7));
        shots = larger(shots, fabs(binary.salvos - (0.7 + 0.3 * n)));
        for (size_t a = 1; a <= 3; a++)
            for (size_t b = 1; b <= 3; b++) { /* P(M) ~ C(S, M) B(a + M, b + S - M) */
                double weight[S + 1], survives = 1;
                for (size_t m = 0; m <= S; m++)
                    weight[m] = factorial(S) / factorial(m) / factorial(S - m) * factorial(a + m - 1)
                                * factorial(b + S - m - 1);
                for (size_t k = 0; k < n; k++)
                    survives *= (double)(b + k) / (double)(a + b + k);
                const struct zem_doctrine_estimate found = shared(&d, S, weight);
                beta = larger(beta, fabs(found.value.leakers - survives));
                gap = larger(gap, found.value.no_leak - found.independent.no_leak);
            }
        double weight[S + 1];
        for (size_t m = 0; m <= S; m++)
            weight[m] = factorial(S) / factorial(m) / factorial(S - m) * pow(3, (double)m) * pow(7, (double)(S - m));
        d = plain_doctrine(n, 1, 3);
        d.inventory = 2 * n;
        d.kill_seen = 0.9;
        fixed = larger(fixed, differs(shared(&d, S, weight).value, outcome_of(&d, 0.3)));
    }
    doctrine_row("shots of one salvo that hit always (q = 0.7) or never: kill by n shots with looks", "q", kill);
    doctrine_row("shots of one salvo that hit always (q = 0.7) or never: expected shots", "q + (1 - q) n", shots);
    doctrine_row("shots of one salvo, p with a beta distribution: P(leak) after n shots", "B(a, b + n)/B(a, b)", beta);
    doctrine_row("shots of one salvo, p with a beta distribution: excess of P(no leak) over independent shots",
                 "at most 0", gap);
    doctrine_row("shots of one salvo, the same p: outcome of a raid with looks and an inventory",
                 "that of independent shots", fixed);
    rows_check();
}

/* ---------------------------------------------------------------- ensembles */

#define ENSEMBLES "Ensembles"
#define FLIGHT_TIME 3.0
#define CLOSING_SPEED 4000.0
#define SPEED 2000.0
#define SIGMA 0.01 /* of the heading error, rad */

static struct zem_ensemble flown_of(const struct flown *flown, uint64_t trials)
{
    const struct zem_ensemble_options options = {.trials = trials, .points = 40};
    struct zem_ensemble ensemble;
    struct zem_error error = {0};
    if (zem_ensemble_fly(&flown->scenario, &options, &ensemble, &error) != 0)
        fail_msg("%s", error.message);
    return ensemble;
}

static double deviation(const struct zem_ensemble *e, enum zem_ensemble_quantity quantity, size_t point)
{
    return e->series[quantity].deviation[point * ZEM_ENSEMBLE_COMPONENTS];
}

/* Without lags the zero-effort miss falls as the power N' of the time to go, the command is N' times the zero-effort
 * miss by the square of the time to go, and the line-of-sight rate the command by N' Vc. All trials have the same
 * history but for their size, so that the deviation over time is exact except for its size at the start. */
void ensembles_without_lags_follow_the_closed_form(void **state)
{
    (void)state;
    const double gain = 4;
    const uint64_t trials = trials_of(40000);
    struct flown flown;
    double miss = 0, acceleration = 0, rate = 0;
    read_only(
        &flown,
        "engagement: {kinematics: linear, flight_time: %g s, closing_speed: 4 km/s}\n"
        "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: %g, heading_error_y: {mean: 0 radian, sigma: "
        "%g radian}}\nseeker: {estimator: perfect, blind_time: 1 ms}\nscoring: {hit_radius: 1 m}\n"
        "run: {trials: 16, seed: 5}\n",
        FLIGHT_TIME, gain, SIGMA);
    struct zem_ensemble e = flown_of(&flown, trials);
    const double start = deviation(&e, ZEM_ENSEMBLE_MISS, 0) / pow(e.time_to_go[0] / FLIGHT_TIME, gain);
    for (size_t k = 0; k < e.points && e.time_to_go[k] > 0.1 * FLIGHT_TIME; k++) {
        const double to_go = e.time_to_go[k], right = start * pow(to_go / FLIGHT_TIME, gain);
        miss = larger(miss, fabs(deviation(&e, ZEM_ENSEMBLE_MISS, k) / right - 1));
        acceleration = larger(acceleration,
                              fabs(deviation(&e, ZEM_ENSEMBLE_ACCELERATION, k) / (gain * right / (to_go * to_go)) - 1));
        rate = larger(rate, fabs(deviation(&e, ZEM_ENSEMBLE_RATE, k) / (right / (CLOSING_SPEED * to_go * to_go)) - 1));
    }
    row_add((struct row){.part = ENSEMBLES,
                         .claim = "pn without lags, heading error: deviation of the zero-effort miss at the start",
                         .formula = "V sigma tF",
                         .source = "definition",
                         .unit = "standard errors",
                         .measured = fabs(start / (SPEED * SIGMA * FLIGHT_TIME) - 1) * sqrt(2.0 * (double)trials),
                         .limit = FALSE_ALARM_SIGMA,
                         .chance = NO_ALLOWANCE});
    named_row(ENSEMBLES, "pn without lags, heading error", ": deviation of the zero-effort miss over time",
              "(tgo/tF)^N'", "Zarchan, chapter 2", "%", 100 * miss, 0.3);
    named_row(ENSEMBLES, "pn without lags, heading error", ": deviation of the acceleration over time", "N' ZEM/tgo^2",
              "Zarchan, chapter 2", "%", 100 * acceleration, 0.3);
    named_row(ENSEMBLES, "pn without lags, heading error", ": deviation of the line-of-sight rate over time",
              "ZEM/(Vc tgo^2)", "Zarchan, chapter 2", "%", 100 * rate, 0.3);
    zem_ensemble_free(&e);
    flown_free(&flown);
    rows_check();
}

/* The loop of pn with one lag T in the seeker, per channel: y' = v, v' = -N' Vc x', x' = (y/(Vc tgo) + n - x)/T, where
 * n is white glint of density Phi/(Vc tgo)^2. The covariance P of (y, v, x) follows P' = A P + P A' + B B' Phi/(Vc
 * tgo)^2 (Gelb, Applied Optimal Estimation, 1974, chapter 3). */
struct covariance {
    double gain, lag, density, to_go;
    double p[3][3];
};

static void covariance_rate(const struct covariance *c, double to_go, double p[3][3], double rate[3][3])
{
    const double range = CLOSING_SPEED * to_go, k = -c->gain * CLOSING_SPEED / c->lag;
    const double a[3][3] = {{0, 1, 0}, {k / range, 0, -k}, {1 / (c->lag * range), 0, -1 / c->lag}},
                 b[3] = {0, k, 1 / c->lag};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++) {
            rate[i][j] = b[i] * b[j] * c->density / (range * range);
            for (int m = 0; m < 3; m++)
                rate[i][j] += a[i][m] * p[m][j] + p[i][m] * a[j][m];
        }
}

/* Integrates the covariance to the time to go `end`, s, by Runge-Kutta steps of a thousandth of the time to go. */
static void covariance_advance(struct covariance *c, double end)
{
    while (c->to_go > end) {
        const double h = fmin(fmin(1e-3 * c->to_go, 0.02 * c->lag), c->to_go - end), part[4] = {0, 0.5 * h, 0.5 * h, h};
        double rate[4][3][3], at[3][3];
        for (int stage = 0; stage < 4; stage++) {
            for (int i = 0; i < 9; i++)
                at[i / 3][i % 3] = c->p[i / 3][i % 3] + (stage > 0 ? part[stage] * rate[stage - 1][i / 3][i % 3] : 0.0);
            covariance_rate(c, c->to_go - part[stage], at, rate[stage]);
        }
        for (int i = 0; i < 9; i++)
            c->p[i / 3][i % 3] += h / 6
                                  * (rate[0][i / 3][i % 3] + 2 * rate[1][i / 3][i % 3] + 2 * rate[2][i / 3][i % 3]
                                     + rate[3][i / 3][i % 3]);
        c->to_go = h < c->to_go - end ? c->to_go - h : end;
    }
}

void ensembles_with_noise_follow_the_covariance(void **state)
{
    (void)state;
    const uint64_t trials = trials_of(40000);
    struct covariance c = {.gain = 3, .lag = 0.2, .density = 0.1, .to_go = FLIGHT_TIME};
    struct flown flown;
    double worst = 0;
    read_only(&flown,
              "engagement: {kinematics: linear, flight_time: %g s, closing_speed: 4 km/s}\n"
              "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: %g, seeker_lag: %g s}\n"
              "seeker: {glint: %g m2/Hz, blind_time: 1 ms}\nscoring: {hit_radius: 1 m}\nrun: {trials: 16, seed: 6}\n",
              FLIGHT_TIME, c.gain, c.lag, c.density);
    struct zem_ensemble e = flown_of(&flown, trials);
    for (size_t k = 1; k < e.points && e.time_to_go[k] > 0.02; k++) {
        const double to_go = e.time_to_go[k];
        covariance_advance(&c, to_go);
        const double right = sqrt(c.p[0][0] + 2 * to_go * c.p[0][1] + to_go * to_go * c.p[1][1]);
        worst = larger(worst, fabs(deviation(&e, ZEM_ENSEMBLE_MISS, k) / right - 1));
    }
    row_add((struct row){.part = ENSEMBLES,
                         .claim = "pn, one lag in the seeker, glint: deviation of the zero-effort miss at 40 times",
                         .formula = "P' = A P + P A' + B B' Phi/R^2",
                         .source = "integrated in the test",
                         .unit = "%",
                         .measured = 100 * worst,
                         .limit = 100 * (FALSE_ALARM_SIGMA + 1) / sqrt(2.0 * 40000) + 0.3,
                         .chance =
                             100 * (FALSE_ALARM_SIGMA + 1) * (1 / sqrt(2.0 * (double)trials) - 1 / sqrt(2.0 * 40000))});
    zem_ensemble_free(&e);
    flown_free(&flown);
    rows_check();
}
