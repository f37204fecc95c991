/* A result as CSV, a row for each cell. For `zem export`. */
#ifndef ZEM_EXPORT_H
#define ZEM_EXPORT_H

#include "result/result_variables.h"

#include <stdio.h>

/* Writes a header with units and a row for every cell, the last axis fastest. A row has the values of the axes in the
 * units of the scenario, then every variable of result_variables.h but single trials; the miss histogram only if
 * `histogram` is set. An undefined value is an empty field. ZEM_INPUT_OUTPUT if `out`, which messages call standard
 * output, cannot be written; ZEM_INTERNAL without memory. */
int zem_export(const struct zem_result *result, bool histogram, FILE *out, struct zem_error *error);

/* Writes a field, in quotes if it contains a comma, a quote or a line break (RFC 4180). */
void zem_export_field(FILE *out, const char *text);

/* Writes a number as CSV has it: the shortest that reads back as the same double, "inf" or "-inf", or nothing for NaN.
 * Returns the text to print. */
const char *zem_export_number(double value, char *text, size_t size);

/* Writes which element of a trailing dimension a column holds: "0.5 m", "0.95", "ground", "shot 2", "3 hits"; nothing
 * for a dimension without words. Returns text. */
const char *zem_export_element(const struct zem_result *result, enum zem_dimension dimension, size_t element,
                               char *text, size_t size);

#endif
