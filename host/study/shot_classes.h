/* The shots of salvos at targets whose realisation they share. Salvos are sorted into classes by which of their shots
 * hit, and a class says how probably the target survives the first k shots.
 *
 * Given the realisation of the target, shots are independent. If all shots meet it at the same time (salvo.spacing 0),
 * they are alike too, so that every order of hits and misses is equally probable. The number of hits then says all that
 * there is to know of a salvo: of the first k of S shots, j hit with the hypergeometric probability. Otherwise the
 * order matters, and there is a class for every pattern of hits. */
#ifndef ZEM_SHOT_CLASSES_H
#define ZEM_SHOT_CLASSES_H

#include "base/kernel_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ZEM_SHOT_PATTERNS_MAX = 1 << ZEM_SHOTS_LIMIT };

struct zem_shot_classes {
    size_t shots; /* S, at most ZEM_SHOTS_LIMIT */
    /* Whether a class is a pattern, with bit k for a hit of shot k, or a number of hits. The classes are 0 to `count` -
     * 1. In the first no shot hits, in the last all do. */
    bool by_pattern;
    size_t count;
    uint64_t salvos[ZEM_SHOT_PATTERNS_MAX]; /* the number of salvos in each class */
};

/* Empties the classes of salvos of `shots` shots. */
void zem_shot_classes_init(struct zem_shot_classes *classes, size_t shots, bool by_pattern);

/* Returns the number of all salvos. */
uint64_t zem_shot_classes_salvos(const struct zem_shot_classes *classes);

/* Writes to survives[k], for k from 0 to S, the probability that the target of a salvo of class `which` survives the
 * first k shots. A shot that would hit works with the probability `works`, each by itself. */
void zem_shot_class_survives(const struct zem_shot_classes *classes, size_t which, double works,
                             double survives[ZEM_SHOTS_LIMIT + 1]);

/* Writes the mean of the same probabilities over all salvos, of which there must be one. */
void zem_shot_classes_survive(const struct zem_shot_classes *classes, double works,
                              double survives[ZEM_SHOTS_LIMIT + 1]);

/* Returns the share of salvos in which shot `shot` hits. There must be a salvo. If shots are alike it is the share of
 * hits among all shots. */
double zem_shot_classes_hit_share(const struct zem_shot_classes *classes, size_t shot);

#endif
