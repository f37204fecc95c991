/* Reads and compares two result files for `zem diff` and `zem plot A B`. Trials of both results that have the same
 * random numbers form pairs, which show smaller differences. */
#ifndef ZEM_COMPARED_RESULTS_H
#define ZEM_COMPARED_RESULTS_H

#include "result/difference.h"

/* The most pairs that are flown again if the user gives no limit. Two processors need five to ten seconds for them. */
#define ZEM_PAIRS_FLOWN_DEFAULT UINT64_C(5000000)

struct zem_compared_results {
    struct zem_result result[2];
    struct zem_scenario scenario[2];
    struct zem_pairs pairs;
    struct zem_comparison comparison;
};

/* Reads both files and compares them. If the results share random numbers, their trials are compared in pairs. Some
 * pairs may be in the files, because a result can keep trials one by one. If the files do not have all pairs, the
 * trials of all pairs are flown again on `threads` processors (0 for all), unless there are more pairs than
 * `pairs_limit`. A note on standard error says if pairs are not used. Returns 0 or the error of reading, flying or
 * comparing. Release with zem_compared_free in every case. */
int zem_compared_read(struct zem_compared_results *compared, const char *const names[2], uint64_t pairs_limit,
                      unsigned threads, struct zem_error *error);
void zem_compared_free(struct zem_compared_results *compared);

#endif
