/* Which cells of a grid are examined when not all can be: the middle, the corners, and others. */
#include "scenario/cell_choice.h"
#include "good_scenario.h"

static const char text[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}\n"
                           "interceptor: {speed: 2 km/s}\n"
                           "scoring: {hit_radius: 1 m}\n"
                           "sweep:\n"
                           "  - {parameter: engagement.flight_time, from: 1 s, to: 4 s, points: 4}\n"
                           "  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}\n"
                           "run: {trials: 1}\n";

static void chosen_cells_are_middle_corners_and_others_once_each(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    uint64_t cells[20];
    good_scenario(&scenario, "made_up.yaml", text);
    assert_int_equal(zem_cell_sample(&scenario, 5, cells), 5);
    static const uint64_t expected[] = {7, 0, 11, 9, 2}; /* indices 2,1; 0,0; 3,2; 3,0; 0,2 */
    assert_memory_equal(cells, expected, sizeof expected);
    assert_int_equal(zem_cell_sample(&scenario, 20, cells), 12);
    bool seen[12] = {false};
    for (size_t i = 0; i < 12; i++) {
        assert_true(cells[i] < 12 && !seen[cells[i]]);
        seen[cells[i]] = true;
    }
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chosen_cells_are_middle_corners_and_others_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
