/* What stands inside a result file, apart from how the file gets its name (result_file.c). For result_file.c alone. */
#ifndef ZEM_RESULT_CONTENT_H
#define ZEM_RESULT_CONTENT_H

#include "result/result.h"

/* Version of the file format; raised when a reader of the old one would misread the new. */
#define ZEM_FILE_FORMAT 1

/* Fills the file `path`, which exists and is empty. `checksum` gets a number that stands for every value written.
 * ZEM_INPUT_OUTPUT with the system's reason if the disk failed, ZEM_INTERNAL if HDF5 did. */
int zem_result_content_write(const struct zem_result *result, const char *path, bool reproducible, uint64_t *checksum,
                             struct zem_error *error);

/* Reads every value back from the closed file and compares. ZEM_INPUT_OUTPUT if one differs or cannot be read. */
int zem_result_content_verify(const struct zem_result *result, const char *path, uint64_t checksum,
                              struct zem_error *error);

#endif
