/* From the values that hold in one cell to the parameters a device needs: where the scenario ends and the kernels
 * begin. */
#ifndef ZEM_CELL_H
#define ZEM_CELL_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Features (enum zem_feature) of a cell with these values: cheap, used to specialise kernels before any cell is
 * derived. */
uint32_t zem_cell_features(const struct zem_value value[ZEM_KEY_COUNT]);

/* Largest integration step of a cell, s: run.step, or what follows from the shortest time constant. */
double zem_cell_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* Whether a limit acts on white noise that no filter has smoothed. The limit of that for short steps does not exist. */
bool zem_cell_limits_white_noise(uint32_t features);

/* Fills everything but schedule_first. `cell` is the index in the grid. Only operations that give the same bits on
 * every machine are used (exact_math.h, + - * / sqrt). ZEM_BAD_INPUT if the geometry is impossible, such as bodies
 * flown below ground. */
int zem_cell_derive(const struct zem_scenario *scenario, uint64_t cell, struct cell_parameters *parameters,
                    struct zem_error *error);

#endif
