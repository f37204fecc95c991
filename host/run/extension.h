/* The extension of a finished result: a run goes on from it, because more trials or a finer precision are wanted. The
 * totals are the same, bit for bit, as those of a run that asked for both from the start. This is possible because a
 * trial has the same bits whenever it is flown, and because a finer precision ends no cell at a number of trials at
 * which the coarser precision of the result has not ended it. */
#ifndef ZEM_EXTENSION_H
#define ZEM_EXTENSION_H

#include "result/result.h"

/* Whether two scenarios differ in run.trials or run.precision, and in nothing else. */
bool zem_extension_differs_in_trials(const struct zem_scenario *finished, const struct zem_scenario *scenario);

/* Whether the result can be extended to a run of `scenario`, which differs from that of the result in trials and
 * precision only. No cell may have more trials than `scenario` allows. If `scenario` gives a cell a precision, the
 * result must have had one for the cell that was as coarse or coarser. If the answer is no, `why` gets the reason, such
 * as "it has 2000 trials in a cell, more than 1000". */
bool zem_extension_possible(const struct zem_result *finished, const struct zem_scenario *scenario, char *why,
                            size_t size);

#endif
