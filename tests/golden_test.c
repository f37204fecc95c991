/* The digests of the scenarios of small_scenarios.h are those recorded in goldens.txt when the kernels got their
 * version number. They change only if the numerics of the kernels do. In that case raise ZEM_KERNEL_VERSION and run
 * "ZEM_UPDATE_GOLDENS=1 build/release/tests/golden_test" from the top folder. The control engagements at the end are
 * those of negative_controls.sh. */
#include "small_scenarios.h"

#include "device/native/native_engine.h"
#include "cell/schedule_table.h"
#include "control_engagements.h"

#include <stdlib.h>

#define GOLDENS "tests/goldens.txt"

static bool updating(void)
{
    const char *update = getenv("ZEM_UPDATE_GOLDENS");
    return update != NULL && strcmp(update, "1") == 0;
}

/* Reads the line "NAME TEXT" of goldens.txt. Returns false if there is none. */
static bool golden(const char *name, char *text, size_t size)
{
    FILE *file = fopen(GOLDENS, "r");
    char line[256];
    bool found = false;
    if (file == NULL)
        fail_msg("%s cannot be read: run this from the top folder", GOLDENS);
    while (!found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        const size_t length = strlen(name);
        found = strncmp(line, name, length) == 0 && line[length] == ' ';
        if (found)
            snprintf(text, size, "%s", line + length + 1);
    }
    fclose(file);
    return found;
}

/* Compares `text` with the recorded one. When goldens are updated it writes `text`; the first call begins a new
 * file. */
static void check(const char *name, const char *text)
{
    char expected[200];
    if (updating()) {
        static bool begun = false;
        FILE *file = fopen(GOLDENS, begun ? "a" : "w");
        assert_non_null(file);
        if (!begun)
            fprintf(file, "# Digests of kernel version %d, written by golden_test.c: scenario, totals, misses.\n",
                    ZEM_KERNEL_VERSION);
        begun = true;
        fprintf(file, "%s %s\n", name, text);
        assert_int_equal(fclose(file), 0);
        return;
    }
    if (!golden(name, expected, sizeof expected))
        fail_msg("%s has no golden in %s", name, GOLDENS);
    if (strcmp(expected, text) != 0)
        fail_msg("%s: %s instead of %s", name, text, expected);
}

static void scenarios_have_their_recorded_digests(void **state)
{
    (void)state;
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        struct zem_result result;
        char text[200];
        const struct zem_run_options options = {.devices = "openmp"};
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        small_run(&scenario, &options, &result);
        snprintf(text, sizeof text, "%s %s", result.digest, result.miss_digest);
        zem_result_free(&result);
        zem_scenario_free(&scenario);
        check(small_scenarios[k].name, text);
    }
}

static void control_engagements_have_their_recorded_sums(void **state)
{
    (void)state;
    const struct zem_native_engine *engine = zem_native_engine_choose("scalar", UINT32_MAX, 0, 0);
    char text[64];
    if (engine == NULL)
        engine = zem_native_engine_choose(NULL, UINT32_MAX, 0, 0);
    assert_non_null(engine);
    snprintf(text, sizeof text, "%016llx %016llx",
             (unsigned long long)control_misses(engine, zem_schedule_count, zem_schedule_fill),
             (unsigned long long)control_answers(engine));
    check("control", text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_have_their_recorded_digests),
        cmocka_unit_test(control_engagements_have_their_recorded_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
