/* Derives the integration steps of a cell from its time constants. */
#include "cell/cell_step.h"

#include "cell/cell.h"
#include "cell/cell_causes.h"
#include "cell/schedule_table.h"
#include "scenario/resolution.h"

#include <math.h>
#include <string.h>

/* Largest default step with drag, s. Unguided flight over 8 s is then good to a millimetre (tests/). */
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
/* Largest default step in units of the shortest lag where noise meets a limit. */
#define LIMITED_NOISE_SHARE 0.15
/* Where noise meets a limit, it moves the command within a step by at most this share of the limit. The least part of
 * the step to which this rule shortens it. */
#define LIMITED_NOISE_WALK 0.5
#define LIMITED_NOISE_LEAST 0.2
/* The time before the end in which noise decides the miss, in units of the sum of the lags. */
#define DECISIVE_LAGS 5.0

/* Whether a limit holds the command of ogl, and the seeker has no noise. The large gain of ogl then drives the command
 * from one limit to the other within few steps, and the place of each of these kinks in its step counts. With noise,
 * chance decides the places. */
static bool is_limited_optimal(feature_set features)
{
    return (features & ZEM_FEATURE_OGL) && !(features & ZEM_FEATURE_NOISE)
           && (features & (ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT));
}

/* Returns `step` (s), shortened to the time constant of the target's maneuver. A period that is drawn counts with three
 * standard deviations below its mean. A telegraph shortens the step to no less than SWITCHING_LEAST of it, because the
 * lags smooth reversals that are faster. */
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

double zem_cell_noise_at_limit(const struct zem_value value[ZEM_KEY_COUNT])
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
    const double range = speed * fmin(0.5 * value[ZEM_KEY_FLIGHT_TIME].first, DECISIVE_LAGS * total);
    const double scale = ZEM_LAW_AUTHORITY(zem_causes_gain(value), speed) / value[ZEM_KEY_ACCELERATION_LIMIT].first;
    return scale * scale * zem_noise_density(&noise, range);
}

/* Returns `step` (s), shortened where noise meets the acceleration limit. Noise of the density q
 * (zem_cell_noise_at_limit) moves the command within a short time h by the share sqrt(q h)/(T1 T2) of the limit, with
 * the time constants T1 and T2 of tracker and filter. A command that moves by much of the limit crosses it several
 * times within a step, and what the limit cuts off is then wrong in first order. */
static double shorten_for_limited_noise(const struct zem_value *value, double step)
{
    const double density = zem_cell_noise_at_limit(value),
                 walk = LIMITED_NOISE_WALK * value[ZEM_KEY_SEEKER_LAG].first * value[ZEM_KEY_FILTER_LAG].first;
    return density > 0.0 ? fmin(step, fmax(walk * walk / density, LIMITED_NOISE_LEAST * step)) : step;
}

/* The default is the longest step that, with the default step_ratio, keeps the errors which benchmarks/README.md states
 * (Step control): the least of 0.12 of the total lag (0.08 for ogl, 0.06 with a limit and no noise), 0.75 of the
 * shortest lag (0.15 if noise meets a limit), the steps for such noise and for the maneuver, DRAG_STEP with drag, and a
 * twentieth of the flight time. A radome shortens the first two. */
double zem_cell_step(const struct zem_value value[ZEM_KEY_COUNT])
{
    if (value[ZEM_KEY_STEP].present)
        return value[ZEM_KEY_STEP].first;
    const feature_set features = zem_cell_features(value);
    const feature_set limits = ZEM_FEATURE_LIMIT | ZEM_FEATURE_AERODYNAMIC_LIMIT | ZEM_FEATURE_DIVERT_LIMIT;
    const double share = (features & limits) && (features & ZEM_FEATURE_NOISE) && !(features & ZEM_FEATURE_KALMAN)
                             ? LIMITED_NOISE_SHARE
                             : 0.75;
    double step = value[ZEM_KEY_FLIGHT_TIME].first / 20.0;
    const double slower = features & ZEM_FEATURE_RADOME ? zem_causes_radome_share(value) : 1.0;
    struct zem_lag lag[ZEM_LAGS];
    double total = 0.0;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS && (features & ZEM_FEATURE_GUIDANCE); k++) {
        const double shortest = zem_lag_shortest(&lag[k]);
        if (shortest > 0.0 && slower * share * shortest < step)
            step = slower * share * shortest;
        total += lag[k].sum;
    }
    const double total_share = is_limited_optimal(features)   ? LIMITED_OPTIMAL_TOTAL_SHARE
                               : (features & ZEM_FEATURE_OGL) ? OPTIMAL_TOTAL_SHARE
                                                              : USUAL_TOTAL_SHARE;
    if (total > 0.0 && slower * total_share * total < step)
        step = slower * total_share * total;
    if (features & (ZEM_FEATURE_TARGET_DRAG | ZEM_FEATURE_INTERCEPTOR_DRAG) && DRAG_STEP < step)
        step = DRAG_STEP;
    return shorten_for_maneuver(value, features, shorten_for_limited_noise(value, step));
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
