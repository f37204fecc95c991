/* The flights of one cell for Sobol' indices: every trial with its own draws, with those of its partner, and with the
 * partner's draw in one source alone. */
#ifndef ZEM_EXCHANGE_FLIGHT_H
#define ZEM_EXCHANGE_FLIGHT_H

#include "base/error.h"
#include "device/native/native_exchange.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/* Ends of flights. Flight 0 uses the trial's own draws, flight 1 the partner's, and flight 2 + i the trial's own draws
 * except in source[i], which takes the partner's. With one source flight 2 equals flight 1, and with none every flight
 * equals flight 0. Equal flights are flown once. */
struct zem_exchange_flights {
    size_t trials, sources, flown; /* flights that are flown: 1, 2, or 2 + sources */
    const unsigned *source;        /* borrowed */
    struct zem_exchange_end *end;  /* flown x room, the trial fastest; owned */
    size_t room;                   /* trials for which `end` has memory */
};

/* Is told how many flights of a cell are done, now and then. May be NULL. */
typedef void zem_exchange_report(void *context, uint64_t flights);

/* Flies trials 0 to `trials` - 1 of cell `index` of a scenario, whose parameters are `cell`; sources are numbered as in
 * chance_source.h. Where the host draws keys, every flight has parameters of its own. ZEM_INTERNAL without memory,
 * ZEM_BAD_INPUT if a trial cannot be derived, ZEM_STOPPED if the user interrupts. Release with
 * zem_exchange_flights_free in every case. */
int zem_exchange_flights_fly(const struct zem_scenario *scenario, uint64_t index, const struct cell_parameters *cell,
                             const unsigned *source, size_t sources, size_t trials, unsigned threads,
                             zem_exchange_report *report, void *context, struct zem_exchange_flights *flights,
                             struct zem_error *error);
void zem_exchange_flights_free(struct zem_exchange_flights *flights);

/* How trial `trial` ended in a flight, 0 to sources + 1. */
const struct zem_exchange_end *zem_exchange_end(const struct zem_exchange_flights *flights, size_t flight,
                                                size_t trial);

/* The number of flights that a cell with so many sources needs. */
size_t zem_exchange_flown(size_t sources);

#endif
