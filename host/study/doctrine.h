/* Doctrine: how many salvos a raid of targets gets, and when. From the probability that one salvo kills one target
 * follow the probability that no target leaks, the expected number of leakers and the expected number of salvos.
 * Nothing is chosen here: the doctrine is given.
 *
 * Every target gets a first volley, then the targets are looked at; those that are not assessed as killed get a second
 * volley, and so on (shoot-look-shoot). A volley is a number of salvos that are fired at a target without a look
 * between. Where the inventory does not suffice for a volley at every target that is to get one, targets are served one
 * after the other until it is used up. The last one served may get only a part of its volley. Then firing ends.
 *
 * Salvos kill independently of each other. A kill is final. An assessment is right with a probability of its own for
 * targets that are killed and for targets that are not, independently of earlier ones.
 *
 * The formulas follow from these assumptions by elementary probability: with n salvos at each of W targets the leakers
 * are a binomial number, P(no leak) = (1 - (1 - p)^n)^W. A failure of the track of a target is a factor of what kills
 * it, P(no leak) = (track (1 - (1 - p)^n))^W, and a failure of the whole defence is a factor of all. They were not
 * compared with the equations of a book or article. Further reading: D. A. Wilkening, A simple model for calculating
 * ballistic missile defense effectiveness, Science and Global Security 8(2), 1999, 183-215; J. S. Przemieniecki,
 * Mathematical Methods in Defense Analyses, AIAA, 2000. */
#ifndef ZEM_DOCTRINE_H
#define ZEM_DOCTRINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZEM_VOLLEYS_MAX 8        /* largest number of volleys */
#define ZEM_VOLLEY_SALVOS_MAX 32 /* largest number of salvos in a volley */
#define ZEM_RAID_MAX 100         /* largest number of targets */

struct zem_doctrine {
    size_t volleys;
    unsigned salvos[ZEM_VOLLEYS_MAX]; /* of each volley, at least 1 */
    unsigned raid;                    /* targets, at least 1 */
    uint64_t inventory;               /* salvos; UINT64_MAX if there are enough */
    double kill_seen;                 /* probability that a killed target is assessed as killed */
    double survivor_seen;             /* probability that a target that is not killed is assessed as such */
    double track;  /* probability that a target is tracked, once for all salvos at it; none is fired at another */
    double common; /* probability that the defence works at all, once for the whole raid */
};

/* What a raid comes to. With kill_seen + survivor_seen >= 1, which says that an assessment is no worse than chance,
 * no_leak does not fall, and leakers and salvos do not rise, as the probability of a kill rises. */
struct zem_doctrine_outcome {
    double no_leak; /* probability that every target is killed */
    double leakers; /* expected number of targets that are not killed */
    double salvos;  /* expected number of salvos fired */
};

/* Applies a doctrine where each salvo kills its target with the probability `kill` if the defence works, 0 <= kill <=
 * 1. False without memory. */
bool zem_doctrine_apply(const struct zem_doctrine *doctrine, double kill, struct zem_doctrine_outcome *outcome);

#endif
