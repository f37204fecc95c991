/* The tables of choices. A choice is a key whose value is one of several words, and each word has one row. The row is
 * the only place where the word is written; reading, printing, the key reference and the schema use it. It also says
 * which features of the kernels a cell gets (cell/cell.c) and which keys have an effect (scenario_check.c). This file
 * does not define how an engagement is flown.
 *
 * CONTRIBUTING.md says how to add a maneuver or a guidance law. tests/choices_test.c flies every row and compares it
 * with a formula; it fails if a row has none.
 *
 * X(choice, identifier, word, meaning, features, keys, properties)
 *   choice      the key of the choice, as in scenario_keys.h
 *   identifier  gives the enumerator ZEM_choice_identifier; append, never reorder: the digest contains its number
 *   word        the word in a scenario
 *   meaning     what the word does, as the key reference and the manual page print it; not a whole sentence
 *   features    ZEM_FEATURE_... that cells with this word have
 *   keys        set of keys that have an effect with this word. A key that is in some rows of a choice has an effect
 *               only with the words of these rows. A key in no row of a choice does not depend on the choice.
 *   properties  bits of enum zem_choice_property */
#ifndef ZEM_CHOICES_H
#define ZEM_CHOICES_H

#include "scenario/scenario_keys.h"

#include <stddef.h>
#include <stdint.h>

enum zem_choice_property {
    /* Guidance law: the command is the line-of-sight rate times navigation_gain and the closing speed. Steps may then
     * be flown by transition matrices (kernels/transition.h). Laws without this property are flown by Runge-Kutta
     * steps. */
    ZEM_BY_TRANSITION = 1,
    /* Guidance law: the law divides by the autopilot lag. */
    ZEM_NEEDS_AUTOPILOT_LAG = 2,
    /* Maneuver: each component of the acceleration is a sine, whose mean square is half the square of the amplitude. */
    ZEM_SINUSOIDAL = 4,
    /* Guidance law: the law is made for a sinusoidal maneuver and must know the target's acceleration and its rate of
     * change. */
    ZEM_NEEDS_WEAVE = 8
};

/* Keys that say what a Kalman filter assumes about the target. */
#define ZEM_FILTER_KEYS \
    (ZEM_KEY_SET(ESTIMATOR_ACCELERATION) | ZEM_KEY_SET(ESTIMATOR_PROCESS_NOISE) \
     | ZEM_KEY_SET(ESTIMATOR_SIGMA_POSITION) | ZEM_KEY_SET(ESTIMATOR_SIGMA_VELOCITY) \
     | ZEM_KEY_SET(ESTIMATOR_SIGMA_ACCELERATION))

/* ZEM_MEASURING_KEYS are the keys that say how a seeker measures. ZEM_SEEKER_KEYS are these and the keys that have an
 * effect only without an estimator, when guidance uses the line-of-sight rate of the seeker itself. */
#define ZEM_MEASURING_KEYS (ZEM_KEY_SET(RADOME_SLOPE) | ZEM_KEY_SET(SAMPLE_INTERVAL))
#define ZEM_SEEKER_KEYS \
    (ZEM_MEASURING_KEYS | ZEM_KEY_SET(SAMPLE_DELAY) | ZEM_KEY_SET(FADING_MEMORY) | ZEM_KEY_SET(SEEKER_DAMPING) \
     | ZEM_KEY_SET(FILTER_DAMPING))

/* Keys of the time constants of further first-order stages of the autopilot, which follow the stages of
 * autopilot_lag. */
#define ZEM_STAGE_KEYS \
    (ZEM_KEY_SET(AUTOPILOT_LAG_2) | ZEM_KEY_SET(AUTOPILOT_LAG_3) | ZEM_KEY_SET(AUTOPILOT_LAG_4) \
     | ZEM_KEY_SET(AUTOPILOT_LAG_5))

/* Keys of the loop from seeker to autopilot. They have no effect without guidance. */
#define ZEM_LOOP_KEYS \
    (ZEM_NOISE_KEYS | ZEM_KEY_SET(SEEKER_LAG) | ZEM_KEY_SET(FILTER_LAG) | ZEM_KEY_SET(AUTOPILOT_LAG) \
     | ZEM_KEY_SET(AUTOPILOT_ORDER) | ZEM_KEY_SET(ACCELERATION_LIMIT) | ZEM_KEY_SET(AERODYNAMIC_LIMIT) \
     | ZEM_KEY_SET(REFERENCE_DYNAMIC_PRESSURE) | ZEM_KEY_SET(DIVERT_LIMIT) | ZEM_KEY_SET(REFERENCE_RANGE) \
     | ZEM_KEY_SET(ESTIMATOR) | ZEM_FILTER_KEYS | ZEM_KEY_SET(QUADRATIC_LAG) | ZEM_KEY_SET(QUADRATIC_DAMPING) \
     | ZEM_KEY_SET(TURNING_RATE_LAG) | ZEM_KEY_SET(ACQUISITION_RANGE) | ZEM_KEY_SET(ACQUISITION_ANGLE) \
     | ZEM_STAGE_KEYS | ZEM_SEEKER_KEYS)

/* ZEM_TIME_TO_GO_KEYS are the keys of guidance laws whose formula contains the time to go. ZEM_KNOWING_KEYS are those
 * of guidance laws that use the target's acceleration. */
#define ZEM_TIME_TO_GO_KEYS (ZEM_KEY_SET(TIME_TO_GO_SCALE) | ZEM_KEY_SET(TIME_TO_GO_BIAS))
#define ZEM_KNOWING_KEYS ZEM_KEY_SET(TARGET_ACCELERATION_SCALE)

/* Keys that have an effect with every maneuver except "none". */
#define ZEM_MANEUVER_KEYS (ZEM_KEY_SET(TARGET_ACCELERATION) | ZEM_KEY_SET(ROLL) | ZEM_KEY_SET(LIFT_TO_DRAG))

#define ZEM_KINEMATICS_ROWS(X) \
    X(KINEMATICS, LINEAR, "linear", \
      "small motion normal to a line of sight that the bodies close at a constant speed", 0, ZEM_LINEAR_KEYS, 0) \
    X(KINEMATICS, POINT_MASS, "point-mass", "both bodies in three dimensions, with gravity and, if asked for, drag", \
      ZEM_FEATURE_POINT_MASS, ZEM_POINT_MASS_KEYS, 0)

#define ZEM_MANEUVER_ROWS(X) \
    X(MANEUVER, NONE, "none", "no acceleration", 0, 0, 0) \
    X(MANEUVER, STEP, "step", "a constant acceleration from `target.start` on", ZEM_FEATURE_STEP, \
      ZEM_MANEUVER_KEYS | ZEM_KEY_SET(MANEUVER_START), 0) \
    X(MANEUVER, WEAVE, "weave", "an acceleration that swings as a sine in one plane", ZEM_FEATURE_WEAVE, \
      ZEM_MANEUVER_KEYS | ZEM_KEY_SET(PERIOD) | ZEM_KEY_SET(PHASE), ZEM_SINUSOIDAL) \
    X(MANEUVER, SPIRAL, "spiral", "an acceleration of constant size that turns once in a period", ZEM_FEATURE_SPIRAL, \
      ZEM_MANEUVER_KEYS | ZEM_KEY_SET(PERIOD) | ZEM_KEY_SET(PHASE), ZEM_SINUSOIDAL) \
    X(MANEUVER, TELEGRAPH, "telegraph", "an acceleration of constant size that reverses at random instants", \
      ZEM_FEATURE_TELEGRAPH, ZEM_MANEUVER_KEYS | ZEM_KEY_SET(SWITCHING_RATE), 0) \
    X(MANEUVER, RAMP, "ramp", "an acceleration that grows in proportion to the time since `target.start`", \
      ZEM_FEATURE_RAMP, ZEM_MANEUVER_KEYS | ZEM_KEY_SET(MANEUVER_START) | ZEM_KEY_SET(RISE_TIME), 0) \
    X(MANEUVER, PARABOLA, "parabola", "an acceleration that grows as the square of the time since `target.start`", \
      ZEM_FEATURE_PARABOLA, ZEM_MANEUVER_KEYS | ZEM_KEY_SET(MANEUVER_START) | ZEM_KEY_SET(RISE_TIME), 0)

#define ZEM_GUIDANCE_ROWS(X) \
    X(GUIDANCE, NONE, "none", "no command", 0, 0, 0) \
    X(GUIDANCE, PN, "pn", "proportional navigation", ZEM_FEATURE_GUIDANCE, \
      ZEM_LOOP_KEYS | ZEM_KEY_SET(NAVIGATION_GAIN), ZEM_BY_TRANSITION) \
    X(GUIDANCE, APN, "apn", "augmented proportional navigation, which also answers the target's acceleration", \
      ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_APN, ZEM_LOOP_KEYS | ZEM_KEY_SET(NAVIGATION_GAIN) | ZEM_KNOWING_KEYS, 0) \
    X(GUIDANCE, OGL, "ogl", "the optimal law for an autopilot of one lag, whose gain follows from that lag", \
      ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_OGL, ZEM_LOOP_KEYS | ZEM_KNOWING_KEYS | ZEM_TIME_TO_GO_KEYS, \
      ZEM_NEEDS_AUTOPILOT_LAG) \
    X(GUIDANCE, WEAVE_LAW, "weave-law", \
      "proportional navigation that answers the motion of a target that keeps turning with a known period", \
      ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_WEAVE_LAW, \
      ZEM_LOOP_KEYS | ZEM_KEY_SET(NAVIGATION_GAIN) | ZEM_KNOWING_KEYS | ZEM_TIME_TO_GO_KEYS \
          | ZEM_KEY_SET(ASSUMED_PERIOD), \
      ZEM_NEEDS_WEAVE)

#define ZEM_ESTIMATOR_ROWS(X) \
    X(ESTIMATOR, NONE, "none", \
      "the line-of-sight rate of the tracker and its filter, and the target's true acceleration", 0, \
      ZEM_NOISE_KEYS | ZEM_SEEKER_KEYS | ZEM_KNOWING_KEYS, 0) \
    X(ESTIMATOR, PERFECT, "perfect", "the true state", ZEM_FEATURE_PERFECT, ZEM_KNOWING_KEYS, 0) \
    X(ESTIMATOR, KALMAN, "kalman", "the estimates of a Kalman filter of three states in each channel", \
      ZEM_FEATURE_KALMAN, ZEM_NOISE_KEYS | ZEM_FILTER_KEYS | ZEM_MEASURING_KEYS, 0)

#define ZEM_LETHALITY_ROWS(X) \
    X(LETHALITY, COOKIE_CUTTER, "cookie-cutter", "a miss distance below the hit radius is a hit", 0, 0, 0) \
    X(LETHALITY, CARLETON, "carleton", "a miss distance is a hit with probability exp(-miss^2/(2 hit_radius^2))", \
      ZEM_FEATURE_CARLETON, 0, 0)

#define ZEM_RANDOM_NUMBERS_ROWS(X) \
    X(RANDOM_NUMBERS, INDEPENDENT, "independent", "every cell draws numbers of its own", 0, 0, 0) \
    X(RANDOM_NUMBERS, COMMON, "common", \
      "every cell draws the same numbers, so that cells differ by their values alone", 0, 0, 0)

/* The spacing of a sweep axis. It is a part of an axis and not a key. */
#define ZEM_AXIS_SPACING_ROWS(X) \
    X(AXIS_SPACING, LINEAR, "linear", "equal differences between neighbours", 0, 0, 0) \
    X(AXIS_SPACING, LOG, "log", "equal ratios between neighbours", 0, 0, 0)

/* All choices, as X(identifier, name). Each has a table ZEM_identifier_ROWS and a structure zem_name_choice. */
#define ZEM_CHOICES(X) \
    X(KINEMATICS, kinematics) \
    X(MANEUVER, maneuver) \
    X(GUIDANCE, guidance) \
    X(ESTIMATOR, estimator) \
    X(LETHALITY, lethality) \
    X(RANDOM_NUMBERS, random_numbers) \
    X(AXIS_SPACING, axis_spacing)

/* One row of the table of a choice. */
struct zem_choice_row {
    const char *word, *meaning;
    uint64_t features; /* ZEM_FEATURE_... of kernels/layout.h */
    zem_key_set keys;
    unsigned properties; /* enum zem_choice_property */
};

struct zem_choice {
    const struct zem_choice_row *row; /* `count` rows, indexed by the enumerators below */
    unsigned count;
    zem_key_set keys; /* all keys that are in at least one row */
};

/* Declares for each choice, such as maneuver: enum zem_maneuver { ZEM_MANEUVER_NONE, ..., ZEM_MANEUVER_COUNT } and the
 * structure zem_maneuver_choice. */
#define ZEM_CHOICE_ENUMERATOR(choice, identifier, ...) ZEM_##choice##_##identifier,
#define ZEM_CHOICE_DECLARE(choice, name) \
    enum zem_##name{ZEM_##choice##_ROWS(ZEM_CHOICE_ENUMERATOR) ZEM_##choice##_COUNT}; \
    extern const struct zem_choice zem_##name##_choice;
ZEM_CHOICES(ZEM_CHOICE_DECLARE)
#undef ZEM_CHOICE_ENUMERATOR
#undef ZEM_CHOICE_DECLARE

/* Returns the index of a word, or choice->count if there is no such word. */
unsigned zem_choice_find(const struct zem_choice *choice, const char *word);

/* Writes all words of a choice into text[size], separated by the text `between`. Returns `text`. */
const char *zem_choice_words(const struct zem_choice *choice, const char *between, char *text, size_t size);

#endif
