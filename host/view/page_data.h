/* The numbers of a result inside an HTML page, for its script explorer.js: a description of the grid as JSON, and data
 * in blocks. A block has the values of one element of one variable, such as p_hit at one hit radius, in all cells in
 * their order. */
#ifndef ZEM_PAGE_DATA_H
#define ZEM_PAGE_DATA_H

#include "result/result.h"

#include <stdbool.h>
#include <stdio.h>

#define ZEM_PAGE_LINE 57 /* number of bytes that make a line of 76 characters of base64 */

/* Writes bytes[count] as one line of base64. `count` is ZEM_PAGE_LINE, or less in the last line of a text. */
void zem_page_base64(const uint8_t *bytes, size_t count, FILE *out);

/* Returns at least the number of characters that so many bytes take in lines of base64. */
size_t zem_page_base64_length(size_t bytes);

/* Writes <script> elements that hold data and no program. The element "zem-grid" has the description. A block N is the
 * element "zem-block-N" in base64: unsigned integers of data-width bytes, or 8-byte floating-point numbers where
 * data-width is "f", little-endian. Probabilities are written as counts of hits, beside a block with the counts of
 * trials, because the page computes the probabilities and their intervals. The blocks take at most `room` bytes:
 * probabilities come first, a block that does not fit is left out, and the description names its variable. `any`
 * becomes true if at least one variable fits; otherwise there is no description. Returns 0, or ZEM_INTERNAL without
 * memory. */
int zem_page_data(const struct zem_result *result, size_t room, FILE *out, bool *any, struct zem_error *error);

#endif
