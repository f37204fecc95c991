/* Finds the ranks that bound a quantile, and the edges of a histogram at these ranks. Both searches are bisections,
 * because the tail of the binomial distribution falls with the rank, and the number of samples below an edge grows with
 * the edge. */
#include "base/quantile_ranks.h"

#include "base/statistics.h"

#include <math.h>

/* Returns the smallest number of hits for which P(B >= hits) <= tail, where B is binomial(trials, p), or trials + 1 if
 * there is none. The search starts at the normal approximation, which is wrong by a few hits only. It goes outward in
 * growing steps and then bisects. */
static uint64_t rare_hits(uint64_t trials, double p, double tail)
{
    const double mean = (double)trials * p, deviation = sqrt(mean * (1 - p));
    uint64_t common = 0, rare = trials + 1, step = 1;
    const double guess = mean - zem_normal_quantile(tail) * deviation;
    uint64_t hits = guess < (double)trials ? (uint64_t)guess : trials;
    while (rare - common > 1) {
        if (hits <= common || hits >= rare)
            hits = common + (rare - common) / 2;
        if (zem_binomial_at_least_is_rare(hits, trials, p, tail)) {
            rare = hits;
            hits = hits > step ? hits - step : 0;
        } else {
            common = hits;
            hits = hits + step;
        }
        step *= 2;
    }
    return rare;
}

struct zem_quantile_ranks zem_quantile_ranks(uint64_t total, double p, double confidence)
{
    const double tail = 0.5 * (1 - confidence);
    return (struct zem_quantile_ranks){rare_hits(total, p, tail), rare_hits(total, 1 - p, tail)};
}

/* Returns the first slot i with below[i] >= count, or `slots` + 1 if there is none. */
static size_t first_slot(const uint64_t *below, size_t slots, uint64_t count)
{
    size_t low = 0, high = slots + 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (below[middle] >= count)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Edge i lies between slot i and slot i + 1, so below[i + 1] samples are below it. The slot found is never slot 0,
 * because no sample lies before slot 0. */
double zem_quantile_ranks_upper(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots)
{
    if (below[slots] == 0)
        return (double)NAN;
    const size_t slot = first_slot(below, slots, ranks->below);
    return slot < slots ? edges[slot - 1] : (double)INFINITY;
}

double zem_quantile_ranks_lower(const struct zem_quantile_ranks *ranks, const uint64_t *below, const double *edges,
                                size_t slots)
{
    if (below[slots] == 0)
        return (double)NAN;
    if (ranks->above > below[slots])
        return 0;
    /* The first slot that, together with all slots after it, holds fewer than ranks->above samples. */
    const size_t slot = first_slot(below, slots, below[slots] - ranks->above + 1);
    return slot >= 2 ? edges[slot - 2] : 0;
}
