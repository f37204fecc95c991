/* Two result files that are compared, with the pairs of their trials. For `zem diff` and `zem plot A B`. */
#ifndef ZEM_COMPARED_RESULTS_H
#define ZEM_COMPARED_RESULTS_H

#include "result/difference.h"

/* Pairs that are flown again without being asked for: five to ten seconds of work of two processors. */
#define ZEM_PAIRS_FLOWN_DEFAULT UINT64_C(5000000)

struct zem_compared_results {
    struct zem_result result[2];
    struct zem_scenario scenario[2];
    struct zem_pairs pairs;
    struct zem_comparison comparison;
};

/* Reads both files and compares them. If they share random numbers, the pairs come from the single trials that both
 * keep if those are all, else from flying them again if they are at most `pairs_limit`, on `threads` processors (0 for
 * all). What stays unknown is said on standard error. Returns what reading, flying and comparing return. Release with
 * zem_compared_free in every case. */
int zem_compared_read(struct zem_compared_results *compared, const char *const names[2], uint64_t pairs_limit,
                      unsigned threads, struct zem_error *error);
void zem_compared_free(struct zem_compared_results *compared);

#endif
