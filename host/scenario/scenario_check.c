/* Checks the rules between keys in all cells of the grid, and finds keys that have no effect. A key has no effect if
 * the rows of choices.h exclude it, or if it only belongs to another key that is absent. The reader has already checked
 * each value by itself. */
#include "base/kernel_types.h"
#include "scenario/cell_choice.h"
#include "scenario/distribution.h"
#include "scenario/grid.h"
#include "scenario/resolution.h"
#include "scenario/scenario_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct check {
    const struct zem_scenario *scenario;
    const bool *bad;
    struct zem_diagnostics *diagnostics;
};

/* Whether every cell has a value for a key. A key without a default may have none. */
static bool gives(const struct zem_scenario *scenario, enum zem_key key)
{
    double low, high;
    return zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high);
}

/* Whether a key is absent or 0 in every cell. */
static bool never_other(const struct zem_scenario *scenario, enum zem_key key)
{
    double low, high;
    return !zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high) || (low == 0.0 && high == 0.0);
}

static bool never_positive(const struct zem_scenario *scenario, enum zem_key key)
{
    double low, high;
    return !zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high) || high <= 0;
}

/* Finds the line and the column of a key's value, or of the axis that sweeps it. Returns false if the value is a
 * default. */
static bool key_place(const struct zem_scenario *scenario, enum zem_key key, int *line, int *column)
{
    *line = scenario->value[key].line;
    *column = scenario->value[key].column;
    for (size_t i = 0; i < scenario->axis_count; i++)
        if (scenario->axis[i].key == key) {
            *line = scenario->axis[i].line;
            *column = scenario->axis[i].column;
        }
    return *line > 0 || *column > 0;
}

/* Reports a mistake or a warning about a key at its place in the file. If the key has its default, the place of
 * `other`, with which it conflicts, is used. */
static void report_at(const struct check *check, enum zem_severity severity, enum zem_key key, enum zem_key other,
                      const char *message)
{
    char path[96];
    int line, column;
    if (!key_place(check->scenario, key, &line, &column))
        key_place(check->scenario, other, &line, &column);
    zem_diagnostics_add(check->diagnostics, severity, line, column, zem_key_path(key, path, sizeof path), "%s",
                        message);
}

static bool any_bad(const struct check *check, enum zem_key a, enum zem_key b)
{
    return check->bad[a] || check->bad[b];
}

static void missing_report(const struct check *check, enum zem_key key, const struct zem_choice_row *kinematics)
{
    const struct zem_key_info *info = &zem_key_table[key];
    char path[96], words[160], unit[48] = "";
    if (info->kind == ZEM_QUANTITY)
        snprintf(unit, sizeof unit, ", with its unit (%s)", info->unit);
    zem_diagnostics_add(check->diagnostics, ZEM_MISTAKE, 0, 0, zem_key_path(key, path, sizeof path),
                        "missing; %s%s needs it: %s%s%s%s", kinematics != NULL ? "kinematics: " : "every scenario",
                        kinematics != NULL ? kinematics->word : "", info->description, unit,
                        info->choice != NULL ? ", one of " : "",
                        info->choice != NULL ? zem_choice_words(info->choice, "|", words, sizeof words) : "");
}

static void required_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    const bool known = scenario->value[ZEM_KEY_KINEMATICS].present && !check->bad[ZEM_KEY_KINEMATICS];
    const struct zem_choice_row *kinematics = known ? zem_choice_row(scenario->value, ZEM_KEY_KINEMATICS) : NULL;
    for (int i = 0; i < ZEM_KEY_COUNT; i++) {
        enum zem_key key = (enum zem_key)i;
        const bool one_kinematics = zem_key_in(zem_kinematics_choice.keys, key);
        if (zem_key_table[key].default_text != NULL || scenario->value[key].present || check->bad[key]
            || zem_scenario_sweeps(scenario, key))
            continue;
        if (!one_kinematics)
            missing_report(check, key, NULL);
        else if (known && zem_key_in(kinematics->keys, key))
            missing_report(check, key, kinematics);
    }
}

static void noise_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    double low, high, lag_low, lag_high;
    if (any_bad(check, ZEM_KEY_SEEKER_LAG, ZEM_KEY_ESTIMATOR)
        || zem_choice_index(scenario->value, ZEM_KEY_ESTIMATOR) != ZEM_ESTIMATOR_NONE)
        return;
    zem_scenario_bounds(scenario, ZEM_KEY_SEEKER_LAG, ZEM_PART_VALUE, &lag_low, &lag_high);
    if (lag_low > 0 || gives(scenario, ZEM_KEY_SAMPLE_INTERVAL))
        return;
    for (int i = 0; i < ZEM_KEY_COUNT; i++) {
        enum zem_key key = (enum zem_key)i;
        if ((zem_key_table[key].flags & ZEM_NOISE) == 0)
            continue;
        zem_scenario_bounds(scenario, key, ZEM_PART_VALUE, &low, &high);
        if (high > 0 && !check->bad[key])
            report_at(check, ZEM_MISTAKE, key, ZEM_KEY_SEEKER_LAG,
                      "noise without a tracker has no bounded line-of-sight rate; give interceptor.seeker_lag above 0 "
                      "s in every cell, seeker.sample_interval, or seeker.estimator");
    }
}

static void time_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    double low, high;
    bool flight = gives(scenario, ZEM_KEY_FLIGHT_TIME) && !check->bad[ZEM_KEY_FLIGHT_TIME];
    bool blind = zem_scenario_bounds(scenario, ZEM_KEY_BLIND_TIME, ZEM_PART_VALUE, &low, &high)
                 && !check->bad[ZEM_KEY_BLIND_TIME];
    if (blind && low < 1e-6)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_BLIND_TIME, ZEM_KEY_FLIGHT_TIME,
                  "must be at least 1 us: steps shrink with the time to go");
    if (blind && flight && zem_scenario_excess(scenario, ZEM_KEY_BLIND_TIME, 1.0, ZEM_KEY_FLIGHT_TIME) >= 0.0)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_BLIND_TIME, ZEM_KEY_FLIGHT_TIME,
                  "must be shorter than engagement.flight_time in every cell and every trial");
    bool step = gives(scenario, ZEM_KEY_STEP) && !check->bad[ZEM_KEY_STEP];
    if (step && flight && zem_scenario_excess(scenario, ZEM_KEY_STEP, 1.0, ZEM_KEY_FLIGHT_TIME) > 0.0)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_STEP, ZEM_KEY_FLIGHT_TIME,
                  "must not be longer than engagement.flight_time in any cell or trial");
    const bool ratio = zem_scenario_bounds(scenario, ZEM_KEY_STEP_RATIO, ZEM_PART_VALUE, &low, &high);
    if (ratio && !check->bad[ZEM_KEY_STEP_RATIO] && low < 2)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_STEP_RATIO, ZEM_KEY_STEP_RATIO,
                  "must be at least 2: a step takes at most half of the time to go");
}

static void guidance_check(const struct check *check)
{
    char message[160];
    double low, high;
    if (any_bad(check, ZEM_KEY_GUIDANCE, ZEM_KEY_AUTOPILOT_LAG))
        return;
    const struct zem_choice_row *law = zem_choice_row(check->scenario->value, ZEM_KEY_GUIDANCE);
    zem_scenario_bounds(check->scenario, ZEM_KEY_AUTOPILOT_LAG, ZEM_PART_VALUE, &low, &high);
    if ((law->properties & ZEM_NEEDS_AUTOPILOT_LAG) == 0 || low > 0)
        return;
    snprintf(message, sizeof message,
             "guidance: %s has gains for an autopilot with a lag; give interceptor.autopilot_lag above 0 s in every "
             "cell, or use %s",
             law->word, zem_guidance_choice.row[ZEM_GUIDANCE_APN].word);
    report_at(check, ZEM_MISTAKE, ZEM_KEY_AUTOPILOT_LAG, ZEM_KEY_GUIDANCE, message);
}

/* A guidance law for a weaving target must know the target's acceleration and its rate of change. Only a weave or a
 * spiral has such a rate, and the Kalman filter does not estimate it. */
static void weave_law_check(const struct check *check)
{
    const struct zem_value *value = check->scenario->value;
    if (any_bad(check, ZEM_KEY_GUIDANCE, ZEM_KEY_MANEUVER) || check->bad[ZEM_KEY_ESTIMATOR]
        || (zem_choice_row(value, ZEM_KEY_GUIDANCE)->properties & ZEM_NEEDS_WEAVE) == 0)
        return;
    if ((zem_choice_row(value, ZEM_KEY_MANEUVER)->properties & ZEM_SINUSOIDAL) == 0)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_GUIDANCE, ZEM_KEY_MANEUVER,
                  "this law answers a target that turns with a period; give target.maneuver: weave or spiral, or use "
                  "another law");
    if (zem_choice_index(value, ZEM_KEY_ESTIMATOR) == ZEM_ESTIMATOR_KALMAN)
        report_at(
            check, ZEM_MISTAKE, ZEM_KEY_GUIDANCE, ZEM_KEY_ESTIMATOR,
            "this law needs the rate of the target's acceleration, which the Kalman filter does not estimate; use "
            "seeker.estimator: none or perfect");
}

_Static_assert(ZEM_DELAY_LIMIT == 15, "two messages and the key reference say 15");

/* Rules of a sampled seeker. It has a filter of its own in place of seeker_lag and filter_lag. The delay is at most 15
 * intervals, because the kernels store at most ZEM_DELAY_LIMIT estimates that have not yet reached guidance. */
static void sampled_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    if (!gives(scenario, ZEM_KEY_SAMPLE_INTERVAL) || check->bad[ZEM_KEY_SAMPLE_INTERVAL]
        || zem_key_in(zem_keys_idle(scenario->value), ZEM_KEY_SAMPLE_INTERVAL))
        return;
    const enum zem_key lags[] = {ZEM_KEY_SEEKER_LAG, ZEM_KEY_FILTER_LAG};
    const bool alone = zem_choice_index(scenario->value, ZEM_KEY_ESTIMATOR) == ZEM_ESTIMATOR_NONE;
    for (size_t k = 0; k < sizeof lags / sizeof *lags && alone; k++)
        if (!check->bad[lags[k]] && zem_scenario_highest(scenario, lags[k]) > 0.0)
            report_at(
                check, ZEM_MISTAKE, lags[k], ZEM_KEY_SAMPLE_INTERVAL,
                "a sampled seeker (seeker.sample_interval) has a fading-memory filter in place of this lag; leave "
                "one of them out");
    if (!check->bad[ZEM_KEY_FLIGHT_TIME]
        && zem_scenario_excess(scenario, ZEM_KEY_FLIGHT_TIME, ZEM_SAMPLES_OF_FLIGHT_MAX, ZEM_KEY_SAMPLE_INTERVAL) > 0.0)
        report_at(
            check, ZEM_MISTAKE, ZEM_KEY_SAMPLE_INTERVAL, ZEM_KEY_FLIGHT_TIME,
            "must be at least a five-thousandth of engagement.flight_time in every cell: single precision tells no "
            "more instants apart; a shorter interval is as good as seeker_lag and filter_lag without samples");
    if (!alone && !check->bad[ZEM_KEY_SAMPLE_DELAY] && !never_positive(scenario, ZEM_KEY_SAMPLE_DELAY))
        report_at(
            check, ZEM_MISTAKE, ZEM_KEY_SAMPLE_DELAY, ZEM_KEY_ESTIMATOR,
            "needs estimator: none; the Kalman filter of this model has its measurements at once, because it does "
            "not predict its estimate over a delay");
    if (!check->bad[ZEM_KEY_SAMPLE_DELAY]
        && zem_scenario_excess(scenario, ZEM_KEY_SAMPLE_DELAY, ZEM_DELAY_LIMIT, ZEM_KEY_SAMPLE_INTERVAL) > 0.0)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_SAMPLE_DELAY, ZEM_KEY_SAMPLE_INTERVAL,
                  "must be at most 15 times seeker.sample_interval in every cell and trial: no more estimates can be "
                  "on their way to guidance at once");
}

/* Limits the reversals of a telegraph maneuver. With too many, single precision cannot tell their times apart, and a
 * flight would draw reversals without end. */
static void telegraph_check(const struct check *check)
{
    if (any_bad(check, ZEM_KEY_SWITCHING_RATE, ZEM_KEY_FLIGHT_TIME)
        || zem_key_in(zem_keys_idle(check->scenario->value), ZEM_KEY_SWITCHING_RATE))
        return;
    const double reversals = zem_scenario_product(check->scenario, ZEM_KEY_SWITCHING_RATE, ZEM_KEY_FLIGHT_TIME);
    if (isfinite(reversals) && reversals > ZEM_REVERSALS_OF_FLIGHT_MAX)
        report_at(
            check, ZEM_MISTAKE, ZEM_KEY_SWITCHING_RATE, ZEM_KEY_FLIGHT_TIME,
            "must have at most ten thousand mean reversals in engagement.flight_time, because single precision "
            "tells no more instants apart; lower it, or take no maneuver, since such a target hardly moves aside");
}

/* The radome feeds the acceleration back into the measured angle. There must be a lag in the seeker and one in the
 * autopilot, because a loop without them would have no unique solution. */
static void radome_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    if (check->bad[ZEM_KEY_RADOME_SLOPE] || never_other(scenario, ZEM_KEY_RADOME_SLOPE)
        || zem_key_in(zem_keys_idle(scenario->value), ZEM_KEY_RADOME_SLOPE))
        return;
    if (zem_choice_index(scenario->value, ZEM_KEY_ESTIMATOR) == ZEM_ESTIMATOR_NONE
        && !gives(scenario, ZEM_KEY_SAMPLE_INTERVAL) && zem_scenario_lowest(scenario, ZEM_KEY_SEEKER_LAG) <= 0.0)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_RADOME_SLOPE, ZEM_KEY_SEEKER_LAG,
                  "needs a lag or samples in the seeker, whose angle it bends; give interceptor.seeker_lag above 0 s "
                  "in every cell, or seeker.sample_interval");
    bool lagging = zem_scenario_lowest(scenario, ZEM_KEY_QUADRATIC_LAG) > 0.0;
    for (zem_key_set stages = ZEM_STAGE_KEYS | ZEM_KEY_SET(AUTOPILOT_LAG); stages != 0; stages &= stages - 1)
        lagging = lagging || zem_scenario_lowest(scenario, zem_key_first(stages)) > 0.0;
    if (!lagging)
        report_at(check, ZEM_MISTAKE, ZEM_KEY_RADOME_SLOPE, ZEM_KEY_AUTOPILOT_LAG,
                  "needs a lag in the autopilot, whose acceleration it feeds back; give interceptor.autopilot_lag or "
                  "interceptor.quadratic_lag above 0 s in every cell");
}

/* Limits the number of autopilot stages. The quadratic lag counts as two, because the kernels have ZEM_STAGES_LIMIT
 * states for all of them. */
static void stages_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    const bool quadratic = zem_scenario_highest(scenario, ZEM_KEY_QUADRATIC_LAG) > 0.0,
               equal = zem_scenario_highest(scenario, ZEM_KEY_AUTOPILOT_LAG) > 0.0;
    int further = 0;
    for (zem_key_set stages = ZEM_STAGE_KEYS; stages != 0; stages &= stages - 1)
        further += zem_scenario_highest(scenario, zem_key_first(stages)) > 0.0;
    const double order = equal ? zem_scenario_highest(scenario, ZEM_KEY_AUTOPILOT_ORDER) : 0.0;
    if (any_bad(check, ZEM_KEY_QUADRATIC_LAG, ZEM_KEY_AUTOPILOT_ORDER)
        || order + further + (quadratic ? 2 : 0) <= ZEM_STAGES_LIMIT)
        return;
    report_at(check, ZEM_MISTAKE, ZEM_KEY_AUTOPILOT_ORDER, quadratic ? ZEM_KEY_QUADRATIC_LAG : ZEM_KEY_AUTOPILOT_LAG_2,
              "an autopilot has at most five stages, of which interceptor.quadratic_lag counts as two and each "
              "autopilot_lag_2 to autopilot_lag_5 as one; take fewer of them, or a lower autopilot_order");
}

/* Checks the distributions that the kernels draw. The ends of a uniform distribution must be in order in every cell. A
 * warning is given if a normal distribution of a key that must be positive has a sigma above a fifth of its mean,
 * because it then draws values of 0 or less in some trials. */
static void distribution_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    for (int i = 0; i < ZEM_KEY_COUNT; i++) {
        enum zem_key key = (enum zem_key)i;
        double from_low, from_high, to_low, to_high;
        if (check->bad[key] || (zem_key_table[key].flags & ZEM_VARIES) == 0 || zem_scenario_resolves(scenario, key)
            || scenario->value[key].distribution > ZEM_UNIFORM)
            continue;
        zem_scenario_bounds(scenario, key, ZEM_PART_FROM, &from_low, &from_high);
        zem_scenario_bounds(scenario, key, ZEM_PART_TO, &to_low, &to_high);
        if (scenario->value[key].distribution == ZEM_UNIFORM && from_high > to_low)
            report_at(check, ZEM_MISTAKE, key, key,
                      "from must not be greater than to in any cell; change them, or the axis that sweeps one of them");
        else if (scenario->value[key].distribution != ZEM_UNIFORM && zem_key_table[key].rule == ZEM_RULE_POSITIVE
                 && from_low < 5 * to_high)
            report_at(check, ZEM_WARNING, key, key,
                      "must be positive, and a sigma above a fifth of the mean draws other values too; lower sigma, or "
                      "truncate with from and to");
    }
}

/* Checks, in every examined cell, the values that expressions compute or the host draws. Each key is reported once. */
static void resolved_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    bool reported[ZEM_KEY_COUNT] = {false};
    for (uint64_t n = 0; scenario->resolution.count > 0 && n < zem_cell_examined_count(scenario); n++) {
        const uint64_t cell = zem_cell_examined(scenario, n);
        struct zem_value value[ZEM_KEY_COUNT];
        char fault[240], name[300], message[600];
        zem_grid_distributions(scenario, cell, value);
        zem_resolution_apply(scenario, value, NULL, NULL);
        for (size_t i = 0; i < scenario->resolution.count; i++) {
            const enum zem_key key = scenario->resolution.order[i];
            if (reported[key] || check->bad[key]
                || !zem_value_fault(&zem_key_table[key], &value[key], fault, sizeof fault))
                continue;
            reported[key] = true;
            snprintf(message, sizeof message, "%s%s%s", fault, scenario->axis_count > 0 ? ", in " : "",
                     scenario->axis_count > 0 ? zem_cell_name(scenario, cell, name, sizeof name) : "");
            report_at(check, ZEM_MISTAKE, key, key, message);
        }
    }
}

/* Refuses a Kalman filter if the density of a noise is drawn for each trial. The gains of the filter are computed from
 * the density that the trial has drawn, so the filter would know the draw. */
static void filter_check(const struct check *check)
{
    const struct zem_scenario *scenario = check->scenario;
    if (check->bad[ZEM_KEY_ESTIMATOR] || zem_choice_index(scenario->value, ZEM_KEY_ESTIMATOR) != ZEM_ESTIMATOR_KALMAN)
        return;
    for (int key = 0; key < ZEM_KEY_COUNT; key++)
        if (scenario->resolution.varying[key]
            && (key == ZEM_KEY_REFERENCE_RANGE || (zem_key_table[key].flags & ZEM_NOISE) != 0))
            report_at(
                check, ZEM_MISTAKE, (enum zem_key)key, ZEM_KEY_ESTIMATOR,
                "varies from trial to trial, and a Kalman filter would know what the trial has drawn; give it one "
                "value, or sweep it");
}

/* Refuses a salvo whose heading errors or displacements are drawn by the host. Every shot must have errors of its own,
 * but the host draws one value for the whole trial. */
static void salvo_check(const struct check *check)
{
    static const enum zem_key errors[] = {ZEM_KEY_HEADING_ERROR_Y, ZEM_KEY_HEADING_ERROR_Z, ZEM_KEY_DISPLACEMENT_Y,
                                          ZEM_KEY_DISPLACEMENT_Z};
    const struct zem_scenario *scenario = check->scenario;
    if (check->bad[ZEM_KEY_SHOTS] || scenario->value[ZEM_KEY_SHOTS].integer <= 1)
        return;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (scenario->resolution.varying[errors[i]])
            report_at(check, ZEM_MISTAKE, errors[i], ZEM_KEY_SHOTS,
                      "every shot of a salvo draws an error of its own, which works for {mean: , sigma: } and {from: , "
                      "to: } that are neither correlated nor named in an expression; write it so, or take one shot");
}

void zem_scenario_check(const struct zem_scenario *scenario, const bool bad[ZEM_KEY_COUNT],
                        struct zem_diagnostics *diagnostics)
{
    const struct check check = {scenario, bad, diagnostics};
    required_check(&check);
    noise_check(&check);
    time_check(&check);
    guidance_check(&check);
    weave_law_check(&check);
    sampled_check(&check);
    telegraph_check(&check);
    radome_check(&check);
    stages_check(&check);
    distribution_check(&check);
    resolved_check(&check);
    filter_check(&check);
    salvo_check(&check);
    if (diagnostics->mistakes > 0)
        return;
    for (size_t i = 0; i < scenario->axis_count; i++)
        if (zem_scenario_key_unused(scenario, scenario->axis[i].key))
            report_at(&check, ZEM_WARNING, scenario->axis[i].key, scenario->axis[i].key,
                      "swept, but has no effect with the other keys of this scenario; remove the axis, or choose what "
                      "the key belongs to");
}

/* Whether a key has no effect because the key to which it belongs is absent, never positive or always 0. */
static bool companion_missing(const struct zem_scenario *scenario, enum zem_key key)
{
    switch (key) {
    case ZEM_KEY_AUTOPILOT_ORDER:
        return never_positive(scenario, ZEM_KEY_AUTOPILOT_LAG);
    case ZEM_KEY_SEEKER_DAMPING:
        return never_positive(scenario, ZEM_KEY_SEEKER_LAG);
    case ZEM_KEY_FILTER_DAMPING:
        return never_positive(scenario, ZEM_KEY_FILTER_LAG);
    case ZEM_KEY_QUADRATIC_DAMPING:
        return never_positive(scenario, ZEM_KEY_QUADRATIC_LAG);
    case ZEM_KEY_TURNING_RATE_LAG:
        return never_other(scenario, ZEM_KEY_RADOME_SLOPE);
    case ZEM_KEY_SAMPLE_DELAY:
    case ZEM_KEY_FADING_MEMORY:
        return !gives(scenario, ZEM_KEY_SAMPLE_INTERVAL);
    case ZEM_KEY_REFERENCE_DYNAMIC_PRESSURE:
        return never_positive(scenario, ZEM_KEY_AERODYNAMIC_LIMIT);
    case ZEM_KEY_LIFT_TO_DRAG:
        return never_positive(scenario, ZEM_KEY_TARGET_BALLISTIC_COEFFICIENT);
    case ZEM_KEY_REFERENCE_RANGE:
        return never_positive(scenario, ZEM_KEY_SEMIACTIVE_NOISE) && never_positive(scenario, ZEM_KEY_ACTIVE_NOISE);
    case ZEM_KEY_SPACING:
        return scenario->value[ZEM_KEY_SHOTS].integer <= 1;
    default:
        return false;
    }
}

bool zem_scenario_key_unused(const struct zem_scenario *scenario, enum zem_key key)
{
    if (!scenario->value[key].given && !zem_scenario_sweeps(scenario, key))
        return false;
    return zem_key_in(zem_keys_idle(scenario->value), key) || companion_missing(scenario, key);
}
