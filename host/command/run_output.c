/* Reads --shard and makes names of outputs from the command line. It does not access any file. */
#include "command/run_output.h"

#include "base/number.h"
#include "base/scheduler.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int zem_run_read_shard(const char *text, uint64_t *shard, uint64_t *shards, struct zem_error *error)
{
    char index[24];
    const char *slash = text != NULL ? strchr(text, '/') : NULL;
    *shard = 0;
    *shards = 1;
    if (text == NULL)
        return ZEM_OK;
    if (strcmp(text, "auto") == 0) {
        *shards = 0;
        return zem_scheduler_shard(shard, shards, error);
    }
    if (strncmp(text, "auto/", 5) == 0 && zem_number_whole(text + 5, 1, UINT32_MAX, shards))
        return zem_scheduler_shard(shard, shards, error);
    if (slash == NULL || (size_t)(slash - text) >= sizeof index)
        return zem_error_set(error, ZEM_USAGE,
                             "run: --shard %s: index/count is needed, such as 0/16 for the first of 16, or auto or "
                             "auto/16 in an array of tasks",
                             text);
    memcpy(index, text, (size_t)(slash - text));
    index[slash - text] = '\0';
    if (!zem_number_whole(slash + 1, 1, UINT32_MAX, shards) || !zem_number_whole(index, 0, *shards - 1, shard))
        return zem_error_set(
            error, ZEM_USAGE,
            "run: --shard %s: the index counts from 0 and must be below the count, such as 0/16 for the first of 16",
            text);
    return ZEM_OK;
}

char *zem_run_output_name(const char *given, const char *scenario, uint64_t shard, uint64_t shards)
{
    if (given != NULL)
        return strdup(given);
    const char *slash = strrchr(scenario, '/'), *base = slash ? slash + 1 : scenario, *dot = strrchr(base, '.');
    const bool known = dot != NULL && dot != base && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0);
    const size_t length = known ? (size_t)(dot - base) : strlen(base), size = length + 80;
    char *output = malloc(size);
    if (output == NULL)
        return NULL;
    if (shards > 1) /* as many digits as the count has, so that names sort by number */
        snprintf(output, size, "%.*s.shard-%0*" PRIu64 "-of-%" PRIu64 ".h5", (int)length, base,
                 snprintf(NULL, 0, "%" PRIu64, shards), shard, shards);
    else
        snprintf(output, size, "%.*s.h5", (int)length, base);
    return output;
}
