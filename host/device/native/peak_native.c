/* Independent chains of fused multiply-adds in registers, compiled once per instruction set (ZEM_ISA, ZEM_LANES) like
 * native_engine.c: more chains than latency times issue slots, so that the rate is bound by issue alone. */
#include "kernels/portable.h"

#include "device/native/native_peak.h"

#define PEAK_NAME_(isa) zem_native_peak_##isa
#define PEAK_NAME(isa) PEAK_NAME_(isa)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

#define CHAINS 12
#if defined(__FMA__) || defined(__aarch64__)
#define CHAIN_STEP(x) fmadd(x, factor, term)
#define INSTRUCTIONS 1u
#else
#define CHAIN_STEP(x) ((x)*factor + term) /* no such instruction here: a multiplication and an addition */
#define INSTRUCTIONS 2u
#endif

static float run(uint64_t rounds)
{
    const real factor = splat(0.999f), term = splat(0.001f);
    real x0 = splat(0.10f), x1 = splat(0.11f), x2 = splat(0.12f), x3 = splat(0.13f), x4 = splat(0.14f),
         x5 = splat(0.15f);
    real x6 = splat(0.16f), x7 = splat(0.17f), x8 = splat(0.18f), x9 = splat(0.19f), x10 = splat(0.20f),
         x11 = splat(0.21f);
    for (uint64_t k = 0; k < rounds; k++) {
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

extern const struct zem_native_peak PEAK_NAME(ZEM_ISA);
const struct zem_native_peak PEAK_NAME(ZEM_ISA) = {
    .isa = TEXT(ZEM_ISA),
    .operations = CHAINS * ZEM_LANES * INSTRUCTIONS,
    .flops = 2u * CHAINS * ZEM_LANES,
    .run = run,
};
