/* The list of native engines in this program and the choice among them. The build says which exist: ZEM_NATIVE_ENGINES
 * is a list of X(isa, variant). */
#include "device/native/native_engine.h"

#include <stddef.h>
#include <string.h>

#define DECLARE(isa, variant) extern const struct zem_native_engine zem_native_engine_##isa##_##variant;
ZEM_NATIVE_ENGINES(DECLARE)
#undef DECLARE

const struct zem_native_engine *const zem_native_engines[] = {
#define LIST(isa, variant) &zem_native_engine_##isa##_##variant,
    ZEM_NATIVE_ENGINES(LIST)
#undef LIST
};
const unsigned zem_native_engine_count = sizeof zem_native_engines / sizeof *zem_native_engines;

int zem_native_isa_usable(const char *isa)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    if (strcmp(isa, "v4") == 0)
        return v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
               && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
               && __builtin_cpu_supports("avx512cd");
    if (strcmp(isa, "v3") == 0 || strcmp(isa, "scalar") == 0)
        return v3;
#endif
    return strcmp(isa, "baseline") == 0 || strcmp(isa, "neon") == 0 || strcmp(isa, "scalar") == 0;
}

int zem_native_fits(const char *isa, u32 code_possible, u32 code_stages, u32 possible, u32 stages)
{
    const int staged = code_stages == 0u || code_stages == stages || (possible & ZEM_FEATURE_AUTOPILOT) == 0u;
    return staged && (possible & ~code_possible) == 0u && zem_native_isa_usable(isa);
}

const struct zem_native_engine *zem_native_engine_choose(const char *isa, u32 possible, u32 certain, u32 stages)
{
    for (unsigned k = 0; k < zem_native_engine_count; k++) {
        const struct zem_native_engine *engine = zem_native_engines[k];
        const int named = isa != NULL ? strcmp(isa, engine->isa) == 0 : strcmp(engine->isa, "scalar") != 0;
        if (named && (engine->certain & ~certain) == 0u
            && zem_native_fits(engine->isa, engine->possible, engine->stages, possible, stages))
            return engine;
    }
    return NULL;
}
