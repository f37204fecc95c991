/* Writes and reads the names of cells, and chooses a sample of the cells of a grid that is too large to study as a
 * whole. */
#ifndef ZEM_CELL_CHOICE_H
#define ZEM_CELL_CHOICE_H

#include "base/error.h"
#include "scenario/scenario.h"

/* Writes the name of a cell into text[size]: "cell 3,5 (acceleration = 2 gravity, period = 1 s)", with axis indices
 * from 0, slowest first; or "the only cell" without a sweep. Returns `text`. */
const char *zem_cell_name(const struct zem_scenario *scenario, uint64_t cell, char *text, size_t size);

/* Reads axis indices such as "3,5" and writes the number of the cell to `cell`. A text of NULL means the only cell of a
 * scenario without a sweep. Returns 0, or ZEM_USAGE with a message that names the valid range. */
int zem_cell_read(const struct zem_scenario *scenario, const char *text, uint64_t *cell, struct zem_error *error);

/* Chooses up to `wanted` different cells and writes them to chosen[wanted]: the middle of the grid, then corners, then
 * cells at even distances. The first two corners have all axes at their first and last points. Returns the number of
 * cells written. */
size_t zem_cell_sample(const struct zem_scenario *scenario, size_t wanted, uint64_t *chosen);

#endif
