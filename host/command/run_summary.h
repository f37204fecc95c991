/* Prints the summary of a finished run, as text for people or as a JSON object for programs. `zem run` and `zem merge`
 * use it. */
#ifndef ZEM_RUN_SUMMARY_H
#define ZEM_RUN_SUMMARY_H

#include "result/result.h"
#include "run/precision.h"

#include <stdio.h>

/* Prints a line such as "zem: weave.h5: 96 cells, 1.92e+06 trials in 2.3 s (8.3e+05/s), digest 0123456789ab". */
void zem_run_summary_print(const struct zem_result *result, const char *output, FILE *stream);

/* Prints the cells that have missed their precision (the half-width of their interval is above run.precision), if there
 * are any: their number, the first of them, the one with the widest interval, and how many trials would be enough. */
void zem_run_summary_print_missed(const struct zem_result *result, const struct zem_precision_missed *missed,
                                  const char *output, FILE *stream);

/* Returns the number of trials of all cells together. */
double zem_run_summary_trials(const struct zem_result *result);

/* Prints one JSON object on one line: event ("finished"), scenario, file, digest, miss_digest, cells, trials,
 * wall_seconds, kernel_seconds, devices, threads and threads_reason, step_check, p_hit (for each hit radius in metres
 * the smallest and largest p_hit of all cells), and precision (the cells that missed their precision; null if no
 * precision was asked for or `missed` is NULL). Returns 0, or ZEM_INPUT_OUTPUT if the object cannot be written. */
int zem_run_summary_json(const struct zem_result *result, const struct zem_precision_missed *missed,
                         const char *scenario, const char *output, FILE *stream, struct zem_error *error);

/* Prints the JSON object of a run that failed: event ("failed"), scenario, file (null), exit_code and error. */
void zem_run_summary_json_failure(const char *scenario, int status, const struct zem_error *error, FILE *stream);

/* Print an event of a run as one JSON object on one line. zem_run_event_print says what happened, with a sentence;
 * zem_run_event_progress gives the trials done and the trials in all. A failure to write is not reported here, because
 * the summary at the end of the run reports it. */
void zem_run_event_print(const char *event, const char *scenario, const char *output, const char *text, FILE *stream);
void zem_run_event_progress(const char *scenario, const char *output, uint64_t done, uint64_t total, double seconds,
                            FILE *stream);

#endif
