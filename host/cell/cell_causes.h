/* The textbook's further causes of miss: sampled seeker, radome, quadratic lag, errors of guidance's knowledge, and
 * maneuvers that grow. Parts of what cell.h derives. */
#ifndef ZEM_CELL_CAUSES_H
#define ZEM_CELL_CAUSES_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Features of a cell with guidance that these causes switch on. `idle` has the keys without effect, zem_keys_idle. */
feature_set zem_causes_features(const struct zem_value value[ZEM_KEY_COUNT], zem_key_set idle);

/* Number of autopilot stages in the kernels: those of autopilot_lag, the further ones, and two for a quadratic lag. */
uint32_t zem_causes_stages(const struct zem_value value[ZEM_KEY_COUNT]);

/* A lag of the guidance loop, 1/(1 + T s)^stages, or 1/(1 + 2 zeta T s + T^2 s^2) with a damping above 0. */
struct zem_lag {
    enum zem_key key;    /* from which it comes */
    feature_set feature; /* with which a cell has it */
    double constant;     /* T in s; 0: none */
    double damping;
    uint32_t stages;
    double sum; /* coefficient of s, s: the sum of the time constants */
};
#define ZEM_LAGS 8

/* The key of a lag, below ZEM_LAGS. */
enum zem_key zem_lag_key(int lag);

/* All lags of a cell, seeker, noise filter and autopilot, whether it has them or not. */
void zem_causes_lags(const struct zem_value value[ZEM_KEY_COUNT], struct zem_lag lag[ZEM_LAGS]);

/* The shortest time constant of a lag, s: that of the faster pole of a quadratic lag whose damping is above 1. */
double zem_lag_shortest(const struct zem_lag *lag);

/* Number of measurements of a sampled seeker in a flight; 0 for any other. */
double zem_causes_samples(const struct zem_value value[ZEM_KEY_COUNT]);

/* Sets the parameters of these causes. p->features, p->inverse_stage_lag and p->interceptor_speed must be set.
 * `assumed` has the distributions of the cell, of which guidance knows the means. */
void zem_causes_derive(const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                       struct cell_parameters *p);

/* The share of the default step that a cell with a radome takes. The slope adds N' Vc |R| Ta/VM to the sum of the lags
 * in the characteristic equation below, and makes its fastest pole faster in that proportion. */
double zem_causes_radome_share(const struct zem_value value[ZEM_KEY_COUNT]);

/* How many times as large as usual the command may be near the end if guidance takes too little time to go. */
double zem_causes_haste(const struct zem_value value[ZEM_KEY_COUNT]);

/* The radome slope, between 0 and that of the cell, from which on the guidance loop is unstable by itself, far from the
 * target where the geometry hardly matters; 0 if it is stable at the cell's. `closing_speed` in m/s. A sampled seeker
 * and a Kalman filter are not examined. The loop from the command through autopilot, airframe, radome, tracker and
 * filter back to the command has the characteristic equation D(s) = K (1 + T_a s) with K = N' Vc R/VM, where D is the
 * product of the lags and T_a the turning-rate time constant (Zarchan, Tactical and Strategic Missile Guidance, chapter
 * 6); Routh's array tells whether all its roots have negative real parts. For ogl N' is 3, its value far from the
 * target. */
double zem_causes_radome_limit(const struct zem_value value[ZEM_KEY_COUNT], double closing_speed);

#endif
