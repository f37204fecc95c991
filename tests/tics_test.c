/* Tics of axes of all kinds are at round places within the axis, with labels that do not overlap. Random axes have
 * fixed seeds, and every one of them must pass. */
#include "view/tics.h"

#include "view/text_fit.h"
#include "text_has.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static double part_of(const struct zem_tic_axis *axis, double value)
{
    return axis->logarithmic ? log(value / axis->first) / log(axis->last / axis->first)
                             : (value - axis->first) / (axis->last - axis->first);
}

static void check(const struct zem_tic_axis *axis)
{
    struct zem_tics tics;
    zem_tics_choose(&tics, axis);
    double end = -1e9;
    for (size_t i = 0; i < tics.count; i++) {
        const double at = part_of(axis, tics.place[i]),
                     half = 0.5 * (axis->across ? zem_text_width(tics.label[i]) : 1.0);
        assert_true(at > -1e-6 && at < 1.0 + 1e-6);
        if (at * axis->length - half < end)
            fail_msg("from %g to %g: %s touches the label before it", axis->first, axis->last, tics.label[i]);
        end = at * axis->length + half;
        assert_true(tics.widest >= zem_text_width(tics.label[i]));
    }
    for (size_t i = 0; i < tics.minor_count; i++)
        assert_true(part_of(axis, tics.minor[i]) > -1e-6 && part_of(axis, tics.minor[i]) < 1.0 + 1e-6);
    if (axis->length > 40.0 && tics.count < 2)
        fail_msg("from %g to %g: %zu tics", axis->first, axis->last, tics.count);
}

static double uniform(double low, double high) { return low + (high - low) * (rand() / (RAND_MAX + 1.0)); }

static void labels_stand_apart_on_any_axis(void **state)
{
    (void)state;
    srand(11);
    for (int i = 0; i < 20000; i++) {
        struct zem_tic_axis axis = {.logarithmic = i % 2, .across = i / 2 % 2, .superscripts = i / 4 % 2};
        axis.length = pow(10.0, uniform(0.6, 2.3));
        axis.first = axis.logarithmic || i % 3 ? pow(10.0, uniform(-9.0, 9.0)) : -pow(10.0, uniform(-3.0, 3.0));
        axis.last = axis.logarithmic ? axis.first * pow(10.0, uniform(0.05, 14.0))
                                     : axis.first + fabs(axis.first) * pow(10.0, uniform(-3.0, 3.0));
        check(&axis);
    }
}

static void choose(struct zem_tics *tics, double first, double last, bool logarithmic, double length)
{
    zem_tics_choose(tics, &(struct zem_tic_axis){first, last, logarithmic, true, length, true});
}

static void many_decades_have_powers_of_ten(void **state)
{
    (void)state;
    struct zem_tics tics;
    choose(&tics, 0.5e-6, 20.0, true, 34.0);
    assert_int_equal(tics.count, 8);
    assert_string_equal(tics.label[0], "10\xe2\x81\xbb\xe2\x81\xb6");
    assert_string_equal(tics.label[7], "10\xc2\xb9");
    choose(&tics, 0.5e-6, 20.0, true, 14.0);
    assert_int_equal(tics.count, 4); /* every second decade */
    zem_tics_choose(&tics, &(struct zem_tic_axis){0.5e-6, 20.0, true, true, 34.0, false});
    assert_string_equal(tics.label[0], "1e-06");
}

static void few_decades_have_more_tics(void **state)
{
    (void)state;
    struct zem_tics tics;
    choose(&tics, 0.2, 5.0, true, 40.0);
    assert_true(tics.count >= 5);
    assert_string_equal(tics.label[0], "0.2");
    choose(&tics, 2.1, 2.9, true, 40.0);
    assert_true(tics.count >= 2 && tics.place[0] >= 2.1 && tics.place[tics.count - 1] < 2.9 + 1e-9);
}

static void linear_tics_are_round(void **state)
{
    (void)state;
    struct zem_tics tics;
    choose(&tics, -0.2, 10.2, false, 12.0);
    assert_int_equal(tics.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_true(fabs(tics.place[i] - 2.0 * (double)i) < 1e-9);
    choose(&tics, 1000000.0, 1000010.0, false, 60.0); /* labels differ */
    for (size_t i = 1; i < tics.count; i++)
        assert_string_not_equal(tics.label[i], tics.label[i - 1]);
    choose(&tics, 1.0, 1.0, false, 20.0);
    assert_int_equal(tics.count, 0);
}

/* From 0.5 to 9.5 in five letters neither 2, 4, 6, 8 nor 0, 5, 10 gives two tics whose labels fit. Steps of three
 * do. */
static void a_narrow_axis_has_two_tics(void **state)
{
    (void)state;
    struct zem_tics tics;
    choose(&tics, 0.5, 9.5, false, 5.0);
    assert_int_equal(tics.count, 3);
    assert_string_equal(tics.label[0], "3");
    assert_string_equal(tics.label[2], "9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_stand_apart_on_any_axis), cmocka_unit_test(many_decades_have_powers_of_ten),
        cmocka_unit_test(few_decades_have_more_tics),     cmocka_unit_test(linear_tics_are_round),
        cmocka_unit_test(a_narrow_axis_has_two_tics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
