/* The tables of choices and of outcomes (scenario/choices.h, result/outcome.h). A choice is a key whose value is one of
 * several words, such as target.maneuver; a row of its table describes one word. Every row is complete and differs from
 * the others, and its word is read, printed and flown. A row without a formula in the kernels is found, because it
 * flies like another row. */
#include "small_scenarios.h"

#include "cell/cell.h"
#include "cell/schedule_table.h"
#include "device/native/native_engine.h"
#include "result/outcome.h"
#include "scenario/scenario_print.h"

#include <math.h>
#include <stdlib.h>

/* A scenario with every key that some word of a choice requires. The word that it has for a choice can therefore be
 * replaced by any other. */
static const char everything[] =
    "zem: 1\n"
    "engagement: {kinematics: linear, flight_time: 2 s, closing_speed: 3 km/s, intercept_altitude: 20 km}\n"
    "target: {speed: 2 km/s, flight_path_angle: -30 degree, maneuver: weave, acceleration: 6 gravity, period: 1 s,\n"
    "         start: 0.5 s, switching_rate: 2 Hz}\n"
    "interceptor: {speed: 2 km/s, flight_path_angle: 30 degree, seeker_lag: 0.1 s, filter_lag: 0.1 s,\n"
    "              autopilot_lag: 0.3 s, heading_error_y: 0.5 degree}\n"
    "seeker: {glint: 0.05 m2/Hz}\n"
    "scoring: {hit_radius: [1 m, 10 m]}\n"
    "sweep: [{parameter: target.acceleration, values: [4 gravity, 6 gravity]}]\n"
    "run: {trials: 64}\n";

/* Reads `everything` with overrides. The caller releases it with zem_scenario_free. */
static void read_with(struct zem_scenario *scenario, const char *const *overrides, size_t count)
{
    struct zem_diagnostics diagnostics;
    struct zem_error error = {0};
    zem_diagnostics_init(&diagnostics, "everything");
    if (zem_scenario_read_text(scenario, "everything", everything, strlen(everything), overrides, count, &diagnostics,
                               &error)
        != 0)
        fail_msg("%s: %s", count > 0 ? overrides[0] : "no override",
                 diagnostics.count > 0 ? diagnostics.items[0].message : error.message);
    zem_diagnostics_free(&diagnostics);
}

static void read_word(struct zem_scenario *scenario, enum zem_key key, unsigned index, const char *more)
{
    const struct zem_key_info *info = &zem_key_table[key];
    char override[96];
    snprintf(override, sizeof override, "%s.%s=%s", info->section, info->name, info->choice->row[index].word);
    read_with(scenario, (const char *const[]){override, more}, more != NULL ? 2 : 1);
}

static void for_each_choice(void (*visit)(enum zem_key key, const struct zem_choice *choice))
{
    unsigned choices = 0;
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        assert_true((zem_key_table[key].kind == ZEM_CHOICE) == (zem_key_table[key].choice != NULL));
        if (zem_key_table[key].choice != NULL)
            visit((enum zem_key)key, zem_key_table[key].choice);
        choices += zem_key_table[key].choice != NULL ? 1u : 0u;
    }
    assert_true(choices >= 6);
}

static void visit_rows(enum zem_key key, const struct zem_choice *choice)
{
    zem_key_set keys = 0;
    assert_true(choice->count >= 2);
    for (unsigned i = 0; i < choice->count; i++) {
        const struct zem_choice_row *row = &choice->row[i];
        assert_true(row->word != NULL && row->word[0] != '\0' && row->meaning != NULL && row->meaning[0] != '\0');
        assert_true(strpbrk(row->word, "|, ") == NULL && strpbrk(row->meaning, "|\n") == NULL);
        assert_int_equal(zem_choice_find(choice, row->word), i); /* the first row with this word */
        for (unsigned k = 0; k < i && key != ZEM_KEY_RANDOM_NUMBERS; k++)
            if (choice->row[k].features == row->features)
                fail_msg("%s and %s have the same features", choice->row[k].word, row->word);
        keys |= row->keys;
    }
    assert_true(keys == choice->keys);
}

static void rows_are_complete_and_differ(void **state)
{
    (void)state;
    for_each_choice(visit_rows);
    for (unsigned i = 0; i <= ZEM_OUTCOME_COUNT; i++) {
        const struct zem_ending *row = &zem_outcome_table[i];
        char name[40];
        snprintf(name, sizeof name, "%s", row->word);
        for (char *c = name; *c != '\0'; c++)
            *c = *c == '_' ? ' ' : *c;
        assert_string_equal(row->name, name);
        assert_true(row->meaning[0] != '\0');
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(row->word, zem_outcome_table[k].word);
    }
}

static void visit_reading(enum zem_key key, const struct zem_choice *choice)
{
    for (unsigned i = 0; i < choice->count; i++) {
        struct zem_scenario scenario;
        struct zem_error error = {0};
        char *text = NULL, line[96];
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);
        read_word(&scenario, key, i, NULL);
        assert_int_equal(zem_choice_index(scenario.value, key), i);
        assert_int_equal(zem_scenario_print(&scenario, ZEM_PRINT_AS_WRITTEN, stream, &error), 0);
        fclose(stream);
        snprintf(line, sizeof line, "  %s: %s\n", zem_key_table[key].name, choice->row[i].word);
        if (strstr(text, line) == NULL)
            fail_msg("%s is not printed as %s", zem_key_table[key].name, choice->row[i].word);
        free(text);
        zem_scenario_free(&scenario);
    }
}

static void words_are_read_and_printed(void **state)
{
    (void)state;
    for_each_choice(visit_reading);
}

static bool same_totals(const struct zem_result *a, const struct zem_result *b)
{
    for (uint64_t cell = 0; cell < a->cells; cell++)
        if (!zem_totals_same(&a->totals, &b->totals, cell))
            return false;
    return true;
}

/* Flies the scenario with every word of a choice, and fails if two words give the same totals. The scenario gets a
 * divert budget that is never used up, because a cell with a budget is always flown in steps. Without one, some laws of
 * guidance would be flown by transition matrices. These round differently, so two laws with the same formula would seem
 * to differ. */
static void visit_flying(enum zem_key key, const struct zem_choice *choice)
{
    const struct zem_run_options options = {.devices = "openmp", .threads = 1};
    struct zem_scenario scenario[16];
    struct zem_result result[16];
    assert_true(choice->count <= 16);
    for (unsigned i = 0; i < choice->count; i++) {
        read_word(&scenario[i], key, i, "interceptor.divert_limit=10 km/s");
        small_run(&scenario[i], &options, &result[i]);
        for (unsigned k = 0; k < i; k++)
            if (same_totals(&result[k], &result[i]))
                fail_msg("%s: %s is flown as %s", zem_key_table[key].name, choice->row[i].word, choice->row[k].word);
    }
    for (unsigned i = 0; i < choice->count; i++) {
        zem_result_free(&result[i]);
        zem_scenario_free(&scenario[i]);
    }
}

static void words_are_flown_each_in_its_own_way(void **state)
{
    (void)state;
    for_each_choice(visit_flying);
}

/* Every word of a choice is in some scenario of small_scenarios.h. identity_test.c flies these scenarios on every
 * engine and device. */
static void visit_small(enum zem_key key, const struct zem_choice *choice)
{
    uint32_t seen = 0;
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        seen |= UINT32_C(1) << zem_choice_index(scenario.value, key);
        zem_scenario_free(&scenario);
    }
    for (unsigned i = 0; i < choice->count; i++)
        if ((seen >> i & 1) == 0)
            fail_msg("no small scenario has %s: %s", zem_key_table[key].name, choice->row[i].word);
}

static void words_stand_in_a_small_scenario(void **state)
{
    (void)state;
    for_each_choice(visit_small);
}

/* Flies one trial and returns its miss, m. */
static double fly_once(const struct cell_parameters *cell)
{
    uint64_t tally[ZEM_TALLY_WORDS(ZEM_RADII_LIMIT, ZEM_SHOTS_LIMIT)] = {0};
    const struct batch_range range = {.stride = 1, .trials = 1};
    struct schedule_step *schedule = calloc(cell->schedule_steps + 1u, sizeof *schedule);
    assert_non_null(schedule);
    zem_schedule_fill(cell, schedule);
    zem_native_engine_choose("scalar", UINT32_MAX, 0, 0)->fly(cell, schedule, &range, 0, 1, tally);
    free(schedule);
    assert_true(tally[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_PASSED] == 1);
    return ((double)tally[ZEM_TALLY_MISS] + 4294967296.0 * (double)tally[ZEM_TALLY_MISS + 1]) / 16777216.0;
}

/* The matrices of kernels/transition.h only fly one guidance law. Another law whose row allows matrices by mistake
 * would be flown as that one. */
static void laws_fly_by_matrices_as_by_steps(void **state)
{
    (void)state;
    unsigned by_matrices = 0;
    for (unsigned law = 0; law < zem_guidance_choice.count; law++) {
        struct zem_scenario scenario;
        struct cell_parameters cell;
        struct zem_error error = {0};
        char override[96];
        snprintf(override, sizeof override, "interceptor.guidance=%s", zem_guidance_choice.row[law].word);
        read_with(&scenario, (const char *const[]){override, "seeker.glint=0 m2/Hz", "run.step=5 ms"}, 3);
        assert_int_equal(zem_cell_derive(&scenario, 0, &cell, &error), 0);
        const bool matrices = (cell.features & ZEM_FEATURE_TRANSITION) != 0;
        assert_true(matrices == ((zem_guidance_choice.row[law].properties & ZEM_BY_TRANSITION) != 0));
        if (matrices) {
            const double miss = fly_once(&cell);
            cell.features &= ~ZEM_FEATURE_TRANSITION;
            const double steps = fly_once(&cell);
            printf("%s: miss %.6f m by matrices, %.6f m by steps\n", zem_guidance_choice.row[law].word, miss, steps);
            assert_true(fabs(miss - steps) < 1e-3 * steps);
            by_matrices++;
        }
        zem_scenario_free(&scenario);
    }
    assert_true(by_matrices >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete_and_differ),        cmocka_unit_test(words_are_read_and_printed),
        cmocka_unit_test(words_are_flown_each_in_its_own_way), cmocka_unit_test(words_stand_in_a_small_scenario),
        cmocka_unit_test(laws_fly_by_matrices_as_by_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
