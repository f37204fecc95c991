/* The quantities of a trial that vary (enum zem_varied), as its flight draws them. They follow from the address of the
 * trial, so that nobody keeps them. */
#ifndef ZEM_DRAWN_INPUTS_H
#define ZEM_DRAWN_INPUTS_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Whether a quantity acts and is drawn anew in every trial of some cell. */
bool zem_quantity_varies(const struct zem_scenario *scenario, unsigned quantity);

/* Returns a quantity of the first shot of a trial, with the bits of its flight; phase and roll in turns, else SI. */
float zem_quantity_draw(const struct cell_parameters *cell, uint64_t trial, unsigned quantity);

#endif
