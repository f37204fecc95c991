/* What stands under the name of a run's output: the result that the run would give, or something else. For
 * `zem run --resume`, which leaves the former alone and must not take the latter for it. */
#ifndef ZEM_EARLIER_RESULT_H
#define ZEM_EARLIER_RESULT_H

#include "run/precision.h"

/* What the output must have beside the scenario. */
struct zem_earlier_wanted {
    uint64_t shard, shards; /* shard 0 of 1 is every trial */
    uint64_t samples;       /* single trials of every cell, at least */
    enum zem_interval_method interval_method;
};

enum zem_earlier {
    ZEM_EARLIER_OTHER,      /* something else */
    ZEM_EARLIER_EXTENDABLE, /* a finished result that the run goes on from (run/extension.h) */
    ZEM_EARLIER_SAME,       /* the result that the run would give */
};

/* Tells what the file is to a run of the scenario. If it is something else, `why` gets what follows "FILE: ", such as
 * "exists and is the result of another scenario, which differs in target.period". If it is the same, `missed` gets what
 * it has missed of a precision. Returns an error where the file could not be looked at, for want of memory or because
 * reading failed: that says nothing of what it holds. */
int zem_earlier_result_compare(const char *path, const struct zem_scenario *scenario,
                               const struct zem_earlier_wanted *wanted, enum zem_earlier *earlier,
                               struct zem_precision_missed *missed, char *why, size_t size, struct zem_error *error);

#endif
