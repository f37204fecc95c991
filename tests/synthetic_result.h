/* A result that is made up without a run, for tests of code that reads and writes results. Its totals are consistent,
 * and some of its cells are unusual. */
#ifndef ZEM_SYNTHETIC_RESULT_H
#define ZEM_SYNTHETIC_RESULT_H

#include "base/kernel_types.h"
#include "result/result.h"
#include "result/result_file.h"
#include "result/result_variables.h"
#include "good_scenario.h"

#include <stdlib.h>

#define SYNTHETIC_HEAD \
    "zem: 1\n" \
    "title: Made up, \"quoted\" and a\xc3\xb1" \
    "ejo\n" \
    "engagement: {kinematics: linear, flight_time: 5 s, closing_speed: 3 km/s}\n" \
    "target: {maneuver: weave, acceleration: 6 gravity, period: 2 s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s}\n"
#define SYNTHETIC_TAIL \
    "scoring: {hit_radius: [0.5 m, 1 m, 2 m]}\n" \
    "run: {trials: 1000, seed: 18446744073709551615}\n"

#define SYNTHETIC_NO_AXES SYNTHETIC_HEAD SYNTHETIC_TAIL
#define SYNTHETIC_ONE_AXIS \
    SYNTHETIC_NO_AXES "sweep:\n  - {parameter: target.period, values: [0.5 seconds, 1 seconds, 2 seconds, 4 " \
                      "seconds]}\n"
#define SYNTHETIC_TWO_AXES \
    SYNTHETIC_NO_AXES \
    "sweep:\n" \
    "  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 6}\n" \
    "  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 4, spacing: log}\n"
#define SYNTHETIC_THREE_AXES SYNTHETIC_TWO_AXES "  - {parameter: run.confidence, values: [0.5, 0.95, 0.99]}\n"
#define SYNTHETIC_SALVO SYNTHETIC_TWO_AXES "salvo: {shots: 3, spacing: 1 s}\n"
#define SYNTHETIC_LARGE \
    SYNTHETIC_NO_AXES \
    "sweep:\n" \
    "  - {parameter: target.acceleration, from: 0 gravity, to: 10 gravity, points: 7}\n" \
    "  - {parameter: target.period, from: 0.5 s, to: 4 s, points: 101}\n" \
    "  - {parameter: interceptor.navigation_gain, from: 3, to: 5, points: 3}\n"

static uint64_t synthetic_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void synthetic_sum(uint64_t *totals, size_t word, double value)
{
    uint64_t term = (uint64_t)(value * 0x1p24);
    totals[word] += term & 0xFFFFFFFFu;
    totals[word + 1] += term >> 32;
}

/* Counts one trial of a cell. Its miss is uniform on [0, spread). Every 50th trial has another outcome. */
static void synthetic_trial(const struct zem_scenario *scenario, uint64_t *totals, double spread, uint64_t *random)
{
    const double *edges = zem_histogram_edges();
    size_t radii = scenario->radius_count, shots = (size_t)scenario->value[ZEM_KEY_SHOTS].integer;
    uint64_t *salvo = totals + ZEM_TALLY_SALVO(radii), number = synthetic_random(random);
    double miss = spread * (double)(number >> 11) * 0x1p-53;
    size_t radius = 0, slot = 0;
    totals[ZEM_TALLY_TRIALS]++;
    totals[ZEM_TALLY_MIX] += number;
    if (number % 50 == 0) {
        totals[ZEM_TALLY_OUTCOME + 1 + number / 50 % 4]++;
        radius = radii;
    } else {
        totals[ZEM_TALLY_OUTCOME]++;
        while (radius < radii && !(miss < scenario->radius[radius]))
            radius++;
        while (slot <= ZEM_HISTOGRAM_BINS && !(miss < edges[slot]))
            slot++;
        totals[ZEM_TALLY_HISTOGRAM + slot]++;
        synthetic_sum(totals, ZEM_TALLY_MISS, miss);
        synthetic_sum(totals, ZEM_TALLY_MISS_SQUARED, miss * miss);
        synthetic_sum(totals, ZEM_TALLY_FLIGHT_TIME, 5);
        synthetic_sum(totals, ZEM_TALLY_DIVERT, 100 * miss);
        synthetic_sum(totals, ZEM_TALLY_SATURATED_TIME, 1.25);
    }
    totals[ZEM_TALLY_RADIUS + radius]++;
    for (size_t i = 0; shots > 1 && i < radii; i++) { /* bits of the random number say whether later shots hit */
        size_t hits = 0;
        for (size_t shot = 0; shot < shots; shot++) {
            bool hit = shot == 0 ? i >= radius : (number >> (8 + shot) & 1) != 0 && i > 0;
            salvo[i * shots + shot] += hit;
            hits += hit;
        }
        salvo[radii * shots + i * (shots + 1) + hits]++;
    }
}

/* Reads the scenario and makes up 1,000 trials in each cell. No trial of cell 1 has a miss distance, and cell 2 has no
 * trials. The caller releases result and scenario with synthetic_free. */
static inline void synthetic_init(struct zem_result *result, struct zem_scenario *scenario, const char *text)
{
    struct zem_error error = {0};
    uint64_t random = 42;
    good_scenario(scenario, "folder/made_up.yaml", text);
    if (zem_result_init(result, scenario, &error) != 0)
        fail_msg("%s", error.message);
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        uint64_t totals[ZEM_TALLY_WORDS_LIMIT] = {0};
        if (result->cells > 3 && cell == 1) {
            totals[ZEM_TALLY_TRIALS] = totals[ZEM_TALLY_OUTCOME + ZEM_OUTCOME_GROUND] =
                totals[ZEM_TALLY_RADIUS + scenario->radius_count] = 10;
            if (scenario->value[ZEM_KEY_SHOTS].integer > 1)
                for (size_t i = 0; i < scenario->radius_count; i++)
                    totals[ZEM_TALLY_SALVO(scenario->radius_count) + scenario->radius_count * 3 + i * 4] = 10;
        } else if (result->cells <= 3 || cell != 2)
            for (int trial = 0; trial < 1000; trial++)
                synthetic_trial(scenario, totals, 1 + 4.0 * (double)cell / (double)result->cells, &random);
        assert_true(zem_totals_set(&result->totals, cell, totals));
        result->stop_reason[cell] = (uint8_t)(cell % 2);
    }
    char *arguments[] = {(char[]){"zem"}, (char[]){"run"}, (char[]){"it's a \xff scenario.yaml"}, NULL};
    assert_int_equal(zem_provenance_init(&result->provenance, 3, arguments, NULL), 0);
    result->provenance.wall_seconds = 1.5;
    result->provenance.kernel_seconds = 1.25;
    result->provenance.device_count = 1;
    result->provenance.device = calloc(1, sizeof *result->provenance.device);
    result->provenance.device[0] = (struct zem_device_use){strcpy(malloc(16), "openmp"),
                                                           strcpy(malloc(16), "made up"),
                                                           1000,
                                                           1.25,
                                                           strcpy(malloc(32), "hung; it was set aside"),
                                                           40};
    zem_result_digest(result);
}

static inline void synthetic_free(struct zem_result *result, struct zem_scenario *scenario)
{
    zem_result_free(result);
    zem_scenario_free(scenario);
}

/* Gives the result `count` samples in each cell. Their misses have any bit pattern that a miss can have; some have
 * other outcomes, and some are absent. */
static inline void synthetic_samples(struct zem_result *result, size_t count)
{
    struct zem_error error = {0};
    uint64_t *trial = malloc(count * sizeof *trial), random = 7;
    for (size_t i = 0; i < count; i++)
        trial[i] = 3 * i + (UINT64_C(1) << 40);
    assert_int_equal(zem_result_set_samples(result, trial, count, &error), 0);
    free(trial);
    for (size_t i = 0; i < result->cells * count; i++) {
        const uint64_t number = synthetic_random(&random);
        const float miss = (float)((double)(number >> 11) * 0x1p-45);
        if (number % 7 < ZEM_SAMPLE_NONE)
            result->sample[i] =
                (struct zem_sample){miss, miss, 0.1f * miss, -miss, 1.0f / 3.0f, (uint32_t)(number % 7)};
    }
}

/* Writes the result, and fails the running test if that fails. */
static inline void synthetic_write(const struct zem_result *result, const char *path, bool reproducible)
{
    struct zem_error error = {0};
    struct zem_write_options options = {.reproducible = reproducible};
    if (zem_result_file_write(result, path, &options, &error) != 0)
        fail_msg("%s", error.message);
}

#endif
