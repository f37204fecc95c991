/* The file of a command that writes a table: HDF5, a picture or CSV, as the ending of its name says. */
#ifndef ZEM_TABLE_OUTPUT_H
#define ZEM_TABLE_OUTPUT_H

#include "base/error.h"
#include "result/data_table.h"

#include <stdbool.h>

enum zem_output_form { ZEM_OUTPUT_HDF5, ZEM_OUTPUT_PICTURE, ZEM_OUTPUT_CSV };

/* The form that the ending of a name stands for: .h5; .png, .svg or .pdf; .csv. NULL stands for CSV on standard output.
 * ZEM_USAGE for another ending. `picture` says whether the command draws pictures. */
int zem_output_form_of(const char *path, bool picture, enum zem_output_form *form, struct zem_error *error);

/* Writes a table as HDF5 or as CSV, with a row for each combination of its first `row_rank` dimensions. `path` is NULL
 * for standard output. A file gets its name when it is complete, in place of an existing one. */
int zem_table_output(const struct zem_table *table, size_t row_rank, const char *path, enum zem_output_form form,
                     struct zem_error *error);

#endif
