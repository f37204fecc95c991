/* Doctrines whose shots at a target are those of one salvo, compared with an enumeration: every pattern of hits of
 * every target, every set of shots that work, every set of tracked targets and every result of every look. The
 * enumeration knows neither the probability of surviving k shots nor that the history of a living target is always the
 * same. The intervals of a raid are simulated. The seed was chosen before any result was seen. */
#include "study/doctrine_shots.h"

#include "base/bounded_mean.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "plain_doctrine.h"

#define TARGETS 2
#define SHOTS 4

static void assert_near(double found, double right)
{
    if (!(fabs(found - right) <= ROUNDING * fmax(1, fabs(right))))
        fail_msg("%.17g, expected %.17g", found, right);
}

/* Returns a random number, uniform on [0, 1), by splitmix64. */
static double random_number(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* ---- every course of a raid ---- */

/* A raid at a time between two volleys. Shot k at a target kills it if bit k of its pattern is set. */
struct raid {
    const struct zem_doctrine *doctrine;
    size_t pattern[TARGETS];
    bool engaged[TARGETS], alive[TARGETS];
    unsigned shot[TARGETS]; /* shots that the target got */
    uint64_t left, fired;
};

static void follow(struct raid raid, size_t volley, double chance, struct zem_doctrine_outcome *sum);

/* Follows both results of the look at every engaged target from number `from` on. */
static void look(struct raid raid, size_t volley, unsigned from, double chance, struct zem_doctrine_outcome *sum)
{
    while (from < raid.doctrine->raid && !raid.engaged[from])
        from++;
    if (chance == 0)
        return;
    if (from == raid.doctrine->raid) {
        follow(raid, volley + 1, chance, sum);
        return;
    }
    const double stays = raid.alive[from] ? raid.doctrine->survivor_seen : 1 - raid.doctrine->kill_seen;
    look(raid, volley, from + 1, chance * stays, sum);
    raid.engaged[from] = false;
    look(raid, volley, from + 1, chance * (1 - stays), sum);
}

static void follow(struct raid raid, size_t volley, double chance, struct zem_doctrine_outcome *sum)
{
    unsigned leakers = 0;
    for (unsigned i = 0; i < raid.doctrine->raid; i++)
        leakers += raid.alive[i];
    if (volley == raid.doctrine->volleys || raid.left == 0) {
        sum->no_leak += leakers == 0 ? chance : 0;
        sum->leakers += chance * leakers;
        sum->salvos += chance * (double)raid.fired;
        return;
    }
    for (unsigned i = 0; i < raid.doctrine->raid; i++)
        for (unsigned k = 0; raid.engaged[i] && k < raid.doctrine->salvos[volley] && raid.left > 0; k++) {
            raid.alive[i] = raid.alive[i] && (raid.pattern[i] >> raid.shot[i] & 1u) == 0;
            raid.shot[i]++;
            raid.left--;
            raid.fired++;
        }
    look(raid, volley, 0, chance, sum);
}

/* Adds the outcome where the targets have given patterns, and those of the bits of `tracked` are tracked. */
static void add_outcome(const struct zem_doctrine *doctrine, const size_t pattern[TARGETS], unsigned tracked,
                        double chance, struct zem_doctrine_outcome *sum)
{
    struct raid raid = {.doctrine = doctrine, .left = doctrine->inventory > 1000 ? 1000 : doctrine->inventory};
    for (unsigned i = 0; i < doctrine->raid; i++) {
        raid.pattern[i] = pattern[i];
        raid.alive[i] = true;
        raid.engaged[i] = (tracked >> i & 1u) != 0;
        chance *= raid.engaged[i] ? doctrine->track : 1 - doctrine->track;
    }
    follow(raid, 0, chance, sum);
}

/* Writes the probability of each pattern of shots that hit and work. hits[pattern] is the probability of each pattern
 * of shots that would hit. */
static void working_patterns(const double *hits, double works, double *chance)
{
    memset(chance, 0, sizeof(double) << SHOTS);
    for (size_t pattern = 0; pattern < 1u << SHOTS; pattern++)
        for (size_t set = 0; set < 1u << SHOTS; set++) {
            double of_set = 1;
            for (int k = 0; k < SHOTS; k++)
                of_set *= set >> k & 1u ? works : 1 - works;
            chance[pattern & set] += hits[pattern] * of_set;
        }
}

static struct zem_doctrine_outcome every_course(const struct zem_doctrine *doctrine, const double *hits, double works)
{
    double chance[1 << SHOTS];
    struct zem_doctrine_outcome sum = {0, 0, 0};
    working_patterns(hits, works, chance);
    for (unsigned tracked = 0; tracked < 1u << doctrine->raid; tracked++) {
        const size_t never[TARGETS] = {0};
        add_outcome(doctrine, never, tracked, 1 - doctrine->common, &sum);
        for (size_t a = 0; a < 1u << SHOTS; a++)
            for (size_t b = 0; b < (doctrine->raid > 1 ? 1u << SHOTS : 1u); b++) {
                const size_t pattern[TARGETS] = {a, b};
                add_outcome(doctrine, pattern, tracked,
                            doctrine->common * chance[a] * (doctrine->raid > 1 ? chance[b] : 1), &sum);
            }
    }
    return sum;
}

/* ---- the salvos ---- */

static size_t hits_of(size_t pattern)
{
    size_t hits = 0;
    for (; pattern > 0; pattern >>= 1)
        hits += pattern & 1u;
    return hits;
}

/* Makes salvos up, and finds the probability of each pattern of hits. If the classes are numbers of hits, all patterns
 * with equally many hits are equally probable. */
static void make_salvos(bool by_pattern, uint64_t *random, struct zem_shot_classes *classes, double *hits)
{
    const double ways[SHOTS + 1] = {1, 4, 6, 4, 1};
    zem_shot_classes_init(classes, SHOTS, by_pattern);
    assert_int_equal(classes->count, by_pattern ? 16 : 5);
    for (size_t i = 0; i < classes->count; i++)
        classes->salvos[i] = (uint64_t)(1000 * random_number(random) * random_number(random));
    const double all = (double)zem_shot_classes_salvos(classes);
    for (size_t i = 0; i < 1u << SHOTS; i++)
        hits[i] = by_pattern ? (double)classes->salvos[i] / all
                             : (double)classes->salvos[hits_of(i)] / all / ways[hits_of(i)];
}

static struct zem_doctrine_estimate estimate_of(const struct zem_doctrine *doctrine,
                                                const struct zem_shot_classes *classes, double works, double confidence)
{
    struct zem_doctrine_estimate estimate;
    assert_true(zem_doctrine_shots_apply(doctrine, classes, works, confidence, ZEM_WILSON, &estimate));
    return estimate;
}

static void assert_outcome(struct zem_doctrine_outcome found, struct zem_doctrine_outcome right)
{
    assert_near(found.no_leak, right.no_leak);
    assert_near(found.leakers, right.leakers);
    assert_near(found.salvos, right.salvos);
}

static const unsigned patterns[][4] = {{1, 0, 0, 0}, {3, 0, 0, 0}, {1, 1, 0, 0}, {2, 2, 0, 0},
                                       {1, 2, 0, 0}, {2, 1, 1, 0}, {1, 1, 1, 1}};
static const double seen[][2] = {{1, 1}, {0.8, 1}, {1, 0.7}, {0.75, 0.6}, {0, 1}};

static struct zem_doctrine doctrine_of(size_t p, size_t s, unsigned raid)
{
    struct zem_doctrine d = plain_doctrine(0, 0, raid);
    while (d.volleys < 4 && patterns[p][d.volleys] > 0) {
        d.salvos[d.volleys] = patterns[p][d.volleys];
        d.volleys++;
    }
    d.kill_seen = seen[s][0];
    d.survivor_seen = seen[s][1];
    return d;
}

static void check_every_course(bool by_pattern, unsigned raid, uint64_t seed)
{
    struct zem_shot_classes classes;
    double hits[1 << SHOTS];
    make_salvos(by_pattern, &seed, &classes, hits);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++)
        for (size_t s = 0; s < sizeof seen / sizeof *seen; s++)
            for (uint64_t inventory = 0; inventory <= 9; inventory += raid) {
                struct zem_doctrine d = doctrine_of(p, s, raid);
                d.inventory = inventory == 8 ? UINT64_MAX : inventory;
                d.track = s == 0 ? 1 : 0.9;
                d.common = s == 1 ? 0.8 : 1;
                const double works = p % 2 == 0 ? 1 : 0.7;
                assert_outcome(estimate_of(&d, &classes, works, 0.95).value, every_course(&d, hits, works));
            }
}

static void every_course_of_a_small_raid_is_counted(void **state)
{
    (void)state;
    for (unsigned raid = 1; raid <= TARGETS; raid++) {
        check_every_course(false, raid, 11);
        check_every_course(true, raid, 12);
    }
}

/* In salvos by number of hits, the shots have the mean probability of a hit; in patterns each has its own. */
static void independent_shots_stand_beside(void **state)
{
    (void)state;
    for (int by_pattern = 0; by_pattern < 2; by_pattern++) {
        struct zem_shot_classes classes;
        double hits[1 << SHOTS], alone[1 << SHOTS], hit[SHOTS] = {0};
        uint64_t random = 13;
        make_salvos(by_pattern, &random, &classes, hits);
        for (size_t i = 0; i < 1u << SHOTS; i++)
            for (int k = 0; k < SHOTS; k++)
                hit[k] += i >> k & 1u ? hits[i] : 0;
        for (size_t i = 0; i < 1u << SHOTS; i++) {
            alone[i] = 1;
            for (int k = 0; k < SHOTS; k++)
                alone[i] *= i >> k & 1u ? hit[k] : 1 - hit[k];
        }
        struct zem_doctrine d = doctrine_of(5, 3, 2);
        d.inventory = 5;
        assert_outcome(estimate_of(&d, &classes, 0.9, 0.95).independent, every_course(&d, alone, 0.9));
    }
}

/* If the shots of each salvo are independent, with a probability of a hit that differs from salvo to salvo, then shared
 * conditions make leaks more frequent. */
static void shared_conditions_make_leaks_more_frequent(void **state)
{
    (void)state;
    struct zem_shot_classes classes;
    const double ways[SHOTS + 1] = {1, 4, 6, 4, 1};
    zem_shot_classes_init(&classes, SHOTS, false);
    for (size_t hits = 0; hits <= SHOTS; hits++) /* half of the salvos hit with 0.2, half with 0.8 */
        classes.salvos[hits] = (uint64_t)(ways[hits] * 5e5
                                          * (pow(2, (double)hits) * pow(8, (double)(SHOTS - hits))
                                             + pow(8, (double)hits) * pow(2, (double)(SHOTS - hits))));
    for (size_t p = 1; p < sizeof patterns / sizeof *patterns; p++) {
        const struct zem_doctrine d = doctrine_of(p, 0, 2);
        const struct zem_doctrine_estimate found = estimate_of(&d, &classes, 1, 0.95);
        assert_true(found.value.no_leak < found.independent.no_leak - 0.01);
        assert_true(found.value.salvos >= found.independent.salvos - ROUNDING);
    }
}

/* One volley of all shots is a whole salvo, and its interval that of a binomial probability. */
static void a_whole_salvo_has_the_binomial_interval(void **state)
{
    (void)state;
    struct zem_shot_classes classes;
    double hits[1 << SHOTS];
    uint64_t random = 14;
    make_salvos(false, &random, &classes, hits);
    const uint64_t all = zem_shot_classes_salvos(&classes);
    const struct zem_doctrine d = plain_doctrine(1, SHOTS, 3);
    for (int method = 0; method < ZEM_INTERVAL_METHODS; method++) {
        struct zem_doctrine_estimate found;
        assert_true(zem_doctrine_shots_apply(&d, &classes, 1, 0.9, (enum zem_interval_method)method, &found));
        const struct zem_interval right =
            zem_interval_binomial(all - classes.salvos[0], all, 0.9, (enum zem_interval_method)method);
        assert_near(found.lower.no_leak, pow(right.lower, 3));
        assert_near(found.upper.no_leak, pow(right.upper, 3));
        assert_near(found.lower.leakers, 3 * (1 - right.upper));
        assert_near(found.upper.leakers, 3 * (1 - right.lower));
        assert_near(found.lower.salvos, 3 * SHOTS);
        assert_near(found.upper.salvos, 3 * SHOTS);
    }
}

/* Of a salvo with M of 4 hits the first shot hits with M/4. With one look after it, a target gets one shot then, and 4
 * shots otherwise. */
static void expected_shots_have_the_interval_of_a_mean(void **state)
{
    (void)state;
    struct zem_shot_classes classes;
    double hits[1 << SHOTS];
    uint64_t random = 18;
    make_salvos(false, &random, &classes, hits);
    struct zem_doctrine d = plain_doctrine(2, 1, 2);
    d.salvos[1] = 3;
    const double fired[SHOTS + 1] = {4, 3.25, 2.5, 1.75, 1};
    const struct zem_doctrine_estimate found = estimate_of(&d, &classes, 1, 0.95);
    const struct zem_mean_shift shift = zem_bounded_mean_shift(classes.salvos, fired, SHOTS + 1, 0.95, ZEM_WILSON);
    assert_near(found.lower.salvos, (1 - shift.down) * found.value.salvos + shift.down * 2);
    assert_near(found.upper.salvos, (1 - shift.up) * found.value.salvos + shift.up * 8);
}

static void without_salvos_nothing_is_known(void **state)
{
    (void)state;
    struct zem_shot_classes classes;
    zem_shot_classes_init(&classes, 2, false);
    const struct zem_doctrine d = plain_doctrine(2, 1, 1);
    const struct zem_doctrine_estimate found = estimate_of(&d, &classes, 1, 0.95);
    assert_true(isnan(found.value.no_leak) && isnan(found.lower.salvos) && isnan(found.independent.leakers));
}

/* ---- coverage ---- */

#define REPLICAS 1000

static void draw_salvos(const double *chance, uint64_t salvos, uint64_t *random, struct zem_shot_classes *classes)
{
    zem_shot_classes_init(classes, SHOTS, false);
    for (uint64_t i = 0; i < salvos; i++) {
        double u = random_number(random);
        size_t hits = 0;
        while (hits < SHOTS && u >= chance[hits])
            u -= chance[hits++];
        classes->salvos[hits]++;
    }
}

/* Counts how often the intervals of the three quantities hold the right values. */
static void cover(const struct zem_doctrine *doctrine, const double *chance, uint64_t salvos, uint64_t seed,
                  enum zem_interval_method method, unsigned covered[3])
{
    struct zem_shot_classes right, drawn;
    zem_shot_classes_init(&right, SHOTS, false);
    for (size_t i = 0; i <= SHOTS; i++)
        right.salvos[i] = (uint64_t)(chance[i] * 1e6 + 0.5);
    const struct zem_doctrine_outcome truth = estimate_of(doctrine, &right, 0.9, 0.9).value;
    memset(covered, 0, 3 * sizeof *covered);
    for (int i = 0; i < REPLICAS; i++) {
        struct zem_doctrine_estimate e;
        draw_salvos(chance, salvos, &seed, &drawn);
        assert_true(zem_doctrine_shots_apply(doctrine, &drawn, 0.9, 0.9, method, &e));
        assert_true(e.lower.no_leak <= e.value.no_leak + ROUNDING && e.value.no_leak <= e.upper.no_leak + ROUNDING);
        covered[0] += e.lower.no_leak <= truth.no_leak + ROUNDING && truth.no_leak <= e.upper.no_leak + ROUNDING;
        covered[1] += e.lower.leakers <= truth.leakers + ROUNDING && truth.leakers <= e.upper.leakers + ROUNDING;
        covered[2] += e.lower.salvos <= truth.salvos + ROUNDING && truth.salvos <= e.upper.salvos + ROUNDING;
    }
}

/* Intervals with 90 % confidence, for probabilities of 0 to 4 hits that are ordinary, and two that make leaks or kills
 * so rare that most samples of 200 salvos have at most a few. A simulated coverage that is in truth 90 % falls below
 * its limit, five standard deviations lower, once in three million runs. There are 54 of them, and most are larger in
 * truth, because Clopper and Pearson's method and the limits of a raid that may run out of shots are conservative. */
static void intervals_cover(void **state)
{
    (void)state;
    static const double chances[][SHOTS + 1] = {
        {0.2, 0.15, 0.2, 0.25, 0.2}, {0.004, 0.01, 0.05, 0.2, 0.736}, {0.98, 0.012, 0.004, 0.002, 0.002}};
    const double least = 0.9 - 5 * sqrt(0.9 * 0.1 / REPLICAS);
    for (size_t c = 0; c < sizeof chances / sizeof *chances; c++)
        for (int kind = 0; kind < 3; kind++) /* one target, a raid, and a raid that may run out of shots */
            for (int method = 0; method < ZEM_INTERVAL_METHODS; method++) {
                struct zem_doctrine d = doctrine_of(kind == 0 ? 6 : 3, 1, kind == 0 ? 1 : 3);
                d.inventory = kind == 2 ? 9 : UINT64_MAX;
                unsigned covered[3];
                cover(&d, chances[c], 200, 15 + c, (enum zem_interval_method)method, covered);
                for (int q = 0; q < 3; q++)
                    if (covered[q] < least * REPLICAS)
                        fail_msg("probabilities %zu, raid %d, method %d, quantity %d: %.4f", c, kind, method, q,
                                 (double)covered[q] / REPLICAS);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_course_of_a_small_raid_is_counted),
        cmocka_unit_test(independent_shots_stand_beside),
        cmocka_unit_test(shared_conditions_make_leaks_more_frequent),
        cmocka_unit_test(a_whole_salvo_has_the_binomial_interval),
        cmocka_unit_test(expected_shots_have_the_interval_of_a_mean),
        cmocka_unit_test(without_salvos_nothing_is_known),
        cmocka_unit_test(intervals_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
