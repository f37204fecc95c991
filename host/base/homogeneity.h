/* Whether the hits of many cells differ by more than chance. A pure function of counts, with a fixed seed where it
 * draws random numbers, so that the same counts always give the same answer. */
#ifndef ZEM_HOMOGENEITY_H
#define ZEM_HOMOGENEITY_H

#include "base/proportions.h"

#include <stdbool.h>

/* The p-value of the hypothesis that all cells have one probability of a hit: twice the smaller of two p-values, each
 * of which holds its level for any numbers of trials and hits.
 * - Pearson's chi-square with the totals of trials and hits given. Its distribution comes from random tables with these
 *   totals, as many as decide the matter and at most 1,999 (Besag and Clifford 1991, Biometrika 78, 301-304); above
 *   20,000 cells from its exact mean and variance (Dawson 1954, Biometrika 41, 280).
 * - Whether one probability lies in the Clopper-Pearson intervals of all cells at once (Bonferroni), which finds a
 *   single cell among many.
 * If the cells share random numbers (`dependent`), the second p-value alone is returned, because it holds for any
 * dependence. Cells without trials are left out; 1 for fewer than two cells. */
double zem_homogeneity_chance(const struct zem_proportion *cell, size_t count, bool dependent);

#endif
