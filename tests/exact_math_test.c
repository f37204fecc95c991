/* exact_math.h, compared with the mathematical library in long double: the largest error in units of the last place
 * over fixed pseudo-random points, and exact values at special points. */
#include "base/exact_math.h"

#include "base/statistics.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { POINTS = 1000000 };

/* Returns a random number, uniform on [0, 1), by splitmix64 (Steele et al., 2014). */
static double uniform(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double ulp_error(double value, long double reference)
{
    if (reference == 0)
        return value == 0 ? 0 : 1e9;
    int exponent;
    frexpl(reference, &exponent);
    long double ulp = ldexpl(1.0L, (exponent < -1021 ? -1021 : exponent) - 53);
    return (double)(fabsl(value - reference) / ulp);
}

typedef double (*exact_function)(double);
typedef long double (*reference_function)(long double);

static double worst_error(exact_function exact, reference_function reference, double low, double high)
{
    uint64_t state = 1;
    double worst = 0;
    for (int i = 0; i < POINTS; i++) {
        double x = low + (high - low) * uniform(&state);
        double error = ulp_error(exact(x), reference(x));
        if (!(error <= worst))
            worst = error;
    }
    return worst;
}

static void check_bound(const char *name, exact_function exact, reference_function reference, double low, double high,
                        double bound)
{
    double worst = worst_error(exact, reference, low, high);
    print_message("%s on [%g, %g]: largest error %.3f ulp, bound %.2f\n", name, low, high, worst, bound);
    assert_true(worst <= bound);
}

static void exp_is_within_an_ulp(void **state)
{
    (void)state;
    check_bound("exp", zem_exact_exp, expl, -1, 1, 0.9);
    check_bound("exp", zem_exact_exp, expl, -708, 709, 0.9);
    check_bound("exp, subnormal results", zem_exact_exp, expl, -745, -708, 1.1);
}

static void log_is_within_an_ulp(void **state)
{
    (void)state;
    check_bound("log", zem_exact_log, logl, 0.7, 1.5, 0.95);
    check_bound("log", zem_exact_log, logl, 0, 1e6, 0.95);
    check_bound("log, subnormal arguments", zem_exact_log, logl, 0, DBL_MIN, 0.95);
    check_bound("log, near one", zem_exact_log, logl, 1 - 1e-6, 1 + 1e-6, 0.95);
}

static void sine_and_cosine_are_within_an_ulp(void **state)
{
    (void)state;
    check_bound("sin", zem_exact_sin, sinl, -3.2, 3.2, 0.95);
    check_bound("cos", zem_exact_cos, cosl, -3.2, 3.2, 0.95);
    check_bound("sin", zem_exact_sin, sinl, -99999, 99999, 0.95);
    check_bound("cos", zem_exact_cos, cosl, -99999, 99999, 0.95);
}

/* At the doubles nearest to multiples of pi/2 the reduction of the argument loses most digits. */
static void sine_and_cosine_are_within_an_ulp_beside_their_zeros(void **state)
{
    (void)state;
    double worst = 0;
    for (int n = 1; n < 63661; n++) {
        double x = (double)(n * 1.57079632679489661923L), sine, cosine;
        zem_exact_sincos(x, &sine, &cosine);
        double error = fmax(ulp_error(sine, sinl(x)), ulp_error(cosine, cosl(x)));
        worst = error > worst ? error : worst;
    }
    print_message("sincos beside multiples of pi/2: largest error %.3f ulp\n", worst);
    assert_true(worst <= 0.95);
}

static void special_values_are_exact(void **state)
{
    (void)state;
    assert_true(zem_exact_exp(0) == 1);
    assert_true(zem_exact_exp(-1000) == 0);
    assert_true(isinf(zem_exact_exp(1000)));
    assert_true(isnan(zem_exact_exp((double)NAN)));
    assert_true(zem_exact_log(1) == 0);
    assert_true(isinf(zem_exact_log(0)) && zem_exact_log(0) < 0);
    assert_true(isnan(zem_exact_log(-1)));
    assert_true(zem_exact_sin(0) == 0);
    assert_true(zem_exact_cos(0) == 1);
    assert_true(isnan(zem_exact_sin(1e5)));
}

static void the_normal_tail_keeps_its_digits(void **state)
{
    (void)state;
    double worst = 0, worst_inverse = 0;
    for (double x = -37; x < 9; x += 0.00137) {
        const double tail = zem_exact_normal_tail(x);
        const long double reference = 0.5L * erfcl(-(long double)x * 0.707106781186547524400844362104849039L);
        worst = fmax(worst, (double)fabsl((tail - reference) / reference));
        if (x < 0)
            worst_inverse = fmax(worst_inverse, fabs(zem_normal_quantile(tail) - x) / fmax(1, -x));
    }
    print_message("tail: largest relative error %g, of its inverse %g\n", worst, worst_inverse);
    assert_true(worst <= 2e-15 && worst_inverse <= 2e-15);
    assert_true(zem_exact_normal_tail(0) == 0.5 && zem_exact_normal_tail(-40) == 0 && zem_exact_normal_tail(40) == 1);
    assert_true(isnan(zem_exact_normal_tail((double)NAN)));
}

/* Recorded bits. A machine, compiler or option that changes one of them changes results. */
static void values_have_the_recorded_bits(void **state)
{
    (void)state;
    assert_true(zem_exact_exp(1) == 0x1.5bf0a8b14576ap+1);
    assert_true(zem_exact_log(10) == 0x1.26bb1bbb55516p+1);
    uint64_t random = 7;
    double sum = 0, tails = 0;
    for (int i = 0; i < 1000; i++) {
        double x = 20 * uniform(&random) - 10, sine, cosine;
        zem_exact_sincos(x, &sine, &cosine);
        sum += sine * cosine + zem_exact_exp(x) + zem_exact_log(1 + x * x);
    }
    print_message("sum of 1000 values: %a\n", sum);
    assert_true(sum == 0x1.077c845273b72p+20);
    for (int i = 0; i < 1000; i++)
        tails += zem_exact_normal_tail(20 * uniform(&random) - 10);
    print_message("sum of 1000 tails: %a\n", tails);
    assert_true(tails == 0x1.e5d3b5e644d04p+8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_an_ulp),
        cmocka_unit_test(log_is_within_an_ulp),
        cmocka_unit_test(sine_and_cosine_are_within_an_ulp),
        cmocka_unit_test(sine_and_cosine_are_within_an_ulp_beside_their_zeros),
        cmocka_unit_test(special_values_are_exact),
        cmocka_unit_test(the_normal_tail_keeps_its_digits),
        cmocka_unit_test(values_have_the_recorded_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
