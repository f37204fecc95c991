/* Trials that are flown again with half the steps: which trials they are, that their counts are those of the same
 * trials replayed one by one, that a run with half of run.step finds about the same, and that no thread, shard or
 * engine matters. */
#include "small_scenarios.h"

#include "cell/schedule_table.h"
#include "run/double_engine.h"
#include "run/merge.h"
#include "run/replay.h"
#include "run/step_flight.h"

#include <math.h>
#include <stdlib.h>

/* Steps of 0.4 s are far too long for this weave. Without noise the draws of a trial do not depend on the steps. */
#define LONG_STEP \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 3 s, closing_speed: 3 km/s}\n" \
    "target: {maneuver: weave, acceleration: 6 gravity, period: 1 s, phase: {from: 0 degree, to: 360 degree}}\n" \
    "interceptor: {speed: 2 km/s, guidance: ogl, navigation_gain: 4, autopilot_lag: 0.3 s, acceleration_limit: 15 " \
    "gravity, heading_error_y: {mean: 0 degree, sigma: 0.3 degree}}\n" \
    "scoring: {hit_radius: [0.5 m, 1 m, 2 m]}\n"
#define SWEEP "sweep: [{parameter: target.acceleration, from: 2 gravity, to: 8 gravity, points: 40}]\n"
#define STEPS(step, ratio, trials) "run: {seed: 5, step: " step ", step_ratio: " ratio ", trials: " trials "}\n"

enum { RADIUS_COUNT = 3, MOST = 4096 };

static const struct zem_run_options checked = {.devices = "openmp", .step_check = true};

/* Reads and runs a scenario. The caller releases scenario and result with finish. */
static void fly(const char *text, const struct zem_run_options *options, struct zem_scenario *scenario,
                struct zem_result *result)
{
    good_scenario(scenario, "steps", text);
    small_run(scenario, options, result);
}

static void finish(struct zem_scenario *scenario, struct zem_result *result)
{
    zem_result_free(result);
    zem_scenario_free(scenario);
}

static uint64_t sum(const struct zem_result *result, const uint64_t *counts, size_t count)
{
    uint64_t all = 0;
    for (size_t i = 0; i < result->cells * count; i++)
        all += counts[i];
    return all;
}

/* Replays one trial with the steps of the scenario. Writes for each radius whether it hits. */
static void replay_hits(const struct cell_parameters *cell, uint64_t trial, bool *hits)
{
    struct schedule_step *schedule = calloc((size_t)cell->schedule_steps + 1, sizeof *schedule);
    zem_schedule_fill(cell, schedule);
    const struct zem_replay_end end = zem_replay_fly(cell, schedule, trial, 0, NULL, NULL);
    for (size_t i = 0; i < RADIUS_COUNT; i++)
        hits[i] = end.outcome == ZEM_OUTCOME_PASSED && end.scored < cell->radius[i];
    free(schedule);
}

static void counts_are_those_of_single_trials(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    struct cell_parameters cell;
    struct zem_error error;
    uint64_t gained[RADIUS_COUNT] = {0}, lost[RADIUS_COUNT] = {0}, *trial = calloc(MOST, sizeof *trial);
    fly(LONG_STEP STEPS("0.4 s", "3", "400000"), &checked, &scenario, &result);
    assert_int_equal(zem_cell_derive(&scenario, 0, &cell, &error), 0);
    const size_t count = zem_step_flight_trials(&result, 0, trial, MOST);
    assert_int_equal(count, 400000 / (16 * ZEM_STEP_FLIGHT_SHARE) * ZEM_STEP_FLIGHT_BLOCK);
    assert_true(result.step_check.trials[0] == count);
    for (size_t k = 0; k < count; k++) {
        struct zem_flown halved;
        bool with_whole[RADIUS_COUNT];
        replay_hits(&cell, trial[k], with_whole);
        assert_int_equal(zem_double_engine_fly(&cell, 1, 1, trial[k], 1, &halved), 0);
        for (size_t i = 0; i < RADIUS_COUNT; i++) {
            gained[i] += with_whole[i] && !zem_flown_hits(&halved, cell.radius[i]);
            lost[i] += !with_whole[i] && zem_flown_hits(&halved, cell.radius[i]);
        }
    }
    for (size_t i = 0; i < RADIUS_COUNT; i++) {
        print_message("radius %zu: %lu gained, %lu lost of %zu\n", i, (unsigned long)gained[i], (unsigned long)lost[i],
                      count);
        assert_true(result.step_check.gained[i] == gained[i] && result.step_check.lost[i] == lost[i]);
    }
    assert_true(gained[1] + lost[1] > 20);
    free(trial);
    finish(&scenario, &result);
}

/* A scenario with half of run.step changes the hits of the same trials as halved steps do, except for a fiftieth of the
 * trials, because its steps near the end are not exactly the halves. */
static void a_run_with_half_the_steps_agrees(void **state)
{
    (void)state;
    struct zem_scenario scenario, halved;
    struct zem_result result;
    struct cell_parameters cell[2];
    struct zem_error error;
    uint64_t trial[MOST];
    fly(LONG_STEP STEPS("0.4 s", "3", "400000"), &checked, &scenario, &result);
    good_scenario(&halved, "halved", LONG_STEP STEPS("0.2 s", "6", "400000"));
    assert_int_equal(zem_cell_derive(&scenario, 0, &cell[0], &error), 0);
    assert_int_equal(zem_cell_derive(&halved, 0, &cell[1], &error), 0);
    const size_t count = zem_step_flight_trials(&result, 0, trial, MOST);
    for (size_t i = 0; i < RADIUS_COUNT; i++) {
        double more = 0.0;
        for (size_t k = 0; k < count; k++) {
            bool whole[RADIUS_COUNT], half[RADIUS_COUNT];
            replay_hits(&cell[0], trial[k], whole);
            replay_hits(&cell[1], trial[k], half);
            more += (double)whole[i] - (double)half[i];
        }
        const double found = (double)result.step_check.gained[i] - (double)result.step_check.lost[i];
        print_message("radius %zu: %g more hits with the longer steps, %g by the run with half of them\n", i, found,
                      more);
        assert_true(fabs(found - more) <= 0.02 * (double)count);
    }
    zem_scenario_free(&halved);
    finish(&scenario, &result);
}

static void assert_same_counts(const struct zem_result *a, const struct zem_result *b)
{
    assert_memory_equal(a->step_check.trials, b->step_check.trials,
                        a->cells * (1 + 2 * RADIUS_COUNT) * sizeof *a->step_check.trials);
}

static void counts_depend_on_no_thread_batch_or_isa(void **state)
{
    (void)state;
    static const struct zem_run_options others[] = {
        {.devices = "openmp", .step_check = true, .threads = 1},
        {.devices = "openmp", .step_check = true, .threads = 7, .batch_trials = 1000},
        {.devices = "openmp", .step_check = true, .isa = "baseline"},
    };
    struct zem_scenario scenario;
    struct zem_result result, other;
    fly(LONG_STEP SWEEP STEPS("0.3 s", "4", "2000"), &checked, &scenario, &result);
    assert_true(sum(&result, result.step_check.trials, 1)
                == 80000 / (16 * ZEM_STEP_FLIGHT_SHARE) * ZEM_STEP_FLIGHT_BLOCK);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        small_run(&scenario, &others[k], &other);
        assert_same_counts(&result, &other);
        zem_result_free(&other);
    }
    finish(&scenario, &result);
}

/* Hits are compared and not bits, because an engine without fused multiply-adds rounds twice. */
static void every_engine_finds_the_same_hits(void **state)
{
    (void)state;
    static const char *const texts[] = {
        LONG_STEP STEPS("0.3 s", "4", "1000"),
        "zem: 1\nengagement: {kinematics: point-mass, flight_time: 3 s, intercept_altitude: 20 km}\n"
        "target: {speed: 2.5 km/s, flight_path_angle: -40 degree, ballistic_coefficient: 5000 kg/m2, maneuver: weave, "
        "acceleration: 6 gravity, period: 1.5 s}\n"
        "interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, seeker_lag: 0.1 s, filter_lag: 0.1 s, "
        "autopilot_lag: 0.2 s, acceleration_limit: 20 gravity}\nseeker: {glint: 0.05 m2/Hz}\n"
        "scoring: {hit_radius: 1 m, lethality: carleton}\nrun: {trials: 1000}\n"};
    enum { TRIALS = 96 };
    unsigned tried = 0;
    for (size_t text = 0; text < sizeof texts / sizeof *texts; text++) {
        struct zem_scenario scenario;
        struct cell_parameters cell;
        struct zem_flown first[TRIALS], flown[TRIALS];
        good_cell(&scenario, texts[text], &cell);
        assert_int_equal(zem_double_engine_fly(&cell, 1, 1, 0, TRIALS, first), 0);
        for (unsigned k = 0; k < zem_native_engine_count; k++) {
            const struct zem_native_engine *engine = zem_native_engines[k];
            if (!engine->in_double || !zem_native_engine_fits(engine, cell.features, cell.features, cell.stages))
                continue;
            tried++;
            assert_int_equal(zem_double_engine_fly_with(engine, &cell, 1, 1, 0, TRIALS, flown), 0);
            for (size_t i = 0; i < TRIALS; i++)
                assert_true(flown[i].outcome == first[i].outcome
                            && fabs(flown[i].scored - first[i].scored) <= 1e-10 * fmax(first[i].scored, 1.0));
        }
        zem_scenario_free(&scenario);
    }
    print_message("%u engines\n", tried);
    assert_true(tried >= 2);
}

/* Adds parts into merge->merged. */
static void merge_parts(struct zem_merge *merge, const struct zem_result *parts, const char *const *names, size_t count)
{
    struct zem_error error;
    zem_merge_begin(merge, parts, names, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(zem_merge_add(merge, &error), 0);
    assert_int_equal(zem_merge_finish(merge, &error), 0);
}

static void shards_add_up(void **state)
{
    (void)state;
    enum { SHARDS = 3 };
    const char *const names[SHARDS] = {"0", "1", "2"};
    struct zem_scenario scenario;
    struct zem_result result, part[SHARDS];
    struct zem_merge merge;
    fly(LONG_STEP SWEEP STEPS("0.3 s", "4", "5000"), &checked, &scenario, &result);
    for (uint64_t k = 0; k < SHARDS; k++) {
        struct zem_run_options options = checked;
        options.shard = k;
        options.shards = SHARDS;
        small_run(&scenario, &options, &part[k]);
        assert_true(sum(&part[k], part[k].step_check.trials, 1) * SHARDS
                    <= 200000 / (16 * ZEM_STEP_FLIGHT_SHARE) * 16 + SHARDS * 16);
    }
    merge_parts(&merge, part, names, SHARDS);
    assert_string_equal(merge.merged.digest, result.digest);
    assert_same_counts(&merge.merged, &result);
    zem_merge_free(&merge);
    for (size_t unchecked = SHARDS; unchecked-- > 0;) { /* the last, the one in the middle, the first */
        struct zem_step_check kept = part[unchecked].step_check;
        part[unchecked].step_check = (struct zem_step_check){0};
        merge_parts(&merge, part, names, SHARDS);
        assert_null(merge.merged.step_check.trials);
        assert_true(merge.some_checked);
        zem_merge_free(&merge);
        part[unchecked].step_check = kept;
    }
    for (size_t k = 0; k < SHARDS; k++)
        zem_result_free(&part[k]);
    finish(&scenario, &result);
}

/* With common random numbers the cells have different trials flown again, so that no draw counts twice. */
static void common_draws_are_used_once(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    uint64_t trial[MOST];
    uint8_t *used = calloc(30000, 1);
    size_t all = 0;
    fly(LONG_STEP SWEEP "run: {seed: 5, trials: 30000, random_numbers: common}\n", &checked, &scenario, &result);
    for (uint64_t cell = 0; cell < result.cells; cell++) {
        const size_t count = zem_step_flight_trials(&result, cell, trial, MOST);
        assert_true(result.step_check.trials[cell] == count);
        all += count;
        for (size_t k = 0; k < count; k++) {
            assert_true(trial[k] < 30000);
            assert_int_equal(used[trial[k]]++, 0);
        }
    }
    assert_int_equal(all, 1200000 / (16 * ZEM_STEP_FLIGHT_SHARE) * 16);
    free(used);
    finish(&scenario, &result);
}

static void the_trials_flown_again_are_bounded(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    good_scenario(&scenario, "bounded", LONG_STEP SWEEP "run: {trials: 100000000}\n");
    struct zem_error error;
    assert_int_equal(zem_result_init(&result, &scenario, &error), 0);
    size_t all = 0;
    uint64_t tally[ZEM_TALLY_WORDS_LIMIT] = {[ZEM_TALLY_TRIALS] = 100000000};
    for (uint64_t cell = 0; cell < result.cells; cell++)
        assert_true(zem_totals_set(&result.totals, cell, tally));
    for (uint64_t cell = 0; cell < result.cells; cell++)
        all += zem_step_flight_trials(&result, cell, NULL, 0);
    assert_true(all <= ZEM_STEP_CHECK_TRIALS_MAX && all > ZEM_STEP_CHECK_TRIALS_MAX * 9 / 10);
    finish(&scenario, &result);
}

static void transition_matrices_have_longer_blocks(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result result;
    uint64_t trial[64];
    fly("zem: 1\nengagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s}\n"
        "target: {maneuver: weave, acceleration: 6 gravity, period: 2 s, phase: {from: 0 degree, to: 360 degree}}\n"
        "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s}\n"
        "scoring: {hit_radius: [0.5 m, 1 m, 2 m]}\nrun: {trials: 70000}\n",
        &checked, &scenario, &result);
    assert_int_equal(zem_step_flight_trials(&result, 0, trial, 64), ZEM_STEP_FLIGHT_TRANSITION_BLOCK);
    assert_true(result.step_check.trials[0] == ZEM_STEP_FLIGHT_TRANSITION_BLOCK && trial[63] == 63);
    finish(&scenario, &result);
}

static void a_run_that_does_not_ask_has_none(void **state)
{
    (void)state;
    const struct zem_run_options plain = {.devices = "openmp"};
    struct zem_scenario scenario;
    struct zem_result result, other;
    fly(LONG_STEP SWEEP STEPS("0.3 s", "4", "500"), &checked, &scenario, &result);
    small_run(&scenario, &plain, &other);
    assert_null(other.step_check.trials);
    assert_string_equal(other.digest, result.digest);
    assert_string_equal(other.miss_digest, result.miss_digest);
    zem_result_free(&other);
    finish(&scenario, &result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_single_trials),
        cmocka_unit_test(a_run_with_half_the_steps_agrees),
        cmocka_unit_test(counts_depend_on_no_thread_batch_or_isa),
        cmocka_unit_test(every_engine_finds_the_same_hits),
        cmocka_unit_test(shards_add_up),
        cmocka_unit_test(common_draws_are_used_once),
        cmocka_unit_test(the_trials_flown_again_are_bounded),
        cmocka_unit_test(transition_matrices_have_longer_blocks),
        cmocka_unit_test(a_run_that_does_not_ask_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
