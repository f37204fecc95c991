/* The part of the reader of result files that reads what each cell has: its totals, and why it got no more trials.
 * result_file_read.c alone calls it. */
#ifndef ZEM_RESULT_CELLS_READ_H
#define ZEM_RESULT_CELLS_READ_H

#include "result/hdf5_reader.h"
#include "result/result.h"

/* Initialises a result of this scenario and reads its totals and stop reasons from a file of this format, which is one
 * that is read. With `glance` a result of many cells without single trials stays without its histograms
 * (zem_result_file_glance). ZEM_BAD_INPUT if the file is damaged. */
int zem_result_cells_read(struct zem_hdf5_group file, struct zem_result *result, const struct zem_scenario *scenario,
                          uint64_t format, bool glance, struct zem_error *error);

/* The failure of a check of what was read: ZEM_BAD_INPUT. */
int zem_result_damaged(struct zem_error *error, const char *item);

#endif
