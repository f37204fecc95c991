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

/* An evenly spread part of a grid: about `most` of its cells, which increase, or all cells if there are no more. The
 * grid is cut into sections of equal length, and one cell is taken of each, at a place that differs from section to
 * section. Every n-th cell would not do: where n is a multiple of the number of points of an axis, all of these cells
 * are at the same point of it. The first and the last cell of the grid are always taken.
 *
 * zem_cell_spread_count returns the number of cells taken. zem_cell_spread returns the cell of section `index`.
 * zem_cell_is_spread returns whether a cell is taken. `cells` is the number of cells of the grid, at most
 * ZEM_CELLS_MAX, and `most` is at least 1. */
uint64_t zem_cell_spread_count(uint64_t cells, uint64_t most);
uint64_t zem_cell_spread(uint64_t index, uint64_t cells, uint64_t most);
bool zem_cell_is_spread(uint64_t cell, uint64_t cells, uint64_t most);

/* The cells that the checks of a scenario examine: all cells, or 4,096 cells spread evenly over a larger grid.
 * zem_cell_examined_count returns their number, and zem_cell_examined returns the cell of this index. */
uint64_t zem_cell_examined_count(const struct zem_scenario *scenario);
uint64_t zem_cell_examined(const struct zem_scenario *scenario, uint64_t index);

/* Chooses up to `wanted` different cells and writes them to chosen[wanted]: the middle of the grid, then corners, then
 * cells spread evenly over the grid. The first two corners have all axes at their first and last points. Returns the
 * number of cells written. */
size_t zem_cell_sample(const struct zem_scenario *scenario, size_t wanted, uint64_t *chosen);

#endif
