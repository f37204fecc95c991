/* Prints recorded results of many machines, for each deck as a table with bars, the fastest first, or as JSON. It shows
 * only figures that bench_record.c has computed again or compared with what is possible. */
#include "base/duration.h"
#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/printable.h"
#include "bench/bench_check.h"
#include "bench/bench_report.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_WIDTH 40
#define NAME_LONGEST 40 /* the most bytes of a name in the table */

struct table {
    struct zem_bench_record **records;
    size_t count;
    json_t **documents;
    size_t document_count;
};

static int add_result(struct table *table, const char *file, const json_t *document, const json_t *item,
                      struct zem_error *error)
{
    struct zem_bench_record **records = realloc(table->records, (table->count + 1) * sizeof *records);
    if (records != NULL)
        table->records = records;
    struct zem_bench_record *record = malloc(sizeof *record);
    if (records == NULL || record == NULL) {
        free(record);
        return zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the comparison");
    }
    records[table->count++] = record;
    return zem_bench_record_read(record, file, document, item, error);
}

/* ---- reading ---- */

struct source {
    FILE *stream;
    int reason; /* errno of a failed read or allocation; 0 if none failed */
};

/* Gives jansson the next byte of the file. When memory runs out, jansson may drop a byte of a text and continue.
 * jansson therefore gets one byte at a time, and errno is checked before each. Returns 1, 0 at the end of the file, or
 * -1 after a failure. */
static size_t give_byte(void *buffer, size_t size, void *context)
{
    struct source *source = context;
    if (source->reason == 0 && errno == ENOMEM)
        source->reason = ENOMEM;
    if (source->reason != 0 || size == 0)
        return (size_t)-1;
    const int byte = fgetc(source->stream);
    if (byte != EOF) {
        *(char *)buffer = (char)byte;
        return 1;
    }
    if (ferror(source->stream))
        source->reason = errno;
    return source->reason != 0 ? (size_t)-1 : 0;
}

static int report_system(const char *file, int reason, int otherwise, struct zem_error *error)
{
    if (reason == ENOMEM)
        return zem_error_set(error, ZEM_INTERNAL, "%s: there is not enough memory to read it", file);
    return zem_error_set(error, otherwise, "%s: cannot be read: %s", file, strerror(reason));
}

/* Reads a file as JSON. The caller releases the document, which is NULL on failure. */
static int read_document(const char *file, json_t **document, struct zem_error *error)
{
    json_error_t mistake;
    struct source source = {.stream = fopen(file, "r")};
    *document = NULL;
    if (source.stream == NULL)
        return report_system(file, errno, ZEM_NO_INPUT, error);
    errno = 0;
    *document = json_load_callback(give_byte, &source, JSON_REJECT_DUPLICATES, &mistake);
    if (source.reason == 0 && errno == ENOMEM)
        source.reason = ENOMEM;
    fclose(source.stream);
    if (source.reason != 0) {
        json_decref(*document);
        *document = NULL;
        return report_system(file, source.reason, ZEM_INPUT_OUTPUT, error);
    }
    if (*document == NULL)
        return zem_error_set(error, ZEM_BAD_INPUT, "%s:%d:%d: no JSON: %s", file, mistake.line, mistake.column,
                             mistake.text);
    return ZEM_OK;
}

static int add_file(struct table *table, const char *file, struct zem_error *error)
{
    json_t *document, *item;
    size_t index;
    int status = read_document(file, &document, error);
    if (status != ZEM_OK)
        return status;
    table->documents[table->document_count++] = document;
    const json_t *results = json_object_get(document, "results");
    if (!json_is_integer(json_object_get(document, "zem_bench"))
        || json_integer_value(json_object_get(document, "zem_bench")) != 1 || json_array_size(results) == 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "%s: not a result of zem bench --json", file);
    json_array_foreach(results, index, item)
    {
        status = add_result(table, file, document, item, error);
        if (status != ZEM_OK)
            return status;
    }
    return ZEM_OK;
}

/* Returns the index of a deck in zem_bench_decks. An unknown deck has the index after the last. */
static size_t deck_place(const char *name)
{
    size_t k = 0;
    while (zem_bench_decks[k].name != NULL && strcmp(zem_bench_decks[k].name, name) != 0)
        k++;
    return k;
}

/* Orders records by deck, and those of one deck by rate, the highest first. */
static int compare_records(const void *a, const void *b)
{
    const struct zem_bench_record *x = *(struct zem_bench_record *const *)a, *y = *(struct zem_bench_record *const *)b;
    const size_t i = deck_place(x->deck), j = deck_place(y->deck);
    if (i != j)
        return i < j ? -1 : 1;
    const int names = strcmp(x->deck, y->deck);
    return names != 0 ? names : (x->rate < y->rate) - (x->rate > y->rate);
}

/* The interquartile range of the times as a fraction of their median. */
static double spread_of(const struct zem_bench_record *record)
{
    const struct zem_bench_spread *s = &record->result.kernel;
    return s->median > 0.0 ? (s->upper_quartile - s->lower_quartile) / s->median : NAN;
}

static const char *percentage(double fraction, char *text, size_t size)
{
    if (fraction > 0.0)
        snprintf(text, size, "%.1f %%", 100.0 * fraction);
    else
        snprintf(text, size, "-");
    return text;
}

/* Prints two lines about a result. The first has its rate and a bar; the second has the device, the share of the
 * processor that the threads had, and the date. `fastest` is the highest rate of the valid results of the deck, which
 * has the longest bar. */
static void print_record(const struct zem_bench_record *record, double fastest, int machine_width)
{
    const struct zem_bench_result *r = &record->result;
    const bool valid = record->verdict == ZEM_BENCH_VALID;
    char machine[NAME_LONGEST + 1], text[256], share[16], processor[16], bar[BAR_WIDTH + 1];
    const int length = valid ? (int)lround(BAR_WIDTH * record->rate / fastest) : 0;
    memset(bar, '#', sizeof bar);
    bar[length < 1 ? 1 : length > BAR_WIDTH ? BAR_WIDTH : length] = '\0';
    printf("  %-*s  %-12s  %12.4g  %7.1f %%  %8s  %-8s  %s", machine_width,
           zem_printable(record->machine, machine, sizeof machine), zem_printable(r->device, text, 13), record->rate,
           100.0 * spread_of(record), percentage(record->share, share, sizeof share),
           zem_bench_verdict_words[record->verdict], valid ? bar : "");
    if (!valid)
        zem_printable_write(record->reason, false, stdout);
    if (r->challenged)
        printf("  challenge %" PRIu64, r->challenge);
    printf("\n  %-*s  %s; ", machine_width, "", zem_printable(r->description, text, sizeof text));
    if (r->threads > 0)
        printf("%u thread%s had %s of the processor%s; ", r->threads, r->threads > 1 ? "s" : "",
               percentage(r->processor_share, processor, sizeof processor),
               zem_bench_disturbed(r->processor_share) ? ": disturbed" : "");
    printf("%s\n", record->date[0] != '\0' ? zem_printable(record->date, text, sizeof text) : "no date");
}

static void print_table(const struct table *table)
{
    char name[NAME_LONGEST + 1];
    int machine_width = 7;
    double fastest = 0.0;
    for (size_t k = 0; k < table->count; k++) {
        const int machine = (int)strlen(zem_printable(table->records[k]->machine, name, sizeof name));
        machine_width = machine > machine_width ? machine : machine_width;
    }
    for (size_t k = 0; k < table->count; k++) {
        const struct zem_bench_record *record = table->records[k];
        if (k == 0 || strcmp(record->deck, table->records[k - 1]->deck) != 0) {
            printf("%sdeck %s\n  %-*s  %-12s  %12s  %9s  %8s\n", k > 0 ? "\n" : "",
                   zem_printable(record->deck, name, sizeof name), machine_width, "MACHINE", "DEVICE", "ENGAGEMENTS/S",
                   "QUARTILES", "OF PEAK");
            fastest = 0.0;
            for (size_t j = k; j < table->count && strcmp(table->records[j]->deck, record->deck) == 0; j++)
                fastest =
                    table->records[j]->verdict == ZEM_BENCH_VALID ? fmax(fastest, table->records[j]->rate) : fastest;
        }
        print_record(record, fastest > 0.0 ? fastest : record->rate, machine_width);
    }
}

/* Prints a paragraph for each result: whether a new flight of its work, if there was one, gave the same digests, and
 * the verdict. */
static void print_checks(const struct table *table)
{
    char text[256];
    for (size_t k = 0; k < table->count; k++) {
        const struct zem_bench_record *record = table->records[k];
        const bool flown = record->flown_digest[0] != '\0';
        const bool equal = flown && strcmp(record->flown_digest, record->digest) == 0
                           && strcmp(record->flown_miss_digest, record->miss_digest) == 0;
        printf("%s: deck ", zem_printable(record->file, text, sizeof text));
        zem_printable_write(record->deck, false, stdout);
        if (record->result.challenged)
            printf(", challenge %" PRIu64, record->result.challenge);
        printf(", on %s of ", zem_printable(record->result.device, text, sizeof text));
        zem_printable_write(record->machine, false, stdout);
        if (flown)
            printf(": the digests are %s, by %" PRIu64 " engagements flown again here in %s\n",
                   equal ? "true" : "NOT true", record->result.engagements,
                   zem_duration_format(record->flown_seconds, text, sizeof text));
        else
            printf(": the digests are not known here\n");
        printf("%s%s", zem_bench_verdict_words[record->verdict], record->reason[0] != '\0' ? ": " : "");
        zem_printable_write(record->reason, false, stdout);
        printf("\n");
    }
}

static json_t *record_json(const struct zem_bench_record *record)
{
    const struct zem_bench_result *r = &record->result;
    const bool flown = record->flown_digest[0] != '\0';
    json_t *object = zem_bench_result_json(r);
    if (object == NULL)
        return NULL;
    json_object_del(object, "valid");
    json_object_del(object, "proof");
    json_object_set_new(object, "file", zem_json_text(record->file));
    json_object_set_new(object, "machine", zem_json_text(record->machine));
    json_object_set_new(object, "date", zem_json_text(record->date));
    json_object_set_new(object, "disturbed", json_boolean(zem_bench_disturbed(r->processor_share) && !r->is_gpu));
    json_object_set_new(object, "quartile_spread", zem_json_number(spread_of(record)));
    json_object_set_new(object, "flown_again", json_boolean(flown));
    json_object_set_new(object, "verdict", json_string(zem_bench_verdict_words[record->verdict]));
    json_object_set_new(object, "reason", record->reason[0] != '\0' ? zem_json_text(record->reason) : json_null());
    return object;
}

static int print_json(const struct table *table, struct zem_error *error)
{
    json_t *items = json_array();
    for (size_t k = 0; k < table->count; k++)
        json_array_append_new(items, record_json(table->records[k]));
    json_t *object =
        json_pack("{s:i, s:i, s:o}", "zem_bench_comparison", 1, "kernel_version", ZEM_KERNEL_VERSION, "results", items);
    return zem_json_print(object, JSON_COMPACT | JSON_REAL_PRECISION(10), stdout, error);
}

/* Flies the work that has to be flown again, judges the records and prints them. Returns ZEM_DIFFERENCE if a record is
 * not VALID. */
static int judge_and_print(struct table *table, const struct zem_bench_compare_options *options,
                           struct zem_error *error)
{
    size_t invalid = 0, unproven = 0;
    int status = ZEM_OK;
    for (size_t k = 0; status == ZEM_OK && k < table->count; k++) {
        struct zem_bench_record *record = table->records[k];
        const bool open = record->verdict == ZEM_BENCH_UNPROVEN && record->reason[0] == '\0';
        if (options->check || (open && record->result.engagements <= ZEM_BENCH_FLOWN_MOST))
            status = zem_bench_check_fly(table->records, k, &options->run, error);
        else if (open)
            zem_bench_record_judge(
                record, ZEM_BENCH_UNPROVEN,
                "its challenge has too many engagements for --compare to fly them: zem bench --check flies them");
    }
    if (status != ZEM_OK)
        return status;
    zem_bench_check_each_other(table->records, table->count);
    if (!options->check)
        qsort(table->records, table->count, sizeof *table->records, compare_records);
    for (size_t k = 0; k < table->count; k++) {
        invalid += table->records[k]->verdict == ZEM_BENCH_INVALID;
        unproven += table->records[k]->verdict == ZEM_BENCH_UNPROVEN;
    }
    if (options->json)
        status = print_json(table, error);
    else
        (options->check ? print_checks : print_table)(table);
    if (status == ZEM_OK && invalid > 0)
        return zem_error_set(error, ZEM_DIFFERENCE, "bench: %zu of %zu results are INVALID", invalid, table->count);
    if (status == ZEM_OK && unproven > 0)
        return zem_error_set(error, ZEM_DIFFERENCE, "bench: %zu of %zu results are UNPROVEN", unproven, table->count);
    return status;
}

int zem_bench_compare(const char *const *files, size_t count, const struct zem_bench_compare_options *options,
                      struct zem_error *error)
{
    struct table table = {.documents = calloc(count, sizeof *table.documents)};
    int status =
        table.documents != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the comparison");
    for (size_t k = 0; status == 0 && k < count; k++)
        status = add_file(&table, files[k], error);
    if (status == 0)
        status = judge_and_print(&table, options, error);
    for (size_t k = 0; k < table.count; k++)
        free(table.records[k]);
    for (size_t k = 0; k < table.document_count; k++)
        json_decref(table.documents[k]);
    free(table.records);
    free(table.documents);
    return status;
}
