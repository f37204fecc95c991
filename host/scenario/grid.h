/* The grid of cells that a scenario's sweep spans. Converts between the number of a cell and its axis indices, and
 * finds the values of one cell. The first axis varies slowest. A scenario without a sweep has one cell. */
#ifndef ZEM_GRID_H
#define ZEM_GRID_H

#include "scenario/scenario.h"

/* Largest number of cells. The cell index must fit one 32-bit word of the random-number counter. */
#define ZEM_CELLS_MAX UINT64_C(0xFFFFFFFF)

/* Returns the number of cells, or 0 if it exceeds ZEM_CELLS_MAX. */
uint64_t zem_grid_cells(const struct zem_scenario *scenario);

/* Returns the largest run.trials of all cells. */
uint64_t zem_grid_most_trials(const struct zem_scenario *scenario);

/* Writes the axis indices of a cell to index[axis_count], slowest first. */
void zem_grid_indices(const struct zem_scenario *scenario, uint64_t cell, size_t index[ZEM_AXES_MAX]);

/* Returns the cell with these axis indices. */
uint64_t zem_grid_cell(const struct zem_scenario *scenario, const size_t index[ZEM_AXES_MAX]);

/* Whether an axis sweeps any part of this key. */
bool zem_scenario_sweeps(const struct zem_scenario *scenario, enum zem_key key);

/* Writes the values of all keys in one cell: those of the scenario, with the values of the axes applied and expressions
 * computed. A swept key counts as present and given. Of an integer key the member `integer` is set too. A key that the
 * host draws for each trial (resolution.h) gets the mean of its distribution. */
void zem_grid_values(const struct zem_scenario *scenario, uint64_t cell, struct zem_value value[ZEM_KEY_COUNT]);

/* Writes the values of all keys in one cell like zem_grid_values, but does not compute expressions, and leaves the
 * distributions of all keys as they are. */
void zem_grid_distributions(const struct zem_scenario *scenario, uint64_t cell, struct zem_value value[ZEM_KEY_COUNT]);

#endif
