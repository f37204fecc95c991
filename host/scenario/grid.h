/* The grid of cells that a scenario's sweep spans: cell index <-> axis indices, and the values that hold in one cell.
 * The first axis is the slowest. A scenario without sweep has one cell. */
#ifndef ZEM_GRID_H
#define ZEM_GRID_H

#include "scenario/scenario.h"

/* Largest number of cells: the cell index is one 32-bit word of the random-number counter. */
#define ZEM_CELLS_MAX UINT64_C(0xFFFFFFFF)

/* Number of cells, or 0 if the product exceeds ZEM_CELLS_MAX. */
uint64_t zem_grid_cells(const struct zem_scenario *scenario);

/* Axis indices of a cell, slowest first: index[axis_count]. */
void zem_grid_indices(const struct zem_scenario *scenario, uint64_t cell, size_t index[ZEM_AXES_MAX]);

/* Cell of axis indices. */
uint64_t zem_grid_cell(const struct zem_scenario *scenario, const size_t index[ZEM_AXES_MAX]);

/* The values of all keys in one cell: the scenario's, with the axes' values put in. Integers swept are exact in
 * .integer too. A swept value counts as present and given. */
void zem_grid_values(const struct zem_scenario *scenario, uint64_t cell, struct zem_value value[ZEM_KEY_COUNT]);

#endif
