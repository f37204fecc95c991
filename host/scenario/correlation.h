/* Groups of keys that are drawn with correlation. Each value is drawn from a standard normal variable by the quantile
 * function of its own distribution, and the matrix holds the correlations of these normal variables (a Gaussian
 * copula). Two keys with normal distributions therefore have the correlation r of the matrix; any two keys with
 * continuous distributions have the rank correlation (6/pi) asin(r/2). */
#ifndef ZEM_CORRELATION_H
#define ZEM_CORRELATION_H

#include "scenario/scenario_value.h"

#define ZEM_CORRELATED_KEYS_MAX 16 /* the most keys of one group */

/* Reads the list of groups into scenario->correlation. `node` is the list in the YAML tree, or NULL if the scenario has
 * none. The values of all keys and the axes must have been read before. */
void zem_correlations_read(struct zem_reading *reading, const struct zem_yaml_node *node);

/* Finds the lower triangular factor of a symmetric positive semi-definite matrix with ones on the diagonal, by the
 * method of Cholesky: matrix = factor times its transpose. Both have count x count elements. The factor has the same
 * bits on every machine. Returns false if the matrix has a negative eigenvalue. */
bool zem_correlation_factor(size_t count, const double *matrix, double *factor);

/* The smallest eigenvalue of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations,
 * section 8.5), with an error of about 1e-14 times the number of keys. */
double zem_correlation_smallest_eigenvalue(size_t count, const double *matrix);

void zem_correlations_free(struct zem_scenario *scenario);

#endif
