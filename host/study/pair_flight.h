/* For `zem diff`: the trials that two results of the same seed share. They are flown again in both scenarios, bit for
 * bit as the runs flew them, and counted as pairs. */
#ifndef ZEM_PAIR_FLIGHT_H
#define ZEM_PAIR_FLIGHT_H

#include "result/pairs.h"

/* Returns the number of pairs, over all cells, that can be flown again. A cell counts if both results have the same
 * random numbers in it. Returns 0 if a result is sharded or of another kernel version. */
uint64_t zem_pair_flight_count(const struct zem_result *first, const struct zem_result *second);

/* Flies the pairs of all cells on `threads` threads, 0 for one on every processor, and replaces the counts of `pairs`,
 * which must be all zero or hold earlier counts. Returns 0, ZEM_STOPPED after a signal, ZEM_BAD_INPUT if a cell cannot
 * be derived, ZEM_INTERNAL without memory. Release `pairs` with zem_pairs_free in every case. */
int zem_pair_flight(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                    unsigned threads, struct zem_error *error);

#endif
