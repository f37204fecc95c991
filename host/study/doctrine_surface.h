/* Doctrines applied to every cell and hit radius of a result. */
#ifndef ZEM_DOCTRINE_SURFACE_H
#define ZEM_DOCTRINE_SURFACE_H

#include "result/result.h"
#include "study/doctrine_set.h"
#include "study/progress_report.h"
#include "study/shot_patterns.h"

enum zem_doctrine_quantity {
    ZEM_DOCTRINE_NO_LEAK, /* probability that no target leaks */
    ZEM_DOCTRINE_LEAKERS, /* expected number of targets that leak */
    ZEM_DOCTRINE_SHOTS,   /* expected number of interceptors fired */
    ZEM_DOCTRINE_QUANTITIES
};

/* The values of one quantity and the limits of their intervals. Arrays are doctrines x cells x radii, the radius
 * fastest; zem_doctrine_surface_at gives the index. NaN in a cell without trials. */
struct zem_doctrine_series {
    double *value, *lower, *upper;
    double *independent; /* the value if the shots of a salvo were independent; NULL if a salvo has one shot */
};

struct zem_doctrine_surface {
    const struct zem_result *result;          /* borrowed */
    const struct zem_doctrine_set *set;       /* borrowed */
    const struct zem_shot_patterns *patterns; /* borrowed; NULL if the doctrines fire whole salvos */
    size_t doctrines;                         /* number of doctrines of the set */
    size_t shots;                             /* interceptors in a salvo */
    struct zem_doctrine_series series[ZEM_DOCTRINE_QUANTITIES];
    double *memory; /* memory of all series; owned */
};

/* Applies every doctrine of the set to every cell and hit radius. Progress counts every cell once for each doctrine.
 *
 * If the set deals single shots, doctrine_shots.h says how, and `patterns` has the salvos of the cells. The rest of
 * this comment is about whole salvos, for which `patterns` is NULL.
 *
 * The trials of a result count how many shots of a salvo hit together. A salvo with k hits, whose interceptors work
 * with the probability r, kills with 1 - (1 - r)^k. So the dependence between the shots of a salvo is kept; different
 * salvos are independent. The interval is that of the probability that a salvo kills: every quantity is monotone in
 * this probability, so its limits are the quantity at the two limits of the probability. Where r < 1 and a salvo has S
 * > 1 shots, the probability is a mean of numbers from 0 to 1 - (1 - r)^S. Its interval is then that of a binomial
 * count with the same mean, rounded outward to whole counts, because a binomial has the largest variance that such
 * numbers can have.
 *
 * Returns 0; ZEM_USAGE if the values need more memory than zem_samples_bytes_limit allows; ZEM_INTERNAL without memory;
 * ZEM_STOPPED if the user interrupts. `result`, `set` and `patterns` must outlive the surface. Release with
 * zem_doctrine_surface_free in every case. */
int zem_doctrine_surface_find(const struct zem_result *result, const struct zem_doctrine_set *set,
                              const struct zem_shot_patterns *patterns, struct zem_progress_hearer hearer,
                              struct zem_doctrine_surface *surface, struct zem_error *error);
void zem_doctrine_surface_free(struct zem_doctrine_surface *surface);

/* Returns the index, in every array of a series, of the value of a doctrine, a cell and a hit radius. */
size_t zem_doctrine_surface_at(const struct zem_doctrine_surface *surface, size_t doctrine, uint64_t cell,
                               size_t radius);

#endif
