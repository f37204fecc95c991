/* A table (data_table.h) as CSV. */
#ifndef ZEM_TABLE_TEXT_H
#define ZEM_TABLE_TEXT_H

#include "base/error.h"
#include "result/data_table.h"

#include <stdio.h>

/* Writes a header with units and then a row for each combination of the first `row_rank` dimensions of the table. The
 * columns are these dimensions and every variable whose first dimensions are these; for a variable with further
 * dimensions a column for each of their combinations, such as "zero_effort_miss_std[y] (m)". Other variables are left
 * out. Fields without a value are empty. ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_table_csv(const struct zem_table *table, size_t row_rank, FILE *out, struct zem_error *error);

#endif
