/* Reads the measured figures of a result, computes all others by the functions that write a result, and compares the
 * computed JSON object with the recorded one member by member. Measured figures are only checked against what is
 * possible. */
#include "bench/bench_record.h"

#include "base/kernel_types.h"
#include "base/number.h"
#include "bench/bench_report.h"
#include "bench/bench_seal.h"
#include "scenario/grid.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The largest relative difference of two equal figures. Files hold ten significant digits, so a figure that is computed
 * from them agrees to nine digits. */
#define TOLERANCE 1e-8
#define THREADS_MAX 65536.0
#define WORK_MOST 1e15           /* the most cells, trials or engagements of a deck */
#define LANES_LEAST 4.0          /* at least this many are assumed: the compiler may use vectors to measure the peak */
#define LANES_WIDEST 16.0        /* lanes of a vector of 512 bits, assumed for a processor that OpenCL drives */
#define CLOCK_LEAST 1e6          /* Hz; a lower clock rate is not believed */
#define CLOCK_MOST 7e9           /* Hz; above the clock rate of every processor */
#define FLOPS_OF_A_LANE 8.0      /* in a clock cycle: four fused multiply-adds, the most of any processor */
#define FLOPS_OF_ANY_GPU 1e15    /* ten times that of the largest GPUs */
#define PROCESSOR_SHARE_MOST 2.0 /* above 1, because a driver may use more threads than the device has units */
#define DAY_SECONDS 86400

const char *const zem_bench_verdict_words[] = {"VALID", "UNPROVEN", "INVALID"};

void zem_bench_record_judge(struct zem_bench_record *record, enum zem_bench_verdict verdict, const char *format, ...)
{
    if (record->verdict >= verdict && record->reason[0] != '\0')
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(record->reason, sizeof record->reason, format, arguments);
    va_end(arguments);
    record->verdict = verdict;
}

static void refuse_member(struct zem_bench_record *record, const char *name)
{
    zem_bench_record_judge(record, ZEM_BENCH_INVALID, "its %s is missing or is not what it should be", name);
}

/* Returns the member `name` of the recorded result, a number from `low` to `high`. If the member is anything else, the
 * record becomes INVALID and the function returns NaN. */
static double number_of(struct zem_bench_record *record, const char *name, double low, double high)
{
    const json_t *value = json_object_get(record->item, name);
    const double number = json_number_value(value);
    if (json_is_number(value) && number >= low && number <= high)
        return number;
    refuse_member(record, name);
    return NAN;
}

/* Returns the member `name`, a number from 0 to `high`, or 0 if it is null, which means that the figure is not known.
 * If the member is anything else, the record becomes INVALID and the function returns 0. */
static double figure_of(struct zem_bench_record *record, const char *name, double high)
{
    if (json_is_null(json_object_get(record->item, name)))
        return 0.0;
    const double number = number_of(record, name, 0.0, high);
    return isfinite(number) ? number : 0.0;
}

/* Returns the member `name`, a whole number from 1 to `high`. If the member is anything else, the record becomes
 * INVALID. */
static uint64_t whole_of(struct zem_bench_record *record, const char *name, double high)
{
    const double number = number_of(record, name, 1.0, high);
    if (isfinite(number) && !json_is_integer(json_object_get(record->item, name)))
        refuse_member(record, name);
    return isfinite(number) ? (uint64_t)number : 0;
}

static const char *text_of(struct zem_bench_record *record, const char *name)
{
    const char *text = json_string_value(json_object_get(record->item, name));
    if (text == NULL)
        refuse_member(record, name);
    return text != NULL ? text : "";
}

static const char *digest_of(struct zem_bench_record *record, const char *name)
{
    const char *text = text_of(record, name);
    if (strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64)
        refuse_member(record, name);
    return text;
}

/* Reads the device's times of the repetitions and computes their order statistics. */
static void read_repetitions(struct zem_bench_record *record)
{
    const json_t *list = json_object_get(record->item, "repetitions");
    struct zem_bench_result *r = &record->result;
    const size_t count = json_array_size(list);
    if (count < 1 || count > ZEM_BENCH_REPEAT_MAX) {
        refuse_member(record, "list of repetitions");
        return;
    }
    for (size_t k = 0; k < count; k++) {
        const json_t *seconds = json_array_get(list, k);
        r->kernel_seconds[k] = json_number_value(seconds);
        if (!json_is_number(seconds) || !(r->kernel_seconds[k] > 0.0) || !isfinite(r->kernel_seconds[k])) {
            refuse_member(record, "list of repetitions");
            return;
        }
    }
    r->repeat = (unsigned)count;
    r->kernel = zem_bench_spread_of(r->kernel_seconds, r->repeat);
}

/* Reads the order statistics of the elapsed times of the repetitions. The file does not have these times one by one. */
static void read_pass(struct zem_bench_record *record)
{
    static const char *const names[] = {"least", "lower_quartile", "median", "upper_quartile", "most"};
    const json_t *item = record->item, *times = json_object_get(item, "pass_seconds");
    double value[5], before = 0.0;
    for (size_t k = 0; k < 5; k++) {
        value[k] = json_number_value(json_object_get(times, names[k]));
        if (!(value[k] > 0.0) || !isfinite(value[k]) || value[k] < before)
            refuse_member(record, "pass_seconds");
        before = value[k];
    }
    record->result.pass = (struct zem_bench_spread){value[0], value[1], value[2], value[3], value[4]};
}

/* Returns the number before `word` in a text such as "v3, 8 lanes, 2 threads", or 0 if there is none. */
static double count_before(const char *text, const char *word)
{
    const char *end = strstr(text, word), *begin = end;
    while (begin != NULL && begin > text && begin[-1] >= '0' && begin[-1] <= '9')
        begin--;
    return begin != NULL && begin < end ? zem_number_value(begin, (size_t)(end - begin), 0) : 0.0;
}

/* Reads the device. Its kind, its number of threads and its number of lanes must agree with the text about its
 * engine. */
static void read_device(struct zem_bench_record *record)
{
    struct zem_bench_result *r = &record->result;
    const bool native = strcmp(r->device, "openmp") == 0;
    snprintf(r->description, sizeof r->description, "%s", text_of(record, "description"));
    snprintf(r->engine, sizeof r->engine, "%s", text_of(record, "engine"));
    r->is_gpu = json_is_true(json_object_get(record->item, "gpu"));
    if (!json_is_boolean(json_object_get(record->item, "gpu")) || (native && r->is_gpu))
        refuse_member(record, "gpu");
    r->lanes = (unsigned)whole_of(record, "lanes", 1024.0);
    if ((r->lanes & (r->lanes - 1)) != 0)
        refuse_member(record, "lanes");
    const double told = count_before(r->engine, " threads");
    double threads = told;
    if (json_object_get(record->item, "threads") != NULL)
        threads = figure_of(record, "threads", THREADS_MAX);
    r->threads = threads >= 0.0 && threads <= THREADS_MAX ? (unsigned)threads : 0;
    if (native && (r->threads < 1 || threads != told))
        refuse_member(record, "number of threads");
    if (native && count_before(r->engine, " lanes") != (double)r->lanes)
        refuse_member(record, "lanes");
}

static void read_challenge(struct zem_bench_record *record)
{
    const json_t *value = json_object_get(record->item, "challenge");
    record->result.challenged = !json_is_null(value);
    if (record->result.challenged
        && (!json_is_string(value)
            || !zem_number_whole(json_string_value(value), 0, UINT64_MAX, &record->result.challenge)))
        refuse_member(record, "challenge");
}

/* Reads the measured figures and the digests, which cannot be computed from other members. */
static void read_measured(struct zem_bench_record *record)
{
    struct zem_bench_result *r = &record->result;
    r->open_seconds = number_of(record, "open_seconds", 0.0, 1e9);
    r->first_run_seconds = number_of(record, "first_run_seconds", 0.0, 1e9);
    r->peak.flops = figure_of(record, "peak_flops", INFINITY);
    r->joules = figure_of(record, "joules", 1e15);
    r->clock = figure_of(record, "clock_hz", CLOCK_MOST);
    r->processor_share = figure_of(record, "processor_share", PROCESSOR_SHARE_MOST);
    r->energy_source = text_of(record, "energy_source");
    if (r->clock > 0.0 && r->clock < CLOCK_LEAST)
        refuse_member(record, "clock_hz");
    if ((r->processor_share > 0.0) == r->is_gpu)
        refuse_member(record, "processor_share");
    if (strcmp(r->energy_source, "RAPL") != 0 && strcmp(r->energy_source, "NVML") != 0
        && strcmp(r->energy_source, "not readable") != 0)
        refuse_member(record, "energy_source");
    if (r->joules > 0.0 && strcmp(r->energy_source, "not readable") == 0)
        refuse_member(record, "joules");
    record->digest = digest_of(record, "digest");
    record->miss_digest = digest_of(record, "miss_digest");
    snprintf(r->digest, sizeof r->digest, "%s", record->digest);
    snprintf(r->miss_digest, sizeof r->miss_digest, "%s", record->miss_digest);
    text_of(record, "proof");
}

/* Reads the deck and the numbers of cells, trials and engagements. If this program has the deck, they come from the
 * deck; otherwise they come from the file. */
static void read_work(struct zem_bench_record *record, const json_t *document)
{
    const struct zem_bench_deck *deck = zem_bench_deck_find(record->deck, strlen(record->deck));
    const double kernel = json_number_value(json_object_get(document, "kernel_version")),
                 version = (double)whole_of(record, "deck_version", 1e6);
    struct zem_bench_result *r = &record->result;
    struct zem_scenario scenario = {0};
    struct zem_error error = {0};
    if (!json_is_integer(json_object_get(document, "kernel_version")) || kernel < 1.0)
        refuse_member(record, "kernel_version");
    record->same_work = deck != NULL && kernel == (double)ZEM_KERNEL_VERSION && version == (double)deck->version
                        && zem_bench_digest_stored(deck)
                        && zem_bench_deck_read(deck, NULL, &scenario, &error) == ZEM_OK;
    if (record->same_work) {
        r->deck = deck;
        r->cells = zem_grid_cells(&scenario);
        r->trials = r->cells * scenario.value[ZEM_KEY_TRIALS].integer;
        r->engagements = r->trials * scenario.value[ZEM_KEY_SHOTS].integer;
    } else {
        r->cells = whole_of(record, "cells", WORK_MOST);
        r->trials = whole_of(record, "trials", WORK_MOST);
        r->engagements = whole_of(record, "engagements", WORK_MOST);
        record->own_deck = (struct zem_bench_deck){.name = record->deck,
                                                   .version = (unsigned)version,
                                                   .operations_kernel = ZEM_KERNEL_VERSION,
                                                   .steps = figure_of(record, "steps_per_engagement", 1e9),
                                                   .flops = figure_of(record, "flops_per_engagement", 1e12),
                                                   .operations = figure_of(record, "operations_per_engagement", 1e12)};
        const double efficiency = figure_of(record, "lane_efficiency", 1.0);
        for (size_t k = 0; k < 4; k++)
            record->own_deck.efficiency[k] = efficiency;
        r->deck = &record->own_deck;
    }
    zem_scenario_free(&scenario);
}

/* Reads the peak rate of all operations. A file of an older version has instead share_of_issue, the fraction of the
 * peak that the deck reached. The peak is then the rate of the deck's operations divided by this fraction. */
static void read_peak_operations(struct zem_bench_record *record)
{
    struct zem_bench_result *r = &record->result;
    if (json_object_get(record->item, "peak_operations") != NULL) {
        r->peak.issue = figure_of(record, "peak_operations", INFINITY);
        return;
    }
    r->peak.issue = 1.0;
    const double share = figure_of(record, "share_of_issue", 1e30);
    r->peak.issue = share > 0.0 ? zem_bench_issue_share(r) / share : 0.0;
}

/* Whether two JSON values agree. Numbers may differ by the relative TOLERANCE plus `slack`. Of an object only the
 * members of `computed` are compared. */
static bool agree(const json_t *recorded, const json_t *computed, double slack)
{
    if (json_is_number(recorded) && json_is_number(computed)) {
        const double a = json_number_value(recorded), b = json_number_value(computed);
        return fabs(a - b) <= TOLERANCE * fmax(fabs(a), fabs(b)) + slack;
    }
    if (json_is_object(recorded) && json_is_object(computed)) {
        const char *name;
        json_t *value;
        json_object_foreach((json_t *)computed, name, value)
        {
            if (!agree(json_object_get(recorded, name), value, slack))
                return false;
        }
        return true;
    }
    return json_equal(recorded, computed) != 0;
}

/* Compares every recorded member with the computed one. The first that disagrees makes the record INVALID. The members
 * in `skipped` are not compared, because they cannot be computed. */
static void compare_members(struct zem_bench_record *record)
{
    static const char *const skipped[] = {"valid", "proof", "repetitions"}, *const added[] = {"threads",
                                                                                              "peak_operations"};
    json_t *computed = zem_bench_result_json(&record->result), *value;
    const char *name;
    json_object_foreach(computed, name, value)
    {
        const json_t *recorded = json_object_get(record->item, name);
        bool passed = false;
        for (size_t k = 0; k < sizeof skipped / sizeof skipped[0]; k++)
            passed = passed || strcmp(name, skipped[k]) == 0;
        for (size_t k = 0; recorded == NULL && k < sizeof added / sizeof added[0]; k++)
            passed = passed || strcmp(name, added[k]) == 0; /* older files lack these members */
        if (passed)
            continue;
        /* transfer_seconds is a difference of two rounded times, so it may differ by their rounding errors. */
        const double slack = strcmp(name, "transfer_seconds") == 0 ? TOLERANCE * record->result.pass.most : 0.0;
        if (!agree(recorded, value, slack)) {
            char *is = recorded != NULL ? json_dumps(recorded, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6)) : NULL,
                 *should = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
            if (json_is_number(value))
                zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                                       "its %s is %.40s, where its work and its times give %s", name,
                                       is != NULL ? is : "missing", should != NULL ? should : "another");
            else
                zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                                       "its %s is not what follows from its work and its times", name);
            free(is);
            free(should);
            break;
        }
    }
    json_decref(computed);
}

/* Whether a peak rate is far higher than such a device can have. */
static bool peak_impossible(const struct zem_bench_result *r)
{
    const bool native = strcmp(r->device, "openmp") == 0;
    const double lanes = native ? fmax((double)r->lanes, LANES_LEAST) : LANES_WIDEST;
    const double most = r->threads > 0 ? r->threads * lanes * FLOPS_OF_A_LANE * CLOCK_MOST : FLOPS_OF_ANY_GPU;
    return r->peak.flops > most || r->peak.issue > most;
}

/* Computes the rate in engagements per second. Checks that the rates of operations are not above the measured peak, and
 * that this peak is possible. */
static void judge_shares(struct zem_bench_record *record)
{
    const struct zem_bench_result *r = &record->result;
    const double issue = json_object_get(record->item, "peak_operations") != NULL ? zem_bench_issue_share(r) : 0.0;
    record->rate = zem_bench_engagement_rate(r);
    record->share = zem_bench_peak_share(r);
    if (fmax(record->share, issue) > 1.0 + TOLERANCE)
        zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                               "its rate is %.4g %% of the peak that the device was measured at",
                               100.0 * fmax(record->share, issue));
    if (peak_impossible(r))
        zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                               "its peak of %.3g flop/s is beyond what such a device can have", r->peak.flops);
    if (!(record->share > 0.0))
        zem_bench_record_judge(record, ZEM_BENCH_UNPROVEN, "its peak is not known, so nothing bounds its rate");
}

/* Checks that the date has the form "2026-11-25T16:18:37Z" and is at most a day in the future, because clocks of other
 * machines may be wrong. Dates of this form can be compared as texts. */
static void judge_date(struct zem_bench_record *record, const json_t *document)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    const json_t *date = json_object_get(document, "date");
    const time_t tomorrow = time(NULL) + DAY_SECONDS;
    char latest[sizeof form];
    struct tm parts;
    record->date = json_is_string(date) ? json_string_value(date) : "";
    bool good = strlen(record->date) == strlen(form);
    for (size_t k = 0; good && form[k] != '\0'; k++) {
        const char c = record->date[k];
        good = form[k] == '0' ? c >= '0' && c <= '9' : c == form[k];
    }
    if (!good)
        zem_bench_record_judge(record, ZEM_BENCH_INVALID, "its date is missing or is none");
    else if (gmtime_r(&tomorrow, &parts) != NULL && strftime(latest, sizeof latest, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0
             && strcmp(record->date, latest) > 0)
        zem_bench_record_judge(record, ZEM_BENCH_INVALID, "its date lies in the future");
}

/* Compares the digests with those that this program stores for the deck. The digests of a challenge are not stored, so
 * such a record becomes UNPROVEN until its work is flown. */
static void judge_digests(struct zem_bench_record *record)
{
    const struct zem_bench_result *r = &record->result;
    if (!record->same_work)
        zem_bench_record_judge(record, ZEM_BENCH_UNPROVEN,
                               "is of another deck or kernel version, whose digests this program (kernel version %d) "
                               "does not know",
                               ZEM_KERNEL_VERSION);
    else if (!r->challenged && !zem_bench_digest_matches(r->deck, record->digest, record->miss_digest))
        zem_bench_record_judge(record, ZEM_BENCH_INVALID, "its digests are not those of the deck");
    else if (r->challenged && record->verdict == ZEM_BENCH_VALID)
        record->verdict = ZEM_BENCH_UNPROVEN; /* until its work is flown again */
}

/* Compares the recorded seal, which is a digest of the whole document, with the computed one. A wrong seal shows that
 * the file was edited, also where it cannot be seen otherwise: in a text, or in figures that still agree with each
 * other. The function is called last, because the reasons of the other checks say more. */
static int judge_seal(struct zem_bench_record *record, const json_t *document, struct zem_error *error)
{
    const char *recorded = json_string_value(json_object_get(document, ZEM_BENCH_SEAL_MEMBER));
    char seal[ZEM_BENCH_SEAL_SIZE];
    const int status = zem_bench_seal(document, seal, error);
    if (status != ZEM_OK)
        return status;
    if (json_object_get(document, ZEM_BENCH_SEAL_MEMBER) == NULL)
        zem_bench_record_judge(record, ZEM_BENCH_UNPROVEN, "has no seal, as files of older versions of the program");
    else if (recorded == NULL || strcmp(recorded, seal) != 0)
        zem_bench_record_judge(record, ZEM_BENCH_INVALID,
                               "its seal does not belong to its contents: the file was edited or damaged");
    return ZEM_OK;
}

int zem_bench_record_read(struct zem_bench_record *record, const char *file, const json_t *document, const json_t *item,
                          struct zem_error *error)
{
    const char *device = json_string_value(json_object_get(item, "device"));
    *record = (struct zem_bench_record){.file = file,
                                        .item = item,
                                        .machine = json_string_value(json_object_get(document, "machine")),
                                        .deck = json_string_value(json_object_get(item, "deck"))};
    if (record->deck == NULL || device == NULL || record->machine == NULL)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: a result lacks its deck, device or machine: benchmarks/bench.schema.json says what "
                             "is needed",
                             file);
    snprintf(record->result.device, sizeof record->result.device, "%s", device);
    if (!json_is_true(json_object_get(item, "valid")))
        zem_bench_record_judge(record, ZEM_BENCH_INVALID, "recorded as INVALID");
    judge_date(record, document);
    read_work(record, document);
    read_repetitions(record);
    read_pass(record);
    read_device(record);
    read_challenge(record);
    read_measured(record);
    read_peak_operations(record);
    if (record->result.repeat > 0)
        judge_shares(record);
    if (record->verdict != ZEM_BENCH_INVALID)
        compare_members(record);
    judge_digests(record);
    return judge_seal(record, document, error);
}
