/* The time history of one engagement as CSV, with the outcome as it was counted. The engagement is flown by replay.h;
 * `zem trace` chooses it. */
#ifndef ZEM_TRACE_H
#define ZEM_TRACE_H

#include "base/error.h"
#include "scenario/scenario.h"

#include <stdio.h>

/* Flies one shot of one trial and writes its history: comments (lines that begin with #), a header with units, a line
 * for the start of every step, a line for the state after the last step, and comments with the outcome. The state after
 * the last step is that at the start of the blind time, or where a trial without a miss distance ended. ZEM_USAGE if
 * the scenario has no shot of this number; ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_trace(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, uint32_t shot, FILE *out,
              struct zem_error *error);

#endif
