/* A recursion over the volleys. All targets are alike, so that two numbers are the state before a volley: the targets
 * that are not assessed as killed, and the salvos left. Each of these targets is alive with the same probability,
 * independently of the others. */
#include "study/doctrine.h"

#include <math.h>
#include <stdlib.h>

#define NEGLIGIBLE 1e-17 /* probability below the rounding of the sum of all outcomes */

/* What happens to one target, volley by volley, if the inventory suffices for every volley that it is to get. Index v
 * is volley v, from 0; a target "goes on" if it is to get the next volley because it is not assessed as killed. */
struct course {
    /* probability that the first n salvos of volley v kill a target that is alive */
    double kill[ZEM_VOLLEYS_MAX][ZEM_VOLLEY_SALVOS_MAX + 1];
    double alive[ZEM_VOLLEYS_MAX + 1]; /* probability that a target that goes on to volley v is alive */
    /* Probabilities for a target that gets volley v: goes_on, that it is to get the next volley; is_done, that it is
     * killed and assessed as killed. After the last volley there is no look, and every target goes on. */
    double goes_on[ZEM_VOLLEYS_MAX], is_done[ZEM_VOLLEYS_MAX];
    double leaks[ZEM_VOLLEYS_MAX + 1];  /* probability that a target that goes on to volley v leaks */
    double salvos[ZEM_VOLLEYS_MAX + 1]; /* expected number of salvos that it gets from volley v on */
};

/* `kill` is that of zem_doctrine_apply; NULL: no salvo kills. */
static void course_set(const struct zem_doctrine *doctrine, const double *kill, struct course *course)
{
    const size_t volleys = doctrine->volleys;
    size_t before = 0; /* salvos at a target before the volley */
    course->alive[0] = 1;
    for (size_t v = 0; v < volleys; v++) {
        const bool look = v + 1 < volleys;
        const double seen = look ? doctrine->kill_seen : 0, kept = look ? doctrine->survivor_seen : 1;
        double log_survives = 0;
        course->kill[v][0] = 0;
        for (unsigned n = 0; n < doctrine->salvos[v]; n++) {
            log_survives += kill != NULL ? log1p(-kill[before++]) : 0;
            course->kill[v][n + 1] = -expm1(log_survives);
        }
        const double lives = course->alive[v] * (1 - course->kill[v][doctrine->salvos[v]]), dead = 1 - lives;
        course->is_done[v] = dead * seen;
        course->goes_on[v] = lives * kept + dead * (1 - seen);
        course->alive[v + 1] = course->goes_on[v] > 0 ? lives * kept / course->goes_on[v] : 0;
    }
    course->leaks[volleys] = course->alive[volleys];
    course->salvos[volleys] = 0;
    for (size_t v = volleys; v-- > 0;) {
        const double lost = fmax(0, 1 - course->goes_on[v] - course->is_done[v]);
        course->leaks[v] = lost + course->goes_on[v] * course->leaks[v + 1];
        course->salvos[v] = (double)doctrine->salvos[v] + course->goes_on[v] * course->salvos[v + 1];
    }
}

/* Returns the outcome from a volley on, for `targets` targets that are to get it, if the salvos suffice for every
 * volley to come. */
static struct zem_doctrine_outcome unlimited(const struct course *course, size_t volley, unsigned targets)
{
    return (struct zem_doctrine_outcome){pow(1 - course->leaks[volley], targets),
                                         (double)targets * course->leaks[volley],
                                         (double)targets * course->salvos[volley]};
}

/* Returns the outcome from a volley on, for `targets` targets that are to get it, if the salvos do not suffice for this
 * volley. After it no salvo is left. */
static struct zem_doctrine_outcome exhausted(const struct zem_doctrine *doctrine, const struct course *course,
                                             size_t volley, unsigned targets, uint64_t salvos)
{
    const double alive = course->alive[volley];
    const unsigned served = (unsigned)(salvos / doctrine->salvos[volley]),
                   rest = (unsigned)(salvos % doctrine->salvos[volley]);
    const double lives = alive * (1 - course->kill[volley][doctrine->salvos[volley]]),
                 last = alive * (1 - course->kill[volley][rest]);
    return (struct zem_doctrine_outcome){pow(1 - lives, served) * (1 - last) * pow(1 - alive, targets - served - 1),
                                         served * lives + last + (targets - served - 1) * alive, (double)salvos};
}

/* The state of the recursion for an inventory that may run out. */
struct recursion {
    const struct zem_doctrine *doctrine;
    const struct course *course;
    uint64_t most; /* the inventory */
    /* Outcomes by the number of targets and the number of salvos left, (raid + 1) x (most + 1): before this volley, and
     * before the next volley. */
    struct zem_doctrine_outcome *now, *after;
    /* [raid + 1]: of the targets that get this volley (the served targets), j go on to the next volley. share[j] is the
     * probability of j, done[j] the probability of j and that all other served targets are killed. */
    double *share, *done;
};

static uint64_t need_from(const struct zem_doctrine *doctrine, size_t volley)
{
    uint64_t salvos = 0;
    for (size_t v = volley; v < doctrine->volleys; v++)
        salvos += doctrine->salvos[v];
    return salvos;
}

uint64_t zem_doctrine_need(const struct zem_doctrine *doctrine) { return need_from(doctrine, 0); }

/* Adds one served target: turns the share and done of `targets` - 1 served targets into those of `targets`. With
 * `targets` 0 it sets those of no served target. */
static void share_add(struct recursion *r, size_t volley, unsigned targets)
{
    const double on = r->course->goes_on[volley], done = r->course->is_done[volley];
    if (targets == 0) {
        r->share[0] = r->done[0] = 1;
        return;
    }
    r->share[targets] = r->done[targets] = 0;
    for (unsigned j = targets; j > 0; j--) {
        r->share[j] = on * r->share[j - 1] + (1 - on) * r->share[j];
        r->done[j] = on * r->done[j - 1] + done * r->done[j];
    }
    r->share[0] *= 1 - on;
    r->done[0] *= done;
}

static struct zem_doctrine_outcome outcome_before(const struct recursion *r, size_t volley, unsigned targets,
                                                  uint64_t salvos)
{
    const uint64_t cost = (uint64_t)targets * r->doctrine->salvos[volley], width = r->most + 1;
    if (salvos >= targets * need_from(r->doctrine, volley))
        return unlimited(r->course, volley, targets);
    if (salvos < cost)
        return exhausted(r->doctrine, r->course, volley, targets, salvos);
    const double lost = fmax(0, 1 - r->course->goes_on[volley] - r->course->is_done[volley]);
    struct zem_doctrine_outcome sum = {0, (double)targets * lost, (double)cost};
    for (unsigned j = 0; j <= targets; j++) {
        const struct zem_doctrine_outcome *next = &r->after[j * width + (salvos - cost)];
        sum.no_leak += r->done[j] * next->no_leak;
        sum.leakers += r->share[j] * next->leakers;
        sum.salvos += r->share[j] * next->salvos;
    }
    return sum;
}

static void recur(struct recursion *r)
{
    const unsigned raid = r->doctrine->raid;
    for (size_t v = r->doctrine->volleys; v-- > 0;) {
        for (unsigned targets = 0; targets <= raid; targets++) {
            share_add(r, v, targets);
            /* before the first volley there is one state, the whole raid with the whole inventory */
            for (uint64_t salvos = v > 0 ? 0 : r->most + (targets < raid); salvos <= r->most; salvos++)
                r->now[targets * (r->most + 1) + salvos] = outcome_before(r, v, targets, salvos);
        }
        struct zem_doctrine_outcome *const other = r->after;
        r->after = r->now;
        r->now = other;
    }
}

/* Finds the outcome of a doctrine whose salvos kill as course_set says. Returns false without memory. */
static bool apply(const struct zem_doctrine *doctrine, const double *kill, struct zem_doctrine_outcome *outcome)
{
    struct course course;
    course_set(doctrine, kill, &course);
    if (doctrine->inventory >= doctrine->raid * need_from(doctrine, 0)) {
        *outcome = unlimited(&course, 0, doctrine->raid);
        return true;
    }
    struct recursion r = {.doctrine = doctrine, .course = &course, .most = doctrine->inventory};
    const size_t states = (size_t)(doctrine->raid + 1) * (size_t)(r.most + 1);
    struct zem_doctrine_outcome *const table = calloc(2 * states, sizeof *table);
    double *const shares = calloc(2 * ((size_t)doctrine->raid + 1), sizeof *shares);
    if (table != NULL && shares != NULL) {
        r.now = table;
        r.after = table + states;
        r.share = shares;
        r.done = shares + doctrine->raid + 1;
        recur(&r);
        *outcome = r.after[states - 1];
    }
    free(shares);
    free(table);
    return table != NULL && shares != NULL;
}

/* The outcome of a raid of so many targets, all tracked, whether the defence works or not. */
static bool apply_to(const struct zem_doctrine *doctrine, unsigned tracked, const double *kill,
                     struct zem_doctrine_outcome *outcome)
{
    struct zem_doctrine_outcome works, fails;
    struct zem_doctrine raid = *doctrine;
    raid.raid = tracked;
    if (!apply(&raid, kill, &works) || !apply(&raid, NULL, &fails))
        return false;
    const double common = doctrine->common;
    *outcome = (struct zem_doctrine_outcome){common * works.no_leak + (1 - common) * fails.no_leak,
                                             common * works.leakers + (1 - common) * fails.leakers,
                                             common * works.salvos + (1 - common) * fails.salvos};
    return true;
}

bool zem_doctrine_apply(const struct zem_doctrine *doctrine, const double *kill, struct zem_doctrine_outcome *outcome)
{
    const unsigned raid = doctrine->raid;
    double chance[ZEM_RAID_MAX + 1] = {1}; /* that so many targets are tracked, a binomial number */
    for (unsigned target = 1; target <= raid; target++)
        for (unsigned k = target + 1; k-- > 0;)
            chance[k] = (1 - doctrine->track) * chance[k] + (k > 0 ? doctrine->track * chance[k - 1] : 0);
    *outcome = (struct zem_doctrine_outcome){0, 0, 0};
    for (unsigned k = 0; k <= raid; k++) {
        struct zem_doctrine_outcome part;
        if (chance[k] < NEGLIGIBLE)
            continue;
        if (!apply_to(doctrine, k, kill, &part))
            return false;
        outcome->no_leak += k == raid ? chance[k] * part.no_leak : 0;
        outcome->leakers += chance[k] * (part.leakers + (raid - k));
        outcome->salvos += chance[k] * part.salvos;
    }
    return true;
}
