/* The writing of an HDF5 file in a child process. The library crashes if memory runs out at the wrong moment, and the
 * process that waits has the result. */
#ifndef ZEM_HDF5_APART_H
#define ZEM_HDF5_APART_H

#include "base/error.h"

#include <stdbool.h>

/* Writes the content of a file under the name `temporary` and reads it back; returns 0 or a status with `error`
 * filled. */
typedef int zem_hdf5_writer(const void *context, const char *temporary, struct zem_error *error);

/* Calls `write` in a child process, where HDF5 prints no errors by itself, and gives the file the name `path` when it
 * is complete (base/output_file.h); an existing file is replaced if `force` is set. Returns what `write` returns, with
 * its message. Without a child `write` is called in this process. ZEM_INTERNAL if the child died; else errors as of
 * zem_output_open and zem_output_publish. */
int zem_hdf5_write_apart(const char *path, bool force, zem_hdf5_writer *write, const void *context,
                         struct zem_error *error);

#endif
