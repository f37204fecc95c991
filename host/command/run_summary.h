/* The summary of a finished run: one line for people, one JSON object for programs. For `zem run` and `zem merge`. */
#ifndef ZEM_RUN_SUMMARY_H
#define ZEM_RUN_SUMMARY_H

#include "result/result.h"
#include "run/precision.h"

#include <stdio.h>

/* Prints a line such as "zem: weave.h5: 96 cells, 1.92e+06 trials in 2.3 s (8.3e+05/s), digest 0123456789ab". */
void zem_run_summary_print(const struct zem_result *result, const char *output, FILE *stream);

/* Names the cells that have missed their precision, if there are any: how many, the first of them, the worst, and what
 * would help. */
void zem_run_summary_print_missed(const struct zem_result *result, const struct zem_precision_missed *missed,
                                  const char *output, FILE *stream);

/* The trials of all cells. */
double zem_run_summary_trials(const struct zem_result *result);

/* Prints one JSON object on one line: event ("finished"), scenario, file, digest, miss_digest, cells, trials,
 * wall_seconds, kernel_seconds, devices, threads and who said so, for each hit radius in metres the smallest and
 * largest p_hit of all cells, and what was missed of a precision (null if none was asked for; `missed` may be NULL).
 * ZEM_INPUT_OUTPUT if it cannot be written. */
int zem_run_summary_json(const struct zem_result *result, const struct zem_precision_missed *missed,
                         const char *scenario, const char *output, FILE *stream, struct zem_error *error);

/* Prints the JSON object of a run that failed: event ("failed"), scenario, file (null), exit_code and error. */
void zem_run_summary_json_failure(const char *scenario, int status, const struct zem_error *error, FILE *stream);

/* Print the JSON object of an event: what happened, with a sentence, or how far a run is. A failure to write them is
 * left to the object that ends the run. */
void zem_run_event_print(const char *event, const char *scenario, const char *output, const char *text, FILE *stream);
void zem_run_event_progress(const char *scenario, const char *output, uint64_t done, uint64_t total, double seconds,
                            FILE *stream);

#endif
