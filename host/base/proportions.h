/* Tests and intervals of the difference of two proportions, for the comparison of two results. Every function here is a
 * pure function of counts. A test returns a two-sided p-value in [0, 1] that holds its level for any number of trials;
 * 1 without trials. */
#ifndef ZEM_PROPORTIONS_H
#define ZEM_PROPORTIONS_H

#include "base/statistics.h"

/* Hits among trials. */
struct zem_proportion {
    uint64_t hits, trials;
};

/* Fisher's exact test of two independent proportions: the probability, given all four margins, of a table that is no
 * more probable than the one observed (Agresti, Categorical Data Analysis, section 3.5). Beyond a variance of 10^8 the
 * hypergeometric distribution is replaced by the normal one with a correction for continuity. */
double zem_proportions_fisher(struct zem_proportion first, struct zem_proportion second);

/* The smallest p-value that Fisher's test can give with these margins. */
double zem_proportions_fisher_least(struct zem_proportion first, struct zem_proportion second);

/* McNemar's exact test of paired proportions: `first_only` pairs hit in the first result alone and `second_only` in the
 * second alone. By chance each of them is as likely as the other (Agresti, section 11.1). */
double zem_proportions_sign(uint64_t first_only, uint64_t second_only);

/* The smallest p-value that this test can give with so many pairs of either kind. */
double zem_proportions_sign_least(uint64_t discordant);

/* A test that holds for any dependence between the two results, known or not: it rejects one common probability at a
 * level if one of the two exact binomial tests rejects it at half the level (Bonferroni), and takes the probability
 * that both can tolerate best. */
double zem_proportions_dependent(struct zem_proportion first, struct zem_proportion second);

/* The interval of p(second) - p(first): the distances of the Clopper-Pearson limits from the estimates, added as the
 * variances of estimates with this correlation add (Newcombe 1998, Statistics in Medicine 17, 873-890, methods 10, with
 * exact limits in place of Wilson's, which are too narrow for a few hits). The correlation -1 gives an interval for any
 * dependence. [-1, 1] if one of them has no trials. */
struct zem_interval zem_proportions_interval(struct zem_proportion first, struct zem_proportion second,
                                             double correlation, double confidence);

/* The interval of the same difference from pairs, as the difference of the two kinds of unequal pairs, which are
 * correlated as cells of one multinomial distribution. */
struct zem_interval zem_proportions_paired_interval(uint64_t first_only, uint64_t second_only, uint64_t pairs,
                                                    double confidence);

#endif
