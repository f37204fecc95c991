/* Scenarios as they are read: values in SI, defaults, distributions, sweeps, overrides, the printed and the canonical
 * form. bad_input.sh tests the messages about mistakes. */
#include "scenario/grid.h"
#include "base/number.h"
#include "scenario/scenario_print.h"
#include "scenario_reading.h"

#include <math.h>
#include <stdlib.h>

/* Reads a text that must be good. Prints the mistakes and fails if it is not. */
static void read_good(struct reading *reading, const char *text, const char *const *overrides, size_t count)
{
    reading_begin(reading, text, strlen(text), overrides, count);
    for (size_t i = 0; i < reading->diagnostics.count; i++) {
        char line[1200];
        zem_diagnostics_format(&reading->diagnostics, i, line, sizeof line);
        print_message("%s\n", line);
    }
    assert_int_equal(reading->status, 0);
}

/* Reads `minimal` with one override that must be refused with this message. */
static void refuse_override(const char *override, const char *expected)
{
    struct reading reading;
    reading_begin(&reading, minimal, strlen(minimal), &override, 1);
    assert_int_equal(reading.status, ZEM_BAD_INPUT);
    char line[1200];
    zem_diagnostics_format(&reading.diagnostics, 0, line, sizeof line);
    assert_string_equal(line, expected);
    assert_int_equal(reading.diagnostics.items[0].line, 0);
    reading_end(&reading);
}

/* FNV-1a hash of the canonical stream, enough to tell streams apart in a test. */
static int hash_emit(void *context, const void *bytes, size_t size)
{
    uint64_t *hash = context;
    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
    return 0;
}

static uint64_t canonical_hash(const struct zem_scenario *scenario)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    zem_scenario_canonical(scenario, hash_emit, &hash);
    return hash;
}

static uint64_t hash_of(const char *text, const char *override)
{
    struct reading reading;
    read_good(&reading, text, &override, override != NULL ? 1 : 0);
    uint64_t hash = canonical_hash(&reading.scenario);
    reading_end(&reading);
    return hash;
}

static void values_are_in_si_and_keep_their_unit(void **state)
{
    (void)state;
    const char *overrides[] = {"target.acceleration=6 gravity",
                               "target.phase={from: 0 degree, to: 360 degree}",
                               "seeker.glint=0.05 m2/Hz",
                               "interceptor.autopilot_lag=300 ms",
                               "interceptor.heading_error_y={mean: 1 degree, sigma: 2 degree}",
                               "interceptor.seeker_lag=0.1 s",
                               "run.seed=18446744073709551615"};
    struct reading reading;
    read_good(&reading, minimal, overrides, sizeof overrides / sizeof overrides[0]);
    const struct zem_value *value = reading.scenario.value;
    assert_true(value[ZEM_KEY_CLOSING_SPEED].first == 4000);
    assert_string_equal(value[ZEM_KEY_CLOSING_SPEED].unit, "km/s");
    assert_true(fabs(value[ZEM_KEY_TARGET_ACCELERATION].first - 58.8399) < 1e-12);
    assert_int_equal(value[ZEM_KEY_PHASE].distribution, ZEM_UNIFORM);
    assert_true(fabs(value[ZEM_KEY_PHASE].second - 6.283185307179586) < 1e-15);
    assert_int_equal(value[ZEM_KEY_HEADING_ERROR_Y].distribution, ZEM_NORMAL);
    assert_true(fabs(value[ZEM_KEY_HEADING_ERROR_Y].second - 2 * 0.017453292519943295) < 1e-17);
    assert_true(value[ZEM_KEY_GLINT].first == 0.05);
    assert_true(value[ZEM_KEY_AUTOPILOT_LAG].first == 0.3);
    assert_true(value[ZEM_KEY_SEED].integer == UINT64_MAX);
    assert_true(value[ZEM_KEY_TRIALS].integer == 100);
    reading_end(&reading);
}

static void defaults_are_present_and_not_given(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading, minimal, NULL, 0);
    const struct zem_value *value = reading.scenario.value;
    assert_true(value[ZEM_KEY_NAVIGATION_GAIN].present && !value[ZEM_KEY_NAVIGATION_GAIN].given);
    assert_true(value[ZEM_KEY_NAVIGATION_GAIN].first == 4);
    assert_true(!value[ZEM_KEY_ACCELERATION_LIMIT].present);
    assert_true(!value[ZEM_KEY_TARGET_SPEED].present);
    assert_true(value[ZEM_KEY_BLIND_TIME].first == 0.001);
    assert_int_equal(zem_choice_index(value, ZEM_KEY_MANEUVER), ZEM_MANEUVER_NONE);
    assert_string_equal(reading.scenario.title, "");
    reading_end(&reading);
}

static void hit_radii_are_sorted(void **state)
{
    (void)state;
    const char *override = "scoring.hit_radius=[2 m, 50 cm, 1 m]";
    struct reading reading;
    read_good(&reading, minimal, &override, 1);
    assert_int_equal(reading.scenario.radius_count, 3);
    assert_true(reading.scenario.radius[0] == 0.5 && reading.scenario.radius[1] == 1
                && reading.scenario.radius[2] == 2);
    assert_string_equal(reading.scenario.radius_unit, "m");
    reading_end(&reading);
}

static void text_may_have_a_mark_crlf_and_accents(void **state)
{
    (void)state;
    char text[1024];
    int length = snprintf(text, sizeof text, "\xEF\xBB\xBFzem: 1\r\ntitle: Man\xC5\x93uvre \xE2\x82\xAC\r\n%s",
                          strchr(minimal, '\n') + 1);
    struct reading reading;
    reading_begin(&reading, text, (size_t)length, NULL, 0);
    assert_int_equal(reading.status, 0);
    assert_string_equal(reading.scenario.title, "Man\xC5\x93uvre \xE2\x82\xAC");
    assert_int_equal(reading.scenario.value[ZEM_KEY_CLOSING_SPEED].line, 3);
    reading_end(&reading);
}

static void linear_axes_have_exact_ends_and_tidy_points(void **state)
{
    (void)state;
    const char *override = "sweep=[{parameter: interceptor.autopilot_lag, from: 100 ms, to: 1 s, points: 19}]";
    struct reading reading;
    read_good(&reading, minimal, &override, 1);
    const struct zem_axis *axis = &reading.scenario.axis[0];
    assert_int_equal(axis->points, 19);
    assert_string_equal(axis->name, "autopilot_lag");
    assert_string_equal(axis->unit, "ms");
    assert_true(axis->display[0] == 100 && axis->display[18] == 1000);
    assert_true(axis->values[0] == 0.1 && axis->values[18] == 1);
    for (size_t i = 0; i < 19; i++)
        assert_true(axis->display[i] == 100 + 50 * (double)i);
    reading_end(&reading);
}

static void logarithmic_axes_have_exact_ends_and_decades(void **state)
{
    (void)state;
    const char *overrides[] = {
        "sweep=[{parameter: seeker.glint, from: 1e-10 m2/Hz, to: 1e-7 m2/Hz, points: 7, spacing: log}]",
        "interceptor.seeker_lag=0.1 s"};
    struct reading reading;
    read_good(&reading, minimal, overrides, 2);
    const struct zem_axis *axis = &reading.scenario.axis[0];
    assert_true(axis->logarithmic);
    assert_true(axis->values[0] == 1e-10 && axis->values[2] == 1e-9 && axis->values[4] == 1e-8
                && axis->values[6] == 1e-7);
    for (size_t i = 1; i < 7; i++)
        assert_true(fabs(axis->values[i] / axis->values[i - 1] - 3.1622776601683795) < 1e-12);
    reading_end(&reading);
}

static void axes_get_distinct_names(void **state)
{
    (void)state;
    const char *override = "sweep=[{parameter: interceptor.heading_error_y.sigma, values: [1 degree, 2 degree]},"
                           " {parameter: target.ballistic_coefficient, values: [5000 kg/m2]},"
                           " {parameter: interceptor.ballistic_coefficient, values: [5000 kg/m2]}, {parameter: "
                           "run.trials, values: [10, 20]}]";
    struct reading reading;
    read_good(&reading, minimal, &override, 1);
    assert_string_equal(reading.scenario.axis[0].name, "heading_error_y_sigma");
    assert_string_equal(reading.scenario.axis[1].name, "ballistic_coefficient");
    assert_string_equal(reading.scenario.axis[2].name, "ballistic_coefficient_2");
    assert_string_equal(reading.scenario.axis[3].name, "trials_2"); /* "trials" is a result variable */
    assert_int_equal(reading.scenario.axis[0].part, ZEM_PART_SIGMA);
    reading_end(&reading);
}

static void an_override_of_a_swept_key_is_warned_of(void **state)
{
    (void)state;
    const char *overrides[] = {"interceptor.speed=3 km/s", "engagement.flight_time=4 s",
                               "engagement.closing_speed=4 km/s",
                               "sweep=[{parameter: engagement.flight_time, values: [1 s, 2 s]}]"};
    struct reading reading;
    char line[1200];
    read_good(&reading, minimal, overrides, 4);
    assert_int_equal(reading.diagnostics.count, 1);
    zem_diagnostics_format(&reading.diagnostics, 0, line, sizeof line);
    assert_string_equal(
        line, "--set: engagement.flight_time: has no effect: the scenario sweeps this key; sweep=[] removes all axes");
    assert_int_equal(reading.diagnostics.items[0].severity, ZEM_WARNING);
    reading_end(&reading);
}

static void a_swept_key_need_not_be_given(void **state)
{
    (void)state;
    const char *text = "zem: 1\nengagement: {kinematics: linear, closing_speed: 4 km/s}\ninterceptor: {speed: 2 km/s}\n"
                       "scoring: {hit_radius: 1 m}\nrun: {trials: 9}\nsweep:\n  - {parameter: engagement.flight_time, "
                       "values: [1 s, 2 s]}\n";
    struct reading reading;
    read_good(&reading, text, NULL, 0);
    assert_int_equal(zem_grid_cells(&reading.scenario), 2);
    reading_end(&reading);
}

static void overrides_replace_parts_and_whole_values(void **state)
{
    (void)state;
    const char *overrides[] = {"target.acceleration=3 gravity",
                               "target.acceleration.sigma=1 gravity",
                               "interceptor.heading_error_z.sigma=1 degree",
                               "title=another",
                               "run.trials=7",
                               "run.trials=8"};
    struct reading reading;
    read_good(&reading, minimal, overrides, sizeof overrides / sizeof overrides[0]);
    const struct zem_value *value = reading.scenario.value;
    assert_int_equal(value[ZEM_KEY_TARGET_ACCELERATION].distribution, ZEM_NORMAL);
    assert_true(value[ZEM_KEY_TARGET_ACCELERATION].first == 3 * value[ZEM_KEY_TARGET_ACCELERATION].second);
    assert_true(value[ZEM_KEY_HEADING_ERROR_Z].first == 0 && value[ZEM_KEY_HEADING_ERROR_Z].second > 0);
    assert_string_equal(reading.scenario.title, "another");
    assert_true(value[ZEM_KEY_TRIALS].integer == 8);
    assert_int_equal(reading.scenario.override_count, 6);
    reading_end(&reading);
}

static void bad_overrides_are_refused_with_a_suggestion(void **state)
{
    (void)state;
    refuse_override("run.trails=5", "--set: run.trails: unknown key; did you mean \"run.trials\"?");
    refuse_override("run.trials=2e4", "--set: run.trials: \"2e4\": a whole number is written with digits alone: 20000");
    refuse_override("interceptor.speed=3 m",
                    "--set: interceptor.speed: \"3 m\": a length where a speed is needed, such as \"3 km/s\"");
    refuse_override("run.trials", "--set: \"run.trials\": key=value is needed, such as run.trials=1000");
    refuse_override("run.trials=", "--set: \"run.trials=\": the value is missing after the equals sign");
    refuse_override("sweep.0.points=4",
                    "--set: \"sweep.0.points=4\": an override replaces the whole sweep, such as sweep=[]");
    refuse_override("target.period=[", "--set: not YAML: flow sequence without a closing bracket; look at the "
                                       "indentation, colons, brackets and quotes of this line and the one before");
    refuse_override("interceptor.speed.sigma=1 m/s",
                    "--set: interceptor.speed: must be greater than zero, and a normal distribution has values of "
                    "every size; truncate it, as in {mean: , sigma: , from: , to: }");
    refuse_override("salvo.spacing.sigma=1 s", "--set: salvo.spacing: this quantity cannot vary from trial to trial; a "
                                               "time is needed, such as \"1 s\"");
    refuse_override(
        "a.b.c.d=1",
        "--set: \"a.b.c.d=1\": a key is section.name or section.name.part, such as target.acceleration.sigma");
}

static void canonical_form_ignores_spelling(void **state)
{
    (void)state;
    const char *respelt =
        "# a comment\nzem: 1\ntitle: other\nrun:\n  trials: 100\n  seed: 1\nscoring:\n  hit_radius: [100 cm]\n"
        "interceptor:\n  speed: 2000 m/s\nengagement:\n  flight_time: 5000 ms\n  closing_speed: 4e3 m/s\n  kinematics: "
        "linear\n";
    uint64_t hash = hash_of(minimal, NULL);
    assert_true(hash_of(respelt, NULL) == hash);
    assert_true(hash_of(minimal, "run.seed=2") != hash);
    assert_true(hash_of(minimal, "scoring.hit_radius=1.0000000000000002 m") != hash);
    assert_true(hash_of(minimal, "target.roll={mean: 0 degree, sigma: 0 degree}") != hash);
    assert_true(hash_of(minimal, "sweep=[{parameter: target.roll, values: [0 degree]}]") != hash);
    assert_true(hash_of(minimal, "interceptor.displacement_y=-0 m") == hash);
}

/* Multiplying by any power of ten rounds once, so that the unit in which a decimal is written cannot change a bit. */
static void decimal_units_do_not_move_a_bit(void **state)
{
    (void)state;
    assert_true(zem_number_value("0.1", 3, -3) == 0.0001);
    for (int i = 1; i < 2000; i += 97) {
        char milli[64], plain[64];
        snprintf(milli, sizeof milli, "interceptor.autopilot_lag=%d.%d ms", i, i % 10);
        snprintf(plain, sizeof plain, "interceptor.autopilot_lag=%d.%d e-3 s", i, i % 10);
        memmove(strchr(plain, ' '), strchr(plain, ' ') + 1, strlen(strchr(plain, ' ')));
        assert_true(hash_of(minimal, milli) == hash_of(minimal, plain));
    }
}

static void printed_scenario_reads_back(const char *path, enum zem_print_units units)
{
    struct zem_scenario scenario;
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, path);
    assert_int_equal(zem_scenario_read_file(&scenario, path, NULL, 0, &diagnostics, &error), 0);
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(zem_scenario_print(&scenario, units, file, &error), 0);
    char *text = calloc(1, 1 << 20);
    rewind(file);
    size_t length = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    assert_true(length > 100);
    struct reading reading;
    read_good(&reading, text, NULL, 0);
    assert_true(canonical_hash(&reading.scenario) == canonical_hash(&scenario));
    assert_string_equal(reading.scenario.title, scenario.title);
    assert_string_equal(reading.scenario.description, scenario.description);
    reading_end(&reading);
    free(text);
    zem_scenario_free(&scenario);
    zem_diagnostics_free(&diagnostics);
}

static const char *const models[] = {"models/dispersed.yaml",     "models/weave.yaml", "models/step.yaml",
                                     "models/heading-error.yaml", "models/noise.yaml", "models/point-mass.yaml"};

static void models_read_back_from_print(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        printed_scenario_reads_back(models[i], ZEM_PRINT_SI);
        printed_scenario_reads_back(models[i], ZEM_PRINT_AS_WRITTEN);
    }
}

static void unused_keys_are_found(void **state)
{
    (void)state;
    const char *overrides[] = {"target.maneuver=step",
                               "target.period=2 s",
                               "target.start=1 s",
                               "engagement.intercept_altitude=10 km",
                               "interceptor.autopilot_order=2",
                               "salvo.spacing=1 s",
                               "seeker.reference_range=1 km",
                               "seeker.estimator_acceleration=1 gravity",
                               "target.rise_time=2 s",
                               "interceptor.target_acceleration_scale=0.5",
                               "interceptor.assumed_period=1 s",
                               "interceptor.time_to_go_scale=1.1",
                               "interceptor.time_to_go_bias=0.1 s",
                               "interceptor.quadratic_damping=0.3",
                               "interceptor.turning_rate_lag=1 s",
                               "interceptor.seeker_damping=0.5",
                               "interceptor.filter_damping=0.5",
                               "seeker.sample_delay=10 ms",
                               "seeker.fading_memory=0.4"};
    static const enum zem_key alone[] = {ZEM_KEY_RISE_TIME,        ZEM_KEY_TARGET_ACCELERATION_SCALE,
                                         ZEM_KEY_ASSUMED_PERIOD,   ZEM_KEY_TIME_TO_GO_SCALE,
                                         ZEM_KEY_TIME_TO_GO_BIAS,  ZEM_KEY_QUADRATIC_DAMPING,
                                         ZEM_KEY_TURNING_RATE_LAG, ZEM_KEY_SAMPLE_DELAY,
                                         ZEM_KEY_FADING_MEMORY,    ZEM_KEY_SEEKER_DAMPING,
                                         ZEM_KEY_FILTER_DAMPING};
    struct reading reading;
    read_good(&reading, minimal, overrides, sizeof overrides / sizeof overrides[0]);
    const struct zem_scenario *scenario = &reading.scenario;
    for (size_t k = 0; k < sizeof alone / sizeof *alone; k++)
        assert_true(zem_scenario_key_unused(scenario, alone[k]));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_PERIOD));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_INTERCEPT_ALTITUDE));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_AUTOPILOT_ORDER));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_SPACING));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_REFERENCE_RANGE));
    assert_true(zem_scenario_key_unused(scenario, ZEM_KEY_ESTIMATOR_ACCELERATION));
    assert_false(zem_scenario_key_unused(scenario, ZEM_KEY_MANEUVER_START));
    assert_false(zem_scenario_key_unused(scenario, ZEM_KEY_CLOSING_SPEED));
    assert_false(zem_scenario_key_unused(scenario, ZEM_KEY_PHASE)); /* a default is not unused */
    reading_end(&reading);
}

/* Without guidance the seeker looks for nothing. */
static void acquisition_needs_guidance(void **state)
{
    (void)state;
    for (int guided = 0; guided < 2; guided++) {
        const char *overrides[] = {guided ? "interceptor.guidance=apn" : "interceptor.guidance=none",
                                   "seeker.acquisition_range=2 km", "seeker.acquisition_angle=1 degree"};
        struct reading reading;
        read_good(&reading, minimal, overrides, 3);
        assert_int_equal(zem_scenario_key_unused(&reading.scenario, ZEM_KEY_ACQUISITION_RANGE), !guided);
        assert_int_equal(zem_scenario_key_unused(&reading.scenario, ZEM_KEY_ACQUISITION_ANGLE), !guided);
        reading_end(&reading);
    }
}

/* Every key is in its own set and in no other, also keys that do not exist yet: a set has more bits than there are
 * keys. */
static void sets_of_keys_have_each_key_by_itself(void **state)
{
    (void)state;
    for (unsigned key = 0; key < ZEM_KEY_SET_BITS; key++) {
        const zem_key_set set = ZEM_KEY_SET_OF(key);
        assert_int_equal(zem_key_first(set), key);
        for (unsigned other = 0; other < ZEM_KEY_SET_BITS; other++)
            assert_int_equal(zem_key_in(set, (enum zem_key)other), other == key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_in_si_and_keep_their_unit),
        cmocka_unit_test(defaults_are_present_and_not_given),
        cmocka_unit_test(hit_radii_are_sorted),
        cmocka_unit_test(text_may_have_a_mark_crlf_and_accents),
        cmocka_unit_test(linear_axes_have_exact_ends_and_tidy_points),
        cmocka_unit_test(logarithmic_axes_have_exact_ends_and_decades),
        cmocka_unit_test(axes_get_distinct_names),
        cmocka_unit_test(an_override_of_a_swept_key_is_warned_of),
        cmocka_unit_test(a_swept_key_need_not_be_given),
        cmocka_unit_test(overrides_replace_parts_and_whole_values),
        cmocka_unit_test(bad_overrides_are_refused_with_a_suggestion),
        cmocka_unit_test(canonical_form_ignores_spelling),
        cmocka_unit_test(decimal_units_do_not_move_a_bit),
        cmocka_unit_test(models_read_back_from_print),
        cmocka_unit_test(unused_keys_are_found),
        cmocka_unit_test(acquisition_needs_guidance),
        cmocka_unit_test(sets_of_keys_have_each_key_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
