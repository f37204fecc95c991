/* The interval of the mean of a bounded number that has a few possible values. study/doctrine_shots.c uses it. Every
 * function here is a pure function of numbers. */
#ifndef ZEM_BOUNDED_MEAN_H
#define ZEM_BOUNDED_MEAN_H

#include "base/statistics.h"

/* The limits of a mean, as shares of the distribution. At the lower limit of the mean the share `down` of the observed
 * distribution has moved to the smallest possible value, at the upper limit the share `up` to the largest. Both are
 * from 0 to 1. Whoever has several means over the same observations can thus compute what they all are at a limit of
 * one of them. */
struct zem_mean_shift {
    double down, up;
};

/* Returns the limits of a mean. value[classes] are the possible values, and count[i] of the observations have the value
 * value[i]. There is at least one observation.
 *
 * For ZEM_WILSON a limit is the mean m for which the observed mean differs from m by z standard errors. They are those
 * of the observed distribution after the shift that gives it the mean m. Because the shifted share lies at an end of
 * the possible values, values count that are too rare to be observed. For ZEM_CLOPPER_PEARSON the limits are those of a
 * binomial count with the same mean, rounded outward to whole counts. A binomial has the largest variance that bounded
 * numbers can have, so that these limits are wider than needed if values between the ends are frequent. With two
 * possible values both are the interval of zem_interval_binomial. */
struct zem_mean_shift zem_bounded_mean_shift(const uint64_t *count, const double *value, size_t classes,
                                             double confidence, enum zem_interval_method method);

#endif
