/* The panels of a picture lie within the margins and do not overlap. If a picture is too small, the message names a
 * size that is large enough. */
#include "view/plot_layout.h"

#include "text_has.h"

#include <math.h>
#include <stdio.h>

#include <cmocka.h>

static struct zem_layout layout_of(size_t columns, size_t rows)
{
    return (struct zem_layout){.left = 40,
                               .right = 30,
                               .bottom = 35,
                               .top = 20,
                               .gap_x = 10,
                               .gap_y = 15,
                               .columns = columns,
                               .rows = rows,
                               .width = 500};
}

static void panels_lie_apart_within_the_margins(void **state)
{
    (void)state;
    struct zem_layout layout = layout_of(3, 2);
    struct zem_figure figure = {.width = 500, .height = 400, .font = 10};
    struct zem_error error = {0};
    assert_int_equal(zem_layout_fit(&layout, &figure, 1.0, &error), ZEM_OK);
    for (size_t i = 0; i < 6; i++) {
        const struct zem_box box = zem_layout_panel(&layout, i);
        assert_true(box.left >= 40 - 1e-9 && box.right <= 470 + 1e-9 && box.bottom >= 35 - 1e-9
                    && box.top <= 380 + 1e-9);
        assert_true(fabs(box.right - box.left - zem_layout_panel_width(&layout)) < 1e-9);
        if (i % 3 > 0)
            assert_true(fabs(box.left - zem_layout_panel(&layout, i - 1).right - 10) < 1e-9);
        if (i >= 3)
            assert_true(fabs(zem_layout_panel(&layout, i - 3).bottom - box.top - 15) < 1e-9);
    }
    const struct zem_box all = zem_layout_panels(&layout);
    assert_true(all.left == 40 && all.right == 470 && all.bottom == 35 && all.top == 380);
}

static void a_height_that_is_not_given_follows_from_the_width(void **state)
{
    (void)state;
    struct zem_layout layout = layout_of(1, 1);
    struct zem_figure figure = {.width = 500, .font = 10};
    struct zem_error error = {0};
    assert_int_equal(zem_layout_fit(&layout, &figure, 0.5, &error), ZEM_OK);
    const struct zem_box box = zem_layout_panel(&layout, 0);
    assert_true(fabs((box.top - box.bottom) / (box.right - box.left) - 0.5) < 0.01);
    assert_true(figure.height == layout.height);
}

static void a_picture_that_is_too_small_names_a_size_that_is_not(void **state)
{
    (void)state;
    struct zem_layout layout = layout_of(3, 2);
    struct zem_figure figure = {.width = 100, .height = 60, .font = 10};
    struct zem_error error = {0};
    double width, height;
    assert_int_equal(zem_layout_fit(&layout, &figure, 1.0, &error), ZEM_USAGE);
    const char *least = strstr(error.message, "at least ");
    assert_non_null(least);
    assert_int_equal(sscanf(least, "at least %lf mm x %lf mm", &width, &height), 2);
    figure.width = width * 72 / 25.4;
    figure.height = height * 72 / 25.4;
    assert_int_equal(zem_layout_fit(&layout, &figure, 1.0, &error), ZEM_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(panels_lie_apart_within_the_margins),
        cmocka_unit_test(a_height_that_is_not_given_follows_from_the_width),
        cmocka_unit_test(a_picture_that_is_too_small_names_a_size_that_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
