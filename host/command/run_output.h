/* Reads the option --shard and makes the name of a run's output, which depends on it. */
#ifndef ZEM_RUN_OUTPUT_H
#define ZEM_RUN_OUTPUT_H

#include "base/error.h"

#include <stdint.h>

/* Reads the text of --shard: "3/16" for shard 3 of 16, counted from 0; "auto" or "auto/16" for the place of this task
 * in a scheduler's array (base/scheduler.h); NULL for shard 0 of 1. Returns 0, or ZEM_USAGE for any other text. */
int zem_run_read_shard(const char *text, uint64_t *shard, uint64_t *shards, struct zem_error *error);

/* Returns the name of the output of a scenario. `given` is the name from -o, or NULL. Without it, the output of
 * "models/weave.yaml" is "weave.h5", or "weave.shard-03-of-16.h5" for shard 3 of 16. The caller frees it. NULL without
 * memory. */
char *zem_run_output_name(const char *given, const char *scenario, uint64_t shard, uint64_t shards);

#endif
