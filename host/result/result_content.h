/* The content of a result file: written into an existing empty file, and read back for comparison. result_file.c alone
 * calls these functions; it creates the file and gives it its final name. */
#ifndef ZEM_RESULT_CONTENT_H
#define ZEM_RESULT_CONTENT_H

#include "result/result.h"

/* The version of the file format. It is raised when a reader of the old format would misread the new one. */
#define ZEM_FILE_FORMAT 1

/* Fills the file `path`, which exists and is empty. `checksum` gets a hash of every value of a variable that was
 * written. ZEM_INPUT_OUTPUT with the system's reason if the disk failed, ZEM_INTERNAL if HDF5 failed. */
int zem_result_content_write(const struct zem_result *result, const char *path, bool reproducible, uint64_t *checksum,
                             struct zem_error *error);

/* Reads the closed file again and compares its totals with those of the result, and its variables with `checksum`.
 * ZEM_INPUT_OUTPUT if anything differs or cannot be read. */
int zem_result_content_verify(const struct zem_result *result, const char *path, uint64_t checksum,
                              struct zem_error *error);

#endif
