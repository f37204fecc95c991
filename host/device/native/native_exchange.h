/* Flights in which single sources of chance take the draws of another trial (draw_exchange.h). An exchange is the
 * kernels compiled for such flights and for one instruction set (native_exchange.c). The study of what the sources
 * contribute uses it; no run does. */
#ifndef ZEM_NATIVE_EXCHANGE_H
#define ZEM_NATIVE_EXCHANGE_H

#include "base/kernel_types.h"

#define ZEM_EXCHANGE_LANES_LIMIT 16u

/* How the flight of a trial's first shot ended. The numbers have the same bits on every processor. */
struct zem_exchange_end {
    float miss, scored; /* miss distance, and the distance that is compared with the hit radii, m */
    float place[2];     /* linear kinematics: y and z at the end, m; else 0 */
    u32 outcome;        /* enum zem_outcome */
};

struct zem_native_exchange {
    const char *isa; /* instruction set, as in native_engine.h */
    u32 lanes;       /* number of trials that it flies at a time, at most ZEM_EXCHANGE_LANES_LIMIT */

    /* Flies the trials `first` to `first` + lanes - 1 and writes how they ended to end[lanes]. The sources of the set
     * `exchanged` (one bit for each enum zem_source) take the draws of another trial, the partner (draw_exchange.h).
     * All other sources take those of the trial. With an empty set, and at most one kind of noise, the trials have the
     * same bits as in a run. `schedule` has the steps of the cell (linear kinematics). Several threads may call the
     * function at once. */
    void (*fly)(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 exchanged, u64 first,
                struct zem_exchange_end *end);
};

/* All exchanges in this program. Better instruction sets come first. */
extern const struct zem_native_exchange *const zem_native_exchanges[];
extern const unsigned zem_native_exchange_count;

/* Returns the first exchange that this processor can run. There always is one. */
const struct zem_native_exchange *zem_native_exchange_choose(void);

#endif
