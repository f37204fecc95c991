/* Compares an existing file with a run. The most important difference is looked for first, so that the message names
 * it. */
#include "command/earlier_result.h"

#include "command/scenario_source.h"
#include "result/result_file.h"
#include "run/extension.h"
#include "scenario/scenario_compare.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Returns the message without "PATH: " at its start, if it is there. */
static const char *without_path(const char *message, const char *path)
{
    const size_t length = strlen(path);
    return strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0 ? message + length + 2
                                                                                          : message;
}

static enum zem_earlier compare(const struct zem_result *result, const char *path, const struct zem_scenario *scenario,
                                const struct zem_earlier_wanted *wanted, char *why, size_t size)
{
    char text[256];
    struct zem_error error = {0};
    const bool same = zem_scenario_same(result->scenario, scenario),
               extends = !same && zem_extension_differs_in_trials(result->scenario, scenario),
               same_part = wanted->shards > 1 ? result->shards == wanted->shards && result->shard_count == 1
                                                    && result->shard[0] == wanted->shard
                                              : result->shards == 0;
    if (!same && !extends)
        snprintf(why, size, "exists and is the result of another scenario, which differs in %s",
                 zem_scenario_differences(result->scenario, scenario, text, sizeof text));
    else if (zem_result_check_kernel(result, path, &error) != ZEM_OK)
        snprintf(why, size, "exists and %s", without_path(error.message, path));
    else if (!same_part)
        snprintf(why, size, "exists and holds other trials of this scenario: another shard, or all trials");
    else if (result->interval_method != wanted->interval_method)
        snprintf(why, size, "exists and its intervals are by %s instead of %s",
                 zem_interval_words[result->interval_method], zem_interval_words[wanted->interval_method]);
    else if (extends && !zem_extension_possible(result, scenario, text, sizeof text))
        snprintf(why, size, "exists and cannot be extended to this run: %s", text);
    else if (!extends && result->sample_count < wanted->samples)
        snprintf(why, size, "exists and keeps %zu single trials of every cell instead of %" PRIu64,
                 result->sample_count, wanted->samples);
    else
        return extends ? ZEM_EARLIER_EXTENDABLE : ZEM_EARLIER_SAME;
    return ZEM_EARLIER_OTHER;
}

int zem_earlier_result_compare(const char *path, const struct zem_scenario *scenario,
                               const struct zem_earlier_wanted *wanted, enum zem_earlier *earlier,
                               struct zem_precision_missed *missed, char *why, size_t size, struct zem_error *error)
{
    struct zem_result result = {0};
    struct zem_scenario kept = {0};
    struct zem_error unread = {0};
    int status = zem_result_file_read(&result, &kept, path, &unread);
    *earlier = ZEM_EARLIER_OTHER;
    if (status == ZEM_OK) {
        *earlier = compare(&result, path, scenario, wanted, why, size);
        if (*earlier == ZEM_EARLIER_SAME)
            status = zem_precision_find_missed(&result, missed, error);
    } else if (status == ZEM_BAD_INPUT || status == ZEM_NO_INPUT) {
        snprintf(why, size, "exists and %s", without_path(unread.message, path));
        status = ZEM_OK;
    } else {
        zem_error_set(error, status, "%s", unread.message);
    }
    zem_result_free(&result);
    zem_scenario_free(&kept);
    return status;
}
