/* How many trials each cell gets: a fixed number, or as many as its precision needs. Decides on integer tallies alone,
 * and only at trial counts fixed in advance (zem_precision_checkpoint), so that devices and batches leave no trace. */
#ifndef ZEM_PRECISION_H
#define ZEM_PRECISION_H

#include "result/result.h"

struct zem_precision {
    uint64_t *bound;                 /* per cell: run.trials */
    uint64_t *target;                /* per cell: trials to have at the end of the round */
    double *half_width, *confidence; /* per cell: interval half-width to reach, 0 if there is none */
    bool adaptive;                   /* some cell has a precision to reach */
    bool started;
};

/* Reads bounds and precisions of all cells. ZEM_INTERNAL without memory. Free in every case. */
int zem_precision_init(struct zem_precision *precision, const struct zem_result *result, struct zem_error *error);
void zem_precision_free(struct zem_precision *precision);

/* Sets the targets of the next round from the totals so far; false when no cell needs any more. Fills the stop reasons.
 */
bool zem_precision_next_round(struct zem_precision *precision, struct zem_result *result);

#endif
