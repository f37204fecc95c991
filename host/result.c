/* A result in memory: its allocation and the few sums that others need. See result.h; files are result_file.c. */
#include "result.h"

#include "grid.h"
#include "kernel_types.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int zem_result_init(struct zem_result *result, const struct zem_scenario *scenario, struct zem_error *error)
{
    memset(result, 0, sizeof *result);
    result->scenario = scenario;
    result->provenance.kernel_version = ZEM_KERNEL_VERSION;
    result->cells = zem_grid_cells(scenario);
    if (result->cells == 0)
        return zem_error_set(error, ZEM_BAD_INPUT, "the sweep spans more than %" PRIu64 " cells", ZEM_CELLS_MAX);
    size_t shots = (size_t)scenario->value[ZEM_KEY_SHOTS].integer;
    result->words = ZEM_TALLY_WORDS(scenario->radius_count, shots);
    if (result->cells > SIZE_MAX / (result->words * sizeof *result->totals))
        return zem_error_set(error, ZEM_INTERNAL, "%" PRIu64 " cells do not fit into the address space of this machine", result->cells);
    result->totals = calloc(result->cells * result->words, sizeof *result->totals);
    result->stop_reason = calloc(result->cells, sizeof *result->stop_reason);
    if (result->totals == NULL || result->stop_reason == NULL) {
        zem_result_free(result);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for the totals of %" PRIu64 " cells", zem_grid_cells(scenario));
    }
    return 0;
}

void zem_result_free(struct zem_result *result)
{
    free(result->totals);
    free(result->stop_reason);
    zem_provenance_free(&result->provenance);
    memset(result, 0, sizeof *result);
}

/* A trial is counted once, at its smallest hit radius; the larger ones hit too. */
uint64_t zem_result_hits(const struct zem_result *result, uint64_t cell, size_t radius)
{
    const uint64_t *totals = zem_result_cell(result, cell);
    uint64_t hits = 0;
    for (size_t i = 0; i <= radius; i++)
        hits += totals[ZEM_TALLY_RADIUS + i];
    return hits;
}
