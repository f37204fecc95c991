/* What drives the spread: the share of each source of chance in the variance of the miss vector, of the miss distance
 * and of a hit within each hit radius, for the cells of a scenario. Nothing is written to files or printed here. */
#ifndef ZEM_SENSITIVITY_H
#define ZEM_SENSITIVITY_H

#include "base/error.h"
#include "base/kernel_types.h"
#include "scenario/scenario.h"
#include "study/chance_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZEM_SENSITIVITY_TRIALS_MAX 10000000u

/* The outputs of a trial whose variance is divided among the sources. */
enum zem_sensitivity_output {
    ZEM_SENSITIVITY_END,  /* linear kinematics: miss vector, y and z at the end; its variance is the sum of both, m2 */
    ZEM_SENSITIVITY_MISS, /* the miss distance; variance in m2 */
    ZEM_SENSITIVITY_HIT,  /* 1 for a hit, 0 for none; one output for every hit radius */
    ZEM_SENSITIVITY_OUTPUTS
};

struct zem_sensitivity_options {
    bool one_cell; /* study only `cell` instead of the whole grid */
    uint64_t cell;
    uint64_t trials;  /* number of trials of each cell, from trial 0 on */
    unsigned threads; /* 0 for all processors */
    /* Is told how many flights of all are done, and the seconds since the start; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t all, double seconds);
    void *context;
};

/* The estimates of one output. Index 0 of every member is the estimate, 1 and 2 are the limits of its interval. Arrays
 * are cells x zem_sensitivity_width; those of a source are cells x sources x zem_sensitivity_width. The last index
 * varies fastest. Values are NaN where nothing can be said: of the miss vector in point-mass kinematics, of shares of
 * an output that does not vary, of an output with too few trials (ZEM_SOBOL_LEAST). A source that does not act in a
 * cell has shares of 0 there. */
struct zem_sensitivity_series {
    double *mean[3];         /* mean of the output; NaN for the miss vector */
    double *variance[3];     /* variance of the output */
    double *interactions[3]; /* 1 - sum of the first-order indices */
    double *first[3];        /* first-order index: part of the variance due to the source by itself */
    double *total[3];        /* total index: part of the variance in which the source takes part */
};

struct zem_sensitivity {
    const struct zem_scenario *scenario; /* borrowed */
    struct zem_sensitivity_options options;
    uint64_t cells, first_cell;        /* number of cells that were studied, and the first of them */
    size_t sources;                    /* number of sources that vary, or shift the miss vector, in some cell */
    unsigned source[ZEM_CHANCE_LIMIT]; /* their numbers, as in chance_source.h */
    uint64_t *trials;                  /* [cells]: number of trials */
    /* [cells]: number of trials of which every flight has a miss distance; only these count for the miss vector and the
     * miss distance */
    uint64_t *complete;
    uint64_t *outcomes; /* cells x ZEM_OUTCOME_COUNT: number of trials with each outcome, with their own draws */
    uint64_t *exact;    /* [cells]: 1 if the series of the miss vector are exact (linear_budget.h), 0 if estimated */
    /* cells x sources: mean of the miss vector due to a source in channels y and z, m; NaN in cells that are not
     * exact */
    double *bias[2];
    double *mean_square; /* [cells]: mean square of the miss distance, m2; NaN in cells that are not exact */
    struct zem_sensitivity_series series[ZEM_SENSITIVITY_OUTPUTS];
    double *memory;   /* memory of the arrays of numbers above; owned */
    uint64_t *counts; /* memory of the arrays of counts above; owned */
};

/* Returns the number of outputs of a kind (enum zem_sensitivity_output): the number of hit radii, or 1. */
size_t zem_sensitivity_width(const struct zem_sensitivity *s, int output);

/* zem_sensitivity_at returns the index of an output in arrays without sources, zem_sensitivity_source_at its index in
 * arrays with sources. `output` is the kind, `which` the hit radius, or 0. `cell` counts from the first cell that was
 * studied. */
size_t zem_sensitivity_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which);
size_t zem_sensitivity_source_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which,
                                 size_t source);

/* Flies the trials and makes the estimates. Every trial has a partner, another set of draws. It is flown with its own
 * draws, with the partner's draws, and for each source with the partner's draw only in this source
 * (device/native/native_exchange.h); sobol.h estimates the indices from these flights. Of a salvo only the first shot
 * is flown. In linear kinematics without limits the shares in the variance of the miss vector are exact. Results depend
 * neither on the number of threads nor on the vector units of the processor.
 *
 * Returns 0; ZEM_USAGE if the trials or the estimates of the cells need more memory than zem_samples_bytes_limit
 * allows; ZEM_BAD_INPUT if a cell or a trial cannot be derived, or if nothing varies; ZEM_INTERNAL without memory;
 * ZEM_STOPPED if the user interrupts. Release with zem_sensitivity_free in every case. */
int zem_sensitivity_find(const struct zem_scenario *scenario, const struct zem_sensitivity_options *options,
                         struct zem_sensitivity *sensitivity, struct zem_error *error);
void zem_sensitivity_free(struct zem_sensitivity *sensitivity);

/* The confidence of the intervals, or NaN if it differs between the cells. */
double zem_sensitivity_confidence(const struct zem_sensitivity *s);

#endif
