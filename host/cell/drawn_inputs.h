/* The values of a trial that vary from trial to trial, as its flight draws them. They follow from the number of the
 * trial, so they are drawn again when they are wanted, and nothing stores them. */
#ifndef ZEM_DRAWN_INPUTS_H
#define ZEM_DRAWN_INPUTS_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Whether a key has an effect and its value varies from trial to trial in some cell: it is drawn in every trial, or
 * computed from what is drawn. */
bool zem_input_varies(const struct zem_scenario *scenario, enum zem_key key);

/* Returns the value of a quantity (enum zem_varied) in the first shot of a trial, equal to the last bit to the value
 * that the flight uses. Phase and roll are in turns, all others in SI units. */
float zem_quantity_draw(const struct cell_parameters *cell, uint64_t trial, unsigned quantity);

#endif
