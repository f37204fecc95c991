/* The number of trials of each cell: fixed, or as many as its precision needs. A decision depends on the totals alone,
 * and is made only at numbers of trials that are known in advance (zem_precision_look). Devices and the size of batches
 * therefore cannot change it. */
#ifndef ZEM_PRECISION_H
#define ZEM_PRECISION_H

#include "result/result.h"

struct zem_precision {
    uint64_t *bound;    /* per cell: most trials, run.trials */
    uint64_t *first;    /* per cell: trials before which no look is made; 0 if the number of trials is fixed */
    uint64_t *target;   /* per cell: trials that it shall have at the end of the present round */
    double *half_width; /* per cell: half-width of the interval to reach; 0 if the number of trials is fixed */
    double *confidence; /* per cell: confidence of that interval */
    bool adaptive;      /* some cell has a precision to reach */
    bool started;       /* the first round has been set */
};

/* Reads bounds and precisions of all cells. Intervals are by result->interval_method, the one that is reported.
 * ZEM_INTERNAL without memory. Release with zem_precision_free in every case. */
int zem_precision_init(struct zem_precision *precision, const struct zem_result *result, struct zem_error *error);
void zem_precision_free(struct zem_precision *precision);

/* Begins with a cell that has `trials` trials already, of a run that the rule has not ended before: the target of the
 * first round becomes the smallest number of trials, not below them, at which the rule may look at the cell. */
void zem_precision_continue(struct zem_precision *precision, uint64_t cell, uint64_t trials);

/* Sets the targets of the next round from the totals so far, and the stop reasons of cells that have ended. False if no
 * cell needs more trials. */
bool zem_precision_next_round(struct zem_precision *precision, struct zem_result *result);

/* The trials that the run will have in the end, as far as the totals tell: those of cells that have ended, and those
 * that the others need by their present estimates. Without totals each cell counts with the trials of its first look,
 * or its fixed number. */
double zem_precision_planned(const struct zem_precision *precision, const struct zem_result *result);

/* The trials that a whole run will have, by the totals of a short one without regard to the targets of its rounds.
 * `missing` gets the number of cells that ask for more than their bound. */
double zem_precision_forecast(const struct zem_precision *precision, const struct zem_result *result,
                              uint64_t *missing);

/* The numbers of trials at which the rule may look at a cell: 32, and from each one to the next a tenth more in integer
 * arithmetic, 35, 38, 41, ... They are the same for every precision, so a run with a finer one goes through the same
 * looks. Returns the smallest above `trials`. */
uint64_t zem_precision_look(uint64_t trials);

/* The least number of trials at which the Wilson interval of an estimate p with `variance` = p (1 - p) has this
 * half-width: the solution of its formula for the number of trials, not rounded. Intervals of Clopper and Pearson need
 * about 1 / half_width more. Source: Wilson (1927), JASA 22, 209-212. */
double zem_precision_needed(double variance, double half_width, double confidence);

/* What a run has missed of its precision. */
struct zem_precision_missed {
    uint64_t cells;      /* with an interval wider than asked for, at some hit radius */
    uint64_t goals;      /* cells with a precision to reach */
    uint64_t worst;      /* the cell that misses by the largest factor */
    double half_width;   /* its widest interval: half of its width */
    double asked;        /* what it was to reach */
    double trials;       /* of every cell, with which all would reach it, by their present estimates */
    uint64_t named[100]; /* the first of the cells */
};

/* Looks at all cells of a complete result, by its interval method. ZEM_INTERNAL without memory. */
int zem_precision_find_missed(const struct zem_result *result, struct zem_precision_missed *missed,
                              struct zem_error *error);

#endif
