/* Pairs of trials that two results share. If both results have the same random numbers, the trials with the same number
 * are a pair. Pairs are counted from the single trials that both files keep (here), or from trials flown again
 * (study/pair_flight.h). difference.h compares results by these counts. */
#ifndef ZEM_PAIRS_H
#define ZEM_PAIRS_H

#include "result/result.h"

/* Whether a cell has the same random numbers in two results. */
enum zem_dependence {
    ZEM_INDEPENDENT, /* no trial of the cell has the same random numbers in both results */
    ZEM_DEPENDENT    /* some or all trials of the cell may have the same random numbers in both results */
};

/* Where the counts of pairs come from: nowhere, because none are known; from results that are equal to the bit; from
 * the single trials that both files keep; or from trials flown again. */
enum zem_pair_source { ZEM_PAIRS_NONE, ZEM_PAIRS_EQUAL, ZEM_PAIRS_KEPT, ZEM_PAIRS_FLOWN };

/* The pairs of one cell by how they ended within one hit radius. */
struct zem_pair_counts {
    uint64_t first_hits, second_hits; /* pairs that hit in the first result; pairs that hit in the second */
    uint64_t first_only, second_only; /* pairs that hit in the first result only; in the second only */
};

struct zem_pairs {
    enum zem_pair_source source;
    uint64_t *pairs;               /* number of pairs of each cell, owned; NULL without a source */
    struct zem_pair_counts *count; /* cells x radii, radius fastest, owned; NULL without a source */
};

/* Says whether a cell has the same random numbers in both results, which have the same grid. */
enum zem_dependence zem_pairs_dependence(const struct zem_result *first, const struct zem_result *second,
                                         uint64_t cell);

/* Allocates counts for the cells and hit radii of `first`, all 0, and frees those that `pairs` had; a new structure
 * must be zero. ZEM_INTERNAL without memory. Release with zem_pairs_free. */
int zem_pairs_init(struct zem_pairs *pairs, const struct zem_result *first, struct zem_error *error);
void zem_pairs_free(struct zem_pairs *pairs);

/* Counts pairs without flying trials. If the results are equal to the bit, every trial is a pair that ended alike.
 * Otherwise the single trials that both results keep are compared. Without any pair the source is ZEM_PAIRS_NONE. */
int zem_pairs_read(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                   struct zem_error *error);

/* Whether the counts of all pairs are possible together with the totals of both results. They are not if a trial that
 * was flown again ended otherwise than in the result. */
bool zem_pairs_fit(const struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second);

#endif
