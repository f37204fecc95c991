/* The share of the variance of a variable over the grid that each axis, each pair of axes and the rest account for. The
 * noise of the trials is subtracted first. `zem effects` prints the shares (effects_text.h) and draws the curves of the
 * main effects. */
#ifndef ZEM_EFFECTS_H
#define ZEM_EFFECTS_H

#include "base/statistics.h"
#include "result/result_variables.h"

#define ZEM_EFFECTS_MOST (ZEM_AXES_MAX + ZEM_AXES_MAX * (ZEM_AXES_MAX - 1) / 2 + 1)

/* One part of the variance: the main effect of an axis, the interaction of a pair of axes, or the rest that they
 * leave. */
struct zem_effect {
    size_t axes;    /* 1 or 2; 0 for the rest */
    size_t axis[2]; /* indices into scenario->axis */
    double freedom; /* degrees of freedom, above 0 */
    /* This part divided by the variance of the cells, both without noise. The share is below 0 if the part, before the
     * subtraction, is by chance smaller than the expected noise. */
    double share;
    struct zem_interval interval; /* of the share, within [0, 1], at the confidence of the scenario */
    double chance;                /* p-value of the hypothesis that there is no such part, adjusted by Holm */
    bool significant;             /* chance <= 1 - confidence, and the cells differ */
};

struct zem_effects {
    const struct zem_result *result;
    const struct zem_variable *variable;
    size_t element;    /* index of the hit radius or quantile of the variable */
    double confidence; /* run.confidence of the scenario */
    double mean;       /* of the variable over the cells */
    double variance;   /* over the cells, without the noise of the trials */
    double noise;      /* mean over the cells of the variance of a cell's estimate; this noise was subtracted */
    double chance;     /* p-value of the hypothesis that all cells are equal */
    bool differ;       /* chance <= 1 - confidence, and variance > 0; if false, the shares mean nothing */
    bool common;       /* the cells share random numbers, so that shares may have less noise than was subtracted */
    size_t count;
    struct zem_effect effect[ZEM_EFFECTS_MOST]; /* axes, then pairs, then the rest; only those that the grid has */
    /* Main effects: for each axis the mean over all other axes at each of its points, and the half-width of its
     * interval. Owned; NULL for an axis of one point. */
    double *curve[ZEM_AXES_MAX], *half_width[ZEM_AXES_MAX];
};

/* Analyses the element `element` of a variable. The analysis of variance of a full grid is orthogonal. The noise in the
 * sum of squares of a part is expected to be its degrees of freedom times the mean variance of a cell's estimate. The
 * intervals come from a parametric bootstrap with a fixed seed: it draws surfaces with the parts that were found and
 * new noise (Davison and Hinkley 1997, Bootstrap Methods, sections 2.2 and 5.2.1). ZEM_USAGE if the grid has no axis of
 * two points or the noise of the variable is unknown; ZEM_BAD_INPUT if a cell has no value; ZEM_INTERNAL without
 * memory. Release with zem_effects_free in every case. */
int zem_effects_find(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                     struct zem_effects *effects, struct zem_error *error);
void zem_effects_free(struct zem_effects *effects);

/* The variance of a variable's estimate in one cell, computed from the totals of the cell; NaN if the totals do not
 * determine it. */
double zem_variable_noise(const struct zem_result *result, const struct zem_variable *variable, size_t element,
                          uint64_t cell);

/* Whether the interval of a variable is computed from zem_variable_noise by the normal distribution. This holds for
 * miss_mean, miss_rms and miss_std, whose intervals are not in the result file. */
bool zem_variable_has_normal_limits(const struct zem_variable *variable);

/* The interval of miss_mean, miss_rms or miss_std in one cell, by the normal distribution, which the estimate has for
 * many trials. It does not reach below 0. NaN if fewer than two trials passed the target. */
struct zem_interval zem_variable_normal_limits(const struct zem_result *result, const struct zem_variable *variable,
                                               uint64_t cell, double confidence);

#endif
