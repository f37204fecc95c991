/* How much room the single trials take that a result keeps beside its totals, and how much they may take. */
#ifndef ZEM_SAMPLE_SIZE_H
#define ZEM_SAMPLE_SIZE_H

#include "scenario/scenario.h"

#include <stdint.h>

#define ZEM_SAMPLES_BYTES_MAX \
    (UINT64_C(4) << 30) /* of memory for those of all cells, on a machine with four times as much */

/* Bytes that `count` trials of every cell take in memory, and at most in a file. */
uint64_t zem_samples_memory_bytes(const struct zem_scenario *scenario, uint64_t count);
uint64_t zem_samples_file_bytes(const struct zem_scenario *scenario, uint64_t count);

/* Bytes of memory that all samples of a result may take here: the limit above, or a quarter of the machine's memory. */
uint64_t zem_samples_bytes_limit(void);

#endif
