/* A surface of doctrines as text and as JSON, for one hit radius. */
#ifndef ZEM_DOCTRINE_TEXT_H
#define ZEM_DOCTRINE_TEXT_H

#include "study/doctrine_surface.h"

#include <stdio.h>

/* Prints the doctrine and a row for each doctrine and cell; if there are more than 60 rows, one for each doctrine with
 * its range over the cells. `radius` is the index of a hit radius, `file` the name of the result. ZEM_INPUT_OUTPUT if
 * `out` cannot be written. */
int zem_doctrine_print(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                       struct zem_error *error);

/* Prints one JSON object with a member for each doctrine and cell. ZEM_INPUT_OUTPUT if `out` cannot be written,
 * ZEM_INTERNAL without memory. */
int zem_doctrine_print_json(const struct zem_doctrine_surface *surface, size_t radius, const char *file, FILE *out,
                            struct zem_error *error);

#endif
