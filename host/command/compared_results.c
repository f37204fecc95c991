/* Reads two results, and reads or flies the pairs of their trials. */
#include "command/compared_results.h"

#include "result/result_file.h"
#include "scenario/scenario_compare.h"
#include "study/pair_flight.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Whether the pairs that were read from the files are all pairs, so that none has to be flown. `flyable` is the number
 * of pairs that could be flown. */
static bool is_complete(const struct zem_pairs *pairs, const struct zem_result *first, uint64_t flyable)
{
    uint64_t known = 0;
    for (uint64_t cell = 0; cell < first->cells; cell++)
        known += pairs->pairs[cell];
    return pairs->source == ZEM_PAIRS_EQUAL || known >= flyable;
}

static int find_pairs(struct zem_compared_results *c, uint64_t limit, unsigned threads, struct zem_error *error)
{
    const struct zem_result *first = &c->result[0], *second = &c->result[1];
    const uint64_t flyable = zem_pair_flight_count(first, second);
    int status = zem_pairs_read(&c->pairs, first, second, error);
    if (status != ZEM_OK || is_complete(&c->pairs, first, flyable))
        return status;
    if (flyable > limit)
        fprintf(stderr,
                "zem: the results have the same random numbers in %" PRIu64 " pairs of trials; --pairs-max %" PRIu64
                " flies them again, which shows smaller differences\n",
                flyable, flyable);
    else
        status = zem_pair_flight(&c->pairs, first, second, threads, error);
    if (status == ZEM_OK && !zem_pairs_fit(&c->pairs, first, second)) {
        fprintf(stderr,
                "zem: the pairs of trials do not give the counts of the files and are not used; zem verify tells "
                "which file differs from its scenario\n");
        zem_pairs_free(&c->pairs);
    }
    return status;
}

int zem_compared_read(struct zem_compared_results *c, const char *const names[2], uint64_t pairs_limit,
                      unsigned threads, struct zem_error *error)
{
    int status = ZEM_OK;
    for (int i = 0; i < 2 && status == ZEM_OK; i++) {
        status = zem_result_file_read(&c->result[i], &c->scenario[i], names[i], error);
        zem_totals_free_histograms(&c->result[i].totals); /* the digest is checked; only hits are compared from here */
    }
    if (status == ZEM_OK && zem_scenario_same_grid(&c->scenario[0], &c->scenario[1]))
        status = find_pairs(c, pairs_limit, threads, error);
    if (status == ZEM_OK)
        status = zem_compare(&c->result[0], &c->result[1], &c->pairs, &c->comparison, error);
    return status;
}

void zem_compared_free(struct zem_compared_results *c)
{
    zem_comparison_free(&c->comparison);
    zem_pairs_free(&c->pairs);
    for (int i = 0; i < 2; i++) {
        zem_result_free(&c->result[i]);
        zem_scenario_free(&c->scenario[i]);
    }
}
