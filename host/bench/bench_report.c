/* The result of a measurement as text and as JSON. The members of the JSON object are those of
 * benchmarks/bench.schema.json; a figure that is not known is null. The comparison of results is bench_compare.c. */
#include "bench/bench_report.h"

#include "base/json_text.h"
#include "base/kernel_types.h"
#include "bench/bench_seal.h"
#include "result/provenance.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_times(const char *title, double engagements, const struct zem_bench_spread *s)
{
    printf("  %-14s%.4g /s median; quartiles %.4g to %.4g, all %.4g to %.4g\n", title, engagements / s->median,
           engagements / s->upper_quartile, engagements / s->lower_quartile, engagements / s->most,
           engagements / s->least);
}

static void print_limits(const struct zem_bench_result *result)
{
    const double share = zem_bench_peak_share(result), issue = zem_bench_issue_share(result);
    if (result->peak.flops > 0.0)
        printf("  %-14s%.4g flop/s and %.4g lane operations/s measured\n", "limit", result->peak.flops,
               result->peak.issue);
    if (share > 0.0)
        printf("  %-14s%.1f %% of that limit in flops (%.0f an engagement), %.1f %% in lane operations (%.0f)\n",
               "share", 100.0 * share, result->deck->flops, 100.0 * issue, result->deck->operations);
    else
        printf("  %-14snot known: no operations of this deck are stored for kernel version %d\n", "share",
               ZEM_KERNEL_VERSION);
    const double efficiency = zem_bench_deck_efficiency(result->deck, result->lanes);
    if (efficiency > 0.0)
        printf("  %-14s%u, of which %.1f %% fly on average\n", "lanes", result->lanes, 100.0 * efficiency);
}

void zem_bench_report_print(const struct zem_bench_result *result)
{
    printf("deck %s, version %u, on %s\n", result->deck->name, result->deck->version, result->device);
    printf("  %-14s%s; %s\n", "device", result->description, result->engine);
    printf("  %-14s%" PRIu64 " engagements in %" PRIu64 " cells, %.1f steps each", "work", result->engagements,
           result->cells, result->deck->steps);
    if (result->challenged)
        printf(", challenge %" PRIu64 " (seed %" PRIu64 ")", result->challenge, result->seed);
    printf("\n");
    print_times("engagements", (double)result->engagements, &result->kernel);
    if (zem_bench_step_rate(result) > 0.0)
        printf("  %-14s%.4g /s live engagement-steps\n", "steps", zem_bench_step_rate(result));
    print_limits(result);
    printf("  %-14s%.4g s kernels, %.4g s transfers and adding; %u repetitions\n", "repetition", result->kernel.median,
           fmax(result->pass.median - result->kernel.median, 0.0), result->repeat);
    printf("  %-14s%.4g s to open and build, %.4g s for a first whole run\n", "start", result->open_seconds,
           result->first_run_seconds);
    if (isfinite(result->joules))
        printf("  %-14s%.4g J a repetition, %.4g engagements/J (%s)\n", "energy", result->joules,
               (double)result->engagements / result->joules, result->energy_source);
    else
        printf("  %-14snot readable\n", "energy");
    if (zem_bench_disturbed(result->processor_share))
        printf("  %-14sthe threads got %.0f %% of the processor time: other programs ran, the rate is theirs too\n",
               "disturbed", 100.0 * result->processor_share);
    if (isfinite(result->clock))
        printf("  %-14s%.0f MHz after the last repetition\n", "clock", 1e-6 * result->clock);
    else
        printf("  %-14snot readable\n", "clock");
    printf("  %-14s%s\n  %-14s%s\n", "digest", result->digest, "misses", result->miss_digest);
    printf("%s: %s\n", result->valid ? "VALID" : "INVALID", result->proof);
}

/* A figure, or JSON null if it is 0 or NaN, which both mean that it is not known. */
static json_t *figure_json(double figure) { return isfinite(figure) && figure > 0.0 ? json_real(figure) : json_null(); }

static json_t *spread_json(const struct zem_bench_spread *s)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f}", "least", s->least, "lower_quartile", s->lower_quartile, "median",
                     s->median, "upper_quartile", s->upper_quartile, "most", s->most);
}

json_t *zem_bench_result_json(const struct zem_bench_result *r)
{
    json_t *repetitions = json_array();
    char challenge[24];
    snprintf(challenge, sizeof challenge, "%" PRIu64, r->challenge);
    for (unsigned k = 0; k < r->repeat; k++)
        json_array_append_new(repetitions, json_real(r->kernel_seconds[k]));
    json_t *object = json_pack("{s:s, s:i, s:o, s:s, s:o, s:o, s:b, s:i}", "deck", r->deck->name, "deck_version",
                               (int)r->deck->version, "challenge", r->challenged ? json_string(challenge) : json_null(),
                               "device", r->device, "description", zem_json_text(r->description), "engine",
                               zem_json_text(r->engine), "gpu", r->is_gpu, "lanes", (int)r->lanes);
    json_t *rest =
        json_pack("{s:I, s:I, s:I, s:o, s:o, s:o, s:f, s:f, s:f, s:f}", "cells", (json_int_t)r->cells, "trials",
                  (json_int_t)r->trials, "engagements", (json_int_t)r->engagements, "kernel_seconds",
                  spread_json(&r->kernel), "pass_seconds", spread_json(&r->pass), "repetitions", repetitions,
                  "transfer_seconds", fmax(r->pass.median - r->kernel.median, 0.0), "open_seconds", r->open_seconds,
                  "first_run_seconds", r->first_run_seconds, "engagements_per_second", zem_bench_engagement_rate(r));
    json_object_update(object, rest);
    json_decref(rest);
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"steps_per_engagement", r->deck->steps},
        {"steps_per_second", zem_bench_step_rate(r)},
        {"flops_per_engagement", r->deck->flops},
        {"operations_per_engagement", r->deck->operations},
        {"peak_flops", r->peak.flops},
        {"peak_operations", r->peak.issue},
        {"share_of_peak", zem_bench_peak_share(r)},
        {"share_of_issue", zem_bench_issue_share(r)},
        {"lane_efficiency", zem_bench_deck_efficiency(r->deck, r->lanes)},
        {"joules", r->joules},
        {"processor_share", r->processor_share},
        {"clock_hz", r->clock},
    };
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
        json_object_set_new(object, figures[k].name, figure_json(figures[k].value));
    json_object_set_new(object, "threads", r->threads > 0 ? json_integer((json_int_t)r->threads) : json_null());
    json_object_set_new(object, "energy_source", json_string(r->energy_source));
    json_object_set_new(object, "digest", json_string(r->digest));
    json_object_set_new(object, "miss_digest", json_string(r->miss_digest));
    json_object_set_new(object, "valid", json_boolean(r->valid));
    json_object_set_new(object, "proof", zem_json_text(r->proof));
    return object;
}

/* Writes a name for the machine, such as "xeon-8-core": the first word of the processor's model that is not in
 * `brands`, and the number of cores. The name of the host is not used, because recorded results are published. */
static void machine_name(const struct zem_bench_result *result, char *text, size_t size)
{
    static const char *const brands[] = {"intel",     "amd", "nvidia", "arm", "pthread", "core",
                                         "processor", "cpu", "r",      "tm",  "the"};
    char model[256], *rest = model, *word, chosen[64] = "machine";
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    snprintf(model, sizeof model, "%s", result->description);
    model[strcspn(model, ",")] = '\0';
    for (char *c = model; *c != '\0'; c++)
        *c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : ' ';
    while ((word = strtok_r(rest, " ", &rest)) != NULL) {
        bool brand = false;
        for (size_t k = 0; k < sizeof brands / sizeof *brands; k++)
            brand = brand || strcmp(word, brands[k]) == 0;
        if (brand)
            continue;
        snprintf(chosen, sizeof chosen, "%s", word);
        break;
    }
    snprintf(text, size, "%s-%ld-core", chosen, cores);
}

int zem_bench_report_json(const struct zem_bench_result *results, size_t count, const char *machine,
                          struct zem_error *error)
{
    struct zem_provenance provenance;
    char name[96], seal[ZEM_BENCH_SEAL_SIZE];
    json_t *items = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(items, zem_bench_result_json(&results[k]));
    const struct zem_bench_result *native = &results[0]; /* the result of the processor if there is one */
    for (size_t k = 0; k < count; k++)
        native =
            strcmp(results[k].device, "openmp") == 0 && strcmp(native->device, "openmp") != 0 ? &results[k] : native;
    machine_name(native, name, sizeof name);
    int status = zem_provenance_init(&provenance, 0, NULL, error);
    json_t *object =
        json_pack("{s:i, s:o, s:o, s:o, s:i, s:o, s:o}", "zem_bench", 1, "machine",
                  zem_json_text(machine != NULL ? machine : name), "version", zem_json_text(provenance.version),
                  "commit", zem_json_text(provenance.commit), "kernel_version", (int)provenance.kernel_version, "date",
                  zem_json_text(provenance.date), "results", items);
    zem_provenance_free(&provenance);
    if (status == ZEM_OK)
        status = object != NULL && json_array_size(items) == count
                     ? zem_bench_seal(object, seal, error)
                     : zem_error_set(error, ZEM_INTERNAL, "bench: no memory for the JSON object");
    if (status == ZEM_OK)
        json_object_set_new(object, ZEM_BENCH_SEAL_MEMBER, json_string(seal));
    if (status != ZEM_OK)
        json_decref(object);
    else
        status = zem_json_print(object, JSON_COMPACT | JSON_REAL_PRECISION(10), stdout, error);
    return status;
}
