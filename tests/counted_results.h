/* Results made up of counts of trials and hits, and random numbers, for tests of statistics. In each cell a trial hits
 * within all radii or within none, unless a test says otherwise. */
#ifndef ZEM_COUNTED_RESULTS_H
#define ZEM_COUNTED_RESULTS_H

#include "base/kernel_types.h"
#include "base/statistics.h"
#include "good_scenario.h"
#include "result/result.h"

#include <math.h>
#include <stdlib.h>

/* Returns a random number, uniform on [0, 1), by splitmix64. */
static inline double counted_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Returns a binomial random number, by inversion of the distribution, which is summed from the mode to both sides. */
static inline uint64_t counted_binomial(uint64_t trials, double p, uint64_t *state)
{
    if (p <= 0 || p >= 1)
        return p >= 1 ? trials : 0;
    const double n = (double)trials, mode = floor((n + 1) * p);
    double left = counted_random(state), up = mode, down = mode;
    double above = exp(zem_binomial_log_probability(mode, n - mode, p, 1 - p)), below = above;
    left -= above;
    while (left > 0 && (up < n || down > 0) && above + below > 1e-300) {
        if (up < n) {
            above *= (n - up) / (up + 1) * (p / (1 - p));
            up++;
            left -= above;
            if (left <= 0)
                return (uint64_t)up;
        }
        if (down > 0) {
            below *= down / (n - down + 1) * ((1 - p) / p);
            down--;
            left -= below;
            if (left <= 0)
                return (uint64_t)down;
        }
    }
    return (uint64_t)mode;
}

/* Gives a cell `trials` trials, of which `hits` hit within the first radius and the others within none. */
static inline void counted_cell(struct zem_result *result, uint64_t cell, uint64_t hits, uint64_t trials)
{
    uint64_t totals[ZEM_TALLY_WORDS_LIMIT];
    const size_t radii = result->scenario->radius_count;
    zem_totals_get(&result->totals, cell, totals);
    for (size_t i = 0; i <= radii; i++)
        totals[ZEM_TALLY_RADIUS + i] = 0;
    totals[ZEM_TALLY_TRIALS] = totals[ZEM_TALLY_OUTCOME] = trials;
    totals[ZEM_TALLY_RADIUS] = hits;
    totals[ZEM_TALLY_RADIUS + radii] = trials - hits;
    assert_true(zem_totals_set(&result->totals, cell, totals));
}

static inline void counted_init(struct zem_result *result, struct zem_scenario *scenario, const char *text)
{
    struct zem_error error = {0};
    good_scenario(scenario, "counted.yaml", text);
    if (zem_result_init(result, scenario, &error) != 0)
        fail_msg("%s", error.message);
}

static inline void counted_free(struct zem_result *result, struct zem_scenario *scenario)
{
    zem_result_free(result);
    zem_scenario_free(scenario);
}

#endif
