/* Reads the input of a command. A file that begins with the signature of HDF5 is read as a result, anything else as a
 * scenario. */
#include "command/scenario_source.h"

#include "base/file_kind.h"
#include "base/input_file.h"
#include "base/kernel_types.h"
#include "result/result_file.h"
#include "run/run.h"
#include "scenario/example.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Sets `is_result` if the file begins with the signature of HDF5. Only a regular file can be a result. Anything else is
 * left to the reader of scenarios, which reads a pipe, refuses a folder, and looks for an example if there is no such
 * file. */
static int find_kind(const char *path, bool *is_result, struct zem_error *error)
{
    char first[ZEM_FILE_SIGNATURE_MAX];
    struct stat properties;
    *is_result = false;
    if (stat(path, &properties) == 0 ? !S_ISREG(properties.st_mode) : errno == ENOENT)
        return ZEM_OK;
    FILE *file = zem_input_open(path, error);
    if (file == NULL)
        return zem_error_context(error, "%s", path);
    const size_t count = fread(first, 1, sizeof first, file);
    const int reason = ferror(file) ? errno : 0;
    fclose(file);
    if (reason != 0)
        return zem_error_set(error, ZEM_INPUT_OUTPUT, "%s: cannot be read: %s", path, strerror(reason));
    *is_result = zem_file_kind(first, count) == ZEM_FILE_HDF5;
    return ZEM_OK;
}

int zem_result_check_kernel(const struct zem_result *result, const char *path, struct zem_error *error)
{
    if (result->provenance.kernel_version == ZEM_KERNEL_VERSION)
        return ZEM_OK;
    return zem_error_set(
        error, ZEM_BAD_INPUT,
        "%s: was computed by kernel version %u, and this zem has version %d, whose numbers differ: use zem %s", path,
        result->provenance.kernel_version, ZEM_KERNEL_VERSION,
        result->provenance.version ? result->provenance.version : "of that time");
}

/* Reads the scenario file `path`, or the example of that name if there is no such file. */
static int read_named(struct zem_scenario *scenario, const char *path, const struct zem_overrides *overrides,
                      struct zem_diagnostics *diagnostics, struct zem_error *error)
{
    const char *const *items = (const char *const *)overrides->items;
    const struct zem_example *example = access(path, F_OK) == 0 ? NULL : zem_example_find(path);
    if (example)
        return zem_scenario_read_text(scenario, example->file, example->text, strlen(example->text), items,
                                      overrides->count, diagnostics, error);
    const int status = zem_scenario_read_file(scenario, path, items, overrides->count, diagnostics, error);
    const char *near = status == ZEM_NO_INPUT && access(path, F_OK) != 0 ? zem_example_nearest(path) : NULL;
    if (!near)
        return status;
    *error = (struct zem_error){0};
    return zem_error_set(error, ZEM_NO_INPUT,
                         "%s: there is no such scenario file, and no example of that name; did you mean the example "
                         "\"%s\"? (zem new --list prints all)",
                         path, near);
}

int zem_scenario_source_file(struct zem_scenario *scenario, const char *path, const struct zem_overrides *overrides,
                             struct zem_diagnostics *diagnostics, struct zem_error *error)
{
    diagnostics->override_option = overrides->option;
    diagnostics->override_count = overrides->count;
    const int status = read_named(scenario, path, overrides, diagnostics, error);
    return status == ZEM_OK ? zem_run_check(scenario, diagnostics) : status;
}

int zem_scenario_source_read(struct zem_scenario_source *source, const char *path,
                             const struct zem_overrides *overrides, struct zem_diagnostics *diagnostics,
                             struct zem_error *error)
{
    bool is_result;
    memset(source, 0, sizeof *source);
    int status = find_kind(path, &is_result, error);
    if (status != ZEM_OK)
        return status;
    if (!is_result)
        return zem_scenario_source_file(&source->scenario, path, overrides, diagnostics, error);
    if (overrides->count > 0)
        return zem_error_set(error, ZEM_USAGE,
                             "%s: is a result, whose scenario cannot be changed: --%s goes with a scenario file", path,
                             overrides->option[0]);
    status = zem_result_file_read(&source->result, &source->scenario, path, error);
    source->has_result = status == ZEM_OK;
    return status == ZEM_OK ? zem_result_check_kernel(&source->result, path, error) : status;
}

void zem_scenario_source_free(struct zem_scenario_source *source)
{
    zem_result_free(&source->result);
    zem_scenario_free(&source->scenario);
}
