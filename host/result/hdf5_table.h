/* A table (data_table.h) as an HDF5 file that netCDF-4 readers open: dimensions with units, attached to every variable.
 * A file under its final name is complete. */
#ifndef ZEM_HDF5_TABLE_H
#define ZEM_HDF5_TABLE_H

#include "base/error.h"
#include "result/data_table.h"

/* Writes the table to `path` and replaces an existing file. Returns ZEM_OK, ZEM_CANNOT_CREATE, ZEM_INPUT_OUTPUT or
 * ZEM_INTERNAL. After a failure `path` is as it was before, except if only its folder could not be synced: the new file
 * is then complete under `path`. */
int zem_hdf5_table_write(const struct zem_table *table, const char *path, struct zem_error *error);

#endif
