/* One engine: the kernels compiled as C. The build compiles this file many times, each for one instruction set
 * (ZEM_ISA, ZEM_LANES), one precision (ZEM_PRECISION, ZEM_DOUBLE) and one specialisation (ZEM_VARIANT,
 * ZEM_FEATURES_POSSIBLE, ZEM_FEATURES_CERTAIN, ZEM_STAGES). An engine flies a vector of trials at a time.
 * native_engines.c lists the engines. */
#ifndef ZEM_LANES
#if defined(ZEM_DOUBLE)
#define ZEM_LANES 2
#elif defined(__AVX512F__)
#define ZEM_LANES 16
#elif defined(__AVX2__)
#define ZEM_LANES 8
#else
#define ZEM_LANES 4
#endif
#endif

#include "kernels/portable.h"

#ifdef ZEM_DOUBLE
#include "device/native/double_math.h"
#define ZEM_NOISE_SOURCE "device/native/refined_noise.h"
#define ZEM_OBSERVER "device/native/closest_approach.h"
#endif

#include "kernels/model.h"

#include "device/native/native_engine.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define ENGINE_NAME_(isa, variant, precision) zem_native_engine_##isa##_##variant##_##precision
#define ENGINE_NAME(isa, variant, precision) ENGINE_NAME_(isa, variant, precision)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* Lane k of a vector, as double. */
#if ZEM_LANES == 1
#define LANE(x, k) ((double)(x))
#else
#define LANE(x, k) ((double)(x)[k])
#endif

static void fly_misses(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 refinement,
                       u64 first, struct zem_flown *flown)
{
    const struct address address = {.trial_low = splat_bits((u32)first) + lane_numbers(),
                                    .trial_high = splat_bits((u32)(first >> 32)),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .shot = 0u};
    struct observer observer;
#ifdef ZEM_DOUBLE
    const struct flight flight = flight_fly(cell, schedule, address, refinement, &observer);
    const real formula_error = observer.formula_error;
#else
    const struct flight flight = flight_fly(cell, schedule, address, 0u, &observer);
    const real formula_error = splat(0.0f);
    (void)refinement;
#endif
    const real scored = scored_miss(cell, &address, flight.miss);
    for (int k = 0; k < ZEM_LANES; k++)
        flown[k] = (struct zem_flown){.miss = LANE(flight.miss, k),
                                      .scored = LANE(scored, k),
                                      .formula_error = LANE(formula_error, k),
                                      .flight_time = LANE(flight.flight_time, k),
                                      .divert = LANE(flight.divert, k),
                                      .saturated_time = LANE(flight.saturated_time, k),
                                      .outcome = lane_bits(flight.outcome, k)};
}

#ifndef ZEM_DOUBLE
/* Flushes subnormal numbers to zero and returns the previous mode. Processors are slow with subnormal numbers, and
 * results do not depend on them (fpmath.h). */
static unsigned subnormals_off(void)
{
#if defined(__SSE2__)
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040u); /* bits 15 and 6: flush to zero, denormals are zero */
    return before;
#else
    return 0u;
#endif
}

static void subnormals_restore(unsigned before)
{
#if defined(__SSE2__)
    _mm_setcsr(before);
#else
    (void)before;
#endif
}

static void fly(const struct cell_parameters *cell, const struct schedule_step *schedule,
                const struct batch_range *range, u32 first, u32 end, u64 *tally)
{
    const unsigned before = subnormals_off();
    struct batch_range part = *range;
    part.trials = end;
    for (u32 trial = first; trial < end; trial += ZEM_LANES)
        tally_flights(cell, schedule, &part, trial, tally);
    subnormals_restore(before);
}

static void answer_known(u32 argument, u32 *answers) { known_answer(argument, answers); }

#define CHAINS 12
#if defined(__FMA__) || defined(__aarch64__)
#define CHAIN_STEP(x) fmadd(x, factor, term)
#define INSTRUCTIONS 1u
#else
#define CHAIN_STEP(x) ((x)*factor + term) /* without such an instruction: multiply, then add */
#define INSTRUCTIONS 2u
#endif

/* Issues fused multiply-adds as fast as it can. There are more independent chains than the latency of an instruction
 * times the issue slots, so that only the issue rate limits the loop. */
static float peak(u64 rounds)
{
    const real factor = splat(0.999f), term = splat(0.001f);
    real x0 = splat(0.10f), x1 = splat(0.11f), x2 = splat(0.12f), x3 = splat(0.13f), x4 = splat(0.14f),
         x5 = splat(0.15f);
    real x6 = splat(0.16f), x7 = splat(0.17f), x8 = splat(0.18f), x9 = splat(0.19f), x10 = splat(0.20f),
         x11 = splat(0.21f);
    for (u64 k = 0; k < rounds; k++) {
        x0 = CHAIN_STEP(x0);
        x1 = CHAIN_STEP(x1);
        x2 = CHAIN_STEP(x2);
        x3 = CHAIN_STEP(x3);
        x4 = CHAIN_STEP(x4);
        x5 = CHAIN_STEP(x5);
        x6 = CHAIN_STEP(x6);
        x7 = CHAIN_STEP(x7);
        x8 = CHAIN_STEP(x8);
        x9 = CHAIN_STEP(x9);
        x10 = CHAIN_STEP(x10);
        x11 = CHAIN_STEP(x11);
    }
    return lane(((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7)) + ((x8 + x9) + (x10 + x11)), 0);
}
#endif

extern const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION);
const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION) = {
    .isa = TEXT(ZEM_ISA),
    .variant = TEXT(ZEM_VARIANT),
    .features_possible = (u32)(ZEM_FEATURES_POSSIBLE),
    .features_certain = (u32)(ZEM_FEATURES_CERTAIN),
#ifdef ZEM_STAGES
    .stages = ZEM_STAGES,
#endif
    .lanes = ZEM_LANES,
    .fly_misses = fly_misses,
#ifdef ZEM_DOUBLE
    .in_double = true,
#else
    .fly = fly,
    .known_answer = answer_known,
    .peak = peak,
    .peak_operations = CHAINS * ZEM_LANES * INSTRUCTIONS,
    .peak_flops = 2u * CHAINS * ZEM_LANES,
#endif
};
