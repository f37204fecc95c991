/* `zem check`: reads a scenario and prints its mistakes, or the scenario with all its defaults and with the memory,
 * disk space and time of a run. It writes no file. A short run of the scenario measures the time. */
#include "base/duration.h"
#include "base/json_text.h"
#include "base/scheduler.h"
#include "command/commands.h"
#include "command/options.h"
#include "command/scenario_source.h"
#include "run/run.h"
#include "run/samples.h"
#include "scenario/scenario_print.h"

#include <math.h>
#include <stdio.h>

static const struct zem_usage usage = {
    .command = "check",
    .operands = "SCENARIO",
    .summary =
        "Validates a scenario and prints it resolved, with its defaults, the cells and trials it spans, the memory,\n"
        "disk and time that a run needs, and the given keys that have no effect. Time and, with a precision, trials\n"
        "are planned from short pilots of the scenario itself. Writes no file.",
    .examples = "  zem check weave\n"
                "  zem check weave --set target.maneuver=none --json\n"
                "  zem check step --precision 0.005 --trials 1000000\n"
                "  zem check weave --samples 1000\n",
    .least_operands = 1,
    .most_operands = 1,
};

struct check_settings {
    struct zem_overrides overrides;
    const char *interval;
    bool json;
    uint64_t threads, samples;
    struct zem_run_options run;
};

static int read_settings(struct check_settings *settings, int argc, char **argv, int *first, struct zem_error *error)
{
    const struct zem_option options[] = {
        {0, "json", NULL, "print one JSON object instead of text", ZEM_OPTION_FLAG, &settings->json, NULL, 0, 0},
        {'d', "device", "LIST", "devices to measure the time on, as in zem run", ZEM_OPTION_TEXT,
         &settings->run.devices, NULL, 0, 0},
        {0, "seed", "N", "replaces run.seed", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.seed", 0, 0},
        {0, "trials", "N", "replaces run.trials", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.trials", 0, 0},
        {0, "precision", "P", "replaces run.precision", ZEM_OPTION_OVERRIDE, &settings->overrides, "run.precision", 0,
         0},
        {0, "set", "KEY=VALUE", "sets a scenario key, value as in the file; may be repeated", ZEM_OPTION_OVERRIDE,
         &settings->overrides, NULL, 0, 0},
        {0, "interval", "METHOD", "method of the intervals that run.precision is about, as in zem run", ZEM_OPTION_TEXT,
         &settings->interval, NULL, 0, 0},
        {0, "samples", "N", "trials of every cell to be kept one by one, as in zem run", ZEM_OPTION_NUMBER,
         &settings->samples, NULL, 1, ZEM_SAMPLES_MAX},
        {0, "threads", "N", "CPU threads; if absent OMP_NUM_THREADS, the scheduler's number or all processors",
         ZEM_OPTION_NUMBER, &settings->threads, NULL, 1, 65536},
        {0, "isa", "NAME", "CPU instruction set, as in zem run", ZEM_OPTION_TEXT, &settings->run.isa, NULL, 0, 0},
        {0},
    };
    int status = zem_options_read(&usage, options, argc, argv, first, error);
    if (status == ZEM_OK && settings->interval)
        status = zem_interval_option("check", settings->interval, &settings->run.interval_method, error);
    settings->run.threads = zem_scheduler_threads(settings->threads).count;
    settings->run.shards = 1;
    if (!settings->run.devices)
        settings->run.devices = "auto";
    return status;
}

static void key_path(enum zem_key key, char *text, size_t size)
{
    snprintf(text, size, "%s.%s", zem_key_table[key].section, zem_key_table[key].name);
}

static void format_bytes(uint64_t bytes, char *text, size_t size)
{
    static const char *const unit[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    double number = (double)bytes;
    size_t i = 0;
    for (; number >= 1024.0 && i + 1 < sizeof unit / sizeof *unit; i++)
        number /= 1024.0;
    snprintf(text, size, "%.*f %s", i == 0 ? 0 : 1, number, unit[i]);
}

/* Prints how much memory, and how much of the result file, a run needs to keep `count` trials of every cell one by one
 * (--samples). */
static void print_samples(const struct zem_scenario *scenario, uint64_t count)
{
    char memory[32], file[32];
    format_bytes(zem_samples_memory_bytes(scenario, count), memory, sizeof memory);
    format_bytes(zem_samples_file_bytes(scenario, count), file, sizeof file);
    if (count > 0)
        printf("single trials:   %llu of every cell; memory and result file have %s and up to %s for them\n",
               (unsigned long long)count, memory, file);
}

/* Prints the longest steps and the step_ratio, given or default, and in how many cells if not in all. */
static void print_step(const struct zem_run_estimate *estimate)
{
    const double *step = estimate->step, *ratio = estimate->step_ratio;
    printf("longest step:    %.4g", step[0]);
    if (step[1] > step[0])
        printf(" to %.4g", step[1]);
    printf(" s, with a step_ratio of %.4g", ratio[0]);
    if (ratio[1] > ratio[0])
        printf(" to %.4g", ratio[1]);
    if (estimate->cells_sampled < estimate->cells)
        printf(", in %llu of the cells", (unsigned long long)estimate->cells_sampled);
    printf("\n");
}

static int print_text(const struct zem_scenario *scenario, const struct zem_run_estimate *estimate, uint64_t samples,
                      struct zem_error *error)
{
    char memory[32], file[32], duration[40], path[128];
    bool any = false;
    int status = zem_scenario_print(scenario, ZEM_PRINT_AS_WRITTEN, stdout, error);
    if (status != ZEM_OK)
        return status;
    format_bytes(estimate->memory_bytes, memory, sizeof memory);
    format_bytes(estimate->file_bytes, file, sizeof file);
    printf("\n"
           "cells:           %llu\n"
           "trials:          %.6g%s\n"
           "steps per trial: %.4g\n",
           (unsigned long long)estimate->cells, estimate->trials,
           estimate->adaptive ? " for the precision, by a pilot" : "", estimate->steps_per_trial);
    print_step(estimate);
    printf("memory:          %s\n"
           "result file:     %s\n",
           memory, file);
    if (estimate->cells_missing > 0)
        printf("precision:       %llu cells need more than their run.trials and will miss it\n",
               (unsigned long long)estimate->cells_missing);
    else if (estimate->adaptive)
        printf("precision:       within reach of run.trials in all cells\n");
    print_samples(scenario, samples);
    printf("estimated time:  %s\n", isfinite(estimate->seconds)
                                        ? zem_duration_format(estimate->seconds, duration, sizeof duration)
                                        : "not measured");
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        if (!zem_scenario_key_unused(scenario, (enum zem_key)key))
            continue;
        key_path((enum zem_key)key, path, sizeof path);
        printf("%s%s", any ? ", " : "unused keys:     ", path);
        any = true;
    }
    printf("%s\n", any ? "" : "unused keys:     none");
    return ZEM_OK;
}

static json_t *diagnostics_array(const struct zem_diagnostics *diagnostics)
{
    json_t *items = json_array();
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct zem_diagnostic *item = &diagnostics->items[i];
        json_array_append_new(items, json_pack("{s:s, s:i, s:i, s:o, s:o}", "severity",
                                               item->severity == ZEM_WARNING ? "warning" : "mistake", "line",
                                               item->line, "column", item->column, "key", zem_json_text(item->key),
                                               "message", zem_json_text(item->message)));
    }
    return items;
}

static json_t *unused_array(const struct zem_scenario *scenario)
{
    json_t *unused = json_array();
    char path[128];
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        if (!zem_scenario_key_unused(scenario, (enum zem_key)key))
            continue;
        key_path((enum zem_key)key, path, sizeof path);
        json_array_append_new(unused, json_string(path));
    }
    return unused;
}

/* Returns the smallest and the largest value of a range, with the seven digits of single precision. */
static json_t *range_array(const double range[2])
{
    json_t *items = json_array();
    for (int k = 0; k < 2; k++) {
        char text[32];
        snprintf(text, sizeof text, "%.7g", range[k]);
        json_array_append_new(items, zem_json_number(strtod(text, NULL)));
    }
    return items;
}

/* Prints the check as one JSON object. `estimate` is NULL for a scenario with mistakes. */
static int print_json(const struct zem_scenario *scenario, const struct zem_diagnostics *diagnostics,
                      const struct zem_run_estimate *estimate, uint64_t samples, struct zem_error *error)
{
    json_t *object = json_pack("{s:o, s:b, s:o}", "scenario", zem_json_text(diagnostics->file), "valid",
                               estimate != NULL, "messages", diagnostics_array(diagnostics));
    if (object && estimate) {
        json_object_set_new(object, "cells", json_integer((json_int_t)estimate->cells));
        json_object_set_new(object, "trials",
                            estimate->trials < 9e18 ? json_integer((json_int_t)(estimate->trials + 0.5))
                                                    : json_real(estimate->trials));
        json_object_set_new(object, "trials_most", zem_json_number(estimate->trials_most));
        json_object_set_new(object, "cells_missing_precision", json_integer((json_int_t)estimate->cells_missing));
        json_object_set_new(object, "steps_per_trial", json_real(estimate->steps_per_trial));
        json_object_set_new(object, "cells_sampled", json_integer((json_int_t)estimate->cells_sampled));
        json_object_set_new(object, "step", range_array(estimate->step));
        json_object_set_new(object, "step_ratio", range_array(estimate->step_ratio));
        json_object_set_new(object, "memory_bytes", json_integer((json_int_t)estimate->memory_bytes));
        json_object_set_new(object, "file_bytes", json_integer((json_int_t)estimate->file_bytes));
        json_object_set_new(object, "samples", json_integer((json_int_t)samples));
        json_object_set_new(object, "seconds",
                            isfinite(estimate->seconds) ? json_real(estimate->seconds) : json_null());
        json_object_set_new(object, "unused_keys", unused_array(scenario));
    }
    return zem_json_print(object, JSON_COMPACT | JSON_REAL_PRECISION(15), stdout, error);
}

int zem_command_check(const struct zem_console *console, int argc, char **argv, struct zem_error *error)
{
    struct check_settings settings = {0};
    struct zem_scenario scenario = {0};
    struct zem_diagnostics diagnostics;
    struct zem_run_estimate estimate;
    uint64_t samples;
    int first = 0, status = read_settings(&settings, argc, argv, &first, error);
    if (status != ZEM_OK)
        goto cleanup_settings;
    zem_diagnostics_init(&diagnostics, argv[first]);
    status = zem_scenario_source_file(&scenario, argv[first], &settings.overrides, &diagnostics, error);
    console->diagnostics(&diagnostics);
    if (status == ZEM_BAD_INPUT && settings.json) {
        print_json(&scenario, &diagnostics, NULL, 0, error);
        goto cleanup;
    }
    if (status != ZEM_OK)
        goto cleanup;
    samples = zem_samples_count(&scenario, settings.samples, 0, 1);
    status = zem_samples_check(&scenario, samples, error);
    if (status == ZEM_OK)
        status = zem_interruption_catch(console->leave, error);
    if (status == ZEM_OK)
        status = zem_run_estimate(&scenario, &settings.run, &estimate, error);
    if (status != ZEM_OK)
        goto cleanup;
    estimate.memory_bytes += zem_samples_memory_bytes(&scenario, samples);
    estimate.file_bytes += zem_samples_file_bytes(&scenario, samples);
    if (settings.json)
        status = print_json(&scenario, &diagnostics, &estimate, samples, error);
    else
        status = print_text(&scenario, &estimate, samples, error);
cleanup:
    zem_diagnostics_free(&diagnostics);
    zem_scenario_free(&scenario);
cleanup_settings:
    zem_overrides_free(&settings.overrides);
    return status > 0 ? ZEM_OK : status;
}
