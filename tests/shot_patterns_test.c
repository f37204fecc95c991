/* The classes of the salvos of a result that is made up. tests/doctrine_surface_test.py compares trials that are flown
 * again with results of the same shots. */
#include "study/shot_patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "result/cell_totals.h"
#include "synthetic_result.h"

#define SALVO_ALIKE SYNTHETIC_TWO_AXES "salvo: {shots: 3}\n"
#define SALVO_OF_TWO SYNTHETIC_TWO_AXES "salvo: {shots: 2, spacing: 1 s}\n"

static const struct zem_progress_hearer nobody = {NULL, NULL};

/* A result that is made up and its patterns, of which no trial needs to be flown. */
struct counted {
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_shot_patterns patterns;
};

static void counted_init(struct counted *c, const char *scenario)
{
    struct zem_error error = {0};
    synthetic_init(&c->result, &c->scenario, scenario);
    assert_int_equal(zem_shot_patterns_find(&c->result, 10, nobody, &c->patterns, &error), ZEM_OK);
    assert_true(c->patterns.trials == 0 && c->patterns.flown == NULL);
}

static void counted_free(struct counted *c)
{
    zem_shot_patterns_free(&c->patterns);
    synthetic_free(&c->result, &c->scenario);
}

static void alike_shots_are_counted_by_hits(void **state)
{
    (void)state;
    struct counted c;
    struct zem_shot_classes classes;
    counted_init(&c, SALVO_ALIKE);
    zem_shot_patterns_classes(&c.patterns, 5, 1, &classes);
    assert_true(!classes.by_pattern && classes.shots == 3 && classes.count == 4);
    for (size_t hits = 0; hits <= 3; hits++)
        assert_int_equal(classes.salvos[hits], zem_salvos_with_hits(&c.result, 5, 1, hits));
    zem_shot_patterns_classes(&c.patterns, 2, 1, &classes);
    assert_int_equal(zem_shot_classes_salvos(&classes), 0);
    counted_free(&c);
}

static void spaced_pairs_need_no_flights(void **state)
{
    (void)state;
    struct counted c;
    struct zem_shot_classes classes;
    counted_init(&c, SALVO_OF_TWO);
    zem_shot_patterns_classes(&c.patterns, 5, 1, &classes);
    assert_true(classes.by_pattern && classes.count == 4);
    assert_int_equal(zem_shot_classes_salvos(&classes), zem_trial_count(&c.result, 5));
    assert_int_equal(classes.salvos[1] + classes.salvos[3], zem_shot_hits(&c.result, 5, 1, 0));
    assert_int_equal(classes.salvos[2] + classes.salvos[3], zem_shot_hits(&c.result, 5, 1, 1));
    counted_free(&c);
}

/* Another kernel version draws other trials, which do not have the hits that the file counts. */
static void trials_of_another_version_are_not_flown(void **state)
{
    (void)state;
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_shot_patterns patterns;
    struct zem_error error = {0};
    synthetic_init(&result, &scenario, SYNTHETIC_SALVO);
    result.provenance.kernel_version = ZEM_KERNEL_VERSION - 1;
    assert_int_equal(zem_shot_patterns_find(&result, 10, nobody, &patterns, &error), ZEM_BAD_INPUT);
    assert_non_null(strstr(error.message, "run the scenario again"));
    zem_shot_patterns_free(&patterns);
    result.provenance.kernel_version = ZEM_KERNEL_VERSION;
    assert_int_equal(zem_shot_patterns_find(&result, 10, nobody, &patterns, &error), ZEM_OK);
    assert_int_equal(patterns.trials, 10);
    zem_shot_patterns_free(&patterns);
    synthetic_free(&result, &scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alike_shots_are_counted_by_hits),
        cmocka_unit_test(spaced_pairs_need_no_flights),
        cmocka_unit_test(trials_of_another_version_are_not_flown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
