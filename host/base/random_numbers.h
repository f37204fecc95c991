/* Random numbers for tests that compare counts with what chance does to them. The caller holds the state, which starts
 * at any number, so that the same counts always give the same answer. Trials have random numbers of their own
 * (kernels/philox.h). */
#ifndef ZEM_RANDOM_NUMBERS_H
#define ZEM_RANDOM_NUMBERS_H

#include <stdint.h>

/* Uniform on (0, 1). Source: splitmix64 (Steele, Lea and Flood 2014, OOPSLA, 453-472). */
double zem_random_uniform(uint64_t *state);

/* The number of hits in `trials` trials of probability p; rounded from the normal distribution above a variance of
 * 1,000. */
double zem_random_binomial(double trials, double p, uint64_t *state);

/* The number of hits among `trials` that are taken out of `all` trials with `hits` hits; rounded from the normal
 * distribution above a variance of 1,000. */
double zem_random_hypergeometric(double trials, double hits, double all, uint64_t *state);

#endif
