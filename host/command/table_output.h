/* Writes the output of a command that gives a table. The ending of the file's name chooses HDF5, a picture or CSV. */
#ifndef ZEM_TABLE_OUTPUT_H
#define ZEM_TABLE_OUTPUT_H

#include "base/error.h"
#include "result/data_table.h"

#include <stdbool.h>

enum zem_output_form { ZEM_OUTPUT_HDF5, ZEM_OUTPUT_PICTURE, ZEM_OUTPUT_CSV };

/* Sets the form from the ending of `path`: .h5, .csv or, if `picture` is true, .png, .svg or .pdf. A path of NULL means
 * CSV on standard output. Returns 0, or ZEM_USAGE for another ending. */
int zem_output_form_of(const char *path, bool picture, enum zem_output_form *form, struct zem_error *error);

/* Writes a table as HDF5 or as CSV. CSV has a row for each combination of the first `row_rank` dimensions of the table;
 * further dimensions become columns. `path` is NULL for CSV on standard output. A file gets its name when it is
 * complete, and replaces an existing one. Returns 0 or a negative status. */
int zem_table_output(const struct zem_table *table, size_t row_rank, const char *path, enum zem_output_form form,
                     struct zem_error *error);

#endif
