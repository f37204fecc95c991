/* The names of a run's outputs, and the option --shard that they depend on. */
#ifndef ZEM_RUN_OUTPUT_H
#define ZEM_RUN_OUTPUT_H

#include "base/error.h"

#include <stdint.h>

/* Reads the text of --shard: "3/16", "auto" or "auto/16" (base/scheduler.h); NULL is shard 0 of 1. ZEM_USAGE if it is
 * anything else. */
int zem_run_read_shard(const char *text, uint64_t *shard, uint64_t *shards, struct zem_error *error);

/* The name of the output of a scenario: that of -o if there is one, else "weave.h5" for "models/weave.yaml", and
 * "weave.shard-03-of-16.h5" for its shard 3 of 16. The caller frees it. NULL without memory. */
char *zem_run_output_name(const char *given, const char *scenario, uint64_t shard, uint64_t shards);

#endif
