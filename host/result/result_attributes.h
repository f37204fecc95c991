/* The attributes of a result file: scenario, seed, versions and digests at the root, and date, host, devices and times
 * in the group `run`. For result_content.c, which writes the file. Functions return 0, or -1 with the reason on HDF5's
 * error stack. */
#ifndef ZEM_RESULT_ATTRIBUTES_H
#define ZEM_RESULT_ATTRIBUTES_H

#include "result/hdf5_dataset.h"
#include "result/result.h"

#include <stdbool.h>

/* Writes the attributes of the root group. They are the same for two runs of the same scenario by the same program,
 * except `history`: it has the date and the command, unless `reproducible` is set. */
int zem_result_attributes_write(const struct zem_result *result, hid_t file, bool reproducible);

/* Writes the group `run`, whose attributes differ between two runs of the same scenario. */
int zem_run_group_write(const struct zem_result *result, hid_t file);

#endif
