/* Cells, axis indices and the values of a cell, on scenarios that are made by hand; no file is read. */
#include "scenario/grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static double accelerations[] = {0, 10, 20}, periods[] = {0.5, 1, 2, 4}, orders[] = {1, 5}, sigmas[] = {0.1, 0.2};

static void axis_add(struct zem_scenario *scenario, enum zem_key key, enum zem_part part, double *values, size_t points)
{
    scenario->axis[scenario->axis_count++] =
        (struct zem_axis){.key = key, .part = part, .values = values, .points = points};
}

static struct zem_scenario scenario_of_three_axes(void)
{
    struct zem_scenario scenario = {0};
    axis_add(&scenario, ZEM_KEY_TARGET_ACCELERATION, ZEM_PART_VALUE, accelerations, 3);
    axis_add(&scenario, ZEM_KEY_PERIOD, ZEM_PART_VALUE, periods, 4);
    axis_add(&scenario, ZEM_KEY_AUTOPILOT_ORDER, ZEM_PART_VALUE, orders, 2);
    return scenario;
}

static void a_scenario_without_sweep_has_one_cell(void **state)
{
    (void)state;
    struct zem_scenario scenario = {0};
    size_t index[ZEM_AXES_MAX];
    scenario.value[ZEM_KEY_PERIOD].first = 3;
    struct zem_value value[ZEM_KEY_COUNT];
    assert_int_equal(zem_grid_cells(&scenario), 1);
    zem_grid_indices(&scenario, 0, index);
    assert_int_equal(zem_grid_cell(&scenario, index), 0);
    zem_grid_values(&scenario, 0, value);
    assert_true(value[ZEM_KEY_PERIOD].first == 3 && !value[ZEM_KEY_PERIOD].given);
}

static void the_first_axis_is_the_slowest(void **state)
{
    (void)state;
    struct zem_scenario scenario = scenario_of_three_axes();
    size_t index[ZEM_AXES_MAX];
    assert_int_equal(zem_grid_cells(&scenario), 24);
    zem_grid_indices(&scenario, 1, index);
    assert_true(index[0] == 0 && index[1] == 0 && index[2] == 1);
    zem_grid_indices(&scenario, 8, index);
    assert_true(index[0] == 1 && index[1] == 0 && index[2] == 0);
    for (uint64_t cell = 0; cell < 24; cell++) {
        zem_grid_indices(&scenario, cell, index);
        assert_int_equal(zem_grid_cell(&scenario, index), cell);
    }
}

static void a_cell_has_the_values_of_its_axes(void **state)
{
    (void)state;
    struct zem_scenario scenario = scenario_of_three_axes();
    scenario.value[ZEM_KEY_FLIGHT_TIME] = (struct zem_value){.given = true, .present = true, .first = 5};
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(&scenario, 23, value);
    assert_true(value[ZEM_KEY_TARGET_ACCELERATION].first == 20);
    assert_true(value[ZEM_KEY_PERIOD].first == 4 && value[ZEM_KEY_PERIOD].given && value[ZEM_KEY_PERIOD].present);
    assert_true(value[ZEM_KEY_AUTOPILOT_ORDER].integer == 5 && value[ZEM_KEY_AUTOPILOT_ORDER].first == 5);
    assert_true(value[ZEM_KEY_FLIGHT_TIME].first == 5);
    assert_true(scenario.value[ZEM_KEY_PERIOD].first == 0); /* the scenario itself is left alone */
}

/* If the sigma of a constant key is swept, the key gets a normal distribution. If the value of the key is swept too, it
 * is the mean, whichever axis comes first. */
static void a_swept_sigma_makes_a_normal_distribution(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct zem_scenario scenario = {0};
        struct zem_value value[ZEM_KEY_COUNT];
        if (order == 0)
            axis_add(&scenario, ZEM_KEY_PERIOD, ZEM_PART_VALUE, periods, 4);
        axis_add(&scenario, ZEM_KEY_PERIOD, ZEM_PART_SIGMA, sigmas, 2);
        if (order == 1)
            axis_add(&scenario, ZEM_KEY_PERIOD, ZEM_PART_VALUE, periods, 4);
        zem_grid_values(&scenario, 7, value);
        assert_int_equal(value[ZEM_KEY_PERIOD].distribution, ZEM_NORMAL);
        assert_true(value[ZEM_KEY_PERIOD].first == 4 && value[ZEM_KEY_PERIOD].second == 0.2);
    }
}

static void the_end_of_a_uniform_distribution_can_be_swept(void **state)
{
    (void)state;
    struct zem_scenario scenario = {0};
    struct zem_value value[ZEM_KEY_COUNT];
    scenario.value[ZEM_KEY_PHASE] =
        (struct zem_value){.present = true, .distribution = ZEM_UNIFORM, .first = 0, .second = 6};
    axis_add(&scenario, ZEM_KEY_PHASE, ZEM_PART_TO, periods, 4);
    zem_grid_values(&scenario, 1, value);
    assert_true(value[ZEM_KEY_PHASE].distribution == ZEM_UNIFORM && value[ZEM_KEY_PHASE].first == 0
                && value[ZEM_KEY_PHASE].second == 1);
}

static void a_grid_with_too_many_cells_has_none(void **state)
{
    (void)state;
    struct zem_scenario scenario = {0};
    axis_add(&scenario, ZEM_KEY_PERIOD, ZEM_PART_VALUE, NULL, 65535);
    axis_add(&scenario, ZEM_KEY_ROLL, ZEM_PART_VALUE, NULL, 65537);
    assert_true(zem_grid_cells(&scenario) == ZEM_CELLS_MAX);
    scenario.axis[1].points = 65538;
    assert_true(zem_grid_cells(&scenario) == 0);
    scenario.axis[1].points = SIZE_MAX;
    assert_true(zem_grid_cells(&scenario) == 0);
    scenario.axis[1].points = 0;
    assert_true(zem_grid_cells(&scenario) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_without_sweep_has_one_cell),
        cmocka_unit_test(the_first_axis_is_the_slowest),
        cmocka_unit_test(a_cell_has_the_values_of_its_axes),
        cmocka_unit_test(a_swept_sigma_makes_a_normal_distribution),
        cmocka_unit_test(the_end_of_a_uniform_distribution_can_be_swept),
        cmocka_unit_test(a_grid_with_too_many_cells_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
