/* The whole model. This file includes the parts of the model in the order in which they depend on each other. Code that
 * flies trials includes it instead of the parts. */
#ifndef ZEM_MODEL_H
#define ZEM_MODEL_H

#include "portable.h"
#include "specialise.h"
#include "layout.h"
#include "fpmath.h"
#include "vector.h"
#include "philox.h"
#include "sample.h"
#include "atmosphere.h"
#include "target.h"
#include "seeker.h"
#ifdef ZEM_NOISE_SOURCE
#include ZEM_NOISE_SOURCE
#endif
#include "channel.h"
#include "guidance.h"
#include "estimator.h"
#include "airframe.h"
#include "command_course.h"
#include "homing.h"
#include "transition.h"
#include "geometry.h"
#include "engagement.h"
#include "divert_budget.h"
#include "step_parts.h"
#include "linear_flight.h"
#include "point_mass_flight.h"
#ifdef ZEM_OBSERVER
#include ZEM_OBSERVER
#else
#include "observer.h"
#endif
#include "flight.h"
#include "tally.h"
#include "known_answer.h"

#endif
