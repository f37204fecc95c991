/* The writing of an HDF5 file in a child process. The library crashes if memory runs out at the wrong moment, and the
 * process that waits has the result. */
#ifndef ZEM_HDF5_APART_H
#define ZEM_HDF5_APART_H

#include "base/error.h"

/* Calls `write` in a child process, where HDF5 prints no errors by itself, and returns what it returns, with its
 * message. Without a child `write` is called in this process. ZEM_INTERNAL if the child died. */
int zem_hdf5_write_apart(int (*write)(const void *context, struct zem_error *error), const void *context,
                         struct zem_error *error);

#endif
