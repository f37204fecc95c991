/* Derives the features, the step and the parameters of a cell from its values. Numbers for the kernels are rounded from
 * double to float here and in cell_causes.c, each of them once. */
#include "cell/cell.h"

#include "base/exact_math.h"
#include "cell/ballistics.h"
#include "cell/cell_causes.h"
#include "cell/cell_step.h"
#include "cell/schedule_table.h"
#include "scenario/distribution.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"

#include <math.h>
#include <string.h>

#define TURN 6.283185307179586476925 /* rad in a turn */

/* The quantities that may vary per trial: member of enum zem_varied, key, number of key units in a kernel unit. */
#define QUANTITIES(X) \
    X(ACCELERATION, TARGET_ACCELERATION, 1.0) \
    X(PERIOD, PERIOD, 1.0) \
    X(PHASE, PHASE, TURN) \
    X(START, MANEUVER_START, 1.0) \
    X(ROLL, ROLL, TURN) \
    X(HEADING_Y, HEADING_ERROR_Y, 1.0) \
    X(HEADING_Z, HEADING_ERROR_Z, 1.0) \
    X(DISPLACEMENT_Y, DISPLACEMENT_Y, 1.0) \
    X(DISPLACEMENT_Z, DISPLACEMENT_Z, 1.0)

static const struct {
    enum zem_key key;
    double unit;
} quantities[ZEM_VARIED_COUNT] = {
#define QUANTITY_LINE(varied, key, unit) [ZEM_VARIED_##varied] = {ZEM_KEY_##key, unit},
    QUANTITIES(QUANTITY_LINE)};

#define QUANTITY_KEY(varied, key, unit) | ZEM_KEY_SET(key)
#define QUANTITY_PLACE(varied, key, unit) | 1u << ZEM_VARIED_##varied
_Static_assert((0 QUANTITIES(QUANTITY_KEY)) == ZEM_VARYING_KEYS, "keys with the flag ZEM_VARIES");
_Static_assert((0 QUANTITIES(QUANTITY_PLACE)) == (1u << ZEM_VARIED_COUNT) - 1u, "members of enum zem_varied");

enum zem_key zem_cell_varied_key(unsigned varied) { return quantities[varied].key; }

_Static_assert(ZEM_RADII_MAX <= ZEM_RADII_LIMIT, "a cell has room for every hit radius of a scenario");

/* Returns the features that keys of point-mass kinematics switch on. */
static feature_set body_features(const struct zem_value *value)
{
    feature_set f = 0;
    if (value[ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT].present)
        f |= ZEM_FEATURE_TARGET_DRAG;
    if (value[ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT].present && value[ZEM_KEY_LIFT_TO_DRAG].present)
        f |= ZEM_FEATURE_LIFT_LIMIT;
    if (value[ZEM_KEY_INTERCEPTOR_BALLISTIC_COEFFICIENT].present)
        f |= ZEM_FEATURE_INTERCEPTOR_DRAG;
    if (value[ZEM_KEY_AERODYNAMIC_LIMIT].present)
        f |= ZEM_FEATURE_AERODYNAMIC_LIMIT;
    return f;
}

/* Returns the features of the loop from seeker to autopilot, for a cell with guidance. */
static feature_set loop_features(const struct zem_value *value, zem_key_set idle)
{
    const bool seeker_alone = zem_choice_index(value, ZEM_KEY_ESTIMATOR) == ZEM_ESTIMATOR_NONE;
    feature_set f = zem_choice_row(value, ZEM_KEY_ESTIMATOR)->features;
    f |= zem_causes_features(value, idle);
    if (seeker_alone && !(f & ZEM_FEATURE_SAMPLED) && zem_number_or_zero(value, ZEM_KEY_SEEKER_LAG) > 0.0)
        f |= ZEM_FEATURE_TRACKER;
    if (seeker_alone && !(f & ZEM_FEATURE_SAMPLED) && zem_number_or_zero(value, ZEM_KEY_FILTER_LAG) > 0.0)
        f |= ZEM_FEATURE_FILTER;
    if ((f & ZEM_FEATURE_TRACKER) && value[ZEM_KEY_SEEKER_DAMPING].present)
        f |= ZEM_FEATURE_QUADRATIC_TRACKER;
    if ((f & ZEM_FEATURE_FILTER) && value[ZEM_KEY_FILTER_DAMPING].present)
        f |= ZEM_FEATURE_QUADRATIC_FILTER;
    if (zem_number_or_zero(value, ZEM_KEY_AUTOPILOT_LAG) > 0.0)
        f |= ZEM_FEATURE_AUTOPILOT;
    if (value[ZEM_KEY_ACCELERATION_LIMIT].present)
        f |= ZEM_FEATURE_LIMIT;
    if (value[ZEM_KEY_DIVERT_LIMIT].present)
        f |= ZEM_FEATURE_DIVERT_LIMIT;
    for (zem_key_set noise = ZEM_NOISE_KEYS & ~idle; noise != 0; noise &= noise - 1)
        if (zem_number_or_zero(value, zem_key_first(noise)) > 0.0)
            f |= ZEM_FEATURE_NOISE;
    return f;
}

feature_set zem_cell_features(const struct zem_value value[ZEM_KEY_COUNT])
{
    const feature_set lags = ZEM_FEATURE_TRACKER | ZEM_FEATURE_FILTER | ZEM_FEATURE_AUTOPILOT;
    const feature_set off_chain = ZEM_FEATURE_DIVERT_LIMIT | ZEM_FEATURE_RADOME | ZEM_FEATURE_QUADRATIC
                                  | ZEM_FEATURE_UNEQUAL | ZEM_FEATURE_QUADRATIC_TRACKER | ZEM_FEATURE_QUADRATIC_FILTER
                                  | ZEM_FEATURE_ACQUISITION | ZEM_FEATURE_POINT_MASS;
    const struct zem_choice_row *law = zem_choice_row(value, ZEM_KEY_GUIDANCE);
    const zem_key_set idle = zem_keys_idle(value);
    feature_set f = zem_choice_row(value, ZEM_KEY_KINEMATICS)->features
                    | zem_choice_row(value, ZEM_KEY_MANEUVER)->features | law->features
                    | zem_choice_row(value, ZEM_KEY_LETHALITY)->features;
    if (f & ZEM_FEATURE_POINT_MASS)
        f |= body_features(value);
    if (f & ZEM_FEATURE_GUIDANCE)
        f |= loop_features(value, idle);
    if ((f & lags) == lags && (law->properties & ZEM_BY_TRANSITION) && !(f & off_chain))
        f |= ZEM_FEATURE_TRANSITION;
    if (!zem_key_in(idle, ZEM_KEY_PERIOD) && value[ZEM_KEY_PERIOD].distribution != ZEM_CONSTANT)
        f |= ZEM_FEATURE_VARIED_PERIOD;
    if (value[ZEM_KEY_SHOTS].integer > 1)
        f |= ZEM_FEATURE_SALVO;
    return f;
}

bool zem_cell_limits_white_noise(feature_set features)
{
    return (features & ZEM_FEATURE_NOISE)
           && (features & (ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT))
           && !(features
                & (ZEM_FEATURE_FILTER | ZEM_FEATURE_QUADRATIC_TRACKER | ZEM_FEATURE_KALMAN | ZEM_FEATURE_SAMPLED));
}

/* Returns the words that a message puts before the key of a lag to name its fastest part; none if it has one part. */
static const char *part_of(const struct zem_lag *lag)
{
    return lag->damping > 0.0 ? "the fast part of " : lag->key == ZEM_KEY_AUTOPILOT_LAG ? "a stage of " : "";
}

/* Refuses a run.step with which the integration of a lag is unstable. A Runge-Kutta step of fourth order is stable up
 * to 2.785 time constants of a lag of first order, and up to 2.61 of a quadratic lag of any damping below 1 (Hairer and
 * Wanner, Solving Ordinary Differential Equations II, section IV.2). With a longer step the command grows from step to
 * step. Steps by transition matrices are exact for the lags and always pass. */
static int step_check(const struct zem_value *value, feature_set features, struct zem_error *error)
{
    struct zem_lag lag[ZEM_LAGS];
    char path[96];
    const double longest =
        fmin(zem_cell_step(value), zem_number_or_zero(value, ZEM_KEY_FLIGHT_TIME) / zem_cell_step_ratio(value));
    if (!value[ZEM_KEY_STEP].present || (features & ZEM_FEATURE_TRANSITION))
        return ZEM_OK;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++) {
        const double shortest = zem_lag_shortest(&lag[k]),
                     stable = lag[k].damping > 0.0 && lag[k].damping < 1.0 ? 2.61 : 2.785;
        if ((features & lag[k].feature) && shortest > 0.0 && longest > stable * shortest)
            return zem_error_set(
                error, ZEM_BAD_INPUT,
                "run.step of %g s is unstable: it is above %g times %s%s, which is %g s; write run.step: "
                "%.3g s or less, or leave it out for a step that is chosen from the lags",
                value[ZEM_KEY_STEP].first, stable, part_of(&lag[k]), zem_key_path(lag[k].key, path, sizeof path),
                shortest, 0.75 * shortest);
    }
    return ZEM_OK;
}

/* Refuses a flight of too many steps. The message says what makes the steps short. */
static int refuse_steps(const struct zem_value *value, feature_set features, struct zem_error *error)
{
    struct zem_lag lag[ZEM_LAGS];
    const struct zem_lag *fastest = NULL;
    char path[96];
    const double flight_time = zem_number_or_zero(value, ZEM_KEY_FLIGHT_TIME), step = zem_cell_step(value);
    if (flight_time / step + 2.0 * zem_causes_samples(value) <= ZEM_SCHEDULE_LIMIT)
        return zem_error_set(
            error, ZEM_BAD_INPUT,
            "a flight of %g s in steps of %g s takes more than %u steps with a step_ratio of %g: lower "
            "run.step_ratio",
            flight_time, step, ZEM_SCHEDULE_LIMIT, zem_cell_step_ratio(value));
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++)
        if ((features & lag[k].feature) && zem_lag_shortest(&lag[k]) > 0.0
            && (fastest == NULL || zem_lag_shortest(&lag[k]) < zem_lag_shortest(fastest)))
            fastest = &lag[k];
    if (value[ZEM_KEY_STEP].present || fastest == NULL || zem_lag_shortest(fastest) > 2.0 * step)
        return zem_error_set(
            error, ZEM_BAD_INPUT,
            "a flight of %g s in steps of %g s takes more than %u steps: raise run.step or the time constants",
            flight_time, step, ZEM_SCHEDULE_LIMIT);
    return zem_error_set(error, ZEM_BAD_INPUT,
                         "a flight of %g s in steps of %g s takes more than %u steps, because %s%s is %g s: raise it%s",
                         flight_time, step, ZEM_SCHEDULE_LIMIT, part_of(fastest),
                         zem_key_path(fastest->key, path, sizeof path), zem_lag_shortest(fastest),
                         fastest->damping > 1.0 ? ", or take a damping nearer to 1" : "");
}

static struct quantity quantity_of(const struct zem_value *value, double unit)
{
    struct quantity q = {.base = (float)(value->first / unit), .scale = 0.0f, .kind = ZEM_QUANTITY_CONSTANT};
    if (value->distribution == ZEM_NORMAL && value->second > 0.0) {
        q.scale = (float)(value->second / unit);
        q.kind = ZEM_QUANTITY_NORMAL;
    } else if (value->distribution == ZEM_UNIFORM && value->second > value->first) {
        q.scale = (float)((value->second - value->first) / unit);
        q.kind = ZEM_QUANTITY_UNIFORM;
    }
    return q;
}

/* Returns the mean square of the target's acceleration that the Kalman filter assumes: from its own key, or from the
 * target's key with a floor. Without process noise the gains would fall towards 0 in time, and whatever the filter does
 * not know, such as drag, would make the estimates drift away. The floor is a tenth of gravity: the size of drag and
 * gravity across the line of sight, and small beside maneuvers. */
static double assumed_mean_square(const struct zem_value *value, zem_key_set idle)
{
    const double floor_level = 0.1 * 9.80665;
    if (value[ZEM_KEY_ESTIMATOR_ACCELERATION].present)
        return zem_distribution_mean_square(&value[ZEM_KEY_ESTIMATOR_ACCELERATION]);
    return fmax(zem_key_in(idle, ZEM_KEY_TARGET_ACCELERATION)
                    ? 0.0
                    : zem_distribution_mean_square(&value[ZEM_KEY_TARGET_ACCELERATION]),
                floor_level * floor_level);
}

/* Returns the square of the value of a key that is present, else `otherwise`. */
static float square_or(const struct zem_value *value, enum zem_key key, double otherwise)
{
    return (float)(value[key].present ? value[key].first * value[key].first : otherwise);
}

/* Sets what the Kalman filter assumes, each number from its own key or from the scenario. The process noise is the
 * random-start shaping of the target's acceleration nT, with the density nT^2/tF and the flight time tF. The initial
 * variances are the mean squares of the handover errors and of the assumed acceleration at start of homing. */
static void derive_estimator(const struct zem_value *value, struct cell_parameters *p)
{
    const zem_key_set idle = zem_keys_idle_by(value, ZEM_KEY_MANEUVER);
    const double level = assumed_mean_square(value, idle);
    const double speed = zem_distribution_mean(&value[ZEM_KEY_INTERCEPTOR_SPEED]),
                 flight_time = zem_distribution_mean(&value[ZEM_KEY_FLIGHT_TIME]);
    const double position = zem_distribution_mean_square(&value[ZEM_KEY_DISPLACEMENT_Y])
                            + zem_distribution_mean_square(&value[ZEM_KEY_DISPLACEMENT_Z]);
    const double heading = zem_distribution_mean_square(&value[ZEM_KEY_HEADING_ERROR_Y])
                           + zem_distribution_mean_square(&value[ZEM_KEY_HEADING_ERROR_Z]);
    const struct zem_value *start = &value[ZEM_KEY_MANEUVER_START];
    const bool starts_later =
        !zem_key_in(idle, ZEM_KEY_MANEUVER_START) && (start->first > 0.0 || start->distribution != ZEM_CONSTANT);
    const bool sinusoidal = (zem_choice_row(value, ZEM_KEY_MANEUVER)->properties & ZEM_SINUSOIDAL) != 0;
    p->process_noise =
        (float)(value[ZEM_KEY_ESTIMATOR_PROCESS_NOISE].present ? value[ZEM_KEY_ESTIMATOR_PROCESS_NOISE].first
                                                               : level / flight_time);
    p->initial_variance[0] = square_or(value, ZEM_KEY_ESTIMATOR_SIGMA_POSITION, 0.5 * position);
    p->initial_variance[1] = square_or(value, ZEM_KEY_ESTIMATOR_SIGMA_VELOCITY, 0.5 * speed * speed * heading);
    p->initial_variance[2] = square_or(value, ZEM_KEY_ESTIMATOR_SIGMA_ACCELERATION,
                                       starts_later ? 0.0
                                       : sinusoidal ? 0.5 * level
                                                    : level);
}

void zem_cell_noise(const struct zem_value value[ZEM_KEY_COUNT], struct cell_parameters *p)
{
    const double range = zem_number_or_zero(value, ZEM_KEY_REFERENCE_RANGE), square = range * range;
    p->glint = (float)zem_number_or_zero(value, ZEM_KEY_GLINT);
    p->angle_noise = (float)zem_number_or_zero(value, ZEM_KEY_ANGLE_NOISE);
    p->semiactive_noise = (float)(zem_number_or_zero(value, ZEM_KEY_SEMIACTIVE_NOISE) / square);
    p->active_noise = (float)(zem_number_or_zero(value, ZEM_KEY_ACTIVE_NOISE) / (square * square));
}

static float inverse_or_zero(double x) { return x > 0.0 ? (float)(1.0 / x) : 0.0f; }

static void derive_interceptor(const struct zem_value *value, struct cell_parameters *p)
{
    const double stages = (double)value[ZEM_KEY_AUTOPILOT_ORDER].integer,
                 autopilot_lag = zem_number_or_zero(value, ZEM_KEY_AUTOPILOT_LAG);
    p->stages = zem_causes_stages(value);
    p->interceptor_speed = (float)zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_SPEED);
    p->navigation_gain = (float)zem_number_or_zero(value, ZEM_KEY_NAVIGATION_GAIN);
    p->inverse_seeker_lag = inverse_or_zero(zem_number_or_zero(value, ZEM_KEY_SEEKER_LAG));
    p->inverse_filter_lag = inverse_or_zero(zem_number_or_zero(value, ZEM_KEY_FILTER_LAG));
    p->inverse_stage_lag = inverse_or_zero(autopilot_lag / stages);
    p->autopilot_lag = (float)autopilot_lag;
    p->acceleration_limit = (float)zem_number_or_zero(value, ZEM_KEY_ACCELERATION_LIMIT);
    const double authority = ZEM_LAW_AUTHORITY(zem_number_or_zero(value, ZEM_KEY_NAVIGATION_GAIN),
                                               zem_number_or_zero(value, ZEM_KEY_CLOSING_SPEED));
    p->rate_limit = (float)fmin(1.0e15, zem_number_or_zero(value, ZEM_KEY_ACCELERATION_LIMIT) / authority);
    p->aerodynamic_limit = (float)(zem_number_or_zero(value, ZEM_KEY_AERODYNAMIC_LIMIT)
                                   / zem_number_or_zero(value, ZEM_KEY_REFERENCE_DYNAMIC_PRESSURE));
    p->divert_limit = (float)zem_number_or_zero(value, ZEM_KEY_DIVERT_LIMIT);
    zem_cell_noise(value, p);
}

static void split(double x, float *high, float *low)
{
    *high = (float)x;
    *low = (float)(x - (double)*high);
}

/* Sets `out` to the unit vector along a x b, or to `spare` if a and b are parallel. */
static void unit_cross(const double a[3], const double b[3], const double spare[3], double out[3])
{
    for (int k = 0; k < 3; k++)
        out[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
    const double size = sqrt(out[0] * out[0] + out[1] * out[1] + out[2] * out[2]);
    for (int k = 0; k < 3; k++)
        out[k] = size > 1e-9 ? out[k] / size : spare[k];
}

/* Flies both bodies backward from the collision and stores the geometry at start of homing. Channel y is horizontal and
 * points to the left of the line of sight. Channel z points upwards, normal to both. */
static int derive_geometry(const struct zem_value *value, struct cell_parameters *p, struct zem_error *error)
{
    double sine, cosine, heading_sine, heading_cosine;
    const double altitude = zem_number_or_zero(value, ZEM_KEY_INTERCEPT_ALTITUDE),
                 flight_time = zem_number_or_zero(value, ZEM_KEY_FLIGHT_TIME);
    const double target_speed = zem_number_or_zero(value, ZEM_KEY_TARGET_SPEED),
                 interceptor_speed = zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_SPEED);
    struct zem_body target = {.position = {0.0, 0.0, altitude}}, interceptor = target;
    zem_exact_sincos(zem_number_or_zero(value, ZEM_KEY_TARGET_FLIGHT_PATH_ANGLE), &sine, &cosine);
    target.velocity[0] = target_speed * cosine;
    target.velocity[2] = target_speed * sine;
    zem_exact_sincos(zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_FLIGHT_PATH_ANGLE), &sine, &cosine);
    zem_exact_sincos(zem_number_or_zero(value, ZEM_KEY_HEADING), &heading_sine, &heading_cosine);
    interceptor.velocity[0] = interceptor_speed * cosine * heading_cosine;
    interceptor.velocity[1] = interceptor_speed * cosine * heading_sine;
    interceptor.velocity[2] = interceptor_speed * sine;
    zem_body_fly(&target, zem_number_or_zero(value, ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT), -flight_time);
    zem_body_fly(&interceptor, zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_BALLISTIC_COEFFICIENT), -flight_time);

    double relative[3], range = 0.0, closing = 0.0;
    for (int k = 0; k < 3; k++) {
        relative[k] = target.position[k] - interceptor.position[k];
        range += relative[k] * relative[k];
        closing -= relative[k] * (target.velocity[k] - interceptor.velocity[k]);
    }
    if (!(isfinite(range) && isfinite(closing)) || range > 1e14)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "flown backward from the collision the bodies are more than 10,000 km apart: shorten "
                             "engagement.flight_time or raise the ballistic coefficient");
    if (interceptor.position[2] < 0.0 || target.position[2] < 0.0)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "at start of homing the %s would be %.0f m below ground: shorten engagement.flight_time, "
                             "raise engagement.intercept_altitude or lower its flight_path_angle",
                             interceptor.position[2] < 0.0 ? "interceptor" : "target",
                             -(interceptor.position[2] < 0.0 ? interceptor : target).position[2]);
    if (closing <= 0.0)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "at start of homing the bodies do not approach each other: change the speeds, the flight "
                             "path angles or interceptor.heading");

    static const double up[3] = {0.0, 0.0, 1.0}, crossrange[3] = {0.0, 1.0, 0.0};
    double channel_y[3];
    unit_cross(up, relative, crossrange, channel_y);
    for (int k = 0; k < 3; k++) {
        split(relative[k], &p->position_high[k], &p->position_low[k]);
        split(target.velocity[k], &p->target_velocity_high[k], &p->target_velocity_low[k]);
        split(interceptor.velocity[k], &p->interceptor_velocity_high[k], &p->interceptor_velocity_low[k]);
        p->channel_y[k] = p->roll_axis[k] = (float)channel_y[k];
    }
    p->target_altitude = (float)target.position[2];
    return ZEM_OK;
}

uint32_t zem_cell_word(const struct zem_value value[ZEM_KEY_COUNT], uint64_t cell)
{
    return zem_choice_index(value, ZEM_KEY_RANDOM_NUMBERS) == ZEM_RANDOM_NUMBERS_COMMON ? 0u : (uint32_t)cell;
}

feature_set zem_cell_flown_features(const struct zem_scenario *scenario, const struct zem_value value[ZEM_KEY_COUNT])
{
    const zem_key_set off_schedule = (ZEM_VARYING_KEYS & ~ZEM_KEY_SET(PERIOD)) | ZEM_KEY_SET(ACCELERATION_LIMIT)
                                     | ZEM_KEY_SET(INTERCEPTOR_SPEED) | ZEM_KEY_SET(SWITCHING_RATE)
                                     | ZEM_KEY_SET(RISE_TIME);
    feature_set features = zem_cell_features(value);
    for (int key = 0; scenario->resolution.count > 0 && key < ZEM_KEY_COUNT; key++)
        if (scenario->resolution.varying[key] && !zem_key_in(off_schedule, (enum zem_key)key))
            features &= ~ZEM_FEATURE_TRANSITION;
    return features;
}

int zem_cell_derive(const struct zem_scenario *scenario, uint64_t cell, struct cell_parameters *p,
                    struct zem_error *error)
{
    struct zem_value value[ZEM_KEY_COUNT];
    zem_grid_values(scenario, cell, value);
    if (!scenario->resolution.by_trial)
        return zem_cell_derive_values(scenario, cell, value, value, p, error);
    struct zem_value assumed[ZEM_KEY_COUNT];
    zem_grid_distributions(scenario, cell, assumed);
    zem_resolution_apply(scenario, assumed, NULL, NULL);
    return zem_cell_derive_values(scenario, cell, value, assumed, p, error);
}

int zem_cell_derive_values(const struct zem_scenario *scenario, uint64_t cell,
                           const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                           struct cell_parameters *p, struct zem_error *error)
{
    memset(p, 0, sizeof *p);
    p->features = zem_cell_flown_features(scenario, value);
    p->cell_word = zem_cell_word(value, cell);
    p->seed_low = (uint32_t)value[ZEM_KEY_SEED].integer;
    p->seed_high = (uint32_t)(value[ZEM_KEY_SEED].integer >> 32);
    p->radius_count = (uint32_t)scenario->radius_count;
    for (size_t k = 0; k < scenario->radius_count; k++)
        p->radius[k] = (float)scenario->radius[k];
    p->shots = (uint32_t)value[ZEM_KEY_SHOTS].integer;
    p->spacing = (float)zem_number_or_zero(value, ZEM_KEY_SPACING);
    p->switching_rate = (float)zem_number_or_zero(value, ZEM_KEY_SWITCHING_RATE);

    const double flight_time = zem_number_or_zero(value, ZEM_KEY_FLIGHT_TIME),
                 blind_time = zem_number_or_zero(value, ZEM_KEY_BLIND_TIME), step = zem_cell_step(value),
                 ratio = zem_cell_step_ratio(value);
    p->flight_time = (float)flight_time;
    p->blind_time = (float)blind_time;
    p->step = (float)step;
    p->filter_share = (float)(value[ZEM_KEY_STEP].present ? 0.0 : ZEM_FILTER_SHARE);
    p->inverse_step_ratio = (float)(1.0 / ratio);
    p->closing_speed = (float)zem_number_or_zero(value, ZEM_KEY_CLOSING_SPEED);
    if (step_check(value, p->features, error) != ZEM_OK)
        return ZEM_BAD_INPUT;
    if (zem_cell_steps(value, step, ratio) + 2.0 * zem_causes_samples(value) > ZEM_SCHEDULE_LIMIT)
        return refuse_steps(value, p->features, error);
    p->blind_steps = (uint32_t)ceil(blind_time / step * (1.0 - 1e-9));
    p->blind_steps = p->blind_steps > 0 ? p->blind_steps : 1;
    for (int k = 0; k < ZEM_VARIED_COUNT; k++)
        p->varied[k] = quantity_of(&value[quantities[k].key], quantities[k].unit);
    derive_interceptor(value, p);
    derive_estimator(assumed, p);
    zem_causes_derive(value, assumed, p);

    if (p->features & ZEM_FEATURE_POINT_MASS) {
        p->target_drag = (float)(p->features & ZEM_FEATURE_TARGET_DRAG
                                     ? 0.5 / zem_number_or_zero(value, ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT)
                                     : 0.0);
        p->interceptor_drag = (float)(p->features & ZEM_FEATURE_INTERCEPTOR_DRAG
                                          ? 0.5 / zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_BALLISTIC_COEFFICIENT)
                                          : 0.0);
        p->lift_limit = (float)(zem_number_or_zero(value, ZEM_KEY_LIFT_TO_DRAG) * (double)p->target_drag);
        p->step_limit =
            16u + 16u * (uint32_t)(2.0 * flight_time / step + 64.0 * ratio + 4.0 * zem_causes_samples(value));
        return derive_geometry(value, p, error);
    }
    p->schedule_steps = zem_schedule_count(p);
    if (p->schedule_steps >= ZEM_SCHEDULE_LIMIT)
        return zem_error_set(error, ZEM_BAD_INPUT,
                             "a flight of %g s takes more than %u steps, because the estimates of the Kalman filter "
                             "change within a short time: give run.step, which does not follow the filter",
                             flight_time, ZEM_SCHEDULE_LIMIT);
    return ZEM_OK;
}
