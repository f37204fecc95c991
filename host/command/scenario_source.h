/* A scenario from either of the two places where one is found: a scenario file, or the result of a run, which keeps its
 * scenario. */
#ifndef ZEM_SCENARIO_SOURCE_H
#define ZEM_SCENARIO_SOURCE_H

#include "base/diagnostics.h"
#include "result/result.h"

#include <stdbool.h>

struct zem_scenario_source {
    struct zem_scenario scenario;
    struct zem_result result; /* if has_result */
    bool has_result;
};

/* Reads `path`, by its first bytes as a result (with all checks of zem_result_file_read, and its kernel version must be
 * this program's) or as a scenario, to which the overrides are applied and which is checked as for a run; a result
 * takes none: ZEM_USAGE. Mistakes of a scenario go to `diagnostics` (initialised). Release with
 * zem_scenario_source_free in every case. */
int zem_scenario_source_read(struct zem_scenario_source *source, const char *path, const char *const *overrides,
                             size_t override_count, struct zem_diagnostics *diagnostics, struct zem_error *error);
void zem_scenario_source_free(struct zem_scenario_source *source);

/* ZEM_BAD_INPUT if the result was computed by another kernel version, whose numbers this program cannot make again. */
int zem_result_check_kernel(const struct zem_result *result, const char *path, struct zem_error *error);

#endif
