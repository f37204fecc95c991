/* The memory and the disk space that samples take, and the limit of this memory. Samples are the single trials that a
 * result keeps beside its totals. */
#ifndef ZEM_SAMPLE_SIZE_H
#define ZEM_SAMPLE_SIZE_H

#include "scenario/scenario.h"

#include <stdint.h>

/* The most bytes of memory that the samples of all cells may take on any machine. */
#define ZEM_SAMPLES_BYTES_MAX (UINT64_C(4) << 30)

/* The bytes that `count` trials of every cell take in memory, and the most that they take in a file. UINT64_MAX on
 * overflow. */
uint64_t zem_samples_memory_bytes(const struct zem_scenario *scenario, uint64_t count);
uint64_t zem_samples_file_bytes(const struct zem_scenario *scenario, uint64_t count);

/* The most bytes of memory that the samples of a result may take on this machine: ZEM_SAMPLES_BYTES_MAX, or a quarter
 * of its memory if that is less. */
uint64_t zem_samples_bytes_limit(void);

#endif
