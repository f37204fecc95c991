/* Reads what a result file stores for each cell: its totals, and why it got no more trials. Only result_file_read.c
 * calls these functions. */
#ifndef ZEM_RESULT_CELLS_READ_H
#define ZEM_RESULT_CELLS_READ_H

#include "result/hdf5_reader.h"
#include "result/result.h"

/* Initialises a result of this scenario and reads its totals and stop reasons from a file of one of the formats
 * ZEM_FILE_FORMAT_WHOLE to ZEM_FILE_FORMAT (result_content.h). With `glance` the histograms of a large result without
 * single trials are not read (zem_result_file_glance). ZEM_BAD_INPUT if the file is damaged. */
int zem_result_cells_read(struct zem_hdf5_group file, struct zem_result *result, const struct zem_scenario *scenario,
                          uint64_t format, bool glance, struct zem_error *error);

/* Fills `error` with the message that `item` of the file is damaged. Returns ZEM_BAD_INPUT. */
int zem_result_damaged(struct zem_error *error, const char *item);

#endif
