/* Sobol' indices of functions whose indices are known in closed form, and how often their intervals contain the true
 * values.
 *
 * Every random check counts the intervals of RUNS repetitions that miss the true value. It fails if a binomial count
 * with the stated confidence would be as large with a probability below 1e-6. The seeds are fixed. There are fewer than
 * 60 such checks, so that fewer than one of 10,000 seeds gives a false alarm. */
#include "study/sobol.h"

#include "base/random_numbers.h"
#include "base/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS_MAX = 4, TRIALS = 1000, RUNS = 400 };
#define CONFIDENCE 0.95
static const double PI = 3.14159265358979323846;

/* A function of independent inputs, uniform on (0, 1), with `components` outputs. `counted`: the output is 0 or 1. */
struct known {
    size_t inputs, components;
    bool counted;
    void (*value)(const double *input, double *output);
};

/* The outputs of one repetition, and the estimates from them. `own` has the outputs of all trials with their own
 * inputs, `partner` those with other inputs, and exchanged[i] those with input i taken from the partner. */
struct sample {
    struct zem_sobol_sample sample;
    double own[2 * TRIALS], partner[2 * TRIALS], exchanged[INPUTS_MAX][2 * TRIALS];
    const double *pointer[INPUTS_MAX];
    struct zem_sobol_estimate first[INPUTS_MAX], total[INPUTS_MAX];
    struct zem_sobol_indices indices;
};

static void estimate(struct sample *s, const struct known *f, uint64_t seed)
{
    uint64_t state = seed;
    struct zem_error error = {0};
    for (size_t j = 0; j < TRIALS; j++) {
        double a[INPUTS_MAX], b[INPUTS_MAX], c[INPUTS_MAX];
        for (size_t i = 0; i < f->inputs; i++) {
            a[i] = zem_random_uniform(&state);
            b[i] = zem_random_uniform(&state);
        }
        f->value(a, s->own + j * f->components);
        f->value(b, s->partner + j * f->components);
        for (size_t i = 0; i < f->inputs; i++) {
            memcpy(c, a, sizeof c);
            c[i] = b[i];
            f->value(c, s->exchanged[i] + j * f->components);
        }
    }
    for (size_t i = 0; i < f->inputs; i++)
        s->pointer[i] = s->exchanged[i];
    s->sample = (struct zem_sobol_sample){.trials = TRIALS,
                                          .components = f->components,
                                          .own = s->own,
                                          .partner = s->partner,
                                          .sources = f->inputs,
                                          .exchanged = s->pointer,
                                          .counted = f->counted,
                                          .confidence = CONFIDENCE};
    s->indices.first = s->first;
    s->indices.total = s->total;
    assert_int_equal(zem_sobol_estimate(&s->sample, &s->indices, &error), 0);
}

static unsigned missed(struct zem_sobol_estimate e, double right)
{
    assert_true(e.lower <= e.value && e.value <= e.upper);
    /* an exact estimate, whose interval is a point, differs from the true value by rounding */
    return right < e.lower - 1e-9 || right > e.upper + 1e-9;
}

static void assert_covers(unsigned misses, const char *what, size_t input)
{
    if (misses > 0 && zem_binomial_upper_tail(misses, RUNS, 1.0 - CONFIDENCE) < 1e-6)
        fail_msg("%u of %d intervals of %s %zu miss the true value", misses, RUNS, what, input);
}

static void assert_close(double found, double right, double tolerance)
{
    if (!(fabs(found - right) <= tolerance))
        fail_msg("%.17g, expected %.17g", found, right);
}

/* Repeats the estimates RUNS times. Checks how often the intervals miss the true first-order indices, total indices and
 * variance, and the share of interactions that follows from them. */
static void assert_intervals_cover(const struct known *f, const double *first, const double *total, double variance,
                                   uint64_t seed)
{
    struct sample *s = calloc(1, sizeof *s);
    unsigned first_missed[INPUTS_MAX] = {0}, total_missed[INPUTS_MAX] = {0}, variance_missed = 0, rest_missed = 0;
    double rest = 1.0;
    assert_non_null(s);
    for (size_t i = 0; i < f->inputs; i++)
        rest -= first[i];
    for (uint64_t run = 0; run < RUNS; run++) {
        estimate(s, f, seed + (run << 32));
        for (size_t i = 0; i < f->inputs; i++) {
            first_missed[i] += missed(s->first[i], first[i]);
            total_missed[i] += missed(s->total[i], total[i]);
        }
        variance_missed += missed(s->indices.variance, variance);
        rest_missed += missed(s->indices.interactions, rest);
    }
    for (size_t i = 0; i < f->inputs; i++) {
        assert_covers(first_missed[i], "first-order index", i);
        assert_covers(total_missed[i], "total index", i);
    }
    assert_covers(variance_missed, "variance", 0);
    assert_covers(rest_missed, "interactions", 0);
    free(s);
}

/* ---- functions ---- */

/* The function of Ishigami and Homma (1990): sin x1 + 7 sin^2 x2 + x3^4 sin x1 / 10, x uniform on (-pi, pi). */
static void ishigami(const double *u, double *y)
{
    const double x1 = PI * (2 * u[0] - 1), x2 = PI * (2 * u[1] - 1), x3 = PI * (2 * u[2] - 1);
    y[0] = sin(x1) + 7 * sin(x2) * sin(x2) + 0.1 * pow(x3, 4) * sin(x1);
}

static void indices_of_the_ishigami_function_are_in_their_intervals(void **state)
{
    (void)state;
    const struct known f = {.inputs = 3, .components = 1, .value = ishigami};
    const double v1 = 0.5 * pow(1 + 0.1 * pow(PI, 4) / 5, 2), v2 = 49.0 / 8, v13 = 8 * 0.01 * pow(PI, 8) / 225,
                 v = v1 + v2 + v13;
    const double first[] = {v1 / v, v2 / v, 0}, total[] = {(v1 + v13) / v, v2 / v, v13 / v};
    assert_intervals_cover(&f, first, total, v, 1);
}

/* Sobol's g-function (Saltelli and Sobol' 1995): the product of (|4 u - 2| + a) / (1 + a) over the inputs. */
static const double G[] = {0, 1, 4.5, 9};
static void g_function(const double *u, double *y)
{
    y[0] = 1;
    for (int i = 0; i < 4; i++)
        y[0] *= (fabs(4 * u[i] - 2) + G[i]) / (1 + G[i]);
}

static void indices_of_the_g_function_are_in_their_intervals(void **state)
{
    (void)state;
    const struct known f = {.inputs = 4, .components = 1, .value = g_function};
    double v[4], all = 1, first[4], total[4];
    for (int i = 0; i < 4; i++) {
        v[i] = 1 / (3 * pow(1 + G[i], 2));
        all *= 1 + v[i];
    }
    for (int i = 0; i < 4; i++) {
        first[i] = v[i] / (all - 1);
        total[i] = v[i] * all / (1 + v[i]) / (all - 1);
    }
    assert_intervals_cover(&f, first, total, all - 1, 2);
}

/* A vector of two components, (3 n1 + n2, n2 - 2 n3), n standard normal. The second input acts on both. */
static double normal(double u) { return zem_normal_quantile(u); }
static void vector_sum(const double *u, double *y)
{
    y[0] = 3 * normal(u[0]) + normal(u[1]);
    y[1] = normal(u[1]) - 2 * normal(u[2]);
}

static void components_of_a_vector_are_added(void **state)
{
    (void)state;
    const struct known f = {.inputs = 3, .components = 2, .value = vector_sum};
    const double share[] = {9.0 / 15, 2.0 / 15, 4.0 / 15};
    assert_intervals_cover(&f, share, share, 15, 3);
}

/* The event that 0.8 n1 + 0.6 n2 is above 0. If b and c are normal with the correlation r, P(b > 0, c > 0) = 1/4 +
 * asin(r)/(2 pi) (Sheppard 1899). */
static void above_zero(const double *u, double *y) { y[0] = 0.8 * normal(u[0]) + 0.6 * normal(u[1]) > 0; }

static void indices_of_a_frequent_event_are_in_their_intervals(void **state)
{
    (void)state;
    const struct known f = {.inputs = 2, .components = 1, .counted = true, .value = above_zero};
    const double first[] = {2 / PI * asin(0.64), 2 / PI * asin(0.36)};
    const double total[] = {1 - 2 / PI * asin(0.36), 1 - 2 / PI * asin(0.64)};
    assert_intervals_cover(&f, first, total, 0.25, 4);
}

/* The event that either of two rare events happens; the third input has no effect. With q = 1 - p for each event, the
 * variance is V = q1 q2 (1 - q1 q2). The first-order index of input 1 is Var(E[y|1])/V with Var(E[y|1]) = q2^2 q1 (1 -
 * q1), and its total index is E[Var(y|2)]/V with E[Var(y|2)] = q2 q1 (1 - q1). */
static double P[2];
static void either(const double *u, double *y) { y[0] = u[0] < P[0] || u[1] < P[1]; }

static void assert_rare_covers(double p1, double p2, uint64_t seed)
{
    const struct known f = {.inputs = 3, .components = 1, .counted = true, .value = either};
    const double q1 = 1 - p1, q2 = 1 - p2, v = q1 * q2 * (1 - q1 * q2);
    const double first[] = {q2 * q2 * q1 * p1 / v, q1 * q1 * q2 * p2 / v, 0},
                 total[] = {q2 * q1 * p1 / v, q1 * q2 * p2 / v, 0};
    P[0] = p1;
    P[1] = p2;
    assert_intervals_cover(&f, first, total, v, seed);
}

static void indices_of_rare_events_are_in_their_intervals(void **state)
{
    (void)state;
    assert_rare_covers(0.004, 0.002, 5);
    assert_rare_covers(0.1, 0.0005, 6);
    assert_rare_covers(0.97, 0.5, 7); /* that neither happens is rare */
}

/* The output is 1 if two independent events of probabilities p1 and p2 both happen; the third input has no effect. With
 * p = p1 p2, Var(E[y|1]) = p2^2 p1 (1 - p1) and Var(y) = p (1 - p). If p2 is small, the output is 1 both before and
 * after the exchange of input 1 in hardly any trial. */
static void both(const double *u, double *y) { y[0] = u[0] < P[0] && u[1] < P[1]; }

static void assert_both_cover(double p1, double p2, uint64_t seed)
{
    const struct known f = {.inputs = 3, .components = 1, .counted = true, .value = both};
    const double p = p1 * p2, first[] = {p2 * (1 - p1) / (1 - p), p1 * (1 - p2) / (1 - p), 0},
                 total[] = {1 - first[1], 1 - first[0], 0};
    P[0] = p1;
    P[1] = p2;
    assert_intervals_cover(&f, first, total, p * (1 - p), seed);
}

static void indices_of_events_that_hardly_recur_are_in_their_intervals(void **state)
{
    (void)state;
    assert_both_cover(0.9, 0.03, 10);
    assert_both_cover(0.5, 0.08, 11);
    assert_both_cover(0.2, 0.15, 12);
}

/* Checks the confidence limits of a total index if few trials have a 1 in any output. A trial has two outputs that are
 * compared: `own` from its own inputs, and `exchanged` after one input was replaced. In `ones` trials both outputs are
 * 1. In `different` trials only `own` is 1. In all other trials both are 0. */
static void assert_exact_limits(size_t ones, size_t different)
{
    struct sample *s = calloc(1, sizeof *s);
    struct zem_error error = {0};
    assert_non_null(s);
    for (size_t j = 0; j < ones + different; j++)
        s->own[j] = s->partner[TRIALS - 1 - j] = 1;
    for (size_t j = 0; j < ones; j++)
        s->exchanged[0][j] = 1;
    s->pointer[0] = s->exchanged[0];
    s->sample = (struct zem_sobol_sample){.trials = TRIALS,
                                          .components = 1,
                                          .own = s->own,
                                          .partner = s->partner,
                                          .sources = 1,
                                          .exchanged = s->pointer,
                                          .counted = true,
                                          .confidence = CONFIDENCE};
    s->indices.first = s->first;
    s->indices.total = s->total;
    assert_int_equal(zem_sobol_estimate(&s->sample, &s->indices, &error), 0);
    /* `pairs` trials have a 1 in `own` or in `exchanged`. If these two outputs differ in the share d of them, half the
     * sum of the squared differences is pairs d/2, and the mean of the two outputs has the sum pairs (1 - d/2). The
     * total index is the ratio of these two, divided by 1 - mean. */
    const double pairs = (double)(ones + different), mean = pairs / TRIALS;
    const struct zem_interval d = zem_interval_binomial(different, ones + different, CONFIDENCE, ZEM_CLOPPER_PEARSON);
    const double low = 0.5 * d.lower * pairs, high = 0.5 * d.upper * pairs;
    assert_close(s->total[0].lower, low / (pairs - low) / (1 - mean), 1e-9);
    assert_close(s->total[0].upper, high / (pairs - high) / (1 - mean), 1e-9);
    free(s);
}

static void few_differences_have_exact_limits(void **state)
{
    (void)state;
    assert_exact_limits(40, 0);
    assert_exact_limits(40, 7);
    assert_exact_limits(90, 29);
}

/* ---- what holds exactly ---- */

static void only_first(const double *u, double *y) { y[0] = exp(u[0]); }

static void a_single_source_has_all_and_the_others_nothing(void **state)
{
    (void)state;
    const struct known f = {.inputs = 2, .components = 1, .value = only_first};
    struct sample *s = calloc(1, sizeof *s);
    assert_non_null(s);
    estimate(s, &f, 8);
    assert_close(s->first[0].value, 1, 1e-9); /* rounding of a thousand products */
    assert_close(s->total[0].lower, 1, 1e-6); /* the root of such a rounding error */
    assert_close(s->first[1].value, 0, 1e-9);
    assert_close(s->total[1].upper, 0, 1e-6);
    assert_close(s->indices.interactions.value, 0, 1e-9);
    free(s);
}

static void constant(const double *u, double *y) { y[0] = 3 + 0 * u[0]; }

static void nothing_is_said_of_an_output_that_does_not_vary(void **state)
{
    (void)state;
    const struct known f = {.inputs = 2, .components = 1, .value = constant};
    struct sample *s = calloc(1, sizeof *s);
    struct zem_error error = {0};
    assert_non_null(s);
    estimate(s, &f, 9);
    assert_true(isnan(s->first[0].value) && isnan(s->total[1].upper) && isnan(s->indices.interactions.value));
    assert_close(s->indices.mean.value, 3, 0);
    assert_close(s->indices.variance.value, 0, 0);
    s->sample.trials = ZEM_SOBOL_LEAST - 1;
    assert_int_equal(zem_sobol_estimate(&s->sample, &s->indices, &error), 0);
    assert_true(isnan(s->indices.variance.value));
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_of_the_ishigami_function_are_in_their_intervals),
        cmocka_unit_test(indices_of_the_g_function_are_in_their_intervals),
        cmocka_unit_test(components_of_a_vector_are_added),
        cmocka_unit_test(indices_of_a_frequent_event_are_in_their_intervals),
        cmocka_unit_test(indices_of_rare_events_are_in_their_intervals),
        cmocka_unit_test(indices_of_events_that_hardly_recur_are_in_their_intervals),
        cmocka_unit_test(few_differences_have_exact_limits),
        cmocka_unit_test(a_single_source_has_all_and_the_others_nothing),
        cmocka_unit_test(nothing_is_said_of_an_output_that_does_not_vary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
