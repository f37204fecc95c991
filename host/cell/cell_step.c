/* Derives the integration steps of a cell from its time constants. */
#include "cell/cell_step.h"

#include "cell/cell.h"
#include "cell/cell_causes.h"
#include "cell/schedule_table.h"
#include "scenario/resolution.h"

#include <math.h>
#include <string.h>

/* Largest default step with drag, s. Unguided flight over 5 s is then good to a centimetre (validation_body.c). */
#define DRAG_STEP 0.05
/* Largest default steps in units of the sum of the lags: usual, for ogl, and for ogl with a limit and without noise. */
#define USUAL_TOTAL_SHARE 0.12
#define OPTIMAL_TOTAL_SHARE 0.08
#define LIMITED_OPTIMAL_TOTAL_SHARE 0.06
/* Largest default step in units of the mean time between two reversals of a telegraph. */
#define SWITCHING_SHARE 0.15
/* Least part of the step without a telegraph to which the reversals shorten it. */
#define SWITCHING_LEAST 0.25
/* Default ratios of the time to go to the longest step: usual, for ogl, whose gain grows as 10 T/tgo, and for ogl with
 * a limit and without noise. */
#define USUAL_STEP_RATIO 7.0
#define OPTIMAL_STEP_RATIO 14.0
#define LIMITED_OPTIMAL_STEP_RATIO 28.0
/* Largest default steps in units of the period: half a radian, which is 1/(4 pi) of a turn, and an eighth of a radian
 * for ogl with a limit and without noise. */
#define PERIOD_SHARE 0.0795774715459476679
#define LIMITED_OPTIMAL_PERIOD_SHARE (0.25 * PERIOD_SHARE)
/* Largest default steps in units of the shortest lag: usual, and where noise of whatever strength meets a limit. */
#define USUAL_SHARE 0.75
#define LIMITED_NOISE_SHARE 0.15
/* Where filtered noise meets a limit, it moves the command within a step by at most this share of the limit, when the
 * time to go is twice the sum of the lags. This rule does not shorten the step below LIMITED_NOISE_SHARE. */
#define LIMITED_NOISE_WALK 0.1
#define LIMITED_NOISE_SUMS 2.0
/* When the time to go is ZEM_DECISIVE_SUMS times the sum of the lags, it moves the command by at most this share. The
 * least part of the step to which this second rule, for strong noise, shortens it. */
#define STRONG_NOISE_WALK 0.5
#define STRONG_NOISE_LEAST 0.2

/* Whether a limit holds the command of ogl, and the seeker has no noise. The large gain of ogl then drives the command
 * from one limit to the other within few steps, and the error depends on where within a step the command meets the
 * limit. With noise, chance decides where. */
static bool is_limited_optimal(feature_set features)
{
    return (features & ZEM_FEATURE_OGL) && !(features & ZEM_FEATURE_NOISE)
           && (features & (ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT));
}

/* Returns `step` (s), shortened to the time constant of the target's maneuver. A normal period counts with three
 * standard deviations below its mean, but at least a quarter of the mean, and a uniform one with its lower end. A
 * telegraph shortens the step to no less than SWITCHING_LEAST of it, because the lags smooth reversals that are
 * faster. */
static double shorten_for_maneuver(const struct zem_value *value, feature_set features, double step)
{
    const struct zem_value *period = &value[ZEM_KEY_PERIOD];
    double shortest = period->first;
    if (features & ZEM_FEATURE_TELEGRAPH)
        return fmin(step, fmax(SWITCHING_SHARE / value[ZEM_KEY_SWITCHING_RATE].first, SWITCHING_LEAST * step));
    if (zem_key_in(zem_keys_idle(value), ZEM_KEY_PERIOD))
        return step;
    if (period->distribution == ZEM_NORMAL)
        shortest = fmax(period->first - 3.0 * period->second, 0.25 * period->first);
    return fmin(step, (is_limited_optimal(features) ? LIMITED_OPTIMAL_PERIOD_SHARE : PERIOD_SHARE) * shortest);
}

double zem_cell_noise_at_limit(const struct zem_value value[ZEM_KEY_COUNT], double sums)
{
    const feature_set needed = ZEM_FEATURE_NOISE | ZEM_FEATURE_LIMIT | ZEM_FEATURE_TRACKER | ZEM_FEATURE_FILTER,
                      other = ZEM_FEATURE_KALMAN | ZEM_FEATURE_SAMPLED | ZEM_FEATURE_QUADRATIC_TRACKER
                              | ZEM_FEATURE_QUADRATIC_FILTER;
    const double speed = zem_causes_closing_speed(value);
    struct zem_lag lag[ZEM_LAGS];
    struct cell_parameters noise = {0};
    double total = 0.0;
    if ((zem_cell_features(value) & (needed | other)) != needed)
        return 0.0;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++)
        total += lag[k].sum;
    zem_cell_noise(value, &noise);
    const double range = speed * fmin(0.5 * value[ZEM_KEY_FLIGHT_TIME].first, sums * total);
    const double scale = ZEM_LAW_AUTHORITY(zem_causes_gain(value), speed) / value[ZEM_KEY_ACCELERATION_LIMIT].first;
    return scale * scale * zem_noise_density(&noise, range);
}

/* Returns the time (s) in which noise moves the command by `walk` limits, `sums` sums of the lags before the end, or
 * infinity where zem_cell_noise_at_limit is 0. Noise of the density q moves the command within a short time h by the
 * share sqrt(q h)/(T1 T2) of the limit, with the time constants T1 and T2 of tracker and filter. A command that crosses
 * the limit several times within a step makes what the limit cuts off wrong in first order. */
static double noise_walk_time(const struct zem_value *value, double walk, double sums)
{
    const double density = zem_cell_noise_at_limit(value, sums),
                 moved = walk * value[ZEM_KEY_SEEKER_LAG].first * value[ZEM_KEY_FILTER_LAG].first;
    return density > 0.0 ? moved * moved / density : INFINITY;
}

/* Returns the longest step (s) that the lags allow: `share` of the shortest, and a share of their sum that depends on
 * the law. A radome shortens both. No step is longer than a twentieth of the flight time. */
static double step_of_lags(const struct zem_value *value, feature_set features, double share)
{
    const double slower = features & ZEM_FEATURE_RADOME ? zem_causes_radome_share(value) : 1.0;
    const double total_share = is_limited_optimal(features)   ? LIMITED_OPTIMAL_TOTAL_SHARE
                               : (features & ZEM_FEATURE_OGL) ? OPTIMAL_TOTAL_SHARE
                                                              : USUAL_TOTAL_SHARE;
    double step = value[ZEM_KEY_FLIGHT_TIME].first / 20.0, total = 0.0;
    struct zem_lag lag[ZEM_LAGS];
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS && (features & ZEM_FEATURE_GUIDANCE); k++) {
        const double shortest = zem_lag_shortest(&lag[k]);
        if (shortest > 0.0)
            step = fmin(step, slower * share * shortest);
        total += lag[k].sum;
    }
    return total > 0.0 ? fmin(step, slower * total_share * total) : step;
}

/* Returns the longest step (s) that the lags allow where noise meets a limit. The short steps LIMITED_NOISE_SHARE are
 * always enough, unless the noise is strong. Where noise passes tracker and filter and meets only the acceleration
 * limit, it is known how far it moves the command, and longer steps suffice for weak noise. */
static double step_at_limit(const struct zem_value *value, feature_set features)
{
    const double walk_time = noise_walk_time(value, LIMITED_NOISE_WALK, LIMITED_NOISE_SUMS);
    double step = step_of_lags(value, features, LIMITED_NOISE_SHARE);
    if (isinf(walk_time))
        return step;
    if (!(features & (ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT)))
        step = fmin(step_of_lags(value, features, USUAL_SHARE), fmax(step, walk_time));
    return fmin(step, fmax(noise_walk_time(value, STRONG_NOISE_WALK, ZEM_DECISIVE_SUMS), STRONG_NOISE_LEAST * step));
}

/* Without run.step, the lags give the step (step_of_lags, or step_at_limit where noise meets a limit). It is at most
 * DRAG_STEP with drag, and is then shortened for the maneuver. benchmarks/README.md states the errors of such steps
 * (Step control). */
double zem_cell_step(const struct zem_value value[ZEM_KEY_COUNT])
{
    if (value[ZEM_KEY_STEP].present)
        return value[ZEM_KEY_STEP].first;
    const feature_set features = zem_cell_features(value);
    const feature_set limits = ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT;
    const bool noise_at_limit =
        (features & limits) && (features & ZEM_FEATURE_NOISE) && !(features & ZEM_FEATURE_KALMAN);
    double step = noise_at_limit ? step_at_limit(value, features) : step_of_lags(value, features, USUAL_SHARE);
    if (features & (ZEM_FEATURE_TARGET_DRAG | ZEM_FEATURE_INTERCEPTOR_DRAG))
        step = fmin(step, DRAG_STEP);
    return shorten_for_maneuver(value, features, step);
}

double zem_cell_default_step(const struct zem_value value[ZEM_KEY_COUNT])
{
    struct zem_value without[ZEM_KEY_COUNT];
    memcpy(without, value, sizeof without);
    without[ZEM_KEY_STEP].present = false;
    return zem_cell_step(without);
}

double zem_cell_filter_steps(const struct cell_parameters *cell)
{
    struct cell_parameters plain = *cell, following;
    double range = 0.0;
    if (!(cell->features & ZEM_FEATURE_KALMAN) || (cell->features & ZEM_FEATURE_SAMPLED))
        return 1.0;
    for (int k = 0; k < 3; k++)
        range += (double)cell->position_high[k] * (double)cell->position_high[k];
    if (cell->features & ZEM_FEATURE_POINT_MASS)
        plain.closing_speed = (float)(sqrt(range) / (double)cell->flight_time);
    plain.filter_share = 0.0f;
    following = plain;
    following.filter_share = (float)ZEM_FILTER_SHARE;
    return (double)zem_schedule_count(&following) / (double)zem_schedule_count(&plain);
}

double zem_cell_steps(const struct zem_value value[ZEM_KEY_COUNT], double step, double ratio)
{
    return value[ZEM_KEY_FLIGHT_TIME].first / step + ratio * log1p(step * ratio / value[ZEM_KEY_BLIND_TIME].first)
           + 8.0;
}

double zem_cell_step_ratio(const struct zem_value value[ZEM_KEY_COUNT])
{
    const feature_set features = zem_cell_features(value);
    if (value[ZEM_KEY_STEP_RATIO].present)
        return value[ZEM_KEY_STEP_RATIO].first;
    const bool optimal = features & ZEM_FEATURE_OGL && features & ZEM_FEATURE_AUTOPILOT;
    const double usual = !optimal                       ? USUAL_STEP_RATIO
                         : is_limited_optimal(features) ? LIMITED_OPTIMAL_STEP_RATIO
                                                        : OPTIMAL_STEP_RATIO;
    return features & ZEM_FEATURE_TIME_TO_GO ? usual * zem_causes_haste(value) : usual;
}
