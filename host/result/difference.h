/* The differences between the hit probabilities of two results over the same grid, with their intervals, and whether
 * they are larger than chance explains. `zem diff` prints them (difference_text.h) and `zem plot A B` draws them. */
#ifndef ZEM_DIFFERENCE_H
#define ZEM_DIFFERENCE_H

#include "result/pairs.h"

/* The test by which a difference is judged. A pair is two trials, one of each result, with the same random numbers. */
enum zem_difference_basis {
    ZEM_BY_INDEPENDENT, /* the results have different random numbers: Fisher's exact test */
    /* At least half of the trials of the larger result have a partner: McNemar's exact test of the pairs. */
    ZEM_BY_PAIRS,
    /* Fewer trials have a partner: McNemar's test of the pairs and Fisher's test of the other trials, each at half the
     * significance level. */
    ZEM_BY_PAIRS_REST,
    /* The results share random numbers, but no pairs are known: a test that holds for any dependence. */
    ZEM_BY_BOUND,
    ZEM_DIFFERENCE_BASES
};

/* The name of each test in JSON output, and its description for people. */
struct zem_difference_basis_row {
    const char *word, *meaning;
};
extern const struct zem_difference_basis_row zem_difference_basis_table[ZEM_DIFFERENCE_BASES];

/* The hit probabilities of one cell within one hit radius in both results. Index 0 is the first result, 1 the second.
 * If a result has no trials in the cell, every member of type double and both intervals are NaN. */
struct zem_difference {
    uint64_t cell;
    size_t radius;
    uint64_t hits[2], trials[2];
    enum zem_difference_basis basis;
    /* Probability of the second result minus that of the first. ZEM_BY_PAIRS takes it from the pairs alone.
     * ZEM_BY_PAIRS_REST takes it from the pairs or from the other trials, whichever give the shorter interval. */
    double value;
    struct zem_interval each; /* interval of this difference alone, at the confidence of the comparison */
    /* Interval of this difference, so wide that those of all differences hold at once (Bonferroni). */
    struct zem_interval all;
    double chance;    /* p-value of this difference alone */
    double least;     /* the smallest p-value that is possible with these numbers of trials and hits */
    double adjusted;  /* p-value that allows for the number of comparisons */
    bool significant; /* adjusted <= 1 - confidence */
};

struct zem_comparison {
    const struct zem_result *first, *second;
    const struct zem_pairs *pairs; /* NULL if none are known */
    double confidence;             /* run.confidence of the first scenario */
    size_t count;                  /* cells x radii */
    struct zem_difference *item;   /* cell by cell, radius fastest; owned */
    size_t *order;                 /* indices of the items, from the smallest p-value to the largest; owned */
    size_t defined;                /* items with trials in both results; the others come last in the order */
    size_t larger, smaller;        /* numbers of significant differences: the second result is larger, or smaller */
};

/* Compares the hit probabilities of two results. `pairs` may be NULL. The results and the pairs must outlive the
 * comparison. p-values are adjusted by Holm's procedure, which holds for any dependence between the cells (Holm 1979,
 * Scand. J. Statist. 6, 65-70). Each step of the procedure counts only the comparisons whose trials and hits make a
 * p-value so small possible at all (Tarone 1990, Biometrics 46, 515-522). ZEM_BAD_INPUT if the grids or hit radii
 * differ. Release the comparison with zem_comparison_free. */
int zem_compare(const struct zem_result *first, const struct zem_result *second, const struct zem_pairs *pairs,
                struct zem_comparison *comparison, struct zem_error *error);
void zem_comparison_free(struct zem_comparison *comparison);

#endif
