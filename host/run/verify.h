/* zem verify: flies cells of a result again and compares integers, every word of their totals. */
#ifndef ZEM_VERIFY_H
#define ZEM_VERIFY_H

#include "run/run.h"

struct zem_verification {
    uint64_t cells, trials; /* compared */
    uint64_t different_cells;
    uint64_t cell;           /* the first that differs, */
    size_t word;             /* its first word that does, */
    uint64_t in_file, again; /* and its two values */
};

/* Flies `count` cells again with the options' devices (the options' shard, cell_trials and callbacks' context are used
 * as they come, but shard and cell_trials are set here), and replays the single trials that the result keeps of them. 0
 * if everything is the same; ZEM_DIFFERENCE with a sentence that names cell and word, or trial; what zem_run returns.
 */
int zem_verify(const struct zem_result *result, const uint64_t *cells, size_t count,
               const struct zem_run_options *options, struct zem_verification *verification, struct zem_error *error);

#endif
