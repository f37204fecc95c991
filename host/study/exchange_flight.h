/* The flights of one cell from which sobol.h estimates Sobol' indices. Each trial has a partner, another set of draws.
 * It is flown with its own draws, with the partner's draws, and once for each source of chance with the partner's draw
 * only in that source. */
#ifndef ZEM_EXCHANGE_FLIGHT_H
#define ZEM_EXCHANGE_FLIGHT_H

#include "base/error.h"
#include "device/native/native_exchange.h"
#include "scenario/scenario.h"

#include <stddef.h>
#include <stdint.h>

/* How the flights ended. Flight 0 uses the trial's own draws, flight 1 the partner's, and flight 2 + i the trial's own
 * draws except in source[i], which takes the partner's. With one source flight 2 equals flight 1, and with none every
 * flight equals flight 0. Equal flights are flown once. */
struct zem_exchange_flights {
    /* Numbers of trials, of sources, and of flights that are flown for each trial: 1, 2, or 2 + sources. */
    size_t trials, sources, flown;
    const unsigned *source;       /* source[sources], numbered as in chance_source.h; borrowed */
    struct zem_exchange_end *end; /* flown x room ends, the trial fastest; owned */
    size_t room;                  /* number of trials for which `end` has memory */
};

/* Reports progress: is called now and then with the number of flights done since the last call, in whole blocks, of
 * which the last counts as full. May be NULL. */
typedef void zem_exchange_report(void *context, uint64_t flights);

/* Flies trials 0 to `trials` - 1 of cell `index` of a scenario. Each trial is flown several times, with the draws that
 * struct zem_exchange_flights describes. `cell` has the parameters of the cell. If the parameters differ from trial to
 * trial, the function derives them anew for every flight. source[sources] has the sources of chance, numbered as in
 * chance_source.h; the array must outlive `flights`. `threads` 0 means all processors. `report` is called with
 * `context`. Returns 0, ZEM_INTERNAL without memory, ZEM_BAD_INPUT if the parameters of a trial cannot be derived, or
 * ZEM_STOPPED if the user interrupts. The caller releases `flights` with zem_exchange_flights_free, also after an
 * error. */
int zem_exchange_flights_fly(const struct zem_scenario *scenario, uint64_t index, const struct cell_parameters *cell,
                             const unsigned *source, size_t sources, size_t trials, unsigned threads,
                             zem_exchange_report *report, void *context, struct zem_exchange_flights *flights,
                             struct zem_error *error);
void zem_exchange_flights_free(struct zem_exchange_flights *flights);

/* Returns how trial `trial` ended in flight 0 to sources + 1. */
const struct zem_exchange_end *zem_exchange_end(const struct zem_exchange_flights *flights, size_t flight,
                                                size_t trial);

/* Returns the number of flights of each trial that are flown in a cell with so many sources. */
size_t zem_exchange_flown(size_t sources);

#endif
