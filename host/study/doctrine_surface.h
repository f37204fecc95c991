/* Doctrines applied to every cell and hit radius of a result. */
#ifndef ZEM_DOCTRINE_SURFACE_H
#define ZEM_DOCTRINE_SURFACE_H

#include "result/result.h"
#include "study/doctrine_set.h"

enum zem_doctrine_quantity {
    ZEM_DOCTRINE_NO_LEAK, /* probability that no target leaks */
    ZEM_DOCTRINE_LEAKERS, /* expected leakers */
    ZEM_DOCTRINE_SHOTS,   /* expected interceptors fired */
    ZEM_DOCTRINE_QUANTITIES
};

/* The values of a quantity, doctrines x cells x radii, the radius fastest. NaN in a cell without trials. */
struct zem_doctrine_series {
    double *value, *lower, *upper;
    double *independent; /* as if the shots of a salvo were independent; NULL without salvos of several shots */
};

struct zem_doctrine_surface {
    const struct zem_result *result;    /* borrowed */
    const struct zem_doctrine_set *set; /* borrowed */
    size_t doctrines;                   /* number of doctrines of the set */
    size_t shots;                       /* interceptors in a salvo */
    struct zem_doctrine_series series[ZEM_DOCTRINE_QUANTITIES];
    double *memory; /* of all series; owned */
};

/* A function that is told how far the work is: after the first cell, then a few times a second, by one thread at a
 * time. `done` and `all` count the cells once for every doctrine, and `seconds` is the time since the beginning. */
struct zem_doctrine_progress {
    void (*tell)(void *context, uint64_t done, uint64_t all, double seconds); /* NULL for nobody */
    void *context;
};

/* Applies every doctrine of the set to every cell.
 *
 * With salvos of several shots a salvo kills as its joint counts of hits say, so that what its shots share is kept:
 * with k hits and interceptors that work with the probability r, it kills with 1 - (1 - r)^k. Different salvos are
 * independent. The interval is that of the counts, carried through the doctrine, in which every quantity is monotone:
 * its limits are the quantity at the limits of the probability that a salvo kills. Where r < 1 and there are several
 * shots, that probability is a mean of numbers from 0 to 1 - (1 - r)^S; its interval is that of a binomial count with
 * the same mean, whose variance is the largest that such numbers can have, and the count is rounded outward.
 *
 * ZEM_USAGE if there are more values than zem_samples_bytes_limit allows, ZEM_INTERNAL without memory, ZEM_STOPPED if
 * the user interrupts. Release with zem_doctrine_surface_free in every case. */
int zem_doctrine_surface_find(const struct zem_result *result, const struct zem_doctrine_set *set,
                              struct zem_doctrine_progress progress, struct zem_doctrine_surface *surface,
                              struct zem_error *error);
void zem_doctrine_surface_free(struct zem_doctrine_surface *surface);

/* The place of a value in a series. */
size_t zem_doctrine_surface_at(const struct zem_doctrine_surface *surface, size_t doctrine, uint64_t cell,
                               size_t radius);

#endif
