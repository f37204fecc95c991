/* Colours of maps: the ends of the scale, and the nearest of 256 terminal colours. */
#include "view/color_map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

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

/* Printed in grey, or seen by people who see few colours, a map is read by its lightness alone, which therefore rises
 * from end to end. The weights of red, green and blue are those of ITU-R BT.601. */
static void every_map_is_read_in_grey(void **state)
{
    (void)state;
    const char *names = ZEM_COLOR_MAP_NAMES;
    for (size_t i = 0; i < ZEM_COLOR_MAPS; i++) {
        const char *name = zem_color_maps[i].name;
        assert_memory_equal(names, name, strlen(name));
        names += strlen(name) + (names[strlen(name)] == ' ');
        double before = -1.0;
        for (int k = 0; k < ZEM_COLOR_STOPS; k++) {
            const uint32_t color = zem_color_maps[i].stops[k];
            const double luma = 0.299 * (color >> 16) + 0.587 * (color >> 8 & 0xFF) + 0.114 * (color & 0xFF);
            assert_true(luma > before + 1.0);
            before = luma;
        }
    }
    assert_string_equal(names, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scale_runs_from_violet_to_yellow),
        cmocka_unit_test(every_map_is_read_in_grey),
        cmocka_unit_test(black_and_white_are_found_among_256_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
