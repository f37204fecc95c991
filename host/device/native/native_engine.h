/* The native engine: the kernels' own functions compiled by the C compiler, once per instruction set and specialisation
 * (native_engine.c). backend_openmp.c picks one and spreads trials over threads. */
#ifndef ZEM_NATIVE_ENGINE_H
#define ZEM_NATIVE_ENGINE_H

#include "base/kernel_types.h"

struct zem_native_engine {
    const char *isa;     /* "scalar", "baseline", "v3", "v4" */
    const char *variant; /* name of the specialisation */
    u32 possible;        /* features it can fly, enum zem_feature */
    u32 certain;         /* features that every cell must have */
    u32 stages;          /* autopilot stages it is made for, 0: any */
    u32 lanes;           /* trials that it flies at a time */
    /* Flies trials first..end-1 of the batch in one cell and adds them to `tally`; `first` is a multiple of lanes.
     * Thread-safe. */
    void (*fly)(const struct cell_parameters *cell, const struct schedule_step *schedule,
                const struct batch_range *range, u32 first, u32 end, u64 *tally);
    /* Known answers of one argument (kernels/known_answer.h). */
    void (*known_answer)(u32 argument, u32 *answers);
};

/* Every engine compiled into this program, the best instruction set first and within it the narrowest specialisation
 * first. */
extern const struct zem_native_engine *const zem_native_engines[];
extern const unsigned zem_native_engine_count;

/* Whether this processor can run engines of an instruction set. */
int zem_native_isa_usable(const char *isa);

/* Whether code with these features and stages (0: any) can fly cells with no features beyond `possible`, here. */
int zem_native_fits(const char *isa, u32 code_possible, u32 code_stages, u32 possible, u32 stages);

/* The best engine for cells that have all features of `certain` and none beyond `possible`; `isa` NULL means the best
 * of this processor. NULL if there is none. */
const struct zem_native_engine *zem_native_engine_choose(const char *isa, u32 possible, u32 certain, u32 stages);

#endif
