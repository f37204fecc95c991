/* The table of result variables, and one function for each that computes its values for one cell from the integers of
 * the totals. The page models/FILE-FORMAT.md lists the same variables, and a test compares the two. */
#include "result/result_variables.h"

#include "base/kernel_types.h"
#include "cell/cell.h"
#include "cell/drawn_inputs.h"
#include "kernels/histogram_edges.h"
#include "result/cell_totals.h"
#include "result/drawn_variables.h"
#include "result/rank_table.h"
#include "result/step_check.h"

#include <math.h>
#include <string.h>

const double zem_quantile_levels[] = {0.05, 0.25, 0.5, 0.75, 0.95};
const size_t zem_quantile_level_count = sizeof zem_quantile_levels / sizeof *zem_quantile_levels;

const double *zem_histogram_edges(void)
{
    static const double edges[] = {ZEM_HISTOGRAM_EDGES};
    _Static_assert(sizeof edges / sizeof *edges == ZEM_HISTOGRAM_BINS + 1, "edges of the miss histogram");
    return edges;
}

/* ---- one function per variable ---- */

static void compute_trials(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    counts[0] = zem_trial_count(result, cell);
}

static void compute_hits(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        counts[i] = zem_result_hits(result, cell, i);
}

static void compute_outcomes(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < ZEM_OUTCOME_COUNT; i++)
        counts[i] = zem_result_word(result, cell, ZEM_TALLY_OUTCOME + i);
}

static void compute_miss_counts(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    zem_totals_histogram(&result->totals, cell, counts);
}

static double ratio(uint64_t part, uint64_t whole) { return whole == 0 ? (double)NAN : (double)part / (double)whole; }

static struct zem_interval interval_of(const struct zem_result *result, uint64_t cell, uint64_t hits)
{
    return zem_interval_binomial(hits, zem_trial_count(result, cell), zem_cell_confidence(result, cell),
                                 result->interval_method);
}

static void compute_p_hit(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = ratio(zem_result_hits(result, cell, i), zem_trial_count(result, cell));
}

static void compute_p_hit_lower(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = interval_of(result, cell, zem_result_hits(result, cell, i)).lower;
}

static void compute_p_hit_upper(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = interval_of(result, cell, zem_result_hits(result, cell, i)).upper;
}

static void compute_miss_mean(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    numbers[0] = zem_mean_of_passed(result, cell, ZEM_TALLY_MISS);
}

static void compute_miss_rms(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    numbers[0] = sqrt(zem_mean_of_passed(result, cell, ZEM_TALLY_MISS_SQUARED));
}

static void compute_miss_std(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    numbers[0] = zem_miss_deviation(result, cell);
}

/* Writes the number of misses in the bins 0 to k - 1 to below[k], and returns the number of all misses. */
static uint64_t misses_below(const struct zem_result *result, uint64_t cell, uint64_t below[ZEM_HISTOGRAM_SLOTS + 1])
{
    uint64_t counts[ZEM_HISTOGRAM_SLOTS];
    zem_totals_histogram(&result->totals, cell, counts);
    below[0] = 0;
    for (size_t slot = 0; slot < ZEM_HISTOGRAM_SLOTS; slot++)
        below[slot + 1] = below[slot] + counts[slot];
    return below[ZEM_HISTOGRAM_SLOTS];
}

static void compute_miss_quantile(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    uint64_t misses[ZEM_HISTOGRAM_SLOTS];
    (void)counts;
    zem_totals_histogram(&result->totals, cell, misses);
    zem_quantile_estimates(misses, zem_histogram_edges(), ZEM_HISTOGRAM_SLOTS, zem_quantile_levels,
                           zem_quantile_level_count, numbers);
}

/* Computes the lower or the upper limits of the intervals of all quantiles. `limit` is the function of quantile_ranks.h
 * that gives one limit. */
static void compute_limits(const struct zem_result *result, uint64_t cell, double *numbers,
                           double (*limit)(const struct zem_quantile_ranks *, const uint64_t *, const double *, size_t))
{
    uint64_t below[ZEM_HISTOGRAM_SLOTS + 1];
    struct zem_quantile_ranks ranks[sizeof zem_quantile_levels / sizeof *zem_quantile_levels];
    zem_rank_table_find(result->ranks, zem_quantile_levels, zem_quantile_level_count, misses_below(result, cell, below),
                        zem_cell_confidence(result, cell), ranks);
    for (size_t i = 0; i < zem_quantile_level_count; i++)
        numbers[i] = limit(&ranks[i], below, zem_histogram_edges(), ZEM_HISTOGRAM_SLOTS);
}

static void compute_miss_quantile_lower(const struct zem_result *result, uint64_t cell, uint64_t *counts,
                                        double *numbers)
{
    (void)counts;
    compute_limits(result, cell, numbers, zem_quantile_ranks_lower);
}

static void compute_miss_quantile_upper(const struct zem_result *result, uint64_t cell, uint64_t *counts,
                                        double *numbers)
{
    (void)counts;
    compute_limits(result, cell, numbers, zem_quantile_ranks_upper);
}

static void compute_saturated_fraction(const struct zem_result *result, uint64_t cell, uint64_t *counts,
                                       double *numbers)
{
    (void)counts;
    numbers[0] = zem_mean_of_passed(result, cell, ZEM_TALLY_SATURATED_TIME)
                 / zem_mean_of_passed(result, cell, ZEM_TALLY_FLIGHT_TIME);
}

static void compute_divert_mean(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    numbers[0] = zem_mean_of_passed(result, cell, ZEM_TALLY_DIVERT);
}

static void compute_flight_time_mean(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    numbers[0] = zem_mean_of_passed(result, cell, ZEM_TALLY_FLIGHT_TIME);
}

/* The number of salvos with at least one hit. */
static uint64_t salvos_hit(const struct zem_result *result, uint64_t cell, size_t radius)
{
    return zem_trial_count(result, cell) - zem_salvos_with_hits(result, cell, radius, 0);
}

static void compute_p_salvo(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = ratio(salvos_hit(result, cell, i), zem_trial_count(result, cell));
}

static void compute_p_salvo_lower(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = interval_of(result, cell, salvos_hit(result, cell, i)).lower;
}

static void compute_p_salvo_upper(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        numbers[i] = interval_of(result, cell, salvos_hit(result, cell, i)).upper;
}

/* The probability of at least one hit if the shots were independent: 1 minus the product of 1 - p over the shots, where
 * p is the hit probability of a shot. The product is a sum of logarithms, so that small probabilities keep their
 * digits. */
static void compute_p_salvo_independent(const struct zem_result *result, uint64_t cell, uint64_t *counts,
                                        double *numbers)
{
    (void)counts;
    for (size_t i = 0; i < zem_radius_count(result); i++) {
        double logarithm = 0;
        for (size_t shot = 0; shot < zem_shot_count(result); shot++)
            logarithm += log1p(-ratio(zem_shot_hits(result, cell, i, shot), zem_trial_count(result, cell)));
        numbers[i] = -expm1(logarithm);
    }
}

static void compute_hits_shot(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        for (size_t shot = 0; shot < zem_shot_count(result); shot++)
            *counts++ = zem_shot_hits(result, cell, i, shot);
}

static void compute_salvo_hits(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < zem_radius_count(result); i++)
        for (size_t hits = 0; hits <= zem_shot_count(result); hits++)
            *counts++ = zem_salvos_with_hits(result, cell, i, hits);
}

/* ---- single trials: they do not follow from the totals, so the reader restores them from the file ---- */

#define SAMPLE_NUMBER(member) \
    static void compute_sample_##member(const struct zem_result *result, uint64_t cell, uint64_t *counts, \
                                        double *numbers) \
    { \
        (void)counts; \
        for (size_t i = 0; i < result->sample_count; i++) \
            numbers[i] = (double)zem_result_samples(result, cell)[i].member; \
    } \
    static bool restore_sample_##member(struct zem_result *result, uint64_t cell, const uint64_t *counts, \
                                        const double *numbers) \
    { \
        (void)counts; \
        for (size_t i = 0; i < result->sample_count; i++) \
            zem_result_samples(result, cell)[i].member = (float)numbers[i]; \
        return true; \
    }
SAMPLE_NUMBER(miss)
SAMPLE_NUMBER(scored)
SAMPLE_NUMBER(flight_time)
SAMPLE_NUMBER(divert)
SAMPLE_NUMBER(saturated_time)

static void compute_sample_outcome(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < result->sample_count; i++)
        counts[i] = zem_result_samples(result, cell)[i].outcome;
}

static bool restore_sample_outcome(struct zem_result *result, uint64_t cell, const uint64_t *counts,
                                   const double *numbers)
{
    (void)numbers;
    for (size_t i = 0; i < result->sample_count; i++) {
        if (counts[i] > ZEM_SAMPLE_NONE)
            return false;
        zem_result_samples(result, cell)[i].outcome = (uint32_t)counts[i];
    }
    return true;
}

/* ---- values that single trials drew: they are computed again from the numbers of the trials ---- */

ZEM_SCENARIO_KEYS(ZEM_DRAWN_COMPUTE)

/* ---- trials flown again with steps half as long: the reader restores their counts from the file ---- */

static void compute_step_check_trials(const struct zem_result *result, uint64_t cell, uint64_t *counts, double *numbers)
{
    (void)numbers;
    counts[0] = result->step_check.trials[cell];
}

static bool restore_step_check_trials(struct zem_result *result, uint64_t cell, const uint64_t *counts,
                                      const double *numbers)
{
    (void)numbers;
    result->step_check.trials[cell] = counts[0];
    return counts[0] <= ZEM_STEP_CHECK_TRIALS_MAX;
}

#define STEP_CHECK_COUNT(member) \
    static void compute_step_check_##member(const struct zem_result *result, uint64_t cell, uint64_t *counts, \
                                            double *numbers) \
    { \
        const size_t radii = zem_radius_count(result); \
        (void)numbers; \
        memcpy(counts, result->step_check.member + cell * radii, radii * sizeof *counts); \
    } \
    static bool restore_step_check_##member(struct zem_result *result, uint64_t cell, const uint64_t *counts, \
                                            const double *numbers) \
    { \
        const size_t radii = zem_radius_count(result); \
        (void)numbers; \
        memcpy(result->step_check.member + cell * radii, counts, radii * sizeof *counts); \
        return zem_step_check_fits(result, cell); \
    }
STEP_CHECK_COUNT(gained)
STEP_CHECK_COUNT(lost)

/* ---- the table ---- */

#define COUNT true
#define NUMBER false
#define ALWAYS ZEM_ALWAYS
#define SALVO ZEM_SALVO
#define SAMPLES ZEM_SAMPLES
#define RADIUS ZEM_DIMENSION_RADIUS
#define QUANTILE ZEM_DIMENSION_QUANTILE
#define SAMPLE ZEM_DIMENSION_SAMPLE

/* clang-format off */
const struct zem_variable zem_variable_table[] = {
    {"trials", "1", "trials", COUNT, ALWAYS, {0},
     compute_trials, NULL},
    {"hits", "1", "trials that hit", COUNT, ALWAYS, {RADIUS},
     compute_hits, NULL},
    {"p_hit", "1", "probability of a hit", NUMBER, ALWAYS, {RADIUS},
     compute_p_hit, NULL},
    {"p_hit_lower", "1", "lower limit of the interval of p_hit", NUMBER, ALWAYS, {RADIUS},
     compute_p_hit_lower, NULL},
    {"p_hit_upper", "1", "upper limit of the interval of p_hit", NUMBER, ALWAYS, {RADIUS},
     compute_p_hit_upper, NULL},
    {"miss_mean", "m", "mean miss distance", NUMBER, ALWAYS, {0},
     compute_miss_mean, NULL},
    {"miss_rms", "m", "root mean square of the miss distance", NUMBER, ALWAYS, {0},
     compute_miss_rms, NULL},
    {"miss_std", "m", "standard deviation of the miss distance", NUMBER, ALWAYS, {0},
     compute_miss_std, NULL},
    {"miss_quantile", "m", "quantile of the miss distance", NUMBER, ALWAYS, {QUANTILE},
     compute_miss_quantile, NULL},
    {"miss_quantile_lower", "m", "lower limit of the interval of miss_quantile", NUMBER, ALWAYS, {QUANTILE},
     compute_miss_quantile_lower, NULL},
    {"miss_quantile_upper", "m", "upper limit of the interval of miss_quantile", NUMBER, ALWAYS, {QUANTILE},
     compute_miss_quantile_upper, NULL},
    {"miss_counts", "1", "trials by miss distance", COUNT, ALWAYS, {ZEM_DIMENSION_MISS_BIN},
     compute_miss_counts, NULL},
    {"outcomes", "1", "trials by outcome", COUNT, ALWAYS, {ZEM_DIMENSION_OUTCOME},
     compute_outcomes, NULL},
    {"saturated_fraction", "1", "fraction of the flight time with the command at its limit", NUMBER, ALWAYS, {0},
     compute_saturated_fraction, NULL},
    {"divert_mean", "m/s", "mean divert, the integral of the interceptor's acceleration", NUMBER, ALWAYS, {0},
     compute_divert_mean, NULL},
    {"flight_time_mean", "s", "mean time from start of homing to closest approach", NUMBER, ALWAYS, {0},
     compute_flight_time_mean, NULL},
    {"p_salvo", "1", "probability of at least one hit in a salvo", NUMBER, SALVO, {RADIUS},
     compute_p_salvo, NULL},
    {"p_salvo_lower", "1", "lower limit of the interval of p_salvo", NUMBER, SALVO, {RADIUS},
     compute_p_salvo_lower, NULL},
    {"p_salvo_upper", "1", "upper limit of the interval of p_salvo", NUMBER, SALVO, {RADIUS},
     compute_p_salvo_upper, NULL},
    {"p_salvo_independent", "1", "probability of at least one hit if shots were independent", NUMBER, SALVO, {RADIUS},
     compute_p_salvo_independent, NULL},
    {"hits_shot", "1", "hits of each shot", COUNT, SALVO, {RADIUS, ZEM_DIMENSION_SHOT},
     compute_hits_shot, NULL},
    {"salvo_hits", "1", "salvos by their number of hits", COUNT, SALVO, {RADIUS, ZEM_DIMENSION_HITS_IN_SALVO},
     compute_salvo_hits, NULL},
    {"step_check_trials", "1", "trials flown again with half the steps", COUNT, ZEM_STEP_CHECKED, {0},
     compute_step_check_trials, restore_step_check_trials},
    {"step_check_gained", "1", "trials flown again that hit with the steps of the run alone",
     COUNT, ZEM_STEP_CHECKED, {RADIUS},
     compute_step_check_gained, restore_step_check_gained},
    {"step_check_lost", "1", "trials flown again that hit with half the steps alone",
     COUNT, ZEM_STEP_CHECKED, {RADIUS},
     compute_step_check_lost, restore_step_check_lost},
    {"sample_miss", "m", "miss distance of single trials", NUMBER, SAMPLES, {SAMPLE},
     compute_sample_miss, restore_sample_miss},
    {"sample_scored", "m", "miss distance of single trials as held against the hit radii",
     NUMBER, ZEM_SAMPLES_CARLETON, {SAMPLE},
     compute_sample_scored, restore_sample_scored},
    {"sample_outcome", "1", "how single trials ended", COUNT, SAMPLES, {SAMPLE},
     compute_sample_outcome, restore_sample_outcome},
    {"sample_flight_time", "s", "time of single trials from start of homing to closest approach",
     NUMBER, SAMPLES, {SAMPLE},
     compute_sample_flight_time, restore_sample_flight_time},
    {"sample_divert", "m/s", "divert of single trials", NUMBER, SAMPLES, {SAMPLE},
     compute_sample_divert, restore_sample_divert},
    {"sample_saturated_time", "s", "time of single trials with the command at its limit", NUMBER, SAMPLES, {SAMPLE},
     compute_sample_saturated_time, restore_sample_saturated_time},
    ZEM_SCENARIO_KEYS(ZEM_DRAWN_ROW)
};
/* clang-format on */
const size_t zem_variable_count = sizeof zem_variable_table / sizeof *zem_variable_table;

bool zem_variable_exists(const struct zem_result *result, const struct zem_variable *variable)
{
    if (variable->condition >= ZEM_SAMPLES_DRAWN)
        return result->sample_count > 0
               && zem_input_varies(result->scenario, (enum zem_key)(variable->condition - ZEM_SAMPLES_DRAWN));
    switch (variable->condition) {
    case ZEM_SALVO:
        return zem_shot_count(result) > 1;
    case ZEM_SAMPLES:
        return result->sample_count > 0;
    case ZEM_SAMPLES_CARLETON:
        return result->sample_count > 0
               && zem_choice_index(result->scenario->value, ZEM_KEY_LETHALITY) != ZEM_LETHALITY_COOKIE_CUTTER;
    case ZEM_STEP_CHECKED:
        return result->step_check.trials != NULL;
    case ZEM_ALWAYS:
    case ZEM_SAMPLES_DRAWN:
    case ZEM_SAMPLES_DRAWN_LAST:
        break;
    }
    return true;
}

double zem_variable_value(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                          uint64_t cell)
{
    uint64_t counts[ZEM_HISTOGRAM_SLOTS];
    double numbers[ZEM_HISTOGRAM_SLOTS];
    variable->compute(result, cell, counts, numbers);
    return variable->is_count ? (double)counts[element] : numbers[element];
}

double zem_variable_number(const struct zem_result *result, const char *name, size_t element, uint64_t cell)
{
    return zem_variable_value(result, zem_variable_find(name), element, cell);
}

size_t zem_dimension_length(const struct zem_result *result, enum zem_dimension dimension)
{
    switch (dimension) {
    case ZEM_DIMENSION_RADIUS:
        return zem_radius_count(result);
    case ZEM_DIMENSION_QUANTILE:
        return zem_quantile_level_count;
    case ZEM_DIMENSION_MISS_BIN:
        return ZEM_HISTOGRAM_SLOTS;
    case ZEM_DIMENSION_OUTCOME:
        return ZEM_OUTCOME_COUNT;
    case ZEM_DIMENSION_SHOT:
        return zem_shot_count(result);
    case ZEM_DIMENSION_HITS_IN_SALVO:
        return zem_shot_count(result) + 1;
    case ZEM_DIMENSION_SAMPLE:
        return result->sample_count;
    case ZEM_DIMENSION_NONE:
    case ZEM_DIMENSION_COUNT:
        break;
    }
    return 1;
}

const char *zem_dimension_name(enum zem_dimension dimension)
{
    static const char *const names[] = {"",        "hit_radius", "quantile",      "miss_bin",
                                        "outcome", "shot",       "hits_in_salvo", "sample"};
    return names[dimension];
}

const struct zem_variable *zem_variable_find(const char *name)
{
    for (size_t i = 0; i < zem_variable_count; i++)
        if (strcmp(zem_variable_table[i].name, name) == 0)
            return &zem_variable_table[i];
    return NULL;
}
