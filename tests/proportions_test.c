/* Exact tests and intervals of two proportions, compared with sums over all tables, with textbook values and, for their
 * coverage, with sums over all outcomes. Nothing is random. */
#include "base/proportions.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void assert_close(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.17g instead of %.17g", value, expected);
}

static struct zem_proportion of(uint64_t hits, uint64_t trials) { return (struct zem_proportion){hits, trials}; }

static double log_choose(double n, double k) { return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1); }

static double binomial(unsigned n, unsigned k, double p)
{
    return exp(log_choose(n, k) + k * log(p) + (n - k) * log1p(-p));
}

/* Returns the p-value of Fisher's exact test by its definition: the sum of the probabilities of all tables that are no
 * more probable than the observed one. */
static double fisher_by_definition(unsigned a, unsigned m, unsigned c, unsigned n)
{
    double sum = 0, own = log_choose(m, a) + log_choose(n, c) - log_choose(m + n, a + c);
    for (unsigned k = 0; k <= m && k <= a + c; k++)
        if (a + c - k <= n) {
            const double log_p = log_choose(m, k) + log_choose(n, a + c - k) - log_choose(m + n, a + c);
            sum += log_p <= own + 1e-7 ? exp(log_p) : 0;
        }
    return fmin(1, sum);
}

/* Fisher's tea (1935): 3 of 4 against 1 of 4 has the p-value 34/70. */
static void fisher_is_the_sum_over_all_tables(void **state)
{
    (void)state;
    assert_close(zem_proportions_fisher(of(3, 4), of(1, 4)), 34.0 / 70.0, 1e-12);
    const unsigned trials[][2] = {{1, 1}, {5, 9}, {12, 12}, {7, 40}, {30, 200}};
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        for (unsigned a = 0; a <= trials[i][0]; a++)
            for (unsigned c = 0; c <= trials[i][1]; c++)
                assert_close(zem_proportions_fisher(of(a, trials[i][0]), of(c, trials[i][1])),
                             fisher_by_definition(a, trials[i][0], c, trials[i][1]), 1e-9);
    assert_true(zem_proportions_fisher(of(0, 0), of(1, 2)) == 1);
}

static void the_least_p_value_is_the_least_of_all_tables(void **state)
{
    (void)state;
    for (uint64_t hits = 0; hits <= 52; hits++) {
        double least = 1;
        for (uint64_t a = hits > 40 ? hits - 40 : 0; a <= 12 && a <= hits; a++)
            least = fmin(least, zem_proportions_fisher(of(a, 12), of(hits - a, 40)));
        const uint64_t some = hits < 12 ? hits : 12;
        assert_close(zem_proportions_fisher_least(of(some, 12), of(hits - some, 40)), least, 1e-12);
    }
    for (uint64_t n = 0; n < 30; n++)
        assert_close(zem_proportions_sign_least(n), zem_proportions_sign(n, 0), 1e-12);
}

/* From a variance of 1e8 on the program uses the normal distribution. Just below and just above that variance the
 * p-values agree to 0.2 %, which the skewness explains. */
static void large_tables_join_the_normal_distribution(void **state)
{
    (void)state;
    const uint64_t trials[2] = {799000000, 801000000}; /* their eighth, the variance, lies just below and above 1e8 */
    for (double score = 0.5; score < 6; score += 0.5) {
        double p[2];
        for (int i = 0; i < 2; i++) {
            const double n = (double)trials[i];
            const uint64_t shift = (uint64_t)(score * sqrt(0.125 * n)), half = trials[i] / 2;
            p[i] = zem_proportions_fisher(of(half + shift, trials[i]), of(half - shift, trials[i]));
        }
        assert_close(p[0], p[1], 2e-3);
    }
    /* The sum of the discordant pairs is just below and just above 4e8. The counts are 3 deviations from their middle;
     * a deviation is half the root of the sum. */
    assert_close(zem_proportions_sign(199990000 - 30000, 199990000 + 30000),
                 zem_proportions_sign(200010000 - 30001, 200010000 + 30001), 2e-3);
}

/* A textbook value: 2 against 12 discordant pairs have the p-value 2 (1 + 14 + 91) / 2^14. */
static void the_sign_test_is_a_binomial_sum(void **state)
{
    (void)state;
    assert_close(zem_proportions_sign(2, 12), 2 * 106.0 / 16384.0, 1e-12);
    assert_close(zem_proportions_sign(12, 2), 2 * 106.0 / 16384.0, 1e-12);
    assert_true(zem_proportions_sign(0, 0) == 1);
    assert_true(zem_proportions_sign(7, 7) == 1);
    for (uint64_t a = 0; a <= 60; a++) {
        double sum = 0;
        for (uint64_t k = 0; k <= (a < 60 - a ? a : 60 - a); k++)
            sum += binomial(60, (unsigned)k, 0.5);
        assert_close(zem_proportions_sign(a, 60 - a), fmin(1, 2 * sum), 1e-11);
    }
}

static void binomial_tails_are_sums(void **state)
{
    (void)state;
    const double chances[] = {1e-6, 0.01, 0.3, 0.5, 0.9, 0.9999};
    for (size_t i = 0; i < 6; i++)
        for (unsigned k = 0; k <= 50; k++) {
            double below = 0, above = 0;
            for (unsigned j = 0; j <= 50; j++) {
                below += j <= k ? binomial(50, j, chances[i]) : 0;
                above += j >= k ? binomial(50, j, chances[i]) : 0;
            }
            if (!(fabs(zem_binomial_lower_tail(k, 50, chances[i]) - below) <= 1e-11 * fmax(below, 0.01))
                || !(fabs(zem_binomial_upper_tail(k, 50, chances[i]) - above) <= 1e-11 * fmax(above, 0.01)))
                fail_msg("%u of 50, p = %g", k, chances[i]);
        }
    assert_true(zem_binomial_upper_tail(0, 10, 0) == 1);
    assert_true(zem_binomial_lower_tail(10, 10, 1) == 1);
}

/* The worst dependence of two results is that their hits are equal or opposite, trial by trial. Whatever the
 * dependence, the test rejects one common p no more often than its level, because each of the two results alone causes
 * at most half of the rejections. The sums are over all hits of a result of 40 trials and of one of 200. */
static void the_test_for_any_dependence_holds_its_level(void **state)
{
    (void)state;
    for (double p = 0.05; p < 1; p += 0.3)
        for (double level = 0.001; level < 0.2; level *= 7) {
            double first = 0, second = 0;
            for (unsigned a = 0; a <= 40; a++) /* rejected although the other result shows exactly p */
                first += zem_proportions_dependent(of(a, 40), of((uint64_t)(p * 1000000), 1000000)) <= level
                             ? binomial(40, a, p)
                             : 0;
            for (unsigned c = 0; c <= 200; c++)
                second += zem_proportions_dependent(of(c, 200), of((uint64_t)(p * 1000000), 1000000)) <= level
                              ? binomial(200, c, p)
                              : 0;
            assert_true(first <= 0.5 * level * 1.01);
            assert_true(second <= 0.5 * level * 1.01);
        }
    assert_true(zem_proportions_dependent(of(3, 10), of(30, 100)) == 1);
    assert_true(zem_proportions_dependent(of(30, 100), of(90, 100)) < 1e-8);
}

/* For every pair of probabilities of a small grid, the interval of their difference contains the true difference with
 * at least the confidence asked for. The coverage is an exact sum over all outcomes. */
static void intervals_cover(void **state)
{
    (void)state;
    const double chances[] = {0.01, 0.1, 0.5, 0.97};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 4; k++) {
            const double p = chances[i], q = chances[k];
            double covered = 0;
            for (unsigned a = 0; a <= 10; a++)
                for (unsigned c = 0; c <= 30; c++) {
                    const struct zem_interval x = zem_proportions_interval(of(a, 10), of(c, 30), 0, 0.9);
                    covered += x.lower <= q - p && q - p <= x.upper ? binomial(10, a, p) * binomial(30, c, q) : 0;
                }
            if (covered < 0.9)
                fail_msg("p = %g, q = %g: covered %g", p, q, covered);
        }
    for (size_t i = 0; i < 3; i++) /* b and c are the probabilities of the first alone and of the second alone */
        for (size_t k = 0; k < 3; k++) {
            const double b = 0.6 * chances[i], c = chances[k];
            double covered = 0;
            for (unsigned n = 0; n <= 25; n++)
                for (unsigned m = 0; m + n <= 25; m++) {
                    const struct zem_interval x = zem_proportions_paired_interval(n, m, 25, 0.9);
                    covered += x.lower <= c - b && c - b <= x.upper
                                   ? binomial(25, n, b) * binomial(25 - n, m, c / (1 - b))
                                   : 0;
                }
            if (covered < 0.9)
                fail_msg("b = %g, c = %g: covered %g", b, c, covered);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fisher_is_the_sum_over_all_tables),
        cmocka_unit_test(the_least_p_value_is_the_least_of_all_tables),
        cmocka_unit_test(large_tables_join_the_normal_distribution),
        cmocka_unit_test(the_sign_test_is_a_binomial_sum),
        cmocka_unit_test(binomial_tails_are_sums),
        cmocka_unit_test(the_test_for_any_dependence_holds_its_level),
        cmocka_unit_test(intervals_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
