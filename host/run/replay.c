/* Flies one trial again with the kernels compiled for one trial at a time, and shows its steps to an observer if there
 * is one. zem trace uses it for single trials and for ensembles. */
#define ZEM_LANES 1
#define ZEM_OBSERVER "run/replay_observer.h"
#include "kernels/model.h"

#include "run/replay.h"

struct zem_replay_end zem_replay_fly(const struct cell_parameters *cell, const struct schedule_step *schedule,
                                     uint64_t trial, uint32_t shot,
                                     void (*observe)(void *context, const struct zem_replay_step *step), void *context)
{
    struct observer observer = {observe, context};
    const struct address address = {.trial_low = (u32)trial,
                                    .trial_high = (u32)(trial >> 32),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .shot = shot};
    const struct flight flight = flight_fly(cell, schedule, address, 0u, &observer);
    const real scored = scored_miss(cell, &address, flight.miss);
    return (struct zem_replay_end){.miss = flight.miss,
                                   .scored = scored,
                                   .flight_time = flight.flight_time,
                                   .divert = flight.divert,
                                   .saturated_time = flight.saturated_time,
                                   .outcome = flight.outcome,
                                   .mix = flight_mix(&flight, &address, (u32)(trial >> 32) | (shot << 24), 1u)};
}
