/* Draws values from the Philox stream ZEM_STREAM_DISPERSED (kernels/philox.h), compiled for one trial. Every value is a
 * quantile of its distribution, computed in double precision with the same bits on every machine. */
#define ZEM_LANES 1
#include "kernels/portable.h"

#include "kernels/layout.h"
#include "kernels/philox.h"

#include "cell/dispersion.h"

#include "base/hash.h"
#include "base/statistics.h"
#include "cell/cell_causes.h"
#include "scenario/distribution.h"
#include "scenario/formula.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"
#include "scenario/scenario_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PROBED_TRIALS 32u /* first trials that zem_trial_probe tests */
#define PROBED_TAIL 1e-6  /* tail probability at which zem_trial_probe tests the ends of a distribution */

/* The trial whose values are drawn. */
struct drawing {
    const struct zem_scenario *scenario;
    struct address address;
    zem_key_set exchanged; /* keys that take the draws of another trial, the partner */
};

uint32_t zem_draw_index(enum zem_key key)
{
    char path[96];
    zem_key_path(key, path, sizeof path);
    const uint64_t hash = zem_hash_bytes(ZEM_HASH_START, path, strlen(path));
    return (u32)(hash ^ hash >> 24 ^ hash >> 48) & 0xFFFFFFu;
}

/* Returns a number uniform on (0, 1) with 52 random bits. Half of the last bit is added, so that it is never 0; the sum
 * is exact. */
static double draw_uniform(const struct drawing *drawing, enum zem_key key)
{
    struct address address = drawing->address;
    address.shot = zem_key_in(drawing->exchanged, key) ? ZEM_PARTNER : 0u;
    const struct counter c = draw(&address, ZEM_STREAM_DISPERSED, zem_draw_index(key));
    const uint64_t words = (uint64_t)c.word[0] << 32 | c.word[1];
    return ((double)(words >> 12) + 0.5) * 0x1p-52;
}

/* Sets `*normal` to the standard normal of a correlated key. It is the sum of the independent normals of the keys of
 * its group, weighted with the key's row of the lower triangular (Cholesky) factor of the correlation matrix. Returns
 * false for a key that is not correlated. */
static bool draw_correlated(const struct drawing *drawing, enum zem_key key, double *normal)
{
    for (size_t g = 0; g < drawing->scenario->correlation_count; g++) {
        const struct zem_correlation *group = &drawing->scenario->correlation[g];
        for (size_t row = 0; row < group->count; row++) {
            if (group->key[row] != key)
                continue;
            *normal = 0.0;
            for (size_t k = 0; k <= row; k++)
                *normal +=
                    group->factor[row * group->count + k] * zem_normal_quantile(draw_uniform(drawing, group->key[k]));
            return true;
        }
    }
    return false;
}

static void draw_value(void *context, enum zem_key key, struct zem_value *value)
{
    const struct drawing *drawing = context;
    double normal;
    if (value->distribution == ZEM_CONSTANT)
        return;
    zem_value_fix(value, draw_correlated(drawing, key, &normal)
                             ? zem_distribution_from_normal(value, normal)
                             : zem_distribution_from_uniform(value, draw_uniform(drawing, key)));
}

/* Raises the drawn lags, sample interval and period of a trial to ZEM_LAG_FLOOR of the flight time. A value of exactly
 * 0 stays 0 if it comes from a list or an expression, because 0 may be meant there. */
static void lags_raise(const struct zem_scenario *scenario, const struct zem_value *distributions,
                       struct zem_value *value)
{
    static const enum zem_key further[] = {ZEM_KEY_SAMPLE_INTERVAL, ZEM_KEY_PERIOD};
    const double least = ZEM_LAG_FLOOR * value[ZEM_KEY_FLIGHT_TIME].first;
    for (int k = 0; k < ZEM_LAGS + (int)(sizeof further / sizeof *further); k++) {
        const enum zem_key key = k < ZEM_LAGS ? zem_lag_key(k) : further[k - ZEM_LAGS];
        struct zem_value *lag = &value[key];
        const enum zem_distribution drawn = distributions[key].distribution;
        const bool continuous = scenario->resolution.drawn[key] && drawn != ZEM_CONSTANT && drawn != ZEM_LIST;
        if (scenario->resolution.varying[key] && lag->first < least && (continuous || lag->first > 0.0))
            lag->first = least;
    }
}

/* Refuses a value of a trial with a message. `*culprit` gets the key of the value, unless `culprit` is NULL. `format`
 * is printed with `value` and `other`. */
static int refuse(enum zem_key key, enum zem_key *culprit, struct zem_error *error, const char *format, double value,
                  double other)
{
    char path[96], text[200];
    if (culprit != NULL)
        *culprit = key;
    snprintf(text, sizeof text, format, value, other);
    return zem_error_set(error, ZEM_BAD_INPUT, "%s is %s", zem_key_path(key, path, sizeof path), text);
}

/* Checks those values of a trial whose rules compare them with another value. Returns 0 or ZEM_BAD_INPUT. */
static int pairs_check(const struct zem_value *value, enum zem_key *culprit, struct zem_error *error)
{
    const double flight_time = value[ZEM_KEY_FLIGHT_TIME].first, interval = value[ZEM_KEY_SAMPLE_INTERVAL].first,
                 delay = value[ZEM_KEY_SAMPLE_DELAY].first, rate = value[ZEM_KEY_SWITCHING_RATE].first,
                 blind = value[ZEM_KEY_BLIND_TIME].first;
    const bool sampled = value[ZEM_KEY_SAMPLE_INTERVAL].present;
    if (sampled && interval < flight_time / ZEM_SAMPLES_OF_FLIGHT_MAX)
        return refuse(ZEM_KEY_SAMPLE_INTERVAL, culprit, error,
                      "%g s, below a five-thousandth of the flight time of %g s", interval, flight_time);
    if (sampled && delay > ZEM_DELAY_LIMIT * interval)
        return refuse(ZEM_KEY_SAMPLE_DELAY, culprit, error, "%g s, above 15 times seeker.sample_interval, %g s", delay,
                      interval);
    if (zem_choice_index(value, ZEM_KEY_MANEUVER) == ZEM_MANEUVER_TELEGRAPH
        && rate * flight_time > ZEM_REVERSALS_OF_FLIGHT_MAX)
        return refuse(ZEM_KEY_SWITCHING_RATE, culprit, error,
                      "%g Hz, more than ten thousand reversals in the flight time of %g s", rate, flight_time);
    if (blind >= flight_time)
        return refuse(ZEM_KEY_BLIND_TIME, culprit, error, "%g s, not below engagement.flight_time, %g s", blind,
                      flight_time);
    return ZEM_OK;
}

/* Checks the values of a trial against the rules of their keys. Values that the kernels draw are still distributions
 * here and are left out. Returns 0 or ZEM_BAD_INPUT. */
static int values_check(const struct zem_scenario *scenario, const struct zem_value *value, enum zem_key *culprit,
                        struct zem_error *error)
{
    char fault[240], path[96];
    for (size_t i = 0; i < scenario->resolution.count; i++) {
        const enum zem_key key = scenario->resolution.order[i];
        if (value[key].distribution != ZEM_CONSTANT
            || !zem_value_fault(&zem_key_table[key], &value[key], fault, sizeof fault))
            continue;
        if (culprit != NULL)
            *culprit = key;
        return zem_error_set(error, ZEM_BAD_INPUT, "%s is %g in SI units: %s", zem_key_path(key, path, sizeof path),
                             value[key].first, fault);
    }
    return pairs_check(value, culprit, error);
}

/* Draws the values of a trial into `value`, and writes the distributions of the cell, from which they come, to
 * `distributions`. Returns 0, or ZEM_BAD_INPUT with the key that is wrong in `*culprit`. */
static int draw_all(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, zem_key_set exchanged,
                    struct zem_value distributions[ZEM_KEY_COUNT], struct zem_value value[ZEM_KEY_COUNT],
                    enum zem_key *culprit, struct zem_error *error)
{
    zem_grid_distributions(scenario, cell, distributions);
    const uint64_t seed = distributions[ZEM_KEY_SEED].integer;
    struct drawing drawing = {
        .scenario = scenario,
        .exchanged = exchanged,
        .address = {.trial_low = (u32)trial,
                    .trial_high = (u32)(trial >> 32),
                    .cell_word = zem_cell_word(distributions, cell),
                    .seed_low = (u32)seed,
                    .seed_high = (u32)(seed >> 32)},
    };
    memcpy(value, distributions, ZEM_KEY_COUNT * sizeof *value);
    zem_resolution_apply(scenario, value, draw_value, &drawing);
    zem_resolution_apply(scenario, distributions, NULL, NULL);
    lags_raise(scenario, distributions, value);
    return values_check(scenario, value, culprit, error);
}

int zem_trial_values(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                     struct zem_value value[ZEM_KEY_COUNT], struct zem_error *error)
{
    struct zem_value distributions[ZEM_KEY_COUNT];
    return draw_all(scenario, cell, trial, 0, distributions, value, NULL, error);
}

/* Turns `distributions` into what the Kalman filter assumes: the filter's own keys get the values that the trial has
 * drawn, all other keys keep the distributions of the cell. */
static void assume(struct zem_value distributions[ZEM_KEY_COUNT], const struct zem_value value[ZEM_KEY_COUNT])
{
    static const enum zem_key own[] = {ZEM_KEY_ESTIMATOR_ACCELERATION, ZEM_KEY_ESTIMATOR_PROCESS_NOISE,
                                       ZEM_KEY_ESTIMATOR_SIGMA_POSITION, ZEM_KEY_ESTIMATOR_SIGMA_VELOCITY,
                                       ZEM_KEY_ESTIMATOR_SIGMA_ACCELERATION};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        distributions[own[i]] = value[own[i]];
}

static int derive_drawn(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, zem_key_set exchanged,
                        struct cell_parameters *parameters, enum zem_key *culprit, struct zem_error *error)
{
    struct zem_value distributions[ZEM_KEY_COUNT], value[ZEM_KEY_COUNT];
    struct zem_error own = {0};
    if (!scenario->resolution.by_trial)
        return zem_cell_derive(scenario, cell, parameters, error);
    int status = draw_all(scenario, cell, trial, exchanged, distributions, value, culprit, &own);
    if (status == ZEM_OK) {
        assume(distributions, value);
        status = zem_cell_derive_values(scenario, cell, value, distributions, parameters, &own);
    }
    return status == ZEM_OK
               ? ZEM_OK
               : zem_error_set(error, status, "trial %" PRIu64 ": %s; narrow the distributions", trial, own.message);
}

int zem_cell_derive_trial(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial,
                          struct cell_parameters *parameters, struct zem_error *error)
{
    return derive_drawn(scenario, cell, trial, 0, parameters, NULL, error);
}

int zem_cell_derive_exchanged(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, zem_key_set exchanged,
                              struct cell_parameters *parameters, struct zem_error *error)
{
    return derive_drawn(scenario, cell, trial, exchanged, parameters, NULL, error);
}

void zem_trial_features(const struct zem_scenario *scenario, uint64_t cell, feature_set *possible, feature_set *certain,
                        uint32_t *stages)
{
    struct zem_value low[ZEM_KEY_COUNT], high[ZEM_KEY_COUNT];
    zem_grid_distributions(scenario, cell, low);
    zem_resolution_apply(scenario, low, NULL, NULL);
    memcpy(high, low, sizeof high);
    for (size_t i = 0; i < scenario->resolution.count; i++) {
        const enum zem_key key = scenario->resolution.order[i];
        double least, most;
        if (!scenario->resolution.varying[key])
            continue;
        zem_distribution_support(&low[key], &least, &most);
        /* A key that has an expression, or a part of whose distribution has one, may be any value that its rule allows.
         * A factor of 1 may switch a feature off, and a factor of 2 switches it on. */
        const bool computed = zem_formula_find(scenario, key, ZEM_PARTS) != NULL;
        const bool at_zero = computed || (low[key].distribution == ZEM_LIST && !(least > 0.0));
        zem_value_fix(&low[key], at_zero ? 0.0 : 1.0);
        zem_value_fix(&high[key], computed || most > 0.0 || least < 0.0 ? 2.0 : 0.0);
    }
    *possible = zem_cell_flown_features(scenario, high);
    *certain = zem_cell_flown_features(scenario, low) & *possible;
    *stages = zem_causes_stages(high);
    if (zem_causes_stages(low) != *stages)
        *stages = 0;
}

int zem_trial_probe(const struct zem_scenario *scenario, uint64_t cell, enum zem_key *culprit, struct zem_error *error)
{
    struct cell_parameters parameters;
    char path[96];
    int status = ZEM_OK;
    *culprit = ZEM_KEY_COUNT;
    for (size_t i = 0; status == ZEM_OK && i < 2 * scenario->resolution.count; i++) {
        const enum zem_key key = scenario->resolution.order[i / 2];
        struct zem_value value[ZEM_KEY_COUNT], distributions[ZEM_KEY_COUNT];
        struct zem_error own = {0};
        zem_grid_distributions(scenario, cell, distributions);
        zem_resolution_apply(scenario, distributions, NULL, NULL);
        if (!scenario->resolution.drawn[key] || distributions[key].distribution == ZEM_CONSTANT)
            continue;
        zem_grid_values(scenario, cell, value);
        value[key].first =
            zem_distribution_from_uniform(&distributions[key], i % 2 == 0 ? PROBED_TAIL : 1.0 - PROBED_TAIL);
        lags_raise(scenario, distributions, value);
        status = zem_cell_derive_values(scenario, cell, value, distributions, &parameters, &own);
        if (status != ZEM_OK)
            *culprit = key;
        if (status != ZEM_OK)
            zem_error_set(error, status, "with %s near an end of its distribution, %g in SI units: %s",
                          zem_key_path(key, path, sizeof path), value[key].first, own.message);
    }
    for (uint64_t trial = 0; status == ZEM_OK && trial < PROBED_TRIALS; trial++)
        status = derive_drawn(scenario, cell, trial, 0, &parameters, culprit, error);
    return status;
}
