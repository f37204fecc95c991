/* The scenario reader on bad input: missing files, and damaged text, for which it always returns. It loads the table of
 * units only once. */
#include "scenario/unit.h"
#include "scenario_reading.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

static void missing_files_and_folders_are_no_input(void **state)
{
    (void)state;
    const char *const paths[] = {"models/no-such-scenario.yaml", "models"};
    for (size_t i = 0; i < 2; i++) {
        struct zem_scenario scenario;
        struct zem_diagnostics diagnostics;
        struct zem_error error = {0};
        zem_diagnostics_init(&diagnostics, paths[i]);
        assert_int_equal(zem_scenario_read_file(&scenario, paths[i], NULL, 0, &diagnostics, &error), ZEM_NO_INPUT);
        assert_true(strstr(error.message, paths[i]) != NULL);
        zem_scenario_free(&scenario);
        zem_diagnostics_free(&diagnostics);
    }
}

static char *file_load(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    *length = fread(text, 1, (1 << 16) - 4096, file);
    fclose(file);
    return text;
}

/* Changes, removes, repeats and inserts bytes, mostly such that have a meaning in YAML. Returns the new length. */
static size_t text_damage(char *text, size_t length, uint64_t *seed)
{
    static const char poison[] = "{}[]:,&*!|>'\"%@`#?-\n\t \r~0e9\\\x80\xFF.<=";
    for (int changes = 1 + (int)((*seed >> 60) & 3); changes > 0 && length > 0; changes--) {
        *seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        size_t at = (size_t)((*seed >> 33) % length);
        switch ((*seed >> 20) & 3) {
        case 0:
            text[at] = poison[(*seed >> 24) % (sizeof poison - 1)];
            break;
        case 1:
            memmove(text + at, text + at + 1, length - at);
            length--;
            break;
        case 2:
            memmove(text + at + 1, text + at, length - at);
            text[at] = poison[(*seed >> 24) % (sizeof poison - 1)];
            length++;
            break;
        default:
            length = at + 1 > 200 ? length : at + 1;
            text[at] = '\0';
        }
    }
    return length;
}

/* Each of 2,000 damaged copies of a scenario is read, or refused with a message. Sanitizers show further mistakes. */
static void damaged_scenarios_are_read_or_refused(void **state)
{
    (void)state;
    size_t length, refused = 0;
    char *original = file_load("models/weave.yaml", &length), *text = malloc(1 << 16);
    assert_non_null(text);
    uint64_t seed = 20240229;
    for (int i = 0; i < 2000; i++) {
        memcpy(text, original, length + 1);
        size_t damaged = text_damage(text, length, &seed);
        struct reading reading;
        reading_begin(&reading, text, damaged, NULL, 0);
        assert_true(reading.status == 0 || reading.status == ZEM_BAD_INPUT);
        assert_true((reading.status == 0) == (reading.diagnostics.mistakes == 0));
        refused += reading.status != 0;
        reading_end(&reading);
    }
    print_message("%zu of 2000 damaged scenarios refused\n", refused);
    assert_true(refused > 1000 && refused < 2000);
    free(text);
    free(original);
}

static void load_units(const char *text, size_t length)
{
    (void)text, (void)length;
    struct zem_unit unit;
    struct zem_units *units = zem_units_create();
    assert_int_equal(zem_unit_read(units, "fathom", 6, &unit), ZEM_UNIT_OK);
    zem_units_free(units);
}

static void load_scenario(const char *text, size_t length)
{
    struct reading reading;
    reading_begin(&reading, text, length, NULL, 0);
    assert_int_equal(reading.status, 0);
    reading_end(&reading);
}

/* Returns the processor time of `work` in ms: the least of ten, because other programs may take the processor and its
 * caches. */
static double processor_time(void (*work)(const char *text, size_t length), const char *text, size_t length)
{
    double least = INFINITY;
    for (int k = 0; k < 10; k++) {
        const clock_t begin = clock();
        work(text, length);
        least = fmin(least, 1e3 * (double)(clock() - begin) / CLOCKS_PER_SEC);
    }
    return least;
}

/* Loading the database of units takes most of the time of reading a scenario with uncommon units. It is loaded once and
 * not for each of these eight units, which a factor of 4 tells. */
static void reading_takes_hardly_longer_than_loading_the_units(void **state)
{
    (void)state;
    static const char text[] =
        "zem: 1\n"
        "engagement: {kinematics: linear, flight_time: 5 second, closing_speed: 4 kilometer/second}\n"
        "target: {maneuver: weave, acceleration: 5 standard_free_fall, period: 0.05 minute, phase: 90 arc_degree}\n"
        "interceptor: {speed: 2 kilometer/s, navigation_gain: 4, seeker_lag: 100 millisecond}\n"
        "scoring: {hit_radius: 0.5 fathom}\n"
        "run: {trials: 100}\n";
    const double units = processor_time(load_units, NULL, 0),
                 whole = processor_time(load_scenario, text, sizeof text - 1);
    print_message("processor time: units %.2f ms, scenario %.2f ms\n", units, whole);
    assert_true(whole < 4 * units);
}

/* Loading the database takes thirty times as long as the rest of the reading. */
static void a_scenario_with_common_units_needs_no_database(void **state)
{
    (void)state;
    size_t length;
    char *text = file_load("models/weave.yaml", &length);
    assert_int_equal(setenv("UDUNITS2_XML_PATH", "/nowhere/udunits2.xml", 1), 0);
    load_scenario(text, length);
    assert_int_equal(unsetenv("UDUNITS2_XML_PATH"), 0);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_files_and_folders_are_no_input),
        cmocka_unit_test(damaged_scenarios_are_read_or_refused),
        cmocka_unit_test(a_scenario_with_common_units_needs_no_database),
        cmocka_unit_test(reading_takes_hardly_longer_than_loading_the_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
