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

/* Grids whose number of cells is a multiple of the part times the points of the last axis, so that every n-th cell is
 * at the same point of it, and grids that are not. */
static void a_part_of_a_grid_reaches_every_point_of_an_axis(void **state)
{
    (void)state;
    static const struct {
        uint64_t slow, fast, most;
    } grids[] = {{64, 64, 64},     {63, 64, 63},  {2731, 3, 4096},   {1000, 1000, 4096}, {4096, 16, 4096},
                 {20000, 8, 4096}, {7, 100, 350}, {30000, 4, 30000}, {65536, 65535, 64}};
    for (size_t i = 0; i < sizeof grids / sizeof *grids; i++) {
        const uint64_t fast = grids[i].fast, cells = grids[i].slow * fast, most = grids[i].most;
        uint64_t counts[100] = {0}, last = 0, taken = zem_cell_spread_count(cells, most);
        const uint64_t groups = fast < 16 ? fast : 16; /* neighbouring points of the fast axis */
        assert_int_equal(taken, most);
        for (uint64_t k = 0; k < taken; k++) {
            const uint64_t cell = zem_cell_spread(k, cells, most);
            assert_true(cell < cells && (k == 0 ? cell == 0 : cell > last));
            last = cell;
            counts[cell % fast * groups / fast]++;
        }
        assert_int_equal(last, cells - 1);
        for (uint64_t group = 0; group < groups; group++) /* even shares, within a half and the two ends */
            assert_in_range(2 * groups * (counts[group] + 2), taken, 3 * taken + 8 * groups);
    }
}

static void a_cell_is_in_the_part_if_the_part_has_it(void **state)
{
    (void)state;
    for (uint64_t cells = 1; cells < 300; cells++)
        for (uint64_t most = 1; most < 320; most += 7)
            for (uint64_t cell = 0, k = 0; cell < cells; cell++) {
                const bool taken = k < zem_cell_spread_count(cells, most) && zem_cell_spread(k, cells, most) == cell;
                assert_int_equal(zem_cell_is_spread(cell, cells, most), taken);
                k += taken;
                assert_true(cell + 1 < cells || k == zem_cell_spread_count(cells, most));
            }
}

static void chosen_cells_of_a_large_grid_are_not_all_at_one_point_of_an_axis(void **state)
{
    (void)state;
    enum { WANTED = 25 };
    struct zem_scenario scenario;
    uint64_t cells[WANTED];
    bool seen[20] = {false};
    size_t columns = 0;
    static const char grid[] = "zem: 1\n"
                               "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}\n"
                               "interceptor: {speed: 2 km/s}\n"
                               "scoring: {hit_radius: 1 m}\n"
                               "sweep:\n"
                               "  - {parameter: engagement.flight_time, from: 1 s, to: 4 s, points: 20}\n"
                               "  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 20}\n"
                               "run: {trials: 1}\n";
    good_scenario(&scenario, "made_up.yaml", grid);
    assert_int_equal(zem_cell_sample(&scenario, WANTED, cells), WANTED);
    for (size_t i = 0; i < WANTED; i++) {
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(cells[i], cells[k]);
        columns += !seen[cells[i] % 20];
        seen[cells[i] % 20] = true;
    }
    assert_in_range(columns, 12, 20);
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_of_a_grid_reaches_every_point_of_an_axis),
        cmocka_unit_test(a_cell_is_in_the_part_if_the_part_has_it),
        cmocka_unit_test(chosen_cells_of_a_large_grid_are_not_all_at_one_point_of_an_axis),
        cmocka_unit_test(chosen_cells_are_middle_corners_and_others_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
