/* Flights in which some sources of chance have their draws exchanged for those of a partner trial. Without an exchange
 * they are the trials of a run, to the bit. In the linear loop the change by all exchanges together is the sum of the
 * changes by each, whatever the noise consists of, because the loop is linear in its inputs and every input belongs to
 * one source. */
#include "device/native/native_exchange.h"

#include "cell/schedule_table.h"
#include "device/native/native_engine.h"
#include "run/replay.h"
#include "small_scenarios.h"

#include <math.h>
#include <stdlib.h>

enum { TRIALS = 96 };
#define EVERYTHING ((1u << ZEM_SOURCE_COUNT) - 1u)

/* A cell with its schedule, the table of the integration steps. The caller frees `schedule`. */
struct ready {
    struct cell_parameters cell;
    struct schedule_step *schedule;
};

static struct ready ready_of(const struct zem_scenario *scenario, uint64_t cell)
{
    struct ready ready;
    struct zem_error error = {0};
    if (zem_cell_derive(scenario, cell, &ready.cell, &error) != 0)
        fail_msg("%s", error.message);
    ready.schedule = calloc(ready.cell.schedule_steps + 1, sizeof *ready.schedule);
    assert_non_null(ready.schedule);
    zem_schedule_fill(&ready.cell, ready.schedule);
    return ready;
}

static void fly(const struct zem_native_exchange *exchange, const struct ready *ready, u32 exchanged, u64 first,
                struct zem_exchange_end *end)
{
    for (u64 k = 0; k < TRIALS; k += exchange->lanes)
        exchange->fly(&ready->cell, ready->schedule, exchanged, first + k, end + k);
}

static unsigned noise_kinds(const struct cell_parameters *cell)
{
    return (cell->glint > 0 ? 1u : 0u) + (cell->angle_noise > 0 ? 1u : 0u) + (cell->semiactive_noise > 0 ? 1u : 0u)
           + (cell->active_noise > 0 ? 1u : 0u);
}

static bool same_end(const struct zem_exchange_end *a, const struct zem_exchange_end *b)
{
    return a->outcome == b->outcome
           && (a->outcome != ZEM_OUTCOME_PASSED || (a->miss == b->miss && a->scored == b->scored));
}

static void assert_trials_of_a_run(const struct ready *ready, const char *name)
{
    struct zem_exchange_end end[TRIALS];
    for (unsigned n = 0; n < zem_native_exchange_count; n++) {
        const struct zem_native_exchange *exchange = zem_native_exchanges[n];
        if (!zem_native_isa_usable(exchange->isa))
            continue;
        fly(exchange, ready, 0u, 0, end);
        for (uint64_t k = 0; k < TRIALS; k++) {
            const struct zem_replay_end right = zem_replay_fly(&ready->cell, ready->schedule, k, 0, NULL, NULL);
            const struct zem_exchange_end expected = {
                .miss = right.miss, .scored = right.scored, .outcome = right.outcome};
            if (!same_end(&end[k], &expected))
                fail_msg("%s, %s, trial %u: %a instead of %a", name, exchange->isa, (unsigned)k, (double)end[k].miss,
                         (double)right.miss);
        }
    }
}

static void without_an_exchange_the_trials_are_those_of_a_run(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        const struct ready ready = ready_of(&scenario, 0);
        if (noise_kinds(&ready.cell) <= 1 || !(ready.cell.features & ZEM_FEATURE_NOISE)) {
            assert_trials_of_a_run(&ready, small_scenarios[k].name);
            seen++;
        }
        free(ready.schedule);
        zem_scenario_free(&scenario);
    }
    assert_true(seen >= 5);
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    (void)state;
    for (size_t k = 0; k < SMALL_SCENARIOS; k++) {
        struct zem_scenario scenario;
        struct zem_exchange_end right[TRIALS], end[TRIALS];
        good_scenario(&scenario, small_scenarios[k].name, small_scenarios[k].text);
        const struct ready ready = ready_of(&scenario, 0);
        const u32 exchanged = 0x2AAAu & EVERYTHING; /* every other source */
        fly(zem_native_exchanges[zem_native_exchange_count - 1], &ready, exchanged, 1000, right);
        for (unsigned n = 0; n + 1 < zem_native_exchange_count; n++) {
            if (!zem_native_isa_usable(zem_native_exchanges[n]->isa))
                continue;
            fly(zem_native_exchanges[n], &ready, exchanged, 1000, end);
            for (size_t j = 0; j < TRIALS; j++)
                if (!same_end(&end[j], &right[j]))
                    fail_msg("%s, %s, trial %zu", small_scenarios[k].name, zem_native_exchanges[n]->isa, j);
        }
        free(ready.schedule);
        zem_scenario_free(&scenario);
    }
}

/* A linear loop with every kind of noise. The constants of its maneuver do not matter here. */
#define LOOP(maneuver) \
    LINEAR \
    "target: {" maneuver ", acceleration: 4 gravity}\n" \
    "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s,\n" \
    "  heading_error_y: {mean: 0.1 degree, sigma: 0.5 degree}, heading_error_z: {from: 0 degree, to: 1 degree},\n" \
    "  displacement_y: {mean: 0 m, sigma: 10 m}, displacement_z: {from: -20 m, to: 20 m}}\n" \
    "seeker: {glint: 0.05 m2/Hz, angle_noise: 1e-8 rad2/Hz, semiactive_noise: 2e-8 rad2/Hz, active_noise: 1e-8 " \
    "rad2/Hz}\n" RADII RUN(100, 21)

static const char *const loops[] = {LOOP("maneuver: telegraph, switching_rate: 2 Hz"),
                                    LOOP("maneuver: step, start: {from: 0 s, to: 2 s}"),
                                    LOOP("maneuver: weave, period: 1 s, phase: {from: 0 degree, to: 360 degree}")};

/* The sum of the changes by each source is the change by all sources, except for rounding in single precision over 17
 * flights of about a hundred steps, with positions up to `scale`. */
static void exchanges_in_the_linear_loop_add_up(void **state)
{
    (void)state;
    const struct zem_native_exchange *exchange = zem_native_exchange_choose();
    for (size_t k = 0; k < sizeof loops / sizeof *loops; k++) {
        struct zem_scenario scenario;
        struct zem_exchange_end own[TRIALS], all[TRIALS], one[TRIALS];
        double sum[TRIALS][2] = {{0}}, most[ZEM_SOURCE_COUNT] = {0};
        good_scenario(&scenario, "loop.yaml", loops[k]);
        const struct ready ready = ready_of(&scenario, 0);
        fly(exchange, &ready, 0u, 0, own);
        fly(exchange, &ready, EVERYTHING, 0, all);
        for (u32 source = 0; source < ZEM_SOURCE_COUNT; source++) {
            fly(exchange, &ready, 1u << source, 0, one);
            for (size_t j = 0; j < TRIALS; j++)
                for (int c = 0; c < 2; c++) {
                    const double change = (double)one[j].place[c] - (double)own[j].place[c];
                    sum[j][c] += change;
                    most[source] = fmax(most[source], fabs(change));
                }
        }
        for (size_t j = 0; j < TRIALS; j++)
            for (int c = 0; c < 2; c++)
                if (!(fabs(sum[j][c] - ((double)all[j].place[c] - (double)own[j].place[c])) < 1e-3))
                    fail_msg("loop %zu, trial %zu: %g instead of %g", k, j, sum[j][c],
                             (double)all[j].place[c] - (double)own[j].place[c]);
        for (u32 source = ZEM_VARIED_HEADING_Y; source < ZEM_SOURCE_LETHALITY; source++)
            if (source != ZEM_SOURCE_REVERSALS && !(most[source] > 1e-3))
                fail_msg("loop %zu: source %u changes nothing", k, source);
        const u32 own_source[] = {ZEM_SOURCE_REVERSALS, ZEM_VARIED_START, ZEM_VARIED_PHASE};
        assert_true(most[own_source[k]] > 1e-3);
        free(ready.schedule);
        zem_scenario_free(&scenario);
    }
}

static void an_exchange_takes_the_draws_of_the_partner_alone(void **state)
{
    (void)state;
    const char *text = LINEAR "interceptor: {speed: 2 km/s, guidance: none, displacement_y: {mean: 0 m, sigma: 10 m}, "
                              "displacement_z: {mean: 0 "
                              "m, sigma: 20 m}}\nscoring: {hit_radius: [10 m], lethality: carleton}\n" RUN(100, 22);
    struct zem_scenario scenario;
    struct zem_exchange_end own[TRIALS], partner[TRIALS], y[TRIALS], scored[TRIALS];
    const struct zem_native_exchange *exchange = zem_native_exchange_choose();
    good_scenario(&scenario, "free.yaml", text);
    const struct ready ready = ready_of(&scenario, 0);
    fly(exchange, &ready, 0u, 0, own);
    fly(exchange, &ready, EVERYTHING, 0, partner);
    fly(exchange, &ready, 1u << ZEM_VARIED_DISPLACEMENT_Y, 0, y);
    fly(exchange, &ready, 1u << ZEM_SOURCE_LETHALITY, 0, scored);
    for (size_t j = 0; j < TRIALS; j++) {
        assert_true(y[j].place[0] == partner[j].place[0] && y[j].place[1] == own[j].place[1]);
        assert_true(own[j].place[0] != partner[j].place[0]);
        assert_true(scored[j].miss == own[j].miss && scored[j].scored != own[j].scored);
        const double ratio = (double)scored[j].scored / (double)own[j].miss,
                     other = (double)partner[j].scored / (double)partner[j].miss;
        assert_true(fabs(ratio - other) < 1e-5 * other); /* the ratio depends on the draw alone; rounding remains */
    }
    free(ready.schedule);
    zem_scenario_free(&scenario);
}

/* Noise of several kinds gives the miss the variance that it has in a run. The two variances come from independent
 * draws of MANY trials of two channels. The relative position at the end of the linear loop is normal, so that the
 * logarithm of the ratio of the two variances has the standard deviation sqrt(2 * 2 / (2 MANY)). It is more than 4.5
 * standard deviations away from 0 for 7 of a million seeds. */
static void noise_of_several_kinds_has_the_variance_of_a_run(void **state)
{
    (void)state;
    enum { MANY = 6000 };
    const char *text = LINEAR
        "interceptor: {speed: 2 km/s, seeker_lag: 0.1 s, filter_lag: 0.1 s, autopilot_lag: 0.2 s}\n"
        "seeker: {glint: 0.05 m2/Hz, angle_noise: 2e-8 rad2/Hz, semiactive_noise: 2e-8 rad2/Hz}\n" RADII RUN(100, 23);
    struct zem_scenario scenario;
    struct zem_exchange_end end[ZEM_EXCHANGE_LANES_LIMIT];
    const struct zem_native_exchange *exchange = zem_native_exchange_choose();
    double mixed = 0, plain = 0;
    good_scenario(&scenario, "noise.yaml", text);
    const struct ready ready = ready_of(&scenario, 0);
    for (u64 k = 0; k < MANY; k += exchange->lanes) {
        exchange->fly(&ready.cell, ready.schedule, 0u, k, end);
        for (u32 j = 0; j < exchange->lanes && k + j < MANY; j++)
            mixed += (double)end[j].miss * (double)end[j].miss;
    }
    for (u64 k = 0; k < MANY; k++) {
        const float miss = zem_replay_fly(&ready.cell, ready.schedule, k, 0, NULL, NULL).miss;
        plain += (double)miss * (double)miss;
    }
    assert_true(fabs(log(mixed / plain)) < 4.5 * sqrt(2.0 / MANY));
    assert_true(mixed != plain);
    free(ready.schedule);
    zem_scenario_free(&scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_exchange_the_trials_are_those_of_a_run),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(exchanges_in_the_linear_loop_add_up),
        cmocka_unit_test(an_exchange_takes_the_draws_of_the_partner_alone),
        cmocka_unit_test(noise_of_several_kinds_has_the_variance_of_a_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
