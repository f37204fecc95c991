/* Colours of maps: the ends of the scale, and the nearest of 256 terminal colours. */
#include "view/color_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_scale_runs_from_violet_to_yellow(void **state)
{
    (void)state;
    assert_int_equal(zem_color_at(zem_color_viridis, 0), 0x440154);
    assert_int_equal(zem_color_at(zem_color_viridis, 2), 0xfde725);
}

static void black_and_white_are_found_among_256_colours(void **state)
{
    (void)state;
    assert_int_equal(zem_color_256(0x000000), 16);
    assert_int_equal(zem_color_256(0xFFFFFF), 231);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scale_runs_from_violet_to_yellow),
        cmocka_unit_test(black_and_white_are_found_among_256_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
