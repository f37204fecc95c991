/* How work is cut and handed out: the queue covers every trial once whatever the limits, and a run bears empty shards, thousands of cells
 * of one trial, one cell of many, batches of any size, long schedules, a signal, and devices that do not exist. */
#include "small_scenarios.h"

#include "../host/work_queue.h"

#include <stdlib.h>

/* ------------------------------------------------------------------ the queue */
/* Takes everything out of a queue of these targets; every piece keeps to the limits, and the pieces cover every trial once. */
static void drain(const uint64_t *targets, uint64_t cells, uint64_t wanted, size_t cells_max, uint32_t trials_max)
{
    struct zem_work_queue queue;
    struct zem_work_piece piece;
    uint64_t *covered = calloc(cells, sizeof *covered);
    assert_non_null(covered);
    assert_int_equal(zem_work_queue_init(&queue, cells), 0);
    for (int round = 1; round <= 3; round++) { /* targets are raised from round to round */
        for (uint64_t k = 0; k < cells; k++)
            queue.target[k] = targets[k] * (uint64_t)round;
        zem_work_queue_rewind(&queue);
        while (zem_work_queue_take(&queue, wanted, cells_max, trials_max, &piece)) {
            zem_work_queue_counted(&queue, &piece);
            assert_true(piece.trials > 0 && piece.trials <= trials_max);
            assert_true(piece.cell_count > 0 && piece.cell_count <= cells_max && piece.first_cell + piece.cell_count <= cells);
            assert_true(piece.cell_count == 1 || piece.cell_count * (uint64_t)piece.trials <= wanted);
            for (uint64_t k = piece.first_cell; k < piece.first_cell + piece.cell_count; k++) {
                assert_true(covered[k] == piece.first_trial);
                covered[k] += piece.trials;
                assert_true(covered[k] <= queue.target[k]);
            }
        }
        for (uint64_t k = 0; k < cells; k++)
            assert_true(covered[k] == queue.target[k]);
    }
    zem_work_queue_free(&queue);
    free(covered);
}

static void the_queue_covers_every_trial_once(void **state)
{
    (void)state;
    const uint64_t even[] = {100, 100, 100, 100, 100}, uneven[] = {0, 1, 1000, 7, 0, 0, 12, 12, 3}, one[] = {12345}, none[] = {0, 0};
    const uint64_t wishes[] = {1, 7, 100, 250, 100000};
    for (size_t w = 0; w < sizeof wishes / sizeof *wishes; w++)
        for (size_t cells_max = 1; cells_max < 10; cells_max += 4)
            for (uint32_t trials_max = 1; trials_max < 200; trials_max += 66) {
                drain(even, 5, wishes[w], cells_max, trials_max);
                drain(uneven, 9, wishes[w], cells_max, trials_max);
                drain(one, 1, wishes[w], cells_max, trials_max);
                drain(none, 2, wishes[w], cells_max, trials_max);
            }
}

static void a_huge_queue_hands_out_huge_pieces(void **state)
{
    (void)state;
    struct zem_work_queue queue;
    struct zem_work_piece piece;
    assert_int_equal(zem_work_queue_init(&queue, 1), 0);
    queue.target[0] = UINT64_C(1) << 56;
    queue.done[0] = queue.target[0] - 3;
    assert_true(zem_work_queue_take(&queue, UINT64_MAX, 4096, UINT32_MAX, &piece));
    assert_true(piece.trials == 3 && piece.first_trial == (UINT64_C(1) << 56) - 3);
    assert_false(zem_work_queue_take(&queue, UINT64_MAX, 4096, UINT32_MAX, &piece));
    zem_work_queue_free(&queue);
}

/* ------------------------------------------------------------------ runs */
#define CHEAP "zem: 1\nengagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 3 km/s}\n" \
              "interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}\nscoring: {hit_radius: 1 m}\n"

static void assert_trials(const struct zem_result *result, uint64_t trials)
{
    for (uint64_t cell = 0; cell < result->cells; cell++)
        assert_true(zem_result_cell(result, cell)[ZEM_TALLY_TRIALS] == trials);
}

/* Flies text under two sets of options, with this many trials in every cell, and compares the digests. */
static void fly_twice(const char *name, const char *text, const struct zem_run_options *first, const struct zem_run_options *second, uint64_t trials)
{
    struct zem_scenario scenario;
    struct zem_result results[2];
    small_read(&scenario, name, text);
    small_run(&scenario, first, &results[0]);
    small_run(&scenario, second, &results[1]);
    assert_trials(&results[0], trials);
    assert_string_equal(results[0].digest, results[1].digest);
    assert_string_equal(results[0].miss_digest, results[1].miss_digest);
    zem_result_free(&results[0]);
    zem_result_free(&results[1]);
    zem_scenario_free(&scenario);
}

static const struct zem_run_options plain = {.devices = "openmp"}, single = {.devices = "openmp", .batch_trials = 1}, all_at_once = {.devices = "openmp", .batch_trials = UINT32_MAX};

static void a_shard_without_trials_is_empty(void **state)
{
    (void)state;
    const struct zem_run_options options = {.devices = "openmp", .shard = 999, .shards = 1000};
    fly_twice("empty_shard", CHEAP "sweep: [{parameter: engagement.flight_time, values: [0.5 s, 1 s]}]\n" RUN(200, 1), &options, &options, 0);
}

static void thousands_of_cells_have_one_trial_each(void **state)
{
    (void)state;
    fly_twice("cells", CHEAP "sweep:\n  - {parameter: engagement.flight_time, from: 0.5 s, to: 1 s, points: 100}\n"
                             "  - {parameter: engagement.closing_speed, from: 2 km/s, to: 4 km/s, points: 90}\n" RUN(1, 1), &plain, &all_at_once, 1);
}

static void one_cell_has_many_trials(void **state)
{
    (void)state;
    fly_twice("trials", CHEAP RUN(1000003, 1), &plain, &all_at_once, 1000003);
    fly_twice("trials", CHEAP RUN(3001, 1), &plain, &single, 3001);
}

/* The first cell has a short schedule, the others have long ones: what a batch holds follows the longest. */
static void long_schedules_are_flown_in_small_batches(void **state)
{
    (void)state;
    fly_twice("schedules", CHEAP "sweep:\n  - {parameter: run.step, values: [50 ms, 20 us]}\n  - {parameter: engagement.closing_speed, from: 2 km/s, to: 4 km/s, points: 60}\n" RUN(2, 1),
              &plain, &single, 2);
}

struct watching {
    uint64_t calls, last, total, stopping; /* stopping: trials of the first report after the signal */
    bool ordered, interrupt;
};

static void watch(void *context, const struct zem_progress *progress)
{
    struct watching *w = context;
    w->ordered = w->ordered && progress->trials_done >= w->last && progress->trials_done <= progress->trials_total;
    w->last = progress->trials_done;
    w->total = progress->trials_total;
    if (zem_interrupted && w->stopping == 0)
        w->stopping = progress->trials_done;
    if (w->interrupt && progress->trials_done > 0)
        zem_interrupted = 1;
    w->calls++;
}

static void progress_grows_to_the_total(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct watching w = {.ordered = true};
    const struct zem_run_options options = {.devices = "openmp", .batch_trials = 1000, .progress = watch, .context = &w};
    small_read(&scenario, "progress", CHEAP RUN(300000, 1));
    small_run(&scenario, &options, &result);
    assert_true(w.calls > 0 && w.ordered && w.last == 300000 && w.total == 300000);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

/* Soon: by the next report after the signal no batch is begun any more, and the native backend has one in flight. */
static void a_signal_stops_the_run_soon(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    struct watching w = {.ordered = true, .interrupt = true};
    const struct zem_run_options options = {.devices = "openmp", .batch_trials = 1000, .progress = watch, .context = &w};
    small_read(&scenario, "signal", CHEAP "sweep: [{parameter: run.step, values: [0.5 s, 1 ms]}]\n" RUN(100000000000, 1));
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    const int status = zem_run(&scenario, &options, &result, &error);
    zem_interrupted = 0;
    uint64_t flown = 0;
    for (uint64_t cell = 0; cell < 2; cell++)
        flown += zem_result_cell(&result, cell)[ZEM_TALLY_TRIALS];
    print_message("%" PRIu64 " trials at the first report after the signal, %" PRIu64 " at the end\n", w.stopping, flown);
    assert_int_equal(status, ZEM_STOPPED);
    assert_true(strstr(error.message, "stopped by a signal") != NULL);
    assert_true(w.stopping > 0 && flown >= w.stopping && flown - w.stopping <= 1000);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

/* Runs that cannot be. */
static void refuse(const char *text, const struct zem_run_options *options, int status, const char *words)
{
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    small_read(&scenario, "refused", text);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    const int got = zem_run(&scenario, options, &result, &error);
    printf("%s\n", error.message);
    assert_int_equal(got, status);
    assert_true(strstr(error.message, words) != NULL);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

static void runs_that_cannot_be_say_why(void **state)
{
    (void)state;
    const struct zem_run_options nobody = {.devices = "abacus"}, no_isa = {.devices = "openmp", .isa = "mmx"}, shard = {.devices = "openmp", .shard = 1, .shards = 2};
    refuse(CHEAP RUN(10, 1), &nobody, ZEM_NO_DEVICE, "\"abacus\"");
    refuse(CHEAP RUN(10, 1), &no_isa, ZEM_NO_DEVICE, "\"mmx\"");
    refuse(CHEAP "run: {trials: 5000, precision: 0.01}\n", &shard, ZEM_USAGE, "run.precision");
    refuse(CHEAP "sweep: [{parameter: run.precision, values: [0.1, 0.2]}]\nrun: {trials: 5000}\n", &shard, ZEM_USAGE, "run.precision");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_queue_covers_every_trial_once),
        cmocka_unit_test(a_huge_queue_hands_out_huge_pieces),
        cmocka_unit_test(a_shard_without_trials_is_empty),
        cmocka_unit_test(thousands_of_cells_have_one_trial_each),
        cmocka_unit_test(one_cell_has_many_trials),
        cmocka_unit_test(long_schedules_are_flown_in_small_batches),
        cmocka_unit_test(progress_grows_to_the_total),
        cmocka_unit_test(a_signal_stops_the_run_soon),
        cmocka_unit_test(runs_that_cannot_be_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
