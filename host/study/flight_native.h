/* The kernels compiled for one instruction set to fly trials for their miss distances (flight_native.c);
 * double_engine.c picks one and spreads trials over threads. */
#ifndef ZEM_FLIGHT_NATIVE_H
#define ZEM_FLIGHT_NATIVE_H

#include "study/double_engine.h"

#include <stdbool.h>

#define ZEM_FLIGHT_LANES_LIMIT 16u

struct zem_flight_native {
    const char *isa; /* "baseline", "v3", "v4" */
    bool in_double;
    uint32_t possible; /* features it can fly, enum zem_feature */
    uint32_t stages;   /* autopilot stages it is made for, 0: any */
    uint32_t lanes;    /* trials that it flies at a time */
    /* Flies trials first to first + lanes - 1, `first` a multiple of lanes. In linear kinematics `schedule` has the
     * steps, in the engine's precision; in double precision they and cell->blind_steps are already refined.
     * Thread-safe. */
    void (*fly)(const struct cell_parameters *cell, const struct schedule_step *schedule, uint32_t steps,
                unsigned refinement, uint64_t first, struct zem_flown *flown);
};

/* All there are, the best instruction set first and within it the narrowest specialisation first. */
extern const struct zem_flight_native *const zem_flight_natives[];
extern const unsigned zem_flight_native_count;

/* Whether this one can fly the cell on this processor. */
bool zem_flight_native_usable(const struct zem_flight_native *native, const struct cell_parameters *cell);

/* zem_double_engine_fly with a given engine in double precision. */
int zem_flight_native_fly(const struct zem_flight_native *native, const struct cell_parameters *cell,
                          unsigned refinement, unsigned threads, uint64_t first, size_t count, struct zem_flown *flown);

#endif
