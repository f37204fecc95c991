/* The difference of the hit probabilities of two results over the same grid, and whether it is more than chance. For
 * `zem diff`, which prints it as text or JSON. */
#ifndef ZEM_DIFFERENCE_H
#define ZEM_DIFFERENCE_H

#include "result/result.h"

#include <stdio.h>

/* The probability of a hit in one cell and within one radius, in both results. */
struct zem_difference {
    uint64_t cell;
    size_t radius;
    double p_first, p_second;
    double z; /* two-proportion score of second minus first; NaN if one of them has no trials */
};

struct zem_comparison {
    const struct zem_result *first, *second;
    size_t count;                /* cells x radii */
    struct zem_difference *item; /* cell by cell, radius fastest */
    size_t defined;              /* scores that are not NaN */
    size_t beyond;               /* scores that are significant at the confidence of the first scenario */
    double expected;             /* number of such scores that chance alone would give */
    size_t largest;              /* index of the largest |z| */
    double chance;     /* bound (Bonferroni) on the probability that chance alone makes the largest |z| so large */
    bool same_numbers; /* both used the same random numbers, so they are not independent */
};

/* Compares the hit probabilities of two results, which must outlive the comparison. ZEM_BAD_INPUT if the grids or hit
 * radii differ. Release the comparison with zem_comparison_free. */
int zem_compare(const struct zem_result *first, const struct zem_result *second, struct zem_comparison *comparison,
                struct zem_error *error);
void zem_comparison_free(struct zem_comparison *comparison);

/* The score of the difference of two proportions, second minus first, with the pooled variance. It is 0 if the variance
 * is 0, and NaN if one of them has no trials. */
double zem_two_proportion_score(uint64_t hits_first, uint64_t trials_first, uint64_t hits_second,
                                uint64_t trials_second);

/* Prints a summary with the `lines` largest scores, or one JSON object with all scores. `names` are the names of the
 * two files. ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_comparison_print(const struct zem_comparison *comparison, const char *const names[2], size_t lines, FILE *out,
                         struct zem_error *error);
int zem_comparison_print_json(const struct zem_comparison *comparison, const char *const names[2], FILE *out,
                              struct zem_error *error);

#endif
