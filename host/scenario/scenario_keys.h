/* The table of scenario keys, the only place where a key is declared. Reading, checking, --set, sweeping, printing, the
 * key reference in models/ and the JSON schema all use it. To add a key, add its line here and use
 * scenario->value[ZEM_KEY_...] where the cell is derived (cell.c).
 *
 * X(identifier, section, name, kind, unit, default, rule, flags, choice, description)
 *   kind     ZEM_QUANTITY (number with unit), ZEM_NUMBER (pure number), ZEM_INTEGER, ZEM_CHOICE
 *   unit     unit in which the value is stored (SI; "1" for pure numbers), in UDUNITS-2 spelling
 *   default  text as a user would write it; NULL: the key is required, with ZEM_LINEAR_ONLY or ZEM_POINT_MASS_ONLY
 *            only in that kinematics; "": the key may be absent
 *   rule     ZEM_ANY, ZEM_POSITIVE, ZEM_NONNEGATIVE, ZEM_FRACTION (0 < x < 1), or for integers ZEM_RANGE(low, high)
 *   flags    ZEM_VARIES (the kernels can draw the key for each trial if it is {mean, sigma} or {from, to}; the host
 *            draws all other distributions and all other keys, see resolution.h), ZEM_SWEEPS (may be an axis),
 *            ZEM_LINEAR_ONLY, ZEM_POINT_MASS_ONLY (the key belongs to this kinematics only),
 *            ZEM_NOISE (power spectral density of a noise of the seeker), ZEM_LATER (the key was added after the first
 *            digests: it enters a digest only if its value is not its default, which is in SI units)
 *   choice   ZEM_CHOICE: its table of words in choices.h; else NULL */
#ifndef ZEM_SCENARIO_KEYS_H
#define ZEM_SCENARIO_KEYS_H

#include <stdint.h>

#define ZEM_SCENARIO_KEYS(X) \
    X(KINEMATICS, "engagement", "kinematics", ZEM_CHOICE, "1", NULL, ZEM_ANY, 0, &zem_kinematics_choice, \
      "equations of relative motion") \
    X(FLIGHT_TIME, "engagement", "flight_time", ZEM_QUANTITY, "s", NULL, ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "time from start of homing to the nominal collision") \
    X(CLOSING_SPEED, "engagement", "closing_speed", ZEM_QUANTITY, "m/s", NULL, ZEM_POSITIVE, \
      ZEM_SWEEPS | ZEM_LINEAR_ONLY, NULL, "closing speed") \
    X(INTERCEPT_ALTITUDE, "engagement", "intercept_altitude", ZEM_QUANTITY, "m", NULL, ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, "height of the nominal collision") \
    X(TARGET_SPEED, "target", "speed", ZEM_QUANTITY, "m/s", NULL, ZEM_POSITIVE, ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, \
      NULL, "speed of the target at nominal collision") \
    X(TARGET_FLIGHT_PATH_ANGLE, "target", "flight_path_angle", ZEM_QUANTITY, "radian", NULL, ZEM_ANY, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, \
      "flight path angle of the target at nominal collision, negative is descending") \
    X(TARGET_BALLISTIC_COEFFICIENT, "target", "ballistic_coefficient", ZEM_QUANTITY, "kg/m2", "", ZEM_POSITIVE, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, "ballistic coefficient m/(CD S) of the target; no drag if absent") \
    X(LIFT_TO_DRAG, "target", "lift_to_drag", ZEM_NUMBER, "1", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, \
      NULL, "largest lift-to-drag ratio, which limits the maneuver to this ratio times the deceleration by drag") \
    X(MANEUVER, "target", "maneuver", ZEM_CHOICE, "1", "none", ZEM_ANY, 0, &zem_maneuver_choice, \
      "kind of target maneuver") \
    X(TARGET_ACCELERATION, "target", "acceleration", ZEM_QUANTITY, "m/s2", "0 m/s2", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, \
      NULL, \
      "acceleration of the maneuver: the level of a step or telegraph, the amplitude of a weave, the constant size " \
      "of a spiral, and the value after rise_time of a ramp or parabola") \
    X(PERIOD, "target", "period", ZEM_QUANTITY, "s", "1 s", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "period of a weave or spiral") \
    X(PHASE, "target", "phase", ZEM_QUANTITY, "radian", "0 degree", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "phase of a weave or spiral at start of homing") \
    X(MANEUVER_START, "target", "start", ZEM_QUANTITY, "s", "0 s", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "time at which a step, ramp or parabola begins") \
    X(RISE_TIME, "target", "rise_time", ZEM_QUANTITY, "s", "1 s", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, NULL, \
      "time after its start at which a ramp or parabola reaches target.acceleration, after which it grows further") \
    X(SWITCHING_RATE, "target", "switching_rate", ZEM_QUANTITY, "Hz", "1 Hz", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "mean reversals per second of a telegraph maneuver") \
    X(ROLL, "target", "roll", ZEM_QUANTITY, "radian", "0 degree", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "direction of the maneuver plane, from channel y towards z; in point-mass turned from the channel y at start " \
      "of homing, which stays fixed in space") \
    X(INTERCEPTOR_SPEED, "interceptor", "speed", ZEM_QUANTITY, "m/s", NULL, ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "speed of the interceptor at nominal collision") \
    X(INTERCEPTOR_FLIGHT_PATH_ANGLE, "interceptor", "flight_path_angle", ZEM_QUANTITY, "radian", NULL, ZEM_ANY, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, "flight path angle of the interceptor at nominal collision") \
    X(HEADING, "interceptor", "heading", ZEM_QUANTITY, "radian", "180 degree", ZEM_ANY, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, "heading of the interceptor, 180 degree is head-on") \
    X(INTERCEPTOR_BALLISTIC_COEFFICIENT, "interceptor", "ballistic_coefficient", ZEM_QUANTITY, "kg/m2", "", \
      ZEM_POSITIVE, ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, \
      "ballistic coefficient m/(CD S) of the interceptor; no drag if absent") \
    X(GUIDANCE, "interceptor", "guidance", ZEM_CHOICE, "1", "pn", ZEM_ANY, 0, &zem_guidance_choice, "guidance law") \
    X(NAVIGATION_GAIN, "interceptor", "navigation_gain", ZEM_NUMBER, "1", "4", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "effective navigation ratio N'") \
    X(TARGET_ACCELERATION_SCALE, "interceptor", "target_acceleration_scale", ZEM_NUMBER, "1", "1", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, \
      "target acceleration that the guidance law assumes, divided by the true one; 0 assumes none") \
    X(ASSUMED_PERIOD, "interceptor", "assumed_period", ZEM_QUANTITY, "s", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, \
      NULL, "period of the weave that the guidance law assumes; if absent target.period, or its mean if it varies") \
    X(TIME_TO_GO_SCALE, "interceptor", "time_to_go_scale", ZEM_NUMBER, "1", "1", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, \
      NULL, "factor of the time to go that guidance takes; 1 is right") \
    X(TIME_TO_GO_BIAS, "interceptor", "time_to_go_bias", ZEM_QUANTITY, "s", "0 s", ZEM_ANY, ZEM_SWEEPS | ZEM_LATER, \
      NULL, "time added to the time to go that guidance takes, which is at least a fifth of the true one") \
    X(SEEKER_LAG, "interceptor", "seeker_lag", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "time constant of the tracker, which is of first order without seeker_damping") \
    X(SEEKER_DAMPING, "interceptor", "seeker_damping", ZEM_NUMBER, "1", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, \
      NULL, \
      "damping ratio zeta with which the tracker is a quadratic lag 1/(1 + 2 zeta T s + T^2 s^2) of time constant T " \
      "= " \
      "seeker_lag; first order if absent") \
    X(FILTER_LAG, "interceptor", "filter_lag", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "time constant of the noise filter, which is of first order without filter_damping") \
    X(FILTER_DAMPING, "interceptor", "filter_damping", ZEM_NUMBER, "1", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, \
      NULL, \
      "damping ratio zeta with which the noise filter is a quadratic lag of time constant filter_lag; first order if " \
      "absent") \
    X(AUTOPILOT_LAG, "interceptor", "autopilot_lag", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "sum of the time constants of the equal stages of the autopilot, of which there are autopilot_order") \
    X(AUTOPILOT_ORDER, "interceptor", "autopilot_order", ZEM_INTEGER, "1", "1", ZEM_RANGE(1, ZEM_STAGES_LIMIT), \
      ZEM_SWEEPS, NULL, "number of equal first-order stages of the autopilot") \
    X(AUTOPILOT_LAG_2, "interceptor", "autopilot_lag_2", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, \
      "time constant of a further first-order stage of the autopilot, which follows those of autopilot_lag") \
    X(AUTOPILOT_LAG_3, "interceptor", "autopilot_lag_3", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, "time constant of a further first-order stage of the autopilot") \
    X(AUTOPILOT_LAG_4, "interceptor", "autopilot_lag_4", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, "time constant of a further first-order stage of the autopilot") \
    X(AUTOPILOT_LAG_5, "interceptor", "autopilot_lag_5", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, "time constant of a further first-order stage of the autopilot") \
    X(QUADRATIC_LAG, "interceptor", "quadratic_lag", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, \
      "time constant T of a quadratic lag 1/(1 + 2 zeta T s + T^2 s^2) that follows the stages of the autopilot") \
    X(QUADRATIC_DAMPING, "interceptor", "quadratic_damping", ZEM_NUMBER, "1", "0.7", ZEM_POSITIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, "damping ratio zeta of the quadratic lag") \
    X(TURNING_RATE_LAG, "interceptor", "turning_rate_lag", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, \
      "turning-rate time constant: angle of attack divided by the rate at which the flight path turns") \
    X(ACCELERATION_LIMIT, "interceptor", "acceleration_limit", ZEM_QUANTITY, "m/s2", "", ZEM_POSITIVE, ZEM_SWEEPS, \
      NULL, "largest commanded acceleration, both channels together") \
    X(AERODYNAMIC_LIMIT, "interceptor", "aerodynamic_limit", ZEM_QUANTITY, "m/s2", "", ZEM_POSITIVE, \
      ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, \
      "largest aerodynamic acceleration at reference_dynamic_pressure, scales with dynamic pressure") \
    X(REFERENCE_DYNAMIC_PRESSURE, "interceptor", "reference_dynamic_pressure", ZEM_QUANTITY, "Pa", "100 kPa", \
      ZEM_POSITIVE, ZEM_SWEEPS | ZEM_POINT_MASS_ONLY, NULL, "dynamic pressure at which aerodynamic_limit holds") \
    X(DIVERT_LIMIT, "interceptor", "divert_limit", ZEM_QUANTITY, "m/s", "", ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "largest integral of the magnitude of the acceleration; a command that is held in the blind time still counts") \
    X(HEADING_ERROR_Y, "interceptor", "heading_error_y", ZEM_QUANTITY, "radian", "0 degree", ZEM_ANY, \
      ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "heading error at start of homing, channel y; channel y is horizontal, the cross product of up and the line of " \
      "sight at start of homing, and z completes the right-handed set; in point-mass the error of y turns the " \
      "velocity first, then that of z") \
    X(HEADING_ERROR_Z, "interceptor", "heading_error_z", ZEM_QUANTITY, "radian", "0 degree", ZEM_ANY, \
      ZEM_SWEEPS | ZEM_VARIES, NULL, \
      "heading error at start of homing, channel z; in point-mass it turns the velocity after heading_error_y has") \
    X(DISPLACEMENT_Y, "interceptor", "displacement_y", ZEM_QUANTITY, "m", "0 m", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, \
      NULL, "displacement at start of homing, channel y") \
    X(DISPLACEMENT_Z, "interceptor", "displacement_z", ZEM_QUANTITY, "m", "0 m", ZEM_ANY, ZEM_SWEEPS | ZEM_VARIES, \
      NULL, "displacement at start of homing, channel z") \
    X(GLINT, "seeker", "glint", ZEM_QUANTITY, "m2/Hz", "0 m2/Hz", ZEM_NONNEGATIVE, ZEM_SWEEPS | ZEM_NOISE, NULL, \
      "two-sided power spectral density of glint") \
    X(ANGLE_NOISE, "seeker", "angle_noise", ZEM_QUANTITY, "rad2/Hz", "0 rad2/Hz", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_NOISE, NULL, "two-sided power spectral density of range-independent angle noise") \
    X(SEMIACTIVE_NOISE, "seeker", "semiactive_noise", ZEM_QUANTITY, "rad2/Hz", "0 rad2/Hz", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_NOISE, NULL, \
      "power spectral density at reference_range of noise whose standard deviation grows with range") \
    X(ACTIVE_NOISE, "seeker", "active_noise", ZEM_QUANTITY, "rad2/Hz", "0 rad2/Hz", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS | ZEM_NOISE, NULL, \
      "power spectral density at reference_range of noise whose standard deviation grows with range squared") \
    X(REFERENCE_RANGE, "seeker", "reference_range", ZEM_QUANTITY, "m", "10 km", ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "range at which semiactive_noise and active_noise hold") \
    X(BLIND_TIME, "seeker", "blind_time", ZEM_QUANTITY, "s", "1 ms", ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "time before collision of the last measurement") \
    X(ACQUISITION_RANGE, "seeker", "acquisition_range", ZEM_QUANTITY, "m", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, \
      NULL, \
      "range at which the seeker looks for the target; until then the interceptor flies without command; at start of " \
      "homing if absent") \
    X(ACQUISITION_ANGLE, "seeker", "acquisition_angle", ZEM_QUANTITY, "radian", "", ZEM_POSITIVE, \
      ZEM_SWEEPS | ZEM_LATER, NULL, \
      "half of the cone about the nominal line of sight within which the seeker acquires the target when it looks; " \
      "more than 90 degree counts as 90; a trial without acquisition ends without a hit") \
    X(RADOME_SLOPE, "seeker", "radome_slope", ZEM_NUMBER, "1", "0", ZEM_ANY, ZEM_SWEEPS | ZEM_LATER, NULL, \
      "angle by which the radome bends the line of sight, per angle by which the interceptor pitches") \
    X(SAMPLE_INTERVAL, "seeker", "sample_interval", ZEM_QUANTITY, "s", "", ZEM_POSITIVE, ZEM_SWEEPS | ZEM_LATER, NULL, \
      "time between two measurements of a sampled seeker, whose fading-memory filter replaces tracker and noise " \
      "filter; the noise of a measurement is white noise averaged over the interval, so its variance is the power " \
      "spectral density divided by the interval") \
    X(SAMPLE_DELAY, "seeker", "sample_delay", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, ZEM_SWEEPS | ZEM_LATER, NULL, \
      "time from a measurement until guidance has its estimate, at most 15 times sample_interval") \
    X(FADING_MEMORY, "seeker", "fading_memory", ZEM_NUMBER, "1", "0.5", ZEM_FRACTION, ZEM_SWEEPS | ZEM_LATER, NULL, \
      "memory of the sampled seeker's filter, by which a measurement counts less than the one after it") \
    X(ESTIMATOR, "seeker", "estimator", ZEM_CHOICE, "1", "none", ZEM_ANY, 0, &zem_estimator_choice, \
      "what guidance knows of the target") \
    X(ESTIMATOR_ACCELERATION, "seeker", "estimator_acceleration", ZEM_QUANTITY, "m/s2", "", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS, NULL, \
      "maneuver level that the Kalman filter assumes; if absent the root mean square of target.acceleration, at " \
      "least 0.1 gravity, because a filter that assumes no acceleration soon ignores its measurements and drifts " \
      "with drag and gravity, which it does not know") \
    X(ESTIMATOR_PROCESS_NOISE, "seeker", "estimator_process_noise", ZEM_QUANTITY, "m2/s5", "", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS, NULL, \
      "spectral density of the target's jerk that the Kalman filter assumes; estimator_acceleration squared over " \
      "flight_time if absent") \
    X(ESTIMATOR_SIGMA_POSITION, "seeker", "estimator_sigma_position", ZEM_QUANTITY, "m", "", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS, NULL, \
      "standard deviation of the position that the Kalman filter assumes at start of homing; that of the " \
      "displacements if absent") \
    X(ESTIMATOR_SIGMA_VELOCITY, "seeker", "estimator_sigma_velocity", ZEM_QUANTITY, "m/s", "", ZEM_NONNEGATIVE, \
      ZEM_SWEEPS, NULL, \
      "standard deviation of the velocity that the Kalman filter assumes at start of homing; that of the heading " \
      "errors if absent") \
    X(ESTIMATOR_SIGMA_ACCELERATION, "seeker", "estimator_sigma_acceleration", ZEM_QUANTITY, "m/s2", "", \
      ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "standard deviation of the target's acceleration that the Kalman filter assumes at start of homing; if absent " \
      "that of a maneuver of level estimator_acceleration") \
    X(SHOTS, "salvo", "shots", ZEM_INTEGER, "1", "1", ZEM_RANGE(1, ZEM_SHOTS_LIMIT), 0, NULL, \
      "interceptors against the same target realisation") \
    X(SPACING, "salvo", "spacing", ZEM_QUANTITY, "s", "0 s", ZEM_NONNEGATIVE, ZEM_SWEEPS, NULL, \
      "time between two shots of a salvo") \
    X(LETHALITY, "scoring", "lethality", ZEM_CHOICE, "1", "cookie-cutter", ZEM_ANY, 0, &zem_lethality_choice, \
      "how a miss distance becomes a hit") \
    X(TRIALS, "run", "trials", ZEM_INTEGER, "1", NULL, ZEM_RANGE(1, 72057594037927936), ZEM_SWEEPS, NULL, \
      "trials per cell; the upper bound if precision is given") \
    X(PRECISION, "run", "precision", ZEM_NUMBER, "1", "", ZEM_FRACTION, ZEM_SWEEPS, NULL, \
      "half-width of the interval to reach") \
    X(CONFIDENCE, "run", "confidence", ZEM_NUMBER, "1", "0.95", ZEM_FRACTION, ZEM_SWEEPS, NULL, \
      "confidence level of every interval") \
    X(SEED, "run", "seed", ZEM_INTEGER, "1", "1", ZEM_RANGE(0, UINT64_MAX), 0, NULL, \
      "key of the random numbers, 64 bits") \
    X(RANDOM_NUMBERS, "run", "random_numbers", ZEM_CHOICE, "1", "independent", ZEM_ANY, 0, &zem_random_numbers_choice, \
      "whether cells draw different numbers or the same") \
    X(STEP, "run", "step", ZEM_QUANTITY, "s", "", ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "largest integration step; chosen from the time constants and the filter if absent") \
    X(STEP_RATIO, "run", "step_ratio", ZEM_NUMBER, "1", "", ZEM_POSITIVE, ZEM_SWEEPS, NULL, \
      "step <= time-to-go / step_ratio, at least 2; if absent 7; for ogl with a lag 14, or 28 at a limit without " \
      "noise; up to five times as much if guidance takes a time to go that is too short")

/* Indices of scenario->value[] and of the table of keys. */
enum zem_key {
#define ZEM_KEY_ENUMERATOR(identifier, ...) ZEM_KEY_##identifier,
    ZEM_SCENARIO_KEYS(ZEM_KEY_ENUMERATOR)
#undef ZEM_KEY_ENUMERATOR
        ZEM_KEY_COUNT
};

#ifndef __SIZEOF_INT128__
#error "zem needs 128-bit integers, which gcc and clang have on 64-bit processors only"
#endif

/* A set of keys, with one bit for each key. ZEM_KEY_SET(PERIOD) contains only that key, and ZEM_KEY_SET_OF(key) only
 * `key`. */
__extension__ typedef unsigned __int128 zem_key_set;
#define ZEM_KEY_SET_BITS 128
#define ZEM_KEY_SET_OF(key) ((zem_key_set)1 << (key) % ZEM_KEY_SET_BITS)
#define ZEM_KEY_SET(identifier) ZEM_KEY_SET_OF(ZEM_KEY_##identifier)
/* The keys from salvo.shots on have no bit in a zem_key_set. They need none, because no choice, such as
 * target.maneuver, leaves them without effect. */
_Static_assert(ZEM_KEY_SHOTS <= ZEM_KEY_SET_BITS, "a bit for every key that may be in a set");

/* Sets of the keys that have a flag, as constant expressions. */
#define ZEM_KEY_IF_LINEAR(identifier, section, name, kind, unit, default_text, rule, flags, ...) \
    | (((flags)&ZEM_LINEAR_ONLY) != 0 ? ZEM_KEY_SET(identifier) : 0)
#define ZEM_KEY_IF_POINT_MASS(identifier, section, name, kind, unit, default_text, rule, flags, ...) \
    | (((flags)&ZEM_POINT_MASS_ONLY) != 0 ? ZEM_KEY_SET(identifier) : 0)
#define ZEM_KEY_IF_NOISE(identifier, section, name, kind, unit, default_text, rule, flags, ...) \
    | (((flags)&ZEM_NOISE) != 0 ? ZEM_KEY_SET(identifier) : 0)
#define ZEM_KEY_IF_VARIES(identifier, section, name, kind, unit, default_text, rule, flags, ...) \
    | (((flags)&ZEM_VARIES) != 0 ? ZEM_KEY_SET(identifier) : 0)
#define ZEM_KEY_IF_CHOICE(identifier, section, name, kind, ...) \
    | ((kind) == ZEM_CHOICE && ZEM_KEY_##identifier < ZEM_KEY_SHOTS ? ZEM_KEY_SET(identifier) : 0)
#define ZEM_LINEAR_KEYS (0 ZEM_SCENARIO_KEYS(ZEM_KEY_IF_LINEAR))
#define ZEM_POINT_MASS_KEYS (0 ZEM_SCENARIO_KEYS(ZEM_KEY_IF_POINT_MASS))
#define ZEM_NOISE_KEYS (0 ZEM_SCENARIO_KEYS(ZEM_KEY_IF_NOISE))
#define ZEM_VARYING_KEYS (0 ZEM_SCENARIO_KEYS(ZEM_KEY_IF_VARIES))
/* The choices that can leave other keys without effect. The choices from salvo.shots on leave no key without effect. */
#define ZEM_CHOICE_KEYS (0 ZEM_SCENARIO_KEYS(ZEM_KEY_IF_CHOICE))

/* Returns the first key of a set, which must not be empty. */
static inline enum zem_key zem_key_first(zem_key_set keys)
{
    const uint64_t low = (uint64_t)keys, high = (uint64_t)(keys >> 64);
    return (enum zem_key)(low != 0 ? __builtin_ctzll(low) : 64 + __builtin_ctzll(high));
}

#endif
