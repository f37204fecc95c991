/* A native engine: the kernels compiled for one instruction set, one precision and one specialisation, which is a set
 * of features of the model (native_engine.c). The native backend chooses an engine to count trials. The study of the
 * error budget chooses one to get the miss distance of each trial. */
#ifndef ZEM_NATIVE_ENGINE_H
#define ZEM_NATIVE_ENGINE_H

#include "base/kernel_types.h"

#include <stdbool.h>

/* Largest refinement. A refinement divides every step into 2^refinement parts. */
#define ZEM_REFINEMENT_LIMIT 12u

/* Largest number of trials that an engine flies at a time. */
#define ZEM_LANES_LIMIT 16u

/* Result of the first shot of one trial. */
struct zem_flown {
    double miss;          /* miss distance, m */
    double scored;        /* distance that is compared with the hit radii, m */
    double formula_error; /* double precision with point-mass kinematics: miss distance minus the closest approach of
                             the curved path, m; else 0 */
    double flight_time, divert, saturated_time; /* as struct flight, s, m/s, s */
    u32 outcome;                                /* enum zem_outcome */
};

#define ZEM_NATIVE_PEAKS 3

struct zem_native_engine {
    const char *isa;               /* instruction set: "scalar", "baseline", "v3", "v4" */
    const char *variant;           /* name of the specialisation in the Makefile */
    bool in_double;                /* double precision: returns miss distances, counts no tallies */
    feature_set features_possible; /* features that a cell may have */
    feature_set features_certain;  /* features that a cell must have */
    u32 stages;                    /* number of autopilot stages that a cell must have, 0 for any */
    u32 lanes;                     /* number of trials that it flies at a time */

    /* Flies the trials `first` to `end` - 1 of the batch in one cell and adds them to `tally`. `first` must be a
     * multiple of `lanes`. `schedule` has the steps of the cell (linear kinematics). Several threads may call the
     * function at once. NULL in double precision. */
    void (*fly)(const struct cell_parameters *cell, const struct schedule_step *schedule,
                const struct batch_range *range, u32 first, u32 end, u64 *tally);

    /* Flies the trials `first` + k * `stride`, k from 0 to lanes - 1, and writes their results to flown[lanes]. The
     * results of trials whose numbers do not share the upper 32 bits of `first` are meaningless. `schedule` has the
     * steps of the cell in the engine's precision (linear kinematics). Only engines in double precision may have a
     * refinement other than 0; the caller must then have refined the schedule and cell->blind_steps. Several threads
     * may call the function at once. */
    void (*fly_misses)(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 refinement,
                       u64 first, u32 stride, struct zem_flown *flown);

    /* Computes the known answers for one argument (kernels/known_answer.h). NULL in double precision. */
    void (*known_answer)(u32 argument, u32 *answers);

    /* Loops of independent operations, by which the peak rates of the processor are measured. All of them are run,
     * because the fastest one differs between processors. Engines in double precision have none: `run` is NULL. */
    struct zem_native_peak {
        /* Executes `rounds` rounds of the loop. The returned sum keeps the compiler from removing the loop. */
        float (*run)(u64 rounds);
        /* Operations of a round in all lanes. `operations` counts all of them, and a fused multiply-add once. `flops`
         * counts only those on floating point, and a fused multiply-add twice. */
        u32 operations, flops;
    } peak[ZEM_NATIVE_PEAKS];
};

/* All engines in this program. Better instruction sets come first. Within an instruction set, specialisations with
 * fewer possible features come first. */
extern const struct zem_native_engine *const zem_native_engines[];
extern const unsigned zem_native_engine_count;

/* Whether this processor can run the engines of an instruction set. */
bool zem_native_isa_usable(const char *isa);

/* Whether this processor can run the engine, and the engine can fly given cells. All cells have the features `certain`,
 * none has a feature beyond `possible`, and all have `stages` autopilot stages (0 if their numbers differ). */
bool zem_native_engine_fits(const struct zem_native_engine *engine, feature_set possible, feature_set certain,
                            u32 stages);

/* Returns the first engine in single precision that fits such cells (zem_native_engine_fits), or NULL if there is none.
 * `isa` names the instruction set; NULL stands for the best of this processor. */
const struct zem_native_engine *zem_native_engine_choose(const char *isa, feature_set possible, feature_set certain,
                                                         u32 stages);

/* Returns the first engine in double precision that fits a cell. There always is one. */
const struct zem_native_engine *zem_native_engine_choose_double(const struct cell_parameters *cell);

#endif
