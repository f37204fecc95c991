/* Contours of maps. There are none within noise; where the trials justify contours, they are at levels that the
 * intervals tell apart. Chance exceeds a limit of five standard deviations once in three million runs. The seeds were
 * chosen before any result was seen. */
#include "view/contours.h"

#include "counted_results.h"

#define SCENARIO \
    "zem: 1\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n" \
    "scoring: {hit_radius: 1 m}\n" \
    "run: {trials: 1000, seed: 1}\n" \
    "sweep:\n" \
    "  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 12}\n" \
    "  - {parameter: interceptor.autopilot_lag, from: 0.1 s, to: 0.5 s, points: 10}\n"
#define REPLICAS 60

struct drawn {
    struct zem_result result;
    struct zem_scenario scenario;
    struct zem_view view;
    struct zem_contours contours;
};

static void drawn_init(struct drawn *d)
{
    memset(d, 0, sizeof *d);
    counted_init(&d->result, &d->scenario, SCENARIO);
}

static void draw(struct drawn *d)
{
    struct zem_error error = {0};
    zem_contours_free(&d->contours);
    zem_view_free(&d->view);
    if (zem_view_init(&d->view, &d->result, &(struct zem_view_options){.variable = NULL}, &error) != 0
        || zem_contours_find(&d->view, &(struct zem_contours_wish){0}, &d->contours, &error) != 0)
        fail_msg("%s", error.message);
}

static void drawn_free(struct drawn *d)
{
    zem_contours_free(&d->contours);
    zem_view_free(&d->view);
    counted_free(&d->result, &d->scenario);
}

static void noise_has_no_contours(void **state)
{
    (void)state;
    struct drawn d;
    uint64_t random = 21;
    int with = 0;
    drawn_init(&d);
    for (int replica = 0; replica < REPLICAS; replica++) {
        const double p = 0.001 + 0.998 * replica / (REPLICAS - 1);
        for (uint64_t cell = 0; cell < d.result.cells; cell++) {
            const uint64_t trials = cell % 7 == 0 ? 100 : 5000;
            counted_cell(&d.result, cell, counted_binomial(trials, p, &random), trials);
        }
        draw(&d);
        with += d.contours.count > 0;
    }
    if (with > 0.05 * REPLICAS + 5 * sqrt(0.05 * REPLICAS))
        fail_msg("%d of %d maps of noise have contours", with, REPLICAS);
    drawn_free(&d);
}

/* Returns p of a cell. The first six columns are a plateau, in which noise makes islands; then p rises in steps. p does
 * not depend on the axis that is drawn upward. */
static double plateau(uint64_t cell) { return cell / 10 < 6 ? 0.2 : 0.35 + 0.1 * (double)(cell / 10 - 6); }

static void plateaus_have_no_islands(void **state)
{
    (void)state;
    struct drawn d;
    uint64_t random = 22;
    drawn_init(&d);
    for (uint64_t cell = 0; cell < d.result.cells; cell++)
        counted_cell(&d.result, cell, counted_binomial(4000, plateau(cell), &random), 4000);
    draw(&d);
    assert_int_equal(d.view.columns, 12);
    assert_true(d.contours.count >= 5);
    for (size_t n = 0; n < d.contours.count; n++) {
        const double *surface = d.contours.surface + n * d.contours.points, level = d.contours.level[n];
        assert_true(level > 0.2 + 1e-9);               /* a contour through the plateau would be noise */
        for (size_t i = 0; i < d.contours.points; i++) /* a whole column is on one side */
            assert_int_equal(surface[i] > level, surface[i % 12] > level);
        assert_true(n == 0 || level - d.contours.level[n - 1] > 0.05);
    }
    assert_int_equal(d.contours.unknown, false);
    drawn_free(&d);
}

/* With few trials the levels lie far apart, so that an interval seldom includes two of them. */
static void levels_are_not_closer_than_intervals(void **state)
{
    (void)state;
    struct drawn d;
    uint64_t random = 23;
    drawn_init(&d);
    for (uint64_t trials = 50; trials < 100000; trials *= 3) {
        for (uint64_t cell = 0; cell < d.result.cells; cell++)
            counted_cell(&d.result, cell, counted_binomial(trials, plateau(cell), &random), trials);
        draw(&d);
        size_t two = 0;
        for (size_t i = 0; i < d.contours.points; i++) {
            size_t inside = 0;
            for (size_t n = 0; n < d.contours.count; n++)
                inside += d.contours.low[i] <= d.contours.level[n] && d.contours.level[n] <= d.contours.high[i];
            two += inside > 1;
        }
        assert_true(two <= d.contours.points / 10);
    }
    assert_true(d.contours.count > 5);
    drawn_free(&d);
}

/* Of a list of levels those are drawn for which some cells lie surely above and some surely below; the others are
 * reported. Here p rises from 0.2 to 0.85 by columns, and half-widths at 4000 trials are below 0.04 for all cells at
 * once. */
static void levels_of_a_list_are_drawn_where_they_are_justified(void **state)
{
    (void)state;
    struct drawn d;
    struct zem_error error = {0};
    const struct zem_contours_wish wish = {.is_given = true, .count = 4, .level = {0.1, 0.4, 0.62, 0.99}};
    drawn_init(&d);
    for (uint64_t cell = 0; cell < d.result.cells; cell++)
        counted_cell(&d.result, cell, (uint64_t)(4000 * plateau(cell)), 4000);
    assert_int_equal(zem_view_init(&d.view, &d.result, &(struct zem_view_options){.variable = NULL}, &error), 0);
    assert_int_equal(zem_contours_find(&d.view, &wish, &d.contours, &error), 0);
    assert_true(d.contours.count == 2 && d.contours.level[0] == 0.4 && d.contours.level[1] == 0.62);
    assert_true(d.contours.refused_count == 2 && d.contours.refused[0] == 0.1 && d.contours.refused[1] == 0.99);
    for (size_t most = 0; most < 8; most++) {
        zem_contours_free(&d.contours);
        assert_int_equal(zem_contours_find(&d.view, &(struct zem_contours_wish){.is_given = true, .most = most},
                                           &d.contours, &error),
                         0);
        assert_true(d.contours.count <= most && (most == 0 || d.contours.count > 0));
    }
    drawn_free(&d);
}

static void several_views_have_levels_in_common(void **state)
{
    (void)state;
    double first[] = {0.0, 0.3}, second[] = {0.5, 1.0};
    const struct zem_view views[] = {{.columns = 2, .rows = 1, .value = first},
                                     {.columns = 2, .rows = 1, .value = second}};
    struct zem_contours_wish wish = {.is_given = false};
    zem_contours_common(views, 2, &wish);
    assert_int_equal(wish.count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(wish.level[i] - 0.2 * (double)(i + 1)) < 1e-12);
    wish = (struct zem_contours_wish){.is_given = true, .most = 0};
    zem_contours_common(views, 2, &wish);
    assert_int_equal(wish.count, 0);
}

static void variables_without_intervals_have_no_contours(void **state)
{
    (void)state;
    struct drawn d;
    struct zem_error error = {0};
    drawn_init(&d);
    for (uint64_t cell = 0; cell < d.result.cells; cell++)
        counted_cell(&d.result, cell, cell, 1000 + cell);
    assert_int_equal(zem_view_init(&d.view, &d.result, &(struct zem_view_options){.variable = "trials"}, &error), 0);
    assert_int_equal(zem_contours_find(&d.view, &(struct zem_contours_wish){0}, &d.contours, &error), 0);
    assert_true(d.contours.unknown && d.contours.count == 0);
    zem_contours_free(&d.contours); /* A list of levels is drawn nevertheless, within the range of the values. */
    const struct zem_contours_wish wish = {.is_given = true, .count = 2, .level = {1050.5, 5000.0}};
    assert_int_equal(zem_contours_find(&d.view, &wish, &d.contours, &error), 0);
    assert_true(d.contours.unknown && d.contours.count == 1 && d.contours.level[0] == 1050.5);
    assert_true(d.contours.refused_count == 1 && d.contours.refused[0] == 5000.0);
    assert_memory_equal(d.contours.surface, d.view.value, d.contours.points * sizeof *d.view.value);
    drawn_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_has_no_contours),
        cmocka_unit_test(plateaus_have_no_islands),
        cmocka_unit_test(levels_are_not_closer_than_intervals),
        cmocka_unit_test(levels_of_a_list_are_drawn_where_they_are_justified),
        cmocka_unit_test(several_views_have_levels_in_common),
        cmocka_unit_test(variables_without_intervals_have_no_contours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
