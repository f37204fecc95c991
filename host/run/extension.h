/* A finished result that a run goes on from, because more trials or a finer precision are wanted. The totals then have
 * the bits of a run that had them from the start: a trial has the same bits whenever it is flown, and a finished cell
 * shows at which numbers of trials the precision rule has not ended it. */
#ifndef ZEM_EXTENSION_H
#define ZEM_EXTENSION_H

#include "result/result.h"

/* Whether two scenarios differ, and in run.trials and run.precision alone. */
bool zem_extension_differs_in_trials(const struct zem_scenario *finished, const struct zem_scenario *scenario);

/* Whether the result can be extended to a run of the scenario, which differs from its own in trials and precision
 * alone: no cell has more trials than it may have, and a cell with a precision to reach had one that was at least as
 * coarse. If not, `why` gets the reason, such as "it has 2000 trials in a cell, more than 1000". */
bool zem_extension_possible(const struct zem_result *finished, const struct zem_scenario *scenario, char *why,
                            size_t size);

#endif
