/* What the two files on guidance in the linear kinematics share. validation_guidance.c compares guidance with closed
 * forms, validation_loop.c with the loop flown in double precision. */
#ifndef VALIDATION_GUIDANCE_H
#define VALIDATION_GUIDANCE_H

#include "validation.h"

#define PART "Guidance laws and limits"
#define SPEED 2000.0         /* of the interceptor, m/s */
#define CLOSING_SPEED 4000.0 /* m/s */

#define SCENARIO \
    "engagement: {kinematics: linear, flight_time: 3 s, closing_speed: 4 km/s}\n" \
    "target: {%s}\n" \
    "interceptor: {speed: 2 km/s, %s}\n" \
    "seeker: {blind_time: %s, estimator: %s}\n" \
    "scoring: {hit_radius: [1 m]}\n" \
    "sweep: [{parameter: %s}]\n" \
    "run: {trials: 1%s}\n"

#endif
