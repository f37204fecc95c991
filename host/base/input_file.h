/* Opens input files. Only regular files are accepted. Pipes and devices are refused, because opening them may wait for
 * ever and because they have no size. */
#ifndef ZEM_INPUT_FILE_H
#define ZEM_INPUT_FILE_H

#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

/* Writes the size of a regular file, in bytes, to `size`. Returns 0; ZEM_NO_INPUT if the file is not found or is no
 * regular file; ZEM_INPUT_OUTPUT for a failure of the disk; ZEM_INTERNAL without memory. It does not find out whether
 * the file may be read. The message does not name the file; the caller puts the name in front. */
int zem_input_size(const char *path, uint64_t *size, struct zem_error *error);

/* Opens a regular file for reading. Returns the stream, which the caller closes. On failure it returns NULL and fills
 * `error` as zem_input_size does, with ZEM_NO_INPUT also if the file may not be read. */
FILE *zem_input_open(const char *path, struct zem_error *error);

#endif
