/* The trials that two results share, flown again in both scenarios and counted as pairs, with the bits of the runs. For
 * `zem diff`, where results of the same seed are compared. */
#ifndef ZEM_PAIR_FLIGHT_H
#define ZEM_PAIR_FLIGHT_H

#include "result/pairs.h"

/* The number of pairs of all cells that can be flown again: those of cells with the same random numbers, 0 if a result
 * is sharded or of another kernel version. */
uint64_t zem_pair_flight_count(const struct zem_result *first, const struct zem_result *second);

/* Flies them on `threads` threads, 0 for one on every processor, and replaces the counts of `pairs`. ZEM_STOPPED after
 * a signal, ZEM_BAD_INPUT if a cell cannot be derived, ZEM_INTERNAL without memory. */
int zem_pair_flight(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                    unsigned threads, struct zem_error *error);

#endif
