/* The reader of result files. It reads the scenario, the totals, the single trials and the counts of trials flown
 * again. Every other number is computed from them. A file may come from anywhere. HDF5 is therefore called in a child
 * process (hdf5_reader.h), every size is compared with that of the scenario and with what the file stores before memory
 * is allocated, and the digests are compared before the result is used. */
#include "base/file_kind.h"
#include "base/input_file.h"
#include "base/kernel_types.h"
#include "result/hdf5_reader.h"
#include "result/result_cells_read.h"
#include "result/result_content.h"
#include "result/result_file.h"
#include "result/result_variables.h"
#include "result/sample_size.h"
#include "result/step_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Looks at the first bytes, by which scenarios, pictures and checkpoints differ from results, and opens the file. */
static int open_file(const char *path, struct zem_hdf5_reader *file, struct zem_error *error)
{
    FILE *stream = zem_input_open(path, error);
    if (stream == NULL)
        return error->status;
    char first[ZEM_FILE_SIGNATURE_MAX];
    errno = 0;
    const size_t count = fread(first, 1, sizeof first, stream);
    const int broken = ferror(stream), reason = errno;
    if (fclose(stream) != 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "cannot be closed: %s", strerror(errno));
    if (count == 0 && broken)
        return zem_error_set(error, reason == EIO ? ZEM_INPUT_OUTPUT : ZEM_NO_INPUT, "cannot be read: %s",
                             strerror(reason));
    if (count == 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "is empty, not a result of zem");
    const enum zem_file_kind kind = zem_file_kind(first, count);
    if (kind != ZEM_FILE_OTHER && kind != ZEM_FILE_HDF5)
        return zem_error_set(error, ZEM_BAD_INPUT, "is not a result of zem: it is %s", zem_file_kind_text(kind));
    if (first[0] == 'z' || first[0] == '#')
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "is not a result of zem: it is no HDF5 file; a scenario is run with `zem run`");
    return zem_hdf5_reader_open(file, path, error);
}

/* Reports an HDF5 file that is no result of a run. A table that another command of zem has written is recognised by one
 * of its variables. */
static int refuse_stranger(struct zem_hdf5_group file, struct zem_error *error)
{
    static const struct {
        const char *variable, *command, *instead;
    } tables[] = {{"source", "zem sensitivity", ". zem sensitivity itself prints it, and draws it by --plot"},
                  {"p_no_leak", "zem doctrine", ". zem doctrine itself prints it without --output"},
                  {"time_to_go", "zem trace --ensemble", ". zem trace --ensemble itself draws it, with -o NAME.png"}};
    const bool own = zem_hdf5_attribute_exists(file, "zem_version");
    for (size_t k = 0; own && k < sizeof tables / sizeof *tables; k++)
        if (zem_hdf5_link_exists(file, tables[k].variable))
            return zem_error_set(error, ZEM_BAD_INPUT,
                                 "is a table of %s, and no result of a run: it is for other programs, such as xarray%s",
                                 tables[k].command, tables[k].instead);
    return zem_error_set(error, ZEM_BAD_INPUT,
                         "is an HDF5 file, but not a result of zem: it has no attribute zem_format");
}

static int check_format(struct zem_hdf5_group file, uint64_t *format, struct zem_error *error)
{
    const int failed = zem_hdf5_read_numbers(file, "zem_format", ZEM_HDF5_UINT64, format, 1);
    if (failed && (file.reader->end == ZEM_HDF5_ABSENT || file.reader->end == ZEM_HDF5_WRONG))
        return refuse_stranger(file, error);
    if (failed)
        return zem_hdf5_reader_report(file.reader, "attribute zem_format", error);
    if (*format < ZEM_FILE_FORMAT_WHOLE || *format > ZEM_FILE_FORMAT)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "has file format %" PRIu64 ", this zem reads formats %d to %d; a %s zem reads it", *format,
                             ZEM_FILE_FORMAT_WHOLE, ZEM_FILE_FORMAT, *format > ZEM_FILE_FORMAT ? "newer" : "older");
    return 0;
}

/* Fills `error` after a request for `item` has failed, and returns the status. */
static int unread(struct zem_hdf5_group file, const char *item, struct zem_error *error)
{
    return zem_hdf5_reader_report(file.reader, item, error);
}

/* Whether a request failed for another reason than that the file does not have the item. */
static bool failed(struct zem_hdf5_group file, int status)
{
    return status != 0 && file.reader->end != ZEM_HDF5_ABSENT;
}

static int read_scenario(struct zem_hdf5_group file, struct zem_scenario *scenario, struct zem_error *error)
{
    char *name = NULL, *text = NULL, **overrides = NULL, first[512];
    size_t override_count = 0;
    struct zem_diagnostics diagnostics;
    int status;
    if (zem_hdf5_read_text(file, "scenario_name", &name) != 0)
        status = unread(file, "attribute scenario_name", error);
    else if (zem_hdf5_read_text(file, "scenario", &text) != 0)
        status = unread(file, "attribute scenario", error);
    else if (zem_hdf5_read_texts(file, "overrides", &overrides, &override_count) != 0)
        status = unread(file, "attribute overrides", error);
    else {
        zem_diagnostics_init(&diagnostics, name);
        status = zem_scenario_read_text(scenario, name, text, strlen(text), (const char *const *)overrides,
                                        override_count, &diagnostics, error);
        if (status == ZEM_BAD_INPUT && diagnostics.mistakes > 0) {
            size_t index = 0;
            while (diagnostics.items[index].severity != ZEM_MISTAKE)
                index++;
            zem_diagnostics_format(&diagnostics, index, first, sizeof first);
            zem_error_set(error, status, "the scenario kept in the file is not valid: %s", first);
        }
        zem_diagnostics_free(&diagnostics);
    }
    zem_hdf5_texts_free(overrides, override_count);
    free(text);
    free(name);
    return status;
}

/* Reads what each device did. Older files lack the failures and the audited trials. False after a failure. */
static bool read_devices(struct zem_hdf5_group group, struct zem_provenance *from)
{
    char **name = NULL, **description = NULL, **failure = NULL;
    size_t count = 0, description_count = 0, failure_count = 0;
    bool good = zem_hdf5_read_texts(group, "device_name", &name, &count) == 0
                && zem_hdf5_read_texts(group, "device_description", &description, &description_count) == 0
                && !failed(group, zem_hdf5_read_texts(group, "device_failure", &failure, &failure_count));
    uint64_t *trials = calloc(count + 1, sizeof *trials), *audited = calloc(count + 1, sizeof *audited);
    double *busy = calloc(count + 1, sizeof *busy);
    from->device = count > 0 ? calloc(count, sizeof *from->device) : NULL;
    if (trials == NULL || audited == NULL || busy == NULL || (count > 0 && from->device == NULL)) {
        group.reader->end = ZEM_HDF5_NO_MEMORY;
        good = false;
    }
    if (good && count > 0 && count == description_count) {
        good = !failed(group, zem_hdf5_read_numbers(group, "device_trials", ZEM_HDF5_UINT64, trials, count))
               && !failed(group, zem_hdf5_read_numbers(group, "device_audited_trials", ZEM_HDF5_UINT64, audited, count))
               && !failed(group, zem_hdf5_read_numbers(group, "device_busy_seconds", ZEM_HDF5_DOUBLE, busy, count));
        from->device_count = count;
        for (size_t i = 0; i < count; i++) {
            from->device[i] = (struct zem_device_use){.name = name[i],
                                                      .description = description[i],
                                                      .trials = trials[i],
                                                      .busy_seconds = busy[i],
                                                      .audited_trials = audited[i]};
            name[i] = description[i] = NULL;
            if (failure_count == count) {
                from->device[i].failure = failure[i];
                failure[i] = NULL;
            }
        }
    }
    free(busy);
    free(audited);
    free(trials);
    zem_hdf5_texts_free(name, count);
    zem_hdf5_texts_free(description, description_count);
    zem_hdf5_texts_free(failure, failure_count);
    return good;
}

/* Reads the group `run`, which reproducible files do not have. What is missing stays NULL or zero, because no digest
 * depends on it. It is a failure if an item exists and cannot be read. */
static int read_run_group(struct zem_hdf5_group file, struct zem_provenance *from, struct zem_error *error)
{
    const struct zem_hdf5_group group = {file.reader, "run"};
    uint64_t threads = 0;
    if (!zem_hdf5_link_exists(file, "run"))
        return file.reader->end == ZEM_HDF5_ABSENT ? 0 : unread(file, "group run", error);
    const bool good =
        !failed(file, zem_hdf5_read_text(group, "date", &from->date))
        && !failed(file, zem_hdf5_read_text(group, "host", &from->host))
        && !failed(file, zem_hdf5_read_text(group, "command", &from->command))
        && !failed(file, zem_hdf5_read_numbers(group, "threads", ZEM_HDF5_UINT64, &threads, 1))
        && !failed(file, zem_hdf5_read_text(group, "threads_reason", &from->threads_reason))
        && !failed(file, zem_hdf5_read_numbers(group, "wall_seconds", ZEM_HDF5_DOUBLE, &from->wall_seconds, 1))
        && !failed(file, zem_hdf5_read_numbers(group, "kernel_seconds", ZEM_HDF5_DOUBLE, &from->kernel_seconds, 1))
        && read_devices(group, from);
    from->threads = threads <= UINT32_MAX ? (unsigned)threads : 0;
    return good ? 0 : unread(file, "group run", error);
}

static int read_provenance(struct zem_hdf5_group file, struct zem_result *result, struct zem_error *error)
{
    struct zem_provenance *from = &result->provenance;
    char *method = NULL;
    uint64_t kernel_version = 0;
    if (zem_hdf5_read_text(file, "zem_version", &from->version) != 0)
        return unread(file, "attribute zem_version", error);
    if (zem_hdf5_read_text(file, "commit", &from->commit) != 0)
        return unread(file, "attribute commit", error);
    if (zem_hdf5_read_numbers(file, "kernel_version", ZEM_HDF5_UINT64, &kernel_version, 1) != 0)
        return unread(file, "attribute kernel_version", error);
    if (kernel_version > UINT32_MAX)
        return zem_result_damaged(error, "attribute kernel_version");
    from->kernel_version = (unsigned)kernel_version;
    if (zem_hdf5_read_text(file, "interval_method", &method) != 0)
        return unread(file, "attribute interval_method", error);
    result->interval_method = zem_interval_method_of(method);
    const bool known = result->interval_method != ZEM_INTERVAL_METHODS;
    free(method);
    if (!known)
        return zem_result_damaged(error, "attribute interval_method");
    return read_run_group(file, from, error);
}

/* Reads which shards the file holds. Their indices must increase and lie below the number of shards. */
static int read_shards(struct zem_hdf5_group file, struct zem_result *result, struct zem_error *error)
{
    static const char item[] = "attribute shard or shards";
    uint64_t shards = 0;
    size_t count = 0;
    const int counted = zem_hdf5_numbers_count(file, "shard", &count);
    if (failed(file, counted))
        return unread(file, item, error);
    if (counted != 0 && !zem_hdf5_attribute_exists(file, "shards"))
        return file.reader->end == ZEM_HDF5_ABSENT ? 0 : unread(file, item, error);
    uint64_t *shard = calloc(count + 1, sizeof *shard);
    if (shard == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu shards", count);
    int status = zem_hdf5_read_numbers(file, "shards", ZEM_HDF5_UINT64, &shards, 1) == 0
                         && zem_hdf5_read_numbers(file, "shard", ZEM_HDF5_UINT64, shard, count) == 0
                     ? 0
                     : unread(file, item, error);
    bool good = count > 0 && count < shards;
    for (size_t i = 0; i < count && good; i++)
        good = shard[i] < shards && (i == 0 || shard[i] > shard[i - 1]);
    if (status == 0)
        status = good ? zem_result_set_shards(result, shard, count, shards, error) : zem_result_damaged(error, item);
    free(shard);
    return status;
}

/* ---- single trials ---- */

/* Reads the numbers of the trials that the file keeps, and makes room for those trials. */
static int read_sample_trials(struct zem_hdf5_group file, struct zem_result *result, uint64_t count,
                              struct zem_error *error)
{
    const char *name = zem_dimension_name(ZEM_DIMENSION_SAMPLE);
    int64_t *trial = NULL;
    int status = zem_hdf5_dataset_check(file, name, ZEM_HDF5_INT64, 1, &count);
    if (status == 0 && (trial = malloc((size_t)count * sizeof *trial)) == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %" PRIu64 " trials",
                             count);
    if (status == 0)
        status = zem_hdf5_dataset_read(file, name, ZEM_HDF5_INT64, 1, &count, trial);
    if (status != 0) {
        free(trial);
        return unread(file, "coordinate sample", error);
    }
    bool good = true;
    for (uint64_t i = 0; good && i < count; i++)
        good = trial[i] >= 0 && (i == 0 || trial[i] > trial[i - 1]);
    status = good ? zem_result_set_samples(result, (const uint64_t *)trial, (size_t)count, error)
                  : zem_result_damaged(error, "coordinate sample");
    free(trial);
    return status;
}

/* Writes the shape of a variable to `extent` and returns its rank. `samples` is the length of the dimension of single
 * trials, if the variable has this dimension. */
static int variable_shape(const struct zem_result *result, const struct zem_variable *variable, uint64_t samples,
                          uint64_t *extent)
{
    const struct zem_scenario *scenario = result->scenario;
    int rank = 0;
    for (size_t i = 0; i < scenario->axis_count; i++)
        extent[rank++] = scenario->axis[i].points;
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] == ZEM_DIMENSION_SAMPLE)
            extent[rank++] = samples;
        else if (variable->dimension[i] != ZEM_DIMENSION_NONE)
            extent[rank++] = zem_dimension_length(result, variable->dimension[i]);
    return rank;
}

static int check_variable(struct zem_hdf5_group file, const struct zem_result *result,
                          const struct zem_variable *variable, uint64_t samples, struct zem_error *error)
{
    char item[80];
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const int rank = variable_shape(result, variable, samples, extent);
    snprintf(item, sizeof item, "variable %s", variable->name);
    return zem_hdf5_dataset_check(file, variable->name, variable->is_count ? ZEM_HDF5_UINT64 : ZEM_HDF5_DOUBLE, rank,
                                  extent)
                   == 0
               ? ZEM_OK
               : unread(file, item, error);
}

/* Reads a variable that does not follow from the totals. All cells are read at once. */
static int read_variable(struct zem_hdf5_group file, struct zem_result *result, const struct zem_variable *variable,
                         struct zem_error *error)
{
    char item[80];
    uint64_t extent[ZEM_HDF5_RANK_MAX];
    const int rank = variable_shape(result, variable, result->sample_count, extent);
    const enum zem_hdf5_kind kind = variable->is_count ? ZEM_HDF5_UINT64 : ZEM_HDF5_DOUBLE;
    const size_t span =
        zem_dimension_length(result, variable->dimension[0]) * zem_dimension_length(result, variable->dimension[1]);
    void *values = malloc(result->cells * span * 8);
    if (values == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the variable %s", variable->name);
    snprintf(item, sizeof item, "variable %s", variable->name);
    int status = zem_hdf5_dataset_read(file, variable->name, kind, rank, extent, values) == 0
                     ? ZEM_OK
                     : unread(file, item, error);
    bool good = true;
    for (uint64_t cell = 0; status == ZEM_OK && good && cell < result->cells; cell++)
        good = variable->restore(result, cell, (const uint64_t *)values + cell * span,
                                 (const double *)values + cell * span);
    free(values);
    return status == ZEM_OK && !good ? zem_result_damaged(error, item) : status;
}

/* Whether a variable of this result holds values of single trials that the file stores. */
static bool is_kept(const struct zem_result *result, const struct zem_variable *variable)
{
    return variable->restore != NULL && variable->condition != ZEM_STEP_CHECKED
           && zem_variable_exists(result, variable);
}

/* Turns the outcomes of single trials in a file of an earlier format into those of the present one. An earlier format
 * lacks the outcome "not acquired", whose number then stands for "no trial". */
static void outcomes_update(struct zem_result *result)
{
    for (uint64_t i = 0; i < result->cells * result->sample_count; i++)
        if (result->sample[i].outcome == ZEM_OUTCOME_NOT_ACQUIRED)
            result->sample[i].outcome = ZEM_SAMPLE_NONE;
}

/* Reads the single trials if the file has any. */
static int read_samples(struct zem_hdf5_group file, struct zem_result *result, uint64_t format, struct zem_error *error)
{
    uint64_t count = 0;
    if (zem_hdf5_dataset_length(file, zem_dimension_name(ZEM_DIMENSION_SAMPLE), &count) != 0)
        return file.reader->end == ZEM_HDF5_ABSENT ? ZEM_OK : unread(file, "coordinate sample", error);
    if (count == 0)
        return zem_result_damaged(error, "coordinate sample");
    if (zem_samples_memory_bytes(result->scenario, count) > zem_samples_bytes_limit())
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "keeps %" PRIu64 " trials of each of %" PRIu64
                             " cells one by one, which take %.1f GB of memory; the limit here is %.1f GB",
                             count, result->cells, 1e-9 * (double)zem_samples_memory_bytes(result->scenario, count),
                             1e-9 * (double)zem_samples_bytes_limit());
    int status = ZEM_OK;
    for (size_t i = 0; status == ZEM_OK && i < zem_variable_count; i++)
        if (zem_variable_table[i].condition == ZEM_SAMPLES && zem_variable_table[i].restore != NULL)
            status = check_variable(file, result, &zem_variable_table[i], count, error);
    if (status == ZEM_OK)
        status = read_sample_trials(file, result, count, error);
    for (size_t i = 0; status == ZEM_OK && i < zem_variable_count; i++)
        if (is_kept(result, &zem_variable_table[i]))
            status = read_variable(file, result, &zem_variable_table[i], error);
    if (status == ZEM_OK && format < ZEM_FILE_FORMAT)
        outcomes_update(result);
    const bool as_missed = zem_choice_index(result->scenario->value, ZEM_KEY_LETHALITY) == ZEM_LETHALITY_COOKIE_CUTTER;
    for (uint64_t i = 0; status == ZEM_OK && as_missed && i < result->cells * count; i++)
        /* With a sharp hit radius the two are equal, and the file has the miss only. */
        result->sample[i].scored = result->sample[i].miss;
    return status;
}

/* ---- trials flown again with steps half as long ---- */

/* Reads the counts of trials that were flown again with steps half as long. Older files have none. */
static int read_step_check(struct zem_hdf5_group file, struct zem_result *result, struct zem_error *error)
{
    if (!zem_hdf5_link_exists(file, "step_check_trials"))
        return file.reader->end == ZEM_HDF5_ABSENT ? ZEM_OK : unread(file, "variable step_check_trials", error);
    int status = ZEM_OK;
    for (size_t i = 0; status == ZEM_OK && i < zem_variable_count; i++)
        if (zem_variable_table[i].condition == ZEM_STEP_CHECKED)
            status = check_variable(file, result, &zem_variable_table[i], 0, error);
    if (status == ZEM_OK)
        status = zem_step_check_init(result, error);
    for (size_t i = 0; status == ZEM_OK && i < zem_variable_count; i++)
        if (zem_variable_table[i].condition == ZEM_STEP_CHECKED)
            status = read_variable(file, result, &zem_variable_table[i], error);
    return status;
}

/* Whether a text has the form of a digest: 64 hexadecimal digits. */
static bool is_digest(const char *text) { return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64; }

/* Computes the digests of the result and compares them with those in the file. For a result without its histograms
 * (`glanced`) it takes the digests of the file unchecked. */
static int check_digests(struct zem_hdf5_group file, struct zem_result *result, struct zem_error *error)
{
    char *digest = NULL, *miss_digest = NULL;
    int status = 0;
    if (zem_hdf5_read_text(file, "digest", &digest) != 0 || zem_hdf5_read_text(file, "miss_digest", &miss_digest) != 0)
        status = unread(file, "attribute digest or miss_digest", error);
    else if (result->glanced && !(is_digest(digest) && is_digest(miss_digest)))
        status = zem_result_damaged(error, "attribute digest or miss_digest");
    else if (result->glanced) {
        snprintf(result->digest, sizeof result->digest, "%s", digest);
        snprintf(result->miss_digest, sizeof result->miss_digest, "%s", miss_digest);
    } else {
        zem_result_digest(result);
        if (strcmp(digest, result->digest) != 0 || strcmp(miss_digest, result->miss_digest) != 0)
            status =
                zem_error_set(error, ZEM_BAD_INPUT,
                              "was changed after it was written: its digest is %.16s..., that of its content %.16s...",
                              strcmp(digest, result->digest) != 0 ? digest : miss_digest,
                              strcmp(digest, result->digest) != 0 ? result->digest : result->miss_digest);
    }
    free(miss_digest);
    free(digest);
    return status;
}

/* Reads a file once. *overdue tells whether that took longer than the size of the file justifies. */
static int read_once(struct zem_result *result, struct zem_scenario *scenario, const char *path, bool glance,
                     bool *overdue, struct zem_error *error)
{
    struct zem_hdf5_reader reader = {.process = -1};
    const struct zem_hdf5_group file = {&reader, NULL};
    memset(result, 0, sizeof *result);
    memset(scenario, 0, sizeof *scenario);
    uint64_t format = 0;
    int status = open_file(path, &reader, error);
    if (status == 0)
        status = check_format(file, &format, error);
    if (status == 0)
        status = read_scenario(file, scenario, error);
    if (status == 0)
        status = zem_result_cells_read(file, result, scenario, format, glance, error);
    if (status == 0)
        status = read_provenance(file, result, error);
    if (status == 0)
        status = read_shards(file, result, error);
    if (status == 0)
        status = read_samples(file, result, format, error);
    if (status == 0)
        status = read_step_check(file, result, error);
    if (status == 0)
        status = check_digests(file, result, error);
    if (status == 0)
        status = zem_hdf5_reader_finish(&reader, error);
    if (status != 0)
        zem_error_context(error, "%s", path);
    zem_hdf5_reader_close(&reader);
    *overdue = reader.overdue;
    if (status != 0)
        zem_result_free(result);
    return status;
}

/* A file that seems damaged is read again, and the second answer counts, because HDF5 does not always tell that it had
 * no memory or that the system failed: it then says the same, or crashes, as if the file were damaged. */
static int read_file(struct zem_result *result, struct zem_scenario *scenario, const char *path, bool glance,
                     struct zem_error *error)
{
    struct zem_error found = {0};
    bool overdue = false;
    int status = read_once(result, scenario, path, glance, &overdue, &found);
    if (status == ZEM_BAD_INPUT && !overdue) {
        found = (struct zem_error){0};
        zem_scenario_free(scenario);
        status = read_once(result, scenario, path, glance, &overdue, &found);
    }
    return status != ZEM_OK ? zem_error_set(error, status, "%s", found.message) : ZEM_OK;
}

int zem_result_file_read(struct zem_result *result, struct zem_scenario *scenario, const char *path,
                         struct zem_error *error)
{
    return read_file(result, scenario, path, false, error);
}

int zem_result_file_glance(struct zem_result *result, struct zem_scenario *scenario, const char *path,
                           struct zem_error *error)
{
    return read_file(result, scenario, path, true, error);
}
