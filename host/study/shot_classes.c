/* Sums over the classes of salvos, and over the orders of hits and misses that a class stands for. */
#include "study/shot_classes.h"

#include <math.h>

void zem_shot_classes_init(struct zem_shot_classes *classes, size_t shots, bool by_pattern)
{
    *classes = (struct zem_shot_classes){
        .shots = shots, .by_pattern = by_pattern, .count = by_pattern ? (size_t)1 << shots : shots + 1};
}

uint64_t zem_shot_classes_salvos(const struct zem_shot_classes *classes)
{
    uint64_t all = 0;
    for (size_t i = 0; i < classes->count; i++)
        all += classes->salvos[i];
    return all;
}

static double choose(size_t n, size_t k)
{
    double ways = 1;
    for (size_t i = 0; i < k; i++)
        ways = ways * (double)(n - i) / (double)(i + 1);
    return k > n ? 0 : ways;
}

static size_t hits_among_first(size_t pattern, size_t shots)
{
    size_t hits = 0;
    for (size_t k = 0; k < shots; k++)
        hits += pattern >> k & 1u;
    return hits;
}

void zem_shot_class_survives(const struct zem_shot_classes *classes, size_t which, double works,
                             double survives[ZEM_SHOTS_LIMIT + 1])
{
    const size_t shots = classes->shots;
    for (size_t k = 0; k <= shots; k++) {
        survives[k] = 0;
        if (classes->by_pattern)
            survives[k] = pow(1 - works, (double)hits_among_first(which, k));
        else
            for (size_t j = 0; j <= k && j <= which; j++) /* j of `which` hits are among the first k shots */
                survives[k] +=
                    choose(which, j) * choose(shots - which, k - j) / choose(shots, k) * pow(1 - works, (double)j);
    }
}

void zem_shot_classes_survive(const struct zem_shot_classes *classes, double works,
                              double survives[ZEM_SHOTS_LIMIT + 1])
{
    const double all = (double)zem_shot_classes_salvos(classes);
    double of_class[ZEM_SHOTS_LIMIT + 1];
    for (size_t k = 0; k <= classes->shots; k++)
        survives[k] = 0;
    for (size_t i = 0; i < classes->count; i++) {
        if (classes->salvos[i] == 0)
            continue;
        zem_shot_class_survives(classes, i, works, of_class);
        for (size_t k = 0; k <= classes->shots; k++)
            survives[k] += (double)classes->salvos[i] * of_class[k];
    }
    for (size_t k = 0; k <= classes->shots; k++)
        survives[k] /= all;
}

double zem_shot_classes_hit_share(const struct zem_shot_classes *classes, size_t shot)
{
    double hits = 0;
    for (size_t i = 0; i < classes->count; i++)
        hits += (double)classes->salvos[i]
                * (classes->by_pattern ? (double)(i >> shot & 1u) : (double)i / (double)classes->shots);
    return hits / (double)zem_shot_classes_salvos(classes);
}
