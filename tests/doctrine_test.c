/* The doctrine of a raid, compared with closed forms and with an enumeration of every course that a small raid can
 * take. The enumeration follows each target by itself and shares no formula with the recursion of the program. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "plain_doctrine.h"

static void assert_near(double found, double right)
{
    if (!(fabs(found - right) <= ROUNDING * fmax(1, fabs(right))))
        fail_msg("%.17g, expected %.17g", found, right);
}

static void a_volley_is_binomial(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 8; n++) {
        const struct zem_doctrine d = plain_doctrine(1, n, 5);
        const double miss = pow(1 - 0.3, n);
        const struct zem_doctrine_outcome found = outcome_of(&d, 0.3);
        assert_near(found.no_leak, pow(1 - miss, 5)); /* no leak: every target of the raid is killed */
        assert_near(found.leakers, 5 * miss);
        assert_near(found.salvos, 5.0 * n);
    }
}

static void looks_save_salvos(void **state)
{
    (void)state;
    for (size_t n = 1; n <= ZEM_VOLLEYS_MAX; n++) {
        const struct zem_doctrine d = plain_doctrine(n, 1, 1);
        const struct zem_doctrine_outcome found = outcome_of(&d, 0.35);
        assert_near(found.no_leak, 1 - pow(0.65, (double)n));
        assert_near(found.salvos, (1 - pow(0.65, (double)n)) / 0.35);
    }
}

static void a_common_cause_bounds_all(void **state)
{
    (void)state;
    struct zem_doctrine d = plain_doctrine(1, 3, 1);
    d.common = 0.9;
    const struct zem_doctrine_outcome found = outcome_of(&d, 0.6);
    assert_near(found.no_leak, 0.9 * (1 - pow(0.4, 3)));
    assert_near(found.leakers, 1 - 0.9 * (1 - pow(0.4, 3)));
    d = plain_doctrine(4, 1, 3); /* if the defence does not work at all, every look finds survivors */
    d.common = 0.8;
    const struct zem_doctrine_outcome raid = outcome_of(&d, 0.6);
    assert_near(raid.no_leak, 0.8 * pow(1 - pow(0.4, 4), 3));
    assert_near(raid.salvos, 3 * (0.8 * (1 - pow(0.4, 4)) / 0.6 + 0.2 * 4));
}

/* A track that fails, fails for all salvos at its target. A target is killed with K = track (1 - (1 - p)^n), and P(no
 * leak) = K^W for W targets. */
static void a_lost_track_is_a_factor_of_every_target(void **state)
{
    (void)state;
    struct zem_doctrine d = plain_doctrine(1, 6, 20);
    d.track = 0.99;
    const double miss = pow(1 - 0.7, 6);
    const struct zem_doctrine_outcome found = outcome_of(&d, 0.7);
    assert_near(found.no_leak, pow(0.99 * (1 - miss), 20));
    assert_near(found.leakers, 20 * (1 - 0.99 * (1 - miss)));
    assert_near(found.salvos, 20 * 0.99 * 6);
    d = plain_doctrine(3, 1, 2); /* two salvos for two targets: if one target is not tracked, the other gets both */
    d.track = 0.8;
    d.inventory = 2;
    const struct zem_doctrine_outcome few = outcome_of(&d, 0.6);
    assert_near(few.no_leak, 0.64 * 0.36);
    assert_near(few.leakers, 0.64 * 2 * 0.4 + 0.32 * (1 + 0.16) + 0.04 * 2);
    assert_near(few.salvos, 0.64 * 2 + 0.32 * (1 + 0.4));
    d.track = 0;
    assert_near(outcome_of(&d, 1).leakers, 2);
}

/* Without looks (no kill is ever seen) salvos are dealt evenly: with n W + k salvos for W targets, k targets get n +
 * 1. */
static void an_inventory_is_dealt_evenly_without_looks(void **state)
{
    (void)state;
    struct zem_doctrine d = plain_doctrine(5, 1, 6);
    d.kill_seen = 0;
    for (unsigned inventory = 0; inventory <= 32; inventory++) {
        d.inventory = inventory;
        const unsigned n = inventory < 30 ? inventory / 6 : 5, more = inventory < 30 ? inventory % 6 : 0;
        const struct zem_doctrine_outcome found = outcome_of(&d, 0.45);
        assert_near(found.no_leak, pow(1 - pow(0.55, n), 6 - more) * pow(1 - pow(0.55, n + 1), more));
        assert_near(found.leakers, (6 - more) * pow(0.55, n) + more * pow(0.55, n + 1));
        assert_near(found.salvos, inventory < 30 ? inventory : 30);
    }
}

static void certain_and_impossible_kills_are_exact(void **state)
{
    (void)state;
    struct zem_doctrine d = plain_doctrine(3, 2, 4);
    d.inventory = 9;
    const struct zem_doctrine_outcome sure = outcome_of(&d, 1), never = outcome_of(&d, 0);
    assert_near(sure.no_leak, 1);
    assert_near(sure.salvos, 8);
    assert_near(never.no_leak, 0);
    assert_near(never.leakers, 4);
    assert_near(never.salvos, 9);
}

/* ---- every course of a small raid ---- */

struct raid {
    const struct zem_doctrine *doctrine;
    double kill;
    bool alive[4], engaged[4]; /* engaged: not assessed as killed, so that the next volley is shot at it */
    unsigned left;             /* salvos that are left */
    unsigned shot[4];          /* salvos that each target gets in this volley */
    struct zem_doctrine_outcome sum;
    unsigned fired;
};

static void next_volley(struct raid *r, size_t volley, double chance);

/* Follows every result of the look after a volley, at the targets from number `from` on. `chance` is the probability of
 * the course so far. */
static void look(struct raid *r, size_t volley, unsigned from, double chance)
{
    if (chance == 0)
        return;
    if (from == r->doctrine->raid) {
        next_volley(r, volley + 1, chance);
        return;
    }
    if (!r->engaged[from]) {
        look(r, volley, from + 1, chance);
        return;
    }
    const double stays = r->alive[from] ? r->doctrine->survivor_seen : 1 - r->doctrine->kill_seen;
    look(r, volley, from + 1, chance * stays);
    r->engaged[from] = false;
    look(r, volley, from + 1, chance * (1 - stays));
    r->engaged[from] = true;
}

/* Follows every result of the salvos of a volley, one by one, at the targets from number `from` on. `chance` is the
 * probability of the course so far. */
static void shoot(struct raid *r, size_t volley, unsigned from, double chance)
{
    if (chance == 0)
        return;
    if (from == r->doctrine->raid) {
        look(r, volley, 0, chance);
        return;
    }
    if (r->shot[from] == 0 || !r->alive[from]) {
        shoot(r, volley, from + 1, chance);
        return;
    }
    const unsigned kept = r->shot[from];
    r->shot[from]--;
    shoot(r, volley, from, chance * (1 - r->kill));
    r->shot[from] = kept;
    r->alive[from] = false;
    shoot(r, volley, from + 1, chance * r->kill);
    r->alive[from] = true;
}

static void next_volley(struct raid *r, size_t volley, double chance)
{
    const struct raid before = *r;
    unsigned leakers = 0;
    if (volley == r->doctrine->volleys || r->left == 0) {
        for (unsigned i = 0; i < r->doctrine->raid; i++)
            leakers += r->alive[i];
        r->sum.no_leak += leakers == 0 ? chance : 0;
        r->sum.leakers += chance * leakers;
        r->sum.salvos += chance * r->fired;
        return;
    }
    for (unsigned i = 0; i < r->doctrine->raid; i++) {
        const unsigned wanted = r->engaged[i] ? r->doctrine->salvos[volley] : 0;
        r->shot[i] = wanted < r->left ? wanted : r->left;
        r->left -= r->shot[i];
        r->fired += r->shot[i];
    }
    shoot(r, volley, 0, chance);
    const struct zem_doctrine_outcome sum = r->sum;
    *r = before;
    r->sum = sum;
}

static struct zem_doctrine_outcome every_course(const struct zem_doctrine *doctrine, double kill)
{
    struct raid r = {
        .doctrine = doctrine, .kill = kill, .left = doctrine->inventory > 1000 ? 1000 : (unsigned)doctrine->inventory};
    for (unsigned i = 0; i < doctrine->raid; i++)
        r.alive[i] = r.engaged[i] = true;
    next_volley(&r, 0, 1);
    return r.sum;
}

static const unsigned patterns[][3] = {{1, 0, 0}, {2, 0, 0}, {1, 1, 0}, {1, 2, 0}, {2, 1, 0}, {1, 1, 1}, {1, 2, 1}};
static const double seen[][2] = {{1, 1}, {0.8, 1}, {1, 0.7}, {0.75, 0.6}, {0, 1}, {0.5, 0.5}};

/* Calls `check` with every combination of volleys, assessments, sizes of the raid and inventories of small raids. */
static void with_every_doctrine(void (*check)(const struct zem_doctrine *doctrine))
{
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
        for (size_t s = 0; s < sizeof seen / sizeof *seen; s++)
            for (unsigned raid = 1; raid <= 3; raid++)
                for (unsigned inventory = 0; inventory <= 9; inventory++) {
                    struct zem_doctrine d = {.raid = raid,
                                             .inventory = inventory == 9 ? UINT64_MAX : inventory,
                                             .kill_seen = seen[s][0],
                                             .survivor_seen = seen[s][1],
                                             .track = 1,
                                             .common = 1};
                    while (d.volleys < 3 && patterns[p][d.volleys] > 0) {
                        d.salvos[d.volleys] = patterns[p][d.volleys];
                        d.volleys++;
                    }
                    check(&d);
                }
}

static void check_every_course(const struct zem_doctrine *doctrine)
{
    const struct zem_doctrine_outcome found = outcome_of(doctrine, 0.4), right = every_course(doctrine, 0.4);
    assert_near(found.no_leak, right.no_leak);
    assert_near(found.leakers, right.leakers);
    assert_near(found.salvos, right.salvos);
}

static void every_course_of_a_small_raid_is_counted(void **state)
{
    (void)state;
    with_every_doctrine(check_every_course);
}

/* With a growing probability of a kill P(no leak) grows, and leakers and salvos fall. Intervals are carried through the
 * doctrine by this property. */
static void check_monotone(const struct zem_doctrine *doctrine)
{
    struct zem_doctrine_outcome before = outcome_of(doctrine, 0);
    for (int i = 1; i <= 40; i++) {
        const struct zem_doctrine_outcome now = outcome_of(doctrine, i / 40.0);
        assert_true(now.no_leak >= before.no_leak - ROUNDING);
        assert_true(now.leakers <= before.leakers + ROUNDING);
        assert_true(now.salvos <= before.salvos + ROUNDING);
        before = now;
    }
}

static void outcomes_are_monotone_in_the_kill(void **state)
{
    (void)state;
    with_every_doctrine(check_monotone);
}

/* Probabilities of surviving 1 to 4 salvos. Those of a row are nowhere below those of the row above, but the
 * probability that the next salvo kills a survivor rises here and there. */
static const double survival[][4] = {
    {0, 0, 0, 0},     {0.3, 0.3, 0.3, 0}, {0.5, 0.45, 0.44, 0.1}, {0.6, 0.46, 0.45, 0.44}, {0.9, 0.46, 0.46, 0.44},
    {1, 1, 0.5, 0.5}, {1, 1, 1, 0.5}};

static struct zem_doctrine_outcome outcome_with_survival(const struct zem_doctrine *doctrine, const double survives[4])
{
    struct zem_doctrine_outcome outcome;
    double kill[4], before = 1;
    for (int k = 0; k < 4; k++) {
        kill[k] = before > 0 ? (before - survives[k]) / before : 0;
        before = survives[k];
    }
    assert_true(zem_doctrine_apply(doctrine, kill, &outcome));
    return outcome;
}

static void check_survival(const struct zem_doctrine *doctrine)
{
    struct zem_doctrine_outcome before = outcome_with_survival(doctrine, survival[0]);
    for (size_t i = 1; i < sizeof survival / sizeof *survival; i++) {
        const struct zem_doctrine_outcome now = outcome_with_survival(doctrine, survival[i]);
        assert_true(now.no_leak <= before.no_leak + ROUNDING);
        assert_true(now.leakers >= before.leakers - ROUNDING);
        assert_true(now.salvos >= before.salvos - ROUNDING);
        before = now;
    }
}

/* Targets that survive more salvos make every outcome worse, also where it is easier to kill those that have survived
 * some. */
static void outcomes_are_monotone_in_survival(void **state)
{
    (void)state;
    with_every_doctrine(check_survival);
}

static void a_large_raid_is_a_distribution(void **state)
{
    (void)state;
    struct zem_doctrine d = plain_doctrine(4, 1, ZEM_RAID_MAX);
    d.inventory = 170;
    d.kill_seen = 0.9;
    const struct zem_doctrine_outcome found = outcome_of(&d, 0.55);
    assert_true(found.no_leak >= 0 && found.no_leak < 1);
    assert_true(found.salvos <= 170 && found.salvos >= 100);
    d.inventory = 400; /* salvos for every volley: the recursion and the product formula must agree */
    const struct zem_doctrine_outcome enough = outcome_of(&d, 0.55);
    d.inventory = 399;
    const struct zem_doctrine_outcome nearly = outcome_of(&d, 0.55);
    assert_true(fabs(enough.no_leak - nearly.no_leak) < 1e-9);
    assert_true(fabs(enough.leakers - nearly.leakers) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_volley_is_binomial),
        cmocka_unit_test(looks_save_salvos),
        cmocka_unit_test(a_common_cause_bounds_all),
        cmocka_unit_test(a_lost_track_is_a_factor_of_every_target),
        cmocka_unit_test(an_inventory_is_dealt_evenly_without_looks),
        cmocka_unit_test(certain_and_impossible_kills_are_exact),
        cmocka_unit_test(every_course_of_a_small_raid_is_counted),
        cmocka_unit_test(outcomes_are_monotone_in_the_kill),
        cmocka_unit_test(outcomes_are_monotone_in_survival),
        cmocka_unit_test(a_large_raid_is_a_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
