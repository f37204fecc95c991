/* Intervals and quantiles, compared with closed forms, with their definitions and with simulation. The seeds were
 * chosen before any result was seen. Simulated coverages have limits of five standard deviations, which chance exceeds
 * once in two million runs. */
#include "base/kernel_types.h"
#include "result/result_variables.h"
#include "base/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define REPLICAS 2000

static void assert_close(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

/* Returns a random number, uniform on [0, 1), by splitmix64. */
static double random_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Returns P(B = k) for B binomial(n, p), by logarithms, so that nothing overflows or underflows for the n used here. */
static double binomial(unsigned n, unsigned k, double p)
{
    return exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) + (n - k) * log1p(-p));
}

static void normal_quantile_has_known_values(void **state)
{
    (void)state;
    assert_close(zem_normal_quantile(0.975), 1.95996398454005423552, 2e-15);
    assert_close(zem_normal_quantile(0.025), -1.95996398454005423552, 2e-15);
    assert_close(zem_normal_quantile(0.75), 0.67448975019608174320, 2e-15);
    assert_close(zem_normal_quantile(0.995), 2.57582930354890076044, 2e-15);
    assert_close(zem_normal_quantile(1e-10), -6.36134090240405620, 2e-15);
    assert_close(zem_normal_quantile(1e-300), -37.0470962993612008, 2e-15);
    assert_true(zem_normal_quantile(0.5) == 0);
    for (double p = 1e-12; p < 1; p += 0.00390625) /* the definition, over the whole range and where formulas meet */
        assert_close(0.5 * erfc(-zem_normal_quantile(p) / sqrt(2.0)), p, 1e-13);
}

static void wilson_has_known_values(void **state)
{
    (void)state;
    const double z2 = 1.95996398454005423552 * 1.95996398454005423552;
    struct zem_interval none = zem_interval_binomial(0, 10, 0.95, ZEM_WILSON);
    assert_true(none.lower == 0);
    assert_close(none.upper, z2 / (10 + z2), 1e-14);
    struct zem_interval all = zem_interval_binomial(10, 10, 0.95, ZEM_WILSON);
    assert_true(all.upper == 1);
    assert_close(all.lower, 10 / (10 + z2), 1e-14);
    struct zem_interval half = zem_interval_binomial(5, 10, 0.95, ZEM_WILSON); /* limits 1/2 -+ z / (2 sqrt(n + z^2)) */
    assert_close(half.lower, 0.5 - 0.5 * sqrt(z2) / sqrt(10 + z2), 1e-14);
    assert_close(half.upper, 0.5 + 0.5 * sqrt(z2) / sqrt(10 + z2), 1e-14);
}

static void clopper_pearson_has_closed_forms_at_the_ends(void **state)
{
    (void)state;
    const uint64_t trials[] = {1, 2, 10, 1000, 1000000, UINT64_C(1) << 40, UINT64_C(1) << 56};
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        double n = (double)trials[i];
        struct zem_interval none = zem_interval_binomial(0, trials[i], 0.95, ZEM_CLOPPER_PEARSON);
        assert_true(none.lower == 0);
        assert_close(none.upper, -expm1(log(0.025) / n), 1e-14);
        struct zem_interval all = zem_interval_binomial(trials[i], trials[i], 0.95, ZEM_CLOPPER_PEARSON);
        assert_true(all.upper == 1);
        assert_close(all.lower, exp(log(0.025) / n), 1e-14);
        struct zem_interval one = zem_interval_binomial(1, trials[i] + 1, 0.95, ZEM_CLOPPER_PEARSON);
        assert_close(one.lower, -expm1(log1p(-0.025) / (n + 1)), 1e-14);
    }
    struct zem_interval half = zem_interval_binomial(5, 10, 0.95, ZEM_CLOPPER_PEARSON);
    assert_close(half.lower, 0.18708602844739852, 1e-14);
    assert_close(half.upper, 0.81291397155260148, 1e-14);
}

/* At the lower limit of the interval k or more hits have the probability alpha/2; at the upper limit k or fewer hits
 * do. */
static void clopper_pearson_meets_its_definition(void **state)
{
    (void)state;
    const double confidence[] = {0.1, 0.5, 0.95, 0.9999};
    for (size_t c = 0; c < 4; c++)
        for (unsigned n = 2; n < 60; n += 7)
            for (unsigned k = 1; k < n; k++) {
                double tail = 0.5 * (1 - confidence[c]), above = 0, below = 0;
                struct zem_interval interval = zem_interval_binomial(k, n, confidence[c], ZEM_CLOPPER_PEARSON);
                for (unsigned j = k; j <= n; j++)
                    above += binomial(n, j, interval.lower);
                for (unsigned j = 0; j <= k; j++)
                    below += binomial(n, j, interval.upper);
                assert_close(above, tail, 1e-9);
                assert_close(below, tail, 1e-9);
            }
}

static void intervals_stay_sound_for_huge_counts(void **state)
{
    (void)state;
    for (uint64_t n = 1000; n <= UINT64_C(1) << 56; n *= 8)
        for (uint64_t k = 1; k < n; k += n / 3) {
            struct zem_interval exact = zem_interval_binomial(k, n, 0.95, ZEM_CLOPPER_PEARSON);
            struct zem_interval wilson = zem_interval_binomial(k, n, 0.95, ZEM_WILSON);
            double p = (double)k / (double)n;
            assert_true(0 < exact.lower && exact.lower <= p && p <= exact.upper && exact.upper <= 1);
            assert_true(0 < wilson.lower && wilson.lower <= p && p <= wilson.upper && wilson.upper <= 1);
            if (n < UINT64_C(1) << 45) { /* beyond, a limit near 1 rounds to it */
                assert_true(exact.lower < p && p < exact.upper && exact.upper < 1);
                assert_true(wilson.lower < p && p < wilson.upper && wilson.upper < 1);
            }
            if (k > n / 4 && k < n - n / 4) { /* nearly normal: the widths agree to a part in sqrt(n) */
                double ratio = (exact.upper - exact.lower) / (wilson.upper - wilson.lower);
                assert_true(fabs(ratio - 1) < 3 / sqrt((double)n) + 1e-6);
            }
        }
    struct zem_interval nothing = zem_interval_binomial(0, 0, 0.95, ZEM_WILSON);
    assert_true(nothing.lower == 0 && nothing.upper == 1);
}

/* Returns the exact coverage of an interval, as a sum over the binomial distribution. Nothing is random. */
static double coverage(unsigned n, double p, double confidence, enum zem_interval_method method)
{
    double covered = 0;
    for (unsigned k = 0; k <= n; k++) {
        struct zem_interval interval = zem_interval_binomial(k, n, confidence, method);
        if (interval.lower <= p && p <= interval.upper)
            covered += binomial(n, k, p);
    }
    return covered;
}

static void clopper_pearson_never_covers_less_than_promised(void **state)
{
    (void)state;
    double least = 1;
    for (double p = 0.003; p < 1; p += 0.0119)
        least = fmin(least, coverage(100, p, 0.95, ZEM_CLOPPER_PEARSON));
    assert_true(least >= 0.95);
}

static void wilson_covers_as_promised_on_average(void **state)
{
    (void)state;
    double sum = 0;
    int count = 0;
    for (double p = 0.05; p < 0.95; p += 0.0119, count++)
        sum += coverage(200, p, 0.95, ZEM_WILSON);
    assert_true(fabs(sum / count - 0.95) < 0.005);
}

/* 2,000 replicas of a cell with known p. The fraction of intervals that contain p is binomial about the exact
 * coverage. */
static void simulated_coverage_is_the_exact_one(void **state)
{
    (void)state;
    const double ps[] = {0.02, 0.1, 0.5, 0.97};
    uint64_t random = 20240517;
    for (size_t i = 0; i < 4; i++)
        for (int method = ZEM_WILSON; method <= ZEM_CLOPPER_PEARSON; method++) {
            const unsigned n = 500;
            double exact = coverage(n, ps[i], 0.95, (enum zem_interval_method)method);
            unsigned covered = 0;
            for (int replica = 0; replica < REPLICAS; replica++) {
                unsigned hits = 0;
                for (unsigned k = 0; k < n; k++)
                    hits += random_number(&random) < ps[i];
                struct zem_interval interval = zem_interval_binomial(hits, n, 0.95, (enum zem_interval_method)method);
                covered += interval.lower <= ps[i] && ps[i] <= interval.upper;
            }
            double limit = 5 * sqrt(exact * (1 - exact) / REPLICAS);
            assert_true(fabs((double)covered / REPLICAS - exact) < limit);
            assert_true(exact > 0.92);
        }
}

/* ---- quantiles ---- */

#define SLOTS 102
static void edges_from_one_to_two(double *edges)
{
    for (int i = 0; i < SLOTS - 1; i++)
        edges[i] = 1 + i / 100.0;
}

static void a_quantile_is_interpolated_in_the_logarithm(void **state)
{
    (void)state;
    const double edges[] = {1, 10, 100};
    const uint64_t counts[] = {0, 100, 100, 0};
    struct zem_quantile quantile = zem_quantile_from_histogram(counts, edges, 4, 0.25, 0.95);
    assert_close(quantile.value, sqrt(10.0), 1e-14); /* half of the first decade, in the logarithm */
    assert_true(quantile.lower == 1 && quantile.upper == 10);
    assert_close(zem_quantile_estimate(counts, edges, 4, 0.75), sqrt(1000.0), 1e-14);
    struct zem_quantile median = zem_quantile_from_histogram(counts, edges, 4, 0.5, 0.95);
    assert_close(median.value, 10, 1e-14);
    assert_true(median.lower == 1 && median.upper == 100); /* the median is the edge at 10, which is not proven from
                                                              either side */
}

static void a_quantile_beyond_the_histogram_is_open_ended(void **state)
{
    (void)state;
    const double edges[] = {1, 10, 100};
    const uint64_t none[] = {0, 0, 0, 0}, under[] = {1000, 0, 0, 0}, over[] = {0, 0, 0, 1000}, few[] = {0, 3, 0, 0};
    struct zem_quantile quantile = zem_quantile_from_histogram(none, edges, 4, 0.5, 0.95);
    assert_true(isnan(quantile.value) && isnan(quantile.lower) && isnan(quantile.upper));
    quantile = zem_quantile_from_histogram(under, edges, 4, 0.5, 0.95);
    assert_close(quantile.value, 0.5, 1e-14);
    assert_true(quantile.lower == 0 && quantile.upper == 1);
    quantile = zem_quantile_from_histogram(over, edges, 4, 0.5, 0.95);
    assert_true(isinf(quantile.value) && quantile.lower == 100 && isinf(quantile.upper));
    quantile = zem_quantile_from_histogram(few, edges, 4, 0.5, 0.95); /* three samples leave 2 * 2^-3 > 0.05 */
    assert_true(quantile.value > 1 && quantile.value < 10 && quantile.lower == 0 && isinf(quantile.upper));
}

/* zem_quantile_estimates gives each level what zem_quantile_estimate gives it alone. The histograms have gaps, a single
 * slot, or nothing but underflow or overflow. */
static void estimates_of_several_levels_are_those_of_each(void **state)
{
    (void)state;
    double edges[SLOTS - 1], estimates[7];
    const double levels[] = {0.01, 0.05, 0.25, 0.5, 0.5, 0.95, 0.999};
    uint64_t random = 135792468;
    edges_from_one_to_two(edges);
    for (int replica = 0; replica < 200; replica++) {
        uint64_t counts[SLOTS] = {0};
        for (int k = 0; k < replica; k++)
            counts[replica % 5 == 0 ? (size_t)(replica % 2) * (SLOTS - 1) : (size_t)(SLOTS * random_number(&random))]++;
        zem_quantile_estimates(counts, edges, SLOTS, levels, 7, estimates);
        for (size_t i = 0; i < 7; i++) {
            const double alone = zem_quantile_from_histogram(counts, edges, SLOTS, levels[i], 0.95).value;
            assert_memory_equal(&estimates[i], &alone, sizeof alone);
        }
    }
}

/* The median of 100 samples lies between the order statistics 40 and 61 (David and Nagaraja, Order Statistics, 7.1).
 * The samples are 1 to 100, one in each slot; sample 40 lies above edge 40 and sample 61 below edge 62. */
static void quantile_interval_has_the_ranks_of_the_tables(void **state)
{
    (void)state;
    double edges[SLOTS - 1];
    uint64_t counts[SLOTS];
    for (int i = 0; i < SLOTS - 1; i++)
        edges[i] = i + 1; /* slot i holds sample i, between edges i and i + 1 */
    for (int i = 0; i < SLOTS; i++)
        counts[i] = i >= 1 && i <= 100;
    struct zem_quantile interval = zem_quantile_from_histogram(counts, edges, SLOTS, 0.5, 0.95);
    assert_true(interval.lower == 40);
    assert_true(interval.upper == 62);
}

static void quantile_interval_covers_as_promised(void **state)
{
    (void)state;
    double edges[SLOTS - 1];
    const double ps[] = {0.05, 0.5, 0.95};
    uint64_t random = 987654321;
    edges_from_one_to_two(edges);
    for (size_t i = 0; i < 3; i++) {
        unsigned covered = 0;
        for (int replica = 0; replica < REPLICAS; replica++) {
            uint64_t counts[SLOTS] = {0};
            for (int k = 0; k < 400; k++)
                counts[1 + (int)(100 * random_number(&random))]++;
            struct zem_quantile interval = zem_quantile_from_histogram(counts, edges, SLOTS, ps[i], 0.95);
            covered += interval.lower <= 1 + ps[i] && 1 + ps[i] <= interval.upper;
        }
        assert_true((double)covered / REPLICAS > 0.95 - 5 * sqrt(0.95 * 0.05 / REPLICAS));
    }
}

/* ---- the rest ---- */

static void histogram_edges_are_the_nearest_floats(void **state)
{
    (void)state;
    const double *edges = zem_histogram_edges();
    for (int i = 0; i <= ZEM_HISTOGRAM_BINS; i++) {
        long double exact = powl(10.0L, -3 + i / 32.0L);
        float edge = (float)edges[i];
        double ulp = (double)(nextafterf(edge, (float)INFINITY) - edge);
        assert_true((double)edge == edges[i]);
        assert_true((double)fabsl(exact - (long double)edge) <= 0.5000001 * ulp);
    }
    assert_true(edges[96] == 1 && edges[ZEM_HISTOGRAM_BINS] == 100000);
}

/* Returns the probability that the interval contains the true difference p - q, summed over all outcomes of 25
 * trials. */
static double paired_coverage(double p, double q, double confidence)
{
    enum { TRIALS = 25 };
    double covered = 0.0;
    for (unsigned gained = 0; gained <= TRIALS; gained++)
        for (unsigned lost = 0; gained + lost <= TRIALS; lost++) {
            const struct zem_interval i = zem_interval_paired(gained, lost, TRIALS, confidence);
            const unsigned rest = TRIALS - gained - lost;
            if (i.lower <= p - q && p - q <= i.upper)
                covered += exp(lgamma(TRIALS + 1.0) - lgamma(gained + 1.0) - lgamma(lost + 1.0) - lgamma(rest + 1.0))
                           * pow(p, gained) * pow(q, lost) * pow(1.0 - p - q, rest);
        }
    return covered;
}

static void the_interval_of_a_paired_difference_covers_it(void **state)
{
    (void)state;
    static const double share[] = {0.0, 0.004, 0.02, 0.05, 0.1, 0.2, 0.45};
    enum { SHARES = sizeof share / sizeof *share };
    for (size_t i = 0; i < SHARES; i++)
        for (size_t k = 0; k < SHARES; k++) {
            assert_true(paired_coverage(share[i], share[k], 0.95) >= 0.95);
            assert_true(paired_coverage(share[i], share[k], 0.99) >= 0.99);
        }
}

/* If no pair differs, the share of pairs that gain a hit and the share that lose one are each below 1 - tail^(1/n). The
 * sign of the difference is unknown. */
static void pairs_that_all_agree_leave_an_interval(void **state)
{
    (void)state;
    const struct zem_interval i = zem_interval_paired(0, 0, 1000, 0.95);
    assert_close(i.upper, -expm1(log(0.025) / 1000.0), 1e-12);
    assert_true(i.lower == -i.upper);
    const struct zem_interval none = zem_interval_paired(0, 0, 0, 0.95);
    assert_true(none.lower == -1.0 && none.upper == 1.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantile_has_known_values),
        cmocka_unit_test(wilson_has_known_values),
        cmocka_unit_test(clopper_pearson_has_closed_forms_at_the_ends),
        cmocka_unit_test(clopper_pearson_meets_its_definition),
        cmocka_unit_test(intervals_stay_sound_for_huge_counts),
        cmocka_unit_test(clopper_pearson_never_covers_less_than_promised),
        cmocka_unit_test(wilson_covers_as_promised_on_average),
        cmocka_unit_test(simulated_coverage_is_the_exact_one),
        cmocka_unit_test(the_interval_of_a_paired_difference_covers_it),
        cmocka_unit_test(pairs_that_all_agree_leave_an_interval),
        cmocka_unit_test(a_quantile_is_interpolated_in_the_logarithm),
        cmocka_unit_test(a_quantile_beyond_the_histogram_is_open_ended),
        cmocka_unit_test(estimates_of_several_levels_are_those_of_each),
        cmocka_unit_test(quantile_interval_has_the_ranks_of_the_tables),
        cmocka_unit_test(quantile_interval_covers_as_promised),
        cmocka_unit_test(histogram_edges_are_the_nearest_floats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
