/* The pool of schedules, which are tables of the integration steps of cells. They are compared with schedules that are
 * tabulated for each cell alone. Also the loops of several threads that fill the pool. */
#include "base/parallel.h"
#include "cell/schedule_pool.h"
#include "cell/schedule_table.h"
#include "cell/trial_cell.h"
#include "small_scenarios.h"

#include <pthread.h>
#include <stdlib.h>

/* Fails if the steps differ from `alone`, the schedule that was tabulated for cell number `k` alone. */
static void compare_steps(const char *name, size_t k, const struct cell_parameters *cell,
                          const struct schedule_step *steps, const struct schedule_step *alone)
{
    for (size_t n = 0; n < cell->schedule_steps; n++) {
        struct schedule_step step = steps[n];
        if ((cell->features & ZEM_FEATURE_KALMAN) == 0u) /* nothing reads the gains, so that they may be another
                                                            cell's */
            memcpy(step.gain, alone[n].gain, sizeof step.gain);
        const bool matrices = (cell->features & ZEM_FEATURE_TRANSITION) != 0u;
        if (memcmp(&step, &alone[n], matrices ? sizeof step : offsetof(struct schedule_step, transition)) != 0)
            fail_msg("%s: step %zu of cell %zu is another cell's", name, n, k);
    }
}

/* Compares schedules of all cells of a scenario with those tabulated for each cell alone: the schedules in the pool,
 * and those of a struct zem_trial_cell that is set to one cell after the other. Writes into `places` how many steps the
 * pool has added. */
static void compare_cells(struct zem_schedule_pool *pool, const char *name, const char *text, size_t *places)
{
    struct zem_scenario scenario;
    struct zem_error error = {0};
    struct zem_schedules schedules;
    good_scenario(&scenario, name, text);
    const size_t count = (size_t)zem_grid_cells(&scenario);
    struct cell_parameters *cells = calloc(count, sizeof *cells);
    assert_non_null(cells);
    for (size_t k = 0; k < count; k++)
        assert_int_equal(zem_cell_derive(&scenario, k, &cells[k], &error), 0);
    assert_int_equal(zem_schedule_pool_place(pool, cells, count, 3, &schedules), 0);
    *places = schedules.added;
    struct zem_trial_cell moved = {.scenario = &scenario};
    for (size_t k = 0; k < count; k++) {
        const size_t steps = cells[k].schedule_steps;
        struct schedule_step *alone = malloc((steps + 1) * sizeof *alone);
        assert_non_null(alone);
        assert_true(cells[k].schedule_first + steps <= schedules.count);
        zem_schedule_fill(&cells[k], alone);
        compare_steps(name, k, &cells[k], schedules.steps + cells[k].schedule_first, alone);
        zem_trial_cell_move(&moved, k);
        assert_int_equal(zem_trial_cell_set(&moved, 0, &error), 0);
        if (!scenario.resolution.by_trial)
            compare_steps(name, k, &cells[k], moved.schedule, alone);
        free(alone);
    }
    zem_trial_cell_free(&moved);
    zem_schedule_pool_release(&schedules);
    free(cells);
    zem_scenario_free(&scenario);
}

static void every_cell_has_its_own_steps(void **state)
{
    (void)state;
    size_t places;
    struct zem_schedule_pool *pool = zem_schedule_pool_create();
    assert_non_null(pool);
    for (int round = 0; round < 2; round++) /* in the second round the pool has all schedules */
        for (size_t k = 0; k < sizeof small_scenarios / sizeof *small_scenarios; k++) {
            compare_cells(pool, small_scenarios[k].name, small_scenarios[k].text, &places);
            assert_true(round == 0 || places == 0);
        }
    zem_schedule_pool_free(pool);
}

#define SWEPT(axes) \
    LINEAR "target: {maneuver: weave, acceleration: 3 gravity, period: 1 s}\n" \
           "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.3 s, " \
           "acceleration_limit: 20 gravity}\n" \
           "seeker: {glint: 0.05 m2/Hz}\n" RADII "sweep: [" axes "]\n" RUN(10, 1)
#define AXIS(parameter, first, last, points) \
    "{parameter: " parameter ", from: " first ", to: " last ", points: " #points "}"

/* Sweeps every key that may be swept and matters to a linear cell, one at a time. Cells whose schedules differ must not
 * share one. */
static void cells_of_every_sweep_have_their_own_steps(void **state)
{
    (void)state;
    static const char *const axes[] = {
        AXIS("target.acceleration", "0 gravity", "9 gravity", 5),
        AXIS("target.period", "0.1 s", "2 s", 5),
        AXIS("target.phase", "0 degree", "180 degree", 5),
        AXIS("target.roll", "0 degree", "180 degree", 5),
        AXIS("engagement.flight_time", "1 s", "3 s", 5),
        AXIS("engagement.closing_speed", "1 km/s", "3 km/s", 5),
        AXIS("interceptor.speed", "1 km/s", "3 km/s", 5),
        AXIS("interceptor.navigation_gain", "3", "5", 5),
        AXIS("interceptor.seeker_lag", "0.1 s", "0.2 s", 5),
        AXIS("interceptor.filter_lag", "0 s", "0.2 s", 5),
        AXIS("interceptor.autopilot_lag", "0 s", "0.2 s", 5),
        AXIS("interceptor.acceleration_limit", "5 gravity", "20 gravity", 5),
        AXIS("interceptor.divert_limit", "100 m/s", "500 m/s", 5),
        AXIS("interceptor.displacement_y", "0 m", "9 m", 5),
        AXIS("seeker.glint", "0 m2/Hz", "0.1 m2/Hz", 5),
        AXIS("seeker.angle_noise", "0 rad2/Hz", "1e-8 rad2/Hz", 5),
        AXIS("seeker.semiactive_noise", "0 rad2/Hz", "1e-8 rad2/Hz", 5),
        AXIS("seeker.active_noise", "0 rad2/Hz", "1e-8 rad2/Hz", 5),
        AXIS("seeker.blind_time", "1 ms", "9 ms", 5),
        AXIS("run.step", "10 ms", "50 ms", 5),
        AXIS("run.step_ratio", "5", "12", 5),
    };
    struct zem_schedule_pool *pool = zem_schedule_pool_create();
    char text[1500];
    size_t places;
    assert_non_null(pool);
    for (size_t k = 0; k < sizeof axes / sizeof *axes; k++) {
        snprintf(text, sizeof text, SWEPT("%s"), axes[k]);
        compare_cells(pool, axes[k], text, &places);
    }
    zem_schedule_pool_free(pool);
}

/* 40 accelerations by 100 periods have 100 different schedules, in either order of the axes. */
static void equal_schedules_are_tabulated_once(void **state)
{
    (void)state;
    static const char *const axes[] = {
        AXIS("target.acceleration", "0 gravity", "9 gravity", 40) ", " AXIS("target.period", "1 s", "2 s", 100),
        AXIS("target.period", "1 s", "2 s", 100) ", " AXIS("target.acceleration", "0 gravity", "9 gravity", 40)};
    char text[1500];
    size_t places[2], one;
    for (int k = 0; k < 2; k++) {
        struct zem_schedule_pool *pool = zem_schedule_pool_create();
        assert_non_null(pool);
        snprintf(text, sizeof text, SWEPT("%s"), axes[k]);
        compare_cells(pool, axes[k], text, &places[k]);
        zem_schedule_pool_free(pool);
    }
    struct zem_schedule_pool *pool = zem_schedule_pool_create();
    compare_cells(pool, "one cell", SWEPT(AXIS("target.period", "1 s", "2 s", 2)), &one);
    zem_schedule_pool_free(pool);
    assert_int_equal(places[0], 50 * one);
    assert_int_equal(places[1], 50 * one);
}

/* The steps of a batch stay unchanged while later batches fill the pool's array of steps and begin new arrays. */
static void a_batch_keeps_its_steps(void **state)
{
    (void)state;
    struct zem_scenario scenario;
    struct zem_error error = {0};
    struct zem_schedules first, later[40];
    struct cell_parameters cell, others[200];
    good_scenario(&scenario, "steps",
                  LINEAR "interceptor: {speed: 2 km/s}\n" RADII
                         "sweep: [" AXIS("run.step", "1 ms", "2 ms", 8000) "]\n" RUN(10, 1));
    assert_int_equal(zem_cell_derive(&scenario, 0, &cell, &error), 0);
    struct schedule_step *alone = malloc(cell.schedule_steps * sizeof *alone);
    struct zem_schedule_pool *pool = zem_schedule_pool_create();
    assert_true(alone != NULL && pool != NULL);
    assert_int_equal(zem_schedule_pool_place(pool, &cell, 1, 1, &first), 0);
    uint64_t number = first.number;
    unsigned arrays = 1;
    for (size_t batch = 0; batch < 4; batch++) {
        for (size_t k = 0; k < 200; k++)
            assert_int_equal(zem_cell_derive(&scenario, 200 * batch + k, &others[k], &error), 0);
        assert_int_equal(zem_schedule_pool_place(pool, others, 200, 0, &later[batch]), 0);
        arrays += later[batch].number != number;
        number = later[batch].number;
    }
    assert_true(arrays > 1);
    zem_schedule_fill(&cell, alone);
    for (size_t n = 0; n < cell.schedule_steps; n++) {
        struct schedule_step step = first.steps[cell.schedule_first + n];
        memcpy(step.gain, alone[n].gain, sizeof step.gain);
        assert_memory_equal(&step, &alone[n], offsetof(struct schedule_step, transition));
    }
    zem_schedule_pool_free(pool); /* batches are valid without the pool */
    zem_schedule_pool_release(&first);
    for (size_t batch = 0; batch < 4; batch++)
        zem_schedule_pool_release(&later[batch]);
    free(alone);
    zem_scenario_free(&scenario);
}

struct visits {
    pthread_mutex_t lock;
    unsigned char count[1000];
};

static void visit(void *context, size_t first, size_t last)
{
    struct visits *visits = context;
    pthread_mutex_lock(&visits->lock);
    for (size_t k = first; k < last; k++)
        visits->count[k]++;
    pthread_mutex_unlock(&visits->lock);
}

static void a_parallel_loop_takes_every_index_once(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 7, 64, 999, 1000}, grains[] = {0, 1, 7, 64, 5000};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (size_t g = 0; g < sizeof grains / sizeof *grains; g++)
            for (unsigned threads = 0; threads < 5; threads++) {
                struct visits visits = {.lock = PTHREAD_MUTEX_INITIALIZER};
                zem_parallel_for(counts[c], grains[g], threads, visit, &visits);
                for (size_t k = 0; k < 1000; k++)
                    assert_int_equal(visits.count[k], k < counts[c]);
            }
    assert_true(zem_processors() >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_has_its_own_steps),
        cmocka_unit_test(cells_of_every_sweep_have_their_own_steps),
        cmocka_unit_test(equal_schedules_are_tabulated_once),
        cmocka_unit_test(a_batch_keeps_its_steps),
        cmocka_unit_test(a_parallel_loop_takes_every_index_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
