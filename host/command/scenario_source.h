/* The scenario that a command works on. It comes from a scenario file, or from a result, which keeps the scenario that
 * it was computed from. */
#ifndef ZEM_SCENARIO_SOURCE_H
#define ZEM_SCENARIO_SOURCE_H

#include "base/diagnostics.h"
#include "command/options.h"
#include "result/result.h"

#include <stdbool.h>

struct zem_scenario_source {
    struct zem_scenario scenario;
    struct zem_result result; /* the result, if has_result */
    bool has_result;
};

/* Reads a scenario file, applies the overrides and checks the scenario as for a run. If there is no file `path`, the
 * example of that name is read. Mistakes go to `diagnostics`, which the caller has initialised. Returns 0 or a negative
 * status. Release the scenario with zem_scenario_free in every case. */
int zem_scenario_source_file(struct zem_scenario *scenario, const char *path, const struct zem_overrides *overrides,
                             struct zem_diagnostics *diagnostics, struct zem_error *error);

/* Reads a result or a scenario. The first bytes of the file tell which it is. A result with another kernel version than
 * this program's is refused (ZEM_BAD_INPUT), and so are overrides of a result (ZEM_USAGE). A scenario is read as by
 * zem_scenario_source_file. Release the source with zem_scenario_source_free in every case. */
int zem_scenario_source_read(struct zem_scenario_source *source, const char *path,
                             const struct zem_overrides *overrides, struct zem_diagnostics *diagnostics,
                             struct zem_error *error);
void zem_scenario_source_free(struct zem_scenario_source *source);

/* Returns 0, or ZEM_BAD_INPUT if a result was computed by another kernel version, the version number of the code that
 * flies trials, because this program cannot reproduce its counts. */
int zem_result_check_kernel(const struct zem_result *result, const char *path, struct zem_error *error);

#endif
