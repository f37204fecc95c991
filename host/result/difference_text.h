/* A comparison of two results as text or JSON, for `zem diff`. */
#ifndef ZEM_DIFFERENCE_TEXT_H
#define ZEM_DIFFERENCE_TEXT_H

#include "result/difference.h"

#include <stdio.h>

/* Print the comparison: a summary and the `lines` differences with the smallest p-values, or one JSON object with all
 * differences. `names` are the names of the two files. ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_comparison_print(const struct zem_comparison *comparison, const char *const names[2], size_t lines, FILE *out,
                         struct zem_error *error);
int zem_comparison_print_json(const struct zem_comparison *comparison, const char *const names[2], FILE *out,
                              struct zem_error *error);

/* Writes a part of a sentence: "42 of 180 differences are significant at 95 % for all together: 40 larger in the
 * second, 2 smaller". Returns text. */
const char *zem_comparison_verdict(const struct zem_comparison *comparison, char *text, size_t size);

#endif
