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

/* Returns the approximate number of steps of a flight with the longest step `step` (s) and the step ratio `ratio`,
 * without those that a Kalman filter adds, never much too small. The steps have full length at first and then shrink in
 * a geometric series until the blind time. */
double zem_cell_steps(const struct zem_value value[ZEM_KEY_COUNT], double step, double ratio);

/* Returns the default step of a cell, s: that of zem_cell_step, with run.step left out. */
double zem_cell_default_step(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the density of the seeker's noise in the command, in units of the squared acceleration limit, s3: (N' Vc/L)^2
 * P, where L is the limit and P the two-sided spectral density of the noise in the line of sight, rad2/Hz. P is taken
 * at the range at which the time to go is `sums` times the sum of the lags, or half the flight time if that is shorter.
 * Returns 0 if noise meets no such limit, or does not pass a tracker and a filter of first order. */
double zem_cell_noise_at_limit(const struct zem_value value[ZEM_KEY_COUNT], double sums);

/* The time before the end at which noise begins to decide the miss, in units of the sum of the lags. */
#define ZEM_DECISIVE_SUMS 5.0

/* Returns the ratio of two numbers of steps of a cell with a Kalman filter: with steps that are short enough to follow
 * the filter, as they are without run.step, and with steps that do not follow it. The ratio is 1 without a filter and
 * with a sampled seeker. In point-mass kinematics it is that of a collision course of two straight lines. */
double zem_cell_filter_steps(const struct cell_parameters *cell);

#endif
