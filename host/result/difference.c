/* Differences of hit probabilities, computed from counts. The test of a difference is chosen only by the numbers of
 * trials and of pairs (two trials, one of each result, with the same random numbers). It never depends on the hits, so
 * that the choice cannot favour a finding. */
#include "result/difference.h"

#include "base/kernel_types.h"
#include "base/proportions.h"
#include "scenario/scenario_compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct zem_difference_basis_row zem_difference_basis_table[ZEM_DIFFERENCE_BASES] = {
    [ZEM_BY_INDEPENDENT] = {"fisher", "independent trials, Fisher's exact test"},
    [ZEM_BY_PAIRS] = {"mcnemar", "pairs of trials with the same random numbers, McNemar's exact test"},
    [ZEM_BY_PAIRS_REST] =
        {"pairs_and_rest",
         "McNemar's exact test for pairs of trials with the same random numbers and Fisher's exact test "
         "for the trials without a partner, each at half the significance level"},
    [ZEM_BY_BOUND] = {"any_dependence", "the same random numbers without known pairs, a test that holds for any "
                                        "dependence and sees less than one of pairs"},
};

/* ---- one difference ---- */

/* A difference, how its pairs of trials ended, and the number of these pairs. */
struct pairing {
    struct zem_difference *item;
    struct zem_pair_counts count;
    uint64_t pairs;
};

static struct zem_proportion side(const struct zem_difference *item, int which)
{
    return (struct zem_proportion){item->hits[which], item->trials[which]};
}

static enum zem_difference_basis choose_basis(const struct pairing *p, enum zem_dependence dependence)
{
    const uint64_t *trials = p->item->trials, most = trials[0] > trials[1] ? trials[0] : trials[1];
    if (dependence == ZEM_INDEPENDENT)
        return ZEM_BY_INDEPENDENT;
    if (p->pairs == 0)
        return ZEM_BY_BOUND;
    return p->pairs >= most / 2 ? ZEM_BY_PAIRS : ZEM_BY_PAIRS_REST;
}

/* Writes the hits and trials of two independent sets of trials to `rest`. A partner of a trial is the trial of the
 * other result with the same random numbers. If every trial of the smaller result has a partner, the sets are all
 * trials of the smaller result and the trials of the larger one that have no partner. Otherwise `rest` gets all trials
 * of both results, which are not independent, and the function returns false. */
static bool rest_of(const struct pairing *p, struct zem_proportion rest[2])
{
    const int larger = p->item->trials[1] > p->item->trials[0];
    const uint64_t paired_hits = larger == 1 ? p->count.second_hits : p->count.first_hits;
    rest[0] = side(p->item, 0);
    rest[1] = side(p->item, 1);
    if (p->pairs < rest[1 - larger].trials)
        return false;
    rest[larger].trials -= p->pairs;
    rest[larger].hits -= paired_hits;
    return true;
}

static void test(const struct pairing *p)
{
    struct zem_difference *item = p->item;
    struct zem_proportion rest[2];
    const double sign = zem_proportions_sign(p->count.first_only, p->count.second_only),
                 sign_least = zem_proportions_sign_least(p->count.first_only + p->count.second_only);
    switch (item->basis) {
    case ZEM_BY_PAIRS:
        item->chance = sign;
        item->least = sign_least;
        break;
    case ZEM_BY_PAIRS_REST: {
        const bool split = rest_of(p, rest);
        const double other =
            split ? zem_proportions_fisher(rest[0], rest[1]) : zem_proportions_dependent(rest[0], rest[1]);
        item->chance = fmin(1.0, 2.0 * fmin(sign, other));
        item->least = split ? fmin(1.0, 2.0 * fmin(sign_least, zem_proportions_fisher_least(rest[0], rest[1]))) : 0.0;
        break;
    }
    case ZEM_BY_BOUND:
        item->chance = zem_proportions_dependent(side(item, 0), side(item, 1));
        item->least = 0.0;
        break;
    default:
        item->chance = zem_proportions_fisher(side(item, 0), side(item, 1));
        item->least = zem_proportions_fisher_least(side(item, 0), side(item, 1));
    }
}

static double proportion(struct zem_proportion p) { return (double)p.hits / (double)p.trials; }

/* An estimate of a difference, second minus first, with its interval. */
struct estimate {
    double value;
    struct zem_interval interval;
};

/* The estimate from the pairs alone. */
static struct estimate paired(const struct pairing *p, double confidence)
{
    return (struct estimate){
        ((double)p->count.second_only - (double)p->count.first_only) / (double)p->pairs,
        zem_proportions_paired_interval(p->count.first_only, p->count.second_only, p->pairs, confidence)};
}

/* The estimate from all trials, or with ZEM_BY_PAIRS_REST from the trials that rest_of finds. */
static struct estimate unpaired(const struct pairing *p, double confidence)
{
    struct zem_proportion of[2] = {side(p->item, 0), side(p->item, 1)};
    double correlation = p->item->basis == ZEM_BY_INDEPENDENT ? 0.0 : -1.0;
    if (p->item->basis == ZEM_BY_PAIRS_REST && rest_of(p, of))
        correlation = 0.0;
    return (struct estimate){proportion(of[1]) - proportion(of[0]),
                             zem_proportions_interval(of[0], of[1], correlation, confidence)};
}

static double width(struct zem_interval interval) { return interval.upper - interval.lower; }

/* Fills the value and the intervals of a difference. With ZEM_BY_PAIRS_REST there are two estimates, one from the pairs
 * and one from the other trials. Each has half the significance level, and the one with the shorter interval is
 * taken. */
static void estimate(const struct pairing *p, double confidence, double confidence_all)
{
    struct zem_difference *item = p->item;
    const bool both = item->basis == ZEM_BY_PAIRS_REST;
    if (both) {
        confidence = 0.5 + 0.5 * confidence;
        confidence_all = 0.5 + 0.5 * confidence_all;
    }
    const bool pairs = item->basis == ZEM_BY_PAIRS
                       || (both && width(paired(p, confidence).interval) < width(unpaired(p, confidence).interval));
    const struct estimate each = pairs ? paired(p, confidence) : unpaired(p, confidence);
    item->value = each.value;
    item->each = each.interval;
    item->all = (pairs ? paired(p, confidence_all) : unpaired(p, confidence_all)).interval;
}

/* ---- all of them ---- */

static void fill(struct zem_comparison *c)
{
    const size_t radii = c->first->scenario->radius_count;
    const struct zem_result *const result[2] = {c->first, c->second};
    for (size_t i = 0; i < c->count; i++) {
        struct zem_difference *item = &c->item[i];
        *item = (struct zem_difference){.cell = i / radii, .radius = i % radii};
        for (int k = 0; k < 2; k++) {
            item->trials[k] = zem_result_word(result[k], item->cell, ZEM_TALLY_TRIALS);
            item->hits[k] = zem_result_hits(result[k], item->cell, item->radius);
        }
        c->defined += item->trials[0] > 0 && item->trials[1] > 0;
    }
}

/* The differences that a thread has judged last. Many cells of a large grid have the same counts, and a test or an
 * interval of a difference takes up to half a millisecond. */
#define KEPT_LOG 12
struct kept {
    struct zem_difference item; /* without trials in an empty place */
    struct zem_pair_counts count;
    uint64_t pairs;
};

/* The place of a difference in a table of 2^KEPT_LOG places. */
static struct kept *kept_place(const struct pairing *p, struct kept *kept)
{
    const uint64_t words[] = {p->item->hits[0],    p->item->hits[1],     p->item->trials[0],  p->item->trials[1],
                              p->count.first_only, p->count.second_only, p->count.first_hits, p->pairs};
    uint64_t hash = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        hash = (hash ^ words[i] ^ hash >> 32) * UINT64_C(0x9E3779B97F4A7C15);
    return &kept[hash >> (64 - KEPT_LOG)];
}

/* Whether a difference has the same basis and counts as the one in `place`. Test and intervals are then the same. */
static bool is_kept(const struct kept *place, const struct pairing *p)
{
    const struct zem_difference *a = &place->item, *b = p->item;
    return a->basis == b->basis && memcmp(a->hits, b->hits, sizeof a->hits) == 0
           && memcmp(a->trials, b->trials, sizeof a->trials) == 0 && place->pairs == p->pairs
           && memcmp(&place->count, &p->count, sizeof p->count) == 0;
}

/* Fills test and intervals of a difference, from the table `kept` if it has them. `kept` is NULL if there was no memory
 * for it. */
static void judge_kept(const struct pairing *p, double confidence, double confidence_all, struct kept *kept)
{
    struct kept *place = kept != NULL ? kept_place(p, kept) : NULL;
    if (place != NULL && is_kept(place, p)) {
        const uint64_t cell = p->item->cell;
        const size_t radius = p->item->radius;
        *p->item = place->item;
        p->item->cell = cell;
        p->item->radius = radius;
        return;
    }
    test(p);
    estimate(p, confidence, confidence_all);
    if (place != NULL)
        *place = (struct kept){*p->item, p->count, p->pairs};
}

static void judge_item(const struct zem_comparison *c, size_t i, double confidence_all, struct kept *kept)
{
    const double none = (double)NAN;
    struct zem_difference *item = &c->item[i];
    struct pairing p = {.item = item};
    if (c->pairs != NULL && c->pairs->source != ZEM_PAIRS_NONE) {
        p.count = c->pairs->count[i];
        p.pairs = c->pairs->pairs[item->cell];
    }
    item->basis = choose_basis(&p, zem_pairs_dependence(c->first, c->second, item->cell));
    item->value = item->chance = item->least = item->adjusted = none;
    item->each = item->all = (struct zem_interval){none, none};
    if (item->trials[0] == 0 || item->trials[1] == 0)
        return;
    judge_kept(&p, c->confidence, confidence_all, kept);
}

static void judge(struct zem_comparison *c)
{
    const double all = 1.0 - (1.0 - c->confidence) / (double)(c->defined > 0 ? c->defined : 1);
#pragma omp parallel
    {
        struct kept *kept = calloc((size_t)1 << KEPT_LOG, sizeof *kept);
#pragma omp for schedule(dynamic, 16)
        for (size_t i = 0; i < c->count; i++)
            judge_item(c, i, all, kept);
        free(kept);
    }
}

/* The index of a difference in the list of differences, with the numbers by which the list is sorted. */
struct ranked {
    double key, size; /* the size decides between equal keys */
    size_t index;
};

/* Smallest key first, NaN last; then largest size first, then in the order of cells and radii. */
static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (isnan(x->key) != isnan(y->key))
        return isnan(x->key) ? 1 : -1;
    if (x->key < y->key || x->key > y->key)
        return x->key < y->key ? -1 : 1;
    if (x->size > y->size || x->size < y->size)
        return x->size > y->size ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Adjusts the p-values by the procedure of Holm and Tarone. It goes from the smallest p-value to the largest. Each step
 * multiplies the p-value by the number of comparisons whose trials and hits make a p-value so small possible at all,
 * less the comparisons of earlier steps. `ranked` has room for two lists of all items. */
static void adjust(struct zem_comparison *c, struct ranked *ranked)
{
    struct ranked *by_chance = ranked, *by_least = ranked + c->count;
    for (size_t i = 0; i < c->count; i++) {
        by_chance[i] = (struct ranked){c->item[i].chance, fabs(c->item[i].value), i};
        by_least[i] = (struct ranked){c->item[i].least, 0.0, i};
    }
    qsort(by_chance, c->count, sizeof *ranked, compare_ranked);
    qsort(by_least, c->count, sizeof *ranked, compare_ranked);
    double before = 0.0;
    for (size_t i = 0, possible = 0; i < c->count; i++) {
        struct zem_difference *item = &c->item[by_chance[i].index];
        c->order[i] = by_chance[i].index;
        if (i >= c->defined)
            continue;
        while (possible < c->defined && by_least[possible].key <= item->chance)
            possible++;
        before = fmax(before, fmin(1.0, item->chance * (double)(possible > i ? possible - i : 1)));
        item->adjusted = before;
        item->significant = before <= 1.0 - c->confidence;
        c->larger += item->significant && item->value > 0.0;
        c->smaller += item->significant && item->value < 0.0;
    }
}

int zem_compare(const struct zem_result *first, const struct zem_result *second, const struct zem_pairs *pairs,
                struct zem_comparison *c, struct zem_error *error)
{
    char differences[900];
    *c = (struct zem_comparison){.first = first,
                                 .second = second,
                                 .pairs = pairs,
                                 .confidence = first->scenario->value[ZEM_KEY_CONFIDENCE].first,
                                 .count = first->cells * first->scenario->radius_count};
    if (!zem_scenario_same_grid(first->scenario, second->scenario))
        return zem_error_set(
            error, ZEM_BAD_INPUT,
            "the two results cannot be compared cell by cell, their sweeps or hit radii differ: %s",
            zem_scenario_grid_differences(first->scenario, second->scenario, differences, sizeof differences));
    struct ranked *ranked = malloc(2 * c->count * sizeof *ranked);
    c->item = calloc(c->count, sizeof *c->item);
    c->order = calloc(c->count, sizeof *c->order);
    if (ranked == NULL || c->item == NULL || c->order == NULL) {
        free(ranked);
        return zem_error_set(error, ZEM_INTERNAL, "there is not enough memory for %zu differences", c->count);
    }
    fill(c);
    judge(c);
    adjust(c, ranked);
    free(ranked);
    return ZEM_OK;
}

void zem_comparison_free(struct zem_comparison *c)
{
    free(c->item);
    free(c->order);
    c->item = NULL;
    c->order = NULL;
}
