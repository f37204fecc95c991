/* Labels of made-up contours: the surfaces are planes, whose contours are upright lines at known places. */
#include "view/contour_labels.h"

#include "text_has.h"

#include <math.h>
#include <stdlib.h>

#include <cmocka.h>

#define COLUMNS 11
#define ROWS 9
#define LEVELS 4
#define WIDTH 40.0 /* width of the panel in letters */
#define HEIGHT 30.0

struct made_up {
    double surface[LEVELS * COLUMNS * ROWS], x[COLUMNS], y[ROWS];
    struct zem_view view;
    struct zem_contours contours;
    struct zem_contour_labels labels[LEVELS];
};

/* Makes all surfaces the plane value = x, x from 0 to 1, with the levels 0.5 + k apart, and places their labels. */
static void place(struct made_up *m, double apart)
{
    struct zem_error error = {0};
    *m = (struct made_up){.view = {.columns = COLUMNS, .rows = ROWS},
                          .contours = {.count = LEVELS, .points = COLUMNS * ROWS}};
    m->contours.surface = m->surface;
    for (size_t i = 0; i < LEVELS * COLUMNS * ROWS; i++)
        m->surface[i] = (double)(i % COLUMNS) / (COLUMNS - 1);
    for (size_t i = 0; i < COLUMNS; i++)
        m->x[i] = (double)i / (COLUMNS - 1);
    for (size_t i = 0; i < ROWS; i++)
        m->y[i] = (double)i / (ROWS - 1);
    for (size_t level = 0; level < LEVELS; level++)
        m->contours.level[level] = 0.5 + apart * (double)level;
    const struct zem_contour_panel panel = {WIDTH, HEIGHT, m->x, m->y};
    assert_int_equal(zem_contour_labels_place(&m->view, &m->contours, &panel, m->labels, &error), 0);
}

static void a_label_lies_on_its_contour_and_off_the_others(void **state)
{
    (void)state;
    struct made_up m;
    place(&m, 0.1); /* four letters apart; "0.5" is about 1.3 wide */
    for (size_t level = 0; level < LEVELS; level++) {
        assert_true(m.labels[level].count > 0);
        for (size_t i = 0; i < m.labels[level].count; i++)
            assert_true(fabs(m.labels[level].x[i] - m.contours.level[level]) < 1e-9);
    }
}

static void contours_that_are_close_have_no_labels(void **state)
{
    (void)state;
    struct made_up m;
    place(&m, 0.01); /* 0.4 letters apart: a label would hide the contours beside it */
    for (size_t level = 0; level < LEVELS; level++)
        assert_int_equal(m.labels[level].count, 0);
}

static void labels_of_one_contour_are_far_apart(void **state)
{
    (void)state;
    struct made_up m;
    place(&m, 0.1);
    for (size_t level = 0; level < LEVELS; level++)
        for (size_t i = 1; i < m.labels[level].count; i++)
            assert_true(fabs(m.labels[level].y[i] - m.labels[level].y[i - 1]) * HEIGHT >= 24.0);
}

/* If all values are on one side of a level, there is no contour to label. */
static void a_level_without_a_contour_has_no_label(void **state)
{
    (void)state;
    struct made_up m;
    place(&m, 1.0);
    for (size_t level = 1; level < LEVELS; level++)
        assert_int_equal(m.labels[level].count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_lies_on_its_contour_and_off_the_others),
        cmocka_unit_test(contours_that_are_close_have_no_labels),
        cmocka_unit_test(labels_of_one_contour_are_far_apart),
        cmocka_unit_test(a_level_without_a_contour_has_no_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
