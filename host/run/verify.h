/* The verification of a result: cells are flown again, and every word of their totals is compared. `zem verify` chooses
 * the cells and prints the verification. */
#ifndef ZEM_VERIFY_H
#define ZEM_VERIFY_H

#include "run/run.h"

struct zem_verification {
    uint64_t cells, trials; /* numbers of cells and trials that were compared */
    /* Number of cells that differ. The members below mean nothing if it is 0, or if only a single trial differs, at
     * which the verification stops. */
    uint64_t different_cells;
    uint64_t cell;           /* the first cell that differs */
    size_t word;             /* the first word of its totals that differs */
    uint64_t in_file, again; /* the values of this word in the result and flown again */
};

/* Flies `count` cells again with the devices of `options`, and the single trials that the result keeps of them. `shard`
 * and `cell_trials` of the options are ignored, because the result determines them. 0 if everything is the same;
 * ZEM_DIFFERENCE with a sentence that names the cell and word, or the trial; or what zem_run returns. */
int zem_verify(const struct zem_result *result, const uint64_t *cells, size_t count,
               const struct zem_run_options *options, struct zem_verification *verification, struct zem_error *error);

#endif
