/* Flies recorded work again through zem_run. Any device will do, because all devices give the same digest. */
#include "bench/bench_check.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool same_work(const struct zem_bench_record *a, const struct zem_bench_record *b)
{
    return a->same_work && b->same_work && a->result.deck == b->result.deck
           && a->result.challenged == b->result.challenged && a->result.challenge == b->result.challenge;
}

static int fly(struct zem_bench_record *record, const struct zem_run_options *run, struct zem_error *error)
{
    const uint64_t *challenge = record->result.challenged ? &record->result.challenge : NULL;
    struct zem_scenario scenario = {0};
    struct zem_result result = {0};
    char text[160];
    snprintf(text, sizeof text, "%s: deck %s is flown again, %" PRIu64 " engagements", record->file, record->deck,
             record->result.engagements);
    if (run->message != NULL)
        run->message(run->context, text);
    int status = zem_bench_deck_read(record->result.deck, challenge, &scenario, error);
    if (status == ZEM_OK)
        status = zem_result_init(&result, &scenario, error);
    if (status == ZEM_OK) {
        struct zem_run_options quiet = *run;
        const double start = zem_clock_now();
        quiet.message = NULL;
        status = zem_run(&scenario, &quiet, &result, error);
        record->flown_seconds = zem_clock_now() - start;
    }
    if (status == ZEM_OK) {
        memcpy(record->flown_digest, result.digest, sizeof record->flown_digest);
        memcpy(record->flown_miss_digest, result.miss_digest, sizeof record->flown_miss_digest);
    }
    zem_result_free(&result);
    zem_scenario_free(&scenario);
    return status;
}

int zem_bench_check_fly(struct zem_bench_record *const *records, size_t index, const struct zem_run_options *run,
                        struct zem_error *error)
{
    struct zem_bench_record *record = records[index];
    int status = ZEM_OK;
    if (!record->same_work)
        return ZEM_OK;
    for (size_t k = 0; k < index && record->flown_digest[0] == '\0'; k++)
        if (records[k]->flown_digest[0] != '\0' && same_work(records[k], record)) {
            memcpy(record->flown_digest, records[k]->flown_digest, sizeof record->flown_digest);
            memcpy(record->flown_miss_digest, records[k]->flown_miss_digest, sizeof record->flown_miss_digest);
            record->flown_seconds = records[k]->flown_seconds;
        }
    if (record->flown_digest[0] == '\0')
        status = fly(record, run, error);
    if (status != ZEM_OK)
        return status;
    if (strcmp(record->flown_digest, record->digest) != 0
        || strcmp(record->flown_miss_digest, record->miss_digest) != 0)
        zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                               "its digests are not those of the work, which was flown again here");
    else if (record->verdict == ZEM_BENCH_UNPROVEN && record->reason[0] == '\0')
        record->verdict = ZEM_BENCH_VALID;
    return ZEM_OK;
}

/* Whether two results have the same times of all repetitions. Times are recorded with ten digits, so two measurements
 * do not agree by chance. */
static bool same_times(const struct zem_bench_result *a, const struct zem_bench_result *b)
{
    return a->repeat > 0 && a->repeat == b->repeat
           && memcmp(a->kernel_seconds, b->kernel_seconds, a->repeat * sizeof *a->kernel_seconds) == 0;
}

/* Whether two records are one and the same result, for example because a file is named twice. */
static bool same_result(const struct zem_bench_record *a, const struct zem_bench_record *b)
{
    return strcmp(a->machine, b->machine) == 0 && strcmp(a->date, b->date) == 0 && json_equal(a->item, b->item);
}

/* Notes two VALID records that have the same times although they are different results: one must be a copy of the
 * other. */
static void note_copies(struct zem_bench_record *a, struct zem_bench_record *b)
{
    if (a->verdict == ZEM_BENCH_VALID && b->verdict == ZEM_BENCH_VALID && same_times(&a->result, &b->result)
        && !same_result(a, b)) {
        a->twin = b->file;
        b->twin = a->file;
    }
}

/* Judges two records of the same challenge that was not flown again here. If their digests differ, both become
 * INVALID. */
static void judge_challenges(struct zem_bench_record *a, struct zem_bench_record *b)
{
    const bool same = strcmp(a->digest, b->digest) == 0 && strcmp(a->miss_digest, b->miss_digest) == 0;
    if (!same_work(a, b) || !a->result.challenged || same || a->flown_digest[0] != '\0')
        return;
    zem_bench_record_judge(a, ZEM_BENCH_INVALID, "has other digests than %s for the same challenge", b->file);
    zem_bench_record_judge(b, ZEM_BENCH_INVALID, "has other digests than %s for the same challenge", a->file);
}

void zem_bench_check_each_other(struct zem_bench_record *const *records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            judge_challenges(records[i], records[j]);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            note_copies(records[i], records[j]);
    for (size_t i = 0; i < count; i++) /* after all pairs, since three records may be copies of each other */
        if (records[i]->twin != NULL)
            zem_bench_record_judge(records[i], ZEM_BENCH_UNPROVEN,
                                   "its times are those of another result (%s) to the last digit", records[i]->twin);
}
