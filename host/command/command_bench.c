/* `zem bench`: measures decks, which are the fixed scenarios of the benchmark, on devices by bench/bench.h and prints
 * the results. With --compare or --check it judges recorded results by bench/bench_report.h. */
#include "base/interruption.h"
#include "base/number.h"
#include "base/printable.h"
#include "bench/bench_report.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "device/opencl/opencl_flags.h"
#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DECKS_MAX 32

static const struct zem_usage usage = {
    .command = "bench",
    .operands = "[FILE...]",
    .summary =
        "Measures devices with decks, which are fixed scenarios. A result is VALID only if its digest is the one "
        "stored for the\n"
        "deck, which shows that the device did the same work, bit for bit. The figure of merit is engagements per "
        "second on the\n"
        "deck \"standard\". FILEs go with --compare and --check.",
    .examples = "  zem bench\n"
                "  zem bench --deck all --device openmp,opencl --json >results.json\n"
                "  zem bench --challenge 271828      # a seed that nobody could have prepared for\n"
                "  zem bench --compare mine.json theirs.json\n"
                "  zem bench --check theirs.json     # is their digest true? the work is flown again here\n",
    .most_operands = 1000,
};

struct bench_settings {
    const char *decks, *devices, *machine, *compare, *check, *challenge_text;
    uint64_t repeat, threads, challenge;
    bool json, quiet, kernel_flags;
    struct zem_bench_options bench;
};

static int read_settings(struct bench_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "deck", "LIST", "decks by name, separated by commas, or all (standard)", ZEM_OPTION_TEXT, &settings->decks,
         NULL, 0, 0},
        {'d', "device", "LIST", "devices to measure, one after the other, as in zem run", ZEM_OPTION_TEXT,
         &settings->devices, NULL, 0, 0},
        {0, "json", NULL, "print one JSON object (benchmarks/bench.schema.json)", ZEM_OPTION_FLAG, &settings->json,
         NULL, 0, 0},
        {0, "repeat", "N", "timed repetitions (5)", ZEM_OPTION_NUMBER, &settings->repeat, NULL, 1,
         ZEM_BENCH_REPEAT_MAX},
        {0, "challenge", "N", "work with a seed made of N, proved by recomputing cells", ZEM_OPTION_TEXT,
         &settings->challenge_text, NULL, 0, 0},
        {0, "compare", "FILE", "compare recorded results: this one and all FILEs", ZEM_OPTION_TEXT, &settings->compare,
         NULL, 0, 0},
        {0, "check", "FILE", "fly the work of recorded results again here: are their digests true?", ZEM_OPTION_TEXT,
         &settings->check, NULL, 0, 0},
        {0, "machine", "NAME", "name of this machine in the JSON", ZEM_OPTION_TEXT, &settings->machine, NULL, 0, 0},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {0, "isa", "NAME", "CPU instruction set, as in zem run", ZEM_OPTION_TEXT, &settings->bench.isa, NULL, 0, 0},
        {'q', "quiet", NULL, "no messages but failures", ZEM_OPTION_FLAG, &settings->quiet, NULL, 0, 0},
        {0, "kernel-flags", NULL, "print how OpenCL kernels of the decks are compiled, and stop", ZEM_OPTION_FLAG,
         &settings->kernel_flags, NULL, 0, 0},
        {0},
    };
    settings->decks = "standard";
    settings->devices = "auto";
    settings->repeat = 5;
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status != ZEM_OK)
        return status;
    if (settings->compare != NULL && settings->check != NULL)
        return zem_error_set(error, ZEM_USAGE, "bench: --compare and --check exclude each other");
    if (settings->compare == NULL && settings->check == NULL && argc > *first)
        return zem_error_set(error, ZEM_USAGE,
                             "bench: %s: files go with --compare or --check; decks are named by --deck", argv[*first]);
    if (settings->challenge_text != NULL) {
        if (!zem_number_whole(settings->challenge_text, 0, UINT64_MAX, &settings->challenge))
            return zem_error_set(error, ZEM_USAGE,
                                 "bench: --challenge %s: a whole number from 0 to %" PRIu64 " is needed",
                                 settings->challenge_text, UINT64_MAX);
        settings->bench.challenge = &settings->challenge;
    }
    settings->bench.repeat = (unsigned)settings->repeat;
    settings->bench.threads = zem_scheduler_threads(settings->threads).count;
    return ZEM_OK;
}

static int unknown_deck(const char *name, size_t length, struct zem_error *error)
{
    char names[256] = "", word[64];
    for (const struct zem_bench_deck *deck = zem_bench_decks; deck->name != NULL; deck++) {
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "", deck->name);
    }
    snprintf(word, sizeof word, "%.*s", (int)(length < sizeof word ? length : sizeof word - 1), name);
    return zem_error_set(error, ZEM_USAGE, "bench: no deck is called \"%s\": there are %s", word, names);
}

static int choose_decks(const char *text, const struct zem_bench_deck *decks[DECKS_MAX], size_t *count,
                        struct zem_error *error)
{
    *count = 0;
    if (strcmp(text, "all") == 0)
        for (const struct zem_bench_deck *deck = zem_bench_decks; deck->name != NULL; deck++)
            decks[(*count)++] = deck;
    else
        for (const char *name = text;; name += strcspn(name, ",") + 1) {
            const size_t length = strcspn(name, ",");
            if (*count == DECKS_MAX)
                return zem_error_set(error, ZEM_USAGE, "bench: --deck takes at most %d names", DECKS_MAX);
            decks[*count] = zem_bench_deck_find(name, length);
            if (decks[(*count)++] == NULL)
                return unknown_deck(name, length, error);
            if (name[length] == '\0')
                break;
        }
    return ZEM_OK;
}

static void print_message(void *context, const char *text)
{
    (void)context;
    fputs("zem: ", stderr);
    zem_printable_write(text, false, stderr);
    fputc('\n', stderr);
}

/* Prints a line for each deck: its name, the steps of an engagement, the shots of a trial, and the options with which
 * its OpenCL kernels are compiled. benchmarks/gpu_report.py reads these lines. */
static int print_kernel_flags(const struct zem_bench_deck *const *decks, size_t count, struct zem_error *error)
{
    int status = ZEM_OK;
    for (size_t k = 0; status == 0 && k < count; k++) {
        struct zem_scenario scenario = {0};
        struct zem_engine_options options = {0};
        char flags[512];
        status = zem_bench_deck_read(decks[k], NULL, &scenario, error);
        if (status == 0) {
            zem_run_engine_options(&scenario, &options);
            printf("%s %.6g %u %s\n", decks[k]->name, decks[k]->steps, options.shots,
                   zem_opencl_flags(&options, ZEM_OPENCL_LANES_GPU, ZEM_OPENCL_GROUP_GPU, flags, sizeof flags));
        }
        zem_scenario_free(&scenario);
    }
    return status;
}

/* Measures every deck on every device and prints the results. `chosen` has the indices of the devices in `list`. A
 * failure ends the measurements; the results before it are printed all the same. */
static int measure_all(const struct bench_settings *settings, const struct zem_bench_deck *const *decks,
                       size_t deck_count, const struct zem_device_list *list, const size_t *chosen, size_t chosen_count,
                       struct zem_error *error)
{
    struct zem_bench_result *results = calloc(deck_count * chosen_count, sizeof *results);
    size_t count = 0, invalid = 0;
    int status = results != NULL ? ZEM_OK : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the results");
    for (size_t k = 0; status == 0 && k < deck_count * chosen_count; k++) {
        status = zem_bench_measure(decks[k / chosen_count], &list->items[chosen[k % chosen_count]], &settings->bench,
                                   &results[count], error);
        if (status != 0)
            break;
        if (!settings->json) {
            zem_bench_report_print(&results[count]);
            fflush(stdout);
        }
        invalid += !results[count++].valid;
    }
    if (settings->json && count > 0) {
        const int written = zem_bench_report_json(results, count, settings->machine, error);
        status = status != 0 ? status : written;
    }
    free(results);
    if (status == 0 && invalid > 0)
        status = zem_error_set(error, ZEM_DIFFERENCE, "bench: INVALID: %zu of %zu results are not the deck's work",
                               invalid, count);
    return status;
}

static int measure(const struct bench_settings *settings, struct zem_error *error)
{
    const struct zem_bench_deck *decks[DECKS_MAX];
    struct zem_device_list list = {0};
    size_t deck_count = 0, chosen_count = 0;
    int status = choose_decks(settings->decks, decks, &deck_count, error);
    if (status == 0 && settings->kernel_flags)
        return print_kernel_flags(decks, deck_count, error);
    if (status != 0)
        return status;
    status = zem_devices_list(&list, settings->devices, 0.0, error);
    size_t *chosen = calloc(list.count + 1, sizeof *chosen);
    if (status == 0 && chosen == NULL)
        status = zem_error_set(error, ZEM_INTERNAL, "bench: no memory for devices");
    if (status == 0)
        status = zem_devices_choose(&list, settings->devices, chosen, &chosen_count, NULL, error);
    if (status == 0)
        status = measure_all(settings, decks, deck_count, &list, chosen, chosen_count, error);
    free(chosen);
    zem_devices_free(&list);
    return status;
}

/* Compares or checks recorded results. The files are that of the option --compare or --check and all operands. */
static int compare(const struct bench_settings *settings, int operands, char **operand, struct zem_error *error)
{
    const struct zem_bench_compare_options options = {
        .json = settings->json,
        .check = settings->check != NULL,
        .run = {.devices = settings->devices,
                .strict_devices = settings->devices != NULL,
                .threads = settings->bench.threads,
                .isa = settings->bench.isa,
                .shards = 1,
                .message = settings->bench.message},
    };
    const size_t count = (size_t)operands + 1;
    const char **files = calloc(count, sizeof *files);
    if (files == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the comparison");
    files[0] = settings->check != NULL ? settings->check : settings->compare;
    for (size_t k = 1; k < count; k++)
        files[k] = operand[k - 1];
    const int status = zem_bench_compare(files, count, &options, error);
    free(files);
    return status;
}

int zem_command_bench(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct bench_settings settings = {0};
    int first = 0;
    int status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        return status > 0 ? ZEM_OK : status;
    if (!settings.quiet)
        settings.bench.message = print_message;
    status = zem_interruption_catch(console->leave, error);
    if (status != ZEM_OK)
        return status;
    if (settings.compare != NULL || settings.check != NULL)
        return compare(&settings, argc - first, argv + first, error);
    return measure(&settings, error);
}
