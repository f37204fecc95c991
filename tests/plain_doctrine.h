/* Doctrines without any imperfection, for tests that change one member at a time. */
#ifndef PLAIN_DOCTRINE_H
#define PLAIN_DOCTRINE_H

#include "study/doctrine.h"

/* The computed and the expected values are exact except for the rounding of a few hundred operations in double
 * precision. */
#define ROUNDING 1e-12

/* Returns a doctrine with `salvos` salvos in each volley and no limit of the inventory, in which every look is right,
 * every target is tracked and the defence works. */
static inline struct zem_doctrine plain_doctrine(size_t volleys, unsigned salvos, unsigned raid)
{
    struct zem_doctrine d = {.volleys = volleys,
                             .raid = raid,
                             .inventory = UINT64_MAX,
                             .kill_seen = 1,
                             .survivor_seen = 1,
                             .track = 1,
                             .common = 1};
    for (size_t v = 0; v < volleys; v++)
        d.salvos[v] = salvos;
    return d;
}

/* Applies a doctrine, where `kill` is the probability that a salvo kills, the same for all. Without memory the test
 * fails. */
static inline struct zem_doctrine_outcome outcome_of(const struct zem_doctrine *doctrine, double kill)
{
    struct zem_doctrine_outcome outcome;
    double kills[ZEM_DOCTRINE_SALVOS_MAX];
    for (size_t i = 0; i < ZEM_DOCTRINE_SALVOS_MAX; i++)
        kills[i] = kill;
    assert_true(zem_doctrine_apply(doctrine, kills, &outcome));
    return outcome;
}

#endif
