/* The kernels compiled as C for one instruction set (ZEM_ISA, ZEM_LANES) and one specialisation (ZEM_VARIANT,
 * ZEM_POSSIBLE, ZEM_STAGES): the build compiles this file many times. Lanes are vectors of trials, the step loop is
 * outside them. */
#ifndef ZEM_LANES
#if defined(__AVX512F__)
#define ZEM_LANES 16
#elif defined(__AVX2__)
#define ZEM_LANES 8
#else
#define ZEM_LANES 4
#endif
#endif

#include "kernels/model.h"

#include "device/native/native_engine.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define ENGINE_NAME_(isa, variant) zem_native_engine_##isa##_##variant
#define ENGINE_NAME(isa, variant) ENGINE_NAME_(isa, variant)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

/* Subnormal numbers may not matter (fpmath.h), so they need not be slow: flush them while flying. */
static unsigned subnormals_off(void)
{
#if defined(__SSE2__)
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040u); /* flush to zero, denormals are zero */
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

extern const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT);
const struct zem_native_engine ENGINE_NAME(ZEM_ISA, ZEM_VARIANT) = {
    .isa = TEXT(ZEM_ISA),
    .variant = TEXT(ZEM_VARIANT),
    .possible = (u32)(ZEM_POSSIBLE),
    .certain = (u32)(ZEM_CERTAIN),
#ifdef ZEM_STAGES
    .stages = ZEM_STAGES,
#endif
    .lanes = ZEM_LANES,
    .fly = fly,
    .known_answer = answer_known,
};
