/* Distributions, compared with their definitions. The quantile function is the inverse of the textbook's distribution
 * function, which the mathematical library evaluates, and the moments are integrals of it. Nothing is random. */
#include "scenario/distribution.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static double listed[] = {4.0, 1.0, 6.0}, weights[] = {2.0, 5.0, 3.0}, cumulative[] = {0.2, 0.7, 1.0};
static const struct zem_value_list list = {3, listed, weights, cumulative};

static const struct {
    const char *name;
    struct zem_value value;
} cases[] = {
    {"normal", {.distribution = ZEM_NORMAL, .first = 3.0, .second = 2.0}},
    {"uniform", {.distribution = ZEM_UNIFORM, .first = -1.0, .second = 4.0}},
    {"truncated", {.distribution = ZEM_TRUNCATED_NORMAL, .first = 4.0, .second = 3.0, .third = 1.0, .fourth = 9.0}},
    {"upper tail", {.distribution = ZEM_TRUNCATED_NORMAL, .first = 0.0, .second = 1.0, .third = 4.0, .fourth = 5.5}},
    {"lower tail", {.distribution = ZEM_TRUNCATED_NORMAL, .first = 0.0, .second = 1.0, .third = -9.0, .fourth = -3.0}},
    {"lognormal", {.distribution = ZEM_LOGNORMAL, .first = 5.0, .second = 1.5}},
    {"triangular", {.distribution = ZEM_TRIANGULAR, .first = 1.0, .second = 3.0, .third = 11.0}},
    {"right triangle", {.distribution = ZEM_TRIANGULAR, .first = 1.0, .second = 1.0, .third = 2.0}},
    {"list", {.distribution = ZEM_LIST, .list = &list}},
};
enum { CASES = sizeof cases / sizeof *cases };

static double tail(double z) { return 0.5 * erfc(-z * sqrt(0.5)); }

/* Returns the distribution function P(X < x) by its definition. */
static double below(const struct zem_value *v, double x)
{
    const double a = v->first, b = v->second, c = v->third, d = v->fourth;
    switch (v->distribution) {
    case ZEM_NORMAL:
        return tail((x - a) / b);
    case ZEM_UNIFORM:
        return (x - a) / (b - a);
    case ZEM_TRUNCATED_NORMAL: /* above the mean by upper tails, because 1 - tail loses digits */
        if (c > a)
            return (tail((a - c) / b) - tail((a - x) / b)) / (tail((a - c) / b) - tail((a - d) / b));
        return (tail((x - a) / b) - tail((c - a) / b)) / (tail((d - a) / b) - tail((c - a) / b));
    case ZEM_LOGNORMAL:
        return tail(log(x / a) / log(b));
    case ZEM_TRIANGULAR:
        return x < b ? (x - a) * (x - a) / ((c - a) * (b - a)) : 1.0 - (c - x) * (c - x) / ((c - a) * (c - b));
    default:
        return NAN;
    }
}

static void quantiles_invert_the_distribution_function(void **state)
{
    (void)state;
    for (int k = 0; k < CASES; k++)
        for (double u = 1e-6; cases[k].value.distribution != ZEM_LIST && u < 1.0; u += 0.00713) {
            const double x = zem_distribution_from_uniform(&cases[k].value, u);
            if (!(fabs(below(&cases[k].value, x) - u) <= 1e-12))
                fail_msg("%s: F(Q(%g)) = %.17g", cases[k].name, u, below(&cases[k].value, x));
        }
}

static void a_normal_gives_the_value_of_its_tail(void **state)
{
    (void)state;
    for (int k = 0; k < CASES; k++)
        for (double z = -6.0; z < 6.0; z += 0.113) {
            const double x = zem_distribution_from_normal(&cases[k].value, z),
                         y = zem_distribution_from_uniform(&cases[k].value, tail(z));
            /* Near 1, u = P(Z < z) has lost digits: its error of 1e-16 changes z by 1e-16 / density of z. */
            const double slack = 1e-14 + 4e-16 / (exp(-0.5 * z * z) * 0.3989);
            if (!(fabs(x - y) <= 20.0 * slack))
                fail_msg("%s: %.17g and %.17g at z = %g", cases[k].name, x, y, z);
        }
}

/* The mean and the variance are integrals of the quantile function, here by the midpoint rule. Its error in the tails
 * is about 1e-5 of the spread. */
static void moments_are_the_integrals_of_the_quantiles(void **state)
{
    (void)state;
    enum { POINTS = 400000 };
    for (int k = 0; k < CASES; k++) {
        double mean = 0.0, square = 0.0;
        for (int i = 0; i < POINTS; i++) {
            const double x = zem_distribution_from_uniform(&cases[k].value, (i + 0.5) / POINTS);
            mean += x / POINTS;
            square += x * x / POINTS;
        }
        const double spread = square - mean * mean;
        if (!(fabs(zem_distribution_mean(&cases[k].value) - mean) <= 1e-5 * sqrt(spread))
            || !(fabs(zem_distribution_mean_square(&cases[k].value) - square) <= 1e-4 * spread))
            fail_msg("%s: mean %.9g and square %.9g, integrals %.9g and %.9g", cases[k].name,
                     zem_distribution_mean(&cases[k].value), zem_distribution_mean_square(&cases[k].value), mean,
                     square);
    }
}

static void draws_stay_in_the_support(void **state)
{
    (void)state;
    const double ends[] = {0x1p-53, 1e-12, 0.3, 1.0 - 1e-12, 1.0 - 0x1p-53};
    for (int k = 0; k < CASES; k++)
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            double low, high;
            zem_distribution_support(&cases[k].value, &low, &high);
            const double x = zem_distribution_from_uniform(&cases[k].value, ends[i]);
            assert_true(x >= low && x <= high);
        }
}

static void a_list_has_its_weights(void **state)
{
    (void)state;
    const struct zem_value value = {.distribution = ZEM_LIST, .list = &list};
    assert_true(zem_distribution_from_uniform(&value, 0.199999) == 4.0);
    assert_true(zem_distribution_from_uniform(&value, 0.2) == 1.0);
    assert_true(zem_distribution_from_uniform(&value, 0.699999) == 1.0);
    assert_true(zem_distribution_from_uniform(&value, 0.7) == 6.0);
    assert_true(fabs(zem_distribution_mean(&value) - (0.8 + 0.5 + 1.8)) < 1e-15);
}

static void a_distribution_without_width_is_its_constant(void **state)
{
    (void)state;
    const struct zem_value still[] = {
        {.distribution = ZEM_CONSTANT, .first = 2.0},
        {.distribution = ZEM_NORMAL, .first = 2.0},
        {.distribution = ZEM_UNIFORM, .first = 2.0, .second = 2.0},
        {.distribution = ZEM_TRUNCATED_NORMAL, .first = 2.0, .third = 1.0, .fourth = 3.0},
        {.distribution = ZEM_LOGNORMAL, .first = 2.0, .second = 1.0},
        {.distribution = ZEM_TRIANGULAR, .first = 2.0, .second = 2.0, .third = 2.0},
    };
    for (size_t i = 0; i < sizeof still / sizeof *still; i++) {
        double low, high;
        char text[240];
        zem_distribution_support(&still[i], &low, &high);
        assert_true(low == 2.0 && high == 2.0);
        assert_true(zem_distribution_mean(&still[i]) == 2.0 && zem_distribution_mean_square(&still[i]) == 4.0);
        assert_true(zem_distribution_from_uniform(&still[i], 0.9) == 2.0);
        assert_false(zem_value_fault(&zem_key_table[ZEM_KEY_INTERCEPTOR_SPEED], &still[i], text, sizeof text));
    }
}

static void refuse(enum zem_key key, struct zem_value value, const char *part)
{
    char text[240] = "";
    assert_true(zem_value_fault(&zem_key_table[key], &value, text, sizeof text));
    if (strstr(text, part) == NULL)
        fail_msg("\"%s\" has no \"%s\"", text, part);
}

static void unsound_distributions_are_refused(void **state)
{
    (void)state;
    const enum zem_key speed = ZEM_KEY_INTERCEPTOR_SPEED, lag = ZEM_KEY_SEEKER_LAG, roll = ZEM_KEY_ROLL;
    char text[240];
    refuse(speed, (struct zem_value){.distribution = ZEM_NORMAL, .first = 9.0, .second = 1.0}, "truncate it");
    refuse(speed, (struct zem_value){.distribution = ZEM_UNIFORM, .first = 0.0, .second = 1.0}, "greater than zero");
    refuse(lag, (struct zem_value){.distribution = ZEM_UNIFORM, .first = -1.0, .second = 1.0}, "not be negative");
    refuse(roll, (struct zem_value){.distribution = ZEM_UNIFORM, .first = 2.0, .second = 1.0}, "exchange them");
    refuse(roll, (struct zem_value){.distribution = ZEM_NORMAL, .second = -1.0}, "must not be negative");
    refuse(roll, (struct zem_value){.distribution = ZEM_LOGNORMAL, .first = -1.0, .second = 2.0}, "median");
    refuse(roll, (struct zem_value){.distribution = ZEM_LOGNORMAL, .first = 1.0, .second = 0.5}, "geometric_sigma");
    refuse(roll, (struct zem_value){.distribution = ZEM_TRIANGULAR, .first = 1.0, .second = 0.5, .third = 2.0},
           "increasing order");
    refuse(roll, (struct zem_value){.distribution = ZEM_TRUNCATED_NORMAL, .second = 1.0, .third = 7.0, .fourth = 8.0},
           "less than 1e-9");
    refuse(roll, (struct zem_value){.distribution = ZEM_TRUNCATED_NORMAL, .second = 1.0, .third = 7.0, .fourth = 7.0},
           "less than to");
    refuse(speed, (struct zem_value){.first = -(double)NAN}, "finite");
    const struct zem_value lognormal = {.distribution = ZEM_LOGNORMAL, .first = 1.0, .second = 2.0};
    assert_false(zem_value_fault(&zem_key_table[speed], &lognormal, text, sizeof text));
    const struct zem_value half = {.distribution = ZEM_TRUNCATED_NORMAL, .second = 1.0, .fourth = 7.0};
    assert_false(zem_value_fault(&zem_key_table[lag], &half, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_invert_the_distribution_function),
        cmocka_unit_test(a_normal_gives_the_value_of_its_tail),
        cmocka_unit_test(moments_are_the_integrals_of_the_quantiles),
        cmocka_unit_test(draws_stay_in_the_support),
        cmocka_unit_test(a_list_has_its_weights),
        cmocka_unit_test(a_distribution_without_width_is_its_constant),
        cmocka_unit_test(unsound_distributions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
