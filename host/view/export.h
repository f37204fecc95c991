/* A result as CSV, a row for each cell. For `zem export`. */
#ifndef ZEM_EXPORT_H
#define ZEM_EXPORT_H

#include "result/result_variables.h"

#include <stdio.h>

/* Writes a result as CSV: a header with units, then a row for every cell, the last axis fastest. A row has the number
 * of the cell, the values of the axes in the units of the scenario, then every variable of result_variables.h but those
 * of single trials; the miss histogram only if `histogram` is set. An undefined value is an empty field. Returns 0;
 * ZEM_INPUT_OUTPUT if `out`, which messages call standard output, cannot be written; ZEM_INTERNAL without memory. */
int zem_export(const struct zem_result *result, bool histogram, FILE *out, struct zem_error *error);

/* Writes a field, in quotes if it contains a comma, a quote or a line break (RFC 4180). */
void zem_export_field(FILE *out, const char *text);

/* Returns a number as CSV has it: the shortest text that reads back as the same double, "inf" or "-inf", or an empty
 * text for NaN. text[size] is memory for it. */
const char *zem_export_number(double value, char *text, size_t size);

/* Writes into text[size] the name of element `element` of `dimension`, a dimension of a variable that is no sweep axis:
 * "0.5 m", "0.95", "ground", "shot 2", "3 hits" or "from 0.5 m". The text is empty for ZEM_DIMENSION_SAMPLE. Returns
 * text. */
const char *zem_export_element(const struct zem_result *result, enum zem_dimension dimension, size_t element,
                               char *text, size_t size);

#endif
