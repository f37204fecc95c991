/* Sobol' indices from trials in pairs: which share of the variance of an output is due to one source of chance alone,
 * and which share it takes part in. Every function here is a pure function of numbers; flights and cells are unknown.
 *
 * Trial j has an output a_j with its own draws, an output b_j with the draws of a partner, and for each source i an
 * output c_ij with the own draws in all sources but i, which is that of the partner (pick-freeze; Sobol', Mathematics
 * and Computers in Simulation 55, 2001). With V the variance of the output,
 *
 *   first-order index  S_i  = Var(E[output | source i]) / V = Cov(b, c_i) / V
 *   total index        ST_i = E[Var(output | all sources but i)] / V = 1 - Cov(a, c_i) / V
 *
 * A source that acts by itself has S_i = ST_i; the difference is its share in interactions. */
#ifndef ZEM_SOBOL_H
#define ZEM_SOBOL_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* An estimate and the limits of its interval. */
struct zem_sobol_estimate {
    double value, lower, upper;
};

/* The outputs of all trials, each of `components` numbers side by side. The variance of several components is the sum
 * of theirs. */
struct zem_sobol_sample {
    size_t trials, components;
    const double *own, *partner;    /* a and b: trials x components */
    size_t sources;                 /* sources of chance, at least 1 */
    const double *const *exchanged; /* exchanged[i] has c_i: trials x components */
    bool counted;                   /* the outputs are 0 and 1, of one component */
    double confidence;              /* of each interval by itself */
};

struct zem_sobol_indices {
    struct zem_sobol_estimate mean;     /* of the output; of components it is not given (NaN) */
    struct zem_sobol_estimate variance; /* V */
    struct zem_sobol_estimate *first;   /* first[sources] and total[sources], which the caller provides */
    struct zem_sobol_estimate *total;
    struct zem_sobol_estimate interactions; /* 1 - sum of the first-order indices */
};

/* Estimates the indices and their intervals.
 *
 * A share is the ratio of the means of b c_i, or of a c_i, and of (a^2 + b^2)/2, all about the mean of a and b. Three
 * quantities whose expectation is known to be 0 correct both means by linear regression (control variates): a b, which
 * makes the estimate that of Saltelli et al. (Computer Physics Communications 181, 2010, table 2b) where the output
 * depends little on the source; a^2 - b^2; and c_i^2 - (a^2 + b^2)/2, by which the denominator becomes that of Janon et
 * al. (ESAIM: Probability and Statistics 18, 2014, equation 6). The estimate is exact where c_i = a and where c_i = b.
 * The interval is that of the influence function (delta method): z times the standard deviation of the ratio's linear
 * part over the root of the number of trials. Estimates and limits are clipped to [0, 1].
 *
 * Counted outputs with few differences, or few that recur, have exact intervals instead. Let D be the number of trials
 * where a and c_i differ, M that of trials where both are 1, and p the mean of the output. D of M + D is binomial
 * (Clopper and Pearson), and ST_i = D / (2 (M + D) - D) / (1 - p). These are the limits of ST_i if D or M is below
 * ZEM_SOBOL_FEW; if D is, S_i is between 0 and the upper limit of ST_i. The pairs of b and c_i bound S_i in the same
 * way. Outputs whose mean is above 1/2 are counted by their zeros.
 *
 * All are NaN if fewer than ZEM_SOBOL_LEAST trials were flown, and the shares if the output does not vary. ZEM_INTERNAL
 * without memory. */
#define ZEM_SOBOL_FEW 30u
#define ZEM_SOBOL_LEAST 16u
int zem_sobol_estimate(const struct zem_sobol_sample *sample, struct zem_sobol_indices *indices,
                       struct zem_error *error);

#endif
