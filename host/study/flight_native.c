/* Trials flown for their miss distances, by the kernels compiled for one instruction set (ZEM_ISA), precision
 * (ZEM_DOUBLE or not) and specialisation (ZEM_VARIANT): the build compiles this file many times. Lanes are vectors of
 * trials. */
#ifndef ZEM_LANES
#ifdef ZEM_DOUBLE
#define ZEM_LANES 2
#else
#define ZEM_LANES 4
#endif
#endif
#include "kernels/portable.h"

#ifdef ZEM_DOUBLE
#include "study/double_math.h"
#endif

#include "kernels/model.h"

#ifdef ZEM_DOUBLE
#include "study/refined_flight.h"
#define IN_DOUBLE 1
#else
#define IN_DOUBLE 0
#endif

#include "study/flight_native.h"

#define ENGINE_NAME_(isa, variant, precision) zem_flight_native_##isa##_##variant##_##precision
#define ENGINE_NAME(isa, variant, precision) ENGINE_NAME_(isa, variant, precision)
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

static void fly(const struct cell_parameters *cell, const struct schedule_step *schedule, u32 steps,
                unsigned refinement, u64 first, struct zem_flown *flown)
{
    const struct address address = {.trial_low = splat_bits((u32)first) + lane_numbers(),
                                    .trial_high = splat_bits((u32)(first >> 32)),
                                    .cell_word = cell->cell_word,
                                    .seed_low = cell->seed_low,
                                    .seed_high = cell->seed_high,
                                    .shot = 0u};
#ifdef ZEM_DOUBLE
    real error;
    const struct flight flight = refined_flight(cell, schedule, steps, refinement, address, &error);
#else
    const real error = splat(0.0f);
    const struct flight flight = engagement_fly(cell, schedule, address);
    (void)steps;
    (void)refinement;
#endif
    const real scored = scored_miss(cell, &address, flight.miss);
    for (int k = 0; k < ZEM_LANES; k++)
        flown[k] = (struct zem_flown){(double)flight.miss[k], (double)scored[k], (double)error[k], flight.outcome[k]};
}

extern const struct zem_flight_native ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION);
const struct zem_flight_native ENGINE_NAME(ZEM_ISA, ZEM_VARIANT, ZEM_PRECISION) = {
    .isa = TEXT(ZEM_ISA),
    .in_double = IN_DOUBLE,
    .possible = (u32)(ZEM_POSSIBLE),
#ifdef ZEM_STAGES
    .stages = ZEM_STAGES,
#endif
    .lanes = ZEM_LANES,
    .fly = fly,
};
