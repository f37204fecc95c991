/* Causes of miss that the textbook treats besides first-order lags, noise and limits: sampled seeker, radome,
 * acquisition, quadratic lag, errors of what guidance knows, and maneuvers that grow. cell.c takes features, lags,
 * steps and parameters of these causes from here. */
#ifndef ZEM_CELL_CAUSES_H
#define ZEM_CELL_CAUSES_H

#include "base/kernel_types.h"
#include "scenario/scenario.h"

/* Returns the features of sampled seeker, radome, acquisition, quadratic lags, unequal autopilot stages and error of
 * the time to go that the keys of a cell with guidance switch on. `idle` has the keys without effect. */
feature_set zem_causes_features(const struct zem_value value[ZEM_KEY_COUNT], zem_key_set idle);

/* Returns the number of autopilot stages in the kernels: those of autopilot_lag, one for each further lag, and two for
 * a quadratic lag. */
uint32_t zem_causes_stages(const struct zem_value value[ZEM_KEY_COUNT]);

/* A lag of the guidance loop. Its transfer function is 1/(1 + T s)^stages, or 1/(1 + 2 zeta T s + T^2 s^2) if it has a
 * damping zeta above 0. */
struct zem_lag {
    enum zem_key key;    /* of its time constant */
    feature_set feature; /* set in a cell that has the lag */
    double constant;     /* T in s; 0: none */
    double damping;      /* zeta; 0: first order */
    uint32_t stages;
    double sum; /* sum of the time constants in s, the coefficient of s in the denominator */
};
#define ZEM_LAGS 8

/* Returns the key of lag number `lag`, which is below ZEM_LAGS. */
enum zem_key zem_lag_key(int lag);

/* Sets all lags of seeker, noise filter and autopilot. A lag that the cell does not have gets the time constant 0. */
void zem_causes_lags(const struct zem_value value[ZEM_KEY_COUNT], struct zem_lag lag[ZEM_LAGS]);

/* Returns the shortest time constant of a lag, s. A quadratic lag whose damping is above 1 has two real poles, and the
 * time constant is that of the faster pole. */
double zem_lag_shortest(const struct zem_lag *lag);

/* Returns the number of measurements of a sampled seeker in a flight, or 0 without a sampled seeker. */
double zem_causes_samples(const struct zem_value value[ZEM_KEY_COUNT]);

/* Sets the parameters of the causes of miss of this file in `p`: radome, sampled seeker, acquisition, quadratic lags,
 * unequal stages, the rise time of a maneuver, and errors of what guidance knows. p->features, p->stages,
 * p->inverse_stage_lag and p->interceptor_speed must be set. `assumed` has the distributions of the cell; guidance
 * knows their means. */
void zem_causes_derive(const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                       struct cell_parameters *p);

/* Returns the closing speed of a cell, m/s. Point-mass kinematics has none, and the function returns the sum of both
 * speeds at the nominal collision. It is an upper bound there, but with drag the bodies are faster before. */
double zem_causes_closing_speed(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the effective navigation ratio N' far from the target: navigation_gain, or 3 for ogl, which does not use that
 * key. */
double zem_causes_gain(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the factor that shortens the default step in a cell with a radome. The radome adds N' Vc |R| Ta/VM to the sum
 * of the lags in the characteristic equation of the loop (zem_causes_radome_limit), and its fastest pole becomes faster
 * in the same proportion. R is the slope of the radome, Ta the turning-rate time constant and VM the interceptor's
 * speed. */
double zem_causes_radome_share(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the factor by which the command may be larger than usual near the end, because guidance uses a time to go
 * that is too short. */
double zem_causes_haste(const struct zem_value value[ZEM_KEY_COUNT]);

/* Returns the radome slope, between 0 and that of the cell, from which on the guidance loop is unstable by itself; 0 if
 * the loop is stable with the cell's slope. The limit holds far from the target, where the geometry hardly matters.
 * `closing_speed` is in m/s. The function also returns 0 with a sampled seeker or an estimator, whose loops it does not
 * examine.
 *
 * The loop goes from the command through autopilot, airframe, radome, tracker and filter back to the command. Its
 * characteristic equation is D(s) = K (1 + Ta s) with K = N' Vc R/VM. D is the product of the lags, R the radome slope,
 * Ta the turning-rate time constant and VM the interceptor's speed (Zarchan, Tactical and Strategic Missile Guidance,
 * chapter 6). Routh's array tells whether all its roots have negative real parts. */
double zem_causes_radome_limit(const struct zem_value value[ZEM_KEY_COUNT], double closing_speed);

#endif
