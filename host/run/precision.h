/* The number of trials of each cell: fixed, or as many as its precision needs. A decision depends on the totals alone,
 * and is made only at numbers of trials that are known in advance (zem_precision_checkpoint). Devices and the size of
 * batches therefore cannot change it. */
#ifndef ZEM_PRECISION_H
#define ZEM_PRECISION_H

#include "result/result.h"

struct zem_precision {
    uint64_t *bound;    /* per cell: most trials, run.trials */
    uint64_t *target;   /* per cell: trials that it shall have at the end of the present round */
    double *half_width; /* per cell: half-width of the interval to reach; 0 if the number of trials is fixed */
    double *confidence; /* per cell: confidence of that interval */
    bool adaptive;      /* some cell has a precision to reach */
    bool started;       /* the first round has been set */
};

/* Reads bounds and precisions of all cells. ZEM_INTERNAL without memory. Release with zem_precision_free in every
 * case. */
int zem_precision_init(struct zem_precision *precision, const struct zem_result *result, struct zem_error *error);
void zem_precision_free(struct zem_precision *precision);

/* Begins with a cell that has `trials` trials already, of a run that the rule has not ended before: the target of the
 * first round becomes the smallest number of trials, not below them, at which the rule may look at the cell. */
void zem_precision_continue(struct zem_precision *precision, uint64_t cell, uint64_t trials);

/* Sets the targets of the next round from the totals so far, and the stop reasons of cells that have ended. False if no
 * cell needs more trials. */
bool zem_precision_next_round(struct zem_precision *precision, struct zem_result *result);

#endif
