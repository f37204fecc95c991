/* Every instruction set, number of threads, size of batches, division into shards and OpenCL device gives the same
 * totals, word for word, and the same digests. The scenarios of small_scenarios.h together use every feature of the
 * kernels; the files of models/ follow with few trials. The reference is the scalar engine with one thread. */
#include "small_scenarios.h"

#include "cell/cell.h"
#include "device/native/native_engine.h"
#include "cell/schedule_table.h"

#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>

static struct zem_run_options reference_options = {
    .devices = "openmp", .threads = 1, .isa = "scalar"}; /* find_devices may replace "scalar" */

static const struct zem_native_engine *reference_engine(void)
{
    return zem_native_engine_choose(reference_options.isa, UINT32_MAX, 0, 0);
}

static void assert_same(const struct zem_result *result, const struct zem_result *reference, const char *what)
{
    assert_int_equal(result->words, reference->words);
    for (uint64_t cell = 0; cell < result->cells; cell++)
        for (size_t word = 0; word < result->words; word++)
            if (zem_result_word(result, cell, word) != zem_result_word(reference, cell, word))
                fail_msg("%s, %s: word %zu of cell %" PRIu64 " is %" PRIu64 " instead of %" PRIu64,
                         result->scenario->name, what, word, cell, zem_result_word(result, cell, word),
                         zem_result_word(reference, cell, word));
    assert_string_equal(result->digest, reference->digest);
    assert_string_equal(result->miss_digest, reference->miss_digest);
    assert_memory_equal(result->stop_reason, reference->stop_reason, result->cells);
}

/* Flies the scenario with these options and compares its totals with the reference. */
static void compare(const struct zem_result *reference, const struct zem_run_options *options, const char *what)
{
    struct zem_result result;
    small_run(reference->scenario, options, &result);
    assert_same(&result, reference, what);
    zem_result_free(&result);
}

/* Calls `visit` with the reference result of every small scenario. */
static void for_each_scenario(void (*visit)(const struct zem_result *reference))
{
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        struct zem_result reference;
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        small_run(&scenario, &reference_options, &reference);
        visit(&reference);
        zem_result_free(&reference);
        zem_scenario_free(&scenario);
    }
}

/* ------------------------------------------------------------------ what the scenarios cover */
static feature_set features_seen, features_lacked;
static uint64_t outcomes_seen[ZEM_OUTCOME_COUNT];

static void note_features(const struct zem_result *reference)
{
    for (uint64_t cell = 0; cell < reference->cells; cell++) {
        struct zem_value value[ZEM_KEY_COUNT];
        zem_grid_values(reference->scenario, cell, value);
        features_seen |= zem_cell_features(value);
        features_lacked |= ~zem_cell_features(value);
        for (size_t k = 0; k < ZEM_OUTCOME_COUNT; k++)
            outcomes_seen[k] += zem_result_word(reference, cell, ZEM_TALLY_OUTCOME + k);
    }
}

static void every_feature_is_used_and_omitted_by_a_small_scenario(void **state)
{
    (void)state;
    features_seen = features_lacked = 0;
    memset(outcomes_seen, 0, sizeof outcomes_seen);
    for_each_scenario(note_features);
    for (feature_set bit = ZEM_FEATURE_POINT_MASS; bit < ZEM_FEATURE_END; bit <<= 1)
        if ((features_seen & bit) == 0 || (features_lacked & bit) == 0)
            fail_msg("no small scenario %s feature 0x%" PRIx64, (features_seen & bit) == 0 ? "has" : "lacks", bit);
    assert_true(features_seen < ZEM_FEATURE_END);
    for (int k = 0; k < ZEM_OUTCOME_COUNT; k++)
        printf("outcome %d: %" PRIu64 " trials\n", k, outcomes_seen[k]);
    for (int k = 0; k < ZEM_OUTCOME_NOT_FINITE; k++)
        assert_true(outcomes_seen[k] > 0);
    assert_true(outcomes_seen[ZEM_OUTCOME_NOT_FINITE] == 0);
}

/* ------------------------------------------------------------------ native backend */
static void visit_instruction_sets(const struct zem_result *reference)
{
    static const char *const isas[] = {"baseline", "v3", "v4"};
    for (size_t k = 0; k < sizeof isas / sizeof *isas; k++) {
        const struct zem_run_options options = {.devices = "openmp", .isa = isas[k]};
        if (zem_native_engine_choose(isas[k], UINT32_MAX, 0, 0) != NULL)
            compare(reference, &options, isas[k]);
    }
}

static void every_instruction_set_gives_the_same_totals(void **state)
{
    (void)state;
    unsigned count = 0;
    for (unsigned k = 0; k < zem_native_engine_count; k++)
        if (strcmp(zem_native_engines[k]->variant, "full") == 0 && !zem_native_engines[k]->in_double) {
            const int usable = zem_native_isa_usable(zem_native_engines[k]->isa);
            count += usable ? 1u : 0u;
            printf("%s: %s\n", zem_native_engines[k]->isa, usable ? "compared" : "this processor lacks it");
        }
    assert_true(count >= 2);
    for_each_scenario(visit_instruction_sets);
}

static void visit_threads_and_batches(const struct zem_result *reference)
{
    static const unsigned threads[] = {1, 2, 5};
    static const uint32_t batches[] = {1, 7, 777};
    for (size_t k = 0; k < 3; k++) {
        char what[64];
        snprintf(what, sizeof what, "%u threads, batches of %" PRIu32, threads[k], batches[(k + 1) % 3]);
        const struct zem_run_options both = {
            .devices = "openmp", .threads = threads[k], .batch_trials = batches[(k + 1) % 3]};
        compare(reference, &both, what);
    }
}

static void threads_and_batch_sizes_change_no_total(void **state)
{
    (void)state;
    for_each_scenario(visit_threads_and_batches);
}

/* Compares every engine that is compiled into the program, including those specialised for some features, on every cell
 * that it can fly. */
static void visit_engines(const struct zem_result *reference)
{
    for (uint64_t cell = 0; cell < reference->cells; cell++) {
        struct cell_parameters parameters;
        struct zem_error error = {0};
        enum { TRIALS = 37 };
        uint64_t expected[ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)],
            tally[ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)];
        const struct batch_range range = {.first_trial_low = 11, .stride = 3, .trials = TRIALS};
        assert_int_equal(zem_cell_derive(reference->scenario, cell, &parameters, &error), 0);
        struct schedule_step *schedule = calloc(parameters.schedule_steps + 1u, sizeof *schedule);
        assert_non_null(schedule);
        zem_schedule_fill(&parameters, schedule);
        memset(expected, 0, sizeof expected);
        reference_engine()->fly(&parameters, schedule, &range, 0, TRIALS, expected);
        for (unsigned k = 0; k < zem_native_engine_count; k++) {
            const struct zem_native_engine *engine = zem_native_engines[k];
            if (engine->in_double
                || !zem_native_engine_fits(engine, parameters.features, parameters.features, parameters.stages))
                continue;
            memset(tally, 0, sizeof tally);
            engine->fly(&parameters, schedule, &range, 0, TRIALS, tally);
            if (memcmp(tally, expected, sizeof tally) != 0)
                fail_msg("%s: engine %s of %s differs from the scalar one in cell %" PRIu64, reference->scenario->name,
                         engine->variant, engine->isa, cell);
        }
        free(schedule);
    }
}

static void every_specialised_engine_gives_the_same_totals(void **state)
{
    (void)state;
    for_each_scenario(visit_engines);
}

/* ------------------------------------------------------------------ shards */
static void visit_shards(const struct zem_result *reference)
{
    struct zem_result sum, part;
    struct zem_error error = {0};
    struct zem_run_options options = {.devices = "openmp", .shards = 3};
    if (reference->scenario->value[ZEM_KEY_PRECISION].present)
        return;
    assert_int_equal(zem_result_init(&sum, reference->scenario, &error), 0);
    for (options.shard = 0; options.shard < options.shards; options.shard++) {
        options.batch_trials = options.shard == 1 ? 7 : 0;
        small_run(reference->scenario, &options, &part);
        assert_true(zem_totals_add_all(&sum.totals, &part.totals));
        zem_result_free(&part);
    }
    zem_result_digest(&sum);
    assert_same(&sum, reference, "three shards added");
    zem_result_free(&sum);
}

static void shards_add_up_to_the_whole(void **state)
{
    (void)state;
    for_each_scenario(visit_shards);
}

/* A huge scenario of which one trial in 2^32 - 1 is flown. The numbers of its trials are far beyond 32 bits, and the
 * batches end at every multiple of 2^32. */
#define HUGE \
    "zem: 1\nengagement: {kinematics: linear, flight_time: 1 s, closing_speed: 3 km/s}\ntarget: {maneuver: step, " \
    "acceleration: 3 gravity}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, heading_error_y: {mean: 0 degree, sigma: 1 degree}}\n" \
    "scoring: {hit_radius: 1 m}\nrun: {trials: 72057594037927936, seed: 3}\n"

static void trials_numbered_beyond_32_bits_are_flown(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_result reference;
    struct cell_parameters cell;
    struct zem_error error = {0};
    struct zem_run_options options = reference_options;
    uint64_t expected[ZEM_TALLY_WORDS(1, 1)] = {0}, flown[ZEM_TALLY_WORDS(1, 1)];
    enum { TRIALS = 500 };
    good_scenario(&scenario, "huge", HUGE);
    options.shards = UINT32_MAX;
    options.shard = UINT32_MAX - 7u;
    const uint64_t trials = TRIALS;
    options.cell_trials = &trials;
    small_run(&scenario, &options, &reference);
    assert_int_equal(zem_result_word(&reference, 0, ZEM_TALLY_TRIALS), TRIALS);
    const char *const isas[] = {"baseline", "v3", "v4"};
    for (size_t k = 0; k < 3; k++) {
        options.isa = isas[k];
        options.batch_trials = k == 0 ? 7 : 0;
        if (zem_native_engine_choose(isas[k], UINT32_MAX, 0, 0) != NULL)
            compare(&reference, &options, isas[k]);
    }

    /* each trial alone, at its own address */
    assert_int_equal(zem_cell_derive(&scenario, 0, &cell, &error), 0);
    struct schedule_step *schedule = calloc(cell.schedule_steps, sizeof *schedule);
    assert_non_null(schedule);
    zem_schedule_fill(&cell, schedule);
    for (uint64_t k = 0; k < TRIALS; k++) {
        const uint64_t trial = options.shard + k * options.shards;
        const struct batch_range range = {
            .first_trial_low = (uint32_t)trial, .first_trial_high = (uint32_t)(trial >> 32), .stride = 1, .trials = 1};
        reference_engine()->fly(&cell, schedule, &range, 0, 1, expected);
    }
    zem_totals_get(&reference.totals, 0, flown);
    assert_memory_equal(flown, expected, sizeof expected);
    free(schedule);
    zem_result_free(&reference);
    zem_scenario_free(&scenario);
}

/* ------------------------------------------------------------------ OpenCL */
static struct zem_device_list devices;

static unsigned opencl_devices(void)
{
    unsigned count = 0;
    for (size_t k = 0; k < devices.count; k++)
        count += devices.items[k].backend == &zem_backend_opencl && devices.items[k].reason[0] == '\0';
    return count;
}

static int find_devices(void **state)
{
    struct zem_error error = {0};
    (void)state;
    if (!zem_native_isa_usable("scalar")) /* a processor without fused multiply-add */
        reference_options.isa = "baseline";
    return zem_devices_list(&devices, NULL, 0.0, &error);
}

static int forget_devices(void **state)
{
    (void)state;
    zem_devices_free(&devices);
    return 0;
}

/* Skips the test without an OpenCL device. The test fails if ZEM_REQUIRE_OPENCL or CI says that there must be one. */
static void need_opencl(void)
{
    const char *required = getenv("ZEM_REQUIRE_OPENCL"), *ci = getenv("CI");
    if (opencl_devices() > 0)
        return;
    if ((required != NULL && strcmp(required, "1") == 0) || (ci != NULL && strcmp(ci, "true") == 0))
        fail_msg("%s", "no usable OpenCL device, and this machine must have one");
    printf("no usable OpenCL device\n");
    skip();
}

static void visit_opencl(const struct zem_result *reference)
{
    char all[512] = "openmp";
    for (size_t k = 0; k < devices.count; k++) {
        const struct zem_device *device = &devices.items[k];
        if (device->backend != &zem_backend_opencl || device->reason[0] != '\0')
            continue;
        const struct zem_run_options whole = {.devices = device->name, .strict_devices = true},
                                     pieces = {.devices = device->name, .batch_trials = 77, .strict_devices = true};
        compare(reference, &whole, device->name);
        compare(reference, &pieces, device->name);
        snprintf(all + strlen(all), sizeof all - strlen(all), ",%s", device->name);
    }
    const struct zem_run_options together = {.devices = all, .batch_trials = 31, .strict_devices = true};
    compare(reference, &together, all);
}

static void every_opencl_device_gives_the_same_totals(void **state)
{
    (void)state;
    need_opencl();
    for_each_scenario(visit_opencl);
}

/* ------------------------------------------------------------------ models/ */
static void models_give_the_same_totals_on_every_device(void **state)
{
    (void)state;
    glob_t files;
    const char *const overrides[] = {"run.trials=40"};
    assert_int_equal(glob("models/*.yaml", 0, NULL, &files), 0);
    for (size_t k = 0; k < files.gl_pathc; k++) {
        struct zem_scenario scenario;
        struct zem_diagnostics diagnostics;
        struct zem_error error = {0};
        struct zem_result reference;
        zem_diagnostics_init(&diagnostics, files.gl_pathv[k]);
        assert_int_equal(zem_scenario_read_file(&scenario, files.gl_pathv[k], overrides, 1, &diagnostics, &error), 0);
        small_run(&scenario, &reference_options, &reference);
        const struct zem_run_options best = {.devices = "openmp"}, together = {.devices = "openmp,opencl",
                                                                               .batch_trials = 1000,
                                                                               .strict_devices = true};
        compare(&reference, &best, "the best instruction set");
        if (opencl_devices() > 0)
            compare(&reference, &together, "openmp,opencl");
        zem_result_free(&reference);
        zem_scenario_free(&scenario);
        zem_diagnostics_free(&diagnostics);
    }
    printf("%zu models\n", files.gl_pathc);
    assert_true(files.gl_pathc >= 5);
    globfree(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_is_used_and_omitted_by_a_small_scenario),
        cmocka_unit_test(every_instruction_set_gives_the_same_totals),
        cmocka_unit_test(threads_and_batch_sizes_change_no_total),
        cmocka_unit_test(every_specialised_engine_gives_the_same_totals),
        cmocka_unit_test(shards_add_up_to_the_whole),
        cmocka_unit_test(trials_numbered_beyond_32_bits_are_flown),
        cmocka_unit_test(every_opencl_device_gives_the_same_totals),
        cmocka_unit_test(models_give_the_same_totals_on_every_device),
    };
    return cmocka_run_group_tests(tests, find_devices, forget_devices);
}
