/* The differences of the hit probabilities of two results over the same grid, with their intervals, and whether they
 * are more than chance. For `zem diff`, which prints them (difference_text.h), and `zem plot A B`. */
#ifndef ZEM_DIFFERENCE_H
#define ZEM_DIFFERENCE_H

#include "result/pairs.h"

/* What a difference is judged by. */
enum zem_difference_basis {
    ZEM_BY_INDEPENDENT, /* the results have different random numbers: Fisher's exact test */
    ZEM_BY_PAIRS,       /* the trials are pairs, or half of those of the larger result are: McNemar's exact test */
    ZEM_BY_PAIRS_REST,  /* few trials are pairs: that test, and Fisher's test of the others, at half the level each */
    ZEM_BY_BOUND,       /* the results share random numbers, but no pairs are known: a test for any dependence */
    ZEM_DIFFERENCE_BASES
};

/* One word for each basis, for programs, and what it means. */
struct zem_difference_basis_row {
    const char *word, *meaning;
};
extern const struct zem_difference_basis_row zem_difference_basis_table[ZEM_DIFFERENCE_BASES];

/* The hit probabilities of one cell within one radius in both results. Everything that is not a count is NaN if one of
 * them has no trials. */
struct zem_difference {
    uint64_t cell;
    size_t radius;
    uint64_t hits[2], trials[2];
    enum zem_difference_basis basis;
    /* Second minus first. With pairs it is the difference of the pairs, where that has the shorter interval. */
    double value;
    struct zem_interval each; /* of this difference, at the confidence of the comparison */
    struct zem_interval all;  /* the same, so wide that all intervals hold at once (Bonferroni) */
    double chance;            /* p-value of this difference alone */
    double least;             /* the smallest p-value that its counts make possible */
    double adjusted;          /* p-value that allows for the number of comparisons */
    bool significant;         /* adjusted <= 1 - confidence */
};

struct zem_comparison {
    const struct zem_result *first, *second;
    const struct zem_pairs *pairs; /* NULL if none are known */
    double confidence;             /* run.confidence of the first scenario */
    size_t count;                  /* cells x radii */
    struct zem_difference *item;   /* cell by cell, radius fastest; owned */
    size_t *order;                 /* indices of the items, from the smallest p-value to the largest; owned */
    size_t defined;                /* items with trials in both results; the others come last in the order */
    size_t larger, smaller;        /* significant ones in which the second result is larger, or smaller */
};

/* Compares the hit probabilities of two results, which must outlive the comparison, as must `pairs`, which may be NULL.
 * p-values are adjusted by Holm's procedure, which holds for any dependence between the cells (Holm 1979, Scand. J.
 * Statist. 6, 65-70). A step counts only comparisons whose counts allow a p-value so small (Tarone 1990, Biometrics 46,
 * 515-522). ZEM_BAD_INPUT if the grids or hit radii differ. Release the comparison with zem_comparison_free. */
int zem_compare(const struct zem_result *first, const struct zem_result *second, const struct zem_pairs *pairs,
                struct zem_comparison *comparison, struct zem_error *error);
void zem_comparison_free(struct zem_comparison *comparison);

#endif
