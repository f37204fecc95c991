/* What a view of a result selects. A slice takes the nearest point of an axis, and impossible views are refused with a
 * sentence. The results are made up (synthetic_result.h). */
#include "synthetic_result.h"

#include "view/view.h"
#include "text_has.h"

#include <math.h>

static void slices_take_the_nearest_point(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view view;
    struct zem_error error = {0};
    char text[200];
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const char *const slices[] = {"target.acceleration=4.4 gravity"};
    assert_int_equal(
        zem_view_init(&view, &result, &(struct zem_view_options){.slices = slices, .slice_count = 1}, &error), 0);
    assert_int_equal(view.axis_count, 1);
    assert_int_equal(view.axis[0], 1);
    zem_view_held_text(&view, text, sizeof text);
    assert_string_equal(text, "acceleration = 4 gravity");
    assert_true(view.value[0] == (double)zem_result_hits(&result, 2 * 4, 0) / 1000);
    zem_view_free(&view);
    synthetic_free(&result, &scenario);
}

/* With at most 4 of the 6 accelerations and 3 of the 4 periods permitted, the view has every second of each. */
static void a_thinned_view_has_every_nth_point(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_view whole, thinned;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct zem_view_options few = {.columns_max = 4, .rows_max = 3, .map_without_interval = true};
    assert_int_equal(zem_view_init(&whole, &result, &(struct zem_view_options){0}, &error), 0);
    assert_int_equal(zem_view_init(&thinned, &result, &few, &error), 0);
    assert_true(whole.columns == 6 && whole.rows == 4 && thinned.columns == 3 && thinned.rows == 2);
    assert_true(whole.low != NULL && thinned.low == NULL && thinned.high == NULL);
    for (size_t row = 0; row < 2; row++)
        for (size_t column = 0; column < 3; column++) {
            const double value = thinned.value[row * 3 + column], same = whole.value[2 * row * 6 + 2 * column];
            assert_true(value == same || (isnan(value) && isnan(same)));
            assert_true(zem_view_point(&thinned, 0, column) == scenario.axis[0].display[2 * column]);
            assert_true(zem_view_point(&thinned, 1, row) == scenario.axis[1].display[2 * row]);
        }
    zem_view_free(&whole);
    zem_view_free(&thinned);
    synthetic_free(&result, &scenario);
}

static void wrong_views_are_usage_errors(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    synthetic_init(&result, &scenario, SYNTHETIC_TWO_AXES);
    const struct {
        const char *variable, *slice;
        size_t radius;
        const char *word;
    } cases[] = {
        {"p_hitt", NULL, 0, "p_hit_lower"},
        {"p_salvo", NULL, 0, "salvos only"},
        {"miss_counts", NULL, 0, "too many values"},
        {NULL, NULL, 3, "3 hit radii"},
        {NULL, "altitude=3", 0, "acceleration, period"},
        {NULL, "period=9", 0, "from 0.5 to 4 s"},
        {NULL, "period=2 km", 0, "unit of this axis is s"},
        {NULL, "period=x", 0, "number"},
        {NULL, "period", 0, "axis=value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zem_view view;
        struct zem_error error = {0};
        struct zem_view_options options = {.variable = cases[i].variable,
                                           .radius = cases[i].radius,
                                           .slices = &cases[i].slice,
                                           .slice_count = cases[i].slice != NULL};
        assert_int_equal(zem_view_init(&view, &result, &options, &error), ZEM_USAGE);
        assert_has(error.message, cases[i].word);
    }
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_take_the_nearest_point),
        cmocka_unit_test(a_thinned_view_has_every_nth_point),
        cmocka_unit_test(wrong_views_are_usage_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
