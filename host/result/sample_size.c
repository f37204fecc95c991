/* The size of samples, which are the single trials that a result keeps: cells, trials and bytes multiplied without
 * overflow. The limit depends on the memory of this machine. */
#include "result/sample_size.h"

#include "cell/drawn_inputs.h"
#include "result/result.h"
#include "scenario/grid.h"

#include <unistd.h>

#define FILE_BYTES (5u * 4u + 1u) /* bytes of a sample in a file before compression: five numbers and an outcome */
#define DRAWN_BYTES 4u            /* bytes more for each key that varies from trial to trial */

static uint64_t all_cells(const struct zem_scenario *scenario, uint64_t count, uint64_t bytes)
{
    const uint64_t cells = zem_grid_cells(scenario);
    return count > 0 && cells > UINT64_MAX / count / bytes ? UINT64_MAX : cells * count * bytes;
}

uint64_t zem_samples_memory_bytes(const struct zem_scenario *scenario, uint64_t count)
{
    return all_cells(scenario, count, sizeof(struct zem_sample));
}

uint64_t zem_samples_file_bytes(const struct zem_scenario *scenario, uint64_t count)
{
    uint64_t bytes = FILE_BYTES;
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        bytes += zem_input_varies(scenario, (enum zem_key)key) ? DRAWN_BYTES : 0;
    return all_cells(scenario, count, bytes);
}

uint64_t zem_samples_bytes_limit(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGE_SIZE);
    const uint64_t quarter = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page / 4 : UINT64_MAX;
    return quarter < ZEM_SAMPLES_BYTES_MAX ? quarter : ZEM_SAMPLES_BYTES_MAX;
}
