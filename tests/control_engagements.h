/* Engagements whose sum of mixes (the hashes of misses in kernels/tally.h) must change when one operation of the
 * kernels does. Their cells are filled by hand, so that only an engine is needed and negative_controls.sh can build
 * engines from damaged copies of the kernels. */
#ifndef ZEM_CONTROL_ENGAGEMENTS_H
#define ZEM_CONTROL_ENGAGEMENTS_H

#include "device/native/native_engine.h"

#include <stddef.h>

enum { CONTROL_TRIALS = 512, CONTROL_STEPS = 512, CONTROL_ANSWERS = 1024 };

/* Returns a cell with a weaving target and a single-lag interceptor with the optimal law, a Kalman filter, a limit,
 * noise and handover errors. No other loop has as many sums of products that a compiler could contract. */
static inline struct cell_parameters control_cell(void)
{
    struct cell_parameters cell = {
        .features = ZEM_FEATURE_WEAVE | ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_OGL | ZEM_FEATURE_KALMAN
                    | ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_LIMIT | ZEM_FEATURE_NOISE | ZEM_FEATURE_VARIED_PERIOD,
        .stages = 1,
        .cell_word = 1,
        .seed_low = 2026,
        .blind_steps = 1,
        .radius_count = 1,
        .shots = 1,
        .flight_time = 3.0f,
        .blind_time = 0.001f,
        .step = 0.03125f,
        .inverse_step_ratio = 0.25f,
        .closing_speed = 4000.0f,
        .interceptor_speed = 2000.0f,
        .navigation_gain = 4.0f,
        .inverse_stage_lag = 4.0f,
        .autopilot_lag = 0.25f,
        .half_known_share = 0.5f,
        .acceleration_limit = 150.0f,
        .glint = 0.05f,
        .angle_noise = 1.0e-9f,
        .process_noise = 500.0f,
        .initial_variance = {30.0f, 400.0f, 1300.0f},
        .radius = {1.0f},
    };
    cell.varied[ZEM_VARIED_ACCELERATION] =
        (struct quantity){.base = 50.0f, .scale = 10.0f, .kind = ZEM_QUANTITY_NORMAL};
    cell.varied[ZEM_VARIED_PERIOD] = (struct quantity){.base = 1.5f, .scale = 1.0f, .kind = ZEM_QUANTITY_UNIFORM};
    cell.varied[ZEM_VARIED_PHASE] = (struct quantity){.base = 0.0f, .scale = 1.0f, .kind = ZEM_QUANTITY_UNIFORM};
    cell.varied[ZEM_VARIED_ROLL] = (struct quantity){.base = 0.1f, .scale = 0.5f, .kind = ZEM_QUANTITY_UNIFORM};
    cell.varied[ZEM_VARIED_HEADING_Y] = (struct quantity){.base = 0.01f, .scale = 0.01f, .kind = ZEM_QUANTITY_NORMAL};
    cell.varied[ZEM_VARIED_DISPLACEMENT_Z] =
        (struct quantity){.base = -5.0f, .scale = 10.0f, .kind = ZEM_QUANTITY_UNIFORM};
    return cell;
}

/* Returns a cell with the same target but one period, and with all lags, which is flown by transition matrices. */
static inline struct cell_parameters control_chain(void)
{
    struct cell_parameters cell = control_cell();
    cell.features = ZEM_FEATURE_WEAVE | ZEM_FEATURE_GUIDANCE | ZEM_FEATURE_TRACKER | ZEM_FEATURE_FILTER
                    | ZEM_FEATURE_AUTOPILOT | ZEM_FEATURE_LIMIT | ZEM_FEATURE_NOISE | ZEM_FEATURE_TRANSITION;
    cell.cell_word = 2;
    cell.inverse_seeker_lag = 10.0f;
    cell.inverse_filter_lag = 8.0f;
    cell.inverse_stage_lag = 16.0f;
    cell.rate_limit = cell.acceleration_limit * 6.25e-5f; /* over gain times closing speed, 4 x 4000 m/s */
    cell.varied[ZEM_VARIED_PERIOD] = (struct quantity){.base = 1.5f, .kind = ZEM_QUANTITY_CONSTANT};
    return cell;
}

/* Returns the sum of the mixes (hashes of the misses) of the control engagements of both cells. It changes when one
 * miss changes by an ulp. */
static inline u64 control_misses(const struct zem_native_engine *engine, u32 (*count)(const struct cell_parameters *),
                                 void (*fill)(const struct cell_parameters *, struct schedule_step *))
{
    static struct schedule_step schedule[CONTROL_STEPS];
    u64 tally[ZEM_TALLY_WORDS(1, 1)] = {0};
    const struct batch_range range = {.stride = 1, .trials = CONTROL_TRIALS};
    struct cell_parameters cells[2] = {control_cell(), control_chain()};
    for (int k = 0; k < 2; k++) {
        struct cell_parameters *cell = &cells[k];
        cell->schedule_steps = count(cell);
        if (cell->schedule_steps > CONTROL_STEPS)
            return 0;
        fill(cell, schedule);
        engine->fly(cell, schedule, &range, 0, CONTROL_TRIALS, tally);
    }
    return tally[ZEM_TALLY_MIX];
}

/* Returns an FNV-1a hash of the known answers of the self-test. They use operations that the engagements above do
 * not. */
static inline u64 control_answers(const struct zem_native_engine *engine)
{
    u64 hash = UINT64_C(0xCBF29CE484222325);
    for (u32 k = 0; k < CONTROL_ANSWERS; k++) {
        u32 answers[ZEM_KNOWN_ANSWERS];
        engine->known_answer(k, answers);
        for (int word = 0; word < ZEM_KNOWN_ANSWERS; word++)
            for (int byte = 0; byte < 4; byte++)
                hash = (hash ^ (answers[word] >> (8 * byte) & 0xFFu)) * UINT64_C(0x100000001B3);
    }
    return hash;
}

#endif
