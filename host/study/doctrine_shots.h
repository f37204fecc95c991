/* A doctrine whose shots at one target are those of one salvo, so that they share the realisation of the target. */
#ifndef ZEM_DOCTRINE_SHOTS_H
#define ZEM_DOCTRINE_SHOTS_H

#include "base/statistics.h"
#include "study/doctrine.h"
#include "study/shot_classes.h"

/* The outcome of a doctrine, the limits of the intervals of its members, and the outcome if the shots were independent
 * and each hit as often as it does. */
struct zem_doctrine_estimate {
    struct zem_doctrine_outcome value, lower, upper, independent;
};

/* Applies a doctrine to the shots of the salvos in `classes`. Its "salvos" are single shots, of which a target needs at
 * most classes->shots. A shot that would hit works with the probability `works`, each by itself. All is NaN if there is
 * no salvo. Returns false without memory.
 *
 * Intervals. For one target, P(leak) and the expected number of shots are means over the salvos of a number that
 * depends on the class of the salvo alone. Each has the interval of a bounded mean (base/bounded_mean.h). At its limits
 * a share of the salvos has moved to the class in which all shots hit, or none, because these bound every such number.
 * If the inventory suffices for a raid in any case, its outcome is monotone in the same number of one target, and its
 * limits are the outcomes at those distributions. In a raid with less, the outcome depends on the probabilities of
 * surviving 1, 2, ... shots together, and is monotone in them (doctrine.h). Its limits are then the outcomes at limits
 * of all of these probabilities, which hold at once by Bonferroni's inequality, so that its confidence is at least that
 * asked for. */
bool zem_doctrine_shots_apply(const struct zem_doctrine *doctrine, const struct zem_shot_classes *classes, double works,
                              double confidence, enum zem_interval_method method,
                              struct zem_doctrine_estimate *estimate);

#endif
