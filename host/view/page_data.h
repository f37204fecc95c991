/* The numbers of a result inside an HTML page, for the script explorer.js: a description of the grid as JSON, and a
 * block for each variable and element, the values of all cells in the order of the cells. */
#ifndef ZEM_PAGE_DATA_H
#define ZEM_PAGE_DATA_H

#include "result/result.h"

#include <stdbool.h>
#include <stdio.h>

#define ZEM_PAGE_LINE 57 /* bytes of a line of 76 characters of base64 */

/* Writes at most ZEM_PAGE_LINE bytes as a line of base64. All lines but the last of a text are full. */
void zem_page_base64(const uint8_t *bytes, size_t count, FILE *out);

/* The characters of so many bytes in lines of base64. */
size_t zem_page_base64_length(size_t bytes);

/* Writes <script> elements that hold data and no program. The element "zem-grid" has the description. A block is the
 * element "zem-block-N" in base64: unsigned integers of data-width bytes, or 8-byte numbers where data-width is "f",
 * little-endian. Probabilities come as counts of hits beside the block of the trials, because the page computes them
 * and their intervals. A block that does not fit into `room` bytes is left out, and the description names its variable;
 * probabilities stand first. `any` tells whether there is room for at least one variable; without one there is no
 * description. ZEM_INTERNAL without memory. */
int zem_page_data(const struct zem_result *result, size_t room, FILE *out, bool *any, struct zem_error *error);

#endif
