/* A table (data_table.h) as CSV. */
#ifndef ZEM_TABLE_TEXT_H
#define ZEM_TABLE_TEXT_H

#include "base/error.h"
#include "result/data_table.h"

#include <stdio.h>

/* Writes a table as CSV: the attributes as comments, a header with units, and a row for each combination of the first
 * `row_rank` dimensions of the table. The first columns are these dimensions. Then follow the variables whose first
 * dimensions are these. A variable with further dimensions has a column for each combination of them, such as
 * "zero_effort_miss_std[y] (m)". Other variables are left out. Fields without a value are empty. Returns 0, or
 * ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_table_csv(const struct zem_table *table, size_t row_rank, FILE *out, struct zem_error *error);

#endif
