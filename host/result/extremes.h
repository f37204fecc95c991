/* Statements about the probabilities of all cells together: whether they differ by more than chance, and the smallest
 * and the largest of them. The intervals of these two hold although the cells were picked as extremes. */
#ifndef ZEM_EXTREMES_H
#define ZEM_EXTREMES_H

#include "base/proportions.h"
#include "result/result.h"

/* The two probabilities that are counted within each hit radius. */
enum zem_counted_kind {
    ZEM_COUNTED_HIT,   /* p_hit */
    ZEM_COUNTED_SALVO, /* p_salvo, for salvos of several shots */
    ZEM_COUNTED_KINDS
};

/* The name of each kind of probability as a result variable (result_variables.h). */
extern const char *const zem_counted_names[ZEM_COUNTED_KINDS];

/* The hits and the trials of one cell, whose quotient is the probability. `radius` is the index of the hit radius. */
struct zem_proportion zem_counted(const struct zem_result *result, enum zem_counted_kind kind, size_t radius,
                                  uint64_t cell);

/* The extremes of one kind of probability within one hit radius, over all cells. */
struct zem_extremes {
    enum zem_counted_kind kind;
    size_t radius;
    size_t cells;               /* cells with trials; nothing below is defined if it is 0 */
    uint64_t smallest, largest; /* the cells with the smallest and the largest estimate */
    double least, most;         /* the estimates of these two cells */
    /* Clopper-Pearson intervals of these two estimates. They are so wide that the intervals of all cells, kinds and
     * radii hold at once at the confidence of the scenario (Bonferroni). They therefore hold although the two cells
     * were picked after a look at the result. */
    struct zem_interval of_smallest, of_largest;
    double spread; /* variance of the probabilities over the cells, the noise of the trials subtracted; may be < 0 */
    double chance; /* p-value of the hypothesis that all cells have one probability (base/homogeneity.h), adjusted for
                      the number of kinds and radii (Holm) */
    bool differ;   /* chance <= 1 - confidence */
};

struct zem_extremes_table {
    double confidence;        /* run.confidence of the scenario */
    size_t count;             /* kinds x radii */
    struct zem_extremes *row; /* kind by kind, radius fastest; owned */
};

/* Fills the table. ZEM_INTERNAL without memory. Release it with zem_extremes_free in every case. */
int zem_extremes_find(const struct zem_result *result, struct zem_extremes_table *table, struct zem_error *error);
void zem_extremes_free(struct zem_extremes_table *table);

/* Writes the answer to "do the cells differ?" for a row: "yes, at a level of 5 % (p = 1e-05)" or "not more than by
 * chance, at a level of 5 % (p = 0.4)". Returns text. */
const char *zem_extremes_verdict(const struct zem_extremes_table *table, const struct zem_extremes *row, char *text,
                                 size_t size);

/* The index of the hit radius within which the probabilities of this kind vary most over the grid. Their variance
 * without noise is compared. Pictures show this radius unless another one is asked for. */
size_t zem_extremes_radius(const struct zem_result *result, enum zem_counted_kind kind);

#endif
