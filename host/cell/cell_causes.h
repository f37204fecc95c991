/* The textbook's further causes of miss: sampled seeker, radome, quadratic lag, errors of guidance's knowledge, and
 * maneuvers that grow. Parts of what cell.h derives. */
#ifndef ZEM_CELL_CAUSES_H
#define ZEM_CELL_CAUSES_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Features of a cell with guidance that these causes switch on. `idle` has the keys without effect, zem_keys_idle. */
feature_set zem_causes_features(const struct zem_value value[ZEM_KEY_COUNT], zem_key_set idle);

/* Number of autopilot stages in the kernels: those of autopilot_lag, and two for a quadratic lag. */
uint32_t zem_causes_stages(const struct zem_value value[ZEM_KEY_COUNT]);

/* Number of measurements of a sampled seeker in a flight; 0 for any other. */
double zem_causes_samples(const struct zem_value value[ZEM_KEY_COUNT]);

/* Sets the parameters of these causes. p->features, p->inverse_stage_lag and p->interceptor_speed must be set.
 * `assumed` has the distributions of the cell, of which guidance knows the means. */
void zem_causes_derive(const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                       struct cell_parameters *p);

/* The shortest time constant of the quadratic lag, s: that of its faster pole if its damping is above 1; 0 if it has
 * none. */
double zem_causes_shortest(const struct zem_value value[ZEM_KEY_COUNT]);

/* The share of the default step that a cell with a radome takes. The slope adds N' Vc |R| Ta/VM to the sum of the lags
 * in the characteristic equation below, and makes its fastest pole faster in that proportion. */
double zem_causes_radome_share(const struct zem_value value[ZEM_KEY_COUNT]);

/* How many times as large as usual the command may be near the end if guidance takes too little time to go. */
double zem_causes_haste(const struct zem_value value[ZEM_KEY_COUNT]);

/* The radome slope, between 0 and that of the cell, from which on the guidance loop is unstable by itself, far from the
 * target where the geometry hardly matters; 0 if it is stable at the cell's. `closing_speed` in m/s. A sampled seeker
 * is not examined. The loop from the command through autopilot, airframe, radome, tracker and filter back to the
 * command has the characteristic equation D(s) = K (1 + T_a s) with K = N' Vc R/VM, where D is the product of the lags
 * and T_a the turning-rate time constant (Zarchan, Tactical and Strategic Missile Guidance, chapter 6); Routh's array
 * tells whether all its roots have negative real parts. For ogl N' is 3, its value far from the target. */
double zem_causes_radome_limit(const struct zem_value value[ZEM_KEY_COUNT], double closing_speed);

#endif
