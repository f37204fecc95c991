/* Finds out whether an existing file is the result that a run would write, a result that the run can extend, or
 * something else. `zem run --resume` keeps the first, extends the second and refuses to replace the third. */
#ifndef ZEM_EARLIER_RESULT_H
#define ZEM_EARLIER_RESULT_H

#include "run/precision.h"

/* The options of the run, besides the scenario, that its result must agree with. */
struct zem_earlier_wanted {
    uint64_t shard, shards; /* shard 0 of 1 is every trial */
    uint64_t samples;       /* the fewest trials of every cell that the result must keep one by one */
    enum zem_interval_method interval_method;
};

enum zem_earlier {
    ZEM_EARLIER_OTHER,      /* something else */
    ZEM_EARLIER_EXTENDABLE, /* a finished result to which the run can add trials (run/extension.h) */
    ZEM_EARLIER_SAME,       /* the result that the run would give */
};

/* Compares the file `path` with a run of the scenario and sets *earlier. For ZEM_EARLIER_OTHER, why[size] gets the
 * reason as the end of a message that begins with "FILE: ", such as "exists and is the result of another scenario,
 * which differs in target.period". For ZEM_EARLIER_SAME, `missed` gets the cells that have missed their precision.
 * Fails if memory is short or reading fails, because the file may then still be the wanted result. */
int zem_earlier_result_compare(const char *path, const struct zem_scenario *scenario,
                               const struct zem_earlier_wanted *wanted, enum zem_earlier *earlier,
                               struct zem_precision_missed *missed, char *why, size_t size, struct zem_error *error);

#endif
