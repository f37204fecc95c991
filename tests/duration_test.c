/* Durations as people say them, also where rounding carries into the next unit. */
#include "base/duration.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void is_written(double seconds, const char *expected)
{
    char text[40];
    assert_string_equal(zem_duration_format(seconds, text, sizeof text), expected);
}

static void seconds_to_years_have_their_own_units(void **state)
{
    (void)state;
    is_written(0.0, "0 s");
    is_written(0.01234, "0.0123 s");
    is_written(5.5, "5.5 s");
    is_written(422.0, "7 min 2 s");
    is_written(3.0 * 3600.0 + 20.0 * 60.0, "3 h 20 min");
    is_written(86400.0, "1 day");
    is_written(1e6, "11 days 14 h"); /* 11 days are 950,400 s, and 49,600 s are 13.8 h */
    is_written(1e9, "32 years");     /* 31.7 Julian years */
}

static void rounding_carries_into_the_next_unit(void **state)
{
    (void)state;
    is_written(59.9, "59.9 s");
    is_written(59.97, "1 min");
    is_written(119.7, "2 min");
    is_written(3599.6, "1 h");
    is_written(86399.0, "1 day");
    is_written(2.0 * 86400.0 - 1.0, "2 days");
}

static void what_is_no_duration_is_unknown(void **state)
{
    (void)state;
    is_written(-1.0, "unknown");
    is_written(NAN, "unknown");
    is_written(INFINITY, "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_to_years_have_their_own_units),
        cmocka_unit_test(rounding_carries_into_the_next_unit),
        cmocka_unit_test(what_is_no_duration_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
