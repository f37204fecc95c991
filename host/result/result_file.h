/* Writing and reading of result files: the only room that knows HDF5. A file under its final name is always complete:
 * it is written under a temporary name in the same folder, closed, reopened and checked, synced, and renamed. */
#ifndef ZEM_RESULT_FILE_H
#define ZEM_RESULT_FILE_H

#include "result/result.h"

struct zem_write_options {
    bool force;        /* replace an existing file */
    bool reproducible; /* leave out the group of attributes that must differ between runs */
};

/* Finds out before any work whether `path` can be written: it does not exist (or force), its folder exists and is
 * writable. 0 or ZEM_CANNOT_CREATE. */
int zem_result_file_check(const char *path, const struct zem_write_options *options, struct zem_error *error);

/* Writes the result. 0, ZEM_CANNOT_CREATE or ZEM_INPUT_OUTPUT (disk full); after a failure nothing is left behind. */
int zem_result_file_write(const struct zem_result *result, const char *path, const struct zem_write_options *options,
                          struct zem_error *error);

/* Reads a result; `scenario` is filled from the text kept in the file and belongs to the caller (zem_scenario_free).
 * Recomputes the digest and refuses a file whose digest does not match: ZEM_BAD_INPUT. */
int zem_result_file_read(struct zem_result *result, struct zem_scenario *scenario, const char *path,
                         struct zem_error *error);

/* Version of the HDF5 library, "1.10.8". */
const char *zem_result_file_library(void);

#endif
