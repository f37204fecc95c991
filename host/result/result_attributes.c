/* The attributes of a result file. Those of the root are the same for two runs of one scenario by one program; those of
 * the group `run` differ, so they stand apart and --reproducible can leave them out. */
#include "result/result_attributes.h"

#include "base/json_text.h"
#include "result/hdf5_dataset.h"
#include "result/result_content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *known(const char *text) { return text ? text : "unknown"; }

/* Writes a text in an unknown encoding, such as a command line, as valid UTF-8, because readers of HDF5 fail on other
 * bytes. */
static int attribute_any_text(hid_t object, const char *name, const char *text)
{
    json_t *clean = zem_json_text(known(text));
    int status = clean == NULL ? -1 : zem_hdf5_attribute_text(object, name, json_string_value(clean));
    json_decref(clean);
    return status;
}

/* Writes the attribute `history` of the CF conventions: the version of zem and, unless the file is to be reproducible,
 * the date and the command. */
static int history_write(const struct zem_provenance *from, hid_t file, bool reproducible)
{
    const char *date = known(from->date), *version = known(from->version), *command = known(from->command);
    const size_t size = strlen(date) + strlen(version) + strlen(command) + sizeof " zem : ";
    char *text = malloc(size);
    if (text == NULL)
        return -1;
    if (reproducible)
        snprintf(text, size, "zem %s", version);
    else
        snprintf(text, size, "%s zem %s: %s", date, version, command);
    const int status = attribute_any_text(file, "history", text);
    free(text);
    return status;
}

int zem_result_attributes_write(const struct zem_result *result, hid_t file, bool reproducible)
{
    const struct zem_scenario *scenario = result->scenario;
    const struct zem_provenance *from = &result->provenance;
    const char *slash = strrchr(scenario->name, '/');
    int bad = zem_hdf5_attribute_text(file, "Conventions", ZEM_CONVENTIONS) != 0
              || history_write(from, file, reproducible) != 0
              || zem_hdf5_attribute_text(file, "title", scenario->title) != 0;
    if (scenario->description[0] != '\0')
        bad |= zem_hdf5_attribute_text(file, "comment", scenario->description) != 0;
    if (scenario->reference_count > 0)
        bad |= zem_hdf5_attribute_texts(file, "references", (const char *const *)scenario->references,
                                        scenario->reference_count)
               != 0;
    bad = bad || zem_hdf5_attribute_integer(file, "zem_format", ZEM_FILE_FORMAT) != 0
          || zem_hdf5_attribute_text(file, "zem_version", known(from->version)) != 0
          || zem_hdf5_attribute_integer(file, "kernel_version", from->kernel_version) != 0
          || zem_hdf5_attribute_text(file, "commit", known(from->commit)) != 0
          || zem_hdf5_attribute_text(file, "scenario_name", slash ? slash + 1 : scenario->name) != 0
          || zem_hdf5_attribute_text(file, "scenario", scenario->text) != 0;
    if (!bad && scenario->override_count > 0)
        bad = zem_hdf5_attribute_texts(file, "overrides", (const char *const *)scenario->overrides,
                                       scenario->override_count)
              != 0;
    if (!bad && result->shards > 0)
        bad = zem_hdf5_attribute_integer(file, "shards", result->shards) != 0
              || zem_hdf5_attribute_numbers(file, "shard", H5T_STD_U64LE, H5T_NATIVE_UINT64, result->shard,
                                            result->shard_count)
                     != 0;
    return bad || zem_hdf5_attribute_integer(file, "seed", scenario->value[ZEM_KEY_SEED].integer) != 0
                   || zem_hdf5_attribute_number(file, "confidence", scenario->value[ZEM_KEY_CONFIDENCE].first) != 0
                   || zem_hdf5_attribute_text(file, "interval_method", zem_interval_words[result->interval_method]) != 0
                   || zem_hdf5_attribute_text(file, "digest", result->digest) != 0
                   || zem_hdf5_attribute_text(file, "miss_digest", result->miss_digest) != 0
               ? -1
               : 0;
}

static int device_attributes_write(hid_t group, const struct zem_provenance *from)
{
    size_t count = from->device_count;
    int status = -1;
    if (count == 0)
        return 0;
    const char **name = calloc(3 * count, sizeof *name), **description = name + count, **failure = name + 2 * count;
    uint64_t *trials = calloc(2 * count, sizeof *trials), *audited = trials + count;
    double *busy = calloc(count, sizeof *busy);
    for (size_t i = 0; name != NULL && trials != NULL && busy != NULL && i < count; i++) {
        name[i] = known(from->device[i].name);
        description[i] = known(from->device[i].description);
        failure[i] = from->device[i].failure != NULL ? from->device[i].failure : "";
        trials[i] = from->device[i].trials;
        audited[i] = from->device[i].audited_trials;
        busy[i] = from->device[i].busy_seconds;
    }
    if (name != NULL && trials != NULL && busy != NULL
        && zem_hdf5_attribute_texts(group, "device_name", name, count) == 0
        && zem_hdf5_attribute_texts(group, "device_description", description, count) == 0
        && zem_hdf5_attribute_texts(group, "device_failure", failure, count) == 0
        && zem_hdf5_attribute_numbers(group, "device_trials", H5T_STD_U64LE, H5T_NATIVE_UINT64, trials, count) == 0
        && zem_hdf5_attribute_numbers(group, "device_audited_trials", H5T_STD_U64LE, H5T_NATIVE_UINT64, audited, count)
               == 0
        && zem_hdf5_attribute_numbers(group, "device_busy_seconds", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, busy, count)
               == 0)
        status = 0;
    free(busy);
    free(trials);
    free(name);
    return status;
}

int zem_run_group_write(const struct zem_result *result, hid_t file)
{
    const struct zem_provenance *from = &result->provenance;
    hid_t list = zem_hdf5_creation_list(H5P_GROUP_CREATE);
    hid_t group = list < 0 ? -1 : H5Gcreate2(file, "run", H5P_DEFAULT, list, H5P_DEFAULT);
    int bad =
        group < 0 || attribute_any_text(group, "date", from->date) != 0
        || attribute_any_text(group, "host", from->host) != 0
        || attribute_any_text(group, "command", from->command) != 0
        || (from->threads > 0 && zem_hdf5_attribute_integer(group, "threads", from->threads) != 0)
        || (from->threads > 0 && zem_hdf5_attribute_text(group, "threads_reason", known(from->threads_reason)) != 0)
        || zem_hdf5_attribute_number(group, "wall_seconds", from->wall_seconds) != 0
        || zem_hdf5_attribute_number(group, "kernel_seconds", from->kernel_seconds) != 0
        || device_attributes_write(group, from) != 0;
    if (group >= 0)
        bad |= H5Gclose(group) < 0;
    if (list >= 0)
        H5Pclose(list);
    return bad ? -1 : 0;
}
