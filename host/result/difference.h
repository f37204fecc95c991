/* zem diff: the difference of two surfaces over the same grid, and whether it is more than chance. */
#ifndef ZEM_DIFFERENCE_H
#define ZEM_DIFFERENCE_H

#include "result/result.h"

#include <stdio.h>

/* One probability of one cell in both results. */
struct zem_difference {
    uint64_t cell;
    size_t radius;
    double p_first, p_second;
    double z; /* two-proportion score of second minus first; NaN where one has no trials */
};

struct zem_comparison {
    const struct zem_result *first, *second;
    size_t count;                /* cells x radii */
    struct zem_difference *item; /* cell by cell, radius fastest */
    size_t defined, beyond;      /* scores there are; those beyond the confidence of the first scenario */
    double expected;             /* how many would be beyond it by chance */
    size_t largest;              /* index of the largest |z| */
    double chance;     /* of a largest |z| at least this large if all differences were chance (Bonferroni's bound) */
    bool same_numbers; /* both drew the same random numbers: differences are smaller than the scores believe */
};

/* Compares p_hit. ZEM_BAD_INPUT if the grids or hit radii differ. The results are borrowed. Release with
 * zem_comparison_free. */
int zem_compare(const struct zem_result *first, const struct zem_result *second, struct zem_comparison *comparison,
                struct zem_error *error);
void zem_comparison_free(struct zem_comparison *comparison);

/* Score of the difference of two proportions with the pooled variance; 0 where both are the same, NaN without trials.
 */
double zem_two_proportion_score(uint64_t hits_first, uint64_t trials_first, uint64_t hits_second,
                                uint64_t trials_second);

/* A summary with the largest scores, or one JSON object with all. `names` are those of the files. ZEM_INPUT_OUTPUT if
 * `out` cannot be written. */
int zem_comparison_print(const struct zem_comparison *comparison, const char *const names[2], size_t lines, FILE *out,
                         struct zem_error *error);
int zem_comparison_print_json(const struct zem_comparison *comparison, const char *const names[2], FILE *out,
                              struct zem_error *error);

#endif
