/* One exchange: the kernels compiled for one instruction set (ZEM_ISA, ZEM_LANES), for flights in which single sources
 * of chance take the draws of another trial. The build compiles this file once for each instruction set;
 * native_exchanges.c lists the compiled exchanges. */
#ifndef ZEM_LANES
#define ZEM_LANES 1
#endif

#define ZEM_DRAW_EXCHANGE "device/native/draw_exchange.h"
#define ZEM_NOISE_SOURCE "device/native/noise_by_kind.h"
#define ZEM_NOISE_SAMPLED_BY_SOURCE
#define ZEM_OBSERVER "device/native/end_observer.h"
#include "kernels/model.h"

#include "device/native/native_exchange.h"

#define EXCHANGE_NAME_(isa) zem_native_exchange_##isa
#define EXCHANGE_NAME(isa) EXCHANGE_NAME_(isa)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

_Static_assert(ZEM_LANES <= ZEM_EXCHANGE_LANES_LIMIT, "callers have room for every lane");

static void fly(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 exchanged, u64 first,
                struct zem_exchange_end *end)
{
    const struct address address = {.trial_low = splat_bits((u32)first) + lane_numbers(),
                                    .trial_high = splat_bits((u32)(first >> 32)),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .exchanged = exchanged};
    struct observer observer;
    const struct flight flight = flight_fly(cell, schedule, address, 0u, &observer);
    const struct address lethality = source_address(&address, ZEM_SOURCE_LETHALITY);
    const real scored = scored_miss(cell, &lethality, flight.miss);
    for (int k = 0; k < ZEM_LANES; k++)
        end[k] = (struct zem_exchange_end){.miss = lane(flight.miss, k),
                                           .scored = lane(scored, k),
                                           .place = {lane(observer.y, k), lane(observer.z, k)},
                                           .outcome = lane_bits(flight.outcome, k)};
}

extern const struct zem_native_exchange EXCHANGE_NAME(ZEM_ISA);
const struct zem_native_exchange EXCHANGE_NAME(ZEM_ISA) = {.isa = TEXT(ZEM_ISA), .lanes = ZEM_LANES, .fly = fly};
