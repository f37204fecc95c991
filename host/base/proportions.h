/* Tests and intervals of the difference of two proportions, for the comparison of two results. Every function here is a
 * pure function of counts. A test returns a two-sided p-value in [0, 1] that is valid for any number of trials: if the
 * hypothesis is true, a p-value of at most 0.05 has a probability of at most 0.05, and likewise for any other level. A
 * test returns 1 without trials. */
#ifndef ZEM_PROPORTIONS_H
#define ZEM_PROPORTIONS_H

#include "base/statistics.h"

/* Hits among trials. */
struct zem_proportion {
    uint64_t hits, trials;
};

/* Fisher's exact test of two independent proportions: the probability of all tables that are at most as probable as the
 * observed one, given the trials of both results and their total of hits and misses (Agresti, Categorical Data
 * Analysis, section 3.5). Above a variance of 10^8 the normal distribution with a correction for continuity replaces
 * the hypergeometric one. */
double zem_proportions_fisher(struct zem_proportion first, struct zem_proportion second);

/* The smallest p-value that Fisher's test can give with these numbers of trials and this total of hits. */
double zem_proportions_fisher_least(struct zem_proportion first, struct zem_proportion second);

/* McNemar's exact test of paired proportions. `first_only` pairs are hits in the first result only, and `second_only`
 * pairs are hits in the second result only. The hypothesis is that both kinds of pairs are equally likely (Agresti,
 * section 11.1). */
double zem_proportions_sign(uint64_t first_only, uint64_t second_only);

/* The smallest p-value that McNemar's test can give with `discordant` = first_only + second_only pairs. */
double zem_proportions_sign_least(uint64_t discordant);

/* A test of two proportions that is valid for any dependence between the two results. Each result is tested against a
 * common probability p by the two-sided exact binomial test, and the smaller of the two p-values is doubled
 * (Bonferroni). The function returns the largest such p-value over all p. */
double zem_proportions_dependent(struct zem_proportion first, struct zem_proportion second);

/* The confidence interval of p(second) - p(first). The distances of the Clopper-Pearson limits from the two estimates
 * are combined like standard deviations of estimates with this correlation (Newcombe 1998, Statistics in Medicine 17,
 * 873-890, method 10, but with exact limits in place of Wilson's, which are too narrow for a few hits). The correlation
 * -1 gives an interval that is valid for any dependence. [-1, 1] if one of the results has no trials. */
struct zem_interval zem_proportions_interval(struct zem_proportion first, struct zem_proportion second,
                                             double correlation, double confidence);

/* The confidence interval of p(second) - p(first) from `pairs` pairs of trials, of which `first_only` are hits in the
 * first result only and `second_only` are hits in the second result only. It is the interval of the difference of the
 * two shares second_only / pairs and first_only / pairs, whose correlation is that of two counts of one multinomial
 * distribution. */
struct zem_interval zem_proportions_paired_interval(uint64_t first_only, uint64_t second_only, uint64_t pairs,
                                                    double confidence);

#endif
