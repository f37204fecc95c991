/* The check of tallies. It accepts the tallies of flown trials, whatever feature a scenario uses, and refuses them with
 * a count too many or a count in another place. */
#include "result/tally_check.h"

#include "cell/cell.h"
#include "good_scenario.h"
#include "small_scenarios.h"

#include <string.h>

static const struct zem_run_options options = {.devices = "openmp"};

/* Calls `check` with the first cell of every small scenario and its totals. */
static void visit(void (*check)(const struct zem_scenario *scenario, const struct cell_parameters *cell,
                                uint64_t *tally))
{
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        struct zem_result result;
        struct zem_error error = {0};
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        small_run(&scenario, &options, &result);
        for (uint64_t number = 0; number < result.cells; number++) {
            struct cell_parameters cell;
            uint64_t tally[ZEM_TALLY_WORDS_LIMIT];
            assert_int_equal(zem_cell_derive(&scenario, number, &cell, &error), 0);
            zem_totals_get(&result.totals, number, tally);
            check(&scenario, &cell, tally);
        }
        zem_result_free(&result);
        zem_scenario_free(&scenario);
    }
}

static bool adds_up(const struct cell_parameters *cell, const uint64_t *tally, uint64_t trials)
{
    char text[200] = "";
    const bool good = zem_tally_adds_up(cell, tally, trials, text, sizeof text);
    assert_true(good == (text[0] == '\0')); /* a message says what is wrong */
    return good;
}

static void good(const struct zem_scenario *scenario, const struct cell_parameters *cell, uint64_t *tally)
{
    char text[200];
    if (!zem_tally_adds_up(cell, tally, tally[ZEM_TALLY_TRIALS], text, sizeof text))
        fail_msg("%s: %s", scenario->name, text);
}

static void flown_tallies_add_up(void **state)
{
    (void)state;
    visit(good);
}

/* Adds one to every word that counts trials, and subtracts one. The check must refuse each. */
static void changed(const struct zem_scenario *scenario, const struct cell_parameters *cell, uint64_t *tally)
{
    const size_t words = ZEM_TALLY_WORDS((size_t)cell->radius_count, (size_t)cell->shots);
    const uint64_t trials = tally[ZEM_TALLY_TRIALS];
    for (size_t word = 0; word < words; word++) {
        if (word >= ZEM_TALLY_MIX && word < ZEM_TALLY_HISTOGRAM)
            continue;
        for (int change = -1; change <= 1; change += 2) {
            tally[word] += (uint64_t)change;
            if (adds_up(cell, tally, trials))
                fail_msg("%s: %d in word %zu passes", scenario->name, change, word);
            tally[word] -= (uint64_t)change;
        }
    }
    assert_false(adds_up(cell, tally, trials + 1));
    assert_true(adds_up(cell, tally, trials));
}

static void a_count_too_many_or_too_few_is_seen(void **state)
{
    (void)state;
    visit(changed);
}

/* Sets words beyond their bounds while the counts still add up. The check must refuse each. */
static void moved(const struct zem_scenario *scenario, const struct cell_parameters *cell, uint64_t *tally)
{
    const uint64_t trials = tally[ZEM_TALLY_TRIALS], passed = tally[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_PASSED];
    const size_t none = ZEM_TALLY_RADIUS + cell->radius_count;
    uint64_t copy[4096];
    const size_t bytes = ZEM_TALLY_WORDS((size_t)cell->radius_count, (size_t)cell->shots) * sizeof *copy;
    assert_true(bytes <= sizeof copy);
    memcpy(copy, tally, bytes);
    copy[ZEM_TALLY_CLIPPED] = passed + 1;
    assert_false(adds_up(cell, copy, trials));
    memcpy(copy, tally, bytes);
    copy[ZEM_TALLY_SATURATED_TRIALS] = passed + 1;
    assert_false(adds_up(cell, copy, trials));
    memcpy(copy, tally, bytes);
    copy[ZEM_TALLY_MISS + 1] += trials << 24; /* 2^32 m more for each trial */
    if (tally[ZEM_TALLY_CLIPPED] == 0 && tally[ZEM_TALLY_HISTOGRAM + ZEM_HISTOGRAM_SLOTS - 1] == 0)
        assert_false(adds_up(cell, copy, trials));
    memcpy(copy, tally, bytes);
    if ((cell->features & ZEM_FEATURE_CARLETON) == 0 && copy[none] > trials / 2 && passed == trials
        && cell->shots == 1) {
        copy[ZEM_TALLY_RADIUS] += copy[none]; /* every miss becomes a hit */
        copy[none] = 0;
        if (adds_up(cell, copy, trials))
            fail_msg("%s: misses pass as hits", scenario->name);
    }
}

static void what_is_beyond_its_bounds_is_seen(void **state)
{
    (void)state;
    visit(moved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flown_tallies_add_up),
        cmocka_unit_test(a_count_too_many_or_too_few_is_seen),
        cmocka_unit_test(what_is_beyond_its_bounds_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
