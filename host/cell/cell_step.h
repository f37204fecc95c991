/* How long the integration steps of a cell are. */
#ifndef ZEM_CELL_STEP_H
#define ZEM_CELL_STEP_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Largest default step in units of the Kalman filter's response time. */
#define ZEM_FILTER_SHARE 0.12

/* Returns the largest integration step of a cell, s: run.step, or a default that follows from its time constants. */
double zem_cell_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the ratio of the time to go to the longest step of a cell: run.step_ratio, or the default where it is
 * absent. */
double zem_cell_step_ratio(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the default step of a cell, s: that of zem_cell_step, with run.step left out. */
double zem_cell_default_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns a range at which the noise of a cell counts, m: five sums of the lags before the end, when it begins to
 * decide the miss, but no farther than in the middle of the flight. The cell must have a lag. */
double zem_cell_noise_range(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the ratio of two numbers of steps of a cell with a Kalman filter: with steps that are short enough to follow
 * the filter, as they are without run.step, and with steps that do not follow it. The ratio is 1 without a filter and
 * with a sampled seeker. In point-mass kinematics it is that of a collision course of two straight lines. */
double zem_cell_filter_steps(const struct cell_parameters *cell);

#endif
