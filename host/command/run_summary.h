/* The summary of a finished run: one line for people, one JSON object for programs. For `zem run` and `zem merge`. */
#ifndef ZEM_RUN_SUMMARY_H
#define ZEM_RUN_SUMMARY_H

#include "result/result.h"

#include <stdio.h>

/* Prints a line such as "zem: weave.h5: 96 cells, 1.92e+06 trials in 2.3 s (8.3e+05/s), digest 0123456789ab". */
void zem_run_summary_print(const struct zem_result *result, const char *output, FILE *stream);

/* Prints one JSON object on one line: scenario, file, digest, miss_digest, cells, trials, wall_seconds, kernel_seconds,
 * devices, and for each hit radius in metres the smallest and largest p_hit of all cells. ZEM_INPUT_OUTPUT if it cannot
 * be written. */
int zem_run_summary_json(const struct zem_result *result, const char *scenario, const char *output, FILE *stream,
                         struct zem_error *error);

/* Prints the JSON object of a run that failed: scenario, file (null), exit_code and error. */
void zem_run_summary_json_failure(const char *scenario, int status, const struct zem_error *error, FILE *stream);

#endif
