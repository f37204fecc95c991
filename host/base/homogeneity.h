/* A test of whether the hits of many cells differ by more than chance. The random numbers of the test have a fixed
 * seed, so the same counts always give the same answer. */
#ifndef ZEM_HOMOGENEITY_H
#define ZEM_HOMOGENEITY_H

#include "base/proportions.h"

#include <stdbool.h>

/* Returns the p-value of the hypothesis that all cells have the same probability of a hit. It is twice the smaller of
 * the p-values of two tests, each of which is valid for any numbers of trials and hits:
 * - Pearson's chi-square, given the trials of each cell and the hits of all cells together. Up to 20,000 cells its
 *   distribution comes from at most 1,999 random tables of hits and misses with these totals; no more tables are drawn
 *   once the answer is clear (Besag and Clifford 1991, Biometrika 78, 301-304), and none if Cantelli's inequality says
 *   that fewer than one in 2,000 reaches the observed chi-square, which counts as a p-value of 1/2,000. Above 20,000
 *   cells a gamma distribution with its exact mean and variance is used (Dawson 1954, Biometrika 41, 280).
 * - Whether one probability lies in the Clopper-Pearson intervals of all cells at once, with Bonferroni's correction
 *   for the number of cells. This test finds a single deviating cell among many.
 * If the cells share random numbers (`dependent`), the p-value of the second test alone is returned, because that test
 * is valid for any dependence. Cells without trials are left out. The function returns 1 if fewer than two cells have
 * trials, or if no trial or every trial is a hit. */
double zem_homogeneity_chance(const struct zem_proportion *cell, size_t count, bool dependent);

#endif
