/* What drives the spread: the part of each source of chance in the variance of where flights end, of the miss distance,
 * and of the misses of every hit radius, for the cells of a scenario. Results on disk and text are unknown here. */
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

/* The outputs whose variance is shared out. */
enum zem_sensitivity_output {
    ZEM_SENSITIVITY_END,  /* linear kinematics: y and z at the end; the variance is the sum of both, m2 */
    ZEM_SENSITIVITY_MISS, /* miss distance; variance in m2 */
    ZEM_SENSITIVITY_HIT,  /* whether a trial is a hit, for every hit radius */
    ZEM_SENSITIVITY_OUTPUTS
};

struct zem_sensitivity_options {
    bool one_cell; /* study `cell` alone, not the whole grid */
    uint64_t cell;
    uint64_t trials;  /* of each cell, numbers 0 to trials - 1 */
    unsigned threads; /* 0 for all processors */
    /* Reports flights done of all; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t all, double seconds);
    void *context;
};

/* Estimates of one output and the limits of their intervals. Arrays are cells x zem_sensitivity_width, those of a
 * source cells x sources x zem_sensitivity_width, the last index fastest. NaN where nothing can be said: the end in
 * point-mass kinematics, shares of what does not vary, all but the mean of too few trials. A source that does not act
 * in a cell has shares of 0. */
struct zem_sensitivity_series {
    double *mean[3];         /* estimate, lower and upper limit, as all of these; not of the end */
    double *variance[3];     /* V */
    double *interactions[3]; /* 1 - sum of the first-order indices */
    double *first[3];        /* first-order index: part of V that the source has by itself */
    double *total[3];        /* total index: part of V in which the source takes part */
};

struct zem_sensitivity {
    const struct zem_scenario *scenario; /* borrowed */
    struct zem_sensitivity_options options;
    uint64_t cells, first_cell;        /* number of cells that were studied, and the first of them */
    size_t sources;                    /* those that vary or shift the end in some cell */
    unsigned source[ZEM_CHANCE_LIMIT]; /* as in chance_source.h */
    uint64_t *trials;                  /* [cells] */
    uint64_t *complete; /* [cells] trials of which every flight had a miss distance; the end and the miss need that */
    uint64_t *outcomes; /* cells x ZEM_OUTCOME_COUNT, of the flights with a trial's own draws */
    uint64_t *exact;    /* [cells] 1: the series of the end are exact, from linear_budget.h; 0: estimated */
    double *bias[2];    /* exact cells, cells x sources: mean of the end by a source in channels y and z, m; else NaN */
    double *mean_square; /* exact cells: of the miss distance, m2; else NaN */
    struct zem_sensitivity_series series[ZEM_SENSITIVITY_OUTPUTS];
    double *memory;   /* of the arrays of numbers above; owned */
    uint64_t *counts; /* of the arrays of counts above; owned */
};

/* The number of outputs of a kind: of hit radii, or 1. */
size_t zem_sensitivity_width(const struct zem_sensitivity *s, int output);

/* The place of an output of a kind in arrays without sources, and of one of its sources in those with. `cell` counts
 * from the first one that was studied. */
size_t zem_sensitivity_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which);
size_t zem_sensitivity_source_at(const struct zem_sensitivity *s, int output, uint64_t cell, size_t which,
                                 size_t source);

/* Flies the trials and estimates. Every trial is flown with its own draws, with the draws of a partner, and for each
 * source with the partner's draw in this source alone (device/native/native_exchange.h); the indices follow by sobol.h.
 * The first shot of a salvo is flown. In the linear loop without limits the parts in the variance of the end are exact.
 * Results depend neither on the number of threads nor on the processor's vector units.
 *
 * Errors: ZEM_USAGE if the trials need more memory than zem_samples_bytes_limit allows, ZEM_BAD_INPUT of
 * zem_cell_derive, ZEM_INTERNAL without memory, ZEM_STOPPED if the user interrupts. Release with zem_sensitivity_free
 * in every case. */
int zem_sensitivity_find(const struct zem_scenario *scenario, const struct zem_sensitivity_options *options,
                         struct zem_sensitivity *sensitivity, struct zem_error *error);
void zem_sensitivity_free(struct zem_sensitivity *sensitivity);

#endif
