/* The reader of result files. It takes the scenario and the totals; every other number is computed from them again. A
 * file may come from anywhere, so every size is compared with that of its scenario before memory is allocated, and the
 * digests are compared before the result is used. */
#include "base/kernel_types.h"
#include "result/hdf5_dataset.h"
#include "result/result_content.h"
#include "result/result_file.h"
#include "result/result_variables.h"
#include "result/sample_size.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_file(const char *path, hid_t *file, struct zem_error *error)
{
    FILE *stream = fopen(path, "rb");
    if (stream == NULL)
        return zem_error_set(error, ZEM_NO_INPUT, "cannot be read: %s", strerror(errno));
    int first = fgetc(stream), broken = ferror(stream), reason = errno;
    fclose(stream);
    if (first == EOF && broken)
        return zem_error_set(error, ZEM_NO_INPUT, "cannot be read: %s", strerror(reason));
    if (first == EOF)
        return zem_error_set(error, ZEM_BAD_INPUT, "is empty, not a result of zem");
    if (H5Fis_hdf5(path) <= 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "is not a result of zem: it is no HDF5 file%s",
                             first == 'z' || first == '#' ? "; a scenario is run with `zem run`" : "");
    *file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    char text[256];
    if (*file < 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "is a damaged HDF5 file: %s", zem_hdf5_reason(text, sizeof text));
    return 0;
}

static int check_format(hid_t file, struct zem_error *error)
{
    uint64_t format = 0;
    if (H5Aexists(file, "zem_format") <= 0
        || zem_hdf5_read_numbers(file, "zem_format", H5T_NATIVE_UINT64, &format, 1) != 0)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "is an HDF5 file, but not a result of zem: it has no attribute zem_format");
    if (format != ZEM_FILE_FORMAT)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "has file format %" PRIu64 ", this zem reads format %d; a %s zem reads it", format,
                             ZEM_FILE_FORMAT, format > ZEM_FILE_FORMAT ? "newer" : "older");
    return 0;
}

static int damaged(struct zem_error *error, const char *item)
{
    return zem_error_set(error, ZEM_BAD_INPUT, "is damaged: %s is missing or is not what it should be", item);
}

static int read_scenario(hid_t file, struct zem_scenario *scenario, struct zem_error *error)
{
    char *name = NULL, *text = NULL, **overrides = NULL, first[512];
    size_t override_count = 0;
    struct zem_diagnostics diagnostics;
    int status;
    if (zem_hdf5_read_text(file, "scenario_name", &name) != 0)
        status = damaged(error, "attribute scenario_name");
    else if (zem_hdf5_read_text(file, "scenario", &text) != 0)
        status = damaged(error, "attribute scenario");
    else if (zem_hdf5_read_texts(file, "overrides", &overrides, &override_count) != 0)
        status = damaged(error, "attribute overrides");
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

/* Opens a dataset if it has exactly this shape and a type of this class. Negative otherwise. */
static hid_t dataset_open(hid_t file, const char *name, H5T_class_t type_class, int rank, const hsize_t *extent)
{
    hsize_t found[H5S_MAX_RANK];
    hid_t dataset = H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
    if (dataset < 0)
        return -1;
    hid_t space = H5Dget_space(dataset), type = H5Dget_type(dataset);
    int good = space >= 0 && type >= 0 && H5Tget_class(type) == type_class && H5Sget_simple_extent_ndims(space) == rank;
    if (good && rank > 0) {
        good = H5Sget_simple_extent_dims(space, found, NULL) == rank;
        for (int i = 0; i < rank && good; i++)
            good = found[i] == extent[i];
    }
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (!good) {
        H5Dclose(dataset);
        return -1;
    }
    return dataset;
}

/* Reads a dataset of this shape at once. False if it is absent, has another shape or class, or cannot be read. */
static bool read_array(hid_t file, const char *name, int rank, const hsize_t *extent, hid_t memory_type, void *values)
{
    hid_t dataset = dataset_open(file, name, H5T_INTEGER, rank, extent);
    const bool good = dataset >= 0 && H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0;
    if (dataset >= 0)
        H5Dclose(dataset);
    return good;
}

/* The type in memory of a count of the miss histogram. A count in the file that does not fit becomes the largest that
 * does, and the digest is then another. */
static hid_t histogram_type(const struct zem_totals *totals)
{
    return totals->width == 1   ? H5T_NATIVE_UINT8
           : totals->width == 2 ? H5T_NATIVE_UINT16
           : totals->width == 4 ? H5T_NATIVE_UINT32
                                : H5T_NATIVE_UINT64;
}

static int read_totals(hid_t file, struct zem_result *result, const struct zem_scenario *scenario, bool glance,
                       struct zem_error *error)
{
    hsize_t extent[ZEM_AXES_MAX + 2];
    const int axes = (int)scenario->axis_count;
    uint64_t cells = 1;
    for (int i = 0; i < axes; i++)
        cells *= extent[i] = scenario->axis[i].points; /* cannot overflow: the scenario's check limits the cells */
    extent[axes] = ZEM_HISTOGRAM_SLOTS;
    const size_t words = ZEM_TALLY_WORDS(scenario->radius_count, scenario->value[ZEM_KEY_SHOTS].integer);
    const hsize_t plain[2] = {cells, zem_totals_plain_words(words)};
    hid_t totals =
        H5Lexists(file, "tally", H5P_DEFAULT) > 0 ? dataset_open(file, "tally/totals", H5T_INTEGER, 2, plain) : -1;
    if (totals < 0)
        return damaged(error, "tally/totals");
    H5Dclose(totals);
    const int status = zem_result_init(result, scenario, error);
    if (status != 0)
        return status;
    if (!read_array(file, "tally/totals", 2, plain, H5T_NATIVE_UINT64, result->totals.plain))
        return damaged(error, "tally/totals");
    result->glanced = glance && cells >= ZEM_GLANCE_CELLS
                      && H5Lexists(file, zem_dimension_name(ZEM_DIMENSION_SAMPLE), H5P_DEFAULT) <= 0;
    if (!result->glanced
        && !read_array(file, "miss_counts", axes + 1, extent, histogram_type(&result->totals),
                       result->totals.histogram))
        return damaged(error, "variable miss_counts");
    if (!read_array(file, "stop_reason", axes, extent, H5T_NATIVE_UINT8, result->stop_reason))
        return damaged(error, "variable stop_reason");
    for (uint64_t i = 0; i < cells; i++)
        if (result->stop_reason[i] >= ZEM_STOP_REASON_COUNT)
            return damaged(error, "variable stop_reason");
    return ZEM_OK;
}

/* Reads the group `run`, which reproducible files do not have. What is missing stays NULL or zero, since no digest
 * depends on it. */
static void read_run_group(hid_t file, struct zem_provenance *from)
{
    char **name = NULL, **description = NULL;
    size_t count = 0, description_count = 0;
    hid_t group = H5Lexists(file, "run", H5P_DEFAULT) > 0 ? H5Gopen2(file, "run", H5P_DEFAULT) : -1;
    if (group < 0)
        return;
    zem_hdf5_read_text(group, "date", &from->date);
    zem_hdf5_read_text(group, "host", &from->host);
    zem_hdf5_read_text(group, "command", &from->command);
    zem_hdf5_read_numbers(group, "wall_seconds", H5T_NATIVE_DOUBLE, &from->wall_seconds, 1);
    zem_hdf5_read_numbers(group, "kernel_seconds", H5T_NATIVE_DOUBLE, &from->kernel_seconds, 1);
    zem_hdf5_read_texts(group, "device_name", &name, &count);
    zem_hdf5_read_texts(group, "device_description", &description, &description_count);
    uint64_t *trials = calloc(count + 1, sizeof *trials);
    double *busy = calloc(count + 1, sizeof *busy);
    from->device = count > 0 ? calloc(count, sizeof *from->device) : NULL;
    if (count > 0 && count == description_count && trials != NULL && busy != NULL && from->device != NULL) {
        zem_hdf5_read_numbers(group, "device_trials", H5T_NATIVE_UINT64, trials, count);
        zem_hdf5_read_numbers(group, "device_busy_seconds", H5T_NATIVE_DOUBLE, busy, count);
        from->device_count = count;
        for (size_t i = 0; i < count; i++) {
            from->device[i] = (struct zem_device_use){name[i], description[i], trials[i], busy[i]};
            name[i] = description[i] = NULL;
        }
    }
    free(busy);
    free(trials);
    zem_hdf5_texts_free(name, count);
    zem_hdf5_texts_free(description, description_count);
    H5Gclose(group);
}

static int read_provenance(hid_t file, struct zem_result *result, struct zem_error *error)
{
    struct zem_provenance *from = &result->provenance;
    char *method = NULL;
    uint64_t kernel_version = 0;
    if (zem_hdf5_read_text(file, "zem_version", &from->version) != 0)
        return damaged(error, "attribute zem_version");
    if (zem_hdf5_read_text(file, "commit", &from->commit) != 0)
        return damaged(error, "attribute commit");
    if (zem_hdf5_read_numbers(file, "kernel_version", H5T_NATIVE_UINT64, &kernel_version, 1) != 0
        || kernel_version > UINT32_MAX)
        return damaged(error, "attribute kernel_version");
    from->kernel_version = (unsigned)kernel_version;
    if (zem_hdf5_read_text(file, "interval_method", &method) != 0)
        return damaged(error, "attribute interval_method");
    result->interval_method = zem_interval_method_of(method);
    const bool known = result->interval_method != ZEM_INTERVAL_METHODS;
    free(method);
    if (!known)
        return damaged(error, "attribute interval_method");
    read_run_group(file, from);
    return 0;
}

/* Reads which shards the file holds. Their indices must increase and lie below the number of shards. */
static int read_shards(hid_t file, struct zem_result *result, struct zem_error *error)
{
    uint64_t shards = 0;
    const size_t count = zem_hdf5_numbers_count(file, "shard");
    if (H5Aexists(file, "shards") <= 0 && count == 0)
        return 0;
    uint64_t *shard = calloc(count + 1, sizeof *shard);
    if (shard == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the numbers of %zu shards", count);
    bool good = count > 0 && zem_hdf5_read_numbers(file, "shards", H5T_NATIVE_UINT64, &shards, 1) == 0
                && zem_hdf5_read_numbers(file, "shard", H5T_NATIVE_UINT64, shard, count) == 0 && count < shards;
    for (size_t i = 0; i < count && good; i++)
        good = shard[i] < shards && (i == 0 || shard[i] > shard[i - 1]);
    int status =
        good ? zem_result_set_shards(result, shard, count, shards, error) : damaged(error, "attribute shard or shards");
    free(shard);
    return status;
}

/* The length of a one-dimensional dataset; 0 if it is absent or has another rank. */
static uint64_t dataset_length(hid_t file, const char *name)
{
    hsize_t length = 0;
    hid_t dataset = H5Lexists(file, name, H5P_DEFAULT) > 0 ? H5Dopen2(file, name, H5P_DEFAULT) : -1;
    hid_t space = dataset >= 0 ? H5Dget_space(dataset) : -1;
    if (space < 0 || H5Sget_simple_extent_ndims(space) != 1 || H5Sget_simple_extent_dims(space, &length, NULL) != 1)
        length = 0;
    if (space >= 0)
        H5Sclose(space);
    if (dataset >= 0)
        H5Dclose(dataset);
    return length;
}

/* Reads the numbers of the trials that the file keeps, and makes room for those trials. */
static int read_sample_trials(hid_t file, struct zem_result *result, uint64_t count, struct zem_error *error)
{
    const char *name = zem_dimension_name(ZEM_DIMENSION_SAMPLE);
    const hsize_t extent = count;
    int64_t *trial = malloc((size_t)count * sizeof *trial);
    hid_t dataset = trial != NULL ? dataset_open(file, name, H5T_INTEGER, 1, &extent) : -1;
    bool good = dataset >= 0 && H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, trial) >= 0;
    for (uint64_t i = 0; good && i < count; i++)
        good = trial[i] >= 0 && (i == 0 || trial[i] > trial[i - 1]);
    int status = good ? zem_result_set_samples(result, (const uint64_t *)trial, (size_t)count, error)
                      : damaged(error, "coordinate sample");
    if (dataset >= 0)
        H5Dclose(dataset);
    free(trial);
    return status;
}

/* Reads a variable of single trials, which does not follow from the totals. All cells are read at once. */
static int read_variable(hid_t file, struct zem_result *result, const struct zem_variable *variable,
                         struct zem_error *error)
{
    const struct zem_scenario *scenario = result->scenario;
    char item[80];
    hsize_t extent[ZEM_AXES_MAX + 2];
    int rank = 0;
    for (size_t i = 0; i < scenario->axis_count; i++)
        extent[rank++] = scenario->axis[i].points;
    for (int i = 0; i < 2; i++)
        if (variable->dimension[i] != ZEM_DIMENSION_NONE)
            extent[rank++] = zem_dimension_length(result, variable->dimension[i]);
    const size_t span =
        zem_dimension_length(result, variable->dimension[0]) * zem_dimension_length(result, variable->dimension[1]);
    void *values = malloc(result->cells * span * 8);
    if (values == NULL)
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the variable %s", variable->name);
    hid_t dataset = dataset_open(file, variable->name, variable->is_count ? H5T_INTEGER : H5T_FLOAT, rank, extent);
    bool good = dataset >= 0
                && H5Dread(dataset, variable->is_count ? H5T_NATIVE_UINT64 : H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL,
                           H5P_DEFAULT, values)
                       >= 0;
    for (uint64_t cell = 0; good && cell < result->cells; cell++)
        good = variable->restore(result, cell, (const uint64_t *)values + cell * span,
                                 (const double *)values + cell * span);
    if (dataset >= 0)
        H5Dclose(dataset);
    free(values);
    snprintf(item, sizeof item, "variable %s", variable->name);
    return good ? ZEM_OK : damaged(error, item);
}

/* Reads the single trials if the file has any. */
static int read_samples(hid_t file, struct zem_result *result, struct zem_error *error)
{
    const char *name = zem_dimension_name(ZEM_DIMENSION_SAMPLE);
    const uint64_t count = dataset_length(file, name);
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0)
        return ZEM_OK;
    if (count == 0)
        return damaged(error, "coordinate sample");
    if (zem_samples_memory_bytes(result->scenario, count) > zem_samples_bytes_limit())
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "keeps %" PRIu64 " trials of each of %" PRIu64
                             " cells one by one, which take %.1f GB of memory; the limit here is %.1f GB",
                             count, result->cells, 1e-9 * (double)zem_samples_memory_bytes(result->scenario, count),
                             1e-9 * (double)zem_samples_bytes_limit());
    int status = read_sample_trials(file, result, count, error);
    for (size_t i = 0; status == ZEM_OK && i < zem_variable_count; i++)
        if (zem_variable_table[i].restore != NULL && zem_variable_exists(result, &zem_variable_table[i]))
            status = read_variable(file, result, &zem_variable_table[i], error);
    const bool as_missed = zem_choice_index(result->scenario->value, ZEM_KEY_LETHALITY) == ZEM_LETHALITY_COOKIE_CUTTER;
    for (uint64_t i = 0; status == ZEM_OK && as_missed && i < result->cells * count; i++)
        result->sample[i].scored = result->sample[i].miss; /* cookie-cutter: the file has it once */
    return status;
}

/* Computes the digests of what was read and compares them with those in the file; of a result at which was only
 * glanced, takes those of the file. */
static int check_digests(hid_t file, struct zem_result *result, struct zem_error *error)
{
    char *digest = NULL, *miss_digest = NULL;
    int status = 0;
    if (zem_hdf5_read_text(file, "digest", &digest) != 0 || zem_hdf5_read_text(file, "miss_digest", &miss_digest) != 0)
        status = damaged(error, "attribute digest or miss_digest");
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

static int read_file(struct zem_result *result, struct zem_scenario *scenario, const char *path, bool glance,
                     struct zem_error *error)
{
    hid_t file = -1;
    struct zem_hdf5_quiet quiet;
    memset(result, 0, sizeof *result);
    memset(scenario, 0, sizeof *scenario);
    zem_hdf5_quiet_start(&quiet);
    int status = open_file(path, &file, error);
    if (status == 0)
        status = check_format(file, error);
    if (status == 0)
        status = read_scenario(file, scenario, error);
    if (status == 0)
        status = read_totals(file, result, scenario, glance, error);
    if (status == 0)
        status = read_provenance(file, result, error);
    if (status == 0)
        status = read_shards(file, result, error);
    if (status == 0)
        status = read_samples(file, result, error);
    if (status == 0)
        status = check_digests(file, result, error);
    if (status != 0)
        zem_error_context(error, "%s", path);
    if (file >= 0)
        H5Fclose(file);
    zem_hdf5_quiet_end(&quiet);
    if (status != 0)
        zem_result_free(result);
    return status;
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
