/* Trials that two results share: with the same random numbers a trial of one result is paired with the trial of the
 * same number of the other. Counts of pairs come from the single trials that both files keep (here), or from trials
 * flown again (study/pair_flight.h). The comparison of difference.h uses them. */
#ifndef ZEM_PAIRS_H
#define ZEM_PAIRS_H

#include "result/result.h"

/* What is known of the random numbers that a cell has in both results. */
enum zem_dependence {
    ZEM_INDEPENDENT, /* the cell has different numbers in both */
    ZEM_DEPENDENT    /* some or all trials have the same numbers */
};

/* Where counts of pairs come from. */
enum zem_pair_source { ZEM_PAIRS_NONE, ZEM_PAIRS_EQUAL, ZEM_PAIRS_KEPT, ZEM_PAIRS_FLOWN };

/* Pairs of one cell that hit within one radius. */
struct zem_pair_counts {
    uint64_t first_hits, second_hits; /* pairs that hit in the first and in the second result */
    uint64_t first_only, second_only; /* pairs that hit in one of them alone */
};

struct zem_pairs {
    enum zem_pair_source source;
    uint64_t *pairs;               /* number of pairs of each cell, owned; NULL without a source */
    struct zem_pair_counts *count; /* cells x radii, radius fastest, owned; NULL without a source */
};

/* What the trials of one cell have in common. Both results have the same grid. */
enum zem_dependence zem_pairs_dependence(const struct zem_result *first, const struct zem_result *second,
                                         uint64_t cell);

/* Makes room for counts of zero. ZEM_INTERNAL without memory. Release with zem_pairs_free. */
int zem_pairs_init(struct zem_pairs *pairs, const struct zem_result *first, struct zem_error *error);
void zem_pairs_free(struct zem_pairs *pairs);

/* Counts what the files themselves tell: results that are equal to the bit, or the single trials that both keep. The
 * source stays ZEM_PAIRS_NONE if they tell nothing. */
int zem_pairs_read(struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second,
                   struct zem_error *error);

/* Whether the counts of all pairs are possible beside the totals of both results. They are not if trials flown again
 * end otherwise than those that were counted. */
bool zem_pairs_fit(const struct zem_pairs *pairs, const struct zem_result *first, const struct zem_result *second);

#endif
