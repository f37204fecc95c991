/* The self-test of an engine (an opened device): its arithmetic is compared with known answers, and its trials with
 * those of the scalar native engine. No result of a device that fails the self-test is counted. */
#include "device/native/self_test.h"

#include "base/hash.h"
#include "device/native/native_engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS 1024u
/* The most and the fewest trials of the test. The fewest fill a vector of any engine. Between them the number of trials
 * is such that they take about WORK steps, because the scalar engine flies a step of a trial in a quarter of a
 * microsecond. */
#define TRIALS_MOST 96u
#define TRIALS_LEAST ZEM_LANES_LIMIT
#define WORK 4e5

/* FNV-1a hash of the right answers: the random numbers and elementary functions that known_answer of the scalar engine
 * computes for the arguments 0 to ARGUMENTS - 1 (kernels/known_answer.h). Tests compare the generator with the test
 * vectors of Random123, and the functions with double precision. */
#define ANSWERS_HASH UINT64_C(0x50B08721E38CC8A5)

/* Returns the engine whose results are the reference: the scalar engine, or the baseline engine where the processor
 * cannot run the scalar one. */
static const struct zem_native_engine *reference_engine(feature_set features, uint32_t stages)
{
    const struct zem_native_engine *scalar = zem_native_engine_choose("scalar", features, features, stages);
    return scalar != NULL ? scalar : zem_native_engine_choose("baseline", features, features, stages);
}

/* Describes in `text` the first answer that differs from the scalar engine's: its number, its argument, the function,
 * the value and the right value. */
static void first_difference(const uint32_t *answers, char *text, size_t size)
{
    static const char *const names[ZEM_KNOWN_ANSWERS] = {
        "random numbers", "random numbers", "random numbers", "random numbers", "reciprocal", "division",
        "square root",    "exponential",    "logarithm",      "sine",           "cosine",     "air density"};
    const struct zem_native_engine *scalar = reference_engine(0u, 1u);
    snprintf(text, size, "its answers are not the known ones");
    for (uint32_t k = 0; scalar != NULL && k < ARGUMENTS; k++) {
        uint32_t expected[ZEM_KNOWN_ANSWERS];
        scalar->known_answer(k, expected);
        for (size_t word = 0; word < ZEM_KNOWN_ANSWERS; word++) {
            const uint32_t got = answers[k * ZEM_KNOWN_ANSWERS + word];
            if (got == expected[word])
                continue;
            snprintf(text, size,
                     "answer %zu to argument %" PRIu32 " (%s) is 0x%08" PRIx32 ", and 0x%08" PRIx32 " is right", word,
                     k, names[word], got, expected[word]);
            return;
        }
    }
}

int zem_engine_test_arithmetic(const struct zem_device *device, struct zem_engine *engine, struct zem_error *error)
{
    const size_t count = (size_t)ARGUMENTS * ZEM_KNOWN_ANSWERS;
    char text[200];
    uint32_t *answers = calloc(count, sizeof *answers);
    if (answers == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "no memory for the self-test");
    int status = device->backend->known_answers(engine, ARGUMENTS, answers, error);
    if (status == 0 && zem_hash_words(ZEM_HASH_START, answers, count) != ANSWERS_HASH) {
        first_difference(answers, text, sizeof text);
        status = zem_error_set(error, ZEM_SELF_TEST_FAILED, "device %s failed its self-test: %s; it is not used",
                               device->name, text);
    }
    free(answers);
    return status;
}

static uint32_t trials_of(const struct cell_parameters *cell)
{
    const double steps =
        cell->schedule_steps > 0 ? (double)cell->schedule_steps : (double)(cell->flight_time / cell->step);
    const double trials = WORK / (steps * (double)cell->shots);
    return trials > TRIALS_MOST ? TRIALS_MOST : trials < TRIALS_LEAST ? TRIALS_LEAST : (uint32_t)trials;
}

/* Reports the first word of a tally of `trials` trials that differs from that of the scalar engine. Returns
 * ZEM_SELF_TEST_FAILED. */
static int wrong_tally(const struct zem_device *device, uint32_t trials, const uint64_t *tally,
                       const uint64_t *expected, struct zem_error *error)
{
    size_t word = 0;
    while (tally[word] == expected[word])
        word++;
    return zem_error_set(
        error, ZEM_SELF_TEST_FAILED,
        "device %s failed its self-test: after %u trials of the first cell, word %zu of their tally is "
        "%" PRIu64 ", and %" PRIu64 " is right; it is not used",
        device->name, trials, word, tally[word], expected[word]);
}

static int test_engagements(const struct zem_device *device, struct zem_engine *engine,
                            const struct cell_parameters *cell, const struct schedule_step *schedule,
                            struct zem_error *error)
{
    const size_t words = ZEM_TALLY_WORDS((size_t)cell->radius_count, (size_t)cell->shots);
    const struct zem_native_engine *scalar = reference_engine(cell->features, cell->stages);
    const uint32_t trials = trials_of(cell);
    uint64_t *expected = calloc(2 * words, sizeof *expected);
    int status = ZEM_OK;
    double seconds;
    if (expected == NULL || scalar == NULL) {
        free(expected);
        return zem_error_set(error, ZEM_INTERNAL, "the self-test lacks memory or the scalar engine");
    }
    struct cell_parameters local = *cell;
    local.schedule_first = 0;
    struct zem_batch batch = {
        .cells = &local,
        .cell_count = 1,
        .schedule = schedule,
        .schedule_count = cell->schedule_steps,
        .range = {.stride = 1, .trials = trials},
        .tallies = expected + words,
    };
    scalar->fly(&local, schedule, &batch.range, 0, trials, expected);
    status = device->backend->submit(engine, &batch, error);
    if (status == 0)
        status = device->backend->collect(engine, &seconds, error);
    if (status == 0 && memcmp(expected, batch.tallies, words * sizeof *expected) != 0)
        status = wrong_tally(device, trials, batch.tallies, expected, error);
    free(expected);
    return status;
}

int zem_engine_self_test(const struct zem_device *device, struct zem_engine *engine, const struct cell_parameters *cell,
                         const struct schedule_step *schedule, struct zem_error *error)
{
    const int status = zem_engine_test_arithmetic(device, engine, error);
    return status != 0 ? status : test_engagements(device, engine, cell, schedule, error);
}
