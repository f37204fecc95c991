/* Intervals of the mean of a bounded number. With two possible values they are those of a binomial probability. With
 * three, their coverage is summed over every possible sample, so that nothing is left to chance. */
#include "base/bounded_mean.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void assert_near(double found, double right)
{
    if (!(fabs(found - right) <= 1e-12 * fmax(1, fabs(right))))
        fail_msg("%.17g, expected %.17g", found, right);
}

static struct zem_interval interval_of(const uint64_t *count, const double *value, size_t classes, double confidence,
                                       enum zem_interval_method method)
{
    const struct zem_mean_shift shift = zem_bounded_mean_shift(count, value, classes, confidence, method);
    double low = value[0], high = value[0], sum = 0, all = 0;
    for (size_t i = 0; i < classes; i++) {
        low = fmin(low, value[i]);
        high = fmax(high, value[i]);
        sum += (double)count[i] * value[i];
        all += (double)count[i];
    }
    assert_true(shift.down >= 0 && shift.down <= 1 && shift.up >= 0 && shift.up <= 1);
    return (struct zem_interval){(1 - shift.down) * sum / all + shift.down * low,
                                 (1 - shift.up) * sum / all + shift.up * high};
}

static void two_values_are_a_binomial_count(void **state)
{
    (void)state;
    for (uint64_t hits = 0; hits <= 40; hits++)
        for (int method = 0; method < ZEM_INTERVAL_METHODS; method++) {
            const uint64_t count[] = {40 - hits, hits / 2, hits - hits / 2};
            const double value[] = {-2, 5, 5};
            const enum zem_interval_method how = (enum zem_interval_method)method;
            const struct zem_interval found = interval_of(count, value, 3, 0.95, how),
                                      right = zem_interval_binomial(hits, 40, 0.95, how);
            assert_near(found.lower, -2 + 7 * right.lower);
            assert_near(found.upper, -2 + 7 * right.upper);
        }
}

/* Nine observations and a half at the high end count as nine for the lower limit, and as ten for the upper. */
static void clopper_pearson_rounds_outward(void **state)
{
    (void)state;
    const uint64_t count[] = {30, 1, 9};
    const double value[] = {0, 0.5, 1};
    const struct zem_interval found = interval_of(count, value, 3, 0.95, ZEM_CLOPPER_PEARSON);
    assert_near(found.lower, zem_interval_binomial(9, 40, 0.95, ZEM_CLOPPER_PEARSON).lower);
    assert_near(found.upper, zem_interval_binomial(10, 40, 0.95, ZEM_CLOPPER_PEARSON).upper);
}

static void a_constant_has_no_interval(void **state)
{
    (void)state;
    const uint64_t count[] = {3, 4};
    const double value[] = {0.25, 0.25};
    const struct zem_mean_shift shift = zem_bounded_mean_shift(count, value, 2, 0.95, ZEM_WILSON);
    assert_true(shift.down == 0 && shift.up == 0);
}

/* In large samples the interval is the mean and z times its standard error. */
static void large_samples_have_the_normal_interval(void **state)
{
    (void)state;
    const uint64_t count[] = {300000000, 500000000, 200000000};
    const double value[] = {1, 2, 4}, mean = 2.1, error = sqrt((0.3 * 1.21 + 0.5 * 0.01 + 0.2 * 3.61) / 1e9);
    const struct zem_interval found = interval_of(count, value, 3, 0.95, ZEM_WILSON);
    assert_true(fabs((found.upper - mean) / (1.959963984540054 * error) - 1) < 1e-3);
    assert_true(fabs((mean - found.lower) / (1.959963984540054 * error) - 1) < 1e-3);
}

/* Returns the probability that the interval of `n` observations holds the mean. */
static double coverage(const double *value, const double *chance, unsigned n, enum zem_interval_method method)
{
    double mean = 0, covered = 0;
    for (int i = 0; i < 3; i++)
        mean += chance[i] * value[i];
    for (unsigned a = 0; a <= n; a++)
        for (unsigned b = 0; a + b <= n; b++) {
            const uint64_t count[] = {a, b, n - a - b};
            const struct zem_interval found = interval_of(count, value, 3, 0.9, method);
            if (found.lower <= mean + 1e-12 && mean <= found.upper + 1e-12)
                covered += exp(lgamma(n + 1.0) - lgamma(a + 1.0) - lgamma(b + 1.0) - lgamma(n - a - b + 1.0)
                               + a * log(chance[0]) + b * log(chance[1]) + (n - a - b) * log(chance[2]));
        }
    return covered;
}

/* The confidence is 90 %. The value in the middle lies near an end or not, and those at the ends are so rare that on
 * average 0.1 to 10 of 40 observations have them. */
static void rare_values_are_covered(void **state)
{
    (void)state;
    static const double rare[] = {0.1, 1, 3, 10}, middle[] = {0.1, 0.6};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++)
            for (int m = 0; m < 2; m++)
                for (int method = 0; method < ZEM_INTERVAL_METHODS; method++) {
                    const double value[] = {0, middle[m], 1},
                                 chance[] = {rare[i] / 40, 1 - (rare[i] + rare[j]) / 40, rare[j] / 40};
                    const double found = coverage(value, chance, 40, (enum zem_interval_method)method);
                    if (found < 0.9)
                        fail_msg("%g at the low end, %g at the high end, middle %g, method %d: %.4f", rare[i], rare[j],
                                 middle[m], method, found);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_values_are_a_binomial_count), cmocka_unit_test(clopper_pearson_rounds_outward),
        cmocka_unit_test(a_constant_has_no_interval),      cmocka_unit_test(large_samples_have_the_normal_interval),
        cmocka_unit_test(rare_values_are_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
