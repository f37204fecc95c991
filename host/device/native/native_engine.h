/* An engine: the kernels compiled by the C compiler for one instruction set, one precision and one specialisation
 * (native_engine.c). The native backend picks one to count trials, zem converge one to fly them for their misses. */
#ifndef ZEM_NATIVE_ENGINE_H
#define ZEM_NATIVE_ENGINE_H

#include "base/kernel_types.h"

#include <stdbool.h>

/* Every step is cut into 2^refinement parts, at most this. */
#define ZEM_REFINEMENT_LIMIT 12u

/* Trials that an engine flies at a time, at most. */
#define ZEM_LANES_LIMIT 16u

/* How the first shot of one trial went. */
struct zem_flown {
    double miss;          /* m */
    double scored;        /* m, what is held against the hit radii */
    double formula_error; /* m: the miss minus the closest approach of the curved path; 0 in linear kinematics and in
                             single precision */
    u32 outcome;          /* enum zem_outcome */
};

struct zem_native_engine {
    const char *isa;       /* instruction set: "scalar", "baseline", "v3", "v4" */
    const char *variant;   /* name of the specialisation */
    bool in_double;        /* double precision: flies misses and counts nothing */
    u32 features_possible; /* features it can fly, enum zem_feature */
    u32 features_certain;  /* features that every cell must have */
    u32 stages;            /* autopilot stages it is made for, 0: any */
    u32 lanes;             /* trials that it flies at a time */

    /* Flies trials first..end-1 of the batch in one cell and adds them to `tally`; `first` is a multiple of lanes.
     * Thread-safe. NULL in double precision. */
    void (*fly)(const struct cell_parameters *cell, const struct schedule_step *schedule,
                const struct batch_range *range, u32 first, u32 end, u64 *tally);

    /* Flies trials first to first + lanes - 1 for their misses. In linear kinematics `schedule` has the cell's steps,
     * in the engine's precision. With a refinement, in double precision alone, they and cell->blind_steps are already
     * refined. Thread-safe. */
    void (*fly_misses)(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 refinement,
                       u64 first, struct zem_flown *flown);

    /* Known answers of one argument (kernels/known_answer.h). NULL in double precision. */
    void (*known_answer)(u32 argument, u32 *answers);

    /* Rounds of independent fused multiply-adds, for the peak of the processor: lane operations and floating-point
     * operations of one round. The sum that is returned keeps the loop from being left out. NULL in double precision.
     */
    float (*peak)(u64 rounds);
    u32 peak_operations, peak_flops;
};

/* Every engine compiled into this program, the best instruction set first and within it the narrowest specialisation
 * first. */
extern const struct zem_native_engine *const zem_native_engines[];
extern const unsigned zem_native_engine_count;

/* Whether this processor can run engines of an instruction set. */
bool zem_native_isa_usable(const char *isa);

/* Whether an engine can fly cells that have all features of `certain`, none beyond `possible` and this number of
 * autopilot stages (0: any), here. */
bool zem_native_engine_fits(const struct zem_native_engine *engine, u32 possible, u32 certain, u32 stages);

/* The best engine in single precision for such cells; `isa` NULL means the best of this processor. NULL if there is
 * none. */
const struct zem_native_engine *zem_native_engine_choose(const char *isa, u32 possible, u32 certain, u32 stages);

/* The best engine in double precision for a cell. There is always one. */
const struct zem_native_engine *zem_native_engine_choose_double(const struct cell_parameters *cell);

#endif
