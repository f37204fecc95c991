/* The score of two proportions, by which results with different seeds are compared, against the textbook. */
#include "result/difference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* By hand: 40/100 against 55/100, pooled 0.475, z = 0.15 / sqrt(0.475 * 0.525 * 0.02) = 2.123977. */
static void scores_are_those_of_the_textbook(void **state)
{
    (void)state;
    assert_true(fabs(zem_two_proportion_score(40, 100, 55, 100) - 2.123977) < 1e-6);
    assert_true(fabs(zem_two_proportion_score(55, 100, 40, 100) + 2.123977) < 1e-6);
    assert_true(zem_two_proportion_score(10, 10, 20, 20) == 0.0);
    assert_true(isnan(zem_two_proportion_score(0, 0, 1, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_the_textbook),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
