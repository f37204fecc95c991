/* The summary of a finished run, computed from its totals. */
#include "command/run_summary.h"

#include "base/duration.h"
#include "base/json_text.h"
#include "base/kernel_types.h"
#include "base/number.h"
#include "base/printable.h"
#include "result/step_check.h"
#include "scenario/cell_choice.h"

#include <math.h>

#define NAMED_CELLS 5u /* the most cells that a message names */

static uint64_t trials_of(const struct zem_result *result)
{
    uint64_t trials = 0;
    for (uint64_t cell = 0; cell < result->cells; cell++)
        trials += zem_result_word(result, cell, ZEM_TALLY_TRIALS);
    return trials;
}

/* Prints a line for each device if a device has failed or if batches were audited, which means flown again by another
 * device and compared. */
static void print_devices(const struct zem_provenance *provenance, FILE *stream)
{
    bool remarkable = false;
    for (size_t i = 0; i < provenance->device_count; i++) {
        const struct zem_device_use *use = &provenance->device[i];
        remarkable = remarkable || use->audited_trials > 0 || (use->failure != NULL && use->failure[0] != '\0');
    }
    for (size_t i = 0; i < provenance->device_count && remarkable; i++) {
        const struct zem_device_use *use = &provenance->device[i];
        fprintf(stream, "zem:   %s flew %.3g trials", use->name, (double)use->trials);
        if (use->audited_trials > 0)
            fprintf(stream, ", of which the audit found %.3g right", (double)use->audited_trials);
        if (use->failure != NULL && use->failure[0] != '\0')
            fprintf(stream, "; %s", use->failure);
        fprintf(stream, "\n");
    }
}

/* Prints a warning if the step check, which flies some trials again with half the steps, shows that the steps are too
 * long. */
static void print_step_check(const struct zem_result *result, const char *name, FILE *stream)
{
    char text[ZEM_STEP_CHECK_TEXT];
    struct zem_step_judgement judgement;
    struct zem_error error = {0};
    if (result->step_check.trials == NULL)
        return;
    if (zem_step_check_judge(result, &judgement, &error) != ZEM_OK)
        fprintf(stream, "zem: %s: warning: %s\n", name, error.message);
    else if (judgement.significant_kinds > 0)
        fprintf(stream, "zem: %s: warning: %s\n", name, zem_step_check_text(result, &judgement, text, sizeof text));
}

/* Prints a warning if numbers have overflowed in some trials, which count as misses. */
static void print_overflows(const struct zem_result *result, const char *name, FILE *stream)
{
    uint64_t trials = 0, cells = 0;
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        const uint64_t here = zem_result_word(result, cell, ZEM_TALLY_OUTCOME + ZEM_OUTCOME_NOT_FINITE);
        trials += here;
        cells += here > 0;
    }
    if (trials > 0)
        fprintf(stream,
                "zem: %s: warning: %llu trials in %llu cell%s overflow and count as misses of every radius: the step "
                "is too long for the loop, or the loop is unstable; try a shorter run.step\n",
                name, (unsigned long long)trials, (unsigned long long)cells, zem_plural(cells));
}

double zem_run_summary_trials(const struct zem_result *result) { return (double)trials_of(result); }

void zem_run_summary_print(const struct zem_result *result, const char *output, FILE *stream)
{
    double trials = (double)trials_of(result), seconds = result->provenance.wall_seconds;
    char name[512], duration[40];
    fprintf(stream, "zem: %s: %llu cell%s, %.3g trials in %s", zem_printable(output, name, sizeof name),
            (unsigned long long)result->cells, zem_plural(result->cells), trials,
            zem_duration_format(seconds, duration, sizeof duration));
    if (seconds > 0.0)
        fprintf(stream, " (%.3g/s)", trials / seconds);
    fprintf(stream, ", digest %.12s\n", result->digest);
    print_devices(&result->provenance, stream);
    print_step_check(result, name, stream);
    print_overflows(result, name, stream);
}

void zem_run_summary_print_missed(const struct zem_result *result, const struct zem_precision_missed *missed,
                                  const char *output, FILE *stream)
{
    char name[512], cell[256];
    if (missed->cells == 0)
        return;
    fprintf(stream, "zem: %s: %llu of %llu cells miss their precision:", zem_printable(output, name, sizeof name),
            (unsigned long long)missed->cells, (unsigned long long)missed->goals);
    for (uint64_t k = 0; k < missed->cells && k < NAMED_CELLS; k++)
        fprintf(stream, "%s %s", k > 0 ? "," : "",
                zem_printable(zem_cell_name(result->scenario, missed->named[k], cell, sizeof cell), name, sizeof name));
    fprintf(stream, "%s; the widest interval is +- %.3g instead of %.3g, in %s; about %.2g trials a cell are needed\n",
            missed->cells > NAMED_CELLS ? ", ..." : "", missed->half_width, missed->asked,
            zem_printable(zem_cell_name(result->scenario, missed->worst, cell, sizeof cell), name, sizeof name),
            missed->trials);
}

static json_t *missed_object(const struct zem_precision_missed *missed)
{
    const size_t room = sizeof missed->named / sizeof missed->named[0];
    if (missed == NULL || missed->goals == 0)
        return json_null();
    json_t *cells = json_array();
    for (uint64_t k = 0; k < missed->cells && k < room; k++)
        json_array_append_new(cells, json_integer((json_int_t)missed->named[k]));
    json_t *object = json_pack("{s:I, s:I, s:o}", "cells_with_goal", (json_int_t)missed->goals, "cells_missed",
                               (json_int_t)missed->cells, "first_missed", cells);
    if (missed->cells > 0) {
        json_object_set_new(object, "worst_cell", json_integer((json_int_t)missed->worst));
        json_object_set_new(object, "half_width", zem_json_number(missed->half_width));
        json_object_set_new(object, "asked", zem_json_number(missed->asked));
        json_object_set_new(object, "trials_needed", zem_json_number(missed->trials));
    }
    return object;
}

/* The smallest and the largest share of hits within this hit radius among all cells with trials; NaN if no cell has
 * trials. */
static struct zem_interval hit_range(const struct zem_result *result, size_t radius)
{
    struct zem_interval range = {NAN, NAN};
    for (uint64_t cell = 0; cell < result->cells; cell++) {
        uint64_t trials = zem_result_word(result, cell, ZEM_TALLY_TRIALS);
        if (trials == 0)
            continue;
        double p = (double)zem_result_hits(result, cell, radius) / (double)trials;
        range.lower = range.lower <= p ? range.lower : p;
        range.upper = range.upper >= p ? range.upper : p;
    }
    return range;
}

static json_t *hits_object(const struct zem_result *result)
{
    json_t *radii = json_array(), *least = json_array(), *most = json_array();
    for (size_t i = 0; i < result->scenario->radius_count; i++) {
        struct zem_interval range = hit_range(result, i);
        json_array_append_new(radii, json_real(result->scenario->radius[i]));
        json_array_append_new(least, zem_json_number(range.lower));
        json_array_append_new(most, zem_json_number(range.upper));
    }
    return json_pack("{s:o, s:o, s:o}", "hit_radius", radii, "min", least, "max", most);
}

static json_t *devices_array(const struct zem_provenance *provenance)
{
    json_t *devices = json_array();
    for (size_t i = 0; i < provenance->device_count; i++) {
        const struct zem_device_use *use = &provenance->device[i];
        json_array_append_new(devices, json_pack("{s:o, s:o, s:I, s:f, s:o, s:I}", "name", zem_json_text(use->name),
                                                 "description", zem_json_text(use->description), "trials",
                                                 (json_int_t)use->trials, "busy_seconds", use->busy_seconds, "failure",
                                                 zem_json_text(use->failure != NULL ? use->failure : ""),
                                                 "audited_trials", (json_int_t)use->audited_trials));
    }
    return devices;
}

/* Writes a JSON object on one line and releases it. Errors as of zem_json_print; `error` may be NULL. */
static int write_line(json_t *object, FILE *stream, struct zem_error *error)
{
    return zem_json_print(object, JSON_COMPACT | JSON_REAL_PRECISION(15), stream, error);
}

int zem_run_summary_json(const struct zem_result *result, const struct zem_precision_missed *missed,
                         const char *scenario, const char *output, FILE *stream, struct zem_error *error)
{
    const struct zem_provenance *provenance = &result->provenance;
    json_t *object =
        json_pack("{s:o, s:o, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:s, s:o}", "scenario", zem_json_text(scenario),
                  "file", zem_json_text(output), "digest", result->digest, "miss_digest", result->miss_digest, "cells",
                  (json_int_t)result->cells, "trials", (json_int_t)trials_of(result), "wall_seconds",
                  zem_json_number(provenance->wall_seconds), "kernel_seconds",
                  zem_json_number(provenance->kernel_seconds), "devices", devices_array(provenance), "p_hit",
                  hits_object(result), "event", "finished", "precision", missed_object(missed));
    if (object != NULL && json_object_set_new(object, "step_check", zem_step_check_json(result)) != 0) {
        json_decref(object);
        object = NULL;
    }
    if (object != NULL && provenance->threads > 0) {
        json_object_set_new(object, "threads", json_integer(provenance->threads));
        json_object_set_new(object, "threads_reason", zem_json_text(provenance->threads_reason));
    }
    return write_line(object, stream, error) == ZEM_OK ? ZEM_OK
                                                       : zem_error_context(error, "the result is in %s", output);
}

void zem_run_summary_json_failure(const char *scenario, int status, const struct zem_error *error, FILE *stream)
{
    const char *message = error->message[0] != '\0' ? error->message : "the scenario has mistakes";
    write_line(json_pack("{s:o, s:n, s:i, s:o, s:s}", "scenario", zem_json_text(scenario), "file", "exit_code", -status,
                         "error", zem_json_text(message), "event", "failed"),
               stream, NULL);
}

void zem_run_event_print(const char *event, const char *scenario, const char *output, const char *text, FILE *stream)
{
    write_line(json_pack("{s:s, s:o, s:o, s:o}", "event", event, "scenario", zem_json_text(scenario), "file",
                         zem_json_text(output), "text", zem_json_text(text)),
               stream, NULL);
}

void zem_run_event_progress(const char *scenario, const char *output, uint64_t done, uint64_t total, double seconds,
                            FILE *stream)
{
    write_line(json_pack("{s:s, s:o, s:o, s:I, s:I, s:o}", "event", "progress", "scenario", zem_json_text(scenario),
                         "file", zem_json_text(output), "trials", (json_int_t)done, "trials_most", (json_int_t)total,
                         "seconds", zem_json_number(seconds)),
               stream, NULL);
}
