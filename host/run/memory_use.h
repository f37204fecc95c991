/* The memory that a run will use, foretold from its scenario. */
#ifndef ZEM_MEMORY_USE_H
#define ZEM_MEMORY_USE_H

#include "scenario/scenario.h"

/* The bytes of the result file, without samples. */
double zem_file_bytes(const struct zem_scenario *scenario);

/* The bytes of the totals of all cells and of the file. Both are in memory while the file is built. */
double zem_result_bytes(const struct zem_scenario *scenario);

/* The most bytes of memory that a run needs at a time, without samples. `steps` is the mean number of tabulated steps
 * of a cell. The drivers of OpenCL are not counted, because they run in processes of their own, and neither are the
 * batches of a second device. */
double zem_memory_bytes(const struct zem_scenario *scenario, double steps);

#endif
