/* Writes an HDF5 file in a child process. HDF5 crashes if memory runs out at the wrong moment. The parent process,
 * which waits for the child, then still has the result. */
#ifndef ZEM_HDF5_APART_H
#define ZEM_HDF5_APART_H

#include "base/error.h"

#include <stdbool.h>

/* A function that writes the content of a file under the name `temporary` and reads it back. It returns 0, or a status
 * with `error` filled. */
typedef int zem_hdf5_writer(const void *context, const char *temporary, struct zem_error *error);

/* Calls `write` in a child process, or in this one if no child can be started. When the file is complete it gets the
 * name `path` (base/output_file.h) and replaces an existing file if `force` is set. Returns the status of `write`, with
 * its message; ZEM_INTERNAL if the child died; or an error of zem_output_open or zem_output_publish. */
int zem_hdf5_write_apart(const char *path, bool force, zem_hdf5_writer *write, const void *context,
                         struct zem_error *error);

#endif
