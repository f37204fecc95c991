/* Which cells of a grid to look at when not all can be, and how cells are named to the user and by the user. */
#ifndef ZEM_CELL_CHOICE_H
#define ZEM_CELL_CHOICE_H

#include "base/error.h"
#include "scenario/scenario.h"

/* "cell 3,5 (acceleration = 2 gravity, period = 1 s)": axis indices from 0, slowest first; "the only cell" without a
 * sweep. */
const char *zem_cell_name(const struct zem_scenario *scenario, uint64_t cell, char *text, size_t size);

/* Reads axis indices such as "3,5"; NULL stands for the only cell of a scenario without sweep. ZEM_USAGE with the range
 * there is. */
int zem_cell_read(const struct zem_scenario *scenario, const char *text, uint64_t *cell, struct zem_error *error);

/* Chooses up to `wanted` different cells into chosen[wanted]: the middle, the corners (first and last of all axes, then
 * the others), then cells at even distances. Returns how many, in this order. */
size_t zem_cell_sample(const struct zem_scenario *scenario, size_t wanted, uint64_t *chosen);

#endif
