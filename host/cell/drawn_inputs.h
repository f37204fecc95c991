/* The values of a trial that vary, as its flight draws them. They follow from the address of the trial, so that nobody
 * keeps them. */
#ifndef ZEM_DRAWN_INPUTS_H
#define ZEM_DRAWN_INPUTS_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Whether a key acts and is drawn, or computed from what is drawn, anew in every trial of some cell. */
bool zem_input_varies(const struct zem_scenario *scenario, enum zem_key key);

/* Returns a quantity of enum zem_varied of the first shot of a trial, with the bits of its flight; phase and roll in
 * turns, else SI. */
float zem_quantity_draw(const struct cell_parameters *cell, uint64_t trial, unsigned quantity);

#endif
