/* Recorded results of many machines as a table with bars for each deck, the fastest first. Rates are computed from the
 * recorded times again, and digests are compared with those of the decks, because a file may have been edited. */
#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/printable.h"
#include "bench/bench_report.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_WIDTH 40

/* One line of the table. Its texts belong to the JSON documents. */
struct entry {
    const char *deck, *machine, *device, *challenge, *reason;
    double rate;   /* engagements per second */
    double spread; /* interquartile range of the times, as a fraction of their median */
    double share;  /* floating-point operations as a fraction of the peak; 0 if unknown */
    bool valid;
};

struct table {
    struct entry *entries;
    size_t count;
    json_t **documents;
    size_t document_count;
};

/* The reason why a recorded result is not valid, or NULL. Digests can be compared if the result has this program's
 * kernel version and version of the deck; any other result keeps the verdict that it was recorded with. */
static const char *reason_invalid(const json_t *document, const json_t *result, const char *deck_name)
{
    const struct zem_bench_deck *deck = zem_bench_deck_find(deck_name, strlen(deck_name));
    const char *digest = json_string_value(json_object_get(result, "digest")),
               *misses = json_string_value(json_object_get(result, "miss_digest"));
    if (!json_is_true(json_object_get(result, "valid")))
        return "recorded as INVALID";
    if (digest == NULL || misses == NULL || strlen(digest) != 64 || strlen(misses) != 64)
        return "no digests";
    if (json_is_string(json_object_get(result, "challenge")))
        return NULL; /* a challenge was proved where it ran; no digest of it is stored here */
    const bool same_work = deck != NULL && zem_bench_digest_stored(deck)
                           && json_integer_value(json_object_get(document, "kernel_version")) == ZEM_KERNEL_VERSION
                           && json_integer_value(json_object_get(result, "deck_version")) == (json_int_t)deck->version;
    return same_work && !zem_bench_digest_matches(deck, digest, misses) ? "not the digests of the deck" : NULL;
}

static int add_result(struct table *table, const char *file, const json_t *document, const json_t *result,
                      struct zem_error *error)
{
    const json_t *times = json_object_get(result, "kernel_seconds");
    const char *deck = json_string_value(json_object_get(result, "deck")),
               *device = json_string_value(json_object_get(result, "device"));
    const char *machine = json_string_value(json_object_get(document, "machine"));
    const double median = json_number_value(json_object_get(times, "median")),
                 work = json_number_value(json_object_get(result, "engagements"));
    if (deck == NULL || device == NULL || machine == NULL || !(median > 0.0) || !(work > 0.0))
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "%s: a result lacks its deck, device, machine, engagements or kernel_seconds.median: "
                             "benchmarks/bench.schema.json says what is needed",
                             file);
    struct entry *entries = realloc(table->entries, (table->count + 1) * sizeof *entries);
    if (entries == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the comparison");
    table->entries = entries;
    const char *reason = reason_invalid(document, result, deck);
    entries[table->count++] = (struct entry){
        .deck = deck,
        .machine = machine,
        .device = device,
        .challenge = json_string_value(json_object_get(result, "challenge")),
        .reason = reason,
        .rate = work / median, /* not the recorded rate, which need not agree with the times */
        .spread = (json_number_value(json_object_get(times, "upper_quartile"))
                   - json_number_value(json_object_get(times, "lower_quartile")))
                  / median,
        .share = json_number_value(json_object_get(result, "share_of_peak")),
        .valid = reason == NULL,
    };
    return ZEM_OK;
}

/* ---- reading ---- */

struct source {
    FILE *stream;
    int reason; /* the errno of a failure of the system; 0 if there was none */
};

/* Gives jansson the next byte. One at a time, because where memory runs out jansson may drop a byte of a text and go
 * on; errno tells before the next byte. */
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
    json_t *document, *result;
    size_t index;
    int status = read_document(file, &document, error);
    if (status != ZEM_OK)
        return status;
    table->documents[table->document_count++] = document;
    if (json_integer_value(json_object_get(document, "zem_bench")) != 1
        || !json_is_array(json_object_get(document, "results")))
        return zem_error_set(error, ZEM_BAD_INPUT, "%s: not a result of zem bench --json", file);
    json_array_foreach(json_object_get(document, "results"), index, result)
    {
        status = add_result(table, file, document, result, error);
        if (status != ZEM_OK)
            return status;
    }
    return ZEM_OK;
}

/* The place of a deck in the program's list. An unknown deck comes after all of them. */
static size_t deck_place(const char *name)
{
    size_t k = 0;
    while (zem_bench_decks[k].name != NULL && strcmp(zem_bench_decks[k].name, name) != 0)
        k++;
    return k;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const size_t i = deck_place(x->deck), j = deck_place(y->deck);
    if (i != j)
        return i < j ? -1 : 1;
    const int names = strcmp(x->deck, y->deck);
    return names != 0 ? names : (x->rate < y->rate) - (x->rate > y->rate);
}

/* Prints one line with a bar. `fastest` is the highest rate of the valid results of the deck. */
static void print_entry(const struct entry *entry, double fastest, int machine_width, int device_width)
{
    char share[16] = "-", bar[BAR_WIDTH + 1], machine[200], device[200], challenge[100];
    const int length = entry->valid ? (int)lround(BAR_WIDTH * entry->rate / fastest) : 0;
    if (entry->share > 0.0)
        snprintf(share, sizeof share, "%.1f %%", 100.0 * entry->share);
    memset(bar, '#', sizeof bar);
    bar[length < 1 ? 1 : length] = '\0';
    printf("  %-*s  %-*s  %12.4g  %7.1f %%  %8s  %-7s  %s%s%s\n", machine_width,
           zem_printable(entry->machine, machine, sizeof machine), device_width,
           zem_printable(entry->device, device, sizeof device), entry->rate, 100.0 * entry->spread, share,
           entry->valid ? "VALID" : "INVALID", entry->valid ? bar : entry->reason,
           entry->challenge != NULL ? "  challenge " : "",
           zem_printable(entry->challenge, challenge, sizeof challenge));
}

static void print_table(const struct table *table)
{
    char name[200];
    int machine_width = 7, device_width = 6;
    double fastest = 0.0;
    for (size_t k = 0; k < table->count; k++) {
        const int machine = (int)strlen(table->entries[k].machine), device = (int)strlen(table->entries[k].device);
        machine_width = machine > machine_width ? machine : machine_width;
        device_width = device > device_width ? device : device_width;
    }
    for (size_t k = 0; k < table->count; k++) {
        const struct entry *entry = &table->entries[k];
        if (k == 0 || strcmp(entry->deck, table->entries[k - 1].deck) != 0) {
            printf("%sdeck %s\n  %-*s  %-*s  %12s  %9s  %8s\n", k > 0 ? "\n" : "",
                   zem_printable(entry->deck, name, sizeof name), machine_width, "MACHINE", device_width, "DEVICE",
                   "ENGAGEMENTS/S", "QUARTILES", "OF PEAK");
            fastest = 0.0;
            for (size_t j = k; j < table->count && strcmp(table->entries[j].deck, entry->deck) == 0; j++)
                fastest =
                    table->entries[j].valid && table->entries[j].rate > fastest ? table->entries[j].rate : fastest;
        }
        print_entry(entry, fastest > 0.0 ? fastest : entry->rate, machine_width, device_width);
    }
}

int zem_bench_compare(const char *const *files, size_t count, struct zem_error *error)
{
    struct table table = {.documents = calloc(count, sizeof *table.documents)};
    int status =
        table.documents != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the comparison");
    for (size_t k = 0; status == 0 && k < count; k++)
        status = add_file(&table, files[k], error);
    if (status == 0) {
        size_t invalid = 0;
        qsort(table.entries, table.count, sizeof *table.entries, compare_entries);
        print_table(&table);
        for (size_t k = 0; k < table.count; k++)
            invalid += !table.entries[k].valid;
        if (invalid > 0)
            status =
                zem_error_set(error, ZEM_DIFFERENCE, "bench: %zu of %zu results are INVALID", invalid, table.count);
    }
    for (size_t k = 0; k < table.document_count; k++)
        json_decref(table.documents[k]);
    free(table.documents);
    free(table.entries);
    return status;
}
