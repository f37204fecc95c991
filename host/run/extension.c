/* Compares the scenarios cell by cell. A run that has a precision to reach cannot go on from a result whose run had
 * none, or had a finer one, because such a result does not show at how many trials the precision rule would have ended
 * a cell. */
#include "run/extension.h"

#include "base/kernel_types.h"
#include "scenario/grid.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <stdio.h>

bool zem_extension_differs_in_trials(const struct zem_scenario *finished, const struct zem_scenario *scenario)
{
    struct zem_scenario with_trials = *finished; /* borrows everything; never released */
    with_trials.value[ZEM_KEY_TRIALS] = scenario->value[ZEM_KEY_TRIALS];
    with_trials.value[ZEM_KEY_PRECISION] = scenario->value[ZEM_KEY_PRECISION];
    return !zem_scenario_same(finished, scenario) && zem_scenario_same(&with_trials, scenario);
}

bool zem_extension_possible(const struct zem_result *finished, const struct zem_scenario *scenario, char *why,
                            size_t size)
{
    const uint64_t shard = finished->shard_count > 0 ? finished->shard[0] : 0;
    for (uint64_t cell = 0; cell < finished->cells; cell++) {
        struct zem_value old[ZEM_KEY_COUNT], new[ZEM_KEY_COUNT];
        zem_grid_values(finished->scenario, cell, old);
        zem_grid_values(scenario, cell, new);
        const uint64_t trials = zem_result_word(finished, cell, ZEM_TALLY_TRIALS),
                       most = zem_shard_trials(new[ZEM_KEY_TRIALS].integer, shard, finished->shards);
        const struct zem_value *was = &old[ZEM_KEY_PRECISION], *wanted = &new[ZEM_KEY_PRECISION];
        if (trials > most)
            snprintf(why, size, "it has %" PRIu64 " trials in a cell, more than %" PRIu64, trials, most);
        else if (wanted->present && !was->present)
            snprintf(why, size,
                     "it had no run.precision, so it is not known at how many trials this one would have ended");
        else if (wanted->present && wanted->first > was->first)
            snprintf(why, size, "its run.precision %g is finer than %g, which would have ended with fewer trials",
                     was->first, wanted->first);
        else
            continue;
        return false;
    }
    return true;
}
