/* Files that are read as a whole or at any place: regular files. Pipes and devices are refused, because opening them
 * may wait for ever, and they have no size. */
#ifndef ZEM_INPUT_FILE_H
#define ZEM_INPUT_FILE_H

#include "base/error.h"

#include <stdint.h>
#include <stdio.h>

/* The size of a regular file, in bytes. ZEM_NO_INPUT if it does not exist or is no regular file; the message is without
 * its name. */
int zem_input_size(const char *path, uint64_t *size, struct zem_error *error);

/* Opens a regular file for reading. Errors as of zem_input_size; NULL then. The caller closes it. */
FILE *zem_input_open(const char *path, struct zem_error *error);

#endif
