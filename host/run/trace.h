/* zem trace: the time history of one engagement as CSV, flown by replay.h, and its outcome as it was counted. */
#ifndef ZEM_TRACE_H
#define ZEM_TRACE_H

#include "base/error.h"
#include "scenario/scenario.h"

#include <stdio.h>

/* Writes comments (lines that begin with #), a header with units, a line for the start of every step and one where the
 * seeker goes blind, and comments that say how the trial ended. ZEM_USAGE if the scenario has no such shot.
 * ZEM_INPUT_OUTPUT if `out` cannot be written. */
int zem_trace(const struct zem_scenario *scenario, uint64_t cell, uint64_t trial, uint32_t shot, FILE *out,
              struct zem_error *error);

#endif
