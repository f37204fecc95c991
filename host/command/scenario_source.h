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

/* Reads a scenario file, or the example that `path` names where there is no such file, applies the overrides and checks
 * it as for a run. Mistakes go to `diagnostics`, which is initialised. Release the scenario with zem_scenario_free in
 * every case. */
int zem_scenario_source_file(struct zem_scenario *scenario, const char *path, const struct zem_overrides *overrides,
                             struct zem_diagnostics *diagnostics, struct zem_error *error);

/* Reads a result or a scenario, whichever the first bytes of the file show. A result must have this program's kernel
 * version and allows no overrides (ZEM_USAGE). A scenario is read as by zem_scenario_source_file. Release the source
 * with zem_scenario_source_free in every case. */
int zem_scenario_source_read(struct zem_scenario_source *source, const char *path,
                             const struct zem_overrides *overrides, struct zem_diagnostics *diagnostics,
                             struct zem_error *error);
void zem_scenario_source_free(struct zem_scenario_source *source);

/* ZEM_BAD_INPUT if a result was computed by another kernel version, whose numbers this program cannot reproduce. */
int zem_result_check_kernel(const struct zem_result *result, const char *path, struct zem_error *error);

#endif
