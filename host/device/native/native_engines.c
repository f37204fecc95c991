/* The list of the native engines (the kernels compiled as C, native_engine.h) in this program, and the choice among
 * them. The build defines ZEM_NATIVE_ENGINES as a list of X(isa, variant, precision), one for each engine that it
 * compiles. */
#include "device/native/native_engine.h"

#include <stddef.h>
#include <string.h>

#define DECLARE(isa, variant, precision) \
    extern const struct zem_native_engine zem_native_engine_##isa##_##variant##_##precision;
ZEM_NATIVE_ENGINES(DECLARE)
#undef DECLARE

const struct zem_native_engine *const zem_native_engines[] = {
#define LIST(isa, variant, precision) &zem_native_engine_##isa##_##variant##_##precision,
    ZEM_NATIVE_ENGINES(LIST)
#undef LIST
};
const unsigned zem_native_engine_count = sizeof zem_native_engines / sizeof *zem_native_engines;

bool zem_native_isa_usable(const char *isa)
{
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
    if (strcmp(isa, "v4") == 0)
        return v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
               && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
               && __builtin_cpu_supports("avx512cd");
    if (strcmp(isa, "v3") == 0 || strcmp(isa, "scalar") == 0)
        return v3;
#endif
    return strcmp(isa, "baseline") == 0 || strcmp(isa, "scalar") == 0;
}

bool zem_native_engine_fits(const struct zem_native_engine *engine, feature_set possible, feature_set certain,
                            u32 stages)
{
    const bool staged = engine->stages == 0u || engine->stages == stages || (possible & ZEM_FEATURE_AUTOPILOT) == 0u;
    return staged && (possible & ~engine->features_possible) == 0u && (engine->features_certain & ~certain) == 0u
           && zem_native_isa_usable(engine->isa);
}

static const struct zem_native_engine *first_that_fits(const char *isa, bool in_double, feature_set possible,
                                                       feature_set certain, u32 stages)
{
    for (unsigned k = 0; k < zem_native_engine_count; k++) {
        const struct zem_native_engine *engine = zem_native_engines[k];
        const bool wanted = isa != NULL ? strcmp(isa, engine->isa) == 0 : strcmp(engine->isa, "scalar") != 0;
        if (wanted && engine->in_double == in_double && zem_native_engine_fits(engine, possible, certain, stages))
            return engine;
    }
    return NULL;
}

const struct zem_native_engine *zem_native_engine_choose(const char *isa, feature_set possible, feature_set certain,
                                                         u32 stages)
{
    return first_that_fits(isa, false, possible, certain, stages);
}

const struct zem_native_engine *zem_native_engine_choose_double(const struct cell_parameters *cell)
{
    return first_that_fits(NULL, true, cell->features, cell->features, cell->stages);
}
