/* Sobol' indices from trials and their partners. The first-order index of a source of chance is the share of the
 * variance of an output that the source causes by itself; the total index is the share in which it takes part. The
 * functions here know only numbers, no flights and no cells.
 *
 * Trial j has an output a_j with its own draws, an output b_j with the draws of its partner, and for each source i an
 * output c_ij with the partner's draw in source i and its own draws in all others (pick-freeze; Sobol', Mathematics and
 * Computers in Simulation 55, 2001). With V the variance of the output,
 *
 *   first-order index  S_i  = Var(E[output | source i]) / V = Cov(b, c_i) / V
 *   total index        ST_i = E[Var(output | all sources but i)] / V = 1 - Cov(a, c_i) / V
 *
 * A source without interactions has S_i = ST_i; otherwise ST_i - S_i is its share in interactions. */
#ifndef ZEM_SOBOL_H
#define ZEM_SOBOL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* An estimate and the limits of its interval. */
struct zem_sobol_estimate {
    double value, lower, upper;
};

/* The outputs of all trials. An output is one number or several, its components, side by side. The variance of an
 * output is the sum of the variances of its components. */
struct zem_sobol_sample {
    size_t trials, components;
    const double *own, *partner;    /* outputs a and b: trials x components */
    size_t sources;                 /* sources of chance, at least 1 */
    const double *const *exchanged; /* exchanged[i]: output c_i, trials x components */
    bool counted;                   /* the outputs have one component, which is 0 or 1 */
    double confidence;              /* confidence of each interval by itself */
};

struct zem_sobol_indices {
    struct zem_sobol_estimate mean;     /* mean of the output; NaN for an output of several components */
    struct zem_sobol_estimate variance; /* V, the variance of the output */
    struct zem_sobol_estimate *first;   /* first[sources] and total[sources]; the caller provides both arrays */
    struct zem_sobol_estimate *total;
    struct zem_sobol_estimate interactions; /* 1 - sum of the first-order indices */
};

/* Estimates the indices and their intervals. Returns 0, or ZEM_INTERNAL without memory. All estimates are NaN if there
 * are fewer than ZEM_SOBOL_LEAST trials, and the shares are NaN if the output does not vary.
 *
 * A share is a ratio. Its numerator is the mean of b c_i (first-order) or of a c_i (total), its denominator the mean of
 * (a^2 + b^2)/2; all outputs are taken about the mean of a and b. Three control variates, whose expectation is known to
 * be 0, correct both means by linear regression:
 *
 *   a b                        makes the estimate that of Saltelli et al. (Computer Physics Communications 181, 2010,
 *                              table 2b) where the output depends little on the source
 *   a^2 - b^2
 *   c_i^2 - (a^2 + b^2)/2      makes the denominator that of Janon et al. (ESAIM: Probability and Statistics 18, 2014,
 *                              equation 6)
 *
 * The estimate is exact where c_i = a and where c_i = b. Its interval is that of the influence function (delta method):
 * z times the standard deviation of the linear part of the ratio, over the root of the number of trials; z is the
 * normal quantile of the confidence. Estimates and limits are clipped to [0, 1].
 *
 * Outputs that are 0 or 1 have exact intervals instead if few trials tell. Let D be the number of trials where a and
 * c_i differ, M the number where both are 1, and p the mean of the output. D is binomial of M + D (Clopper and
 * Pearson), and ST_i = D / (2 (M + D) - D) / (1 - p). These limits replace those of ST_i if D or M is below
 * ZEM_SOBOL_FEW. If D is, S_i lies between 0 and the upper limit of ST_i. The pairs of b and c_i give the limits of 1 -
 * S_i in the same way. If p is above 1/2, zeros are counted in place of ones. */
#define ZEM_SOBOL_FEW 30u
#define ZEM_SOBOL_LEAST 16u
int zem_sobol_estimate(const struct zem_sobol_sample *sample, struct zem_sobol_indices *indices,
                       struct zem_error *error);

#endif
