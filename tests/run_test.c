/* Runs as a whole: empty shards, thousands of cells of one trial, one cell of many trials, batches of any size, long
 * schedules, progress, a signal, and devices that do not exist. */
#include "small_scenarios.h"

#include "base/interruption.h"

#include <stdlib.h>

#define CHEAP \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 3 km/s}\n" \
    "interceptor: {speed: 2 km/s, guidance: none, heading_error_y: {mean: 0 degree, sigma: 1 degree}}\nscoring: " \
    "{hit_radius: 1 m}\n"

static void assert_trials(const struct zem_result *result, uint64_t trials)
{
    for (uint64_t cell = 0; cell < result->cells; cell++)
        assert_true(zem_result_word(result, cell, ZEM_TALLY_TRIALS) == trials);
}

/* Flies a scenario with two sets of options, which must give `trials` trials in every cell and the same digests. */
static void fly_twice(const char *name, const char *text, const struct zem_run_options *first,
                      const struct zem_run_options *second, uint64_t trials)
{
    struct zem_scenario scenario;
    struct zem_result results[2];
    good_scenario(&scenario, name, text);
    small_run(&scenario, first, &results[0]);
    small_run(&scenario, second, &results[1]);
    assert_trials(&results[0], trials);
    assert_string_equal(results[0].digest, results[1].digest);
    assert_string_equal(results[0].miss_digest, results[1].miss_digest);
    zem_result_free(&results[0]);
    zem_result_free(&results[1]);
    zem_scenario_free(&scenario);
}

static const struct zem_run_options plain = {.devices = "openmp"}, single = {.devices = "openmp", .batch_trials = 1},
                                    all_at_once = {.devices = "openmp", .batch_trials = UINT32_MAX};

static void a_shard_without_trials_is_empty(void **state)
{
    (void)state;
    const struct zem_run_options options = {.devices = "openmp", .shard = 999, .shards = 1000};
    fly_twice("empty_shard", CHEAP "sweep: [{parameter: engagement.flight_time, values: [0.5 s, 1 s]}]\n" RUN(200, 1),
              &options, &options, 0);
}

static void thousands_of_cells_of_one_trial_are_flown(void **state)
{
    (void)state;
    fly_twice("cells",
              CHEAP "sweep:\n  - {parameter: engagement.flight_time, from: 0.5 s, to: 1 s, points: 100}\n"
                    "  - {parameter: engagement.closing_speed, from: 2 km/s, to: 4 km/s, points: 90}\n" RUN(1, 1),
              &plain, &all_at_once, 1);
}

static void one_cell_of_many_trials_is_flown(void **state)
{
    (void)state;
    fly_twice("trials", CHEAP RUN(1000003, 1), &plain, &all_at_once, 1000003);
    fly_twice("trials", CHEAP RUN(3001, 1), &plain, &single, 3001);
}

/* The first 60 cells have short schedules (tables of integration steps), the other 60 have long ones. The longest
 * determines the size of the batches. */
static void long_schedules_are_flown_in_small_batches(void **state)
{
    (void)state;
    fly_twice("schedules",
              CHEAP "sweep:\n  - {parameter: run.step, values: [50 ms, 20 us]}\n  - {parameter: "
                    "engagement.closing_speed, from: 2 km/s, to: 4 km/s, points: 60}\n" RUN(2, 1),
              &plain, &single, 2);
}

/* One engine flies all cells of a run, so that its options must be true of every cell. Half of the 600 cells here have
 * an autopilot of another order, and two have no noise. */
static void engines_are_chosen_for_all_cells(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_engine_options options = {.threads = 3};
    good_scenario(
        &scenario, "options",
        "zem: 1\nengagement: {kinematics: linear, flight_time: 0.5 s, closing_speed: 3 km/s}\n"
        "interceptor: {speed: 2 km/s, guidance: pn, navigation_gain: 4, seeker_lag: 0.1 s, autopilot_lag: 0.2 "
        "s}\nscoring: {hit_radius: [1 m, 2 m]}\nsweep:\n"
        "  - {parameter: interceptor.autopilot_order, values: [1, 2]}\n"
        "  - {parameter: seeker.glint, from: 0 m2/Hz, to: 1 m2/Hz, points: 300}\n" RUN(1, 1));
    zem_run_engine_options(&scenario, &options);
    assert_int_equal(options.stages, 0);
    assert_int_equal(options.radius_count, 2);
    assert_true(options.features_possible & ZEM_FEATURE_NOISE);
    assert_true(options.features_certain & ZEM_FEATURE_AUTOPILOT);
    assert_false(options.features_certain & ZEM_FEATURE_NOISE);
    zem_scenario_free(&scenario);
}

struct watching {
    uint64_t calls, last, total, stopping; /* stopping: number of trials in the first report after the signal */
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
    const struct zem_run_options options = {
        .devices = "openmp", .batch_trials = 1000, .progress = watch, .context = &w};
    good_scenario(&scenario, "progress", CHEAP RUN(300000, 1));
    small_run(&scenario, &options, &result);
    assert_true(w.calls > 0 && w.ordered && w.last == 300000 && w.total == 300000);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

/* "Soon" means that after the next report no further batch is begun; the native backend has one batch in flight. */
static void a_signal_stops_the_run_soon(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    struct watching w = {.ordered = true, .interrupt = true};
    const struct zem_run_options options = {
        .devices = "openmp", .batch_trials = 1000, .progress = watch, .context = &w};
    good_scenario(&scenario, "signal",
                  CHEAP "sweep: [{parameter: run.step, values: [0.5 s, 1 ms]}]\n" RUN(100000000000, 1));
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    const int status = zem_run(&scenario, &options, &result, &error);
    zem_interrupted = 0;
    uint64_t flown = 0;
    for (uint64_t cell = 0; cell < 2; cell++)
        flown += zem_result_word(&result, cell, ZEM_TALLY_TRIALS);
    print_message("%" PRIu64 " trials at the first report after the signal, %" PRIu64 " at the end\n", w.stopping,
                  flown);
    assert_int_equal(status, ZEM_STOPPED);
    assert_true(strstr(error.message, "stopped by a signal") != NULL);
    assert_true(w.stopping > 0 && flown >= w.stopping && flown - w.stopping <= 1000);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

/* Checks that the run is refused with this status and message. */
static void refuse(const char *text, const struct zem_run_options *options, int status, const char *words)
{
    struct zem_scenario scenario;
    struct zem_result result;
    struct zem_error error = {0};
    good_scenario(&scenario, "refused", text);
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    const int got = zem_run(&scenario, options, &result, &error);
    printf("%s\n", error.message);
    assert_int_equal(got, status);
    assert_true(strstr(error.message, words) != NULL);
    zem_result_free(&result);
    zem_scenario_free(&scenario);
}

static void an_impossible_run_is_refused_with_a_reason(void **state)
{
    (void)state;
    const struct zem_run_options nobody = {.devices = "abacus"}, no_isa = {.devices = "openmp", .isa = "mmx"},
                                 shard = {.devices = "openmp", .shard = 1, .shards = 2};
    refuse(CHEAP RUN(10, 1), &nobody, ZEM_NO_DEVICE, "\"abacus\"");
    refuse(CHEAP RUN(10, 1), &no_isa, ZEM_NO_DEVICE, "\"mmx\"");
    refuse(CHEAP "run: {trials: 5000, precision: 0.01}\n", &shard, ZEM_USAGE, "run.precision");
    refuse(CHEAP "sweep: [{parameter: run.precision, values: [0.1, 0.2]}]\nrun: {trials: 5000}\n", &shard, ZEM_USAGE,
           "run.precision");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shard_without_trials_is_empty),
        cmocka_unit_test(thousands_of_cells_of_one_trial_are_flown),
        cmocka_unit_test(one_cell_of_many_trials_is_flown),
        cmocka_unit_test(long_schedules_are_flown_in_small_batches),
        cmocka_unit_test(engines_are_chosen_for_all_cells),
        cmocka_unit_test(progress_grows_to_the_total),
        cmocka_unit_test(a_signal_stops_the_run_soon),
        cmocka_unit_test(an_impossible_run_is_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
