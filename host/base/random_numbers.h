/* Random numbers for statistical tests that compare counts with random counts. The caller keeps the state of the
 * generator and starts it with a fixed number, so that the same counts always give the same answer. Trials do not use
 * these random numbers but those of kernels/philox.h. */
#ifndef ZEM_RANDOM_NUMBERS_H
#define ZEM_RANDOM_NUMBERS_H

#include <stdint.h>

/* Returns a number that is uniform on (0, 1), and advances the state. Source: splitmix64 (Steele, Lea and Flood 2014,
 * OOPSLA, 453-472). */
double zem_random_uniform(uint64_t *state);

/* Draws a number of hits in `trials` trials, each of which is a hit with the probability p. Above a variance of 1,000
 * the number is a rounded normal variable. */
double zem_random_binomial(double trials, double p, uint64_t *state);

/* Draws the number of hits among `trials` trials that are picked at random out of `all` trials, of which `hits` are
 * hits. Above a variance of 1,000 the number is a rounded normal variable. */
double zem_random_hypergeometric(double trials, double hits, double all, uint64_t *state);

#endif
