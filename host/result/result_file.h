/* Result files, written and read as HDF5. A file under its final name is always complete: it is written under a
 * temporary name in the same folder, closed, read back, synced and renamed. No code outside host/result calls HDF5. */
#ifndef ZEM_RESULT_FILE_H
#define ZEM_RESULT_FILE_H

#include "result/result.h"

struct zem_write_options {
    bool force;        /* replace an existing file */
    bool reproducible; /* leave out the group `run`, whose attributes differ between runs */
};

/* Finds out before a run starts whether `path` can be written: its folder exists and is writable, and the file does not
 * exist, unless `force` is set. Returns 0, ZEM_CANNOT_CREATE, or ZEM_INPUT_OUTPUT if the disk is full. */
int zem_result_file_check(const char *path, const struct zem_write_options *options, struct zem_error *error);

/* Writes a result. 0, ZEM_CANNOT_CREATE, ZEM_INPUT_OUTPUT (such as a full disk) or ZEM_INTERNAL. After a failure `path`
 * is as it was before, except if only its folder could not be synced: the new file is then complete under `path`. */
int zem_result_file_write(const struct zem_result *result, const char *path, const struct zem_write_options *options,
                          struct zem_error *error);

/* Reads a result. `scenario` is read from the text that the file keeps; the caller releases it with zem_scenario_free,
 * also after a failure. The digests are computed again; ZEM_BAD_INPUT if they differ from those in the file or the file
 * is damaged. ZEM_NO_INPUT if it cannot be read. */
int zem_result_file_read(struct zem_result *result, struct zem_scenario *scenario, const char *path,
                         struct zem_error *error);

/* The number of cells from which on zem_result_file_glance leaves out the miss histograms. */
#define ZEM_GLANCE_CELLS 65536u

/* Reads a result as zem_result_file_read does, but faster if it has many cells and no single trials: the miss
 * histograms are then not read, and the digests of the file are taken without a check. The member `glanced` of the
 * result tells whether that is so. */
int zem_result_file_glance(struct zem_result *result, struct zem_scenario *scenario, const char *path,
                           struct zem_error *error);

/* The version of the HDF5 library, such as "1.10.8". */
const char *zem_result_file_library(void);

#endif
