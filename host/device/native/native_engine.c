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

/* The number in lane k of a vector, as double. */
#if ZEM_LANES == 1
#define LANE(x, k) ((double)(x))
#else
#define LANE(x, k) ((double)(x)[k])
#endif

#ifndef ZEM_DOUBLE
/* Makes the processor treat subnormal numbers as zero, and returns the previous mode for subnormals_restore. Processors
 * are slow with subnormal numbers, and results do not depend on them (fpmath.h). */
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
#endif

static void fly_misses(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 refinement,
                       u64 first, u32 stride, struct zem_flown *flown)
{
    const struct address address = {.trial_low = splat_bits((u32)first) + lane_numbers() * stride,
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
    const unsigned before = subnormals_off();
    const struct flight flight = flight_fly(cell, schedule, address, 0u, &observer);
    const real formula_error = splat(0.0f);
    (void)refinement;
#endif
    const real scored = scored_miss(cell, &address, flight.miss);
#ifndef ZEM_DOUBLE
    subnormals_restore(before);
#endif
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

#if defined(__FMA__) || defined(__aarch64__)
#define CHAIN_STEP(x) x = fmadd(x, factor, term)
#define FMA_INSTRUCTIONS 1u
#else
#define CHAIN_STEP(x) x = x * factor + term /* no fused multiply-add: multiply, then add */
#define FMA_INSTRUCTIONS 2u
#endif
#define ADD_STEP(x) x += term
#define BITS_STEP(x) x = ((x ^ pattern) + stride) /* two operations that no compiler can merge */
#define SEVEN(STEP, x) STEP(x[0]), STEP(x[1]), STEP(x[2]), STEP(x[3]), STEP(x[4]), STEP(x[5]), STEP(x[6])

/* Each loop below measures a peak rate of operations. A chain is one variable; each operation on it needs the result of
 * the one before. The chains of a loop are independent of each other, and there are more of them than latency times
 * issue rate of an instruction. So only the issue rate limits the loop. The chains fit in sixteen registers. */

static float peak_of_multiply_adds(u64 rounds)
{
    const real factor = splat(0.999f), term = splat(0.001f);
    real x[12];
    for (int k = 0; k < 12; k++)
        x[k] = splat(0.1f + 0.01f * (float)k);
    for (u64 k = 0; k < rounds; k++) {
        SEVEN(CHAIN_STEP, x);
        CHAIN_STEP(x[7]), CHAIN_STEP(x[8]), CHAIN_STEP(x[9]), CHAIN_STEP(x[10]), CHAIN_STEP(x[11]);
    }
    real sum = x[0];
    for (int k = 1; k < 12; k++)
        sum += x[k];
    return lane(sum, 0);
}

/* The loop for processors whose units for additions are others than those for multiplications. */
static float peak_with_additions(u64 rounds)
{
    const real factor = splat(0.999f), term = splat(0.001f);
    real x[7], y[7];
    for (int k = 0; k < 7; k++) {
        x[k] = splat(0.1f + 0.01f * (float)k);
        y[k] = splat(0.01f * (float)k);
    }
    for (u64 k = 0; k < rounds; k++) {
        SEVEN(CHAIN_STEP, x);
        SEVEN(ADD_STEP, y);
    }
    real sum = x[0] + y[0];
    for (int k = 1; k < 7; k++)
        sum += x[k] + y[k];
    return lane(sum, 0);
}

/* The loop for processors whose units for integers are others than those for floating point. */
static float peak_with_integers(u64 rounds)
{
    const real factor = splat(0.999f), term = splat(0.001f);
    const bits pattern = splat_bits(0x9E3779B9u), stride = splat_bits(0x7F4A7C15u);
    real x[8];
    bits y[4];
    for (int k = 0; k < 8; k++)
        x[k] = splat(0.1f + 0.01f * (float)k);
    for (int k = 0; k < 4; k++)
        y[k] = splat_bits((u32)k);
    for (u64 k = 0; k < rounds; k++) {
        SEVEN(CHAIN_STEP, x);
        CHAIN_STEP(x[7]);
        BITS_STEP(y[0]), BITS_STEP(y[1]), BITS_STEP(y[2]), BITS_STEP(y[3]);
    }
    real sum = x[0];
    for (int k = 1; k < 8; k++)
        sum += x[k];
    return lane(sum, 0) + (float)lane_bits((y[0] ^ y[1]) + (y[2] ^ y[3]), 0);
}
#endif

extern const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION);
const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION) = {
    .isa = TEXT(ZEM_ISA),
    .variant = TEXT(ZEM_VARIANT),
    .features_possible = (ZEM_FEATURES_POSSIBLE),
    .features_certain = (ZEM_FEATURES_CERTAIN),
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
    .peak = {{peak_of_multiply_adds, 12u * ZEM_LANES *FMA_INSTRUCTIONS, 2u * 12u * ZEM_LANES},
             {peak_with_additions, 7u * ZEM_LANES *(FMA_INSTRUCTIONS + 1u), 7u * ZEM_LANES * 3u},
             {peak_with_integers, (8u * FMA_INSTRUCTIONS + 8u) * ZEM_LANES, 2u * 8u * ZEM_LANES}},
#endif
};
