/* Doctrines applied to every cell (doctrine_surface.h) as text and as JSON, for one hit radius. */
#ifndef ZEM_DOCTRINE_TEXT_H
#define ZEM_DOCTRINE_TEXT_H

#include "study/doctrine_surface.h"

#include <stdio.h>

/* Prints the parameters of the doctrine, then a row for each doctrine and cell. If there are more than 60 such rows, it
 * prints one row for each doctrine instead, with the range of the values over the cells. `radius` is the index of a hit
 * radius, `file` the name of the result. Returns 0, or ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_doctrine_print(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                       struct zem_error *error);

/* Prints one JSON object whose array "rows" has an object for each doctrine and cell. Returns 0, ZEM_INPUT_OUTPUT if
 * `out` cannot be written, or ZEM_INTERNAL without memory. */
int zem_doctrine_print_json(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                            struct zem_error *error);

#endif
