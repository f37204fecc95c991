/* Groups of keys that are drawn with correlation. The correlation is that of the standard normals from which the values
 * are drawn, each by the quantile function of its own distribution (a Gaussian copula): two normal keys have the
 * correlation of the matrix, other distributions have the rank correlation (6/pi) asin(r/2) of normals. */
#ifndef ZEM_CORRELATION_H
#define ZEM_CORRELATION_H

#include "scenario/scenario_value.h"

#define ZEM_CORRELATED_KEYS_MAX 16 /* keys of one group */

/* Reads the list of groups into scenario->correlation; `node` may be NULL. The values of all keys and the axes must
 * have been read before. */
void zem_correlations_read(struct zem_reading *reading, const struct zem_yaml_node *node);

/* Factors a symmetric positive semi-definite matrix with ones on the diagonal, factor times its transpose, by the
 * method of Cholesky. The same bits on every machine. False if a pivot is below -1e-9: the matrix is indefinite. */
bool zem_correlation_factor(size_t count, const double *matrix, double *factor);

/* The smallest eigenvalue of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations,
 * section 8.5), with an error of about 1e-14 times the number of keys. */
double zem_correlation_smallest_eigenvalue(size_t count, const double *matrix);

void zem_correlations_free(struct zem_scenario *scenario);

#endif
