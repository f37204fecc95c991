/* Decides how many trials each cell gets: a fixed number, or as many as its precision needs. A decision depends on the
 * totals alone and is made only at numbers of trials that are known in advance (zem_precision_look). It therefore does
 * not depend on devices or on the size of batches. */
#ifndef ZEM_PRECISION_H
#define ZEM_PRECISION_H

#include "result/result.h"

struct zem_precision {
    uint64_t *bound; /* per cell: largest number of trials, run.trials */
    /* Per cell: number of trials before which the cell is not tested; 0 if its number of trials is fixed. Where
     * run.trials is smaller, the cell is tested at run.trials. */
    uint64_t *first;
    uint64_t *target;   /* per cell: number of trials at the end of the current round */
    double *half_width; /* per cell: half-width that its interval must reach; 0 if its number of trials is fixed */
    double *confidence; /* per cell: confidence of that interval */
    bool adaptive;      /* some cell has a precision to reach */
    bool started;       /* the targets of the first round have been set */
};

/* Whether some cell of the scenario has a precision. */
bool zem_precision_asked(const struct zem_scenario *scenario);

/* Reads the largest numbers of trials and the precisions of all cells from the scenario of a result. Intervals are by
 * result->interval_method, the method that is also reported. ZEM_INTERNAL without memory. Release with
 * zem_precision_free in every case. */
int zem_precision_init(struct zem_precision *precision, const struct zem_result *result, struct zem_error *error);
void zem_precision_free(struct zem_precision *precision);

/* Lets a cell go on from `trials` trials, below which no test has ended it. The target of the first round becomes the
 * smallest number of trials, from `trials` on, at which the cell may be tested. */
void zem_precision_continue(struct zem_precision *precision, uint64_t cell, uint64_t trials);

/* Sets the targets of the next round from the totals so far, and the stop reasons of cells that have ended. Returns
 * false if no cell needs more trials. */
bool zem_precision_next_round(struct zem_precision *precision, struct zem_result *result);

/* The expected number of trials of the whole run: of cells that have ended the trials that they have, and of other
 * cells the trials that their present estimates ask for. A cell without totals counts with the target of its first
 * round. */
double zem_precision_planned(const struct zem_precision *precision, const struct zem_result *result);

/* The expected number of trials of a whole run, from the totals of a short run that stopped at other numbers of trials.
 * `missing` gets the number of cells that ask for more than run.trials allows. */
double zem_precision_forecast(const struct zem_precision *precision, const struct zem_result *result,
                              uint64_t *missing);

/* Returns the smallest number of trials above `trials` at which a cell may be tested. These numbers are 32 and then
 * each a tenth more than the one before, in integer arithmetic: 32, 35, 38, 41, ... They are the same for every
 * precision, so a run with a finer precision passes through the same tests. */
uint64_t zem_precision_look(uint64_t trials);

/* The least number of trials, not rounded, at which the Wilson interval of an estimate p has this half-width.
 * `variance` is p (1 - p). The intervals of Clopper and Pearson need about 1 / half_width more trials. Source: Wilson
 * (1927), JASA 22, 209-212. */
double zem_precision_needed(double variance, double half_width, double confidence);

/* The cells of a run that have missed their precision. */
struct zem_precision_missed {
    uint64_t cells;      /* number of cells with an interval wider than asked for at some hit radius */
    uint64_t goals;      /* number of cells with a precision to reach */
    uint64_t worst;      /* the cell whose half-width exceeds the wanted one by the largest factor */
    double half_width;   /* half-width of the widest interval of this cell */
    double asked;        /* half-width that this cell was to reach */
    double trials;       /* run.trials with which all cells would reach their precision, by their present estimates */
    uint64_t named[100]; /* the first cells that have missed their precision */
};

/* Finds the cells of a complete result that have missed their precision. Their intervals are by
 * result->interval_method. ZEM_INTERNAL without memory. */
int zem_precision_find_missed(const struct zem_result *result, struct zem_precision_missed *missed,
                              struct zem_error *error);

#endif
