/* What the two files on the Kalman filter share. validation_estimator.c tests its covariance and its errors,
 * validation_estimates.c the guidance that uses its estimates. */
#ifndef VALIDATION_ESTIMATOR_H
#define VALIDATION_ESTIMATOR_H

#include "validation.h"

#define PART "Estimator"
#define CLOSING_SPEED 4000.0
#define FLIGHT_TIME 3.0
#define GLINT 0.1        /* m2/Hz */
#define ANGLE_NOISE 1e-8 /* rad2/Hz */

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, autopilot_lag: 0.3 s, %s}\n" \
    "seeker: {estimator: kalman, glint: 0.1 m2/Hz, angle_noise: 1e-8 rad2/Hz, blind_time: 1 ms}\n" \
    "scoring: {hit_radius: [1 m]}\nrun: {trials: 1, seed: %d}\n"
#define ERRORS \
    "heading_error_y: {mean: 0 degree, sigma: 0.004 radian}, heading_error_z: {mean: 0 degree, sigma: 0.004 radian}, " \
    "displacement_y: {mean: 0 m, sigma: 15 m}, displacement_z: {mean: 0 m, sigma: 15 m}"
#define RANDOM_START "maneuver: step, acceleration: 40 m/s2, start: {from: 0 s, to: 3 s}"

/* The Kalman filter of one channel with whole matrices in double precision. Its states are position, velocity and
 * target acceleration; p is the covariance. */
struct filter {
    double p[3][3], gain[3], jerk_density;
};

/* Returns the filter at the start of homing. It is designed for a target step of `acceleration` m/s2 at a random
 * time. */
struct filter filter_begin(double acceleration);

/* Advances the filter by one step of the schedule. The measurement of the step comes in its middle. */
struct schedule_step;
void reference_filter_step(struct filter *f, const struct schedule_step *s);

#endif
