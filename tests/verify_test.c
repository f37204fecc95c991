/* What compares results notices a difference of one: verification of a changed total, pieces of work that are flown
 * again, scores of two proportions, the choice of cells. */
#include "scenario/cell_choice.h"
#include "result/difference.h"
#include "scenario/grid.h"
#include "base/kernel_types.h"
#include "run/verify.h"
#include "run/work_queue.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "zem: 1\n"
                           "engagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}\n"
                           "target: {maneuver: step, acceleration: 3 gravity, start: {from: 0 s, to: 1 s}}\n"
                           "interceptor: {speed: 2 km/s, autopilot_lag: 0.2 s}\n"
                           "scoring: {hit_radius: [0.5 m, 1 m]}\n"
                           "sweep:\n"
                           "  - {parameter: target.acceleration, from: 1 gravity, to: 4 gravity, points: 4}\n"
                           "  - {parameter: interceptor.navigation_gain, values: [3, 4, 5]}\n"
                           "run: {trials: 70, seed: 1}\n";

static void read_scenario(struct zem_scenario *scenario)
{
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, "made_up.yaml");
    assert_int_equal(
        zem_scenario_read_text(scenario, "made_up.yaml", text, strlen(text), NULL, 0, &diagnostics, &error), 0);
    zem_diagnostics_free(&diagnostics);
}

static void a_total_changed_by_one_is_found_and_named(void **state)
{
    (void)state;
    static const size_t words[] = {ZEM_TALLY_MIX, ZEM_TALLY_HISTOGRAM + 100, ZEM_TALLY_DIVERT, ZEM_TALLY_RADIUS + 1};
    const struct zem_run_options options = {.devices = "openmp", .threads = 1, .shards = 1};
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_verification verification;
    struct zem_error error = {0};
    read_scenario(&scenario);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    assert_int_equal(zem_run(&scenario, &options, &result, &error), 0);
    const uint64_t cells[] = {7, 2};
    assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), 0);
    assert_int_equal(verification.trials, 140);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint64_t *word = &result.totals[2 * result.words + words[i]];
        (*word)++;
        error = (struct zem_error){0};
        assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), ZEM_DIFFERENCE);
        assert_int_equal(verification.different_cells, 1);
        assert_int_equal(verification.cell, 2);
        assert_int_equal(verification.word, words[i]);
        assert_int_equal(verification.in_file, verification.again + 1);
        assert_non_null(strstr(error.message, "cell 0,2 (acceleration = 1 gravity, navigation_gain = 5)"));
        (*word)--;
    }
    result.totals[3 * result.words]++; /* a cell that is not looked at */
    assert_int_equal(zem_verify(&result, cells, 2, &options, &verification, &error), 0);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

static void pieces_not_counted_are_handed_out_again(void **state)
{
    (void)state;
    struct zem_work_queue queue, later;
    struct zem_work_piece piece[3], again;
    assert_int_equal(zem_work_queue_init(&queue, 2), 0);
    queue.target[0] = queue.target[1] = 100;
    for (int i = 0; i < 3; i++)
        assert_true(zem_work_queue_take(&queue, 40, 1, 1000, &piece[i]));
    zem_work_queue_counted(&queue, &piece[1]);
    assert_int_equal(queue.pending_count, 2);
    assert_int_equal(zem_work_queue_init(&later, 2), 0);
    zem_work_queue_again(&later, queue.pending, queue.pending_count);
    memcpy(later.done, queue.done, 2 * sizeof *queue.done);
    later.target[0] = later.target[1] = 100;
    uint64_t trials = 0, pieces = 0;
    while (zem_work_queue_take(&later, 1000, 1, 1000, &again)) {
        assert_false(again.first_cell == piece[1].first_cell && again.first_trial == piece[1].first_trial);
        trials += again.trials;
        pieces++;
        zem_work_queue_counted(&later, &again);
    }
    assert_int_equal(trials, 200 - piece[1].trials);
    assert_int_equal(later.pending_count, 0);
    assert_true(pieces >= 3);
    zem_work_queue_free(&queue);
    zem_work_queue_free(&later);
}

/* By hand: 40/100 against 55/100, pooled 0.475, z = 0.15 / sqrt(0.475 * 0.525 * 0.02) = 2.123977. */
static void scores_are_those_of_the_textbook(void **state)
{
    (void)state;
    assert_true(fabs(zem_two_proportion_score(40, 100, 55, 100) - 2.123977) < 1e-6);
    assert_true(fabs(zem_two_proportion_score(55, 100, 40, 100) + 2.123977) < 1e-6);
    assert_true(zem_two_proportion_score(10, 10, 20, 20) == 0.0);
    assert_true(isnan(zem_two_proportion_score(0, 0, 1, 2)));
}

static void chosen_cells_are_middle_corners_and_others_once_each(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    uint64_t cells[20];
    read_scenario(&scenario);
    assert_int_equal(zem_cell_sample(&scenario, 5, cells), 5);
    static const uint64_t expected[] = {7, 0, 11, 9, 2}; /* 2,1; 0,0; 3,2; 3,0; 0,2 */
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
        cmocka_unit_test(a_total_changed_by_one_is_found_and_named),
        cmocka_unit_test(pieces_not_counted_are_handed_out_again),
        cmocka_unit_test(scores_are_those_of_the_textbook),
        cmocka_unit_test(chosen_cells_are_middle_corners_and_others_once_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
