/* Derives features, lags and parameters for the causes of miss that cell_causes.h names, each from its own keys. */
#include "cell/cell_causes.h"

#include "base/exact_math.h"
#include "scenario/distribution.h"

#include <math.h>
#include <string.h>

#define ANY_RANGE 1e30       /* m, stands for no range of acquisition */
#define WIDEST_CONE 1.570796 /* rad, just below a quarter turn: half the cone that is the half space ahead */

feature_set zem_causes_features(const struct zem_value value[ZEM_KEY_COUNT], zem_key_set idle)
{
    feature_set f = 0;
    if (value[ZEM_KEY_SAMPLE_INTERVAL].present && !zem_key_in(idle, ZEM_KEY_SAMPLE_INTERVAL))
        f |= ZEM_FEATURE_SAMPLED;
    if (zem_number_or_zero(value, ZEM_KEY_RADOME_SLOPE) != 0.0 && !zem_key_in(idle, ZEM_KEY_RADOME_SLOPE))
        f |= ZEM_FEATURE_RADOME;
    if (value[ZEM_KEY_ACQUISITION_RANGE].present || value[ZEM_KEY_ACQUISITION_ANGLE].present)
        f |= ZEM_FEATURE_ACQUISITION;
    if (zem_number_or_zero(value, ZEM_KEY_QUADRATIC_LAG) > 0.0)
        f |= ZEM_FEATURE_QUADRATIC | ZEM_FEATURE_AUTOPILOT;
    for (zem_key_set further = ZEM_STAGE_KEYS; further != 0; further &= further - 1)
        if (zem_number_or_zero(value, zem_key_first(further)) > 0.0)
            f |= ZEM_FEATURE_UNEQUAL | ZEM_FEATURE_AUTOPILOT;
    if ((zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_SCALE) != 1.0
         || zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_BIAS) != 0.0)
        && !zem_key_in(idle, ZEM_KEY_TIME_TO_GO_SCALE))
        f |= ZEM_FEATURE_TIME_TO_GO;
    return f;
}

static const struct {
    enum zem_key key, damping; /* a lag that has no damping repeats its key here */
    feature_set feature;
} lag_rows[ZEM_LAGS] = {{ZEM_KEY_SEEKER_LAG, ZEM_KEY_SEEKER_DAMPING, ZEM_FEATURE_TRACKER},
                        {ZEM_KEY_FILTER_LAG, ZEM_KEY_FILTER_DAMPING, ZEM_FEATURE_FILTER},
                        {ZEM_KEY_AUTOPILOT_LAG, ZEM_KEY_AUTOPILOT_LAG, ZEM_FEATURE_AUTOPILOT},
                        {ZEM_KEY_QUADRATIC_LAG, ZEM_KEY_QUADRATIC_DAMPING, ZEM_FEATURE_QUADRATIC},
                        {ZEM_KEY_AUTOPILOT_LAG_2, ZEM_KEY_AUTOPILOT_LAG_2, ZEM_FEATURE_UNEQUAL},
                        {ZEM_KEY_AUTOPILOT_LAG_3, ZEM_KEY_AUTOPILOT_LAG_3, ZEM_FEATURE_UNEQUAL},
                        {ZEM_KEY_AUTOPILOT_LAG_4, ZEM_KEY_AUTOPILOT_LAG_4, ZEM_FEATURE_UNEQUAL},
                        {ZEM_KEY_AUTOPILOT_LAG_5, ZEM_KEY_AUTOPILOT_LAG_5, ZEM_FEATURE_UNEQUAL}};

enum zem_key zem_lag_key(int lag) { return lag_rows[lag].key; }

void zem_causes_lags(const struct zem_value value[ZEM_KEY_COUNT], struct zem_lag lag[ZEM_LAGS])
{
    for (int k = 0; k < ZEM_LAGS; k++) {
        const double total = zem_number_or_zero(value, lag_rows[k].key);
        const uint32_t stages =
            lag_rows[k].key == ZEM_KEY_AUTOPILOT_LAG ? (uint32_t)value[ZEM_KEY_AUTOPILOT_ORDER].integer : 1u;
        const double damping =
            lag_rows[k].damping == lag_rows[k].key ? 0.0 : zem_number_or_zero(value, lag_rows[k].damping);
        lag[k] = (struct zem_lag){.key = lag_rows[k].key,
                                  .feature = lag_rows[k].feature,
                                  .constant = total / (double)stages,
                                  .damping = damping,
                                  .stages = stages,
                                  .sum = damping > 0.0 ? 2.0 * damping * total : total};
    }
}

double zem_lag_shortest(const struct zem_lag *lag)
{
    const double zeta = lag->damping;
    return zeta > 1.0 ? lag->constant / (zeta + sqrt(zeta * zeta - 1.0)) : lag->constant;
}

uint32_t zem_causes_stages(const struct zem_value value[ZEM_KEY_COUNT])
{
    struct zem_lag lag[ZEM_LAGS];
    uint32_t stages = 0;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++)
        if (lag[k].constant > 0.0 && lag[k].feature != ZEM_FEATURE_TRACKER && lag[k].feature != ZEM_FEATURE_FILTER)
            stages += lag[k].damping > 0.0 ? 2u : lag[k].stages;
    return stages > 0 ? stages : (uint32_t)value[ZEM_KEY_AUTOPILOT_ORDER].integer;
}

double zem_causes_samples(const struct zem_value value[ZEM_KEY_COUNT])
{
    return value[ZEM_KEY_SAMPLE_INTERVAL].present
               ? value[ZEM_KEY_FLIGHT_TIME].first / value[ZEM_KEY_SAMPLE_INTERVAL].first
               : 0.0;
}

/* Sets the parameters of autopilot stages with unequal time constants. p->inverse_stage_lag gets the inverse time
 * constant of the first stage, unless it is set already. p->stage_ratio gets the inverse time constant of each stage,
 * divided by p->inverse_stage_lag. The stages of autopilot_lag come first. The last two places belong to a quadratic
 * lag, if there is one. */
static void derive_stages(const struct zem_value *value, struct cell_parameters *p)
{
    struct zem_lag lag[ZEM_LAGS];
    uint32_t place = ZEM_STAGES_LIMIT - p->stages;
    if (!(p->features & ZEM_FEATURE_UNEQUAL))
        return;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++) {
        if (!(lag[k].constant > 0.0) || !(lag[k].feature & (ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_UNEQUAL)))
            continue;
        if (!(p->inverse_stage_lag > 0.0f))
            p->inverse_stage_lag = (float)(1.0 / lag[k].constant);
        for (uint32_t stage = 0; stage < lag[k].stages; stage++)
            p->stage_ratio[place++] = (float)(1.0 / (lag[k].constant * (double)p->inverse_stage_lag));
    }
}

/* Sets the parameters of a quadratic lag. Its time constant is stored as a ratio to that of the other stages, which
 * p->inverse_stage_lag has. If the quadratic lag is alone, p->inverse_stage_lag gets its own time constant. */
static void derive_quadratic(const struct zem_value *value, struct cell_parameters *p)
{
    const double lag = zem_number_or_zero(value, ZEM_KEY_QUADRATIC_LAG);
    if (!(p->features & ZEM_FEATURE_QUADRATIC))
        return;
    if (!(p->inverse_stage_lag > 0.0f))
        p->inverse_stage_lag = (float)(1.0 / lag);
    p->quadratic_ratio = (float)(1.0 / (lag * (double)p->inverse_stage_lag));
    p->quadratic_drag = (float)(2.0 * zem_number_or_zero(value, ZEM_KEY_QUADRATIC_DAMPING));
}

static void derive_sampling(const struct zem_value *value, struct cell_parameters *p)
{
    const double memory = zem_number_or_zero(value, ZEM_KEY_FADING_MEMORY),
                 interval = zem_number_or_zero(value, ZEM_KEY_SAMPLE_INTERVAL);
    if (!(p->features & ZEM_FEATURE_SAMPLED))
        return;
    p->sample_interval = (float)interval;
    p->sample_delay = (float)zem_number_or_zero(value, ZEM_KEY_SAMPLE_DELAY);
    p->memory_angle = (float)(1.0 - memory * memory);
    p->memory_rate = (float)((1.0 - memory) * (1.0 - memory) / interval);
}

/* Sets the range and the cone of acquisition. An angle of 90 degrees or more, or none, stands for the half space
 * ahead. */
static void derive_acquisition(const struct zem_value *value, struct cell_parameters *p)
{
    const double angle =
        value[ZEM_KEY_ACQUISITION_ANGLE].present ? zem_number_or_zero(value, ZEM_KEY_ACQUISITION_ANGLE) : WIDEST_CONE;
    double sine, cosine;
    zem_exact_sincos(fmin(angle, WIDEST_CONE), &sine, &cosine);
    p->acquisition_range =
        (float)(value[ZEM_KEY_ACQUISITION_RANGE].present ? zem_number_or_zero(value, ZEM_KEY_ACQUISITION_RANGE)
                                                         : ANY_RANGE);
    p->acquisition_tangent = (float)(sine / cosine);
}

void zem_causes_derive(const struct zem_value value[ZEM_KEY_COUNT], const struct zem_value assumed[ZEM_KEY_COUNT],
                       struct cell_parameters *p)
{
    /* With a Kalman filter guidance uses the estimated acceleration as it is. */
    const double share =
        p->features & ZEM_FEATURE_KALMAN ? 1.0 : zem_number_or_zero(value, ZEM_KEY_TARGET_ACCELERATION_SCALE);
    const double mean = zem_distribution_mean(&assumed[ZEM_KEY_PERIOD]);
    const double slope = zem_number_or_zero(value, ZEM_KEY_RADOME_SLOPE);
    p->inverse_rise_time = (float)(1.0 / zem_number_or_zero(value, ZEM_KEY_RISE_TIME));
    p->half_known_share = (float)(0.5 * share);
    p->assumed_turn_rate =
        (float)(1.0 / (value[ZEM_KEY_ASSUMED_PERIOD].present ? value[ZEM_KEY_ASSUMED_PERIOD].first : mean));
    p->time_to_go_scale = (float)zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_SCALE);
    p->time_to_go_bias = (float)zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_BIAS);
    if (p->features & ZEM_FEATURE_RADOME) {
        p->radome_rate = (float)(slope / (double)p->interceptor_speed);
        p->radome_lead =
            (float)(slope * zem_number_or_zero(value, ZEM_KEY_TURNING_RATE_LAG) / (double)p->interceptor_speed);
    }
    p->tracker_drag = (float)(2.0 * zem_number_or_zero(value, ZEM_KEY_SEEKER_DAMPING));
    p->filter_drag = (float)(2.0 * zem_number_or_zero(value, ZEM_KEY_FILTER_DAMPING));
    derive_stages(value, p);
    derive_quadratic(value, p);
    derive_sampling(value, p);
    derive_acquisition(value, p);
}

double zem_causes_closing_speed(const struct zem_value value[ZEM_KEY_COUNT])
{
    return value[ZEM_KEY_CLOSING_SPEED].present
               ? value[ZEM_KEY_CLOSING_SPEED].first
               : zem_number_or_zero(value, ZEM_KEY_TARGET_SPEED) + zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_SPEED);
}

double zem_causes_gain(const struct zem_value value[ZEM_KEY_COUNT])
{
    return zem_choice_index(value, ZEM_KEY_GUIDANCE) == ZEM_GUIDANCE_OGL
               ? 3.0
               : zem_number_or_zero(value, ZEM_KEY_NAVIGATION_GAIN);
}

double zem_causes_radome_share(const struct zem_value value[ZEM_KEY_COUNT])
{
    const double closing_speed = zem_causes_closing_speed(value);
    const double gain = zem_causes_gain(value), speed = zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_SPEED);
    struct zem_lag lag[ZEM_LAGS];
    double lags = 0.0;
    zem_causes_lags(value, lag);
    for (int k = 0; k < ZEM_LAGS; k++)
        lags += lag[k].sum;
    const double added = ZEM_LAW_AUTHORITY(gain, closing_speed) * fabs(zem_number_or_zero(value, ZEM_KEY_RADOME_SLOPE))
                         * zem_number_or_zero(value, ZEM_KEY_TURNING_RATE_LAG) / speed;
    return lags / (lags + added);
}

double zem_causes_haste(const struct zem_value value[ZEM_KEY_COUNT])
{
    const double least = (double)ZEM_TIME_TO_GO_LEAST;
    const double scale = zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_SCALE);
    const double share = zem_number_or_zero(value, ZEM_KEY_TIME_TO_GO_BIAS) < 0.0 || scale < least ? least : scale;
    return share < 1.0 ? 1.0 / share : 1.0;
}

/* ---- the radome's stability limit ---- */

#define DEGREE_MAX (2 + ZEM_STAGES_LIMIT + 2)

/* Multiplies a polynomial in s by 1 + a s + b s^2. polynomial[k] is the coefficient of s^k. */
static void multiply(double polynomial[DEGREE_MAX + 3], double a, double b)
{
    for (int k = DEGREE_MAX + 2; k > 0; k--)
        polynomial[k] += a * polynomial[k - 1] + (k > 1 ? b * polynomial[k - 2] : 0.0);
}

/* Whether all roots of a polynomial have negative real parts, by Routh's array. */
static bool is_stable(const double polynomial[DEGREE_MAX + 3])
{
    double upper[DEGREE_MAX + 3] = {0.0}, lower[DEGREE_MAX + 3] = {0.0};
    int degree = DEGREE_MAX;
    while (degree > 0 && polynomial[degree] == 0.0)
        degree--;
    for (int k = degree; k >= 0; k--)
        *((degree - k) % 2 == 0 ? &upper[(degree - k) / 2] : &lower[(degree - k) / 2]) = polynomial[k];
    for (int row = 0; row <= degree; row++) {
        double next[DEGREE_MAX + 3] = {0.0};
        if (!(upper[0] > 0.0))
            return false;
        for (int k = 0; row < degree && k < DEGREE_MAX + 1; k++)
            next[k] = upper[k + 1] - upper[0] / lower[0] * lower[k + 1];
        memcpy(upper, lower, sizeof upper);
        memcpy(lower, next, sizeof lower);
    }
    return true;
}

/* Whether the guidance loop is stable with this radome slope. cell_causes.h explains the loop and its equation. */
static bool radome_is_stable(const struct zem_value *value, double closing_speed, double slope)
{
    struct zem_lag lag[ZEM_LAGS];
    const double k = ZEM_LAW_AUTHORITY(zem_causes_gain(value), closing_speed) * slope
                     / zem_number_or_zero(value, ZEM_KEY_INTERCEPTOR_SPEED);
    double polynomial[DEGREE_MAX + 3] = {1.0};
    zem_causes_lags(value, lag);
    for (int i = 0; i < ZEM_LAGS; i++)
        for (uint32_t stage = 0; lag[i].constant > 0.0 && stage < lag[i].stages; stage++)
            multiply(polynomial, lag[i].sum / (double)lag[i].stages,
                     lag[i].damping > 0.0 ? lag[i].constant * lag[i].constant : 0.0);
    polynomial[0] -= k;
    polynomial[1] -= k * zem_number_or_zero(value, ZEM_KEY_TURNING_RATE_LAG);
    return is_stable(polynomial);
}

double zem_causes_radome_limit(const struct zem_value value[ZEM_KEY_COUNT], double closing_speed)
{
    double stable = 0.0, unstable = zem_number_or_zero(value, ZEM_KEY_RADOME_SLOPE);
    if (value[ZEM_KEY_SAMPLE_INTERVAL].present || zem_choice_index(value, ZEM_KEY_ESTIMATOR) != ZEM_ESTIMATOR_NONE
        || radome_is_stable(value, closing_speed, unstable))
        return 0.0;
    for (int k = 0; k < 60; k++) {
        const double middle = 0.5 * (stable + unstable);
        *(radome_is_stable(value, closing_speed, middle) ? &stable : &unstable) = middle;
    }
    return unstable;
}
