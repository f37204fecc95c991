/* Doctrine: how many salvos a raid of targets gets, and when. The functions here take the probability that a salvo
 * kills a target that survived the salvos before it. They give the probability that no target leaks (survives), the
 * expected number of leakers and the expected number of salvos. The caller states the doctrine; nothing here chooses
 * one. What is called a salvo here may also be a single shot.
 *
 * Every target gets a first volley. A volley is a number of salvos that are fired at a target without a look between
 * them. Then the defence looks at all targets. Those that it does not assess as killed get a second volley, and so on
 * (shoot-look-shoot). Where the inventory does not suffice for a volley at every target that is to get one, the targets
 * get their volleys one after the other until the inventory is used up. The last of them may get only a part of its
 * volley. Then firing ends.
 *
 * Salvos at different targets kill independently of each other. Those at one target may depend on each other: the
 * history of a target that is alive after k salvos is always the same (all missed, and it was assessed as alive at
 * every look), so that the probability that the next salvo kills it depends on k alone. A kill is final. The
 * probability that an assessment is right is one number for targets that are killed and another for targets that are
 * not. Assessments are independent of each other.
 *
 * The formulas follow from these assumptions by elementary probability. With n salvos at each of W targets, and the
 * same probability p that each salvo kills, the number of leakers is binomial and P(no leak) = (1 - (1 - p)^n)^W. The
 * probability that a target is tracked is a further factor of its kill: P(no leak) = (track (1 - (1 - p)^n))^W. The
 * probability that the defence works at all is a factor of the whole. The formulas were not compared with the equations
 * of a book or article. Further reading: D. A. Wilkening, A simple model for calculating ballistic missile defense
 * effectiveness, Science and Global Security 8(2), 1999, 183-215; J. S. Przemieniecki, Mathematical Methods in Defense
 * Analyses, AIAA, 2000. */
#ifndef ZEM_DOCTRINE_H
#define ZEM_DOCTRINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZEM_VOLLEYS_MAX 8                                                 /* largest number of volleys */
#define ZEM_VOLLEY_SALVOS_MAX 32                                          /* largest number of salvos in a volley */
#define ZEM_RAID_MAX 100                                                  /* largest number of targets */
#define ZEM_DOCTRINE_SALVOS_MAX (ZEM_VOLLEYS_MAX * ZEM_VOLLEY_SALVOS_MAX) /* largest number of salvos at a target */

struct zem_doctrine {
    size_t volleys;
    unsigned salvos[ZEM_VOLLEYS_MAX]; /* salvos in each volley, at least 1 */
    unsigned raid;                    /* number of targets, at least 1 */
    uint64_t inventory;               /* number of salvos; UINT64_MAX: unlimited */
    double kill_seen;                 /* probability that a killed target is assessed as killed */
    double survivor_seen;             /* probability that a target that is not killed is assessed as such */
    double track;  /* probability that a target is tracked, once for all salvos at it; none is fired at another */
    double common; /* probability that the defence works at all, once for the whole raid */
};

/* The outcome of a raid. Let kill_seen + survivor_seen >= 1 (an assessment is no worse than chance). If the probability
 * that a target survives k salvos rises for no k, no_leak does not fall, and leakers and salvos do not rise. For the
 * number of salvos that a target survives can then be drawn so that it is not larger in any raid. A target that is
 * alive has then been assessed as before, no volley goes to more targets, and no target gets fewer salvos of a volley
 * that it is to get. */
struct zem_doctrine_outcome {
    double no_leak; /* probability that every target is killed */
    double leakers; /* expected number of targets that are not killed */
    double salvos;  /* expected number of salvos fired */
};

/* Returns the number of salvos that a target gets if it is never assessed as killed and the inventory suffices. */
uint64_t zem_doctrine_need(const struct zem_doctrine *doctrine);

/* Applies a doctrine. kill[k], for k from 0 to zem_doctrine_need - 1, is the probability that salvo k at a target kills
 * it if the k salvos before did not and the defence works, from 0 to 1. The function returns false without memory. */
bool zem_doctrine_apply(const struct zem_doctrine *doctrine, const double *kill, struct zem_doctrine_outcome *outcome);

#endif
